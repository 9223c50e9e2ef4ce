"""Whom to call, for the country that a page names, and as links that a phone can dial."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from footnote.channels.gateway import Gateway, gateway
from footnote.knowledge.models import Helplines
from footnote.safety.wording import SafetyWording
from footnote.settings import Settings

_HOST = re.compile(r"\b[a-z0-9-]+\.(?:com|org|net)\b")


@dataclass(frozen=True)
class Link:
    """A word of a text that can be followed: a number to dial or a site; `label` says whose."""

    text: str
    href: str
    label: str = ""

    def as_dict(self) -> dict[str, str]:
        """Return the link as the widget reads it."""
        return {"text": self.text, "href": self.href, "label": self.label}


class Safety:
    """A country's gateway and wording.

    The fixed texts that Rasa stores carry the deployment's numbers; where a page names another
    country, they are exchanged for that country's.
    """

    def __init__(
        self, messages: Gateway, wording: SafetyWording, default: SafetyWording, links: list[Link]
    ) -> None:
        self.gateway = messages
        self.wording = wording
        # The longest first: the shorter ones are parts of them.
        pairs = [
            (getattr(default, name), getattr(wording, name))
            for name in ("emergency", "crisis", "emergency_line", "crisis_line", "reminder")
        ]
        self._exchanges = sorted(set(pairs), key=lambda pair: -len(pair[0]))
        self._lines = [_caseless(wording.emergency_line), _caseless(wording.crisis_line)]
        self._links = links

    def localised(self, text: str) -> str:
        """Return a bot's text with this country's numbers in it."""
        for ours, theirs in self._exchanges:
            text = text.replace(ours, theirs)
        return text

    def links(self, text: str) -> list[Link]:
        """Return the numbers and sites in a text that says whom to call, in its order."""
        found = [
            (match.start(), link) for link in self._links if (match := _whole(link.text, text))
        ]
        if any(line in _caseless(text) for line in self._lines):
            return [link for _, link in sorted(found, key=lambda pair: pair[0])]
        return [link for _, link in found if link.label == CARE_TEAM]


CARE_TEAM = "care-team"


class Countries:
    """`Safety` by country, made when first asked for."""

    def __init__(self, helplines: Helplines, settings: Settings) -> None:
        self._helplines = helplines
        self._settings = settings
        self._known = {country.country for country in helplines.countries}
        self._default = SafetyWording.of(helplines, settings)
        self._made: dict[str | None, Safety] = {}

    def get(self, country: object) -> Safety:
        """Return a country's safety; the deployment's where the code is unknown."""
        code = country.strip().upper() if isinstance(country, str) else ""
        chosen = code if code in self._known else self._settings.country
        if chosen not in self._made:
            self._made[chosen] = self._make(chosen)
        return self._made[chosen]

    def _make(self, country: str | None) -> Safety:
        settings = replace(self._settings, country=country)
        wording = SafetyWording.of(self._helplines, settings)
        own = country == self._settings.country
        messages = gateway() if own else Gateway(settings, wording, gateway().work)
        return Safety(messages, wording, self._default, self._links(country))

    def _links(self, country: str | None) -> list[Link]:
        links: dict[str, Link] = {}
        if phone := self._settings.care_team_phone:
            links[phone] = Link(phone, dial(phone), CARE_TEAM)
        for each in self._helplines.countries:
            if country not in (None, each.country):
                continue
            for number in each.emergency.numbers:
                links.setdefault(number, Link(number, dial(number)))
            if each.crisis and country:
                for number in each.crisis.numbers:
                    links.setdefault(number, Link(number, dial(number), each.crisis.name))
        for host in _HOST.findall(self._helplines.general.crisis.text):
            links.setdefault(host, Link(host, f"https://{host}"))
        return list(links.values())


def dial(number: str) -> str:
    """Return the `tel:` address of a number as people write it."""
    return "tel:" + re.sub(r"[^0-9+*#]", "", number)


def call_first(links: Sequence[Link]) -> list[Link]:
    """Return the links that can be dialled."""
    return [link for link in links if link.href.startswith("tel:")]


def _whole(number: str, text: str) -> re.Match[str] | None:
    return re.search(rf"(?<![\w-]){re.escape(number)}(?![\w-])", text)


def _caseless(text: str) -> str:
    return text.casefold()

"""The typed shapes of the files in a knowledge folder.

Each model forbids unknown fields, so that a misspelt key in a hand-edited file is
an error with a place, never silently ignored.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from pydantic import BaseModel, Extra, Field, constr, validator

if TYPE_CHECKING:
    Slug = str
    SentenceId = str
    EntryId = str
    Text = str
    Title = str
    Language = str
    CountryCode = str
    PhoneNumber = str
else:
    Slug = constr(regex=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    SentenceId = constr(regex=r"^[a-z0-9-]+\.[1-9][0-9]*$")
    EntryId = constr(regex=r"^[a-z0-9-]+/[a-z0-9-]+$")
    Text = constr(strip_whitespace=True, min_length=1)
    Title = constr(strip_whitespace=True, min_length=1, max_length=40)
    Language = constr(regex="^[a-z]{2}$")
    CountryCode = constr(regex="^[A-Z]{2}$")
    # Strict: without quotes YAML reads 000 as a number and loses its digits.
    PhoneNumber = constr(strict=True, strip_whitespace=True, min_length=1)

QUESTION_BYTES = 64
"""An option sends its entry's question, and Telegram carries 64 bytes of callback data."""


class _Model(BaseModel):
    class Config:
        extra = Extra.forbid
        allow_mutation = False


class Sentence(_Model):
    """One sentence of the article, addressable by its id (`section.4`)."""

    id: SentenceId
    section: str
    text: str


class Section(_Model):
    """A part of the article under one title; its sentences in order."""

    id: Slug
    title: Text
    sentences: list[Text]

    def numbered(self) -> list[Sentence]:
        """Return the section's sentences with their ids, counted from 1."""
        return [
            Sentence(id=f"{self.id}.{number}", section=self.title, text=text)
            for number, text in enumerate(self.sentences, start=1)
        ]


class Article(_Model):
    """The one text that answers come from; `menu` are the entries a greeting offers."""

    id: Slug
    title: Text
    date: date
    language: Language
    subject: Text
    menu: list[EntryId] = Field(max_items=3)
    sections: list[Section] = Field(min_items=1)


class Topic(_Model):
    """Something that questions are about, with all the names people give it.

    `general` topics are named beside a question's real subject ("... for stage 4?").
    `uncovered` topics are ones the article never treats; they have no entries.
    """

    id: Slug
    title: Text
    terms: list[Text] = Field(min_items=1)
    misspellings: list[Text] = []
    general: bool = False
    uncovered: bool = False


class Aspect(_Model):
    """What can be asked of a topic; `missing` completes "The article does not say ...".

    `similar` names aspects whose entries answer too where a topic has none for this one.
    `compares` marks what is asked of several topics at once ("how do they differ?"): the answer
    tells of each.
    """

    id: Slug
    title: Text
    missing: Text
    missing_general: Text
    similar: list[Slug] = []
    compares: bool = False

    @validator("missing")
    def _names_the_topic(cls, value: str) -> str:  # noqa: N805 (pydantic's convention)
        if "{topic}" not in value:
            raise ValueError("needs {topic} where the topic's title goes")
        return value


class EntryData(_Model):
    """An entry as its file holds it; the file's name gives the topic."""

    aspect: Slug
    title: Title
    question: Text
    answer: Text
    sources: list[SentenceId] = Field(min_items=1)
    notes: list[Slug] = []
    next: list[EntryId] = Field([], max_items=3)
    why: EntryId | None = None

    @validator("question")
    def _fits_a_button(cls, value: str) -> str:  # noqa: N805
        size = len(value.encode("utf-8"))
        if size > QUESTION_BYTES:
            raise ValueError(
                f"is {size} bytes long; {QUESTION_BYTES} is the most that buttons carry"
            )
        return value

    @validator("sources", "notes", "next")
    def _no_repeats(cls, value: list[str]) -> list[str]:  # noqa: N805
        repeated = sorted({item for item in value if value.count(item) > 1})
        if repeated:
            raise ValueError(f"names {', '.join(repeated)} twice")
        return value


class Entry(EntryData):
    """A cell of the grid: what the article says on one aspect of one topic."""

    topic: Slug

    @property
    def id(self) -> str:
        """The entry's id, `topic/aspect`."""
        return f"{self.topic}/{self.aspect}"


class NoteSource(_Model):
    """Where an editor's note comes from."""

    organisation: Text
    title: Text


class Note(_Model):
    """An editor's note: shown beside an answer, never mixed into it."""

    id: Slug
    text: Text
    source: NoteSource


class CheckedSource(_Model):
    """Where something was looked up, and when (none: not confirmed yet)."""

    source: Text
    checked: date | None = None


class EmergencyNumbers(CheckedSource):
    """A country's emergency numbers."""

    numbers: list[PhoneNumber] = Field(min_items=1)


class CrisisLine(CheckedSource):
    """A line for people in a suicidal crisis."""

    name: Text
    numbers: list[PhoneNumber] = Field(min_items=1)
    text: str | None = None


class Country(_Model):
    """The numbers to call in one country."""

    country: CountryCode
    name: Text
    emergency: EmergencyNumbers
    crisis: CrisisLine | None = None


class GeneralLine(_Model):
    """Wording that claims no number as universal, with its sources."""

    text: Text
    sources: list[CheckedSource] = Field(min_items=1)


class GeneralHelp(_Model):
    """What to say where the deployment names no country."""

    emergency: GeneralLine
    crisis: GeneralLine


class Helplines(_Model):
    """Numbers to call, by country, and the wording where the country is unknown."""

    countries: list[Country]
    general: GeneralHelp

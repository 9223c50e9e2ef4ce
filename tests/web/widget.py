"""What a person does with the widget, as the tests say it."""

from __future__ import annotations

import time
from typing import Any

from playwright.sync_api import Locator, Page, expect


class Chat:
    """The widget on a page."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.box = page.get_by_role("textbox", name="Your question")
        self.replies = page.locator("footnote-chat li.bot")
        self.questions = page.locator("footnote-chat li.person")
        self.log = page.get_by_role("log")
        self.choices = page.locator("footnote-chat .choice")
        self.polite = page.locator("footnote-chat [role=status]")
        self.assertive = page.locator("footnote-chat [role=alert]")

    def open(self, url: str) -> Chat:
        self.page.goto(url)
        return self.ready()

    def ready(self) -> Chat:
        """Wait until the widget is connected and has its history."""
        expect(self.page.locator("footnote-chat[data-link=ready]")).to_be_attached(timeout=60_000)
        return self

    def ask(self, text: str) -> Locator:
        """Type a message, send it with Enter, and return its reply."""
        before = self.replies.count()
        self.box.fill(text)
        self.box.press("Enter")
        return self.reply(before)

    def wait_until_taken(self, count: int) -> None:
        """Wait until the server has so many messages in hand: they are shown before it does."""
        code = "chat => chat.messages.filter(each => each.state === 'taken').length"
        deadline = time.monotonic() + 30
        while self.page.locator("footnote-chat").evaluate(code) < count:
            assert time.monotonic() < deadline, "the server does not take the messages"
            self.page.wait_for_timeout(20)

    def reply(self, before: int) -> Locator:
        """Return the reply after the first so many."""
        expect(self.replies).to_have_count(before + 1, timeout=60_000)
        return self.replies.nth(before)

    def menu(self, item: str) -> None:
        self.page.get_by_role("button", name="Menu").click()
        self.page.get_by_role("button", name=item).click()

    def focused(self) -> str:
        """Return what has the focus: its label, text or tag."""
        return str(
            self.page.evaluate(
                """() => {
                    let at = document.activeElement;
                    while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
                    return at?.getAttribute("aria-label") || at?.textContent?.trim() || at?.tagName;
                }"""
            )
        )


COVERED = "overlapped by another element"
"""Contrast below the open menu cannot be told; the other states check the same elements."""


def violations(page: Page, axe: str) -> list[str]:
    """Return what axe complains of, and what it could not decide other than known things."""
    result: dict[str, Any] = page.evaluate(
        axe + "\n;axe.run(document, {resultTypes: ['violations', 'incomplete']})"
    )
    found = [("violation", each) for each in result["violations"]]
    found += [("undecided", each) for each in result["incomplete"]]
    return [
        f"{sort}: {each['id']}: {node['target']} {node.get('failureSummary', '')}"
        for sort, each in found
        for node in each["nodes"]
        if COVERED not in node.get("failureSummary", "")
    ]

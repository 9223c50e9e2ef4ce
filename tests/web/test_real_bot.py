"""The whole way once: browser, channel, Rasa, actions, store, and back."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from footnote.serving.servers import Bot
from tests.web.widget import Chat


def test_a_person_asks_follows_up_comes_back_and_erases(page: Page, bot: Bot) -> None:
    chat = Chat(page).open(bot.url)
    reply = chat.ask("does chemo affect healthy cells?")
    reply.locator("summary").click()
    expect(reply.locator("blockquote")).to_contain_text("can also affect healthy cells")
    chat.choices.first.click()
    chat.reply(1)
    reply.get_by_role("button", name="Helpful", exact=True).click()
    expect(chat.polite).to_contain_text("Your rating was kept", timeout=60_000)
    expect(chat.ask("i cant breathe").get_by_role("link", name="Call 112")).to_be_visible()
    # The rating stands in the conversation and does not disturb it.
    expect(chat.ask("what about radiation?")).to_contain_text("radiation")
    page.reload()
    chat.ready()
    expect(chat.replies).to_have_count(4)
    expect(chat.replies.first.get_by_role("button", name="Helpful", exact=True)).to_have_attribute(
        "aria-pressed", "true"
    )
    chat.menu("Start over")
    chat.reply(4)
    expect(chat.choices.first).to_be_visible()
    chat.menu("Delete my data")
    page.get_by_role("button", name="Yes, delete it").click(timeout=60_000)
    expect(page.locator(".notice")).to_contain_text("was deleted here and on", timeout=60_000)
    expect(chat.questions).to_have_count(0)
    expect(chat.replies).to_have_count(1)

"""The widget in a browser through the proxies of deploy/, with two servers behind them."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.helpers.proxies import COMMANDS, proxied
from tests.helpers.web import web_bot
from tests.web.widget import Chat

QUESTION = "Does chemotherapy have side effects?"


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_the_chat_works_over_websocket_and_finds_its_history_again(
    page: Page, tmp_path_factory: pytest.TempPathFactory, name: str
) -> None:
    folder = tmp_path_factory.mktemp(name)
    sockets: list[str] = []
    page.on("websocket", lambda socket: sockets.append(socket.url))
    with (
        web_bot(folder) as one,
        web_bot(folder) as other,
        proxied(name, folder, [one.port, other.port]) as port,
    ):
        chat = Chat(page).open(f"http://127.0.0.1:{port}")
        assert sockets and sockets[0].startswith(f"ws://127.0.0.1:{port}/web/socket/?")
        reply = chat.ask(QUESTION)
        reply.locator("summary").click()
        expect(reply.locator("blockquote").first).to_contain_text("healthy cells")
        page.reload()
        chat.ready()
        expect(chat.replies).to_have_count(1)
        with page.context.expect_page() as opened:
            chat.replies.first.locator("summary").click()
            page.get_by_role("link", name="Read it in the article").first.click()
        expect(opened.value.locator("mark")).to_contain_text("healthy cells")
        opened.value.goto(f"http://127.0.0.1:{port}/about")
        expect(opened.value.get_by_role("heading", name="What is kept")).to_be_visible()
        # Not by long polling, to which it would turn if the proxy did not let the upgrade through.
        assert page.evaluate(POLLED) == []


POLLED = """performance.getEntriesByType("resource").map((each) => each.name)
    .filter((each) => each.includes("transport=polling"))"""

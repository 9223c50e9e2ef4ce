"""The widget in a real browser, against the real channel with a scripted bot behind it."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.helpers.web import WebBot
from tests.helpers.web_bot import FAILS, MARKUP, NOTED, SLOW
from tests.web.conftest import Watch
from tests.web.widget import Chat, violations

QUESTION = "Does chemotherapy have side effects?"
CRY = "I can't breathe"
NewContext = Callable[..., BrowserContext]


@pytest.fixture
def chat(page: Page, site: WebBot) -> Chat:
    return Chat(page).open(site.url)


# Loading


def test_the_page_brings_all_that_it_needs(page: Page, site: WebBot, watch: Watch) -> None:
    page.goto(site.url)
    expect(page.get_by_role("textbox")).to_be_editable()
    # So one round trip shows it (benchmarks/first_load.py).
    assert {urlsplit(url).path for url in watch.requests} <= {"/", "/web/socket/"}
    # Its own style is in force, not only there.
    assert page.evaluate("getComputedStyle(document.body).margin") == "0px"


# Asking


def test_an_answer_shows_its_sentence_and_the_article_marks_it(chat: Chat, page: Page) -> None:
    reply = chat.ask(QUESTION)
    quote = reply.locator("blockquote").first
    expect(quote).to_be_hidden()
    reply.get_by_text("Source: Chemotherapy").click()
    expect(quote).to_be_visible()
    expect(quote).to_contain_text("can also affect healthy cells in the body.")
    expect(reply.locator("figcaption").first).to_contain_text("sentence 4 · May 17, 2021")
    with page.context.expect_page() as opened:
        reply.get_by_role("link", name="Read it in the article").first.click()
    article = opened.value
    expect(article.locator("mark")).to_have_text(re.compile("healthy cells"))
    assert article.evaluate("document.querySelector(':target').id") == "chemotherapy.4"
    expect(article.locator(":target")).to_be_in_viewport()


def test_a_suggestion_is_followed_and_stale_ones_go_away(chat: Chat) -> None:
    assert chat.choices.count() == 3
    chat.choices.first.click()
    chat.reply(0)
    title = chat.choices.first.inner_text()
    chat.choices.first.click()
    chat.reply(1)
    expect(chat.questions).to_have_count(2)
    chat.ask("hello")
    expect(chat.choices).to_have_count(0)
    assert title


def test_history_comes_back_after_a_reload_and_is_not_read_aloud_again(
    chat: Chat, page: Page
) -> None:
    chat.ask(QUESTION)
    chat.ask("hello")
    said = chat.log.inner_text()
    page.reload()
    chat.ready()
    expect(chat.replies).to_have_count(2)
    assert chat.log.inner_text() == said
    expect(chat.choices).to_have_count(0)
    expect(chat.polite.locator("p")).to_have_count(0)


def test_an_editors_note_is_set_apart_from_the_answer(chat: Chat) -> None:
    reply = chat.ask(NOTED)
    note = reply.get_by_role("note", name="Editor’s note")
    expect(note).to_be_visible()
    assert "Editor's note" not in reply.locator(".said").inner_text()
    assert note.locator("cite").inner_text()


def test_an_emergency_stands_out_and_can_be_dialled(chat: Chat) -> None:
    reply = chat.ask(CRY)
    expect(reply.get_by_role("heading", name="Please get help now")).to_be_visible()
    call = reply.get_by_role("link", name="Call 999")
    expect(call).to_have_attribute("href", "tel:999")
    box = call.bounding_box()
    assert box and box["height"] >= 44
    expect(chat.assertive).to_contain_text("Please call 999 or 112 now.")
    assert "Please call 999" not in chat.polite.inner_text()


def test_markup_stays_text(chat: Chat, page: Page) -> None:
    title = page.title()
    reply = chat.ask("show markup")
    assert reply.locator(".said").inner_text() == MARKUP
    chat.ask(MARKUP)
    assert chat.questions.last.locator("p").inner_text().endswith(MARKUP)
    assert page.locator("footnote-chat img, footnote-chat script").count() == 0
    assert page.locator("footnote-chat a[href^='javascript']").count() == 0
    assert page.title() == title


def test_a_rating_is_kept(chat: Chat, page: Page) -> None:
    reply = chat.ask(QUESTION)
    reply.get_by_role("button", name="Helpful", exact=True).click()
    expect(chat.polite).to_contain_text("Your rating was kept")
    page.reload()
    chat.ready()
    pressed = page.get_by_role("button", name="Helpful", exact=True)
    expect(pressed).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_role("button", name="Not helpful")).to_have_attribute(
        "aria-pressed", "false"
    )


def test_a_failure_is_told_and_the_chat_goes_on(chat: Chat) -> None:
    expect(chat.ask(FAILS)).to_contain_text("something went wrong")
    expect(chat.ask("hello")).to_contain_text("You said: hello")


def test_a_long_message_is_refused_and_stays_in_the_box(chat: Chat, page: Page) -> None:
    text = "why " * 130
    chat.box.fill(text)
    expect(page.get_by_text("519 of 500 characters")).to_be_visible()
    chat.box.press("Enter")
    expect(page.locator(".notice")).to_contain_text("500 characters")
    assert chat.box.input_value() == text.strip()
    expect(chat.questions).to_have_count(0)
    expect(chat.ask(f"{CRY}. {text}")).to_contain_text("999")


def test_too_much_at_once_is_told_and_a_cry_for_help_still_gets_its_reply(
    chat: Chat, page: Page
) -> None:
    notice = page.locator(".notice", has_text="a lot at once")
    for number in range(30):
        chat.box.fill(f"message {number}")
        chat.box.press("Enter")
        page.wait_for_timeout(50)
        if notice.is_visible():
            break
    expect(notice).to_contain_text("Please wait a moment")
    # What was refused is in the box again, and in no one's history.
    expect(chat.box).to_have_value(re.compile("^message "))
    replies = chat.questions.count()
    expect(chat.replies).to_have_count(replies)
    expect(chat.ask(CRY).get_by_role("link", name="Call 999")).to_be_visible()


def test_start_over_is_said_for_the_person(chat: Chat) -> None:
    chat.ask(QUESTION)
    chat.menu("Start over")
    expect(chat.reply(1)).to_contain_text("You said: start over")
    expect(chat.page.get_by_role("button", name="Start over")).to_have_count(0)
    assert chat.focused() == "Your question"


def test_what_is_said_while_a_slow_reply_is_under_way_is_kept(chat: Chat, page: Page) -> None:
    chat.box.fill(SLOW)
    chat.box.press("Enter")
    expect(page.locator(".dots")).to_be_visible()
    page.reload()
    chat.ready()
    expect(chat.reply(0)).to_contain_text(f"You said: {SLOW}")
    expect(page.locator(".dots")).to_have_count(0)


# Deleting, copying, printing


def test_delete_my_data_asks_once_and_clears_the_browser(
    chat: Chat, page: Page, site: WebBot
) -> None:
    token = "Object.entries(localStorage).find(([key]) => key.startsWith('footnote:http'))?.[1]"
    chat.ask("tell me of the capybara")
    before = page.evaluate(token)
    assert before
    chat.menu("Delete my data")
    expect(chat.replies).to_have_count(2)
    page.get_by_role("button", name="Yes, delete it").click()
    expect(page.locator(".notice")).to_contain_text("was deleted here and on the server")
    expect(chat.questions).to_have_count(0)
    chat.ready()
    assert b"capybara" not in site.stored()
    assert page.evaluate(token) != before
    page.reload()
    chat.ready()
    expect(chat.replies).to_have_count(0)
    expect(chat.choices).to_have_count(3)


def test_the_conversation_can_be_copied(chat: Chat, page: Page) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    chat.ask(QUESTION)
    chat.menu("Copy the conversation")
    expect(page.locator(".notice")).to_contain_text("was copied")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith(f"You: {QUESTION}\n\nFootnote: Yes, chemotherapy")
    assert "[Chemotherapy] “Unfortunately, this" in copied


def test_the_conversation_alone_is_printed(page: Page, site: WebBot) -> None:
    page.add_init_script("window.print = () => { top.printed = document.body.innerText }")
    chat = Chat(page).open(site.url)
    chat.ask(QUESTION)
    chat.menu("Print the conversation")
    printed = page.evaluate("window.printed")
    assert QUESTION in printed and "can also affect healthy cells" in printed
    assert "Ask in your own words" not in printed
    assert "”, May 17, 2021. Not a doctor" in printed


def test_the_browsers_own_print_shows_the_whole_conversation(
    new_context: NewContext, site: WebBot
) -> None:
    page = new_context(color_scheme="dark", viewport={"width": 700, "height": 500}).new_page()
    chat = Chat(page).open(site.url)
    chat.ask(QUESTION)
    chat.ask(NOTED)
    chat.ask(CRY)
    page.emulate_media(media="print")
    # As tall as what was said, dark on white, and nothing that only a screen can use.
    assert page.evaluate("document.documentElement.scrollHeight") > 700
    assert chat.log.evaluate("log => log.scrollHeight <= log.clientHeight")
    colours = "each => [getComputedStyle(each).color, getComputedStyle(each).backgroundColor]"
    call = chat.replies.last.get_by_role("link", name="Call 999")
    assert call.evaluate(colours)[0] == "rgb(0, 0, 0)"
    expect(chat.box).to_be_hidden()
    expect(page.get_by_role("button", name="Menu")).to_be_hidden()


# Connections


def test_two_tabs_stay_in_step(new_context: NewContext, site: WebBot) -> None:
    context = new_context()
    one, two = (Chat(context.new_page()).open(site.url) for _ in range(2))
    one.page.reload()
    one.ready()
    one.ask(QUESTION)
    # The second tab was opened in the first's conversation only if the token was there by then.
    two.page.reload()
    two.ready()
    expect(two.replies).to_have_count(1)
    two.ask("hello from two")
    expect(one.questions.last).to_contain_text("hello from two")
    expect(one.replies).to_have_count(2)
    one.menu("Delete my data")
    one.page.get_by_role("button", name="Yes, delete it").click()
    expect(two.questions).to_have_count(0)


@pytest.mark.parametrize("answer", ["setTimeout(() => this.onerror(new Event('error')))", ""])
def test_where_websockets_are_refused_or_swallowed_the_chat_goes_by_long_polling(
    page: Page, site: WebBot, watch: Watch, answer: str
) -> None:
    page.add_init_script(f"window.WebSocket = function () {{ this.close = () => {{}}; {answer} }}")
    chat = Chat(page).open(site.url)
    expect(chat.ask("hello")).to_contain_text("You said: hello")
    assert [url for url in watch.requests if "transport=polling" in url]
    page.reload()
    chat.ready()
    expect(chat.replies).to_have_count(1)


def test_offline_nothing_is_sent_or_lost_and_back_online_it_goes_on(
    chat: Chat, page: Page, watch: Watch
) -> None:
    watch.expected += ["ERR_INTERNET_DISCONNECTED", "WebSocket"]
    chat.ask("hello")
    page.context.set_offline(True)
    expect(page.locator(".notice").first).to_contain_text("No connection right now")
    expect(page.locator(".notice").first.get_by_role("link", name="999")).to_be_visible()
    chat.box.fill("are you there")
    chat.box.press("Enter")
    expect(page.locator(".notice", has_text="Not sent: there is no")).to_be_visible()
    assert chat.box.input_value() == "are you there"
    expect(chat.questions).to_have_count(1)
    page.context.set_offline(False)
    chat.ready()
    expect(page.locator(".notice")).to_have_count(0)
    chat.box.press("Enter")
    expect(chat.reply(1)).to_contain_text("You said: are you there")


def test_after_a_restart_of_the_server_the_conversation_goes_on(
    chat: Chat, page: Page, site: WebBot, watch: Watch
) -> None:
    watch.expected += ["WebSocket", "ERR_CONNECTION", "Failed to load"]
    chat.ask("before the restart")
    spoken = chat.polite.locator("p").count()
    site.stop()
    expect(page.locator(".notice").first).to_contain_text("No connection right now")
    site.start()
    chat.ready()
    expect(chat.replies).to_have_count(1)
    expect(chat.ask("after the restart")).to_contain_text("You said: after the restart")
    lines = chat.polite.locator("p").all_inner_texts()
    assert len([line for line in lines if "before the restart" in line]) <= spoken


def test_a_server_that_is_told_to_stop_answers_first_and_the_rest_is_sent_again(
    chat: Chat, page: Page, site: WebBot, watch: Watch
) -> None:
    watch.expected += ["WebSocket", "ERR_CONNECTION", "Failed to load"]
    for number in range(1, 5):
        chat.box.fill(SLOW)
        chat.box.press("Enter")
        expect(chat.questions).to_have_count(number)
    chat.wait_until_taken(4)
    try:
        site.tell_to_stop()
        chat.box.fill("too late")
        chat.box.press("Enter")
        # What was not taken is in the box again; what was taken gets its reply.
        expect(page.locator(".notice", has_text="being restarted")).to_be_visible()
        expect(chat.box).to_have_value("too late")
        expect(chat.replies).to_have_count(4, timeout=60_000)
        assert site.ended() == 0
    finally:
        site.stop()
        site.start()
    chat.ready()
    expect(chat.replies).to_have_count(4)
    chat.box.press("Enter")
    expect(chat.reply(4)).to_contain_text("You said: too late")


# Embedding


def embedding(site: WebBot, attributes: str = "") -> str:
    script = f'<script src="{site.url}/web/footnote.js" {attributes} defer></script>'
    return (
        f"<!doctype html><html lang=en><title>Host</title><main><h1>A hospital</h1></main>{script}"
    )


def strict(site: WebBot) -> dict[str, str]:
    socket = site.url.replace("http", "ws")
    return {
        "Content-Security-Policy": f"default-src 'none'; script-src {site.url}; "
        f"connect-src {site.url} {socket}; style-src 'none'; "
        "require-trusted-types-for 'script'; trusted-types lit-html"
    }


def test_one_script_tag_embeds_the_chat_on_another_site(
    page: Page, site: WebBot, host: Callable[..., str]
) -> None:
    attributes = 'data-title="Ask the nurses" data-colour="#ffd400" data-country="US"'
    page.goto(host(embedding(site, attributes), strict(site)))
    launcher = page.get_by_role("button", name="Open the chat: Ask the nurses")
    launcher.click()
    chat = Chat(page).ready()
    dialog = page.get_by_role("dialog", name="Ask the nurses")
    expect(dialog).to_be_visible()
    assert chat.focused() == "Your question"
    reply = chat.ask(QUESTION)
    expect(reply).to_contain_text("severe side effects")
    reply.locator("summary").click()
    expect(chat.ask(CRY).get_by_role("link", name="Call 911")).to_be_visible()
    link = page.get_by_role("link", name="Read it in the article")
    assert f"{site.url}/article?mark=" in str(link.first.get_attribute("href"))
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    assert chat.focused() == "Open the chat: Ask the nurses"


def test_a_closed_launcher_asks_the_server_for_nothing(
    page: Page, site: WebBot, host: Callable[..., str], watch: Watch
) -> None:
    page.goto(host(embedding(site)))
    expect(page.get_by_role("button", name="Open the chat: Footnote")).to_be_visible()
    assert [url for url in watch.requests if "socket" in url] == []


def test_a_foreign_site_cannot_use_the_bot(
    page: Page, site: WebBot, host: Callable[..., str], watch: Watch, host_port: int
) -> None:
    watch.expected += ["WebSocket", "CORS", "Failed to load", "ERR_FAILED"]
    # By another name the same site is a foreign one.
    address = host(embedding(site, 'data-open="true"')).replace("127.0.0.1", "localhost")
    page.goto(address)
    expect(page.locator(".notice")).to_contain_text("No connection right now")
    expect(page.locator("footnote-chat[data-link=offline]")).to_be_attached()
    watch.requests[:] = [u for u in watch.requests if f"localhost:{host_port}" not in u]


def test_the_interface_speaks_spanish_and_says_that_the_bot_does_not(
    page: Page, site: WebBot, host: Callable[..., str]
) -> None:
    page.goto(host(embedding(site, 'data-lang="es-MX" data-open="true"')))
    expect(page.get_by_role("textbox", name="Su pregunta")).to_be_visible()
    expect(page.get_by_text("Entiendo y respondo solo en inglés")).to_be_visible()
    # A voice must read what is English as English, and the rest as Spanish.
    choice = page.locator("footnote-chat .choice").first
    expect(choice).to_have_attribute("lang", "en")
    choice.click()
    expect(page.locator("footnote-chat [role=status] p[lang=en]")).to_contain_text("Footnote: ")
    expect(page.locator("footnote-chat div[lang=es-MX]")).to_be_attached()


# Keyboard, screens, screen readers


def test_everything_can_be_done_by_keyboard(chat: Chat, page: Page) -> None:
    press = page.keyboard.press
    chat.box.focus()
    page.keyboard.type(QUESTION)
    press("Enter")
    chat.reply(0)
    assert chat.focused() == "Your question"
    seen = []
    for _ in range(12):
        press("Shift+Tab")
        seen.append(chat.focused())
        if seen[-1] == "Menu":
            break
    expected = ["Not helpful", "Helpful", "Conversation", "Menu"]
    assert [name for name in seen if name in expected] == expected
    press("Enter")
    press("Tab")
    assert chat.focused() == "Start over"
    press("Escape")
    assert chat.focused() == "Menu"
    page.locator("summary").focus()
    press("Enter")
    expect(page.locator("blockquote").first).to_be_visible()
    chat.choices.first.focus()
    press("Enter")
    chat.reply(1)
    assert chat.focused() == "Your question"
    chat.box.focus()
    page.keyboard.type("two")
    press("Shift+Enter")
    page.keyboard.type("lines")
    assert chat.box.input_value() == "two\nlines"


def test_the_log_can_be_scrolled_by_keyboard(chat: Chat) -> None:
    expect(chat.log).to_have_attribute("tabindex", "0")
    expect(chat.log).to_have_attribute("aria-live", "off")


def test_each_reply_is_announced_once_with_its_speaker(chat: Chat) -> None:
    chat.ask("hello")
    chat.ask(QUESTION)
    lines = chat.polite.locator("p").all_inner_texts()
    assert len([line for line in lines if line == "Footnote: You said: hello"]) == 1
    assert [line for line in lines if line.endswith("Source: Chemotherapy, Chemotherapy.")] == []
    assert len([line for line in lines if line.startswith("Footnote: Yes, chemotherapy")]) == 1
    expect(chat.questions.first).to_contain_text("You: hello")


VOICES = """
    window.spoken = [];
    const voice = (name, lang, localService) => ({ name, lang, localService });
    window.SpeechSynthesisUtterance = function (text) { this.text = text; };
    Object.defineProperty(window, "speechSynthesis", { value: {
        getVoices: () => %s,
        speak: (speech) => spoken.push([speech.voice.name, speech.text]),
        cancel: () => spoken.push("cancelled"),
    } });
"""


def test_replies_are_read_aloud_only_when_switched_on_and_only_by_the_device(
    page: Page, site: WebBot
) -> None:
    page.add_init_script(VOICES % "[voice('far', 'en-US', false), voice('near', 'en-GB', true)]")
    chat = Chat(page).open(site.url)
    chat.ask("hello")
    assert [each for each in page.evaluate("spoken") if each != "cancelled"] == []
    chat.menu("Read replies aloud")
    chat.ask("and now?")
    assert page.evaluate("spoken.at(-1)") == ["near", "You said: and now?"]


def test_without_a_voice_of_the_device_nothing_is_read_aloud(page: Page, site: WebBot) -> None:
    page.add_init_script(VOICES % "[voice('far', 'en-US', false)]")
    chat = Chat(page).open(site.url)
    chat.menu("Read replies aloud")
    expect(page.locator(".notice")).to_contain_text("no voice of its own")
    chat.ask("hello")
    assert [each for each in page.evaluate("spoken") if each != "cancelled"] == []


def test_what_is_spoken_goes_into_the_box_and_is_not_sent_by_itself(
    page: Page, site: WebBot
) -> None:
    page.add_init_script(
        """window.started = 0;
        window.SpeechRecognition = class { start() {
            started += 1;
            setTimeout(() => this.onresult({ results: [[{ transcript: "what is chemo" }]] }), 50);
        } };"""
    )
    chat = Chat(page).open(site.url)
    chat.menu("Speak instead of typing")
    expect(page.locator(".notice")).to_contain_text("send the sound to their maker")
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("button", name="Speak your question")).to_have_count(0)
    chat.menu("Speak instead of typing")
    page.get_by_role("button", name="Switch on").click()
    assert page.evaluate("started") == 0
    page.get_by_role("button", name="Speak your question").click()
    expect(chat.box).to_have_value("what is chemo")
    expect(chat.questions).to_have_count(0)


@pytest.mark.parametrize("width", [320, 390])
def test_nothing_is_cut_off_on_a_phone(new_context: NewContext, site: WebBot, width: int) -> None:
    page = new_context(
        viewport={"width": width, "height": 640}, has_touch=True, is_mobile=True
    ).new_page()
    chat = Chat(page).open(site.url)
    chat.ask(QUESTION).locator("summary").click()
    chat.ask("x" * 300)
    chat.ask(CRY)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert chat.log.evaluate("log => log.scrollWidth <= log.clientWidth")
    for each in page.locator("footnote-chat button:visible").all():
        box = each.bounding_box()
        assert box and min(box["width"], box["height"]) >= 24
        assert box["x"] >= 0 and box["x"] + box["width"] <= width


@pytest.mark.parametrize("width", [320, 390])
def test_every_number_to_call_is_on_a_phones_screen(
    new_context: NewContext, site: WebBot, width: int
) -> None:
    page = new_context(viewport={"width": width, "height": 640}).new_page()
    page.goto(f"{site.url}/about")
    table = page.locator(".table")
    assert table.evaluate("each => each.scrollWidth <= each.clientWidth")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    row = page.get_by_role("row", name="United Kingdom")
    assert row.get_by_role("cell").count() == 2
    expect(row.get_by_role("link", name="116 123")).to_be_visible()
    # A table stays one for screen readers, and no country's name is torn apart.
    expect(page.get_by_role("columnheader")).to_have_count(3)
    name = row.get_by_role("rowheader").bounding_box()
    assert name and name["height"] < 40


def test_at_200_percent_and_right_to_left_it_still_fits(
    new_context: NewContext, site: WebBot
) -> None:
    page = new_context(viewport={"width": 640, "height": 400}).new_page()
    chat = Chat(page).open(site.url)
    chat.ask(QUESTION)
    page.evaluate("document.querySelector('footnote-chat').strings.direction = 'rtl'")
    chat.ask("hello")
    question = chat.questions.last.locator("p").bounding_box()
    assert question and question["x"] < 320
    # English text in it runs left to right; its full stop stays at its end.
    said = chat.replies.last.locator(".said")
    assert said.evaluate("each => getComputedStyle(each).direction") == "ltr"
    assert chat.box.evaluate("box => getComputedStyle(box).paddingRight") == "15.2px"
    assert page.evaluate("document.documentElement.scrollWidth") <= 640
    expect(chat.box).to_be_in_viewport()
    # What does not fit below the box is told at the end of the conversation.
    small = page.locator("footnote-chat .small:visible")
    expect(small).to_have_count(1)
    expect(small.get_by_role("link", name="999")).to_be_attached()


def test_with_forced_colours_the_focus_and_a_rating_can_be_seen(
    new_context: NewContext, site: WebBot
) -> None:
    page = new_context(forced_colors="active").new_page()
    chat = Chat(page).open(site.url)
    reply = chat.ask(QUESTION)
    style = "each => { const at = getComputedStyle(each); return [at.outlineStyle, at.color] }"
    assert page.locator("footnote-chat form").evaluate(style)[0] == "solid"
    reply.get_by_role("button", name="Helpful", exact=True).click()
    expect(chat.polite).to_contain_text("Your rating was kept")
    yes, no = reply.locator(".rate button").all()
    grounds = [
        each.evaluate("each => getComputedStyle(each).backgroundColor") for each in (yes, no)
    ]
    assert grounds[0] != grounds[1]


# axe


def closed(page: Page, site: WebBot, host: Callable[..., str]) -> None:
    page.goto(host(embedding(site)))
    expect(page.get_by_role("button", name="Open the chat: Footnote")).to_be_visible()


def opened(page: Page, site: WebBot, host: Callable[..., str]) -> None:
    page.goto(host(embedding(site, 'data-open="true"')))
    Chat(page).ready()


def buttons(page: Page, site: WebBot, host: Callable[..., str]) -> None:
    Chat(page).open(site.url).ask(QUESTION)


def source_open(page: Page, site: WebBot, host: Callable[..., str]) -> None:
    Chat(page).open(site.url).ask(QUESTION).locator("summary").click()


def note(page: Page, site: WebBot, host: Callable[..., str]) -> None:
    Chat(page).open(site.url).ask(NOTED)


def emergency(page: Page, site: WebBot, host: Callable[..., str]) -> None:
    Chat(page).open(site.url).ask(CRY)


def error(page: Page, site: WebBot, host: Callable[..., str]) -> None:
    chat = Chat(page).open(site.url)
    chat.ask(FAILS)
    chat.box.fill("x" * 501)
    chat.box.press("Enter")
    expect(page.locator(".notice")).to_be_visible()


def menu(page: Page, site: WebBot, host: Callable[..., str]) -> None:
    Chat(page).open(site.url)
    page.get_by_role("button", name="Menu").click()


def speech(page: Page, site: WebBot, host: Callable[..., str]) -> None:
    Chat(page).open(site.url).menu("Speak instead of typing")
    expect(page.locator(".notice")).to_contain_text("Google or Apple")
    page.get_by_role("button", name="Switch on").click()
    expect(page.get_by_role("button", name="Speak your question")).to_be_visible()


def article(page: Page, site: WebBot, host: Callable[..., str]) -> None:
    page.goto(f"{site.url}/article?mark=chemotherapy.4#chemotherapy.4")


def about(page: Page, site: WebBot, host: Callable[..., str]) -> None:
    page.goto(f"{site.url}/about")


STATES = [
    closed,
    opened,
    buttons,
    source_open,
    note,
    emergency,
    error,
    menu,
    speech,
    article,
    about,
]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
def test_axe_finds_nothing(
    new_context: NewContext,
    site: WebBot,
    host: Callable[..., str],
    axe: str,
    state: Callable[..., None],
    scheme: str,
) -> None:
    page = new_context(color_scheme=scheme).new_page()
    state(page, site, host)
    assert violations(page, axe) == []

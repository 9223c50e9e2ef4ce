"""Pages and files over HTTP: headers, compression, what is escaped, what is not there."""

from __future__ import annotations

import base64
import hashlib
import http.client

import pytest
import requests

from footnote.channels.web.config import WebConfig
from footnote.channels.web.pages import Pages, section_notes
from footnote.knowledge import load_knowledge
from footnote.privacy.retention import RETENTION_DAYS, days_kept
from footnote.settings import Settings, SettingsError
from tests.helpers.web import WebBot

PAGES = ("/", "/article", "/about")
FILES = ("/web/footnote.js", "/web/licences.txt", "/web/page.css", "/web/icon.svg", "/favicon.ico")
STRICT = {
    "default-src 'none'",
    "require-trusted-types-for 'script'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "form-action 'none'",
}


@pytest.mark.parametrize("path", [*PAGES, *FILES])
def test_get_and_head_answer_alike_and_an_etag_saves_the_way(
    protocol_bot: WebBot, path: str
) -> None:
    url = protocol_bot.url + path
    got = requests.get(url, timeout=30)
    assert got.status_code == 200
    assert got.headers["Content-Encoding"] == "gzip"
    assert got.headers["X-Content-Type-Options"] == "nosniff"
    head = requests.head(url, timeout=30)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["ETag"] == got.headers["ETag"]
    known = {"If-None-Match": f'"x", W/{got.headers["ETag"]}'}
    assert requests.get(url, headers=known, timeout=30).status_code == 304
    plain = requests.get(url, headers={"Accept-Encoding": "identity"}, timeout=30)
    assert plain.content == got.content
    assert "Content-Encoding" not in plain.headers


@pytest.mark.parametrize("path", PAGES)
def test_a_page_has_the_strict_policy(protocol_bot: WebBot, path: str) -> None:
    got = requests.get(protocol_bot.url + path, timeout=30)
    policy = got.headers["Content-Security-Policy"]
    assert set(policy.split("; ")) >= STRICT
    assert "unsafe" not in policy and "*" not in policy
    assert got.headers["Referrer-Policy"] == "no-referrer"


def assert_nothing_inline(html: str) -> None:
    for inline in ("<script", "<style", " style=", " on" + "click"):
        assert inline not in html
    assert "://" not in html.replace("https://findahelpline.com", "")


@pytest.mark.parametrize("path", ["/article", "/about"])
def test_a_page_to_read_has_nothing_inline(protocol_bot: WebBot, path: str) -> None:
    got = requests.get(protocol_bot.url + path, timeout=30)
    policy = set(got.headers["Content-Security-Policy"].split("; "))
    assert policy >= {"script-src 'self'", "style-src 'self'"}
    assert_nothing_inline(got.text)


def test_the_chat_page_holds_its_files_and_the_policy_allows_no_other(
    protocol_bot: WebBot,
) -> None:
    got = requests.get(protocol_bot.url, timeout=30)
    policy = set(got.headers["Content-Security-Policy"].split("; "))
    rest = got.text
    for element, path in (("script", "/web/footnote.js"), ("style", "/web/page.css")):
        file = requests.get(protocol_bot.url + path, timeout=30).content
        digest = base64.b64encode(hashlib.sha256(file).digest()).decode("ascii")
        whole = f"<{element}>{file.decode('utf-8')}</{element}>"
        assert f"{element}-src 'sha256-{digest}'" in policy
        assert rest.count(whole) == 1
        rest = rest.replace(whole, "")
    assert_nothing_inline(rest)


def test_every_sentence_of_the_article_has_its_address(protocol_bot: WebBot) -> None:
    text = requests.get(protocol_bot.url + "/article", timeout=30).text
    for key in load_knowledge().sentences:
        assert f'id="{key}"' in text
    assert "<mark>" not in text


def test_a_note_stands_in_the_section_that_it_is_about(protocol_bot: WebBot) -> None:
    notes = section_notes(load_knowledge())
    assert [note.id for note in notes["microwave-ablation"]][:1] == ["microwave-risks"]
    every = [note.id for section in notes.values() for note in section]
    assert len(every) == len(set(every))
    text = requests.get(protocol_bot.url + "/article", timeout=30).text
    assert text.count("Editor’s note.") == len(every)


def test_marks_are_for_known_sentences_only(protocol_bot: WebBot) -> None:
    marks = "chemotherapy.4,nothing.1,<script>alert(1)</script>"
    got = requests.get(protocol_bot.url + "/article", params={"mark": marks}, timeout=30)
    assert got.text.count("<mark>") == 1
    assert "alert(1)" not in got.text


def test_the_privacy_page_tells_what_is_kept_and_whom_to_call(protocol_bot: WebBot) -> None:
    text = requests.get(protocol_bot.url + "/about", timeout=30).text
    for words in ("It is no doctor", "Delete my data", "no cookie", "tel:999", "tel:911"):
        assert words in text
    assert 'class="here"' in text


@pytest.mark.parametrize(("variable", "told"), [("", "30 days"), ("14", "14 days"), ("1", "1 day")])
def test_the_privacy_page_tells_how_long_the_server_keeps_what_was_said(
    monkeypatch: pytest.MonkeyPatch, variable: str, told: str
) -> None:
    monkeypatch.setenv(RETENTION_DAYS, variable)
    text = Pages(WebConfig(session_days=7), Settings()).about(load_knowledge()).decode()
    assert f"Each message is deleted {told} after it was written" in text
    assert "counts for 7 days after your last visit" in text


def test_the_privacy_page_of_the_running_server_follows_the_same_setting(
    protocol_bot: WebBot,
) -> None:
    text = requests.get(protocol_bot.url + "/about", timeout=30).text
    assert f"is deleted {days_kept()} days after it was written" in text


def test_pages_are_not_made_with_a_retention_that_cannot_be_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(RETENTION_DAYS, "forever")
    with pytest.raises(SettingsError, match=RETENTION_DAYS):
        Pages(WebConfig(), Settings())


def test_the_care_team_is_named_as_its_people_write_it() -> None:
    team = Settings(care_team="the NHS breast nurses", care_team_phone="020 7946 0000")
    text = Pages(WebConfig(), team).about(load_knowledge()).decode()
    assert '<p>The NHS breast nurses: <a href="tel:02079460000">020 7946 0000</a></p>' in text


@pytest.mark.parametrize(
    "path",
    [
        "/web/../../etc/passwd",
        "/web/%2e%2e/%2e%2e/etc/passwd",
        "/web/..%2f..%2fetc%2fpasswd",
        "/web/footnote.js/../../credentials.yml",
        "/web//etc/passwd",
        "/web/footnote.js%00.html",
        "/web/",
        "/credentials.yml",
        "/.footnote/web-secret",
        "/web/src/chat.ts",
    ],
)
def test_no_path_leads_to_another_file(protocol_bot: WebBot, path: str) -> None:
    # http.client sends a path as it is; requests would tidy it up.
    connection = http.client.HTTPConnection("127.0.0.1", protocol_bot.port, timeout=30)
    connection.request("GET", path)
    answer = connection.getresponse()
    body = answer.read()
    assert answer.status in (400, 404)
    assert b"root:" not in body and b"WebInput" not in body


def test_any_site_may_load_the_widget_but_none_may_frame_a_page(protocol_bot: WebBot) -> None:
    headers = {"Origin": "https://evil.example"}
    widget = requests.get(f"{protocol_bot.url}/web/footnote.js", headers=headers, timeout=30)
    assert widget.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    page = requests.get(protocol_bot.url, headers=headers, timeout=30)
    assert page.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "Access-Control-Allow-Origin" not in page.headers


@pytest.mark.parametrize(
    ("method", "query", "body", "status"),
    [
        ("GET", "EIO=4&transport=polling&j=0", b"", 400),
        ("GET", "EIO=3&transport=polling", b"", 400),
        ("GET", "EIO=4&transport=pigeon", b"", 400),
        ("GET", "EIO=4&transport=polling&sid=guessed", b"", 400),
        ("POST", "EIO=4&transport=polling&sid=guessed", b"x" * 20_000, 413),
        ("POST", "EIO=4&transport=polling", b"40", 400),
    ],
)
def test_odd_requests_to_the_socket_are_refused(
    protocol_bot: WebBot, method: str, query: str, body: bytes, status: int
) -> None:
    answer = requests.request(
        method, f"{protocol_bot.url}/web/socket/?{query}", data=body, timeout=30
    )
    assert answer.status_code == status


def test_a_huge_body_is_refused(protocol_bot: WebBot) -> None:
    url = f"{protocol_bot.url}/web/socket/?EIO=4&transport=polling&sid=guessed"
    assert requests.post(url, data=b"x" * 2_000_000, timeout=30).status_code == 413


def test_polling_from_a_foreign_page_is_refused_without_cors(protocol_bot: WebBot) -> None:
    url = f"{protocol_bot.url}/web/socket/?EIO=4&transport=polling"
    answer = requests.get(url, headers={"Origin": "https://evil.example"}, timeout=30)
    assert answer.status_code == 400
    assert "Access-Control-Allow-Origin" not in answer.headers


def test_a_flood_of_handshakes_is_slowed_down(protocol_bot: WebBot) -> None:
    url = f"{protocol_bot.url}/web/socket/?EIO=4&transport=polling"
    headers = {"X-Forwarded-For": "192.0.2.77"}
    with requests.Session() as session:
        statuses = [session.get(url, headers=headers, timeout=30).status_code for _ in range(150)]
    assert statuses[0] == 200 and 429 in statuses
    assert requests.get(url, timeout=30).status_code == 200

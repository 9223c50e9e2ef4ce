"""Each error of the command line is one clear line and a non-zero exit, never a traceback."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from footnote import cli, paths
from footnote.evaluation import run as evaluation
from footnote.serving import servers, training
from footnote.serving.environment import ServeError, free_port, require_free
from tests.helpers.folder import article_folder, change, copy_of_knowledge

QUESTION = {"id": "1", "message": "hello", "kind": "social"}


@pytest.fixture(autouse=True)
def _nothing_is_trained_or_started(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_args: object, **_kwargs: object) -> None:
        raise AssertionError("the error should have been found before")

    for module in (servers, evaluation):
        monkeypatch.setattr(module, "ensure_model", never)
        monkeypatch.setattr(module, "running", never)
    monkeypatch.setattr(training, "subprocess", SimpleNamespace(run=never))
    monkeypatch.delenv("FOOTNOTE_COUNTRY", raising=False)
    monkeypatch.delenv("FOOTNOTE_REPLY_TIMEOUT", raising=False)


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield int(listener.getsockname()[1])


def error_of(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """Run a command that must fail, and return the one line that it prints."""
    assert cli.main(arguments) == 1
    printed = capsys.readouterr().err
    assert len(printed.splitlines()) == 1, printed
    assert printed.startswith("footnote: ")
    return printed


def lines(path: Path, *content: object) -> str:
    texts = [line if isinstance(line, str) else json.dumps(line) for line in content]
    path.write_text("\n".join(texts), encoding="utf-8")
    return str(path)


# serve


def test_a_port_in_use_is_named_with_the_way_out(
    capsys: pytest.CaptureFixture[str], taken_port: int
) -> None:
    printed = error_of(capsys, "serve", "--port", str(taken_port))
    assert f"127.0.0.1:{taken_port}" in printed
    assert "PORT=" in printed


def test_the_action_servers_port_in_use_is_named_with_its_option(
    capsys: pytest.CaptureFixture[str], taken_port: int
) -> None:
    port = str(free_port())
    printed = error_of(capsys, "serve", "--port", port, "--actions-port", str(taken_port))
    assert "The action server cannot listen" in printed
    assert "--actions-port" in printed


def test_the_action_server_alone_says_that_its_port_is_in_use(taken_port: int) -> None:
    # In a process of its own: should it start after all, it ends with the time-out.
    command = [sys.executable, "-m", "footnote", "actions", "--port", str(taken_port)]
    done = subprocess.run(
        command, cwd=paths.ROOT, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert str(taken_port) in done.stderr.splitlines()[-1]


def test_an_address_that_is_not_this_machines_is_refused(
    capsys: pytest.CaptureFixture[str],
) -> None:
    printed = error_of(capsys, "serve", "--host", "192.0.2.1", "--port", str(free_port()))
    assert "192.0.2.1" in printed


@pytest.mark.parametrize("port", ["99999", "-1"])
def test_a_port_that_there_is_not_is_refused(capsys: pytest.CaptureFixture[str], port: str) -> None:
    try:
        code = cli.main(["serve", "--port", port])
    except SystemExit as stopped:  # argparse may refuse it, too
        code = int(stopped.code or 0)
    printed = capsys.readouterr().err
    assert code != 0
    assert port in printed


@pytest.mark.parametrize(
    ("name", "value"),
    [("COUNTRY", "ZZ"), ("COUNTRY", "England"), ("REPLY_TIMEOUT", "soon")],
)
def test_a_bad_setting_is_named(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(f"FOOTNOTE_{name}", value)
    printed = error_of(capsys, "serve", "--port", str(free_port()))
    assert f"FOOTNOTE_{name}" in printed
    assert value.lower() in printed.lower()


@pytest.mark.parametrize("command", [["serve"], ["check"], ["train"]])
def test_a_broken_knowledge_file_is_told_line_by_line(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    command: list[str],
) -> None:
    folder = copy_of_knowledge(tmp_path)
    change(article_folder(folder) / "article.yml", lambda data: data.update(menu=["a/b", "c/d"]))
    monkeypatch.setattr(paths, "KNOWLEDGE", folder)
    assert cli.main(command) == 1
    assert capsys.readouterr().err.splitlines() == [
        "The knowledge base cannot be used:",
        "  article.yml: menu: there is no entry 'a/b'",
        "  article.yml: menu: there is no entry 'c/d'",
    ]


def test_a_file_that_training_needs_is_named_when_it_is_missing(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(paths, "ROOT", tmp_path)
    assert "config.yml is missing" in error_of(capsys, "train")


# evaluate


def test_a_missing_data_file_is_named(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    printed = error_of(capsys, "evaluate", str(tmp_path / "none.jsonl"))
    assert "none.jsonl: cannot be read (No such file or directory)" in printed


def test_a_folder_is_no_data_file(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert "cannot be read" in error_of(capsys, "evaluate", str(tmp_path))


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{not json", "line 2"),
        ("5", "line 2"),
        ("[]", "line 2"),
        ({"id": "2", "kind": "social"}, "'message' is missing"),
        ({"id": "2", "message": "m"}, "'kind' is missing"),
        ({**QUESTION, "must": 5}, "line 2"),
        ({**QUESTION, "kind": "anser"}, "anser"),
        ({**QUESTION, "context": "one text"}, "context"),
    ],
)
def test_a_line_that_holds_no_question_is_named(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, line: object, reason: str
) -> None:
    printed = error_of(capsys, "evaluate", lines(tmp_path / "q.jsonl", QUESTION, line))
    assert "q.jsonl, line 2: " in printed
    assert reason in printed


@pytest.mark.parametrize("content", [[], ["", "  "]])
def test_a_file_without_questions_says_so(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, content: list[str]
) -> None:
    assert "no question" in error_of(capsys, "evaluate", lines(tmp_path / "q.jsonl", *content))


def test_a_file_in_another_encoding_is_named(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = tmp_path / "latin.jsonl"
    path.write_bytes(b'{"id": "1", "message": "caf\xe9", "kind": "social"}')
    assert "latin.jsonl" in error_of(capsys, "evaluate", str(path))


def test_a_bot_that_is_not_there_is_named(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    url = f"http://127.0.0.1:{free_port()}"
    printed = error_of(capsys, "evaluate", lines(tmp_path / "q.jsonl", QUESTION), "--url", url)
    assert url.removeprefix("http://") in printed


def test_empty_lines_are_passed_over(tmp_path: Path) -> None:
    path = Path(lines(tmp_path / "q.jsonl", QUESTION, "", {**QUESTION, "id": "2"}))
    assert [question.id for question in evaluation.read(path)] == ["1", "2"]


# the rest


@pytest.mark.parametrize("arguments", [[], ["no-such-command"], ["evaluate"]])
def test_a_command_that_there_is_not_shows_what_there_is(
    capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    with pytest.raises(SystemExit) as stopped:
        cli.main(arguments)
    assert stopped.value.code == 2
    assert "usage: footnote" in capsys.readouterr().err


def test_an_interruption_is_no_error_message(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(training, "ensure_model", lambda force: interrupted())
    assert cli.main(["train"]) == 130
    assert capsys.readouterr().err == ""


def test_a_free_port_is_free() -> None:
    assert require_free("127.0.0.1", free_port(), "The bot", "--port") is None


def test_a_taken_port_is_an_error(taken_port: int) -> None:
    with pytest.raises(ServeError, match="choose another port with --port"):
        require_free("127.0.0.1", taken_port, "The bot", "--port")

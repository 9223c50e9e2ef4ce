"""Setting up: the right Python is found or asked for, and the lock files are clean."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from footnote import paths
from tests.helpers.tools import load_tool

LOCKS = ("requirements.lock", "requirements-dev.lock")
WANTED = "3.10"


@pytest.fixture
def setup_env() -> ModuleType:
    return load_tool("setup_env")


@pytest.fixture
def script(tmp_path: Path) -> Callable[..., Path]:
    """Make an executable that prints something and exits."""

    def make(name: str, output: str = "", code: int = 0) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"#!/bin/sh\necho '{output}'\nexit {code}\n", encoding="utf-8")
        path.chmod(0o755)
        return path

    return make


@pytest.fixture
def nowhere(
    setup_env: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script
) -> ModuleType:
    """A machine with an old Python, an empty PATH and no pyenv."""
    monkeypatch.setattr(sys, "executable", str(script("old/python", "3.8")))
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path / "pyenv"))
    return setup_env


def test_the_wanted_version_is_the_projects(setup_env: ModuleType) -> None:
    assert setup_env.WANTED == WANTED
    project = (paths.ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert f'requires-python = ">={WANTED}' in project


def test_this_very_python_is_wanted(setup_env: ModuleType) -> None:
    assert setup_env.is_wanted_python(sys.executable)


@pytest.mark.parametrize(
    ("output", "code", "expected"),
    [("3.10", 0, True), ("3.11", 0, False), ("3.1", 0, False), ("", 0, False), ("3.10", 1, False)],
)
def test_a_python_is_asked_for_its_version(
    setup_env: ModuleType, script, output: str, code: int, expected: bool
) -> None:
    assert setup_env.is_wanted_python(script("python", output, code)) is expected


def test_a_python_that_is_not_there_is_not_wanted(setup_env: ModuleType, tmp_path: Path) -> None:
    assert not setup_env.is_wanted_python(tmp_path / "none")


def test_a_file_that_cannot_be_run_is_not_wanted(setup_env: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "python").write_text("text", encoding="utf-8")
    assert not setup_env.is_wanted_python(tmp_path / "python")


def test_the_python_that_runs_comes_first(setup_env: ModuleType) -> None:
    assert setup_env.find_python("no-uv") == sys.executable


def test_then_the_one_on_the_path(nowhere: ModuleType, script) -> None:
    found = script(f"bin/python{WANTED}", WANTED)
    assert nowhere.find_python("no-uv") == str(found)


def test_then_pyenvs_newest(nowhere: ModuleType, script) -> None:
    script("pyenv/versions/3.10.2/bin/python", WANTED)
    newest = script("pyenv/versions/3.10.9/bin/python", WANTED)
    script("pyenv/versions/3.11.1/bin/python", "3.11")
    assert nowhere.find_python("no-uv") == str(newest)


def test_a_shim_that_does_not_work_is_passed_over(nowhere: ModuleType, script) -> None:
    script(f"bin/python{WANTED}", "pyenv: version not installed", 127)
    found = script("pyenv/versions/3.10.2/bin/python", WANTED)
    assert nowhere.find_python("no-uv") == str(found)


def test_then_the_one_that_uv_knows(nowhere: ModuleType, script) -> None:
    found = script("managed/python", WANTED)
    uv = script("uv", str(found))
    assert nowhere.find_python(uv) == str(found)


def test_no_python_and_none_to_fetch_is_told_with_the_way_out(nowhere: ModuleType, script) -> None:
    uv = script("uv", "error: no download", 2)
    with pytest.raises(nowhere.SetupError, match=r"Python 3\.10 is missing") as raised:
        nowhere.find_python(uv)
    assert "pyenv install 3.10" in str(raised.value)
    assert "make again" in str(raised.value)


def test_a_uv_on_the_path_is_used(nowhere: ModuleType, script) -> None:
    uv = script("bin/uv", "uv 1.0")
    assert nowhere.find_uv() == str(uv)


def test_a_uv_that_does_not_work_gives_way_to_our_own(
    nowhere: ModuleType, script, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script("bin/uv", "broken", 1)
    own = script("tools/bin/uv", "uv 1.0")
    monkeypatch.setattr(nowhere, "TOOLS", tmp_path / "tools")
    assert nowhere.find_uv() == str(own)


def test_no_uv_and_no_pip_is_told_with_what_pip_said(
    nowhere: ModuleType, script, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(nowhere, "TOOLS", tmp_path / "tools")
    monkeypatch.setattr(sys, "executable", str(script("old/python", "No module named pip", 1)))
    with pytest.raises(nowhere.SetupError, match="uv could not be installed") as raised:
        nowhere.find_uv()
    assert "No module named pip" in str(raised.value)


def test_a_setup_that_fails_prints_one_message_and_exits_with_one(
    nowhere: ModuleType, script, tmp_path: Path, monkeypatch, capsys
) -> None:
    script("bin/uv", "error: no download", 2)
    monkeypatch.setattr(nowhere, "works", lambda _command: True)
    monkeypatch.setattr(nowhere, "STAMP", tmp_path / "no-stamp")
    monkeypatch.setattr(sys, "argv", ["setup_env.py"])
    assert nowhere.main() == 1
    assert capsys.readouterr().err.startswith("setup: Python 3.10 is missing")
    assert not (tmp_path / "no-stamp").exists()


@pytest.mark.parametrize("argument", [[], ["--dev"]], ids=["run", "dev"])
def test_nothing_is_done_where_the_environment_is_up_to_date(
    setup_env: ModuleType, tmp_path: Path, monkeypatch, argument: list[str]
) -> None:
    prints = {lock: setup_env.fingerprint(lock) for lock in LOCKS}
    stamp = tmp_path / "stamp"
    stamp.write_text(f"dev {prints[LOCKS[0]]} {prints[LOCKS[1]]}", encoding="utf-8")
    monkeypatch.setattr(setup_env, "STAMP", stamp)
    monkeypatch.setattr(setup_env, "find_uv", lambda: pytest.fail("the environment is there"))
    monkeypatch.setattr(sys, "argv", ["setup_env.py", *argument])
    assert setup_env.main() == 0


def test_every_python_of_the_environment_finds_the_project_and_leaves_tensorflow_out(
    setup_env: ModuleType,
) -> None:
    place = setup_env.VENV / setup_env.START_FILE.format(WANTED)
    root, start = setup_env.START.splitlines()
    assert (place.parent / root).resolve() == paths.ROOT
    assert start.startswith("import footnote.without_tensorflow as start; start.install()")


def test_an_environment_that_was_installed_in_another_way_is_not_up_to_date(
    setup_env: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = setup_env.fingerprint(LOCKS[0])
    monkeypatch.setattr(setup_env, "START", "")
    assert setup_env.fingerprint(LOCKS[0]) != before


@pytest.mark.parametrize("name", LOCKS)
def test_every_package_of_a_lock_has_one_version_and_a_hash(name: str) -> None:
    text = (paths.ROOT / name).read_text(encoding="utf-8")
    requirements = [part for part in re.split(r"\n(?=\S)", text) if part.strip()]
    requirements = [part for part in requirements if not part.startswith("#")]
    assert len(requirements) > 50
    for requirement in requirements:
        assert re.match(r"[\w.\[\],-]+==[\w.!+]+", requirement), requirement.splitlines()[0]
        assert re.search(r"--hash=sha256:[0-9a-f]{64}\b", requirement), requirement.splitlines()[0]


@pytest.mark.parametrize("name", LOCKS)
@pytest.mark.parametrize(
    "pattern", ["://", "@ ", "--index", "--find-links", r"(?<!\S)/\w", "file:"]
)
def test_a_lock_names_no_host_and_no_path(name: str, pattern: str) -> None:
    lines = (paths.ROOT / name).read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if re.search(pattern, line)] == []


def test_running_and_testing_have_the_same_versions() -> None:
    def versions(name: str) -> dict[str, str]:
        text = (paths.ROOT / name).read_text(encoding="utf-8")
        return dict(re.findall(r"^([\w.-]+)(?:\[.*\])?==(\S+)", text, re.MULTILINE))

    plain, dev = versions(LOCKS[0]), versions(LOCKS[1])
    assert {name: dev.get(name) for name in plain} == plain


def test_rasa_is_the_one_that_was_chosen() -> None:
    text = (paths.ROOT / LOCKS[0]).read_text(encoding="utf-8")
    assert re.search(r"^rasa==3\.6\.21\b", text, re.MULTILINE)

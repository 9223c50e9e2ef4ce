"""The audit fails on what is known and not argued for, and on what it could not look up."""

from __future__ import annotations

import datetime
from types import ModuleType

import pytest

from tests.helpers.tools import load_tool

TODAY = datetime.date(2026, 11, 25)
REPORT = {
    "dependencies": [
        {"name": "fine", "version": "1.0", "vulns": []},
        {
            "name": "ill",
            "version": "2.0",
            "vulns": [{"id": "PYSEC-1", "aliases": ["CVE-1"], "fix_versions": ["2.1"]}],
        },
    ]
}


@pytest.fixture(scope="module")
def audit() -> ModuleType:
    return load_tool("audit")


def accepted(until: str, name: str = "CVE-1") -> list[dict[str, str]]:
    return [{"package": "ill", "id": name, "reason": "not reachable", "until": until}]


def test_a_known_vulnerability_is_a_problem(audit: ModuleType) -> None:
    assert audit.judge(REPORT, [], TODAY) == ["ill 2.0: PYSEC-1 (mended in 2.1)"]


def test_an_exception_holds_until_its_day(audit: ModuleType) -> None:
    assert audit.judge(REPORT, accepted("2026-11-25"), TODAY) == []
    assert audit.judge(REPORT, accepted("2026-11-24"), TODAY) != []
    assert audit.judge(REPORT, accepted("2026-12-31", "CVE-2"), TODAY) != []


def test_a_package_that_was_not_looked_up_is_a_problem(audit: ModuleType) -> None:
    report = {"dependencies": [{"name": "unknown", "skip_reason": "not found"}]}
    (problem,) = audit.judge(report, [], TODAY)
    assert "unknown" in problem


def test_each_exception_is_argued_and_dated(audit: ModuleType) -> None:
    import json

    for one in json.loads(audit.EXCEPTIONS.read_text(encoding="utf-8")):
        assert len(one["reason"]) > 20
        datetime.date.fromisoformat(one["until"])

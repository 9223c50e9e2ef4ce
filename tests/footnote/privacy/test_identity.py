"""Stored ids are keyed hashes; the key is the environment's or stays on this machine."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from footnote.privacy.identity import ID_SECRET, id_key, stored_id


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(ID_SECRET, raising=False)
    id_key.cache_clear()


def test_an_id_tells_nothing_and_depends_on_the_key() -> None:
    one, other = stored_id("+447700900123", b"one"), stored_id("+447700900123", b"other")
    assert one != other
    assert one == stored_id("+447700900123", b"one")
    assert "7700" not in one
    assert len(one) == 64


def test_the_key_is_made_once_for_its_owner_only(tmp_path: Path) -> None:
    key = id_key(tmp_path / "state")
    path = tmp_path / "state" / "id-secret"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    id_key.cache_clear()
    assert id_key(tmp_path / "state") == key
    assert len(key) >= 32
    assert [item.name for item in path.parent.iterdir()] == ["id-secret"]


def test_processes_that_start_at_once_agree_on_the_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: id_key.__wrapped__(tmp_path), range(8)))
    assert len(keys) == 1


def test_the_environment_goes_before_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(ID_SECRET, "shared among servers")
    assert id_key(tmp_path) == b"shared among servers"
    assert list(tmp_path.iterdir()) == []

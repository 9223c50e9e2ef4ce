"""What is wrong in the environment is said at once, all of it, and without any secret."""

from __future__ import annotations

import pytest

from footnote.operations.configuration import check
from footnote.settings import SettingsError

SHARED = {
    "FOOTNOTE_DATABASE_URL": "postgresql://footnote:hunter2@db:5432/footnote",
    "FOOTNOTE_REDIS_URL": "redis://:hunter2@redis:6379/0",
    "FOOTNOTE_BROKER_URL": "amqp://footnote:hunter2@rabbit/events",
    "FOOTNOTE_ID_SECRET": "x" * 32,
    "FOOTNOTE_WEB_SECRET": "w" * 32,
    "FOOTNOTE_WEB_ORIGINS": "https://www.hospital.example, http://localhost:8080",
    "FOOTNOTE_PUBLIC_URL": "https://bot.example.org",
    "SANIC_PROXIES_COUNT": "1",
    "FOOTNOTE_API_TOKENS": f"portal:{'y' * 24},app:{'z' * 32}",
    "FOOTNOTE_RETENTION_DAYS": "14",
    "FOOTNOTE_LOG_FORMAT": "json",
}


@pytest.mark.parametrize("environment", [{}, SHARED, {"SANIC_WORKERS": "1"}])
def test_what_is_in_order_passes(environment: dict[str, str]) -> None:
    check(environment)


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("FOOTNOTE_DATABASE_URL", "mysql://u:hunter2@h/d", "mysql"),
        ("FOOTNOTE_DATABASE_URL", "hunter2", "postgresql://"),
        ("FOOTNOTE_REDIS_URL", "http://:hunter2@redis", "redis://"),
        ("FOOTNOTE_REDIS_URL", "redis://:hunter2@redis:port", "redis://"),
        ("FOOTNOTE_BROKER_URL", "kafka://hunter2@k", "amqp://"),
        ("FOOTNOTE_ID_SECRET", "hunter2", "at least 32"),
        ("FOOTNOTE_WEB_SECRET", "", "is not set"),
        ("FOOTNOTE_WEB_SECRET", "hunter2", "32 or more"),
        ("FOOTNOTE_WEB_ORIGINS", "hospital.example", "https://host"),
        ("FOOTNOTE_WEB_ORIGINS", "https://hospital.example/", "https://host"),
        ("FOOTNOTE_WEB_ORIGINS", "https://a.example;https://b.example", "commas"),
        ("FOOTNOTE_PUBLIC_URL", "bot.example.org", "https://bot.example.org"),
        ("SANIC_PROXIES_COUNT", "one", "how many proxies"),
        ("FOOTNOTE_API_TOKENS", "portal:hunter2", "24 characters"),
        ("FOOTNOTE_API_TOKENS", "hunter2", "name:token"),
        ("FOOTNOTE_API_TOKENS", f"local:{'hunter2' * 9}", "name:token"),
        ("FOOTNOTE_RETENTION_DAYS", "never", "whole days"),
        ("FOOTNOTE_LOG_FORMAT", "xml", "text or json"),
        ("FOOTNOTE_COUNTRY", "England", "two-letter"),
        ("SANIC_WORKERS", "4", "several servers"),
        ("LOG_LEVEL", "DEBUG", "INFO"),
    ],
)
def test_what_is_wrong_is_named_without_a_secret(name: str, value: str, told: str) -> None:
    with pytest.raises(SettingsError) as error:
        check({**SHARED, name: value})
    assert told in str(error.value)
    assert name in str(error.value)
    assert "hunter2" not in str(error.value)


def test_all_problems_are_told_at_once() -> None:
    with pytest.raises(SettingsError) as error:
        check({"FOOTNOTE_LOG_FORMAT": "xml", "FOOTNOTE_RETENTION_DAYS": "0"})
    assert len(str(error.value).splitlines()) == 3

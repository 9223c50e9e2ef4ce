"""What the environment says, checked before anything starts: one clear error, all at once."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping

from footnote.channels.callers import API_TOKENS, tokens
from footnote.channels.setup import PUBLIC_URL, WEB_ORIGINS, WEB_SECRET
from footnote.operations.logs import LOG_FORMAT
from footnote.privacy.identity import ID_SECRET
from footnote.privacy.retention import RETENTION_DAYS, days_kept
from footnote.settings import Settings, SettingsError
from footnote.stores.addresses import BROKER_URL, REDIS_URL, broker_address, redis_address
from footnote.stores.database import DATABASE_URL, parsed

LEAST_SECRET = 32


def check(environment: Mapping[str, str] | None = None) -> None:
    """Check every variable of the deployment.

    Raises:
        SettingsError: something is malformed or missing; all problems, none with a secret in it.
    """
    env = os.environ if environment is None else environment
    problems: list[str] = []

    def given(name: str) -> str:
        return env.get(name, "").strip()

    def attempt(what: Callable[[], object], name: str = "") -> None:
        try:
            what()
        except (SettingsError, ValueError) as error:
            problems.append(f"{name} {error}".strip())

    attempt(lambda: Settings.from_environment(env))
    attempt(lambda: days_kept(given(RETENTION_DAYS)))
    attempt(lambda: tokens(given(API_TOKENS)))
    addresses: dict[str, Callable[[str], object]] = {
        DATABASE_URL: parsed,
        REDIS_URL: redis_address,
        BROKER_URL: broker_address,
    }
    for name, parse in addresses.items():
        if given(name):
            attempt(lambda parse=parse, name=name: parse(given(name)), name)  # type: ignore[misc]
    if given(DATABASE_URL).startswith("postgres") and len(given(ID_SECRET)) < LEAST_SECRET:
        problems.append(
            f"{ID_SECRET} is needed with a shared database: the same on each server, at least "
            f"{LEAST_SECRET} characters (openssl rand -hex 32); it hashes the conversations' ids"
        )
    for variable in (PUBLIC_URL, WEB_ORIGINS, WEB_SECRET):
        # Servers that share a database share the chats in it, too.
        shared = variable is WEB_SECRET and given(DATABASE_URL).startswith("postgres")
        if (given(variable.name) or shared) and (problem := variable.problem(env)):
            problems.append(problem)
    if not (given("SANIC_PROXIES_COUNT") or "0").isdigit():
        problems.append("SANIC_PROXIES_COUNT is no number; give how many proxies stand in front")
    if given("SANIC_WORKERS") not in ("", "1"):
        problems.append("SANIC_WORKERS cannot be used; run several servers behind a proxy instead")
    if given(LOG_FORMAT) not in ("", "text", "json"):
        problems.append(f"{LOG_FORMAT} is {given(LOG_FORMAT)!r}; give text or json")
    if given("LOG_LEVEL").upper() == "DEBUG" and given(LOG_FORMAT) == "json":
        problems.append("LOG_LEVEL is DEBUG, at which Rasa logs what people type; give INFO")
    if len(problems) == 1:
        raise SettingsError(problems[0])
    if problems:
        raise SettingsError("\n  ".join(["the configuration cannot be used:", *problems]))

"""A reply is tried again while that helps, and its loss is logged without its text."""

from __future__ import annotations

import asyncio

import pytest

from footnote.channels import delivery
from footnote.channels.delivery import TryLater, Undeliverable, deliver, of_status, seconds


class Api:
    """Raises what it is told to, one error a call; then takes the message."""

    def __init__(self, *errors: BaseException) -> None:
        self.errors = list(errors)
        self.calls = 0

    async def __call__(self) -> None:
        self.calls += 1
        if self.errors:
            raise self.errors.pop(0)


def send(api: Api, pauses: tuple[float, ...] = (0.0, 0.0)) -> bool:
    return asyncio.run(deliver(api, "Pigeon", pauses))


@pytest.mark.parametrize(
    "error", [TryLater("HTTP 503"), asyncio.TimeoutError(), ConnectionError("refused")]
)
def test_what_passes_is_tried_again(error: Exception) -> None:
    api = Api(error)
    assert send(api)
    assert api.calls == 2


@pytest.mark.parametrize("error", [Undeliverable("blocked"), ValueError("of a library")])
def test_what_stays_is_not(error: Exception, caplog: pytest.LogCaptureFixture) -> None:
    api = Api(error)
    assert not send(api)
    assert api.calls == 1
    assert "of a library" not in caplog.text


def test_it_is_given_up_after_the_last_pause(caplog: pytest.LogCaptureFixture) -> None:
    api = Api(*[TryLater("HTTP 503")] * 9)
    assert not send(api)
    assert api.calls == 3
    assert "Pigeon: a reply was not delivered (HTTP 503, tries: 3)" in caplog.text


def test_the_platforms_own_pause_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []

    async def sleep(pause: float) -> None:
        slept.append(pause)

    monkeypatch.setattr(delivery.asyncio, "sleep", sleep)
    assert send(Api(TryLater("HTTP 429", after=7.0)), (1.0,))
    assert slept == [7.0]


def test_a_platform_that_asks_for_an_hour_is_not_waited_for() -> None:
    api = Api(TryLater("HTTP 429", after=3600.0))
    assert not send(api)
    assert api.calls == 1


def test_a_stop_in_the_middle_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    async def story() -> None:
        task = asyncio.ensure_future(deliver(Api(TryLater("HTTP 503")), "Pigeon", (30.0,)))
        await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(story())
    assert "Pigeon: a reply was not delivered (the server stopped" in caplog.text


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503])
def test_these_statuses_pass(status: int) -> None:
    error = of_status(status, "3", "code")
    assert isinstance(error, TryLater)
    assert (str(error), error.after) == (f"HTTP {status} code", 3.0)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 413])
def test_these_stay(status: int) -> None:
    assert isinstance(of_status(status), Undeliverable)


@pytest.mark.parametrize(
    ("value", "read"), [("2", 2.0), (1.5, 1.5), (None, 0.0), ("soon", 0.0), ("-1", 0.0)]
)
def test_retry_after_is_read(value: object, read: float) -> None:
    assert seconds(value) == read

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import comtrade_server
from leachwatch.trade.fetching import Comtrade, Fetched, FetchSettings, Key, Query, fetch

START = datetime(2025, 3, 1, 12, tzinfo=UTC)


@dataclass
class Watch:
    """A clock that goes on only while somebody sleeps."""

    now: datetime = START
    slept: list[float] = field(default_factory=list)

    def __call__(self) -> datetime:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def service() -> Iterator[comtrade_server.Service]:
    with comtrade_server.comtrade() as running:
        yield running


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def settings(service: comtrade_server.Service) -> FetchSettings:
    return FetchSettings(base_url=service.address, pause=0.0, timeout=5.0)


Run = Callable[..., Fetched]


@pytest.fixture
def run(settings: FetchSettings, watch: Watch, tmp_path: Path) -> Run:
    """Fetch from the server on this machine into one folder."""

    def once(
        query: Query, *, key: str | None = comtrade_server.KEY, refresh: bool = False, **changes: object
    ) -> Fetched:
        changed = replace(settings, **changes)  # type: ignore[arg-type]
        with Comtrade(
            Key(key) if key else None, settings=changed, clock=watch, sleep=watch.sleep
        ) as comtrade:
            return fetch(query, comtrade, tmp_path / "comtrade", refresh=refresh)

    return once

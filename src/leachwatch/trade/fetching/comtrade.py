"""UN Comtrade's API, version 1: the addresses of queries, and what an answer to one is."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from types import TracebackType
from typing import Self

import httpx

from leachwatch.trade.fetching.answers import Release, check_rows, read_releases, read_rows
from leachwatch.trade.fetching.key import Key
from leachwatch.trade.fetching.line import Line, Traffic
from leachwatch.trade.fetching.places import number_of
from leachwatch.trade.fetching.query import Query, fitting
from leachwatch.trade.fetching.settings import FetchSettings

__all__ = ["Answer", "Comtrade"]

_CUT_AT = frozenset({500, 100_000})
"""Rows at which UN Comtrade is known to cut an answer, whatever was asked for."""


@dataclass(frozen=True)
class Answer:
    """What was answered to a query.

    Attributes
    ----------
    body : bytes
        As it came.
    rows : int
        In it.
    truncated : bool
        Whether there may be more than it holds.
    """

    body: bytes
    rows: int
    truncated: bool


class Comtrade:
    """Asks UN Comtrade for final data.

    Parameters
    ----------
    key : Key or None
        None asks the public preview: one period and 500 rows at a time, if it answers at all.
    settings : FetchSettings, optional
        Where it is, its limits, and how long it is waited for.
    clock : callable
        The time, with its zone.
    sleep : callable
        Waits for some seconds.

    Raises
    ------
    NetworkError
        If the address is neither https nor on this machine.
    """

    def __init__(
        self,
        key: Key | None,
        *,
        settings: FetchSettings | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.settings = settings or FetchSettings()
        self.preview = key is None
        self.clock = clock
        self._line = Line(key, self.settings, clock, sleep)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._line.close()

    @property
    def traffic(self) -> Traffic:
        """Requests made so far, and bytes received."""
        return self._line.traffic

    def calls(self, query: Query) -> list[Query]:
        """Cut a query into calls that may be made."""
        most = 1 if self.preview else self.settings.most_periods
        return fitting(query, most, self.settings.most_address, lambda one: len(str(self._address(one))))

    def ask(self, query: Query, spend: Callable[[], None]) -> Answer:
        """Ask for the rows of one of `calls`.

        Parameters
        ----------
        query : Query
            Small enough for one call.
        spend : callable
            Run before each request.

        Raises
        ------
        Refused
            If the host says that it will never answer this.
        NetworkError
            If there is no good answer after all tries.
        """

        def read(body: bytes) -> Answer:
            rows, fewer = read_rows(body)
            check_rows(rows, query)
            return Answer(body, len(rows), fewer or len(rows) in _CUT_AT | {self._most_rows})

        return self._line.ask(self._address(query), read, spend)

    def releases(self, query: Query, spend: Callable[[], None]) -> dict[str, Release]:
        """Ask what the reporter of a query has released of its periods, at most those of one call.

        Raises
        ------
        Refused, NetworkError
            As in `ask`.
        """
        said = {"reporterCode": str(number_of(query.reporter)), "period": ",".join(query.periods)}
        address = self._joined("getDa", query, said)
        return self._line.ask(address, lambda body: read_releases(read_rows(body)[0], query.reporter), spend)

    @property
    def _most_rows(self) -> int:
        return self.settings.most_preview_rows if self.preview else self.settings.most_rows

    def _address(self, query: Query) -> httpx.URL:
        extra = {"maxRecords": str(self._most_rows), "format": "JSON", "includeDesc": "true"}
        return self._joined("preview" if self.preview else "get", query, query.parameters() | extra)

    def _joined(self, question: str, query: Query, parameters: Mapping[str, str]) -> httpx.URL:
        door = "public" if self.preview else "data"
        path = f"{self._line.base.path.rstrip('/')}/{door}/v1/{question}/C/{'A' if query.annual else 'M'}/HS"
        return self._line.base.copy_with(path=path, params=dict(parameters))

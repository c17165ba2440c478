"""A fetch: what a query lacks is asked for, call by call, and each answer is kept as it comes."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

from leachwatch.errors import OutputError
from leachwatch.holding import held
from leachwatch.trade.fetching.answers import Release
from leachwatch.trade.fetching.budget import Budget
from leachwatch.trade.fetching.comtrade import Answer, Comtrade
from leachwatch.trade.fetching.line import Refused
from leachwatch.trade.fetching.manifest import MANIFEST, Kept, Released
from leachwatch.trade.fetching.query import Query, without
from leachwatch.trade.fetching.shelf import ANSWERS, Shelf

__all__ = ["Fetched", "fetch"]

Progress = Callable[[str, int, int], None]
"""Told what is worked on, how many calls are done, and of how many."""

_NAMED = 6


@dataclass(frozen=True)
class Fetched:
    """What a fetch has brought.

    Attributes
    ----------
    files : tuple of Path
        Answers in force that hold cells of the query, as they came.
    manifest : Path
        What was asked for and what came; without it an absent row means nothing.
    requests : int
        Made, failed ones included.
    from_cache : int
        Answers that were there and were not asked for again.
    received : int
        Bytes.
    warnings : tuple of str
        What a reader of the files must know.
    """

    files: tuple[Path, ...]
    manifest: Path
    requests: int
    from_cache: int
    received: int
    warnings: tuple[str, ...]


def fetch(
    query: Query,
    comtrade: Comtrade,
    folder: Path,
    *,
    refresh: bool = False,
    progress: Progress = lambda _what, _done, _total: None,
) -> Fetched:
    """Fetch what a query asks for into a folder, but for what is there.

    Parameters
    ----------
    query : Query
        Codes, partners and periods of one reporter.
    comtrade : Comtrade
        Who is asked.
    folder : Path
        Of one case; made if it is not there. Its content must not be passed on.
    refresh : bool
        Whether answers are asked for again whose periods were released anew since they came.
    progress : callable
        Told after every call.

    Returns
    -------
    Fetched

    Raises
    ------
    NetworkError
        If the host does not answer, refuses, or the day's calls are used up; what came is kept, and the
        same fetch goes on from there.
    OutputError
        If the folder cannot be written, or another fetch is writing it.
    RecordError
        If the manifest or the count of calls in it cannot be read.

    Examples
    --------
    >>> asked = Query.of("CHN", ["MMR"], ["284690"], years("2017-2024"))  # doctest: +SKIP
    >>> with Comtrade(find_key(os.environ)) as comtrade:  # doctest: +SKIP
    ...     fetched = fetch(asked, comtrade, Path("case/trade/comtrade"))
    """
    try:
        (folder / ANSWERS).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"{folder}: cannot be made ({error.strerror}); choose another folder") from error
    with held(folder, "fetch into another folder"):
        return _Fetch(query, comtrade, Shelf(folder)).run(progress, refresh=refresh)


class _Fetch:
    """One run of `fetch`."""

    def __init__(self, query: Query, comtrade: Comtrade, shelf: Shelf) -> None:
        self._query, self._comtrade, self._shelf = query, comtrade, shelf
        self._spend = Budget(shelf.folder / "calls.json", comtrade.settings.calls_a_day, comtrade.clock).spend
        self._warnings: list[str] = []
        self._before = replace(comtrade.traffic)

    def run(self, progress: Progress, *, refresh: bool) -> Fetched:
        self._begin()
        stale = self._stale() if refresh else []
        there = len(self._overlapping()) - len(stale)
        waiting = deque([*stale, *self._lacking()])
        self._ask_releases(waiting)
        done = 0
        while waiting:
            waiting.extendleft(reversed(self._work(waiting.popleft())))
            done += 1
            progress("calls", done, done + len(waiting))
        return self._result(there)

    def _begin(self) -> None:
        damaged = self._shelf.damaged()
        if damaged:
            self._warn("files are gone or were changed, and are asked for again", damaged)
        self._shelf.forget({*damaged, *self._cut_previews()})
        if self._query not in self._shelf.manifest.asked:
            self._shelf.change(asked=(*self._shelf.manifest.asked, self._query))

    def _cut_previews(self) -> list[str]:
        """Names of answers that a key would give whole; each is of a single cell."""
        if self._comtrade.preview:
            return []
        return [name for name, kept in self._overlapping().items() if kept.preview and kept.truncated]

    def _overlapping(self) -> dict[str, Kept]:
        """Answers that hold cells of the query."""
        wanted = set(self._query.cells())
        return {
            name: kept
            for name, kept in self._shelf.manifest.kept.items()
            if (kept.asked.reporter, kept.asked.flow) == (self._query.reporter, self._query.flow)
            and not wanted.isdisjoint(kept.asked.cells())
        }

    def _lacking(self) -> list[Query]:
        known = {cell for kept in self._overlapping().values() for cell in kept.asked.cells()}
        return [call for part in without(self._query, known) for call in self._comtrade.calls(part)]

    def _stale(self) -> list[Query]:
        """Find calls whose answers are of another release than what is out now."""
        kept = self._overlapping().values()
        self._ask_releases([one.asked for one in kept], anew=True)
        return [one.asked for one in kept if any(self._changed(one, p) for p in one.asked.periods)]

    def _changed(self, kept: Kept, period: str) -> bool:
        now, then = self._release(period), kept.releases.get(period)
        if now is None:
            return False
        return then is None or (now.checksum, now.released) != (then.checksum, then.released)

    def _release(self, period: str) -> Released | None:
        return self._shelf.manifest.releases.get(f"{self._query.reporter} {period}")

    def _ask_releases(self, calls: Iterable[Query], *, anew: bool = False) -> None:
        """Ask what is released of some periods, as far as that is not known of today."""
        since = self._comtrade.clock() - timedelta(hours=self._comtrade.settings.release_age)
        periods = sorted({period for call in calls for period in call.periods})
        unknown = [
            one for one in periods if anew or (said := self._release(one)) is None or said.seen <= since
        ]
        most = self._comtrade.settings.most_periods
        for start in range(0, len(unknown), most):
            self._ask_release(replace(self._query, periods=tuple(unknown[start : start + most])))

    def _ask_release(self, query: Query) -> None:
        try:
            out = self._comtrade.releases(query, self._spend)
        except Refused as error:
            self._warn(f"it cannot be told whether figures are out ({error})", query.periods)
            return
        now = self._comtrade.clock()
        said = {f"{query.reporter} {period}": _released(out.get(period), now) for period in query.periods}
        self._shelf.change(releases=self._shelf.manifest.releases | said)

    def _work(self, call: Query) -> tuple[Query, ...]:
        """Ask one call and keep its answer, or give its parts where they must be asked for."""
        manifest, parts = self._shelf.manifest, call.halves()
        if parts and call.name in manifest.wide:
            return parts
        answer = self._comtrade.ask(call, self._spend)
        if parts and answer.truncated:
            self._shelf.change(wide=(*manifest.wide, call.name))
            self._shelf.forget({call.name} & manifest.kept.keys())
            return parts
        self._keep(call, answer)
        return ()

    def _keep(self, call: Query, answer: Answer) -> None:
        releases = {period: said for period in call.periods if (said := self._release(period)) is not None}
        kept = Kept(
            asked=call,
            sha256=sha256(answer.body).hexdigest(),
            size=len(answer.body),
            rows=answer.rows,
            retrieved=self._comtrade.clock(),
            preview=self._comtrade.preview,
            truncated=answer.truncated,
            releases=releases,
        )
        self._shelf.keep(call.name, kept, answer.body)

    def _result(self, there: int) -> Fetched:
        kept = self._overlapping()
        cut = [name for name, one in kept.items() if one.truncated]
        if cut:
            self._warn("rows may be missing, and cannot be asked for in smaller parts", cut)
        late = [p for p in self._query.periods if (said := self._release(p)) and said.checksum is None]
        if late:
            self._warn(f"{self._query.reporter} has released nothing yet: no row there is not zero", late)
        now, before = self._comtrade.traffic, self._before
        return Fetched(
            files=tuple(sorted(self._shelf.path(name) for name in kept)),
            manifest=self._shelf.folder / MANIFEST,
            requests=now.requests - before.requests,
            from_cache=there,
            received=now.received - before.received,
            warnings=tuple(self._warnings),
        )

    def _warn(self, what: str, where: Sequence[str]) -> None:
        more = f" and {len(where) - _NAMED} more" if len(where) > _NAMED else ""
        self._warnings.append(f"{', '.join(where[:_NAMED])}{more}: {what}")


def _released(said: Release | None, now: object) -> Released:
    checksum, released = (said.checksum, said.released) if said else (None, None)
    return Released.model_validate({"checksum": checksum, "released": released, "seen": now})

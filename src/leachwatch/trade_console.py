"""What the commands of ``leachwatch trade`` print."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from leachwatch.console import one_line, tell

if TYPE_CHECKING:
    from leachwatch.estimate import TradeReport
    from leachwatch.trade import Fetched, Readout, Reconciled

__all__ = ["print_fetched", "print_readout", "print_reconciled", "print_trade"]

_MOST_LINES = 10


def print_reconciled(found: Reconciled, *, many: int, cautious: bool) -> None:
    """Print what contradicts, how it may be mended, and the bounds of every month."""
    print(f"{many} statements; as printed they {'agree' if found.feasible else 'contradict each other'}")
    for line in _conflicts(found):
        print(line)
    if found.slack:
        said = ", ".join(f"{id_} {tonnes:,.0f} t" for id_, tonnes in _by_size(found.slack))
        print(f"least change in all that would make them agree: {said}; it may fall on innocent ones")
    if not found.feasible:
        print(_counted(found, cautious=cautious))
    frame = found.cautious if cautious else found.series
    for line in _series(frame, found.sums):
        print(line)


def _conflicts(found: Reconciled) -> Iterator[str]:
    for conflict, rows in found.contradictions.groupby("conflict", sort=False):
        first = rows.iloc[0]
        statements = ", ".join(first["statements"])
        print()
        yield f"{conflict}: {first['tonnes']:,.0f} t at stake among {statements}"
        for _, row in rows.iterrows():
            yield f"  {row['rank']}. {row['share']:4.0%}  {row['change']}"


def _by_size(slack: Any) -> list[tuple[str, float]]:
    return sorted(slack.items(), key=lambda one: -one[1])


def _counted(found: Reconciled, *, cautious: bool) -> str:
    out = found.left_out_cautious if cautious else found.left_out
    mended = () if cautious else found.in_force
    parts = [f"without {', '.join(out)}"] if out else []
    parts += [f"with {', '.join(mended)} as mended"] if mended else []
    return f"bounds below: {' and '.join(parts) or 'all statements'}"


def _series(frame: Any, sums: Any) -> Iterator[str]:
    keys = ["reporter", "flow", "partner", "hs"]
    for (reporter, flow, partner, hs), rows in frame.groupby(keys, sort=True):
        yield ""
        yield f"{reporter} {flow} {partner} {hs}, tonnes gross"
        own = (sums[keys] == [reporter, flow, partner, hs]).all(axis=1)
        together = {month: known for known in sums[own].to_dict("records") for month in known["months"]}
        held = [(row, together.get(row["month"])) for row in rows.to_dict("records")]
        for _, some in groupby(held, lambda one: id(one[1])):
            months = list(some)
            known = months[0][1]
            yield from (_month(row) for row, _ in months) if known is None else [_sum(known)]


def _month(row: Any) -> str:
    note = "printed" if row["reported"] else "" if row["identified"] else "not known by itself"
    return f"  {row['month']:%Y-%m}            {_bounds(row['low'], row['high'])}  {note}".rstrip()


def _sum(known: Any) -> str:
    first, last = min(known["months"]), max(known["months"])
    return f"  {first:%Y-%m} to {last:%Y-%m} {_bounds(known['low'], known['high'])}  only their sum is known"


def _bounds(low: float, high: float | None) -> str:
    if high is None or high != high or high == float("inf"):  # noqa: PLR0124 - NaN
        return f"{low:>10,.0f} or more"
    if high - low <= 1:
        return f"{(low + high) / 2:>10,.1f}{'':>12}"
    return f"{low:>10,.0f} - {high:>9,.0f}"


def print_readout(file: Path, readout: Readout, *, quiet: bool, as_json: bool) -> None:
    """Print how many rows were read, and name those that were not."""
    if as_json:
        said = {"rows": readout.rows, "kept": readout.kept, "warnings": list(readout.warnings)}
        print(json.dumps({**said, "refused": [str(fault) for fault in readout.refused]}))
        return
    for fault in readout.refused[:_MOST_LINES]:
        print(one_line(f"refused {fault}"), file=sys.stderr)
    if len(readout.refused) > _MOST_LINES:
        print(f"refused {len(readout.refused) - _MOST_LINES} more; --json names all", file=sys.stderr)
    for warning in readout.warnings:
        print(one_line(f"note: {warning}"), file=sys.stderr)
    tell(f"{file.name}: {readout.kept:,} of {readout.rows:,} rows read", quiet=quiet)


def print_fetched(got: Fetched, folder: Path, *, quiet: bool, as_json: bool) -> None:
    """Print what was asked for and what came."""
    if as_json:
        said = {"requests": got.requests, "from_cache": got.from_cache, "bytes": got.received}
        print(json.dumps({**said, "files": [str(path) for path in got.files], "warnings": got.warnings}))
        return
    for warning in got.warnings:
        print(one_line(f"note: {warning}"), file=sys.stderr)
    tell(f"{got.requests} requests, {got.from_cache} calls answered from what was kept", quiet=quiet)
    tell(f"kept in {folder}; not to be passed on (UN Comtrade's terms)", quiet=quiet)


def print_trade(report: TradeReport, *, quiet: bool) -> None:
    """Print what was made of the trade, in a few lines."""
    account = report.account
    for caveat in account.caveats[:_MOST_LINES]:
        print(one_line(f"trade: {caveat}"), file=sys.stderr)
    series, conflicts = account.reconciled.series, account.reconciled.contradictions
    many = series.groupby(["reporter", "flow", "partner", "hs"]).ngroups
    tell(
        f"trade: {len(account.observations)} figures, {many} series with bounds, "
        f"{conflicts['conflict'].nunique()} contradictions, {report.rows['estimates']} estimates; "
        f"{len(report.left_out)} left out for want of figures",
        quiet=quiet,
    )

"""Answers of UN Comtrade that were fetched into a case, read with what was asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from leachwatch.errors import RecordError
from leachwatch.trade.asked import Asked, fill_zeros
from leachwatch.trade.comtrade import SOURCE, read_comtrade
from leachwatch.trade.fetching import ANSWERS, Kept, digest_of, iso_of, read_manifest
from leachwatch.trade.readout import Readout, listed
from leachwatch.trade.times import parse_time

__all__ = ["read_fetched"]

_WHY = {
    "truncated": "rows may be missing",
    "unreleased": "not released when it was asked for",
    "untold": "it is not known whether it was released",
}


def read_fetched(folder: Path) -> Mapping[str, Readout]:
    """Read the answers in force in a folder of fetched ones.

    Parameters
    ----------
    folder : Path
        With the manifest of `leachwatch.trade.fetching`; it need not be there.

    Returns
    -------
    mapping of str to Readout
        By name of file. Where the manifest says that figures were out and the answer is whole, what has no
        row is zero; elsewhere it is missing, and a warning says so.

    Raises
    ------
    RecordError
        If the manifest or an answer cannot be read, or an answer is not as it came.
    """
    kept = read_manifest(folder).kept
    return {name: _read(folder / ANSWERS / name, kept[name]) for name in sorted(kept)}


def _read(path: Path, kept: Kept) -> Readout:
    if digest_of(path) != kept.sha256:
        raise RecordError(f"{path}: is not there, or not as it came; run `leachwatch trade fetch` again")
    readout = read_comtrade(path)
    readout = replace(readout, cut=readout.cut or kept.truncated)
    states = {period: kept.state(period) for period in kept.asked.periods}
    for state, why in _WHY.items():
        if open_ := [period for period in kept.asked.periods if states[period] == state]:
            said = f"{path.name}: {listed(open_)}: {why}, so that no row is not zero"
            readout = replace(readout, warnings=(*readout.warnings, said))
    asked = _asked(kept, [period for period in kept.asked.periods if states[period] == "answered"])
    return fill_zeros(readout, asked, source_id=path.name, source=SOURCE) if asked else readout


def _asked(kept: Kept, periods: list[str]) -> Asked | None:
    """Cells whose absence means that there was no trade; None where there are none."""
    query = kept.asked
    reporter, partners = iso_of(query.reporter), [iso_of(partner) for partner in query.partners]
    named = tuple(partner for partner in partners if partner is not None)
    if reporter is None or not named or not periods:
        return None
    return Asked(reporter, query.flow, query.codes, named, tuple(parse_time(one) for one in periods))

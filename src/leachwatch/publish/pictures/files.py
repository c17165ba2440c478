"""All pictures of an ``out`` folder, written together."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from leachwatch import tables
from leachwatch.errors import OutputError
from leachwatch.publish.pictures.controllers import counts_of, sites_by_controller
from leachwatch.publish.pictures.expansion import expansion_maps
from leachwatch.publish.pictures.shocks import shock_picture
from leachwatch.publish.pictures.still import Still, of_chart
from leachwatch.publish.projection import Frames, project
from leachwatch.publish.trade_projection import TradeFrames, project_trade
from leachwatch.publish.trade_section import drawn
from leachwatch.writing import write_together

__all__ = ["draw_pictures"]


def draw_pictures(
    out: Path,
    folder: Path,
    *,
    simulated: bool = False,
    statements: Sequence[Any] = (),
    progress: Callable[[str, int, int], None] = lambda _what, _done, _total: None,
) -> tuple[Path, ...]:
    """Draw the pictures of an ``out`` folder: SVG, PNG at twice the size, words and data of each.

    The expansion map of every area with all years and of each year, imports by year and by month, breaks in
    them, Myanmar's shares of supply, dues by regime, and sites by controller through time, as far as the
    tables are there. Equal tables give equal bytes.

    Parameters
    ----------
    out : Path
        Folder with tables.
    folder : Path
        Where to; made if it is not there.
    simulated : bool
        True marks the pictures of the ground as simulated even where no site says so.
    statements : sequence
        What the series of trade were made from, so that their sources are named.
    progress : callable
        Told how many ``pictures`` are drawn, of how many.

    Returns
    -------
    tuple of Path
        Files written, by name.

    Raises
    ------
    TableError
        If a table does not keep the contract.
    OutputError
        If a file cannot be written; then none is.
    """
    stills = [*_ground(out, simulated=simulated), *_trade(out, statements)]
    content: dict[Path, bytes | str] = {}
    for done, still in enumerate(stills, start=1):
        content |= {folder / name: part for name, part in still.files().items()}
        progress("pictures", done, len(stills))
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"{folder}: cannot be made ({error.strerror}); choose another folder") from error
    write_together(content)
    return tuple(sorted(content))


def _ground(out: Path, *, simulated: bool) -> Iterator[Still]:
    if not (out / tables.SITES.file_name).exists():
        return
    account = project(Frames.read(out), title="", simulated=simulated, made=None)
    yield from expansion_maps(account)
    if (out / tables.CONTROL_COUNTS.file_name).exists():
        counts = counts_of(tables.read(out, tables.CONTROL_COUNTS))
        held = sites_by_controller(counts, simulated=account.simulated)
        if held is not None:
            yield held


def _trade(out: Path, statements: Sequence[Any]) -> Iterator[Still]:
    trade = project_trade(TradeFrames.read(out), statements)
    yield from (of_chart(chart, told) for chart, told in drawn(trade))
    broke = shock_picture(trade.shocks, trade.events)
    if broke is not None:
        yield broke

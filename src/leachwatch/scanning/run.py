"""The scan: every tile of an area in turn, then sites across all of them."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from leachwatch import tables
from leachwatch.case import Area, Period
from leachwatch.detect import group, join, judge, measure
from leachwatch.errors import CatalogError, OutputError
from leachwatch.history import HistorySettings, outline, survey, trace
from leachwatch.imagery import Finding, Scene, find, from_lonlat, refuse_wrong_offsets, session
from leachwatch.scanning import rows
from leachwatch.scanning.caveats import caveats
from leachwatch.scanning.report import MANIFEST, Report, manifest_files
from leachwatch.scanning.settings import ScanSettings
from leachwatch.scanning.tiles import Progress, TileResult, work_tiles
from leachwatch.scanning.watched import Watched, watch
from leachwatch.writing import write_together

__all__ = ["scan"]


def scan(
    catalog: str | Path,
    areas: Sequence[Area],
    period: Period,
    out: str | Path,
    *,
    settings: ScanSettings | None = None,
    progress: Progress = lambda _done, _total: None,
) -> Report:
    """Find the leach mines of some areas in the scenes of a period.

    Parameters
    ----------
    catalog : str or Path
        A static STAC catalog or a folder of items, on disk.
    areas : sequence of Area
        What to watch.
    period : Period
        When.
    out : str or Path
        Folder for the tables; made if it is not there. The tables of an earlier scan in it are replaced, all
        at once, and its page is taken away.
    settings : ScanSettings, optional
        Everything that can be set.
    progress : callable
        Told how many tiles of how many are done.

    Returns
    -------
    Report
        What was found, and what could not be used.

    Raises
    ------
    CatalogError
        If the catalog cannot be used, or no scene of it can be read or trusted.
    AreaError
        If no scene touches any of the areas.
    OutputError
        If the tables cannot be written.
    """
    settings = settings or ScanSettings()
    out = Path(out)
    finding = _trusted(
        find(catalog, period.first, period.last, (*settings.detect.bands, "scl")), catalog, settings
    )
    watched = watch(areas, finding)
    with _folder(out):
        results = list(work_tiles(finding.scenes, watched.by_zone, period, settings, progress))
        used = frozenset[str]().union(*(result.used for result in results))
        scenes = tuple(scene for scene in finding.scenes if scene.id in used)
        _check_read(scenes, results, catalog)
        accounts, rejected = _accounts(results, areas, watched, period, settings)
        simulated = any(scene.simulated for scene in scenes)
        frames = _frames(accounts, results, settings.history, simulated=simulated)
        coverage = frames[tables.COVERAGE]
        report = Report(
            out=out,
            period=(period.first, period.last),
            rows={table.name: len(frame) for table, frame in frames.items()},
            tiers=dict(Counter(str(account.judgement.tier) for account in accounts)),
            scenes=len(scenes),
            days=tuple(sorted({scene.day for scene in scenes})),
            clear_share=float(
                np.average(coverage["clear_share"], weights=shapely.area(coverage["geometry"]))
            ),
            covered_share=watched.covered_share,
            skipped=tuple(
                sorted({*finding.skipped, *(skip for result in results for skip in result.skipped)})
            ),
            failed={result.tile.name: result.failure for result in results if result.failure},
            simulated=simulated,
            fired=_fired(results),
            candidates=sum(int(result.hits.pool.sum()) for result in results if result.hits),
            rejected=dict(rejected),
            caveats=caveats(scenes, finding, results, watched, period, settings),
        )
        _write(report, frames, areas, scenes, settings)
    return report


def _trusted(finding: Finding, catalog: str | Path, settings: ScanSettings) -> Finding:
    """Leave out scenes whose offset is not what their items say."""
    with session():
        refused = refuse_wrong_offsets(finding.scenes, settings.radiometry)
    names = {one.scene for one in refused}
    scenes = tuple(scene for scene in finding.scenes if scene.id not in names)
    if not scenes:
        raise CatalogError(
            f"{catalog}: all {len(refused)} scenes are refused ({refused[0].scene}: {refused[0].reason}); "
            "fetch them from another provider"
        )
    return Finding(scenes, tuple(sorted({*finding.skipped, *refused})))


@contextmanager
def _folder(out: Path) -> Iterator[None]:
    """Make the folder, see that it may be written, and take it away again if it was made for nothing."""
    made = not out.exists()
    strangers = [table.file_name for table in tables.TABLES if (out / table.file_name).exists()]
    if strangers and not (out / MANIFEST).exists():
        raise OutputError(f"{out}: holds a {strangers[0]} that no scan wrote; choose another --out")
    try:
        out.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=out):
            pass
    except OSError as error:
        raise OutputError(f"{out}: cannot be written ({error.strerror}); choose another --out") from error
    try:
        yield
    finally:
        if made:
            with suppress(OSError):
                out.rmdir()


def _write(
    report: Report,
    frames: dict[tables.Table, Any],
    areas: Sequence[Area],
    scenes: Sequence[Scene],
    settings: ScanSettings,
) -> None:
    """Write all tables and the manifest at once; a page made from older tables goes."""
    content = {table.file_name: tables.encode(table, frame) for table, frame in frames.items()}
    everything = content | manifest_files(report, content, asdict(settings), areas, scenes)
    page = report.out / "index.html"
    try:
        page.unlink(missing_ok=True)
    except OSError as error:
        raise OutputError(f"{page}: cannot be taken away ({error.strerror}); delete it") from error
    write_together({report.out / name: part for name, part in everything.items()})


def _check_read(scenes: Sequence[Scene], results: Sequence[TileResult], catalog: str | Path) -> None:
    if scenes:
        return
    failures = sorted({result.failure for result in results if result.failure})
    skipped = sorted({skipped for result in results for skipped in result.skipped})
    if failures:
        raise CatalogError(f"{catalog}: no tile could be worked ({failures[0]})")
    raise CatalogError(
        f"{catalog}: none of the {len(skipped)} scenes over the area can be read "
        f"({skipped[0].scene}: {skipped[0].reason}); fetch them again"
        if skipped
        else f"{catalog}: no scene covers the area; check the area and the dates"
    )


def _accounts(
    results: Sequence[TileResult],
    areas: Sequence[Area],
    watched: Watched,
    period: Period,
    settings: ScanSettings,
) -> tuple[list[rows.SiteAccount], Counter[str]]:
    """Group, judge and date what the tiles found, zone by zone; sites beside the area are none of ours."""
    accounts: list[rows.SiteAccount] = []
    rejected: Counter[str] = Counter()
    for epsg, ground in watched.by_zone.items():
        parts = [result.hits for result in results if result.tile.epsg == epsg and result.hits]
        named = [(area.name, from_lonlat(area.geometry, epsg)) for area in areas]
        for hits in group(join(parts), settings.detect) if parts else ():
            if not ground.intersects(outline(hits, hits.pool)):
                continue
            shape = measure(hits, settings.detect)
            judgement = judge(shape, settings.detect)
            if judgement.tier is None:
                rejected[judgement.lookalike] += 1
                continue
            site = survey(hits, settings.history)
            timeline = trace(hits, site, list(period.months()), settings.history)
            if not any(spell.state == "active" for spell in timeline.spells):
                rejected["never active"] += 1
                continue
            name = max(named, key=lambda area: area[1].intersection(site.outline).area)[0]
            accounts.append(rows.SiteAccount(name, hits, shape, judgement, site, timeline))
    return accounts, rejected


def _frames(
    accounts: Sequence[rows.SiteAccount],
    results: Sequence[TileResult],
    settings: HistorySettings,
    *,
    simulated: bool,
) -> dict[tables.Table, Any]:
    """Every table of the scan, checked against the contract before any is written."""
    named = list(zip(rows.unique_ids(accounts), accounts, strict=True))
    content: dict[tables.Table, list[rows.Row]] = {
        tables.SITES: [rows.site_row(name, one, settings, simulated=simulated) for name, one in named],
        tables.SITE_MONTHS: [row for name, one in named for row in rows.month_rows(name, one, settings)],
        tables.SPELLS: [row for name, account in named for row in rows.spell_rows(name, account)],
        tables.PATCHES: [row for name, account in named for row in rows.patch_rows(name, account)],
        tables.COVERAGE: [row for result in results for row in result.coverage],
    }
    return {table: table.frame(table_rows) for table, table_rows in content.items()}


def _fired(results: Sequence[TileResult]) -> dict[str, int]:
    """Pixels that speak for a pool by day, over all tiles; a day on which none does keeps its 0."""
    total = Counter[str]()
    for result in results:
        total.update(result.fired)
    return dict(sorted(total.items()))

"""The scan: every tile of an area in turn, then sites across all of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from leachwatch import tables
from leachwatch.case import Area, Period
from leachwatch.detect import group, join, judge, measure
from leachwatch.errors import AreaError, CatalogError, OutputError
from leachwatch.history import HistorySettings, survey, trace
from leachwatch.imagery import Finding, find, from_lonlat, to_lonlat
from leachwatch.scan import rows
from leachwatch.scan.report import Report, fingerprint, write_manifest
from leachwatch.scan.settings import ScanSettings
from leachwatch.scan.tiles import Progress, TileResult, work_tiles

__all__ = ["scan"]


def scan(
    catalog: Path,
    areas: Sequence[Area],
    period: Period,
    out: Path,
    *,
    settings: ScanSettings | None = None,
    progress: Progress = lambda _done, _total: None,
) -> Report:
    """Find the leach mines of some areas in the scenes of a period.

    Parameters
    ----------
    catalog : Path
        A static STAC catalog or a folder of items, on disk.
    areas : sequence of Area
        What to watch.
    period : Period
        When.
    out : Path
        Folder for the tables; made if it is not there.
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
        If the catalog cannot be used, or no scene of it can be read.
    AreaError
        If no scene touches any of the areas.
    OutputError
        If the tables cannot be written.
    """
    settings = settings or ScanSettings()
    finding = find(catalog, period.first, period.last, (*settings.detect.bands, "scl"))
    watched = _watched(areas, finding)
    _check_writable(out)
    results = list(work_tiles(finding.scenes, watched, period, settings, progress))
    _check_read(results, catalog)
    accounts, rejected = _accounts(results, areas, finding, period, settings)
    frames = _frames(accounts, results, settings.history)
    for table, frame in frames.items():
        tables.write(out, table, frame)
    used = frozenset[str]().union(*(result.used for result in results))
    scenes = tuple(scene for scene in finding.scenes if scene.id in used)
    report = Report(
        out=out,
        rows={table.name: len(frame) for table, frame in frames.items()},
        tiers=dict(Counter(str(account.judgement.tier) for account in accounts)),
        scenes=len(scenes),
        looks=len({scene.day for scene in scenes}),
        clear_share=float(frames[tables.COVERAGE]["clear_share"].mean()),
        skipped=tuple(sorted({*finding.skipped, *(skip for result in results for skip in result.skipped)})),
        uncovered=_uncovered(areas, finding),
        simulated=any(scene.simulated for scene in scenes),
        fired=_fired(results),
        candidates=sum(int(result.hits.pool.sum()) for result in results),
        rejected=dict(rejected),
    )
    write_manifest(report, asdict(settings), fingerprint(scenes))
    return report


def _watched(areas: Sequence[Area], finding: Finding) -> dict[int, BaseGeometry]:
    """Part of the areas to watch in each UTM zone: what its scenes cover and no earlier zone watches."""
    whole = shapely.union_all([area.geometry for area in areas])
    left, watched = whole, {}
    for epsg in finding.epsgs:
        covered = shapely.union_all([scene.footprint for scene in finding.scenes if scene.epsg == epsg])
        here = from_lonlat(left, epsg).intersection(covered)
        if here.area > 0:
            watched[epsg] = here
            left = left.difference(to_lonlat(covered, epsg))
    if not watched:
        extent = to_lonlat(finding.scenes[0].footprint, finding.scenes[0].epsg).bounds
        raise AreaError(
            "the area lies outside every scene: it reaches "
            f"{_degrees(whole.bounds)}, a scene {_degrees(extent)}; check lon, lat order and the catalog"
        )
    return watched


def _degrees(bounds: tuple[float, float, float, float]) -> str:
    west, south, east, north = bounds
    return f"from {west:.2f}, {south:.2f} to {east:.2f}, {north:.2f}"


def _check_writable(out: Path) -> None:
    try:
        out.mkdir(parents=True, exist_ok=True)
        probe = out / ".leachwatch.part"
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as error:
        raise OutputError(f"{out}: cannot be written ({error.strerror}); choose another --out") from error


def _check_read(results: Sequence[TileResult], catalog: Path) -> None:
    if any(result.used for result in results):
        return
    skipped = sorted({skipped for result in results for skipped in result.skipped})
    raise CatalogError(
        f"{catalog}: none of the {len(skipped)} scenes over the area can be read "
        f"({skipped[0].scene}: {skipped[0].reason}); fetch them again"
        if skipped
        else f"{catalog}: no scene covers the area; check the area and the dates"
    )


def _accounts(
    results: Sequence[TileResult],
    areas: Sequence[Area],
    finding: Finding,
    period: Period,
    settings: ScanSettings,
) -> tuple[list[rows.SiteAccount], Counter[str]]:
    """Group, judge and date what the tiles found, zone by zone."""
    accounts: list[rows.SiteAccount] = []
    rejected: Counter[str] = Counter()
    simulated = any(scene.simulated for scene in finding.scenes)
    for epsg in finding.epsgs:
        parts = [result.hits for result in results if result.tile.epsg == epsg]
        if not parts:
            continue
        named = [(area.name, from_lonlat(area.geometry, epsg)) for area in areas]
        for hits in group(join(parts), settings.detect):
            shape = measure(hits, settings.detect)
            judgement = judge(shape, settings.detect)
            if judgement.tier is None:
                rejected[judgement.lookalike] += 1
                continue
            ground = survey(hits)
            timeline = trace(hits, ground, list(period.months()), settings.history)
            if not any(spell.state == "active" for spell in timeline.spells):
                rejected["never active"] += 1
                continue
            name = max(named, key=lambda area: area[1].intersection(ground.outline).area)[0]
            accounts.append(rows.SiteAccount(name, simulated, hits, shape, judgement, ground, timeline))
    return accounts, rejected


def _frames(
    accounts: Sequence[rows.SiteAccount], results: Sequence[TileResult], settings: HistorySettings
) -> dict[tables.Table, Any]:
    """Every table of the scan, checked against the contract before any is written."""
    named = list(zip(rows.unique_ids(accounts), accounts, strict=True))
    content: dict[tables.Table, list[rows.Row]] = {
        tables.SITES: [rows.site_row(name, account, settings) for name, account in named],
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


def _uncovered(areas: Sequence[Area], finding: Finding) -> tuple[str, ...]:
    footprints = shapely.union_all([to_lonlat(scene.footprint, scene.epsg) for scene in finding.scenes])
    return tuple(area.name for area in areas if not area.geometry.intersects(footprints))

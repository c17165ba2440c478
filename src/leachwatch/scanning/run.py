"""The scan: every tile of an area in turn, then sites across all of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from leachwatch import __version__, films, tables
from leachwatch.case import Area, Period
from leachwatch.detect import digest, group, join, judge, load_model, measure
from leachwatch.errors import CatalogError, OutputError
from leachwatch.history import HistorySettings, outline, survey, trace
from leachwatch.imagery import Access, Arena, Room, Scene, check_second_opinion, from_lonlat, open_source
from leachwatch.scanning import groups, rows
from leachwatch.scanning.caveats import caveats
from leachwatch.scanning.crew import work_tiles
from leachwatch.scanning.filming import film_sites
from leachwatch.scanning.gather import Gathered, search, trust
from leachwatch.scanning.journal import Journal, Marks
from leachwatch.scanning.log import note_report, note_scenes, noting_hosts
from leachwatch.scanning.past import Identity, Past, identify, read_past
from leachwatch.scanning.plan import check_budget
from leachwatch.scanning.report import Report, manifest_files
from leachwatch.scanning.result import TileResult
from leachwatch.scanning.settings import Progress, ScanSettings
from leachwatch.scanning.tiles import Work
from leachwatch.scanning.watched import Watched, watch
from leachwatch.scanning.workplace import workplace
from leachwatch.writing import write_together

__all__ = ["scan"]


def scan(  # noqa: PLR0913 - each is one thing that a user may set
    catalog: str | Path,
    areas: Sequence[Area],
    period: Period,
    out: str | Path,
    *,
    access: Access | None = None,
    settings: ScanSettings | None = None,
    reviews: Path | None = None,
    scheduler: str = "",
    progress: Progress = lambda _what, _done, _total: None,
) -> Report:
    """Find the leach mines of some areas in the scenes of a period.

    Parameters
    ----------
    catalog : str or Path
        A name such as ``earth-search``, the address of a STAC API or of a static catalog, or the path of a
        static catalog or of a folder of items.
    areas : sequence of Area
        What to watch.
    period : Period
        When.
    out : str or Path
        Folder for the tables, made if it is not there, or a URL such as ``s3://bucket/kachin``, where there
        are no films. The tables of an earlier scan in it are replaced, all
        at once, and its page and strips are taken away; sites that it knew keep their ids. Tiles that an
        earlier scan worked are not worked again unless something they were made from has changed.
    access : Access, optional
        What may be asked of whom; what is fetched is kept in ``out`` if it names no cache.
    settings : ScanSettings, optional
        Everything that can be set.
    reviews : Path, optional
        Record of what people decided about sites; by default ``reviews.jsonl`` in `out`, if it is there.
    scheduler : str
        Address of the scheduler of a Dask cluster that works the tiles; empty for threads of this process.
    progress : callable
        Told what is counted (``scenes`` that are verified, then ``tiles`` and ``MB`` that are fetched, then
        ``strips`` of sites), how many are done, of how many.

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
    NetworkError
        If there is no network to use, or more would be fetched than may be.
    MaskError
        If a second mask is asked for that is not installed.
    ClusterError
        If there is no such cluster, its workers are of another version, or it is lost for good.
    OutputError
        If the tables cannot be written, another scan is writing them, or a newer version wrote them.
    RecordError
        If the record of reviews is broken.
    """
    settings, access = settings or ScanSettings(), access or Access()
    if settings.clear.second_opinion:
        check_second_opinion()
    with workplace(out) as place, place.logging(**_begun(catalog, period)) as log:
        past = read_past(place.out, reviews)
        access = replace(access, cache=access.cache or place.cache)
        with open_source(catalog, access) as source, noting_hosts(log, source.traffic):
            found = search(source, areas, period, settings)
            expected = check_budget(source, found, areas, period, settings)
            gathered = trust(source, found, settings, progress)
            note_scenes(log, gathered)
            watched = watch(areas, gathered.scenes)
            journal = Journal(place.tiles, settings)
            work = Work(
                source=source,
                scenes=gathered.scenes,
                watched=watched.by_zone,
                period=period,
                settings=settings,
                journal=journal,
                marks=Marks(),
                room=Room(settings.memory, place.work, Arena()),
            )
            results = work_tiles(work, place, scheduler=scheduler, expected=expected, progress=progress)
            report, sites = _reported(results, gathered, watched, areas, work, place.out, past)
            if place.url is None:
                film_sites(sites, work, place.out, progress)
            note_report(log, report)
        place.settle()
        journal.tidy()
    return replace(report, url=place.url.address if place.url else "")


def _begun(catalog: str | Path, period: Period) -> dict[str, str]:
    return {
        "leachwatch": __version__,
        "catalog": str(catalog),
        "first": period.first.isoformat(),
        "last": period.last.isoformat(),
    }


def _reported(  # noqa: PLR0913, PLR0917 - all that a scan has gathered
    results: Sequence[TileResult],
    gathered: Gathered,
    watched: Watched,
    areas: Sequence[Area],
    work: Work,
    out: Path,
    past: Past,
) -> tuple[Report, list[tuple[str, rows.SiteAccount]]]:
    """Make the tables of all tiles, and write them; the sites with their ids go on to be filmed."""
    period, settings = work.period, work.settings
    used = frozenset[str]().union(*(result.used for result in results))
    scenes = tuple(scene for scene in gathered.scenes if scene.id in used)
    _check_read(scenes, results, work.source.name)
    accounts, weighed, rejected = _accounts(results, areas, watched, period, settings)
    simulated = any(scene.simulated for scene in scenes)
    identities = identify([account.found for account in accounts], past, simulated=simulated)
    named = list(zip(identities.by_site, accounts, strict=True))
    frames = _frames(named, results, period, settings.history, simulated=simulated)
    coverage = frames[tables.COVERAGE]
    traffic = work.source.traffic
    report = Report(
        out=out,
        period=(period.first, period.last),
        rows={table.name: len(frame) for table, frame in frames.items()},
        tiers=dict(Counter(str(account.judgement.tier) for account in accounts)),
        scenes=len(scenes),
        days=tuple(sorted({scene.day for scene in scenes})),
        clear_share=float(np.average(coverage["clear_share"], weights=shapely.area(coverage["geometry"]))),
        covered_share=watched.covered_share,
        skipped=tuple(sorted({*gathered.skipped, *(one for result in results for one in result.skipped)})),
        failed={result.tile.name: result.failure for result in results if result.failure},
        simulated=simulated,
        fired=_fired(results),
        candidates=sum(int(result.hits.pool.sum()) for result in results if result.hits),
        rejected=dict(rejected),
        catalog=work.source.address if work.source.catalog_host else "this disk",
        reviewed=identities.reviewed,
        past=past.inputs,
        caveats=(*caveats(scenes, gathered, results, watched, period, settings), *identities.notes),
        clouded=tuple(sorted({one.scene for one in gathered.clouded})),
        tiles=len(results),
        kept=sum(result.kept for result in results),
        read=work.source.read.total,
        traffic={host: (traffic.requests[host], traffic.received[host]) for host in traffic.requests},
    )
    _write(report, out, frames, weighed, areas, scenes, settings)
    return report, [(identity.site_id, account) for identity, account in named]


def _write(  # noqa: PLR0913, PLR0917 - all that is written
    report: Report,
    out: Path,
    frames: dict[tables.Table, Any],
    weighed: Sequence[groups.Weighed],
    areas: Sequence[Area],
    scenes: Sequence[Scene],
    settings: ScanSettings,
) -> None:
    """Write all tables, what was weighed and the manifest at once; page and films of older tables go."""
    content = {table.file_name: tables.encode(table, frame) for table, frame in frames.items()}
    everything = content | manifest_files(report, content, _said(settings), areas, scenes)
    everything[groups.FILE] = groups.encode_groups(weighed)
    page = out / "index.html"
    try:
        page.unlink(missing_ok=True)
    except OSError as error:
        raise OutputError(f"{page}: cannot be taken away ({error.strerror}); delete it") from error
    films.clear(out)
    write_together({out / name: part for name, part in everything.items()})


def _said(settings: ScanSettings) -> dict[str, Any]:
    """Everything that was set, as the manifest names it; of the model what it holds, not where it lies."""
    said = asdict(settings)
    said["detect"]["model"] = digest(settings.detect.model)
    return said


def _check_read(scenes: Sequence[Scene], results: Sequence[TileResult], catalog: str) -> None:
    if scenes:
        return
    failures = sorted({result.failure for result in results if result.failure})
    skipped = sorted({skipped for result in results for skipped in result.skipped})
    if failures:
        raise CatalogError(f"{catalog}: no tile could be worked ({failures[0]})")
    mend = "" if skipped and "--" in skipped[0].reason else "; fetch them again"
    raise CatalogError(
        f"{catalog}: none of the {len(skipped)} scenes over the area can be read "
        f"({skipped[0].scene}: {skipped[0].reason}){mend}"
        if skipped
        else f"{catalog}: no scene covers the area; check the area and the dates"
    )


def _accounts(
    results: Sequence[TileResult],
    areas: Sequence[Area],
    watched: Watched,
    period: Period,
    settings: ScanSettings,
) -> tuple[list[rows.SiteAccount], list[groups.Weighed], Counter[str]]:
    """Group, judge and date what the tiles found, zone by zone; sites beside the area are none of ours."""
    accounts: list[rows.SiteAccount] = []
    weighed: list[groups.Weighed] = []
    rejected: Counter[str] = Counter()
    model = load_model(settings.detect.model)
    factor, spread = model.area_error
    history = replace(settings.history, area_factor=factor, area_spread=spread)
    for epsg, ground in watched.by_zone.items():
        here = [result for result in results if result.tile.epsg == epsg]
        parts = [result.hits for result in here if result.hits]
        days = frozenset[date]().union(*(result.days for result in here))
        named = [(area.name, from_lonlat(area.geometry, epsg)) for area in areas]
        for hits in group(join(parts, days), settings.detect) if parts else ():
            pools = outline(hits, hits.pool)
            if not ground.intersects(pools):
                continue
            whole = measure(hits, settings.detect)
            judgement = judge(whole, model, settings.detect)
            weighed.append(groups.Weighed.of(hits, pools, whole, judgement))
            if judgement.tier is None:
                rejected[judgement.lookalike] += 1
                continue
            site = survey(hits, history)
            timeline = trace(hits, site, list(period.months()), history)
            if not any(spell.state == "active" for spell in timeline.spells):
                rejected["never active"] += 1
                continue
            name = max(named, key=lambda area: area[1].intersection(site.outline).area)[0]
            accounts.append(rows.SiteAccount(name, hits, whole, judgement, site, timeline))
    return accounts, weighed, rejected


def _frames(
    named: Sequence[tuple[Identity, rows.SiteAccount]],
    results: Sequence[TileResult],
    period: Period,
    settings: HistorySettings,
    *,
    simulated: bool,
) -> dict[tables.Table, Any]:
    """Every table of the scan, checked against the contract before any is written."""
    by_id = [(identity.site_id, account) for identity, account in named]
    content: dict[tables.Table, list[rows.Row]] = {
        tables.SITES: [rows.site_row(who, one, settings, simulated=simulated) for who, one in named],
        tables.SITE_MONTHS: [row for name, one in by_id for row in rows.month_rows(name, one)],
        tables.SPELLS: [row for name, account in by_id for row in rows.spell_rows(name, account)],
        tables.PATCHES: [row for name, account in by_id for row in rows.patch_rows(name, account)],
        tables.COVERAGE: [row for result in results for row in result.coverage(period)],
    }
    return {table: table.frame(table_rows) for table, table_rows in content.items()}


def _fired(results: Sequence[TileResult]) -> dict[str, int]:
    """Pixels that speak for a pool by day, over all tiles; a day on which none does keeps its 0."""
    total = Counter[date]()
    for result in results:
        total.update({**dict.fromkeys(result.days, 0), **result.fired})
    return {day.isoformat(): count for day, count in sorted(total.items())}

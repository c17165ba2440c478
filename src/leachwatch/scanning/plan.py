"""Plan: what a scan would fetch, from whom, and what each host would learn by it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from leachwatch.case import Area, Period
from leachwatch.errors import NetworkError
from leachwatch.imagery import (
    PIXEL_M,
    Access,
    Asset,
    Band,
    Scene,
    Source,
    Tile,
    host_of,
    open_source,
)
from leachwatch.scanning.gather import Gathered, search
from leachwatch.scanning.grounds import Ground, Grounds
from leachwatch.scanning.jobs import jobs_over
from leachwatch.scanning.settings import ScanSettings
from leachwatch.scanning.watched import watch

__all__ = ["HostUse", "Plan", "PlannedScene", "check_budget", "plan_scan"]

_BLOCK = 1024
"""Pixels along a block of Earth Search's files; a host sees which blocks are read, no finer."""
_BYTES_A_PIXEL, _CLASS_BYTES_A_PIXEL = 2.0, 0.5
"""Of packed pixels, where the item does not say how long its files are: a plan had better say too much."""
_HEAD = 32_768


@dataclass(frozen=True)
class PlannedScene:
    """One scene that would be read.

    Attributes
    ----------
    scene : str
        Its id.
    day : date
        Acquisition.
    granule : str
        Its MGRS square; empty where the item does not say it.
    bytes : int
        About how much of it would be read.
    """

    scene: str
    day: date
    granule: str
    bytes: int


@dataclass(frozen=True)
class HostUse:
    """What one host would be asked, and would learn.

    Attributes
    ----------
    host : str
        Scheme, host and port.
    bytes : int
        About how much it would give.
    learns : str
        In plain words.
    """

    host: str
    bytes: int
    learns: str


@dataclass(frozen=True)
class Plan:
    """What a scan would fetch.

    Attributes
    ----------
    catalog : str
        As given.
    scenes : tuple of PlannedScene
        By day.
    skipped : int
        Scenes that could not be used, whatever is fetched.
    tiles : int
        Squares that would be worked.
    bytes : int
        About how much would be read, from hosts or from this disk.
    hosts : tuple of HostUse
        None where all is on this disk, or the network is forbidden.
    whole : bool
        Whether whole files would be fetched.
    """

    catalog: str
    scenes: tuple[PlannedScene, ...]
    skipped: int
    tiles: int
    bytes: int
    hosts: tuple[HostUse, ...]
    whole: bool = False

    def as_dict(self) -> dict[str, Any]:
        """Plain values, as for JSON."""
        plain = asdict(self)
        return plain | {"scenes": [one | {"day": one["day"].isoformat()} for one in plain["scenes"]]}


def plan_scan(
    catalog: str | Path,
    areas: Sequence[Area],
    period: Period,
    *,
    access: Access | None = None,
    settings: ScanSettings | None = None,
) -> Plan:
    """Say what a scan would fetch. The catalog is asked which scenes there are; no picture is fetched.

    Parameters
    ----------
    catalog, areas, period, access, settings
        As of a scan.

    Returns
    -------
    Plan

    Raises
    ------
    CatalogError, AreaError, NetworkError
        As of a scan.
    """
    settings = settings or ScanSettings()
    with open_source(catalog, access) as source:
        gathered = search(source, areas, period, settings)
        return _plan(source, gathered, areas, period, settings)


def check_budget(
    source: Source, gathered: Gathered, areas: Sequence[Area], period: Period, settings: ScanSettings
) -> int:
    """See before anything is fetched that it may be, and that there is room for it.

    Returns
    -------
    int
        About how many bytes will be.

    Raises
    ------
    NetworkError
        Which says how much it would be.
    """
    if not source.remote or source.access.offline:
        return 0
    access = source.access
    expected = max(_plan(source, gathered, areas, period, settings).bytes - source.mirror.stored, 0)
    if access.most_bytes is not None and expected > access.most_bytes:
        raise NetworkError(
            f"{source.name}: about {expected / 1e6:,.0f} MB would be fetched, and "
            f"{access.most_bytes / 1e6:,.0f} MB may be in one run; allow more with --max-bytes, "
            "or watch less (see --plan)"
        )
    if access.whole_scenes and expected > access.cache_bytes:
        raise NetworkError(
            f"{source.name}: whole scenes of about {expected / 1e6:,.0f} MB would be kept, and "
            f"{access.cache_bytes / 1e6:,.0f} MB may be; allow more with --cache-bytes, or take fewer months"
        )
    return expected


def _plan(
    source: Source, gathered: Gathered, areas: Sequence[Area], period: Period, settings: ScanSettings
) -> Plan:
    by_zone = watch(areas, gathered.scenes).by_zone
    grounds = Grounds(gathered.scenes)
    windows: dict[Ground, list[Tile]] = {ground: [] for ground in grounds}
    tiles = 0
    for job in jobs_over(by_zone, gathered.scenes, settings):
        tiles += 1
        for ground in grounds.under(job.window):
            windows[ground].append(job.window)
    whole = source.access.whole_scenes and source.remote
    count = _Blocks(windows)
    needed = [
        (scene, {band: _bytes(scene, band, count, settings, whole=whole) for band in scene.assets})
        for scene in gathered.scenes
        if windows[scene.epsg, scene.bounds]
    ]
    scenes = tuple(
        PlannedScene(scene.id, scene.day, scene.granule, sum(by_band.values())) for scene, by_band in needed
    )
    hosts = Counter[str]()
    for scene, by_band in needed:
        for band, expected in by_band.items():
            if scene.assets[band].remote:
                hosts[host_of(scene.assets[band].href)] += expected
    return Plan(
        catalog=source.name,
        scenes=scenes,
        skipped=len({one.scene for one in gathered.skipped}),
        tiles=tiles,
        bytes=sum(one.bytes for one in scenes),
        hosts=tuple(_hosts(source, gathered, hosts, f"{period.first} to {period.last}", whole=whole)),
        whole=whole,
    )


def _hosts(
    source: Source, gathered: Gathered, given: Counter[str], days: str, *, whole: bool
) -> Iterator[HostUse]:
    """Say what each host learns of whoever asks it, and of the place; offline nobody is asked."""
    if source.access.offline:
        return
    somebody = "that somebody at your address"
    if source.catalog_host:
        asked = _asked(gathered, days)
        yield HostUse(source.catalog_host, 0, f"{somebody} {asked}; it has been asked just now")
    if source.token_host and given:
        yield HostUse(source.token_host, 0, f"{somebody} is about to read Sentinel-2 scenes")
    squares = ", ".join(sorted({scene.granule for scene in gathered.scenes if scene.granule}))
    of = f" of {squares}" if squares else ""
    parts = "" if whole else ", and which squares of 5 to 20 km in them: roughly your area"
    for host, expected in sorted(given.items()):
        yield HostUse(host, expected, f"{somebody} reads scenes{of}, {days}{parts}")


def _asked(gathered: Gathered, days: str) -> str:
    if not gathered.granules:
        return "reads its whole catalog, which tells nothing of your area"
    names = ", ".join(granule.name for granule in gathered.granules)
    return f"asks for {names} (squares of 110 km), {days}, not for your area"


def _bytes(scene: Scene, band: Band, blocks: _Blocks, settings: ScanSettings, *, whole: bool) -> int:
    """About how many bytes of a band are read: the blocks under the windows, and a thumbnail."""
    asset = scene.assets[band]
    west, south, east, north = scene.bounds
    pixels = (east - west) * (north - south) / asset.resolution**2
    length = asset.size or pixels * (_CLASS_BYTES_A_PIXEL if band == "scl" else _BYTES_A_PIXEL)
    if whole:
        return round(length)
    small = min(settings.radiometry.side**2, pixels) if band in (*settings.radiometry.bands, "scl") else 0
    wanted = blocks.touched(scene, asset) * _BLOCK**2 if band in (*settings.bands, "scl") else 0
    return round(min(length * (wanted + small) / pixels + _HEAD, length))


class _Blocks:
    """Blocks of files that windows touch, counted once for all looks at the same ground."""

    def __init__(self, windows: Mapping[Ground, Sequence[Tile]]) -> None:
        self._windows = windows
        self._known: dict[tuple[Ground, int], int] = {}

    def touched(self, scene: Scene, asset: Asset) -> int:
        """Count those of a scene's file."""
        ground = scene.epsg, scene.bounds
        key = ground, asset.resolution
        if key not in self._known:
            self._known[key] = _touched(ground[1], asset.resolution, self._windows[ground])
        return self._known[key]


def _touched(bounds: tuple[float, float, float, float], resolution: int, windows: Iterable[Tile]) -> int:
    west, south, east, north = bounds
    side = _BLOCK * resolution
    touched: set[tuple[int, int]] = set()
    for window in windows:
        left, bottom, right, top = window.bounds
        columns = _range(max(left, west) - west, min(right, east) - west, side)
        rows = _range(north - min(top, north), north - max(bottom, south), side)
        touched.update((row, column) for row in rows for column in columns)
    return len(touched)


def _range(first: float, last: float, side: int) -> range:
    """Blocks that a stretch of metres touches."""
    return range(int(first // side), int((last - PIXEL_M) // side) + 1)

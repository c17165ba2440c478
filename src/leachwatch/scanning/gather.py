"""Gathering: the scenes of a scan, found, near the watched ground, and with offsets that hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import shapely
from shapely.geometry import box

from leachwatch.case import Area, Period
from leachwatch.errors import CatalogError
from leachwatch.imagery import (
    Granule,
    Scene,
    Skipped,
    Source,
    Verified,
    find,
    from_lonlat,
    verify_offsets,
    zones,
)
from leachwatch.scanning.settings import Progress, ScanSettings

__all__ = ["Gathered", "search", "trust"]


@dataclass(frozen=True)
class Gathered:
    """Scenes of a scan.

    Attributes
    ----------
    scenes : tuple of Scene
        Those to read.
    skipped : tuple of Skipped
        Those that cannot be used, or must not.
    clouded : tuple of Skipped
        Those that show next to nothing but cloud.
    granules : tuple of Granule
        What a host was asked for.
    """

    scenes: tuple[Scene, ...]
    skipped: tuple[Skipped, ...]
    clouded: tuple[Skipped, ...]
    granules: tuple[Granule, ...]


def search(source: Source, areas: Sequence[Area], period: Period, settings: ScanSettings) -> Gathered:
    """Find the scenes that may show the areas; none is read.

    Raises
    ------
    CatalogError
        If the source cannot be used, or has no usable scene in the period.
    NetworkError
        If there is no network to use.
    """
    area = shapely.union_all([one.geometry for one in areas])
    bands = (*settings.needed, "scl")
    optional = tuple(
        band for band in dict.fromkeys((*settings.bands, *settings.radiometry.bands)) if band not in bands
    )
    found = find(source, area, period.first, period.last, bands, optional=optional)
    near = tuple(
        scene for epsg in zones(found.scenes) for scene in _near(found.scenes, areas, epsg, settings)
    )
    # where none is near, all are kept: whoever looks for common ground says where both are
    scenes = tuple(sorted(near, key=lambda scene: (scene.day, scene.id))) or found.scenes
    return Gathered(scenes, found.skipped, (), found.granules)


def trust(source: Source, found: Gathered, settings: ScanSettings, progress: Progress) -> Gathered:
    """Leave out the scenes whose offsets are not what their items say.

    Raises
    ------
    CatalogError
        If none can be trusted.
    NetworkError
        If there is no network to use.
    """
    total = len(found.scenes)
    verified = verify_offsets(
        found.scenes,
        settings.radiometry,
        source,
        lambda done: progress("scenes", done, total),
        threads=settings.workers,
    )
    if not verified.scenes:
        worst = (*verified.wrong, *verified.clouded)[0]
        raise CatalogError(
            f"{source.name}: none of the {len(found.scenes)} scenes over the area can be used "
            f"({worst.scene}: {worst.reason}){_mend(worst, verified)}"
        )
    skipped = tuple(sorted({*found.skipped, *verified.wrong}))
    return replace(found, scenes=verified.scenes, skipped=skipped, clouded=verified.clouded)


def _mend(worst: Skipped, verified: Verified) -> str:
    if worst in verified.clouded:
        return "; take more months"
    if "the offset" in worst.reason:
        return "; fetch them from another provider"
    return "" if "--" in worst.reason else "; fetch them again"


def _near(scenes: Sequence[Scene], areas: Sequence[Area], epsg: int, settings: ScanSettings) -> list[Scene]:
    """Scenes of a zone whose rasters come near the areas."""
    ground = from_lonlat(shapely.union_all([one.geometry for one in areas]), epsg).buffer(settings.reach_m)
    shapely.prepare(ground)
    return [scene for scene in scenes if scene.epsg == epsg and ground.intersects(box(*scene.bounds))]

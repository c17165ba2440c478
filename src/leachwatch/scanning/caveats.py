"""What a reader must know before believing a scan, in plain sentences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from leachwatch.case import Period
from leachwatch.imagery import Scene
from leachwatch.scanning.gather import Gathered
from leachwatch.scanning.result import TileResult
from leachwatch.scanning.settings import ScanSettings
from leachwatch.scanning.watched import Watched

__all__ = ["caveats"]

_A_MONTH = 31
_HARDLY = 0.005


def caveats(
    scenes: Sequence[Scene],
    gathered: Gathered,
    results: Sequence[TileResult],
    watched: Watched,
    period: Period,
    settings: ScanSettings,
) -> tuple[str, ...]:
    """Say what was not seen, and why.

    Parameters
    ----------
    scenes : sequence of Scene
        Those that were read, by day.
    gathered : Gathered
        What the search found, and what of it was trusted.
    results : sequence of TileResult
        What the tiles gave.
    watched : Watched
        Ground that was asked for and ground that the scenes have.
    period : Period
        Days that were asked for.
    settings : ScanSettings
        How many looks a pool needs.

    Returns
    -------
    tuple of str
        One sentence each; none where there is nothing to say.
    """
    return (
        *_of_ground(watched, results),
        *_of_time(scenes, period, settings.detect.pool_looks),
        *_of_scenes(gathered, results),
    )


def _of_ground(watched: Watched, results: Sequence[TileResult]) -> Iterator[str]:
    missing = 1 - watched.covered_share
    if missing > _HARDLY:
        yield f"No scene covers {missing:.1%} of the area that was asked for; nothing is known of that part."
    for name in watched.uncovered:
        yield f"No scene covers the area {name!r}."
    failed = sum(1 for result in results if result.failure)
    if failed:
        yield f"{failed} of {len(results)} tiles failed and count as not seen (see manifest.json)."


def _of_time(scenes: Sequence[Scene], period: Period, pool_looks: int) -> Iterator[str]:
    days = sorted({scene.day for scene in scenes})
    if (days[0] - period.first).days > _A_MONTH:
        yield f"The first scene is of {days[0]}; nothing is known of the time before it."
    if (period.last - days[-1]).days > _A_MONTH:
        yield f"The last scene is of {days[-1]}; nothing is known of the time after it."
    if len(days) < 2 * pool_looks:
        yield (
            f"A pool must be seen on {pool_looks} days, and scenes are of {len(days)} only: "
            "that no site was found there says nothing."
        )


def _of_scenes(gathered: Gathered, results: Sequence[TileResult]) -> Iterator[str]:
    skipped = {one.scene for one in gathered.skipped} | {
        one.scene for part in results for one in part.skipped
    }
    clouded = {one.scene for one in gathered.clouded}
    total = len({scene.id for scene in gathered.scenes} | skipped | clouded)
    if skipped:
        yield f"{len(skipped)} of {total} scenes could not be used, or not all of each (see manifest.json)."
    if clouded:
        yield f"{len(clouded)} of {total} scenes show next to nothing but cloud."
    if any(one.again for part in results for one in part.skipped):
        yield "Some files were not to be had just now; the same scan later may see more."

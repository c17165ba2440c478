"""Settings of a whole scan."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from leachwatch.detect import DetectSettings
from leachwatch.history import HistorySettings
from leachwatch.imagery import Band, ClearSettings, RadiometrySettings

__all__ = ["Progress", "ScanSettings"]


Progress = Callable[[str, int, int], None]
"""Told what is counted, how many of it are done, and of how many."""


@dataclass(frozen=True)
class ScanSettings:
    """Settings of a whole scan.

    Attributes
    ----------
    radiometry : RadiometrySettings
        What a scene's darkest ground may look like.
    clear : ClearSettings
        What counts as seen.
    detect : DetectSettings
        What counts as a pool and a site.
    history : HistorySettings
        How looks become dates.
    tile : int
        Side of a tile, pixels.
    threads : int
        Tiles worked on at a time; 0 for one a processor.
    """

    radiometry: RadiometrySettings = field(default_factory=RadiometrySettings)
    clear: ClearSettings = field(default_factory=ClearSettings)
    detect: DetectSettings = field(default_factory=DetectSettings)
    history: HistorySettings = field(default_factory=HistorySettings)
    tile: int = 512
    threads: int = 0

    @property
    def bands(self) -> tuple[Band, ...]:
        """Bands to read, without the scene classification; the second mask wants two more."""
        more: tuple[Band, ...] = ("swir16", "swir22") if self.clear.second_opinion else ()
        return (*self.detect.bands, *more)

    @property
    def reach_m(self) -> float:
        """How far beyond the area pools are looked for, so that a site on its edge is seen whole, m."""
        return 2 * self.detect.link_m

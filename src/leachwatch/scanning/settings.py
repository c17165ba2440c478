"""Settings of a whole scan."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from leachwatch.case import Case
from leachwatch.detect import DetectSettings, margin
from leachwatch.history import HistorySettings
from leachwatch.imagery import Band, ClearSettings, RadiometrySettings

__all__ = ["FilmSettings", "Progress", "ScanSettings"]


Progress = Callable[[str, int, int], None]
"""Told what is counted, how many of it are done, and of how many."""


@dataclass(frozen=True)
class FilmSettings:
    """What of a site's looks is shown.

    Attributes
    ----------
    looks : int
        How many at the most, two or more; 0 for no film at all.
    clear_share : float
        Share of the pool pixels that a look must see to be shown, 0 to 1; where none does, the best are.
    margin_m : int
        Ground that is shown around the pools, m: the forest and tracks by which a person knows the place.
    side : int
        Pixels along a picture's side at the most; a larger site is shown coarser.
    dark, bright : float
        Percentiles of reflectance that are shown black (in each colour, which takes the haze off) and white.
    least_span : float
        Reflectance from black to white at the least, so that noise over dark forest stays noise.
    gamma : float
        Exponent of what is shown over reflectance: forest is ten times darker than a pad, and must be seen
        beside it.
    """

    looks: int = 18
    clear_share: float = 0.3
    margin_m: int = 150
    side: int = 96
    dark: float = 1.0
    bright: float = 99.5
    least_span: float = 0.15
    gamma: float = 0.7


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
    film : FilmSettings
        How a site's looks are shown.
    tile : int
        Side of a tile, pixels.
    threads : int
        Tiles worked on at a time; 0 for one a processor.
    memory : int
        Bytes that the looks of a tile may take in memory, about 28 a pixel and look; where they are more,
        they lie in a file meanwhile. Forty looks of a whole tile fit.
    """

    radiometry: RadiometrySettings = field(default_factory=RadiometrySettings)
    clear: ClearSettings = field(default_factory=ClearSettings)
    detect: DetectSettings = field(default_factory=DetectSettings)
    history: HistorySettings = field(default_factory=HistorySettings)
    film: FilmSettings = field(default_factory=FilmSettings)
    tile: int = 512
    threads: int = 0
    memory: int = 500_000_000

    @classmethod
    def told(cls, *, second_mask: bool = False, model: Path | None = None) -> ScanSettings:
        """Set a scan up, as far as users do."""
        detect = DetectSettings(model=str(model.resolve()) if model else "")
        return cls(clear=ClearSettings(second_opinion=second_mask), detect=detect)

    @classmethod
    def of(cls, case: Case) -> ScanSettings:
        """Set a scan up as a case asks for it."""
        model = case.imagery.model
        return cls.told(second_mask=case.imagery.second_mask, model=case.folder / model if model else None)

    @property
    def workers(self) -> int:
        """How many things are done at a time: one a processor, unless it is set."""
        return self.threads or os.cpu_count() or 1

    @property
    def needed(self) -> tuple[Band, ...]:
        """Bands that a scene must have beside its classification; the second mask wants two more."""
        more: tuple[Band, ...] = ("swir16", "swir22") if self.clear.second_opinion else ()
        return (*self.detect.bands, *more)

    @property
    def bands(self) -> tuple[Band, ...]:
        """Bands to read, without the scene classification; those that are not needed, where there are any."""
        return tuple(dict.fromkeys((*self.needed, *self.detect.coarse)))

    @property
    def margin(self) -> int:
        """Pixels read around a tile, so that its result does not depend on where it was cut."""
        return margin(self.detect, self.clear)

    @property
    def reach_m(self) -> float:
        """How far beyond the area pools are looked for, so that a site on its edge is seen whole, m."""
        return 2 * self.detect.link_m

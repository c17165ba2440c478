"""Scenes: found, read tile by tile on their own UTM grid, and masked where the ground cannot be seen."""

from leachwatch.imagery.catalog import Finding, Skipped, find
from leachwatch.imagery.clear import ClearSettings
from leachwatch.imagery.cube import open_cube
from leachwatch.imagery.grid import PIXEL_M, Tile, from_lonlat, tiles_over, to_lonlat
from leachwatch.imagery.radiometry import RadiometrySettings, refuse_wrong_offsets
from leachwatch.imagery.reader import Stack, driver, read, session
from leachwatch.imagery.scene import BANDS, Band, Scene

__all__ = [
    "BANDS",
    "PIXEL_M",
    "Band",
    "ClearSettings",
    "Finding",
    "RadiometrySettings",
    "Scene",
    "Skipped",
    "Stack",
    "Tile",
    "driver",
    "find",
    "from_lonlat",
    "open_cube",
    "read",
    "refuse_wrong_offsets",
    "session",
    "tiles_over",
    "to_lonlat",
]

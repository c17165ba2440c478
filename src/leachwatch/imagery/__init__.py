"""Scenes: found, read tile by tile on their own UTM grid, and masked where the ground cannot be seen."""

from leachwatch.imagery.catalog import Finding, Skipped, find
from leachwatch.imagery.clear import ClearSettings
from leachwatch.imagery.cube import open_cube
from leachwatch.imagery.grid import Tile, tiles_over
from leachwatch.imagery.reader import Stack, read
from leachwatch.imagery.scene import BANDS, Band, Scene

__all__ = [
    "BANDS",
    "Band",
    "ClearSettings",
    "Finding",
    "Scene",
    "Skipped",
    "Stack",
    "Tile",
    "find",
    "open_cube",
    "read",
    "tiles_over",
]

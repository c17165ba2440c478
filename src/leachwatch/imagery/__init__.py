"""Scenes: found, read tile by tile on their own UTM grid, and masked where the ground cannot be seen."""

from leachwatch.imagery.catalog import Finding, Skipped, find, zones
from leachwatch.imagery.clear import ClearSettings
from leachwatch.imagery.cube import open_cube
from leachwatch.imagery.granules import Granule
from leachwatch.imagery.grid import PIXEL_M, Tile, from_lonlat, tiles_over, to_lonlat
from leachwatch.imagery.radiometry import RadiometrySettings, Verified, verify_offsets
from leachwatch.imagery.rasters import driver, session
from leachwatch.imagery.reader import Stack, read, read_look, touching
from leachwatch.imagery.room import MEMORY, Arena, Room, let_go, one_by_one
from leachwatch.imagery.scene import BANDS, Asset, Band, Scene
from leachwatch.imagery.second import check_second_opinion
from leachwatch.imagery.source import Access, Source, located, open_source
from leachwatch.network import origin as host_of

__all__ = [
    "BANDS",
    "MEMORY",
    "PIXEL_M",
    "Access",
    "Arena",
    "Asset",
    "Band",
    "ClearSettings",
    "Finding",
    "Granule",
    "RadiometrySettings",
    "Room",
    "Scene",
    "Skipped",
    "Source",
    "Stack",
    "Tile",
    "Verified",
    "check_second_opinion",
    "driver",
    "find",
    "from_lonlat",
    "host_of",
    "let_go",
    "located",
    "one_by_one",
    "open_cube",
    "open_source",
    "read",
    "read_look",
    "session",
    "tiles_over",
    "to_lonlat",
    "touching",
    "verify_offsets",
    "zones",
]

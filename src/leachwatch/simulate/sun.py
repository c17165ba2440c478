"""The sun at the satellite's hour, and how it lights a slope."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from leachwatch.simulate.noise import FloatArray
from leachwatch.simulate.terrain import Terrain

__all__ = ["LATITUDE", "Sun", "light", "overhead"]

LATITUDE = 25.6
"""Degrees north; the sun of the whole zone."""

_HOUR = 10.7  # local solar hour of Sentinel-2 over 98 E
_DIFFUSE = np.array([0.30, 0.26, 0.22, 0.20, 0.18, 0.17, 0.16, 0.15, 0.10, 0.08], np.float32)
"""Share of skylight on level ground by band; blue sky, dark short-wave infrared."""


@dataclass(frozen=True)
class Sun:
    """Where the sun stands.

    Attributes
    ----------
    elevation, azimuth : float
        Degrees; azimuth clockwise from north.
    """

    elevation: float
    azimuth: float

    @property
    def towards(self) -> tuple[float, float, float]:
        """Unit vector to the sun: east, north, up."""
        height, turn = np.radians(self.elevation), np.radians(self.azimuth)
        return (
            float(np.cos(height) * np.sin(turn)),
            float(np.cos(height) * np.cos(turn)),
            float(np.sin(height)),
        )


def overhead(day: int, latitude: float) -> Sun:
    """Sun at the overpass, from the usual declination formula, good to a degree."""
    tilt = np.radians(-23.44 * np.cos(2 * np.pi * (date.fromordinal(day).timetuple().tm_yday + 10) / 365.25))
    hour, place = np.radians(15 * (_HOUR - 12)), np.radians(latitude)
    up = np.sin(place) * np.sin(tilt) + np.cos(place) * np.cos(tilt) * np.cos(hour)
    east = -np.cos(tilt) * np.sin(hour)
    north = np.cos(place) * np.sin(tilt) - np.sin(place) * np.cos(tilt) * np.cos(hour)
    return Sun(float(np.degrees(np.arcsin(up))), float(np.degrees(np.arctan2(east, north)) % 360))


def light(terrain: Terrain, sun: Sun, level: FloatArray, strength: float) -> FloatArray:
    """Light on the ground relative to level ground, by band.

    Parameters
    ----------
    terrain : Terrain
        Slopes.
    sun : Sun
        Where it stands.
    level : ndarray of float32, shape (y, x)
        1 where the ground was levelled, 0 where it has its natural slope.
    strength : float
        1 for no terrain correction by the provider, 0 for a perfect one.

    Returns
    -------
    ndarray of float32, shape (band, y, x)
        1 on level ground.
    """
    east, north, up = sun.towards
    natural = 1 - level
    slope_east, slope_south = terrain.east * natural, terrain.south * natural
    incidence = (up - slope_east * east + slope_south * north) / np.sqrt(1 + slope_east**2 + slope_south**2)
    direct = np.clip(incidence / up, 0, 2.2)
    relative = np.empty((len(_DIFFUSE), *direct.shape), np.float32)
    for index, diffuse in enumerate(_DIFFUSE):
        band = relative[index]
        np.multiply(direct, 1 - diffuse, out=band)
        band += diffuse
        band -= 1
        band *= np.float32(strength)
        band += 1
    return relative

"""Where things are, and how they come onto paper."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from math import ceil, cos, floor, log10, radians

from leachwatch.publish.model import PublicAccount, Shape

__all__ = ["Bounds", "Paper", "bounds_of", "extent", "nice_length", "ticks"]

_METRES_A_DEGREE = 111_320.0
_SMALLEST_EXTENT = 0.004  # degrees, about 450 m: a single pool does not fill the map
_MARGIN = 0.04
_TENTHS = 10  # of a px: as fine as a path is written


@dataclass(frozen=True)
class Bounds:
    """A box in degrees."""

    west: float
    south: float
    east: float
    north: float

    @property
    def middle(self) -> tuple[float, float]:
        """Longitude and latitude of the centre."""
        return (self.west + self.east) / 2, (self.south + self.north) / 2

    def grown(self, degrees: float) -> Bounds:
        """Widen the box by a margin all round."""
        return Bounds(self.west - degrees, self.south - degrees, self.east + degrees, self.north + degrees)


def bounds_of(shapes: Iterable[Shape]) -> Bounds | None:
    """Find the smallest box around shapes; None where there is none."""
    points = [point for shape in shapes for part in shape for point in part[0]]
    if not points:
        return None
    xs, ys = zip(*points, strict=True)
    return Bounds(min(xs), min(ys), max(xs), max(ys))


def extent(account: PublicAccount) -> Bounds | None:
    """Find what a map of the account has to show: all tiles and all sites, with a margin."""
    shapes = [row.shape for row in account.coverage] + [site.shape for site in account.sites]
    tight = bounds_of(shapes)
    if tight is None:
        return None
    size = max(tight.east - tight.west, tight.north - tight.south)
    return tight.grown(max(size * _MARGIN, (_SMALLEST_EXTENT - size) / 2))


@dataclass(frozen=True)
class Paper:
    """A plane map of a box: equidistant, true to scale at its middle.

    Attributes
    ----------
    bounds : Bounds
        What is shown.
    width, height : float
        Size in px; the scale is the same both ways.
    scale : float
        Px a metre.
    """

    bounds: Bounds
    width: float
    height: float
    scale: float

    @classmethod
    def fit(cls, bounds: Bounds, width: float, least: float, most: float) -> Paper:
        """Lay out a sheet of a given width, `least` to `most` high, and widen the box to fill it."""
        across, up = _metres(bounds)
        height = min(max(width * up / across, least), most)
        scale = min(width / across, height / up)
        lon, lat = bounds.middle
        half_lon = width / scale / 2 / (_METRES_A_DEGREE * cos(radians(lat)))
        half_lat = height / scale / 2 / _METRES_A_DEGREE
        filled = Bounds(lon - half_lon, lat - half_lat, lon + half_lon, lat + half_lat)
        return cls(filled, width, height, scale)

    def x(self, lon: float) -> float:
        """Px from the left edge."""
        return (lon - self.bounds.west) / (self.bounds.east - self.bounds.west) * self.width

    def y(self, lat: float) -> float:
        """Px from the top edge."""
        return (self.bounds.north - lat) / (self.bounds.north - self.bounds.south) * self.height

    def path(self, shape: Shape) -> str:
        """SVG path of a shape."""
        return "".join(self._subpath(ring) for part in shape for ring in part)

    def _subpath(self, ring: Iterable[tuple[float, float]]) -> str:
        points = [(round(self.x(lon) * _TENTHS), round(self.y(lat) * _TENTHS)) for lon, lat in ring][:-1]
        steps = (
            f"{(x1 - x0) / _TENTHS:g} {(y1 - y0) / _TENTHS:g}" for (x0, y0), (x1, y1) in pairwise(points)
        )
        x, y = points[0]
        return f"M{x / _TENTHS:g} {y / _TENTHS:g}l{' '.join(steps)}z"


def _metres(bounds: Bounds) -> tuple[float, float]:
    _, lat = bounds.middle
    across = (bounds.east - bounds.west) * _METRES_A_DEGREE * cos(radians(lat))
    return across, (bounds.north - bounds.south) * _METRES_A_DEGREE


def ticks(low: float, high: float, about: int) -> Iterator[tuple[float, str]]:
    """Round degrees between two values with their labels, about so many of them."""
    step = _nice((high - low) / about, (1, 2, 5))
    decimals = max(0, -floor(log10(step)))
    for number in range(ceil(low / step), floor(high / step) + 1):
        yield number * step, f"{abs(number * step):.{decimals}f}°"


def nice_length(metres: float) -> float:
    """Give the longest round length that is not longer."""
    power = 10.0 ** floor(log10(metres))
    return max(factor * power for factor in (1, 2, 5) if factor * power <= metres * (1 + 1e-9))


def _nice(value: float, factors: tuple[int, ...]) -> float:
    power = 10.0 ** floor(log10(value))
    return next((factor * power for factor in factors if factor * power >= value), 10 * power)

"""Places in text and in bytes: as numbers, as degrees with minutes and seconds, as cells."""

from __future__ import annotations

import re
import struct
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cached_property
from itertools import pairwise

import h3

__all__ = ["Ground"]

_NUMBER = re.compile(r"(?<![\d.])-?\d{1,3}\.\d{3,17}|(?<![\d.,])-?\d{1,3},\d{3,17}(?![\d.,])")
_DEGREES = re.compile(
    r"(\d{1,3})\s*[°º]\s*(\d{1,2}(?:[.,]\d+)?)\s*['′’]\s*(?:(\d{1,2}(?:[.,]\d+)?)\s*(?:\"|″|”|''))?"
)
_CELL = re.compile(r"8[0-9a-f]{14}")
_DECIMALS = range(3, 9)
_NEAR = 200  # signs between the two numbers of one place
_NEAR_BYTES = 16
_SECOND = 1 / 3_600
_CELLS = range(8, 16)


class Ground:
    """Places of many owners, made ready to be looked for.

    Parameters
    ----------
    places : mapping of str to iterable of (float, float)
        Owner to longitudes and latitudes.
    """

    def __init__(self, places: Mapping[str, Iterable[tuple[float, float]]]) -> None:
        self._places = tuple((owner, lon, lat) for owner, listed in places.items() for lon, lat in listed)

    def in_text(self, text: str) -> set[str]:
        """Owners of places that stand in a text."""
        if not self._places:
            return set()
        return self._numbers(text) | self._in_degrees(text) | self._cells(text)

    def in_bytes(self, data: bytes) -> set[str]:
        """Owners of places that stand as two numbers of eight or four bytes beside each other."""
        if not self._places or b"\0" not in data:
            return set()
        found = set()
        for owner, pairs in self._packed:
            for lon, lat in pairs:
                place = data.find(lon)
                while place >= 0:
                    if lat in data[max(0, place - _NEAR_BYTES) : place + len(lon) + _NEAR_BYTES]:
                        found.add(owner)
                        break
                    place = data.find(lon, place + 1)
        return found

    def _numbers(self, text: str) -> set[str]:
        lons, lats = self._written
        seen: dict[tuple[int, str], list[int]] = defaultdict(list)
        for number in _NUMBER.finditer(text):
            for form in _forms(number[0]):
                for place in lons.get(form, ()):
                    seen[place, "lon"].append(number.start())
                for place in lats.get(form, ()):
                    seen[place, "lat"].append(number.start())
        return {
            self._places[place][0]
            for place, axis in list(seen)
            if axis == "lon" and _close(seen[place, "lon"], seen.get((place, "lat"), []))
        }

    def _in_degrees(self, text: str) -> set[str]:
        found = [(one.start(), _angle(one)) for one in _DEGREES.finditer(text)]
        return {
            owner
            for owner, lon, lat in self._places
            if _close(
                [start for start, angle in found if abs(angle - abs(lon)) <= _SECOND],
                [start for start, angle in found if abs(angle - abs(lat)) <= _SECOND],
            )
        }

    def _cells(self, text: str) -> set[str]:
        return {self._hexagons[cell] for cell in self._hexagons.keys() & set(_CELL.findall(text.lower()))}

    @cached_property
    def _written(self) -> tuple[dict[str, set[int]], dict[str, set[int]]]:
        lons: dict[str, set[int]] = defaultdict(set)
        lats: dict[str, set[int]] = defaultdict(set)
        for place, (_, lon, lat) in enumerate(self._places):
            for form in _roundings(lon):
                lons[form].add(place)
            for form in _roundings(lat):
                lats[form].add(place)
        return lons, lats

    @cached_property
    def _hexagons(self) -> dict[str, str]:
        return {
            h3.latlng_to_cell(lat, lon, size): owner for owner, lon, lat in self._places for size in _CELLS
        }

    @cached_property
    def _packed(self) -> tuple[tuple[str, tuple[tuple[bytes, bytes], ...]], ...]:
        return tuple((owner, tuple(_pairs(lon, lat))) for owner, lon, lat in self._places)


def _roundings(value: float) -> set[str]:
    exact = f"{value:.12f}"
    head, tail = exact.split(".")
    rounded = {f"{value:.{decimals}f}" for decimals in _DECIMALS}
    cut = {f"{head}.{tail[:decimals]}" for decimals in _DECIMALS}
    return rounded | cut | {repr(value)}


def _forms(number: str) -> set[str]:
    plain = number.replace(",", ".")
    value = float(plain)
    return {plain, *(f"{value:.{decimals}f}" for decimals in (5, 6) if len(plain.split(".")[1]) > decimals)}


def _angle(found: re.Match[str]) -> float:
    degrees, minutes, seconds = (float((part or "0").replace(",", ".")) for part in found.groups())
    return degrees + minutes / 60 + seconds / 3_600


def _close(first: Iterable[int], second: Iterable[int]) -> bool:
    ends = sorted([(place, 0) for place in first] + [(place, 1) for place in second])
    return any(one[1] != other[1] and other[0] - one[0] <= _NEAR for one, other in pairwise(ends))


def _pairs(lon: float, lat: float) -> set[tuple[bytes, bytes]]:
    values = {(lon, lat)} | {(round(lon, size), round(lat, size)) for size in range(3, 8)}
    return {
        (struct.pack(form, one), struct.pack(form, other))
        for one, other in values
        for form in ("<d", ">d", "<f", ">f")
    }

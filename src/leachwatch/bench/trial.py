"""Trial: a simulated district to scan, with its truth, for as long as it is needed."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from leachwatch.bench.score import Score, score
from leachwatch.bench.truth import Truth, read_truth
from leachwatch.case import Area, Period, read_areas
from leachwatch.scanning import ScanSettings, scan
from leachwatch.simulate import District, district

__all__ = ["Trial", "trial"]


@dataclass(frozen=True)
class Trial:
    """A simulated district.

    Attributes
    ----------
    folder : Path
        Where it lies; gone afterwards.
    made : District
        Its files.
    areas : tuple of Area
        The whole of it.
    period : Period
        From its first look to its last.
    truth : Truth
        What is there.
    """

    folder: Path
    made: District
    areas: tuple[Area, ...]
    period: Period
    truth: Truth

    def scan(self, out: str, settings: ScanSettings | None = None) -> Path:
        """Scan it into a folder of that name, and give the folder."""
        return scan(self.made.catalog, self.areas, self.period, self.folder / out, settings=settings).out

    def score(self, out: Path) -> Score:
        """Compare the tables of a scan with the truth."""
        return score(out, self.truth)


@contextmanager
def trial(seed: int, size: int, *, looks: int | None = None, every: int | None = None) -> Iterator[Trial]:
    """Simulate a district; its files go again.

    Parameters
    ----------
    seed, size : int
        Of the district; pixels along its side.
    looks, every : int, optional
        Scenes, or days from one to the next, as `leachwatch.simulate.district` takes them.
    """
    with tempfile.TemporaryDirectory(prefix="leachwatch-") as name:
        folder = Path(name)
        made = district(folder / "scenes", seed=seed, size=size, looks=looks, every=every)
        days = [date.fromisoformat(day) for day in json.loads(made.truth.read_text())["looks"]]
        period = Period(min(days), max(days))
        yield Trial(folder, made, read_areas(made.area), period, read_truth(made.truth))

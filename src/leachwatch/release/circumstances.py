"""What a publication has to know beside the records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from leachwatch.release.descriptors import read_descriptors
from leachwatch.release.places import Population, read_population
from leachwatch.release.withdrawn import Withdrawn, read_withdrawn

__all__ = ["POPULATION", "Circumstances", "circumstances_of"]

POPULATION = "population.csv"
"""Name of the file in a case folder: ``h3,people`` or ``lon,lat,people``."""


@dataclass(frozen=True)
class Circumstances:
    """What is known beside the records; with nothing known, as little as can be leaves.

    Attributes
    ----------
    withdrawn : Withdrawn
        Sources that took their consent back.
    population : Population
        How many people live where.
    descriptors : mapping of str to int
        How many people each descriptor of a protected source fits.
    people : int
        How many a descriptor has to fit, and have to live in a published cell.
    """

    withdrawn: Withdrawn = field(default_factory=Withdrawn)
    population: Population = field(default_factory=Population)
    descriptors: Mapping[str, int] = field(default_factory=dict)
    people: int = 50


def circumstances_of(case: Path) -> Circumstances:
    """Read what a case folder says of them, each where it is there.

    Raises
    ------
    RecordError
        If a file of it is wrong.
    """
    people = case / POPULATION
    return Circumstances(
        withdrawn=read_withdrawn(case),
        population=read_population(people) if people.is_file() else Population(),
        descriptors=read_descriptors(case),
    )

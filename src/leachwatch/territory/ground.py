"""Ground: every territory of a case with its zones and spells, to be asked about a place and a day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

import shapely

from leachwatch.case import read_outlines
from leachwatch.case.records import (
    Answer,
    ControlSpell,
    Records,
    Territory,
    best,
    both,
    of_spell,
    of_versions,
)
from leachwatch.errors import AreaError, RecordError
from leachwatch.territory.zones import INSIDE, Zones, zones_of

__all__ = ["Control", "Ground", "Held", "Spelled", "read_ground"]


@dataclass(frozen=True)
class Spelled:
    """What one spell says of a place on a day.

    Attributes
    ----------
    spell : str
        Record in control.yaml.
    controllers : tuple of str
        Labels of the actors; none where control is unknown.
    control : str
        How they held it.
    answer : str
        Whether they held that place on that day: ``yes``, ``possibly``, ``no``, ``unknown``.
    status : str
        Standing of the spell among researchers.
    citations : tuple of str
        Who says so.
    """

    spell: str
    controllers: tuple[str, ...]
    control: str
    answer: Answer
    status: str
    citations: tuple[str, ...]


@dataclass(frozen=True)
class Held:
    """What is known of a place in one territory on a day.

    Attributes
    ----------
    territory, territory_id : str
        Name, and record in territories.yaml.
    inside : str
        Whether the place lies in it.
    near_border : bool
        Whether a drawing that may be in force has its border nearer than it is sure.
    versions : tuple of str
        Drawings that may be in force and have the place inside, or possibly.
    approximate : bool
        Whether any of those is a coarse drawing.
    spells : tuple of Spelled
        Everything said about control, ``no`` and ``unknown`` too.
    """

    territory: str
    territory_id: str
    inside: Answer
    near_border: bool
    versions: tuple[str, ...]
    approximate: bool
    spells: tuple[Spelled, ...]


@dataclass(frozen=True)
class Control:
    """Who held a place on a day.

    Attributes
    ----------
    lon, lat : float
        Degrees.
    day : date
        Of the question.
    territories : tuple of Held
        Those that the place lies in, or may lie in; none where no outline comes near.
    """

    lon: float
    lat: float
    day: date
    territories: tuple[Held, ...]

    @property
    def answers(self) -> Mapping[str, Answer]:
        """Best answer for each actor that any spell names, by label."""
        said: dict[str, list[Answer]] = defaultdict(list)
        for one in self._spells:
            for label in one.controllers:
                said[label].append(one.answer)
        return {label: best(answers) for label, answers in sorted(said.items())}

    @property
    def contested(self) -> bool:
        """Whether more than one actor held it, or may have."""
        holding = {label for label, answer in self.answers.items() if answer in {"yes", "possibly"}}
        return len(holding) > 1

    @property
    def near_border(self) -> bool:
        """Whether it lies nearer to a border than that is sure."""
        return any(one.near_border for one in self.territories)

    @property
    def _spells(self) -> Iterator[Spelled]:
        for held in self.territories:
            yield from held.spells


class Ground:
    """Territories of a case, their outlines and their spells.

    Parameters
    ----------
    records : Records
        Of the case.
    zones : tuple of Zones
        Of every version of its territories.

    Raises
    ------
    RecordError
        If a spell names a territory or an actor that there is none of.
    """

    def __init__(self, records: Records, zones: tuple[Zones, ...]) -> None:
        self.zones = zones
        self.territories = tuple(records.territories.values())
        self.labels = {id_: actor.label for id_, actor in records.actors.items()}
        self.spells: dict[str, list[ControlSpell]] = {one.id: [] for one in self.territories}
        for spell in records.control.values():
            self._check(spell)
            self.spells[spell.territory].append(spell)
        self.drawings: dict[str, list[int]] = {one.id: [] for one in self.territories}
        for place, zone in enumerate(zones):
            self.drawings[zone.drawn.territory.id].append(place)
        self._tree = shapely.STRtree([zone.rim for zone in zones])

    def control_at(self, lon: float, lat: float, day: date) -> Control:
        """Who held a place on a day.

        Parameters
        ----------
        lon, lat : float
            Degrees, EPSG:4326.
        day : date
            Of the question.

        Returns
        -------
        Control

        Raises
        ------
        AreaError
            If the place is none on Earth.
        """
        near = self._near(lon, lat)
        reached = {self.zones[place].drawn.territory.id for place in near}
        held = [self._held(one, near, day) for one in self.territories if one.id in reached]
        return Control(lon, lat, day, tuple(one for one in held if one.inside != "no"))

    def country_at(self, lon: float, lat: float, day: date) -> Mapping[str, Answer]:
        """In which countries a place lies, as far as the outlines can tell.

        A drawing that is approximate never decides: what lies in it lies only possibly in its country,
        however deep inside. Countries of which no outline comes near are not named: that is not known.

        Returns
        -------
        mapping of str to Answer
            By ISO 3166 alpha-3; ``yes`` for one at most, and then no other is named.
        """
        near = self._near(lon, lat)
        said: dict[str, list[Answer]] = defaultdict(list)
        for territory in self.territories:
            if territory.country is None:
                continue
            for place in self.drawings[territory.id]:
                version = self.zones[place].drawn.version
                force = version.dated.valid_on(day) if version.dated else "yes"
                answer = both(INSIDE[near.get(place, 0)], "possibly" if version.approximate else force)
                if answer != "no":
                    said[territory.country].append(answer)
        answers = {country: best(some) for country, some in sorted(said.items())}
        sure = [country for country, answer in answers.items() if answer == "yes"]
        if len(sure) == 1:
            return {sure[0]: "yes"}
        return {country: both(answer, "possibly") for country, answer in answers.items()}

    def forces(self, territory: str, day: date) -> tuple[Answer, ...]:
        """Whether each drawing of a territory is in force on a day; ``yes`` where it has no date."""
        dates = [self.zones[place].drawn.version.dated for place in self.drawings[territory]]
        return tuple(dated.valid_on(day) if dated else "yes" for dated in dates)

    def _near(self, lon: float, lat: float) -> dict[int, int]:
        """Drawings whose rim holds a place, with the code of `INSIDE`."""
        if not (-180 <= lon <= 180 and -90 <= lat <= 90):  # noqa: PLR2004 - degrees
            raise AreaError(f"{lon:g}, {lat:g} is no place on Earth; give lon first, then lat, in degrees")
        found = self._tree.query(shapely.Point(lon, lat))
        codes = {int(place): self.zones[place].of_place(lon, lat) for place in found}
        return {place: code for place, code in codes.items() if code}

    def _held(self, territory: Territory, near: Mapping[int, int], day: date) -> Held:
        drawings = list(zip(self.drawings[territory.id], self.forces(territory.id, day), strict=True))
        codes = {place: near.get(place, 0) for place, _ in drawings}
        inside = of_versions([(force, INSIDE[codes[place]]) for place, force in drawings])
        standing = [place for place, force in drawings if force != "no" and codes[place]]
        versions = [self.zones[place].drawn.version for place in standing]
        return Held(
            territory.name,
            territory.id,
            inside,
            any(codes[place] == 1 for place in standing),
            tuple(version.version for version in versions),
            any(version.approximate for version in versions),
            tuple(self._spelled(spell, inside, day) for spell in self.spells[territory.id]),
        )

    def _spelled(self, spell: ControlSpell, inside: Answer, day: date) -> Spelled:
        labels = tuple(self.labels[id_] for id_ in spell.controllers)
        answer = both(inside, of_spell(spell, day))
        return Spelled(spell.id, labels, spell.control, answer, spell.status, spell.citations)

    def _check(self, spell: ControlSpell) -> None:
        if spell.territory not in self.spells:
            raise RecordError(
                f"control.yaml: {spell.id}: there is no territory {spell.territory}; add it or mend the id"
            )
        for actor in spell.controllers:
            if actor not in self.labels:
                raise RecordError(
                    f"control.yaml: {spell.id}: there is no actor {actor}; add it to actors.yaml"
                )


def read_ground(records: Records) -> Ground:
    """Read the outlines of a case and make them ready to be asked.

    Raises
    ------
    RecordError
        If an outline or a spell names what there is not.
    AreaError
        If an outline cannot be used.
    """
    drawn = read_outlines(records.folder, records.territories.values())
    return Ground(records, tuple(zones_of(one) for one in drawn))

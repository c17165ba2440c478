"""Which territories may be drawn, and who held them month by month, as far as the release lets out exactly.

The table of sites and territories says where a site lies, and no more: who held the ground is taken from the
spells that are let out, since a spell that stays behind would show through what the table makes of it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date, timedelta

import pandas as pd

from leachwatch.case import Drawn, read_outlines
from leachwatch.case.records import ControlSpell, Dated, Records, Territory, best, lasting, of_spell
from leachwatch.publish.case_model import (
    PublicDrawing,
    PublicHolder,
    PublicSiteGround,
    PublicTenure,
    PublicTerritory,
)
from leachwatch.publish.rows import Row, models
from leachwatch.publish.shapes import shape_of
from leachwatch.release import Release

__all__ = ["project_grounds", "project_territories"]

_THIN = frozenset({"road", "gate"})
_TOGETHER = frozenset({"contested", "shared", "ceasefire"})
_MAYBE = frozenset({"yes", "possibly"})
_METRES_A_DEGREE = 111_320.0
_FINE = 20.0  # corners are kept to this part of how far a border may be off


def project_territories(
    records: Records, release: Release, spells: Iterable[ControlSpell]
) -> tuple[PublicTerritory, ...]:
    """Let out the territories with an outline that no protected source told of, and who held them.

    Parameters
    ----------
    records : Records
        Of the case; outlines are read from its folder.
    release : Release
        What may be published.
    spells : iterable of ControlSpell
        Those that are let out.

    Raises
    ------
    RecordError, AreaError
        If an outline cannot be read.
    """
    shown = [one for one in records.territories.values() if one.kind not in _THIN and release.exactly(one.id)]
    drawings: dict[str, list[Drawn]] = {one.id: [] for one in shown}
    for drawn in read_outlines(records.folder, shown):
        drawings[drawn.territory.id].append(drawn)
    held: dict[str, list[ControlSpell]] = {one.id: [] for one in shown}
    for spell in spells:
        held.get(spell.territory, []).append(spell)
    return tuple(_territory(records, one, drawings[one.id], held[one.id]) for one in shown)


def _territory(
    records: Records, one: Territory, drawings: Sequence[Drawn], spells: Sequence[ControlSpell]
) -> PublicTerritory:
    return PublicTerritory(
        name=one.name,
        name_my=one.name_my,
        name_zh=one.name_zh,
        name_kac=one.name_kac,
        drawings=tuple(_drawing(drawn) for drawn in drawings),
        tenures=tuple(_tenures(records, one, spells)),
        note=one.public_note,
    )


def _drawing(drawn: Drawn) -> PublicDrawing:
    version = drawn.version
    return PublicDrawing(
        version=version.version,
        shape=shape_of(drawn.shape.simplify(version.border_m / _METRES_A_DEGREE / _FINE)),
        approximate=version.approximate,
        border_m=version.border_m,
        note=version.public_note,
    )


def _tenures(
    records: Records, territory: Territory, spells: Sequence[ControlSpell]
) -> Iterator[PublicTenure]:
    """Months in which anything changes, with what holds from them on."""
    dated = [one.dated for one in territory.versions]
    every: list[Dated] = [one for one in (*dated, *(spell.dated for spell in spells)) if one is not None]
    changes = sorted({day for one in every for day in one.changes()})
    months = {day.replace(day=1) for day in changes}
    months |= {_next(month) for month in months}
    known: PublicTenure | None = None
    for month in sorted(months or {date.min}):
        days = [month, *(day for day in changes if month < day < _next(month))]
        holders = tuple(_holders(records, spells, days))
        tenure = PublicTenure(since=month, holders=holders, drawn=_in_force(dated, days))
        if known is None or (known.holders, known.drawn) != (tenure.holders, tenure.drawn):
            yield tenure
            known = tenure


def _next(month: date) -> date:
    return (month + timedelta(days=31)).replace(day=1)


def _in_force(dated: Sequence[Dated | None], days: Sequence[date]) -> tuple[bool, ...]:
    some = tuple(one is None or any(one.valid_on(day) != "no" for day in days) for one in dated)
    return some if any(some) else (True,) * len(some)


def _holders(
    records: Records, spells: Sequence[ControlSpell], days: Sequence[date]
) -> Iterator[PublicHolder]:
    """Who held the ground on any of the days, as `leachwatch.territory` reckons a month."""
    for actor in dict.fromkeys(one for spell in spells for one in spell.controllers):
        own = [spell for spell in spells if actor in spell.controllers]
        answer = lasting(best(of_spell(spell, day) for spell in own) for day in days)
        on = [spell for spell in own if any(of_spell(spell, day) in _MAYBE for day in days)]
        if on:
            yield PublicHolder(
                label=records.actors[actor].label,
                certain=answer == "yes",
                together=any(spell.control in _TOGETHER for spell in on),
                claimed=all(spell.control == "claimed_only" for spell in on),
            )


_GROUND = ("site_id", "territory", "surely")


def project_grounds(frame: pd.DataFrame | None, names: Collection[str]) -> tuple[PublicSiteGround, ...]:
    """Say which sites lie in which of some territories, by the table ``site_control``.

    A site that in any month lies near a border, or partly outside, does not lie ``surely`` inside.
    """
    if frame is None or frame.empty:
        return ()
    rows = frame.loc[frame["territory"].isin(list(names)), ["site_id", "territory", "share", "near_border"]]
    if rows.empty:
        return ()
    within = rows.drop_duplicates()
    within = within.assign(surely=(within["share"] >= 1) & ~within["near_border"])
    found = within.groupby(["site_id", "territory"], sort=True)["surely"].all().reset_index()
    return tuple(models("site_control", _GROUND, _ground, found))


def _ground(row: Row) -> PublicSiteGround:
    return PublicSiteGround(site_id=row["site_id"], territory=row["territory"], surely=bool(row["surely"]))

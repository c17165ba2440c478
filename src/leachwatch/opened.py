"""A case as an object: its records, its tables, and questions about who held what."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from leachwatch import tables
from leachwatch.case import Case
from leachwatch.case import open_case as read_case
from leachwatch.case.records import Actor, Records, read_records
from leachwatch.errors import PeriodError, RecordError, TableError
from leachwatch.territory import Control, Ground, Placed, place, read_ground, sites_held

__all__ = ["OpenedCase", "open_case"]

_TABLES = {one.name: one for one in tables.ALL_TABLES}


class OpenedCase:
    """A case folder that was opened.

    Parameters
    ----------
    case : Case
        Its settings.
    records : Records
        What people wrote.

    Attributes
    ----------
    case : Case
        Areas, period, imagery.
    records : Records
        Actors, territories, spells, events, sources, claims.
    """

    def __init__(self, case: Case, records: Records) -> None:
        self.case = case
        self.records = records

    @property
    def title(self) -> str:
        """For people."""
        return self.case.title

    @property
    def out(self) -> Path:
        """Folder of everything computed."""
        return self.case.out

    @cached_property
    def ground(self) -> Ground:
        """Territories with their outlines, read when first asked for.

        Raises
        ------
        RecordError, AreaError
            If an outline or a spell cannot be used.
        """
        return read_ground(self.records)

    def control_at(self, lon: float, lat: float, day: date | str) -> Control:
        """Who held a place on a day.

        Parameters
        ----------
        lon, lat : float
            Degrees, EPSG:4326.
        day : date or str
            Such as ``2025-04-01``.

        Returns
        -------
        Control
            ``answers`` says of each actor ``yes``, ``possibly``, ``no`` or ``unknown``.

        Raises
        ------
        PeriodError
            If the day is none.
        AreaError
            If the place is none.

        Notes
        -----
        ::

            case = leachwatch.open_case("kachin")
            case.control_at(98.35, 25.60, "2025-04-01").answers    # {'KIO': 'yes', 'NDA-K': 'no'}
        """
        return self.ground.control_at(lon, lat, _day(day))

    def sites_held_by(self, actor: str, day: date | str) -> Any:
        """Sites that an actor held on a day, or may have held.

        Parameters
        ----------
        actor : str
            Short name, name or alias, in any script.
        day : date or str
            Such as ``2025-04-01``.

        Returns
        -------
        GeoDataFrame
            Rows of `SITES` with ``answer`` (``yes`` or ``possibly``) and ``state_then``, the state in that
            month (``unseen`` where the scan has none). Sites that were not there yet, and those that people
            rejected, are left out.

        Raises
        ------
        RecordError
            If there is no such actor, or more than one.
        PeriodError
            If the day is none.
        TableError
            If the case was not run.
        """
        found, asked = self.actor(actor), _day(day)
        sites, months = self.table("sites"), self.table("site_months")
        answers = sites_held(self.ground, self._placed, found.id, asked)
        then = months[months["month"] == asked.replace(day=1)].set_index("site_id")["state"]
        states = then.reindex(sites["site_id"]).fillna("unseen").to_numpy()
        chosen = sites.assign(answer=answers, state_then=states)
        kept = chosen["answer"].isin(["yes", "possibly"]) & (chosen["state_then"] != "absent")
        return chosen[kept & (chosen["review"] != "rejected")].reset_index(drop=True)

    def actor(self, name: str) -> Actor:
        """Actor of a name, a short name or an alias.

        Raises
        ------
        RecordError
            If there is none, or more than one.
        """
        named: dict[str, dict[str, Actor]] = {}
        written: dict[str, str] = {}
        for actor in self.records.actors.values():
            for one in _names(actor):
                written[one.casefold()] = one
                named.setdefault(one.casefold(), {})[actor.id] = actor
        found = list(named.get(name.strip().casefold(), {}).values())
        if len(found) == 1:
            return found[0]
        if found:
            shown = ", ".join(sorted(actor.name for actor in found))
            raise RecordError(f"{name!r} may be {shown}; use a name that only one of them has")
        raise RecordError(f"there is no actor {name!r} in actors.yaml; {_nearest(name, written)}")

    def table(self, name: str) -> Any:
        """Read a table of ``out/``.

        Parameters
        ----------
        name : str
            Such as ``sites`` or ``site_control``.

        Returns
        -------
        DataFrame or GeoDataFrame

        Raises
        ------
        TableError
            If there is no such table, or the case was not run.
        """
        if name not in _TABLES:
            raise TableError(f"there is no table {name!r}; {_nearest(name, {one: one for one in _TABLES})}")
        path = self.out / _TABLES[name].file_name
        if not path.is_file():
            raise TableError(f"{path}: is not there yet; make it with: leachwatch run {self.case.folder}")
        return tables.read(self.out, _TABLES[name])

    def verdicts(self) -> pd.DataFrame:
        """Verdicts on the claims, as the last check left them: `VERDICTS`.

        Raises
        ------
        TableError
            If nothing was checked yet.
        """
        frame: pd.DataFrame = self.table("verdicts")
        return frame

    @cached_property
    def _placed(self) -> Placed:
        return place(self.table("sites"), self.ground.zones)


def open_case(folder: str | Path, *, today: date | None = None) -> OpenedCase:
    """Open a case folder.

    Parameters
    ----------
    folder : str or Path
        It holds ``case.yaml``.
    today : date, optional
        Days to watch after it are refused; the day it is, where not given.

    Returns
    -------
    OpenedCase

    Raises
    ------
    RecordError
        If ``case.yaml`` or a record is wrong; the message names file and field.
    AreaError, PeriodError
        If the areas or the dates to watch cannot be used.
    """
    path = Path(folder)
    return OpenedCase(read_case(path, today=today or datetime.now(UTC).date()), read_records(path))


def _day(day: date | str) -> date:
    """Take a day as a date, however it was given.

    Examples
    --------
    >>> _day("2025-04-01"), _day(date(2025, 4, 1)) == _day(datetime(2025, 4, 1, 9))
    (datetime.date(2025, 4, 1), True)
    """
    if isinstance(day, datetime):
        return day.date()
    if isinstance(day, date):
        return day
    wrong = PeriodError(f"{str(day)[:40]!r} is no day; write it like 2025-04-01")
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", str(day).strip()):
        raise wrong
    try:
        return date.fromisoformat(str(day).strip())
    except ValueError:
        raise wrong from None


def _names(actor: Actor) -> Iterator[str]:
    """Everything that an actor is called; what may mean others too is found out by being ambiguous."""
    given = (actor.short, actor.name, actor.name_my, actor.name_zh, actor.name_kac)
    more = (*actor.alias, *actor.weak_alias, *actor.previous_name)
    yield from (one for one in (*given, *more) if one)


def _nearest(name: str, known: Mapping[str, str]) -> str:
    """Say what may have been meant, of names as they are written, by themselves in lower case."""
    near = get_close_matches(name.strip().casefold(), list(known), n=1, cutoff=0.5)
    if near:
        return f"did you mean {known[near[0]]!r}?"
    return f"there are {', '.join(sorted(known.values())[:10])}" if known else "there is none yet"

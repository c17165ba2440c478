"""Holders: whether a site was held by somebody on a day, from the table ``site_control``."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from leachwatch import tables
from leachwatch.case.records import Span
from leachwatch.case.records.figures import SiteSelection
from leachwatch.claims.data import FIRST_RUN, Data, month_numbers
from leachwatch.claims.estimate import Lack
from leachwatch.claims.words import span_words

__all__ = ["Holders"]

_ANSWERS = {"no": 0, "unknown": 1, "possibly": 1, "yes": 2}
_Answers = NDArray[np.int8]


class Holders:
    """Who held each site, month by month.

    Parameters
    ----------
    data : Data
        With the table ``site_control`` and the spells of control.
    rows : Index of str
        Ids of sites, in the order of the answers.
    """

    def __init__(self, data: Data, rows: pd.Index) -> None:
        self._data = data
        self._sites = rows
        self._asked: dict[Any, _Answers | Lack] = {}

    def held(self, where: SiteSelection, day: date) -> _Answers | Lack:
        """Say of each site whether one of the actors held it in one of the ways.

        Whoever nobody is said to hold a site may hold it; who is not named where another surely holds it, and
        nobody contests that, does not.
        """
        key = (where.controllers, where.control, where.territory, day)
        if key not in self._asked:
            self._asked[key] = self._held(where, day)
        return self._asked[key]

    def _held(self, where: SiteSelection, day: date) -> _Answers | Lack:
        if tables.SITE_CONTROL not in self._data.reader:
            return Lack("who held the sites has not been computed yet", FIRST_RUN)
        start, end = np.searchsorted(self._month, [_number(day), _number(day) + 1])
        if start == end:
            when = span_words(Span(day.replace(day=1), day.replace(day=1)))
            return Lack(
                f"who held the sites is not known for {when[:7]}", f"images and control of {when[:7]}"
            )
        site, answer = self._site[start:end], self._answer[start:end]
        named = np.isin(self._pair[start:end], self._pairs(where, day, sure=False))
        surely = np.isin(self._pair[start:end], self._pairs(where, day, sure=True))
        spoken = np.where(surely, answer, np.minimum(answer, 1))
        result = np.full(len(self._sites), 1, dtype=np.int8)
        elsewhere = ~named & (answer == _ANSWERS["yes"]) & ~self._contested[start:end]
        result[site[elsewhere]] = 0
        best = np.full(len(self._sites), -1, dtype=np.int8)
        np.maximum.at(best, site[named], spoken[named])
        return np.where(best >= 0, best, result)

    def _pairs(self, where: SiteSelection, day: date, *, sure: bool) -> list[int]:
        """Pairs of territory and controller that are meant; `sure` where all their spells are of the kind."""
        actors = self._data.records.actors
        labels = {actors[one].label for one in where.controllers if one in actors}
        territory = self._data.records.territories.get(where.territory or "")
        return [
            code
            for code, (ground, holder) in enumerate(self._names)
            if (holder in labels if where.controllers else holder is not None)
            and (territory is None or ground == territory.name)
            and self._in_ways(ground, holder, where.control, day, sure=sure)
        ]

    def _in_ways(
        self, ground: str | None, holder: str | None, ways: Collection[str], day: date, *, sure: bool
    ) -> bool:
        if not ways:
            return True
        held = self._ways.get((ground, holder), ())
        kinds = {one.control for one in held if one.dated.valid_on(day) != "no"}
        return bool(kinds) and (kinds <= set(ways) if sure else bool(kinds & set(ways)))

    @cached_property
    def _ways(self) -> dict[tuple[str | None, str | None], list[Any]]:
        records = self._data.records
        found: dict[tuple[str | None, str | None], list[Any]] = {}
        for spell in records.control.values():
            territory = records.territories.get(spell.territory)
            for one in spell.controllers:
                if territory is not None and one in records.actors:
                    found.setdefault((territory.name, records.actors[one].label), []).append(spell)
        return found

    @cached_property
    def _sorted(self) -> Any:
        frame = self._data.reader.read(tables.SITE_CONTROL)
        site = self._sites.get_indexer(frame["site_id"].to_numpy(dtype=object))
        month = month_numbers(frame["month"])
        order = np.argsort(month.astype(np.int32), kind="stable")
        order = order[site[order] >= 0]
        return frame, site[order], month[order], order

    @cached_property
    def _site(self) -> NDArray[np.intp]:
        sites: NDArray[np.intp] = self._sorted[1]
        return sites

    @cached_property
    def _month(self) -> NDArray[np.int64]:
        months: NDArray[np.int64] = self._sorted[2]
        return months

    @cached_property
    def _answer(self) -> NDArray[np.int8]:
        frame, _, _, order = self._sorted
        words = pd.Index(list(_ANSWERS))
        codes = np.array(list(_ANSWERS.values()), dtype=np.int8)
        answers: NDArray[np.int8] = codes[words.get_indexer(frame["answer"].to_numpy(dtype=object))][order]
        return answers

    @cached_property
    def _contested(self) -> NDArray[np.bool_]:
        frame, _, _, order = self._sorted
        flags: NDArray[np.bool_] = frame["contested"].to_numpy(dtype=bool)[order]
        return flags

    @cached_property
    def _coded(self) -> tuple[NDArray[np.intp], list[tuple[str | None, str | None]]]:
        frame, _, _, order = self._sorted
        ground, grounds = pd.factorize(frame["territory"].to_numpy(dtype=object, na_value=None))
        holder, holders = pd.factorize(frame["controller"].to_numpy(dtype=object, na_value=None))
        pairs, codes = np.unique(np.column_stack([ground, holder]), axis=0, return_inverse=True)
        names = [
            (grounds[one] if one >= 0 else None, holders[other] if other >= 0 else None)
            for one, other in pairs
        ]
        return codes.reshape(-1)[order], names

    @property
    def _pair(self) -> NDArray[np.intp]:
        return self._coded[0]

    @property
    def _names(self) -> list[tuple[str | None, str | None]]:
        return self._coded[1]


def _number(day: date) -> int:
    return day.year * 12 + day.month - 1

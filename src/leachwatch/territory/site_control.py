"""Who held each site in each month: sites by drawings, spells by months, then joined."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from leachwatch.errors import TableError
from leachwatch.tables import ANSWERS, SITE_CONTROL, SITE_MONTHS, SITES
from leachwatch.territory.ground import Ground
from leachwatch.territory.months import month_of
from leachwatch.territory.placing import Placed, positions

__all__ = ["site_control"]

_NOBODY = -1
_HOLDING = (ANSWERS.index("yes"), ANSWERS.index("possibly"))


@dataclass(frozen=True)
class _Rows:
    """Rows of the table as numbers, one array a column.

    Attributes
    ----------
    row : ndarray of int64
        Which site-month.
    territory, controller : ndarray of int32
        Places in the lists of names; -1 for none.
    answer : ndarray of uint8
        Place in `ANSWERS`.
    share : ndarray of float64
    together, near : ndarray of bool
    """

    row: NDArray[np.int64]
    territory: NDArray[np.int32]
    controller: NDArray[np.int32]
    answer: NDArray[np.uint8]
    share: NDArray[np.float64]
    together: NDArray[np.bool_]
    near: NDArray[np.bool_]


def site_control(ground: Ground, placed: Placed, site_months: pd.DataFrame) -> pd.DataFrame:
    """Say for every site and month in which territory it lies and who held it.

    Parameters
    ----------
    ground : Ground
        Of the case.
    placed : Placed
        The sites on its drawings.
    site_months : DataFrame
        ``site_id`` and ``month`` of the table of that name.

    Returns
    -------
    DataFrame
        As `SITE_CONTROL`; a site in no territory has a row without one, of which the answer is ``unknown``.

    Raises
    ------
    TableError
        If a month is of a site that is not there.
    """
    if site_months.empty:
        return SITE_CONTROL.frame([])
    site = positions(site_months["site_id"], placed.ids)
    if (site < 0).any():
        stray = site_months["site_id"].iloc[int((site < 0).argmax())]
        raise TableError(f"{SITE_MONTHS.file_name}: {stray} is not in {SITES.file_name}; scan again")
    months = sorted(site_months["month"].unique())
    month = positions(site_months["month"], np.array(months, dtype=object))
    labels = sorted(ground.labels.values())
    of_label = {label: place for place, label in enumerate(labels)}
    parts = [
        _of_territory(ground, number, placed, (site, month), months, of_label)
        for number in range(len(ground.territories))
    ]
    parts.append(_without(parts, len(site)))
    rows = _Rows(*(np.concatenate([getattr(one, name) for one in parts]) for name in _Rows.__annotations__))
    names = [one.name for one in ground.territories]
    return SITE_CONTROL.check(_frame(rows, site_months, names, labels))


def _of_territory(
    ground: Ground,
    number: int,
    placed: Placed,
    site_month: tuple[NDArray[np.intp], NDArray[np.intp]],
    months: Sequence[date],
    of_label: dict[str, int],
) -> _Rows:
    """Rows of one territory: what each pattern of codes comes to in each month, taken for every site."""
    territory = ground.territories[number].id
    columns = ground.drawings[territory]
    site, month = site_month
    patterns, pattern = np.unique(placed.codes[:, columns], axis=0, return_inverse=True)
    pattern = pattern.reshape(-1)
    found: list[tuple[int, int, bool, bool]] = []
    starts = np.zeros((len(patterns), len(months)), np.int64)
    counts = np.zeros((len(patterns), len(months)), np.int64)
    masks: dict[tuple[bool, ...], int] = {}
    mask_of = np.zeros(len(months), np.int64)
    for column, first in enumerate(months):
        known = month_of(ground, territory, first)
        mask_of[column] = masks.setdefault(known.standing, len(masks))
        for row, codes in enumerate(patterns.tolist()):
            holders = known.holders(codes)
            starts[row, column], counts[row, column] = len(found), len(holders)
            near = known.near_border(codes)
            found += [
                (
                    _NOBODY if one.controller is None else of_label[one.controller],
                    ANSWERS.index(one.answer),
                    one.together,
                    near,
                )
                for one in holders
            ]
    least = np.stack([placed.shares[:, columns][:, list(mask)].min(axis=1) for mask in masks], axis=1)
    many = counts[pattern[site], month]
    at = np.repeat(np.arange(len(site)), many)
    step = np.arange(len(at)) - np.repeat(np.cumsum(many) - many, many)
    which = np.repeat(starts[pattern[site], month], many) + step
    table = np.array(found or [(0, 0, False, False)], dtype=np.int64)[which]
    return _Rows(
        at,
        np.full(len(at), number, np.int32),
        table[:, 0].astype(np.int32),
        table[:, 1].astype(np.uint8),
        least[site[at], mask_of[month[at]]],
        table[:, 2].astype(bool),
        table[:, 3].astype(bool),
    )


def _without(parts: Sequence[_Rows], many: int) -> _Rows:
    """Rows of the site-months that lie in no territory."""
    taken = np.zeros(many, bool)
    for part in parts:
        taken[part.row] = True
    at = np.flatnonzero(~taken)
    nowhere, never = np.full(len(at), _NOBODY, np.int32), np.zeros(len(at), bool)
    unknown = np.full(len(at), ANSWERS.index("unknown"), np.uint8)
    return _Rows(at, nowhere, nowhere, unknown, np.zeros(len(at)), never, never)


def _contested(rows: _Rows, controllers: int) -> NDArray[np.bool_]:
    """Where an actor held a site, or may have, and shared it, contested it, or another may have, too."""
    holding = np.isin(rows.answer, _HOLDING) & (rows.controller != _NOBODY)
    pairs = np.unique(rows.row[holding] * controllers + rows.controller[holding])
    many = np.bincount(pairs // max(controllers, 1), minlength=int(rows.row.max(initial=-1)) + 1)
    contested: NDArray[np.bool_] = holding & (rows.together | (many[rows.row] > 1))
    return contested


def _frame(rows: _Rows, site_months: pd.DataFrame, territories: list[str], labels: list[str]) -> pd.DataFrame:
    ids, months = (pa.array(site_months[name].array) for name in ("site_id", "month"))
    columns = {
        "site_id": ids.take(pa.array(rows.row)),
        "month": months.take(pa.array(rows.row)),
        "territory": _named(rows.territory, territories),
        "controller": _named(rows.controller, labels),
        "answer": _named(rows.answer, list(ANSWERS)),
        "share": pa.array(rows.share),
        "contested": pa.array(_contested(rows, len(labels))),
        "near_border": pa.array(rows.near),
    }
    return pd.DataFrame({name: pd.arrays.ArrowExtensionArray(one) for name, one in columns.items()})


def _named(places: NDArray[Any], names: list[str]) -> pa.Array:
    """Names at places, none at -1."""
    wide = places.astype(np.int64)
    return pa.array([*names, ""]).take(pa.array(wide, mask=wide < 0))

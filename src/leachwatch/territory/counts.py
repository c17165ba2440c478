"""How many sites each actor held in each month, with an interval for what is not sure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from leachwatch.tables import CONTROL_COUNTS
from leachwatch.territory.drawing import Borders, Spells
from leachwatch.territory.existing import Existing
from leachwatch.territory.ground import Ground
from leachwatch.territory.months import month_of
from leachwatch.territory.placing import Placed
from leachwatch.territory.settings import CountSettings

__all__ = ["control_counts"]


def control_counts(
    ground: Ground, placed: Placed, sites: Any, site_months: pd.DataFrame, settings: CountSettings
) -> pd.DataFrame:
    """Count the sites that each actor held, in draws of all that is not sure.

    Parameters
    ----------
    ground : Ground
        Of the case.
    placed : Placed
        The sites on its drawings.
    sites, site_months : DataFrame
        Tables of those names.
    settings : CountSettings
        How many draws, and from which seed.

    Returns
    -------
    DataFrame
        As `CONTROL_COUNTS`. There is a row where somebody says that the actor held a territory in that
        month, or may have: without one it is not known, which is not zero.
    """
    every = sorted(site_months["month"].unique())
    named = {id_ for spells in ground.spells.values() for spell in spells for id_ in spell.controllers}
    actors = sorted(named, key=lambda id_: ground.labels[id_])
    said = _said(ground, actors, every)
    months = [every[column] for column in np.flatnonzero(said.any(axis=0))]
    if not months:
        return CONTROL_COUNTS.frame([])
    said = said[:, said.any(axis=0)]
    account = _Account(ground, placed, actors, months)
    existing = Existing(sites, site_months, months)
    drawn = _draws(account, existing, settings)
    low, middle, high = np.quantile(drawn, settings.levels, axis=0, method="inverted_cdf")
    return CONTROL_COUNTS.frame(
        [
            {
                "controller": ground.labels[actor],
                "month": month,
                "low": float(low[row, column]),
                "p50": float(middle[row, column]),
                "high": float(high[row, column]),
            }
            for row, actor in enumerate(actors)
            for column, month in enumerate(months)
            if said[row, column]
        ]
    )


def _said(ground: Ground, actors: Sequence[str], months: Sequence[date]) -> NDArray[np.bool_]:
    """Where any spell says that an actor held something in a month, or may have, shape (actor, month)."""
    result = np.zeros((len(actors), len(months)), bool)
    rows = {id_: row for row, id_ in enumerate(actors)}
    for territory in ground.territories:
        for column, first in enumerate(months):
            month = month_of(ground, territory.id, first)
            for place, spell in enumerate(month.records):
                if any(day[place] in {"yes", "possibly"} for day in month.spells):
                    for id_ in spell.controllers:
                        result[rows[id_], column] = True
    return result


class _Account:
    """Draws of who holds what where, over the sites that may lie in a territory of which anything is said."""

    def __init__(self, ground: Ground, placed: Placed, actors: Sequence[str], months: Sequence[date]) -> None:
        kept = [place for place, one in enumerate(ground.territories) if ground.spells[one.id]]
        ids = [ground.territories[place].id for place in kept]
        spells = [spell for id_ in ids for spell in ground.spells[id_]]
        columns = [column for id_ in ids for column in ground.drawings[id_]]
        self.actors, self.months = len(actors), len(months)
        self.sites = np.flatnonzero((placed.codes[:, columns] > 0).any(axis=1))
        self._territory = np.repeat(np.arange(len(ids)), [len(ground.spells[id_]) for id_ in ids])
        self._borders = Borders(ground, placed.of(self.sites), ids, months)
        self._spells = Spells(spells, months)
        self._place = np.array([[_place(spell.controllers, id_) for id_ in actors] for spell in spells])
        self._contested = np.array([spell.control == "contested" for spell in spells])
        self._many = np.array([max(len(spell.controllers), 1) for spell in spells])

    def draw(
        self, chance: np.random.Generator, real: NDArray[np.bool_], there: NDArray[np.bool_]
    ) -> NDArray[np.float32]:
        """Count the sites of each actor in each month, shape (actor, month)."""
        held, turn = self._spells.draw(chance)
        own = self._place == np.floor(turn * self._many)[:, None]
        holds = ((self._place >= 0) & (own | ~self._contested[:, None])).astype(np.float32)
        result = np.zeros((self.actors, self.months), np.float32)
        rows = np.flatnonzero(real)
        for months, inside in self._borders.draw(chance):
            group, patterns = _grouped(inside[rows])
            mines = _summed(group, len(patterns), there[rows][:, months])
            for number, lies_in in enumerate(patterns):
                some = lies_in[self._territory]
                if some.any():
                    reached = holds[some].T @ held[some][:, months].astype(np.float32) > 0
                    result[:, months] += mines[number] * reached
        return result


def _draws(account: _Account, existing: Existing, settings: CountSettings) -> NDArray[np.float32]:
    """All draws, shape (draw, actor, month)."""
    chance, apart = (np.random.default_rng([settings.seed, stream]) for stream in (0, 1))
    drawn = np.zeros((settings.draws, account.actors, account.months), np.float32)
    for number in range(settings.draws):
        real, there = existing.draw(chance, account.sites)
        drawn[number] = account.draw(chance, real, there)
        if settings.recall is not None:
            drawn[number] /= apart.uniform(*settings.recall)
    return drawn


def _place(controllers: Sequence[str], actor: str) -> int:
    """Place of an actor among the controllers of a spell; -1 for none."""
    return controllers.index(actor) if actor in controllers else -1


def _grouped(inside: NDArray[np.bool_]) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
    """Sites that lie in the same territories: group of each site, and the territories of each group."""
    packed = np.packbits(inside, axis=1)
    whole = np.zeros((len(packed), -(-packed.shape[1] // 8) * 8), np.uint8)
    whole[:, : packed.shape[1]] = packed
    group = np.zeros(len(packed), np.intp)
    for word in whole.view(np.uint64).T:
        codes, known = pd.factorize(word)
        group = pd.factorize(group * max(len(known), 1) + codes)[0]
    first = np.zeros(int(group.max(initial=-1)) + 1, np.intp)
    first[group[::-1]] = np.arange(len(group))[::-1]
    return group, inside[first]


def _summed(group: NDArray[np.intp], groups: int, there: NDArray[np.bool_]) -> NDArray[np.float32]:
    """Sites of each group in each month."""
    many = len(group)
    taking = sparse.csr_matrix((np.ones(many, np.float32), (group, np.arange(many))), shape=(groups, many))
    summed: NDArray[np.float32] = taking @ there.astype(np.float32)
    return summed

"""The border between what is known of trade and what is published; see `leachwatch.publish.projection`.

Notes of observations stay behind: of a user's own files nobody knows what they say. The notes of events are
the package's own words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar, get_origin

import pandas as pd
from pydantic import BaseModel

from leachwatch import tables
from leachwatch.publish.rows import Row, models
from leachwatch.publish.trade_model import (
    PublicConflict,
    PublicEvent,
    PublicImport,
    PublicOutcome,
    PublicPrice,
    PublicShock,
    PublicSource,
    PublicStatement,
    PublicTrade,
    PublicTradeMonth,
)

__all__ = ["TradeFrames", "project_trade"]

_WEIGHTS = ("t", "kg")
_CHAPTER = "2846"
_PRICE, _PRICES = "price: ", ("CNY/kg", "USD/kg")

_Model = TypeVar("_Model", bound=BaseModel)


@dataclass(frozen=True)
class TradeFrames:
    """The tables of trade, each as `leachwatch.tables` reads it; None where there is none."""

    observations: pd.DataFrame | None = None
    series: pd.DataFrame | None = None
    contradictions: pd.DataFrame | None = None
    shocks: pd.DataFrame | None = None
    events: pd.DataFrame | None = None
    estimates: pd.DataFrame | None = None

    @classmethod
    def read(cls, out: Path) -> TradeFrames:
        """Read those that are in an ``out`` folder.

        Raises
        ------
        TableError
            If one does not keep the contract.
        """
        return cls(
            observations=_read(out, tables.OBSERVATIONS),
            series=_read(out, tables.SERIES),
            contradictions=_read(out, tables.CONTRADICTIONS),
            shocks=_read(out, tables.SHOCKS),
            events=_read(out, tables.EVENTS),
            estimates=_read(out, tables.ESTIMATES),
        )


def project_trade(frames: TradeFrames, statements: Sequence[Any] = ()) -> PublicTrade:
    """Let out what may be published of trade, and nothing else.

    Parameters
    ----------
    frames : TradeFrames
        The tables; columns that the public models do not name are not read.
    statements : sequence
        What the series were made from, each with the fields of `PublicStatement`; others are not read.

    Returns
    -------
    PublicTrade
        Public values only.

    Raises
    ------
    TableError
        If a value does not fit the public model.
    """
    outcomes = _all("estimates", PublicOutcome, frames.estimates)
    own, withheld = _annual(frames.observations)
    return PublicTrade(
        imports=_all("observations", PublicImport, own),
        withheld=withheld,
        prices=_all("observations", PublicPrice, _prices(frames.observations)),
        sources=_all("observations", PublicSource, _inputs(frames.observations, outcomes)),
        months=_all("series", PublicTradeMonth, frames.series),
        conflicts=_all("contradictions", PublicConflict, frames.contradictions),
        shocks=_all("shocks", PublicShock, frames.shocks),
        events=_all("events", PublicEvent, _renamed(frames.events)),
        outcomes=outcomes,
        statements=tuple(_statement(one) for one in statements),
    )


def _read(out: Path, table: tables.Table) -> pd.DataFrame | None:
    return tables.read(out, table) if (out / table.file_name).exists() else None


def _all(table: str, model: type[_Model], frame: pd.DataFrame | None) -> tuple[_Model, ...]:
    """Rows of a frame, by the names of the model's fields."""
    columns = tuple(model.model_fields)
    many = {name for name, field in model.model_fields.items() if get_origin(field.annotation) is tuple}

    def made(row: Row) -> _Model:
        return model(**{name: _listed(value) if name in many else value for name, value in row.items()})

    return () if frame is None else tuple(models(table, columns, made, frame))


def _listed(values: Any) -> tuple[Any, ...]:
    """Give a list of a table; a number that is missing in one comes as NaN."""
    return tuple(None if value != value else value for value in values)  # noqa: PLR0124 - NaN


def _annual(observations: pd.DataFrame | None) -> tuple[pd.DataFrame | None, int]:
    """Gross imports of whole years, in codes of the chapter; and how many more may not be passed on."""
    if observations is None:
        return None, 0
    first, last = observations["period_start"].dt, observations["period_end"].dt
    whole = (first.month == 1) & (first.day == 1) & (last.month == 12) & (last.day == 31)  # noqa: PLR2004
    asked = (observations["flow"] == "import") & (observations["basis"] == "gross")
    codes = observations["hs_scope"].str.fullmatch(rf"{_CHAPTER}[0-9*]*(\+{_CHAPTER}[0-9*]*)*")
    kept = asked & whole & codes & observations["unit"].isin(_WEIGHTS) & (first.year == last.year)
    own: pd.DataFrame = observations[kept.fillna(value=False)]
    closed = own["source"].str.startswith(tables.NOT_PASSED_ON)
    return own[~closed], int(closed.sum())


def _prices(observations: pd.DataFrame | None) -> pd.DataFrame | None:
    """Prices of a time that is known; those shown to be wrong stay behind."""
    if observations is None:
        return None
    priced = observations["unit"].isin(_PRICES) & observations["metric"].str.startswith(_PRICE)
    known = observations["period_start"].notna() & observations["period_end"].notna()
    kept = priced & known & (observations["certainty"] != "X").fillna(value=True)
    return observations[kept.fillna(value=False)]


def _inputs(observations: pd.DataFrame | None, outcomes: Sequence[PublicOutcome]) -> pd.DataFrame | None:
    """Figures that an estimate names, one row each."""
    if observations is None:
        return None
    named = {one for outcome in outcomes for one in outcome.inputs}
    return observations[observations["source_id"].isin(sorted(named))].drop_duplicates("source_id")


def _renamed(events: pd.DataFrame | None) -> pd.DataFrame | None:
    return None if events is None else events.rename(columns={"event_id": "id"})


def _statement(one: Any) -> PublicStatement:
    return PublicStatement(**{name: getattr(one, name) for name in PublicStatement.model_fields})

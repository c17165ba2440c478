"""Measures: every figure of the vocabulary to an estimate, each from the tables that speak of it."""

from __future__ import annotations

from dataclasses import replace

from leachwatch.case.records.claim_tests import Coverage, ErrorModel
from leachwatch.case.records.figures import (
    AreaFigure,
    EstimateFigure,
    Figure,
    MoneyFigure,
    PublishedFigure,
    SiteFigure,
    TradeFigure,
)
from leachwatch.claims.customs import Customs
from leachwatch.claims.data import Data
from leachwatch.claims.estimate import Estimate
from leachwatch.claims.mines import Mines
from leachwatch.claims.moments import Moments
from leachwatch.claims.quoted import Quoted

__all__ = ["Measures"]


class Measures:
    """All that can be measured of a case, each table read and grouped once.

    Parameters
    ----------
    data : Data
        Tables and records.
    """

    def __init__(self, data: Data) -> None:
        self.data = data
        self.customs = Customs(data.reader)
        self.quoted = Quoted(data.reader, data.rates)
        self.mines = Mines(data)
        self.moments = Moments(data, self.mines)

    def measure(self, figure: Figure, error: ErrorModel, require: Coverage | None = None) -> Estimate:
        """Say what a figure may be.

        Parameters
        ----------
        figure : Figure
            What to measure.
        error : ErrorModel
            Error beside the bounds that the tables give.
        require : Coverage or None
            What has to have been seen of the ground, for sites.

        Returns
        -------
        Estimate
        """
        match figure:
            case TradeFigure():
                return _revised(self.customs.measure(figure), error.revision)
            case EstimateFigure():
                return self.quoted.estimated(figure)
            case PublishedFigure():
                return self.quoted.published(figure)
            case MoneyFigure():
                return self.quoted.money(figure)
            case SiteFigure():
                return self.mines.count(figure, error, require)
            case AreaFigure():
                return self.mines.area(figure, error, require)


def _revised(estimate: Estimate, share: float) -> Estimate:
    if not share or not estimate.covered:
        return estimate
    wider = estimate.interval.widened(share)
    return replace(
        estimate, low=wider.low, high=wider.high, said=f"{estimate.said} (±{share:.1%} for revision)"
    )

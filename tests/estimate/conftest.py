from __future__ import annotations

from datetime import date

import pytest

from estimates import RATE, observations, series
from leachwatch.estimate import Estimated, estimate, read_priors
from leachwatch.estimate.draws import Draws
from leachwatch.estimate.figures import Figures
from leachwatch.estimate.imports import Imports


@pytest.fixture(scope="session")
def draws() -> Draws:
    return Draws(read_priors(), seed=7, size=50_000)


@pytest.fixture(scope="session")
def estimated() -> Estimated:
    """A run on the shipped figures, with two simulated months between bounds."""
    months = {date(2025, 4, 1): (4000.0, 6000.0), date(2025, 5, 1): (7000.0, 7000.0)}
    rates = dict.fromkeys(months, RATE)
    return estimate(observations(), series(hs28469019=months), read_priors(), rates=rates)


def whole_year(year: int, months: int, tonnes: float) -> dict[date, tuple[float, float]]:
    return {date(year, month, 1): (tonnes, tonnes) for month in range(1, months + 1)}


@pytest.fixture(scope="session")
def year_of_months() -> Imports:
    """Eleven months of 2021 and all of 2022, one code."""
    months = whole_year(2021, 11, 50.0) | whole_year(2022, 12, 100.0)
    return Imports(Figures(observations()), series(hs28469019=months))


@pytest.fixture(scope="session")
def known_better() -> Imports:
    """Published figures of 2023, and an exact series of the one code."""
    return Imports(Figures(observations()), series(hs28469019=whole_year(2023, 12, 3475.0)))

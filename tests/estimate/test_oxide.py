from __future__ import annotations

import numpy as np
import pytest

from estimates import observations, row, row_like, series
from leachwatch.errors import BasisError
from leachwatch.estimate import Estimated, estimate, read_priors
from leachwatch.estimate.draws import Drawn, Draws
from leachwatch.estimate.figures import Figures
from leachwatch.estimate.imports import Imports
from leachwatch.estimate.oxide import oxide, weights


def test_myanmar_sent_95_percent_of_that_code_which_makes_the_41_700_tonnes_gross() -> None:
    """Brief, section 0: 0.95 x 43,906 = 41,711."""
    (heavy,) = Figures(observations("A24")).all("A24")
    (all_origins,) = Figures(observations("W02")).all("W02")
    heavy.must_be("t", "gross")
    assert heavy.low <= 0.95 * all_origins.must_be("t", "gross").high <= heavy.high


def test_the_imports_of_2023_are_42_or_72_kilotonnes_gross(estimated: Estimated) -> None:
    """Brief, section 0."""
    assert row(estimated, "gross imports", "2023", "28469019").p50 == pytest.approx(41_700, abs=50)
    assert row(estimated, "gross imports", "2023", "28469019+28469099").p50 == pytest.approx(72_000, abs=100)


def test_they_hold_44_to_50_kilotonnes_of_oxide(estimated: Estimated) -> None:
    """Brief, section 5.1: 43.7 to 50.3 kt; its median of 46.5 is 0.2 below what its priors give."""
    found = row(estimated, "rare earth oxide", "2023", "28469019+28469099")
    assert found.p05 == pytest.approx(43_700, abs=150)
    assert found.p95 == pytest.approx(50_300, abs=150)
    assert found.p50 == pytest.approx(46_700, abs=100)
    assert found.p50 == pytest.approx(46_500, abs=300)
    assert (found.unit, found.basis) == ("t", "REO")


def test_dysprosium_is_a_part_of_the_oxide_and_its_metal_a_part_of_that(estimated: Estimated) -> None:
    as_oxide = row_like(estimated, "dysprosium oxide", "2023")
    as_element = row_like(estimated, "dysprosium", "2023")
    assert as_element.p50 == pytest.approx(as_oxide.p50 * 0.8713)
    assert (as_oxide.basis, as_element.basis) == ("oxide", "element")


def test_a_grade_is_drawn_once_so_that_its_error_stays_in_a_sum_of_months(draws: Draws) -> None:
    month = Drawn(np.full_like(draws.of("oxide_in_28469019").array, 1000.0))
    twelve = sum((oxide({"28469019": month}, draws).array for _ in range(12)), start=np.zeros(1))
    assert twelve.std() == pytest.approx(12 * oxide({"28469019": month}, draws).array.std())


def test_a_figure_in_oxide_is_not_weighed_as_gross() -> None:
    found = observations("A24", "A25")
    found["basis"] = "REO"
    with pytest.raises(BasisError, match=r"figure A24 is in t REO, needed is t gross; convert it first"):
        estimate(found, series(), read_priors())


def test_a_year_with_a_code_missing_is_left_out_and_named() -> None:
    done = estimate(observations("A24"), series(), read_priors())
    assert "rare earth oxide" not in set(done.table["quantity"])
    assert ("rare earth oxide", "2023") in {(one.quantity, one.period) for one in done.left_out}
    assert any("28469099" in one.reason for one in done.left_out if one.period == "2023")


def test_twelve_months_make_a_year_and_eleven_do_not(year_of_months: Imports, draws: Draws) -> None:
    found = list(weights(year_of_months, draws))
    of_2022 = [one for one in found if one.period == "2022" and one.quantity == "gross imports"]
    assert [one.drawn.array[0] for one in of_2022] == [1200.0]  # type: ignore[union-attr]
    assert not [one for one in found if one.period == "2021"]


def test_the_narrower_of_a_figure_and_twelve_months_is_taken(known_better: Imports) -> None:
    taken = known_better.of_year(2023)
    assert taken["28469019"].name == "series 28469019"
    assert taken["28469099"].name == "A25"

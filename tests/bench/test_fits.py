from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leachwatch.bench.fits import Cost, growth


@given(st.floats(0.2, 2.5), st.floats(0.2, 2.5), st.floats(1e-6, 1e3))
def test_powers_are_found_whatever_the_unit(area: float, looks: float, unit: float) -> None:
    costs = [
        Cost(side**2, many, unit * side ** (2 * area) * many**looks) for side in (2, 4) for many in (9, 36)
    ]
    assert growth(costs) == pytest.approx((area, looks))


def test_a_part_that_does_not_grow_lowers_the_power() -> None:
    area, looks = growth([Cost(side, many, 50 + side * many) for side in (1, 4) for many in (9, 36)])
    assert area < 1
    assert looks < 1

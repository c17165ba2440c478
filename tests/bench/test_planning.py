from __future__ import annotations

import pytest

from leachwatch.bench import measure_planning
from leachwatch.bench.planning import Planning

MOST_SECONDS, MOST_BYTES = 30, 500_000_000


def within(found: Planning) -> bool:
    """Whether planning keeps its bars; the processor's time stands for a machine that does nothing else."""
    return found.cpu_seconds < MOST_SECONDS and found.peak_bytes < MOST_BYTES


def test_a_few_tiles_of_a_catalog_without_pixels_are_planned() -> None:
    found = measure_planning(100, 5)
    assert found.tiles == pytest.approx(100, rel=0.3)
    assert found.scenes == 5 * found.granules > 0
    assert found.bytes > 1e9
    assert within(found)


@pytest.mark.slow
def test_ten_thousand_tiles_of_a_hundred_looks_a_year_are_planned_in_half_a_minute() -> None:
    found = measure_planning(10_000, 100)
    assert found.tiles > 10_000
    assert found.scenes > 3_000
    assert within(found), found

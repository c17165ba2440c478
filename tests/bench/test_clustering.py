from __future__ import annotations

import pytest

from leachwatch.bench import measure_cluster
from leachwatch.bench.clustering import Clustering, ClusterRun


def test_scaling_and_cost_follow_from_the_runs() -> None:
    runs = tuple(
        ClusterRun(workers=workers, trimmed=trimmed, seconds=seconds, cpu_seconds=8.0, peak_bytes=1)
        for workers, trimmed, seconds in ((1, True, 12.0), (2, True, 8.0), (1, False, 9.0), (2, False, 5.0))
    )
    found = Clustering(tiles=4, looks=8, mega_pixels=2.0, processors=2, runs=runs)
    assert found.scaling(trimmed=True) == pytest.approx(1.5)
    assert found.scaling(trimmed=False) == pytest.approx(1.8)
    assert found.cost == pytest.approx(0.5)
    assert found.as_dict()["2 workers, untrimmed"]["seconds"] == 5.0


@pytest.mark.slow
@pytest.mark.cluster
def test_a_small_district_is_scanned_by_one_worker_and_by_two() -> None:
    found = measure_cluster(size=96, looks=10, repeats=1, progress=lambda *_: None)
    assert [(run.workers, run.trimmed) for run in found.runs] == [
        (1, True),
        (2, True),
        (1, False),
        (2, False),
    ]
    assert all(run.seconds > 0 and run.cpu_seconds > 0 and run.peak_bytes > 1e8 for run in found.runs)

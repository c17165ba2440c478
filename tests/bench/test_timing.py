from __future__ import annotations

import pytest

from leachwatch.bench import measure_time
from leachwatch.console import print_timing


@pytest.mark.slow
def test_a_scan_is_timed_beside_its_floor_and_its_stages_add_up(capsys: pytest.CaptureFixture[str]) -> None:
    result = measure_time(size=512, looks=6, repeats=1, progress=lambda *_: None)
    assert result.tiles >= 4
    assert result.looks <= 6
    assert result.ratio > 1
    assert result.ratio_cpu == pytest.approx(result.scan_cpu / result.floor_cpu)
    # the same work, in one thread and not in two
    assert sum(result.stages.values()) == pytest.approx(result.scan_cpu, rel=0.5)
    assert result.stages["reading and decoding"] == pytest.approx(result.floor_cpu, rel=0.5)
    print_timing(result)
    printed = capsys.readouterr().out
    assert all(stage in printed for stage in result.stages)

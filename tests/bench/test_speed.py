from __future__ import annotations

import json

import pytest

from leachwatch.bench import Contender, Speed, measure_speed, rivals
from leachwatch.errors import BenchError
from leachwatch.speed_console import print_speed

FLOOR, SCAN, OTHER = "reading and decoding alone", "scan in process, warm", "odc-stac, xarray, dask"


@pytest.mark.slow
def test_a_scan_is_timed_beside_its_floor_and_what_a_user_would_pick(
    capsys: pytest.CaptureFixture[str],
) -> None:
    pytest.importorskip("odc.stac", reason="the extra bench is not installed")
    result = measure_speed(size=256, looks=6, repeats=1, progress=lambda *_: None)
    assert result.tiles >= 1
    assert result.looks <= 6
    assert set(result.stages) >= {"reading and decoding", "masks", "features"}
    assert result.whole.seconds > result.floor.seconds
    for name in (FLOOR, SCAN, OTHER, "LightGBM over everything"):
        assert (result.contenders[name].peak or 0) > 10**8, "bytes, libraries and all"
    assert not result.growth, "so small a district tells of fixed costs alone"
    whole, alone = result.distant.values()
    assert whole.seconds > alone.seconds > 0.03
    print_speed(result)
    printed = capsys.readouterr().out
    assert all(name in printed for name in (*result.contenders, *result.stages))
    json.dumps(result.as_dict())


def test_ratios_are_over_the_floor_and_over_the_scan() -> None:
    contenders = {FLOOR: Contender(2.0, 4.0), SCAN: Contender(3.0, 5.0), OTHER: Contender(12.0, 20.0)}
    result = Speed(4, 36, 10, 2, 1.0, 5, contenders, {"masks": 1.0})
    said = result.as_dict()["contenders"][OTHER]
    assert said["over_floor"] == 6
    assert said["over_scan"] == 4
    assert said["megapixel_looks_a_second"] == 3


def test_a_rival_that_is_not_installed_is_named_with_the_mend(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> None:
        raise ImportError(name)

    monkeypatch.setattr(rivals, "import_module", missing)
    with pytest.raises(BenchError, match=r"pip install 'leachwatch\[bench\]'"):
        measure_speed(progress=lambda *_: None)

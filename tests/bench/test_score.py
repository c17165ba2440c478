from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pytest
from shapely.geometry import Point

from leachwatch import tables
from leachwatch.bench import read_truth, score
from leachwatch.errors import RecordError, TableError

if TYPE_CHECKING:
    from conftest import Scanned


def by_frame(**changes: Any) -> dict[str, Any]:
    return {
        "crs": "EPSG:32647",
        "frames": ["2022-06", "2022-07", "2022-08", "2022-09"],
        "bounds": [605000, 2871160, 608840, 2875000],
        "sites": [
            {
                "id": 0,
                "xy": [605619, 2873863],
                "onset": 1,
                "stop": 2,
                "resume": 3,
                "kind": "resumed",
                "radius_m": 51,
                "pools": [{"xy": [605579, 2873807], "r_m": 5.0, "square": True, "born": 2, "hue": "milky"}],
                **changes,
            }
        ],
        "distractors": [{"kind": "village", "xy": [607640, 2872834]}],
    }


def written(folder: Path, content: Any) -> Path:
    path = folder / "truth.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


def test_a_truth_by_frame_becomes_states_by_month(tmp_path: Path) -> None:
    truth = read_truth(written(tmp_path, by_frame()))
    (site,) = truth.sites
    assert list(site.states.values()) == ["absent", "active", "idle", "active"]
    assert list(site.pool_area_m2.values()) == [0, 0, 100, 100]
    assert truth.km2 == pytest.approx(14.7456)


def test_a_truth_by_month_is_read(scanned: Scanned) -> None:
    truth = read_truth(scanned.district.truth)
    assert truth.epsg == 32647
    assert all(len(site.states) == 14 for site in truth.sites)


@pytest.mark.parametrize(
    "content", [[], {}, {"months": 3}, by_frame(onset="soon"), by_frame() | {"frames": ["x"]}]
)
def test_a_file_that_is_no_truth_is_refused(tmp_path: Path, content: Any) -> None:
    with pytest.raises(RecordError, match="not a truth file"):
        read_truth(written(tmp_path, content))


def test_a_truth_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(RecordError, match="not a readable truth file"):
        read_truth(tmp_path / "none.json")


def test_a_folder_without_tables_cannot_be_scored(tmp_path: Path) -> None:
    with pytest.raises(TableError, match="no such table"):
        score(tmp_path, read_truth(written(tmp_path, by_frame())))


def test_the_truth_itself_scores_perfectly(scanned: Scanned, tmp_path: Path) -> None:
    """Sites made from the truth are all found, none is false, every month is right."""
    truth = read_truth(scanned.district.truth)
    known = [site for site in truth.sites if site.workable]
    pattern = tables.read(scanned.report.out, tables.SITES).iloc[0]
    sites, months = [], []
    for site in known:
        outline = site.pools.buffer(5)
        row = {
            **pattern.to_dict(),
            "site_id": site.id,
            "geometry": outline,
            "tier": "confirmed",
            "lineage": [],
        }
        sites.append(row | {"pools_from_earliest": site.pools_from, "pools_from_latest": site.pools_from})
        for month, state in site.states.items():
            area = site.pool_area_m2[month]
            months.append(
                {
                    "site_id": site.id,
                    "month": month,
                    "clear_share": 1.0,
                    "looks": 1,
                    "pool_area_m2": area,
                    "pool_area_m2_low": area,
                    "pool_area_m2_high": area,
                    "worked_area_m2": 0.0,
                    "state": state,
                }
            )

    outlines = gpd.GeoSeries([row["geometry"] for row in sites], crs=truth.epsg).to_crs(4326)
    for row, outline in zip(sites, outlines, strict=True):
        row["geometry"] = outline
    tables.write(tmp_path, tables.SITES, tables.SITES.frame(sites))
    tables.write(tmp_path, tables.SITE_MONTHS, tables.SITE_MONTHS.frame(months))
    tables.write(tmp_path, tables.SPELLS, tables.SPELLS.frame([]))
    shutil.copy(scanned.report.out / "coverage.parquet", tmp_path)
    result = score(tmp_path, truth)
    assert (result.found, result.missed, result.false) == (len(known), 0, 0)
    assert result.f1 == 1.0
    assert result.confirmed_precision == 1.0
    assert len(result.judged) == len(known)
    assert all(mine for _, mine in result.judged)
    assert result.activity == 1.0
    assert result.area_ratio == pytest.approx(1.0)
    assert result.area_covered == 1.0
    assert result.onset_covered in (None, 1.0)


def test_a_site_where_nothing_is_counts_as_false_by_its_look_alike(scanned: Scanned, tmp_path: Path) -> None:
    truth = read_truth(scanned.district.truth)
    other = truth.lookalikes[0]
    outline = gpd.GeoSeries([Point(other.x, other.y).buffer(20)], crs=truth.epsg).to_crs(4326)[0]
    pattern = tables.read(scanned.report.out, tables.SITES).iloc[0].to_dict()
    row = {**pattern, "geometry": outline, "tier": "probable", "lineage": []}
    tables.write(tmp_path, tables.SITES, tables.SITES.frame([row]))
    tables.write(tmp_path, tables.SITE_MONTHS, tables.SITE_MONTHS.frame([]))
    tables.write(tmp_path, tables.SPELLS, tables.SPELLS.frame([]))
    shutil.copy(scanned.report.out / "coverage.parquet", tmp_path)
    result = score(tmp_path, truth)
    assert (result.found, result.false) == (0, 1)
    assert result.false_by_lookalike == {other.kind: 1}
    assert result.confirmed_precision is None
    assert result.judged == ((row["score"], False),)
    assert result.false_per_100_km2 > 100 / truth.km2
    assert result.f1 == 0.0

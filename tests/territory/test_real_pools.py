"""Real leach pools near a border, and outlines that are not good enough to say in which country they lie."""

from __future__ import annotations

import shutil
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from leachwatch.territory import Ground, read_ground
from territories import EAST, WEST, territory, write_case

DAY = date(2022, 2, 1)
COARSE, TOWNSHIP = "countries_ne10m_sea.geojson", "mmr_polbnda_adm3_mimu_250k"


@pytest.fixture(scope="module")
def pools(test_data: Path) -> pd.DataFrame:
    return pd.read_csv(test_data / "pools" / "pangwa_pools_south.csv")


@pytest.fixture
def boundaries(test_data: Path, tmp_path: Path) -> Path:
    for path in (test_data / "boundaries").iterdir():
        shutil.copyfile(path, tmp_path / path.name)
    return tmp_path


def countries() -> list[dict[str, Any]]:
    """Natural Earth's outlines, which may be off by five kilometres here."""
    drawn = {"approximate": True, "border_m": 5_000.0}
    return [
        territory(id_, name, {**drawn, "outline": {"file": COARSE, "where": {"name": [name]}}}, country=code)
        for id_, name, code in ((EAST, "China", "CHN"), (WEST, "Myanmar", "MMR"))
    ]


def township(file: str) -> dict[str, Any]:
    drawn = {"outline": {"file": file, "where": {"TS": ["Chipwi"]}}, "border_m": 500.0}
    return territory("ter-000000000c", "Chipwi", drawn, country="MMR")


def said(ground: Ground, pools: pd.DataFrame) -> Counter[tuple[tuple[str, str], ...]]:
    places = zip(pools.lon, pools.lat, strict=True)
    return Counter(tuple(ground.country_at(lon, lat, DAY).items()) for lon, lat in places)


def test_a_coarse_outline_puts_pools_of_myanmar_into_china_and_is_not_believed(
    boundaries: Path, pools: pd.DataFrame
) -> None:
    ground = read_ground(write_case(boundaries, countries()))
    china = next(zone.drawn.shape for zone in ground.zones if zone.drawn.territory.name == "China")
    inside = int(shapely.contains_xy(china, pools.lon, pools.lat).sum())
    assert (inside, len(pools)) == (69, 1407)  # whom believing the outline would put into China
    for answer, many in said(ground, pools).items():
        assert dict(answer).get("MMR") == "possibly", many
        assert "yes" not in dict(answer).values()


@pytest.mark.parametrize("suffix", ["shp", "gpkg", "geojson"])
def test_the_township_has_all_of_them_whatever_the_format(
    boundaries: Path, pools: pd.DataFrame, suffix: str
) -> None:
    if suffix != "shp":
        whole = gpd.read_file(boundaries / f"{TOWNSHIP}.shp")
        whole[["TS", "geometry"]].to_file(boundaries / f"{TOWNSHIP}.{suffix}")
    file = f"{TOWNSHIP}.{suffix}"
    ground = read_ground(write_case(boundaries, [*countries(), township(file)]))
    assert said(ground, pools) == {(("MMR", "yes"),): len(pools)}
    held = [
        [(one.territory, one.inside) for one in ground.control_at(lon, lat, DAY).territories]
        for lon, lat in zip(pools.lon, pools.lat, strict=True)
    ]
    assert all(("Chipwi", "yes") in one for one in held)

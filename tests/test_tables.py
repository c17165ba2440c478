from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import Point, box

from leachwatch import tables
from leachwatch.errors import OutputError, TableError
from leachwatch.tables.order import joined


def month(site: str = "a", **changes: Any) -> dict[str, Any]:
    return {
        "site_id": site,
        "month": date(2022, 1, 1),
        "clear_share": 1.0,
        "looks": 2,
        "pool_area_m2": 10.0,
        "pool_area_m2_low": 5.0,
        "pool_area_m2_high": 20.0,
        "worked_area_m2": 100.0,
        "state": "active",
        **changes,
    }


def patch(**changes: Any) -> dict[str, Any]:
    return {
        "site_id": "a",
        "geometry": box(98, 25, 98.001, 25.001),
        "first_seen_earliest": None,
        "first_seen_latest": date(2022, 1, 5),
        "last_seen": date(2022, 5, 5),
        "pool_area_m2": 100.0,
        **changes,
    }


@pytest.mark.parametrize("table", tables.TABLES, ids=lambda table: table.name)
def test_an_empty_table_keeps_its_columns_and_types(table: tables.Table, tmp_path: Path) -> None:
    tables.write(tmp_path, table, table.frame([]))
    read = tables.read(tmp_path, table)
    assert list(read.columns) == [column.name for column in table.columns]
    schema = pq.read_schema(tmp_path / table.file_name)
    assert not any(pa.types.is_null(field.type) for field in schema)


def test_a_frame_comes_back_as_it_was_written(tmp_path: Path) -> None:
    frame = tables.SITE_MONTHS.frame([month("b"), month("a", pool_area_m2=None, state="unseen")])
    tables.write(tmp_path, tables.SITE_MONTHS, frame)
    assert tables.read(tmp_path, tables.SITE_MONTHS).equals(frame)
    assert list(frame["site_id"]) == ["a", "b"]


def test_any_geoparquet_reader_understands_a_table(tmp_path: Path) -> None:
    tables.write(tmp_path, tables.PATCHES, tables.PATCHES.frame([patch()]))
    read = gpd.read_parquet(tmp_path / "patches.parquet")
    assert read.crs.to_epsg() == 4326
    assert read["first_seen_latest"][0] == date(2022, 1, 5)


def test_equal_rows_give_equal_bytes_in_any_order(tmp_path: Path) -> None:
    rows = [patch(), patch(geometry=box(98.002, 25, 98.003, 25.001)), patch(site_id="b")]
    first = tables.write(tmp_path, tables.PATCHES, tables.PATCHES.frame(rows)).read_bytes()
    second = tables.write(tmp_path, tables.PATCHES, tables.PATCHES.frame(rows[::-1])).read_bytes()
    assert first == second


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([month(state="working")], "'working'"),
        ([month(site_id=None)], "site_id is missing"),
        ([{"site_id": "a"}], "missing or unknown"),
        ([{**month(), "phone": "1"}], "phone"),
        ([month(), month()], "the same site_id, month"),
    ],
)
def test_rows_that_break_the_contract_are_refused(rows: list[dict[str, Any]], said: str) -> None:
    with pytest.raises(TableError, match=said):
        tables.SITE_MONTHS.frame(rows)


def test_a_table_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(TableError, match=r"sites\.parquet: no such table"):
        tables.read(tmp_path, tables.SITES)


def test_a_damaged_table_is_named(tmp_path: Path) -> None:
    (tmp_path / "sites.parquet").write_bytes(b"not parquet")
    with pytest.raises(TableError, match="not a readable table"):
        tables.read(tmp_path, tables.SITES)


def test_a_folder_that_is_gone_leaves_nothing_half_written(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="cannot be written"):
        tables.write(tmp_path / "gone", tables.SITE_MONTHS, tables.SITE_MONTHS.frame([]))
    assert list(tmp_path.iterdir()) == []


@settings(deadline=None)
@given(st.permutations(["a", "b", "c", "d"]))
def test_rows_are_sorted_by_key_whatever_their_order(names: list[str]) -> None:
    frame = tables.SITE_MONTHS.frame([month(name) for name in names])
    assert list(frame["site_id"]) == sorted(names)


def test_a_geometry_that_is_no_polygon_is_refused() -> None:
    with pytest.raises(TableError, match="has a Point, not a polygon"):
        tables.PATCHES.frame([patch(geometry=Point(98, 25))])
    with pytest.raises(TableError, match="has a missing value, not a polygon"):
        tables.PATCHES.frame([patch(geometry=None)])


def test_a_geometry_of_broken_bytes_is_named(tmp_path: Path) -> None:
    path = tables.write(tmp_path, tables.PATCHES, tables.PATCHES.frame([patch()]))
    table = pq.read_table(path)
    broken = table.set_column(1, table.schema.field("geometry"), pa.array([b"no shape"]))
    pq.write_table(broken, path)
    with pytest.raises(TableError, match="not a readable table"):
        tables.read(tmp_path, tables.PATCHES)


def test_spells_of_no_length_keep_their_order() -> None:
    day = date(2022, 3, 1)
    rows = [
        {
            "site_id": "a",
            "state": state,
            "start_earliest": None,
            "start_latest": day,
            "end_earliest": day,
            "end_latest": day,
        }
        for state in ("cleared", "active")
    ]
    assert list(tables.SPELLS.frame(rows)["state"]) == ["cleared", "active"]


def observation(**changes: Any) -> dict[str, Any]:
    return {
        "source_id": "A01",
        "row": 1,
        "reporter": "CHN",
        "partner": "MMR",
        "flow": "import",
        "hs": "28469019",
        "hs_scope": "28469019",
        "period_start": date(2024, 1, 1),
        "period_end": date(2024, 1, 31),
        "value": 1.0,
        "unit": "t",
        "basis": "gross",
        "low": 0.5,
        "high": 1.5,
        "status": "reported",
        "certainty": "A",
        "published": None,
        "vintage": None,
        "metric": "quantity",
        "source": "made up",
        "url": None,
        "note": None,
        **changes,
    }


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["b", "a", "ä", ""]), st.integers(1, 3), st.sampled_from([None, "gross", "REO"])
        ),
        unique=True,
    )
)
def test_rows_are_in_the_order_of_their_keys_missing_ones_last(
    keys: list[tuple[str, int, str | None]],
) -> None:
    rows = [observation(source_id=name, row=row, basis=basis) for name, row, basis in keys]
    frame = tables.OBSERVATIONS.frame(rows)
    expected = sorted(keys, key=lambda key: (key[0], key[2] is None, key[2] or "", key[1]))
    found = [
        (name, row, None if basis is pd.NA else basis)
        for name, row, basis in zip(frame["source_id"], frame["row"], frame["basis"], strict=True)
    ]
    assert found == expected


def test_keys_of_many_values_are_joined_without_running_over() -> None:
    many = np.arange(5)[::-1]
    keys = joined([(many, 1 << 40), (many, 1 << 40), (many, 1 << 40)])
    assert list(np.argsort(keys)) == [4, 3, 2, 1, 0]

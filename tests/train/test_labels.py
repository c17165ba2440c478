from __future__ import annotations

import shutil
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shapely.geometry import box

from leachwatch import tables
from leachwatch.case import REVIEWS, record_review
from leachwatch.detect import WHOLE, Judgement
from leachwatch.errors import RecordError, TableError
from leachwatch.scanning.groups import FILE, Weighed, encode_groups, read_groups
from leachwatch.train import MINE, labelled_groups, read_labels

if TYPE_CHECKING:
    from conftest import Scanned


def weighed(lon: float, lat: float, pixels: float = 4.0, first: date = date(2022, 3, 1)) -> Weighed:
    whole = dict.fromkeys(WHOLE, 0.5) | {"pixels": pixels, "cleared": float("nan")}
    outline = box(lon, lat, lon + 0.001, lat + 0.001)
    return Weighed(outline, first, date(2023, 1, 1), whole, Judgement(0.7, "probable", "village", 0.4))


def scan_folder(tmp_path: Path, *groups: Weighed) -> Path:
    out = tmp_path / "out"
    (out / FILE).parent.mkdir(parents=True)
    (out / FILE).write_bytes(encode_groups(groups))
    return out


def labels(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "labels.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_what_was_weighed_is_read_as_it_was_written(tmp_path: Path) -> None:
    frame = read_groups(scan_folder(tmp_path, weighed(98.0, 25.0), weighed(98.1, 25.0, pixels=5.5)))
    assert frame["pixels"].tolist() == [4.0, 5.5]
    assert frame["cleared"].isna().all()
    assert frame["first"].tolist() == [date(2022, 3, 1)] * 2


def test_a_scan_in_which_nothing_was_weighed_gives_no_groups(tmp_path: Path) -> None:
    out = scan_folder(tmp_path)
    assert len(read_groups(out)) == 0
    assert labelled_groups([out], []) == []


def test_a_folder_of_no_scan_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(TableError, match=r"groups\.parquet: cannot be read .*run the scan again"):
        labelled_groups([tmp_path], [])


def test_groups_take_the_nearest_label_within_100_m(tmp_path: Path) -> None:
    out = scan_folder(tmp_path, weighed(98.0, 25.0), weighed(98.1, 25.0), weighed(98.2, 25.0))
    path = labels(
        tmp_path,
        "lon,lat,label,date\n98.0005,25.0005,mine,2022-06-01\n98.1018,25.0005,Quarry,\n98.3,25,mine,\n",
    )
    found = labelled_groups([out], read_labels(path))
    assert [one.kind for one in found] == [MINE, "quarry"]
    assert found[0].values[WHOLE.index("pixels")] == np.float32(4.0)


def test_a_mine_that_was_seen_before_the_group_is_not_the_group(tmp_path: Path) -> None:
    out = scan_folder(tmp_path, weighed(98.0, 25.0, first=date(2022, 3, 1)))
    path = labels(tmp_path, "lon,lat,label,date\n98.0005,25.0005,mine,2021-06-01\n")
    assert labelled_groups([out], read_labels(path)) == []


def test_reviews_beside_a_scan_are_labels_and_doubt_is_none(tmp_path: Path, scanned: Scanned) -> None:
    out = tmp_path / "case" / "out"
    shutil.copytree(scanned.report.out, out, ignore=shutil.ignore_patterns("tiles", "cache"))
    sites = tables.read(out, tables.SITES)["site_id"].tolist()[:3]
    said = (("accept", None), ("reject", "fishpond"), ("reject", "unsure"))
    for site, (decision, reason) in zip(sites, said, strict=True):
        record_review(out.parent / REVIEWS, out, site, decision, reason=reason, day=date(2024, 1, 2))
    assert sorted(one.kind for one in labelled_groups([out], [])) == ["fishpond", MINE]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("lon,label\n98,mine\n", "line 1: there is no column 'lat'"),
        ("lon,lat,label\n98,x,mine\n", "line 2, column 'lat': 'x' is no number"),
        ("lon,lat,label\n98,95,mine\n", "line 2, column 'lat': 95 is beyond 90 degrees"),
        ("lon,lat,label\n98,25,\n", "line 2, column 'label': is empty"),
        ("lon,lat,label,date\n98,25,mine,May 2022\n", "line 2, column 'date': 'May 2022' is no date"),
    ],
)
def test_a_fault_names_file_line_and_column(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(RecordError) as raised:
        read_labels(labels(tmp_path, text))
    assert said in str(raised.value)
    assert "labels.csv" in str(raised.value)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=200))
def test_any_text_is_read_or_refused_as_a_record(tmp_path: Path, text: str) -> None:
    path = tmp_path / "labels.csv"
    path.write_bytes(("lon,lat,label\n" + text).encode("utf-8", "surrogatepass"))
    with suppress(RecordError):
        read_labels(path)

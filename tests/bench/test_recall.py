"""What counts as found, missed and unseen on lists of known points."""

from __future__ import annotations

import json
import math
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Transformer
from shapely.geometry import Point as Place
from shapely.geometry import box

from leachwatch import tables
from leachwatch.bench import Rate, Recall, read_points, recall
from leachwatch.bench.columns import ALIASES
from leachwatch.errors import RecordError, TableError
from test_cli import leachwatch

if TYPE_CHECKING:
    from conftest import Scanned

EPSG = 32647
WEST, SOUTH = 500_000.0, 2_800_000.0
PAGE = Path(__file__).parents[2] / "docs" / "method" / "known-sites.md"

CLEAR_MONTHS = ("2022-02", "2022-03", "2022-04")
"""Of a scan of 2022; in the other months of it nothing was seen."""

TO_LONLAT = Transformer.from_crs(EPSG, 4326, always_xy=True).transform
FILLING: Mapping[str, Any] = {
    "text": "x", "date": date(2022, 1, 1), "number": 1.0, "count": 1, "flag": False, "texts": [],
}  # fmt: skip


@dataclass(frozen=True)
class Found:
    """A found site of 20 m a side, `east` metres from the corner of the watched ground."""

    east: float
    tier: str = "confirmed"
    pools_from: tuple[date | None, date] = (None, date(2022, 2, 1))

    def row(self) -> dict[str, Any]:
        row = {
            column.name: column.words[0] if column.words else FILLING.get(column.kind)
            for column in tables.SITES.columns
        }
        left, south = WEST + self.east, SOUTH + 500
        earliest, latest = self.pools_from
        shape = gpd.GeoSeries([box(left, south, left + 20, south + 20)], crs=EPSG).to_crs(4326)[0]
        own = {"site_id": f"s{self.east}", "geometry": shape, "tier": self.tier}
        return row | own | {"pools_from_earliest": earliest, "pools_from_latest": latest}


def scan_of(folder: Path, *sites: Found) -> Path:
    """Tables of a scan of 2022 over one kilometre."""
    ground = gpd.GeoSeries([box(WEST, SOUTH, WEST + 1000, SOUTH + 1000)], crs=EPSG).to_crs(4326)[0]
    months = [f"2022-{month:02}" for month in range(1, 13)]
    coverage = [
        {
            "tile": "one",
            "geometry": ground,
            "month": date.fromisoformat(f"{month}-01"),
            "clear_share": 0.5 if month in CLEAR_MONTHS else 0.49,
            "scenes": 1,
        }
        for month in months
    ]
    tables.write(folder, tables.COVERAGE, tables.COVERAGE.frame(coverage))
    tables.write(folder, tables.SITES, tables.SITES.frame([site.row() for site in sites]))
    return folder


def at(east: float, **columns: object) -> dict[str, object]:
    """Columns of a point `east` metres from the corner, level with the sites."""
    lon, lat = TO_LONLAT(WEST + east, SOUTH + 510)
    return {"lon": lon, "lat": lat, **columns}


def compared(folder: Path, sites: Sequence[Found], *points: Mapping[str, object]) -> Recall:
    columns = list(dict.fromkeys(name for point in points for name in point))
    lines = [columns, *([str(point.get(name, "")) for name in columns] for point in points)]
    path = folder / "points.csv"
    path.write_text("".join(",".join(line) + "\n" for line in lines), encoding="utf-8")
    return recall(scan_of(folder, *sites), read_points(path))


def test_a_site_finds_the_points_within_fifty_metres_of_its_outline(tmp_path: Path) -> None:
    result = compared(tmp_path, [Found(500)], at(451), at(510), at(569), at(449, name="A"), at(571))
    assert result.points.found == Rate(3, 5)
    assert [one.name for one in result.missed] == ["A", ""]


def test_a_site_that_is_only_possible_finds_nothing(tmp_path: Path) -> None:
    result = compared(tmp_path, [Found(500, tier="possible"), Found(800, tier="probable")], at(510), at(810))
    assert result.points.found == Rate(1, 2)


def test_a_scan_without_a_site_misses_all_it_could_see(tmp_path: Path) -> None:
    result = compared(tmp_path, [], at(510), at(5_000), at(510, date="2022-09"))
    assert result.points.found == Rate(0, 1)
    assert result.outside == 1
    assert result.unseen == Rate(2, 3)


@pytest.mark.parametrize(
    ("columns", "fate"),
    [
        ({}, "seen"),
        ({"date": "2022-03-15"}, "seen"),
        ({"date": "2022-01-15"}, "seen"),
        ({"date": "2022-05-31"}, "seen"),
        ({"date": "2022-06-01"}, "unclear"),
        ({"date": "2022"}, "seen"),
        ({"date": "2022-09", "end": "2022-12"}, "unclear"),
        ({"date": "2022-01", "end": "2022-12"}, "seen"),
        ({"begin": "2021-06"}, "seen"),
        ({"begin": "2022-06"}, "unclear"),
        ({"date": "2023-01-01"}, "later"),
        ({"date": "2022-12-15", "end": "2023-05"}, "unclear"),
        ({"date": "2015"}, "before"),
        ({"date": "2021-12-31"}, "before"),
    ],
)
def test_only_what_could_be_seen_around_its_date_is_found_or_missed(
    tmp_path: Path, columns: dict[str, str], fate: str
) -> None:
    result = compared(tmp_path, [Found(500)], at(510, **columns), at(800))
    seen = {"seen": (2, 0, 0, 0), "before": (2, 0, 0, 1), "unclear": (1, 1, 0, 0), "later": (1, 0, 1, 0)}
    level = result.points
    assert (level.found.of, level.unclear, level.later, result.before) == seen[fate]


def test_a_pool_first_seen_before_the_scan_ends_can_be_missed_however_long_it_stays(tmp_path: Path) -> None:
    result = compared(tmp_path, [], at(510, first_seen="3/12/2022"), at(510, begin="2022", end="2024"))
    assert (result.points.later, result.points.found) == (0, Rate(0, 2))


def test_points_linked_within_150_m_are_one_site_found_with_any_of_them(tmp_path: Path) -> None:
    result = compared(
        tmp_path,
        [Found(500)],
        at(510, diameter=9, date="2022-03", status="brown"),
        at(650, diameter=17, date="2022-02", status="blue"),
        at(790, diameter=18, date="2022-09"),
        at(945, date="2022-04"),
    )
    assert result.points.found == Rate(1, 3)
    assert result.sites.found == Rate(1, 2)
    assert result.sites.by_size == {"16 m and more": Rate(1, 1), "unknown": Rate(0, 1)}
    assert result.sites.by_state == {"active": Rate(1, 1), "unknown": Rate(0, 1)}
    assert result.points.by_state["abandoned"] == Rate(1, 1)


def test_a_site_none_of_whose_points_could_be_seen_is_neither_found_nor_missed(tmp_path: Path) -> None:
    result = compared(
        tmp_path, [Found(500)], at(510, date="2022-09"), at(520, date="2023"), at(900, date="2023")
    )
    assert (result.sites.watched, result.sites.unclear, result.sites.later) == (2, 1, 1)
    assert result.sites.found == Rate(0, 0)


def test_a_diameter_on_a_bound_belongs_to_the_wider_class(tmp_path: Path) -> None:
    sizes = (7.9, 8, 11.9, 12, 15.9, 16, "")
    result = compared(tmp_path, [Found(500)], *(at(510, diameter=size) for size in sizes))
    assert {name: rate.of for name, rate in result.points.by_size.items()} == {
        "under 8 m": 1, "8 to 12 m": 2, "12 to 16 m": 2, "16 m and more": 1, "unknown": 1,
    }  # fmt: skip


def test_recall_is_told_by_year_and_undated_points_apart(tmp_path: Path) -> None:
    result = compared(
        tmp_path, [Found(500)], at(510, year=2022), at(800, year=2022), at(510, year=2019), at(510)
    )
    assert result.points.by_year == {"2019": Rate(1, 1), "2022": Rate(1, 2), "undated": Rate(1, 1)}
    assert list(result.points.by_year) == ["2019", "2022", "undated"]


@pytest.mark.parametrize(
    ("earliest", "day", "agrees"),
    [
        (None, "2022-02-10", Rate(1, 1)),
        (date(2022, 2, 10), "2022-02-10", Rate(1, 1)),
        (date(2022, 2, 11), "2022-02-10", Rate(0, 1)),
        (date(2022, 2, 11), "2022-02", Rate(1, 1)),
        (date(2022, 2, 11), "2021-12", Rate(0, 0)),
        (date(2022, 2, 11), "", Rate(0, 0)),
    ],
)
def test_dates_disagree_where_pools_were_seen_before_the_scan_allows_any(
    tmp_path: Path, earliest: date | None, day: str, agrees: Rate
) -> None:
    site = Found(500, pools_from=(earliest, date(2022, 4, 1)))
    assert compared(tmp_path, [site], at(510, date=day)).agrees == agrees


def test_a_list_of_another_place_is_refused_with_where_the_scan_is(tmp_path: Path) -> None:
    with pytest.raises(
        RecordError, match=r"no point lies on the ground of .* from 99.00, 25.32 to 99.01, 25.33"
    ):
        compared(tmp_path, [Found(500)], {"lon": -60, "lat": -3})


def test_a_folder_without_tables_has_no_recall(tmp_path: Path) -> None:
    path = tmp_path / "points.csv"
    path.write_text("lon,lat\n98,25\n", encoding="utf-8")
    with pytest.raises(TableError, match="no such table"):
        recall(tmp_path, read_points(path))


@given(of=st.integers(1, 3000), data=st.data())
def test_the_interval_is_wilsons(of: int, data: st.DataObject) -> None:
    hits = data.draw(st.integers(0, of))
    z, share = 1.959963984540054, hits / of
    middle = (share + z * z / 2 / of) / (1 + z * z / of)
    half = z * math.sqrt(share * (1 - share) / of + z * z / 4 / of**2) / (1 + z * z / of)
    assert Rate(hits, of).interval == pytest.approx((middle - half, middle + half), abs=1e-9)


def pools(scanned: Scanned) -> Any:
    """Pools of the simulated mines as a list of known tanks; the last three are not to be counted."""
    truth = json.loads(scanned.district.truth.read_text(encoding="utf-8"))
    mines = [pool for site in truth["sites"] for pool in site["pools"]]
    columns = {
        "diameter_m": [pool["size_m"][0] for pool in mines] + [12.0, 9.0, 9.0],
        "image_date": [max(pool["born"], "2022-03-05") for pool in mines] + ["2022-03-05", "2024-01", "2022"],
        "colour": ["blue"] * len(mines) + ["brown"] * 3,
        "type": ["leachate tank"] * (len(mines) + 2) + ["heap leach"],
    }
    west, south, *_ = truth["bounds"]
    extra = [Place(west - 500, south), Place(west + 900, south + 900), Place(west + 900, south + 900)]
    places = [Place(*pool["xy"]) for pool in mines] + extra
    return gpd.GeoDataFrame(columns, geometry=places, crs=truth["crs"]).to_crs(4326)


def as_csv(frame: Any, folder: Path) -> Path:
    path = folder / "points.csv"
    flat = frame.drop(columns="geometry").assign(Longitude=frame.geometry.x, Latitude=frame.geometry.y)
    flat.to_csv(path, index=False, sep=";")
    return path


def as_kml(frame: Any, folder: Path) -> Path:
    marks = "".join(
        f"<Placemark><name>{row.Index}</name><TimeStamp><when>{row.image_date}</when></TimeStamp><ExtendedData>"
        f"<Data name='Diameter'><value>{row.diameter_m}</value></Data>"
        f"<Data name='type'><value>{row.type}</value></Data>"
        f"<Data name='status'><value>{row.colour}</value></Data></ExtendedData>"
        f"<Point><coordinates>{row.geometry.x!r},{row.geometry.y!r},0</coordinates></Point></Placemark>"
        for row in frame.itertuples()
    )
    path = folder / "points.kml"
    path.write_text(f"<kml xmlns='http://www.opengis.net/kml/2.2'><Document>{marks}</Document></kml>")
    return path


def as_kmz(frame: Any, folder: Path) -> Path:
    path = folder / "points.kmz"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(as_kml(frame, folder), "doc.kml")
    return path


def as_geojson(frame: Any, folder: Path) -> Path:
    path = folder / "points.json"
    path.write_text(frame.to_json(), encoding="utf-8")
    return path


def as_geopackage(frame: Any, folder: Path) -> Path:
    frame.to_crs(32648).to_file(folder / "points.gpkg")
    return folder / "points.gpkg"


def as_shapefile(frame: Any, folder: Path) -> Path:
    frame.to_file(folder / "points.shp")
    return folder / "points.shp"


@pytest.mark.parametrize("write", [as_csv, as_kml, as_kmz, as_geojson, as_geopackage, as_shapefile])
def test_a_list_of_any_format_is_scored_by_the_command_line(
    scanned: Scanned, tmp_path: Path, write: Callable[[Any, Path], Path]
) -> None:
    frame = pools(scanned)
    ran = leachwatch("score", scanned.report.out, write(frame, tmp_path), "--json")
    assert ran.returncode == 0, ran.stderr
    assert ran.stderr == ""
    told = json.loads(ran.stdout)
    assert (told["listed"], told["left_out"], told["outside"]) == (len(frame) - 1, {"heap leach": 1}, 1)
    assert told["points"]["later"] == 1
    assert (told["precision"], told["simulated"]) == (None, True)
    assert told["points"]["found"]["hits"] == hits_by_hand(scanned, frame.iloc[:-3])
    sizes = told["points"]["by_size"].values()
    assert sum(rate["of"] for rate in sizes) == told["points"]["found"]["of"]


def hits_by_hand(scanned: Scanned, frame: Any) -> int:
    """Pools within 50 m of a counted site, with a clear month around the day on which they were seen."""
    sites = tables.read(scanned.report.out, tables.SITES).to_crs(EPSG)
    counted = sites[sites["tier"] != "possible"].geometry
    coverage = tables.read(scanned.report.out, tables.COVERAGE)
    hits = 0
    for place, text, around in zip(
        frame.to_crs(EPSG).geometry, frame["image_date"], frame.geometry, strict=True
    ):
        months = coverage[coverage.intersects(around) & (coverage["clear_share"] >= 0.5)]["month"]
        number = int(text[:4]) * 12 + int(text[5:7])
        clear = any(abs(month.year * 12 + month.month - number) <= 1 for month in months)
        hits += clear and counted.distance(place).min() <= 50
    return hits


def test_the_command_line_says_what_a_reader_must_know(scanned: Scanned, tmp_path: Path) -> None:
    ran = leachwatch("score", scanned.report.out, as_csv(pools(scanned), tmp_path))
    assert ran.returncode == 0, ran.stderr
    lines = ran.stdout.splitlines()
    assert lines[0] == "SIMULATED: the scanned scenes show no real place"
    assert lines[1] == f"known: {len(pools(scanned)) - 1} points; left out: 1 heap leach"
    assert lines[2].startswith("could not be seen: ")
    assert "(1 outside the watched ground, " in lines[2]
    assert lines[3] == "not yet: 1 point that may be younger than the scan"
    assert any(line.split()[:2] == ["diameter", "8"] for line in lines)
    assert any(line.startswith("  seen 2022 ") for line in lines)
    assert lines[-1] == "no precision: no list is complete, so a found site that is not on it may be a mine"


def test_a_wrong_list_is_one_line(scanned: Scanned, tmp_path: Path) -> None:
    path = tmp_path / "points.csv"
    path.write_text("lon,lat,year\n98.28,25.59,soon\n", encoding="utf-8")
    ran = leachwatch("score", scanned.report.out, path)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr == (
        f"leachwatch: {path}: line 2: year 'soon' is no date; write it like 2021, 2021-03 or 2021-03-05, "
        "or leave it empty\n"
    )


@pytest.mark.parametrize("role", ALIASES)
def test_the_page_names_every_column_that_is_read(role: str) -> None:
    row = next(
        line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith(f"| {role} |")
    )
    names = tuple(part.strip(" `") for part in row.split("|")[2].split(","))
    assert names == dict(ALIASES)[role]  # type: ignore[index]  # the roles are its keys

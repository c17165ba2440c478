"""Pictures that stand alone: whole, told in words, with their data, and of nothing that may not be shown."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import cv2
import numpy as np
import pandas as pd
import pytest

from leachwatch import tables
from leachwatch.exchange.colours import year_colours
from leachwatch.publish import assets
from leachwatch.publish.pictures import draw_pictures
from leachwatch.publish.pictures.controllers import counts_of, sites_by_controller
from leachwatch.publish.pictures.shocks import shock_picture
from leachwatch.publish.symbols import SHADES
from leachwatch.publish.trade_projection import TradeFrames, project_trade
from publish.conftest import District, Make, Write

Trade = Callable[[], dict[str, Any]]

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = '=1+1 <script>alert("a")</script> ../../etc'


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory, district: Make, trade: Trade) -> Path:
    """Pictures of an invented district with trade and control, and the tables they are of in ``out``."""
    folder = tmp_path_factory.mktemp("pictures")
    out = folder / "out"
    out.mkdir()
    rows = district(sites=6, months=14, tiles=3)
    for site in rows["sites"]:
        site["area"] = HOSTILE if site["area"] == "Pangwa" else site["area"]
    rows["sites"][1]["review"] = "rejected"
    for table in tables.TABLES:
        tables.write(out, table, table.frame(rows[table.name]))
    for table in tables.TRADE_TABLES:
        if table.name in trade():
            tables.write(out, table, trade()[table.name])
    tables.write(out, tables.CONTROL_COUNTS, tables.CONTROL_COUNTS.frame(counts()))
    draw_pictures(out, folder / "made")
    return folder


def counts() -> list[dict[str, Any]]:
    return [
        {"controller": name, "month": date(2023, month, 1), "low": low, "p50": low + 1, "high": low + 3}
        for name, low in (("KIO", 2.0), ("BGF", 5.0))
        for month in (1, 2, 12)
    ]


def pictures(drawn: Path) -> list[Path]:
    return sorted((drawn / "made").glob("*.svg"))


def test_every_picture_that_the_tables_allow_is_there(drawn: Path) -> None:
    names = {path.stem for path in pictures(drawn)}
    assert {"annual-imports", "months-chn-import-mmr-28469019", "shocks", "revenue", "supply-shares"} < names
    assert "sites-by-controller" in names
    assert {"expansion-chipwi", "expansion-chipwi-2022"} < names
    assert {path.suffix for path in (drawn / "made").iterdir()} == {".svg", ".png", ".csv", ".txt"}
    assert len(list((drawn / "made").iterdir())) == 4 * len(names)


def test_a_picture_has_its_words_inside_and_beside(drawn: Path) -> None:
    for path in pictures(drawn):
        root = ET.parse(path).getroot()  # noqa: S314 - our own
        words = path.with_suffix(".txt").read_text(encoding="utf-8").strip()
        assert (root.get("role"), root.get("aria-labelledby")) == ("img", "title words")
        assert root.findtext(f"{SVG}desc") == words
        assert root.findtext(f"{SVG}title")
        assert len(words) > 60


def test_a_picture_fetches_and_runs_nothing(drawn: Path) -> None:
    for path in pictures(drawn):
        root = ET.parse(path).getroot()  # noqa: S314 - our own
        assert not {element.tag for element in root.iter()} & {
            f"{SVG}script",
            f"{SVG}image",
            f"{SVG}foreignObject",
        }
        for element in root.iter():
            for name, value in element.items():
                assert not name.startswith("on")
                assert "href" not in name or value.startswith("#")
                assert "url(" not in value or "url(#" in value


def test_a_png_is_twice_as_large_as_its_drawing(drawn: Path) -> None:
    for path in pictures(drawn):
        root = ET.parse(path).getroot()  # noqa: S314 - our own
        dots = cv2.imdecode(np.fromfile(path.with_suffix(".png"), np.uint8), cv2.IMREAD_COLOR)
        assert dots is not None
        high, wide = dots.shape[:2]
        assert wide == pytest.approx(2 * float(root.get("width", 0)), abs=2)
        assert high == pytest.approx(2 * float(root.get("height", 0)), abs=2)
        assert dots.std() > 4


def test_equal_tables_give_equal_pictures(drawn: Path, tmp_path: Path) -> None:
    made = draw_pictures(drawn / "out", tmp_path / "again")
    assert len(made) > 20
    for path in made:
        assert path.read_bytes() == (drawn / "made" / path.name).read_bytes(), path.name


def test_only_the_ground_is_called_simulated(drawn: Path) -> None:
    for path in pictures(drawn):
        ground = path.stem.startswith(("expansion", "sites-by"))
        for suffix in (".svg", ".txt"):
            assert ("SIMULATED" in path.with_suffix(suffix).read_text(encoding="utf-8")) == ground, path.stem


def test_the_data_of_a_map_are_the_patches_of_its_area(drawn: Path) -> None:
    sites, patches = tables.read(drawn / "out", tables.SITES), tables.read(drawn / "out", tables.PATCHES)
    kept = sites[(sites["review"] != "rejected") & (sites["area"] == "Chipwi ချီ")]
    own = patches[patches["site_id"].isin(list(kept["site_id"]))]
    said = pd.read_csv(drawn / "made" / "expansion-chipwi.csv")
    assert said["patches"].sum() == len(own)
    assert said["pool_area_m2"].sum() == pytest.approx(own["pool_area_m2"].sum(), abs=len(said))
    for year in said["appeared"]:
        if year.isdecimal():
            one = pd.read_csv(drawn / "made" / f"expansion-chipwi-{year}.csv")
            assert one["appeared"].iloc[-1] == year
            assert one["appeared"].max() == year or "look" in one["appeared"].max()


def test_a_map_of_a_year_does_not_show_what_came_later(drawn: Path) -> None:
    whole = (drawn / "made" / "expansion-chipwi.svg").read_text(encoding="utf-8")
    years = pd.read_csv(drawn / "made" / "expansion-chipwi.csv")["appeared"].tolist()
    first = next(year for year in years if year.isdecimal())
    early = (drawn / "made" / f"expansion-chipwi-{first}.svg").read_text(encoding="utf-8")
    for year in years:
        assert f">{year}</tspan>" in whole
        assert (f">{year}</tspan>" in early) == (not year.isdecimal() or year <= first)


def test_a_map_has_its_furniture(drawn: Path) -> None:
    text = (drawn / "made" / "expansion-chipwi.svg").read_text(encoding="utf-8")
    for said in (">N</text>", "°E<", "°N<", "drawn by leachwatch", "not seen: nothing is known"):
        assert said in text
    assert " m</text>" in text or " km</text>" in text


def test_ground_that_was_not_seen_is_hatched(district: Make, write: Write, tmp_path: Path) -> None:
    rows: District = district(sites=3, months=8, tiles=3)
    for row in rows["coverage"]:
        row["clear_share"] = 1.0
    seen = draw_pictures(write(rows), tmp_path / "seen")
    for row in rows["coverage"]:
        row["clear_share"] = 0.2
    unseen = draw_pictures(write(rows), tmp_path / "unseen")
    hatched = 'clip-path="url(#hidden)"'
    for paths, many in ((seen, 0), (unseen, 1)):
        maps = [path.read_text(encoding="utf-8") for path in paths if path.suffix == ".svg"]
        assert maps
        assert all(text.count(hatched) == many for text in maps)


def test_a_name_from_outside_stays_text(drawn: Path) -> None:
    (path,) = (drawn / "made").glob("expansion-*script*etc.svg")
    text = path.read_text(encoding="utf-8")
    assert "<script" not in text
    assert "&lt;script&gt;" in text
    rows = list(csv.reader(io.StringIO(path.with_suffix(".csv").read_text(encoding="utf-8"))))
    assert {row[0] for row in rows[1:]} == {f"'{HOSTILE}"}


def test_controllers_are_told_from_their_counts() -> None:
    frame = tables.CONTROL_COUNTS.frame(counts())
    still = sites_by_controller(counts_of(frame), simulated=False)
    assert still is not None
    assert still.told == (
        "Sites by who held the ground, month by month, January 2023 to December 2023. "
        "BGF: 6 (5 to 8) in January 2023, 6 (5 to 8) in December 2023. "
        "KIO: 3 (2 to 5) in January 2023, 3 (2 to 5) in December 2023."
    )
    assert still.data["controller"].tolist() == ["BGF"] * 3 + ["KIO"] * 3
    assert sites_by_controller((), simulated=False) is None


def test_breaks_are_told_with_how_sure_they_are(trade: Trade) -> None:
    known = project_trade(TradeFrames(shocks=trade()["shocks"], events=trade()["events"]))
    still = shock_picture(known.shocks, known.events)
    assert still is not None
    assert still.data["kind"].tolist().count("sure") == 2
    assert "from Myanmar: −40 % (probability 0.95, the season explains it)" in still.told
    assert "from all origins: −40 % (probability 0.30, unsure)." in still.told
    assert shock_picture((), ()) is None


def test_maps_on_paper_and_in_other_programs_have_the_same_colours() -> None:
    page = assets.own("page.css")
    for style, colour in SHADES.items():
        assert f"--{style}:{colour}" in page
    assert set(year_colours([None, *range(2015, 2023)]).values()) == set(SHADES.values())

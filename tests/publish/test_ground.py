"""Territories on the page: what is let out of who held them, how it reads, and how it is drawn."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rasterio.io import MemoryFile
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.wait import WebDriverWait

from browsers import DRAWING, chromium, complaints, needs_browser, opened, outside, requests
from leachwatch import tables
from leachwatch.case.records import Citation, Records, Source
from leachwatch.publish import page
from leachwatch.publish.case_model import PublicCase, PublicHolder, PublicTerritory
from leachwatch.publish.case_projection import CaseFrames, project_case
from leachwatch.publish.case_words import held_words
from leachwatch.publish.ground import GroundSection, ground_section
from leachwatch.publish.model import PublicAccount
from leachwatch.publish.projection import Frames, project
from leachwatch.territory import place, read_ground, site_control
from territories import (
    EAST,
    KIO,
    LOST,
    NDAK,
    SEIZED,
    WEST,
    dated,
    months_of,
    sites_of,
    spell,
    square,
    territory,
    write_case,
    write_shapes,
)

District = dict[str, list[dict[str, Any]]]
MONTHS = [date(2024, month, 1) for month in range(1, 13)]


def cleared(records: Records, *, but: Iterable[str] = ()) -> Records:
    """The same records, all of them to be published but some."""

    def clear(of: Any) -> dict[str, Any]:
        return {
            name: one.model_copy(update={"tlp": "RED" if name in but else "CLEAR"})
            for name, one in of.items()
        }

    changed: dict[str, Any] = {
        kind: clear(getattr(records, kind)) for kind in ("actors", "territories", "control")
    }
    return replace(records, **changed)


@pytest.fixture
def records(tmp_path: Path) -> Records:
    """West was lost by one and taken by the other in October 2024; who held East nobody says."""
    write_shapes(tmp_path / "territories.geojson", {"West": square(97.5, 25.0), "East": square(98.5, 25.0)})
    drawn = {"approximate": True, "border_m": 5000.0}
    both = [territory(WEST, "West", drawn, name_my="အနောက်"), territory(EAST, "East")]
    control = [spell(1, WEST, [NDAK], LOST), spell(2, WEST, [KIO], SEIZED)]
    return cleared(write_case(tmp_path, both, control))


def shown(records: Records, frame: Any = None) -> PublicCase:
    return project_case(records, CaseFrames(None, None, frame))


def held_in(land: PublicTerritory, month: date) -> str:
    return held_words([one for one in land.tenures if one.since <= month][-1].holders)


def test_a_territory_changes_hands_in_the_month_in_which_either_may_have_held_it(records: Records) -> None:
    west, east = shown(records).territories
    assert [held_in(west, date(2024, month, 1)) for month in (9, 10, 11)] == [
        "NDA-K",
        "either NDA-K or KIO",
        "KIO",
    ]
    assert west.tenures[0].since == date(2010, 1, 1)
    assert [held_words(one.holders) for one in east.tenures] == ["not known who"]
    assert west.drawings[0].approximate


def test_a_spell_that_stays_behind_does_not_show_through_the_map(records: Records) -> None:
    hidden = cleared(records, but=["spl-0000000002"])
    (west, _) = shown(hidden).territories
    assert "KIO" not in west.model_dump_json()
    assert held_in(west, date(2024, 12, 1)) == "not known who"


def test_an_outline_that_a_protected_source_told_of_is_not_drawn(records: Records) -> None:
    clear: dict[str, Any] = {"tlp": "CLEAR"}
    source = Source(id="src-0000000001", kind="person", public_descriptor="a farmer", anonymous=True, **clear)
    cite = Citation(id="cit-0000000001", source=source.id, **clear)
    east = records.territories[EAST]
    version = east.versions[0].model_copy(update={"citations": (cite.id,)})
    told = replace(
        records,
        sources={source.id: source},
        citations={cite.id: cite},
        territories={**records.territories, EAST: east.model_copy(update={"versions": (version,)})},
    )
    assert [one.name for one in shown(told).territories] == ["West"]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    spells=st.lists(st.tuples(st.sampled_from([KIO, NDAK]), dated()), min_size=1, max_size=4),
)
def test_the_page_says_of_every_month_what_the_table_of_sites_says(
    tmp_path: Path, spells: list[tuple[str, dict[str, Any]]]
) -> None:
    """Where every spell is let out, and the site lies far from every border."""
    write_shapes(tmp_path / "territories.geojson", {"West": square(97.5, 25.0)})
    control = [spell(number, WEST, [actor], when) for number, (actor, when) in enumerate(spells)]
    records = cleared(write_case(tmp_path, [territory(WEST, "West")], control))
    ground = read_ground(records)
    sites = sites_of(square(98.0, 25.5, 0.001))
    table = site_control(ground, place(sites, ground.zones), months_of(sites, MONTHS))
    (land,) = shown(records).territories
    for month in MONTHS:
        rows = table[(table["month"] == month) & table["answer"].isin(["yes", "possibly"])]
        expected = {row.controller: row.answer == "yes" for row in rows.itertuples()}
        known = [one for one in land.tenures if one.since <= month]
        assert {one.label: one.certain for one in (known[-1].holders if known else ())} == expected


def test_a_site_near_a_border_does_not_surely_lie_inside(records: Records) -> None:
    ground = read_ground(records)
    deep, near, out = square(98.0, 25.5, 0.001), square(97.51, 25.5, 0.001), square(96.0, 25.5, 0.001)
    sites = sites_of(deep, near, out)
    table = site_control(ground, place(sites, ground.zones), months_of(sites, MONTHS))
    found = {(one.site_id[4:9], one.territory): one.surely for one in shown(records, table).grounds}
    assert found == {("00000", "West"): True, ("00001", "West"): False}


KIO_ = PublicHolder(label="KIO", certain=True, together=False, claimed=False)
ARMY = PublicHolder(label="army", certain=False, together=False, claimed=False)


@pytest.mark.parametrize(
    ("holders", "said"),
    [
        ([], "not known who"),
        ([KIO_], "KIO"),
        ([ARMY], "perhaps army"),
        ([KIO_, ARMY], "KIO, perhaps with army"),
        ([KIO_, ARMY.model_copy(update={"claimed": True})], "KIO; claimed by army"),
        (
            [one.model_copy(update={"together": True, "certain": False}) for one in (KIO_, ARMY)],
            "shared or contested by KIO and army",
        ),
    ],
)
def test_who_held_it_is_said_with_its_doubt(holders: list[PublicHolder], said: str) -> None:
    assert held_words(holders) == said


def account(district: Callable[..., District], *, simulated: bool) -> PublicAccount:
    rows = district(sites=4, months=30)
    for row in rows["sites"]:
        row["simulated"] = simulated
    frames = {table.name: table.frame(rows[table.name]) for table in tables.TABLES}
    return project(Frames(**frames), title="A case", simulated=simulated, made=None)


def drawn(records: Records, account: PublicAccount) -> GroundSection:
    made = ground_section(shown(records), account)
    assert made is not None
    return made


def test_territories_lie_under_real_sites_and_never_under_made_up_ones(
    records: Records, district: Callable[..., District]
) -> None:
    real = drawn(records, account(district, simulated=False))
    assert [(land, rough) for land, _, _, rough in real.near] == [(0, True)], "West alone meets the district"
    assert real.data["names"][0][0] == 0
    assert drawn(records, account(district, simulated=True)).near == ()


def test_the_months_reach_from_the_first_to_the_last_that_anything_is_said_of(
    records: Records, district: Callable[..., District]
) -> None:
    section = drawn(records, account(district, simulated=False))
    assert (section.months[0], section.months[-1]) == (date(2010, 1, 1), date(2026, 2, 1))
    assert section.month == date(2023, 11, 1), "the last of the images"
    assert section.months[section.place] == section.month
    assert [land.held for land in section.lands] == ["NDA-K", "not known who"]
    assert [weave.key[0] for weave in section.weaves] == ["p", "p", "w", "w"]


@pytest.fixture
def path(records: Records, district: Callable[..., District], tmp_path: Path) -> Path:
    out = tmp_path / "out"
    out.mkdir()
    rows = district(sites=6, months=30)
    for row in rows["sites"]:
        row["simulated"] = False
    for table in tables.TABLES:
        tables.write(out, table, table.frame(rows[table.name]))
    sites = tables.read(out, tables.SITES)
    ground = read_ground(records)
    placed = place(sites, ground.zones)
    control = site_control(ground, placed, tables.read(out, tables.SITE_MONTHS))
    tables.write(out, tables.SITE_CONTROL, control)
    return page(out, title="A case", records=records)


def test_without_scripts_the_last_month_stands_in_words_and_in_both_pictures(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert '<bdi class="quiet" lang="my">အနောက်</bdi>' in text
    assert '<span class="holder">NDA-K</span> <span class="quiet">border off by up to 5 km</span>' in text
    plots = re.findall(r'<path class="plot rough" data-land="0"[^>]* fill="(url\(#held-w\d\))"', text)
    assert len(plots) == 2
    assert f'<pattern id="{plots[0][5:-1]}"' in text


@needs_browser
def test_the_month_moves_who_held_the_ground_on_both_maps(path: Path, tmp_path: Path) -> None:
    with chromium(tmp_path / "profile", *DRAWING) as browser:
        opened(browser, path)
        assert outside(requests(browser), path) == []
        assert complaints(browser) == []

        def held() -> list[str]:
            return [one.text for one in browser.find_elements(By.CSS_SELECTOR, ".territories .holder")]

        assert held() == ["NDA-K", "not known who"]
        assert browser.find_element(By.CSS_SELECTOR, ".place.land").text.split("\n") == ["West", "NDA-K"]
        slider = browser.find_element(By.ID, "held-month")
        for _ in range(11):
            slider.send_keys(Keys.ARROW_RIGHT)
        assert browser.find_element(By.ID, "held-name").text == "October 2024"
        assert held()[0] == "either NDA-K or KIO"
        fill = browser.find_element(By.CSS_SELECTOR, "#held-map .plot").get_attribute("fill") or ""
        assert fill.startswith("url(#held-p")
        assert browser.find_element(By.ID, "month-name").text == "November 2023", "no images of that month"
        assert "shows November 2023" in browser.find_element(By.ID, "held-note").text
        browser.find_element(By.CSS_SELECTOR, "#table tbody a").send_keys(Keys.ENTER)
        assert "West: NDA-K" in browser.find_element(By.ID, "panel").text
        WebDriverWait(browser, 5).until(lambda found: "site=" in found.current_url)
        assert "#month=2024-10&site=" in browser.current_url


@needs_browser
@pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")
def test_a_territory_is_tinted_on_the_live_map(path: Path, tmp_path: Path) -> None:
    with chromium(tmp_path / "profile", *DRAWING) as browser:
        opened(browser, path)
        tint, sheet = browser.execute_script(
            "const id = document.querySelector('#held-map .plot').getAttribute('fill').slice(5, -1);"
            "const style = (node) => getComputedStyle(node);"
            "return [style(document.querySelector(`#${id} path`)).fill,"
            " style(document.querySelector('.frame')).backgroundColor]"
        )
        canvas = browser.find_element(By.CSS_SELECTOR, "#live-map canvas")
        with MemoryFile(canvas.screenshot_as_png) as file, file.open() as picture:
            pixels = picture.read((1, 2, 3)).reshape(3, -1).T
        tinted, bare = (np.array([int(part) for part in re.findall(r"\d+", said)]) for said in (tint, sheet))
        wanted = 0.6 * tinted + 0.4 * bare
        assert (np.abs(pixels - wanted).max(axis=1) < 4).mean() > 0.1, "beyond the tiles"
        assert complaints(browser) == []

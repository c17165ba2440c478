"""The film strip drawn: a picture a person can read, in its file and on the page."""

from __future__ import annotations

import re
from collections.abc import Callable
from html.parser import HTMLParser
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from leachwatch import films, tables
from leachwatch.films import Film
from leachwatch.publish import assets, draw_strips, page
from leachwatch.publish.film import SCALE, draw
from leachwatch.publish.model import PublicSite
from leachwatch.publish.projection import Frames, project
from leachwatch.publish.raster import png
from leachwatch.publish.symbols import COLOURS

if TYPE_CHECKING:
    from conftest import Scanned

District = dict[str, list[dict[str, Any]]]
Make = Callable[..., District]
Write = Callable[[District], Path]
Filmed = Callable[..., Film]


@pytest.fixture
def site(district: Make) -> PublicSite:
    rows = district(sites=1, months=12)
    frames = Frames(**{table.name: table.frame(rows[table.name]) for table in tables.TABLES})
    return project(frames, title="", simulated=False, made=None).sites[0]


class Texts(HTMLParser):
    """Texts of a drawing with their places, and the elements in it."""

    def __init__(self) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[tuple[dict[str, str | None], str]] = []
        self._open = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag == "text":
            self.texts.append((dict(attrs), ""))
        self._open = tag in {"text", "tspan"}

    def handle_data(self, data: str) -> None:
        if self._open and self.texts:
            self.texts[-1] = (self.texts[-1][0], self.texts[-1][1] + data)

    def handle_endtag(self, tag: str) -> None:
        self._open = tag == "tspan"


def read(svg: str) -> Texts:
    parser = Texts()
    parser.feed(svg)
    return parser


def opened(path: Path) -> NDArray[np.uint8]:
    picture = cv2.imdecode(np.frombuffer(path.read_bytes(), np.uint8), cv2.IMREAD_COLOR)
    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2RGB), np.uint8)


def frames_of(picture: NDArray[np.uint8], svg: str, kind: int) -> NDArray[np.uint8]:
    """The part of a drawn strip that shows the true colours (0) or the evidence (1) of its first row."""
    images = [attrs for tag, attrs in read(svg).elements if tag == "image"]
    x, y = map(float, re.findall(r'<g transform="translate\((\S+) (\S+)\)">\n<g fill', svg)[0])
    top = y + float(images[kind].get("y") or 0)
    width, height = (float(images[kind][name] or 0) for name in ("width", "height"))
    at = [round(value * SCALE) for value in (top, top + height, x, x + width)]
    return picture[at[0] : at[1], at[2] : at[3]]


def test_strips_of_a_scan_are_pictures_of_a_size_that_can_be_sent(scanned: Scanned) -> None:
    told: list[tuple[str, int, int]] = []
    folder = draw_strips(scanned.report.out, progress=lambda *count: told.append(count))
    assert folder == scanned.report.out / "strips"
    sites = set(tables.read(scanned.report.out, tables.SITES)["site_id"])
    assert {path.stem for path in folder.glob("*.png")} == sites
    assert told == [("pictures", done, len(sites)) for done in range(1, len(sites) + 1)]
    for path in folder.glob("*.png"):
        assert path.stat().st_size < 400_000
        height, width, _ = opened(path).shape
        assert 1000 <= width <= 2200
        assert 400 <= height <= 1600


def test_a_strip_shows_its_looks_true_to_the_pixel(tmp_path: Path, site: PublicSite, filmed: Filmed) -> None:
    film = filmed(looks=4, side=40)
    svg = draw(film, site, name="p", simulated=False, packing="exact")
    path = tmp_path / "strip.png"
    path.write_bytes(png(svg, SCALE))
    shown = frames_of(opened(path), svg, 0)
    dots = shown.shape[0] // 40
    for look in range(4):
        cell = shown[:, look * 41 * dots : (look * 41 + 40) * dots]
        middle = cell[dots // 2 :: dots, dots // 2 :: dots]
        plain = ~(cv2.dilate(film.pool.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0)
        assert (middle[plain] == film.colours[look][plain]).all(), "beside the outline"


def test_evidence_for_pools_is_blue_and_against_them_orange(
    tmp_path: Path, site: PublicSite, filmed: Filmed
) -> None:
    film = filmed(looks=3, side=40)
    film.evidence[0], film.evidence[1], film.evidence[2] = 1.9, -1.9, np.nan
    film.judged[:, :3] = False
    svg = draw(film, site, name="p", simulated=False, packing="exact")
    (tmp_path / "strip.png").write_bytes(png(svg, SCALE))
    shown = frames_of(opened(tmp_path / "strip.png"), svg, 1)
    dots = shown.shape[0] // 40
    blue, orange, unseen = (shown[2 * dots, (look * 41 + 37) * dots].astype(int) for look in range(3))
    assert blue[2] > blue[0] + 50
    assert orange[0] > orange[2] + 50
    assert np.ptp(unseen) < 25
    blank = shown[2 * dots, dots].astype(int)
    assert np.abs(blank - unseen).max() > 40, "not asked is not the same as not seen"


@pytest.mark.parametrize("looks", [1, 2, 5, 9, 10, 13, 18])
@pytest.mark.parametrize("side", [31, 48, 87, 96])
def test_nothing_overlaps_or_leaves_the_sheet(
    site: PublicSite, filmed: Filmed, looks: int, side: int
) -> None:
    film = filmed(looks=looks, side=side)
    found = read(draw(film, site, name="p", simulated=True, packing="exact"))
    width = float(found.elements[0][1]["width"] or 0)
    dates = [
        (float(at["x"] or 0), text) for at, text in found.texts if re.fullmatch(r"\d{4}-\d\d-\d\d", text)
    ]
    assert [text for _, text in dates] == [day.isoformat() for day in film.days]
    places = [x for x, _ in dates]
    gaps = [b - a for a, b in pairwise(places) if b > a]
    assert all(gap > 76 for gap in gaps), "ten digits of 12 px in the widest of the fonts"
    rows = [attrs for tag, attrs in found.elements if tag == "image"]
    assert all(106 + float(row["width"] or 0) <= width - 10 for row in rows)
    assert len(rows) == 2 * -(-looks // 9)


def test_a_strip_says_what_is_known_and_that_it_is_simulated(site: PublicSite, filmed: Filmed) -> None:
    film = filmed(looks=5, side=33)
    texts = [text for _, text in read(draw(film, site, name="p", simulated=True, packing="small")).texts]
    assert site.site_id in texts
    assert "SIMULATED: no real place" in texts
    assert any(text.startswith(f"{site.tier}, score ") for text in texts)
    assert any("5 of the 9 looks that saw it" in text for text in texts)
    assert {"absent", "active", "changing"} <= set(texts)
    real = [text for _, text in read(draw(film, site, name="p", simulated=False, packing="small")).texts]
    assert not any("SIMULATED" in text for text in real)
    assert any("Contains modified Copernicus Sentinel data" in text for text in real)


def test_a_strip_tells_its_looks_to_whoever_does_not_see_it(site: PublicSite, filmed: Filmed) -> None:
    (_, svg), *_ = read(
        draw(filmed(looks=3, side=33), site, name="p", simulated=False, packing="small")
    ).elements
    assert svg["role"] == "img"
    assert svg["aria-label"] == (
        f"Film strip of site {site.site_id}, 3 of seven looks that saw it: "
        "absent on 2022-01-05; changing on 2022-02-14; active on 2022-03-26."
    )


def test_a_hostile_site_stays_text(site: PublicSite, filmed: Filmed) -> None:
    hostile = site.model_copy(update={"site_id": "</svg><script>alert(1)</script>\"'"})
    svg = draw(filmed(looks=2, side=33), hostile, name="p", simulated=False, packing="small")
    assert "<script" not in svg
    assert "&lt;script&gt;" in svg


def test_states_have_the_colours_of_the_page() -> None:
    style = assets.own("page.css").split("@media (prefers-color-scheme:dark)")[0]
    for state, colour in COLOURS.items():
        assert f"--{state}:{colour};" in style


def test_sites_without_a_film_or_rejected_have_no_strip(district: Make, write: Write, filmed: Filmed) -> None:
    rows = district(sites=3, months=6)
    rows["sites"][1] |= {"review": "rejected", "review_reason": "quarry"}
    out = write(rows)
    assert draw_strips(out) is None
    ids = [row["site_id"] for row in rows["sites"]]
    for site_id in ids[:2]:
        films.write(out, site_id, filmed())
    assert draw_strips(out) == out / "strips"
    assert [path.stem for path in (out / "strips").glob("*.png")] == ids[:1]
    text = page(out, title="x").read_text(encoding="utf-8")
    assert text.count('class="reel"') == 1
    assert ids[1] not in text


def test_a_page_holds_the_strips_of_the_surest_as_far_as_they_fit(
    district: Make, write: Write, filmed: Filmed, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = district(sites=6, months=6)
    out = write(rows)
    for row in rows["sites"]:
        films.write(out, row["site_id"], filmed(looks=12, side=48))
    whole = page(out, title="x").read_text(encoding="utf-8")
    assert whole.count('class="reel"') == 6
    monkeypatch.setattr(import_module("leachwatch.publish.page"), "_MOST_FILM", 250_000)
    part = page(out, title="x").read_text(encoding="utf-8")
    shown = part.count('class="reel"')
    assert 0 < shown < 6
    assert ("of the surest site," if shown == 1 else f"of the surest {shown} sites,") in part
    assert "are files in the folder of the scan" in part
    assert len(part.encode()) < 2_700_000

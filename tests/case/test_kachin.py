"""The case that ships: its records hold together, keep their hedges, and cover the report they rest on."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
import shapely
import yaml

from leachwatch.case import TEMPLATES, new_case, open_case
from leachwatch.case.records import Claim, Records, read_records
from leachwatch.case.template import template_files
from leachwatch.errors import OutputError, RecordError

ROOT = Path(__file__).parents[2]
TODAY = date(2026, 6, 15)
COVERAGE = ROOT / "docs" / "kachin-coverage.md"
ARTICLE = "000_9a270d8299fda11a.txt"
UTM = 32647
ID = re.compile(r"[a-z]{3}-[0-9a-hjkmnp-tv-z]{10}")

REFERS = {
    "author": {"src"}, "source": {"src"}, "through": {"src"}, "said_by": {"act"}, "subject": {"act"},
    "object": {"act", "ter"}, "controllers": {"act"}, "actors": {"act"}, "against": {"act"},
    "territory": {"ter"}, "citations": {"cit"}, "supports": {"cit"}, "contradicts": {"cit"},
    "about": {"act", "ter", "evt"}, "around": {"evt"}, "record": {"evt", "spl", "rel"},
    "part_of": {"clm"},
}  # fmt: skip
"""Kinds of record that each field may name."""

PUBLIC_PERSONS = {"Zahkung Ting Ying", "Naw Bu", "N'Ban La", "Ao Hong", "Ying Sau"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return new_case(tmp_path_factory.mktemp("cases") / "kachin", "kachin").parent


@pytest.fixture(scope="module")
def records(folder: Path) -> Records:
    return read_records(folder)


@pytest.fixture(scope="module")
def drawings(folder: Path) -> gpd.GeoDataFrame:
    return gpd.read_file(folder / "territories.geojson").set_index("drawing")


def claim_that(records: Records, words: str) -> Claim:
    (found,) = [one for one in records.claims.values() if words in one.text]
    return found


def references(value: Any, field: str = "") -> Iterator[tuple[str, str]]:
    """Fields that name a record, and what they name."""
    if isinstance(value, dict):
        for name, part in value.items():
            yield from references(part, name)
    elif isinstance(value, list):
        for part in value:
            yield from references(part, field)
    elif isinstance(value, str) and ID.fullmatch(value) and field != "id":
        yield field, value


def test_the_template_is_a_case_with_every_kind_of_record(folder: Path, records: Records) -> None:
    case = open_case(folder, today=TODAY)
    assert "Kachin" in case.title
    assert len(case.areas) == 6
    for kind in ("sources", "citations", "actors", "relations", "territories", "control", "events", "claims"):
        assert getattr(records, kind), kind


def test_a_template_is_copied_as_it_ships(folder: Path) -> None:
    shipped = template_files("kachin")
    assert {one.name for one in folder.iterdir()} == {*shipped, ".gitignore"}
    assert all((folder / name).read_bytes() == content for name, content in shipped.items())
    assert TEMPLATES == ("kachin",)


def test_an_unknown_template_is_named_with_its_neighbour(tmp_path: Path) -> None:
    with pytest.raises(RecordError, match=r"--template kacin: .*did you mean kachin"):
        new_case(tmp_path / "case", "kacin")
    with pytest.raises(RecordError, match="there is kachin"):
        new_case(tmp_path / "case", "shan")
    assert not (tmp_path / "case").exists()


def test_a_template_writes_over_nothing(tmp_path: Path) -> None:
    (tmp_path / "claims.yaml").write_text("# mine\n", encoding="utf-8")
    with pytest.raises(OutputError, match=r"claims\.yaml: is there already"):
        new_case(tmp_path, "kachin")
    assert [one.name for one in tmp_path.iterdir()] == ["claims.yaml"]


def test_every_reference_leads_to_a_record_of_the_right_kind(folder: Path, records: Records) -> None:
    known = {one.id for one in records}
    assert len(known) == sum(1 for _ in records)
    named = [
        one
        for file in sorted(folder.glob("*.yaml"))
        for one in references(yaml.safe_load(file.read_text(encoding="utf-8")))
    ]
    assert len(named) > 500
    for field, name in named:
        assert name in known, (field, name)
        assert name[:3] in REFERS[field], (field, name)


def test_what_a_reference_means_stands_beside_it(folder: Path) -> None:
    for file in sorted(folder.glob("*.yaml")):
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
            if ID.search(line) and not line.startswith("- id:"):
                assert re.search(r"[0-9a-z]{10}  # \w", line), f"{file.name}: {number}"


def test_every_record_may_be_published_and_none_names_a_protected_person(records: Records) -> None:
    assert {one.tlp for one in records} == {"CLEAR"}
    assert {one.name for one in records.actors.values() if one.kind == "person"} == PUBLIC_PERSONS
    hidden = [one for one in records.sources.values() if one.anonymous]
    assert len(hidden) == 5
    for one in hidden:
        assert not any((one.title, one.publisher, one.url, one.note, one.published))


def test_what_was_not_confirmed_keeps_its_hedge(records: Records) -> None:
    memo = [one for one in records.claims.values() if "memo" in records.sources[one.author].public_descriptor]
    unverified = [one for one in memo if one.said_by]
    assert len(unverified) == 2
    for claim in unverified:
        assert claim.verification == "unverified"
        assert "Reuters" in claim.hedge
    told = [
        one
        for one in records.claims.values()
        if "not released" in records.sources[one.author].public_descriptor
    ]
    assert len(told) == 8
    assert all(one.hedge for one in told)
    bhamo = claim_that(records, "halts at Bhamo")
    assert bhamo.verification == "could_not_confirm"
    assert "not entirely true" in bhamo.hedge


def test_causal_sentences_have_no_test_and_their_parts_have_one(records: Records) -> None:
    causal = {one.id for one in records.claims.values() if one.kind == "causal"}
    assert all(records.claims[one].test is None for one in causal)
    parts = [one for one in records.claims.values() if one.part_of]
    assert len(parts) >= 8
    for part in parts:
        assert part.part_of in causal
        assert part.test is not None
        assert part.test.kind != "corroborate" or part.kind == "event"


def test_no_verdict_is_published_before_anybody_has_checked(records: Records) -> None:
    assert all(one.verdict is None for one in records.claims.values())


@pytest.mark.parametrize(
    ("words", "kind", "readings"),
    [
        ("more than quadrupled from 2017", "ratio", 4),
        ("fell by more than 80 %", "change", 4),
        ("rose tenfold from March", "ratio", 4),
        ("By May 2025", "ratio", 4),
        ("about 4,800 US dollars", "level", 2),
        ("half to two thirds likely", "level", 3),
        ("more than 300 rare earth mine sites", "count", 4),
        ("more than 40 sites", "count", 3),
        ("26 rare earth mines near Mong Bawk", "count", 4),
        ("in the middle of 2023", "date", 3),
        ("in the middle of 2024", "count", 2),
        ("cleared before pools", "before_after", 2),
        ("within a month after Pangwa", "before_after", 2),
        ("Most rare earth mines of Kachin", "overlap", 3),
        ("there is armed conflict", "overlap", 2),
        ("The hold of Zahkung Ting Ying's forces", "date", 3),
        ("largest producers of tin", "rank", 1),
    ],
)
def test_what_data_can_decide_has_a_test_with_its_readings(
    records: Records, words: str, kind: str, readings: int
) -> None:
    test = claim_that(records, words).test
    assert test is not None
    assert test.kind == kind
    assert len(getattr(test, "readings")) >= readings  # noqa: B009 - not every kind has them
    assert all(one.why for one in getattr(test, "readings"))  # noqa: B009


@pytest.mark.parametrize(
    "words", ["takes 35,000 yuan for each tonne", "takes two of every ten tonnes", "takes both the 35,000"]
)
def test_what_is_paid_is_held_against_independent_sources(records: Records, words: str) -> None:
    test = claim_that(records, words).test
    assert test is not None
    assert test.kind == "corroborate"


def test_sites_are_counted_only_where_the_ground_was_seen_and_never_from_simulations(
    records: Records,
) -> None:
    on_the_ground = 0
    for claim in records.claims.values():
        written = json.dumps(claim.model_dump(mode="json"))
        assert '"simulated": true' not in written
        if claim.test and (claim.test.kind in {"count", "area", "overlap"} or '"onset": "' in written):
            on_the_ground += 1
            assert claim.test.require is not None, claim.text
    assert on_the_ground > 15


def test_rival_accounts_of_the_tax_stand_side_by_side(records: Records) -> None:
    kio = next(one.id for one in records.actors.values() if one.label == "KIO")
    taxes = [one for one in records.relations.values() if one.kind == "taxes" and one.subject == kio]
    assert len(taxes) == 5
    assert {one.status for one in taxes} == {"conflict"}
    assert all(one.hedge for one in taxes)
    said = {tuple(term.amount or term.share for term in one.terms) for one in taxes}
    assert said == {(35000.0,), (35000.0, 0.2), (33333.33,), (0.2,), ()}


def test_customs_and_who_reckons_from_them_are_one_witness(records: Records) -> None:
    groups = {one.public_descriptor: one.group for one in records.sources.values()}
    assert groups["statistics of China's customs"] == "china-customs"
    assert groups["Adamas Intelligence's analysis of Chinese customs data"] == "china-customs"
    memo = {one.group for one in records.sources.values() if "memo" in one.public_descriptor}
    assert memo == {"kio-memo-2025"}


@pytest.mark.parametrize(
    ("day", "before", "after"),
    [
        (date(2019, 1, 1), "unknown", "no"),
        (date(2024, 6, 1), "yes", "no"),
        (date(2024, 10, 15), "possibly", "possibly"),
        (date(2025, 4, 1), "no", "yes"),
        (date(2025, 9, 1), "no", "unknown"),
    ],
)
def test_who_held_special_region_1(records: Records, day: date, before: str, after: str) -> None:
    names = {one.id: one.label for one in records.actors.values()}
    (region,) = [one.id for one in records.territories.values() if one.name == "Kachin Special Region 1"]
    held = {
        names[one.controllers[0]]: one.dated.valid_on(day)
        for one in records.control.values()
        if one.territory == region and one.control == "sole"
    }
    assert held == {"KSR1 BGF": before, "KIO": after}


def test_events_are_those_of_the_catalogue_on_its_days(records: Records) -> None:
    file = ROOT / "src" / "leachwatch" / "trade" / "data" / "events.csv"
    with file.open(encoding="utf-8") as opened:
        catalogue = {row["id"]: row for row in csv.DictReader(opened)}
    named = {one.catalogue: one for one in records.events.values() if one.catalogue}
    assert set(named) == set(catalogue)
    for name, event in named.items():
        days = event.dated
        known = [days.first_imprecise, days.first_precise, days.last_precise, days.last_imprecise]
        dates = [one for one in known if one]
        assert dates[0] <= date.fromisoformat(catalogue[name]["last"])
        assert dates[-1] >= date.fromisoformat(catalogue[name]["first"])


def test_every_drawing_is_valid_coarse_and_said_to_be(records: Records, drawings: gpd.GeoDataFrame) -> None:
    named = set()
    for territory in records.territories.values():
        for version in territory.versions:
            assert version.approximate
            assert 10_000 <= version.border_m <= 20_000
            named |= set(version.outline.where["drawing"])
    assert named == set(drawings.index)
    assert drawings.geometry.is_valid.all()
    assert (drawings.geometry.count_coordinates() < 16).all()


def test_drawings_and_areas_lie_mostly_in_myanmar(
    drawings: gpd.GeoDataFrame, folder: Path, test_data: Path
) -> None:
    countries = gpd.read_file(test_data / "boundaries" / "countries_ne10m_sea.geojson")
    words = countries.drop(columns="geometry").astype(str).agg(" ".join, axis=1)
    myanmar = countries[words.str.contains("Myanmar")].union_all()
    watched = gpd.read_file(folder / "areas.geojson")
    for shape in [*drawings.geometry, *watched.geometry]:
        assert shape.intersection(myanmar).area > 0.5 * shape.area


def test_real_pools_lie_within_special_region_1(
    records: Records, drawings: gpd.GeoDataFrame, test_data: Path
) -> None:
    listed = pd.read_csv(test_data / "pools" / "pangwa_pools_south.csv")
    pools = gpd.GeoSeries(gpd.points_from_xy(listed["lon"], listed["lat"]), crs=4326).to_crs(UTM)
    (region,) = [one for one in records.territories.values() if one.name == "Kachin Special Region 1"]
    for version in region.versions:
        shape = drawings.loc[list(version.outline.where["drawing"])].to_crs(UTM).union_all()
        sure = shapely.buffer(shape, -version.border_m)
        assert pools.within(sure).all(), version.version


def test_the_page_about_the_case_counts_what_is_in_it(records: Records) -> None:
    page = (ROOT / "docs" / "kachin.md").read_text(encoding="utf-8")
    told = dict(re.findall(r"^\| `(\w+)\.yaml` \| (\d+) \|", page, re.MULTILINE))
    assert told == {kind: str(len(getattr(records, kind))) for kind in told}
    assert len(told) == 8


# the report, sentence by sentence


def covered() -> list[str]:
    return re.findall(r"^\| (\d+\.\d+) \|", COVERAGE.read_text(encoding="utf-8"), re.MULTILINE)


def test_the_coverage_table_counts_on_without_a_gap() -> None:
    numbers = [tuple(map(int, one.split("."))) for one in covered()]
    for (paragraph, sentence), following in pairwise(numbers):
        assert following in {(paragraph, sentence + 1), (paragraph + 1, 1)}
    assert numbers[0] == (1, 1)


def test_the_coverage_table_and_the_claims_name_each_other(records: Records) -> None:
    text = COVERAGE.read_text(encoding="utf-8")
    named = set(ID.findall(text))
    assert named <= {one.id for one in records}
    assert {one for one in named if one.startswith("clm-")} == set(records.claims)


def test_every_sentence_became_a_record_or_says_why_not() -> None:
    rows = re.findall(
        r"^\| \d+\.\d+ \|(.*)\|(.*)\|(.*)\|$", COVERAGE.read_text(encoding="utf-8"), re.MULTILINE
    )
    assert len(rows) == len(covered())
    for about, became, why in rows:
        assert about.strip()
        assert ID.search(became) or why.strip()


@pytest.fixture(scope="module")
def article(test_data: Path) -> str:
    path = test_data.parent / "source" / ARTICLE
    if not path.is_file():
        pytest.skip(f"the article is not at {path}")
    return path.read_text(encoding="utf-8").replace("](#)", "]")


def paragraphs(article: str) -> list[str]:
    """Paragraphs and captions, without title, dateline, headings and labels; broken ones made whole."""
    label = re.compile(r"Chart:|Myanmar's Exports|Mixed Rare Earth|By [A-Z]{3}|‘Strategic")
    whole: list[str] = []
    for block in re.split(r"\n\s*\n", re.sub(r"\(Supplied\)|\(P\. Oswald\)", "", article)):
        text = " ".join(block.split())
        if label.match(text) or (len(text.split()) <= 7 and not text.endswith("he")):
            continue
        if whole and not re.search(r"[.!?”)\"*]$", whole[-1]):
            whole[-1] += f" {text}"
        else:
            whole.append(text)
    return whole


def test_the_coverage_table_has_every_sentence_of_the_article(article: str) -> None:
    sentences = [
        f"{number}.{place}"
        for number, text in enumerate(paragraphs(article), start=1)
        for place, _ in enumerate(re.split(r"(?<=[.!?])[”\")]?\s+(?=[“\"A-Z*])", text), start=1)
    ]
    assert len(sentences) > 100
    assert covered() == sentences


RUN = 8
"""Words in a row that would be a copied phrase."""


def runs(text: str) -> set[tuple[str, ...]]:
    words = re.findall(r"[\w'’]+", text.lower())
    return {tuple(words[place : place + RUN]) for place in range(len(words) - RUN + 1)}


def test_nothing_is_copied_from_the_article(folder: Path, article: str) -> None:
    known = runs(article)
    for file in [*sorted(folder.iterdir()), COVERAGE, ROOT / "docs" / "kachin.md"]:
        copied = runs(file.read_text(encoding="utf-8")) & known
        assert not copied, (file.name, sorted(copied)[:3])

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest
from shapely.geometry import Point

from leachwatch.case.records import FILES, Fault, lint_folder
from leachwatch.case.records.linking import REFERENCES
from written import (
    ACTOR,
    ACTOR_2,
    ACTOR_3,
    CITATION,
    CLAIM,
    EVENT,
    EVIDENCE,
    GRADE,
    RELATION,
    SOURCE,
    SPELL,
    TERRITORY,
    WHOLE,
    written,
)


def found(folder: Path, **files: str) -> tuple[Fault, ...]:
    return lint_folder(written(folder, None, **files))


def only(faults: Sequence[Fault], severity: str = "fault") -> str:
    (fault,) = faults
    assert fault.severity == severity
    return str(fault)


def test_a_case_that_is_right_has_no_fault(tmp_path: Path) -> None:
    assert found(tmp_path) == ()


def test_every_field_that_holds_ids_is_looked_up() -> None:
    """So that a field that is added later cannot be forgotten."""
    held = set()
    for kind in FILES.values():
        schema = kind.model_json_schema()
        for name, part in {kind.__name__: schema, **schema.get("$defs", {})}.items():
            for field, shape in part.get("properties", {}).items():
                if "^[a-z]{3}-[0-9a-hjkmnp-tv-z]{10}$" in json.dumps(shape) and field != "id":
                    held.add((name, field))
    assert held == set(REFERENCES)


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("citations", SOURCE, "src-0000000009",
         f"citations.yaml: line 1: {CITATION}: source: there is no source src-0000000009; mend the id"),
        ("citations", SOURCE, ACTOR, f"source: {ACTOR} is an actor; name a source"),
        ("events", ACTOR, "act-0000000009", f"line 5: {EVENT}: actors.0: there is no actor act-0000000009"),
        ("events", f"[{CITATION}]", f"[{CITATION}, cit-0000000009]", "citations.1: there is no citation"),
        ("claims", f"author: {SOURCE}", f"author: {ACTOR}", f"line 5: {CLAIM}: author: {ACTOR} is an actor"),
        ("claims", TERRITORY, SOURCE, f"about.1: {SOURCE} is a source; name an actor or territory or event"),
        ("control", TERRITORY, "ter-0000000009", "territory: there is no territory ter-0000000009"),
        ("relations", f"object: {ACTOR_2}", f"object: {EVENT}", "is an event; name an actor or territory"),
        ("grades", SOURCE, "xyz-0000000001", "xyz-0000000001 is of no known kind; name a source"),
    ],
)  # fmt: skip
def test_a_reference_to_nothing_or_to_another_kind_is_named(
    tmp_path: Path, file: str, old: str, new: str, said: str
) -> None:
    assert said in only(found(tmp_path, **{file: WHOLE[f"{file}.yaml"].replace(old, new)}))


SELECTING = """\
- id: clm-0000000001
  tlp: CLEAR
  text: Forty sites.
  kind: numeric
  author: src-0000000001
  test:
    kind: count
    readings:
    - id: all
      of:
        of: sites
        where:
          territory: ter-0000000001
          controllers: [act-0000000001, act-0000000009]
          valid_on: 2024-01-01
    expect: {quantifier: over, value: 40}
"""


def test_references_inside_a_test_are_looked_up(tmp_path: Path) -> None:
    said = only(found(tmp_path, claims=SELECTING))
    assert "line 14: clm-0000000001: test.readings.0.of.where.controllers.1: there is no actor" in said


def test_a_record_with_a_fault_of_its_own_is_still_there(tmp_path: Path) -> None:
    said = only(found(tmp_path, sources=WHOLE["sources.yaml"].replace("kind: media", "kind: medium")))
    assert "did you mean media?" in said


def test_what_would_be_cut_from_publication_is_noted(tmp_path: Path) -> None:
    faults = found(tmp_path, citations=WHOLE["citations.yaml"].replace("tlp: CLEAR, ", ""))
    said = only(faults, "note")
    assert f"{EVENT}: citations.0: {CITATION} is AMBER, so it would be cut" in said


@pytest.mark.parametrize("last", ["clm-0000000002", "clm-0000000004"])
def test_claims_that_are_parts_of_each_other_go_round(tmp_path: Path, last: str) -> None:
    claims = "".join(
        f"- {{id: clm-000000000{n}, tlp: CLEAR, text: a, kind: causal, author: {SOURCE}, untested: b, "
        f"part_of: {last if n == 4 else f'clm-000000000{n + 1}'}}}\n"
        for n in (1, 2, 3, 4)
    )
    said = only(found(tmp_path, claims=claims))
    assert "part_of: goes round: " in said
    assert said.count("→") == (3 if last == "clm-0000000002" else 1)


def test_grades_and_evidence_go_round_too(tmp_path: Path) -> None:
    grade = WHOLE["grades.yaml"].replace("}", f", supersedes: {GRADE}}}")
    assert f"supersedes: goes round: {GRADE} → {GRADE}" in only(found(tmp_path / "a", grades=grade))
    pair = "".join(
        f"- {{id: evd-000000000{n}, title: a, url: 'https://example.org', copy_kind: derived, "
        f"derived_from: evd-000000000{3 - n}}}\n"
        for n in (1, 2)
    )
    assert "derived_from: goes round" in only(found(tmp_path / "b", evidence=pair))


def relation(number: int, subject: str, target: str, more: str = "") -> str:
    own = f"rel-{number:010d}"
    return f"- {{id: {own}, tlp: CLEAR, kind: part_of, subject: {subject}, object: {target}{more}}}\n"


ROUND = relation(1, ACTOR, ACTOR_2) + relation(2, ACTOR_2, ACTOR)


def test_actors_that_are_parts_of_each_other_go_round(tmp_path: Path) -> None:
    said = only(found(tmp_path, relations=ROUND))
    assert f"{RELATION}: object: part_of goes round: {ACTOR} → {ACTOR_2} → {ACTOR}" in said


def test_what_was_so_at_different_times_or_in_conflict_does_not_go_round(tmp_path: Path) -> None:
    apart = relation(1, ACTOR, ACTOR_2, ", dated: {last_precise: 2020-01-01, ending: true}") + relation(
        2, ACTOR_2, ACTOR, ", dated: {first_precise: 2021-01-01, starting: true}"
    )
    assert found(tmp_path / "a", relations=apart) == ()
    doubted = relation(1, ACTOR, ACTOR_2, ", status: conflict") + relation(2, ACTOR_2, ACTOR)
    assert found(tmp_path / "b", relations=doubted) == ()


def test_a_chain_of_ten_thousand_does_not_overflow(tmp_path: Path) -> None:
    claims = "".join(
        f"- {{id: clm-{n:010d}, tlp: CLEAR, text: a, kind: causal, author: {SOURCE}, untested: b, "
        f"part_of: clm-{(n + 1) % 10_000:010d}}}\n"
        for n in range(10_000)
    )
    assert "goes round" in only(found(tmp_path, claims=claims))


def spell(number: int, holder: str, dated: str, more: str = "") -> str:
    return (
        f"- id: spl-{number:010d}\n  tlp: CLEAR\n  territory: {TERRITORY}\n  controllers: [{holder}]\n"
        f"  control: sole\n{more}  dated: {dated}\n"
    )


def test_two_sole_holders_on_one_day_are_a_fault(tmp_path: Path) -> None:
    control = spell(1, ACTOR, "{first_precise: 2020-01-01, last_precise: 2024-10-18}") + spell(
        2, ACTOR_2, "{first_precise: 2024-10-11, last_precise: 2025-01-01}"
    )
    said = only(found(tmp_path, control=control))
    assert said.startswith(
        "control.yaml: line 12: spl-0000000002: dated: is sole from 2024-10-11 to 2024-10-18"
    )
    assert "and so is spl-0000000001 (control.yaml, line 1)" in said


def test_two_that_only_may_have_held_it_are_noted(tmp_path: Path) -> None:
    control = spell(
        1, ACTOR, "{first_precise: 2020-01-01, last_precise: 2024-10-01, last_imprecise: 2024-10-18}"
    )
    control += spell(2, ACTOR_2, "{first_imprecise: 2024-10-11, first_precise: 2024-10-20}")
    assert "may be sole on 2024-10-11, and so may spl-0000000001" in only(
        found(tmp_path, control=control), "note"
    )


@pytest.mark.parametrize(
    ("holder", "dated", "more"),
    [
        (ACTOR, "{first_precise: 2022-01-01, last_precise: 2023-01-01}", ""),
        (ACTOR_2, "{first_precise: 2022-01-01, last_precise: 2023-01-01}", "  status: conflict\n"),
        (ACTOR_2, "{first_precise: 2024-10-19, last_precise: 2025-01-01}", ""),
        (ACTOR_2, "{last_precise: 2019-12-31}", ""),
    ],
)
def test_spells_that_can_stand_side_by_side_are_no_fault(
    tmp_path: Path, holder: str, dated: str, more: str
) -> None:
    control = spell(1, ACTOR, "{first_precise: 2020-01-01, last_precise: 2024-10-18}")
    assert found(tmp_path, control=control + spell(2, holder, dated, more)) == ()


def test_two_of_one_name_are_told_apart_by_no_table(tmp_path: Path) -> None:
    actors = WHOLE["actors.yaml"] + f"- {{id: {ACTOR_3}, kind: company, name: one}}\n"
    assert f"name: 'one' is what {ACTOR} is called too" in only(found(tmp_path / "a", actors=actors))
    twice = WHOLE["territories.yaml"] + WHOLE["territories.yaml"].replace(TERRITORY, "ter-0000000002")
    assert f"'The North' is what {TERRITORY} is called too" in only(found(tmp_path / "b", territories=twice))


def outlined(outline: str) -> str:
    return WHOLE["territories.yaml"].replace("{file: territories.geojson, where: {name: [North]}}", outline)


@pytest.mark.parametrize(
    ("outline", "said"),
    [
        ("{file: none.geojson}", "outline.file: there is no file none.geojson in the case"),
        ("{file: ../territories.geojson}", "../territories.geojson leads out of the case folder"),
        ("{file: /etc/passwd}", "leads out of the case folder"),
        ("{file: 'C:\\x.gpkg'}", "leads out of the case folder"),
        ("{file: link.geojson}", "leads out of the case folder"),
        ("{file: loop.geojson}", "leads out of the case folder"),
        ("{file: %s}" % ("x" * 300), "there is no file xxxx"),
        ("{file: actors.yaml}", "actors.yaml is no vector file"),
        ("{file: broken.geojson}", "broken.geojson cannot be read as a vector file"),
        ("{file: broken.gpkg}", "broken.gpkg cannot be read as a vector file"),
        ("{file: virtual.gpkg}", "virtual.gpkg leads to other files, which are not opened"),
        ("{file: empty.geojson}", "empty.geojson has no features"),
        ("{file: territories.geojson, where: {name: [South]}}", "outline.where: no feature of"),
        ("{file: territories.geojson, where: {nam: [North]}}", "no such field; did you mean name?"),
    ],
)  # fmt: skip
def test_an_outline_that_is_not_to_be_had_is_named(tmp_path: Path, outline: str, said: str) -> None:
    outside = tmp_path / "outside.geojson"
    outside.write_text(WHOLE["territories.geojson"], encoding="utf-8")
    folder = written(tmp_path / "case", territories=outlined(outline))
    (folder / "link.geojson").symlink_to(outside)
    (folder / "loop.geojson").symlink_to(folder / "loop.geojson")
    (folder / "broken.geojson").write_text("{", encoding="utf-8")
    (folder / "broken.gpkg").write_bytes(b"SQLite format 3")
    (folder / "empty.geojson").write_text('{"type": "FeatureCollection", "features": []}', encoding="utf-8")
    (folder / "virtual.gpkg").write_text("<OGRVRTDataSource></OGRVRTDataSource>", encoding="utf-8")
    line = only(lint_folder(folder))
    assert line.startswith(f"territories.yaml: line 7: {TERRITORY}: versions.0.outline")
    assert said in line


@pytest.mark.parametrize(
    ("ring", "said"),
    [
        ([[25.6, 98.3], [25.7, 98.3], [25.7, 98.4], [25.6, 98.3]], "lat and lon look swapped"),
        ([[98.3, 25.6], [98.4, 25.7], [98.4, 25.6], [98.3, 25.7], [98.3, 25.6]], "is not a valid polygon"),
    ],
)
def test_a_shape_that_cannot_be_used_is_a_fault(tmp_path: Path, ring: list[list[float]], said: str) -> None:
    folder = written(tmp_path, territories=outlined("{file: own.geojson}"))
    shape = {"type": "Polygon", "coordinates": [ring]}
    feature = {"type": "Feature", "properties": {}, "geometry": shape}
    content = {"type": "FeatureCollection", "features": [feature]}
    (folder / "own.geojson").write_text(json.dumps(content), encoding="utf-8")
    assert said in only(lint_folder(folder))


def test_a_code_that_a_file_keeps_as_a_number_is_found_by_its_digits(tmp_path: Path) -> None:
    """A column with an empty cell comes back as numbers with a point; a run takes them, and so does lint."""
    folder = written(tmp_path, territories=outlined("{file: own.gpkg, where: {code: ['12']}}"))
    frame: Any = gpd.GeoDataFrame({"code": [12.0, None]}, geometry=[Point(98, 25)] * 2, crs=4326)
    frame.to_file(folder / "own.gpkg")
    assert lint_folder(folder) == ()


def test_an_outline_in_a_geopackage_is_looked_up(tmp_path: Path) -> None:
    folder = written(tmp_path, territories=outlined("{file: own.gpkg, where: {code: ['12']}}"))
    frame: Any = gpd.GeoDataFrame({"code": [11, 12]}, geometry=[Point(98, 25)] * 2, crs=4326)
    frame.to_file(folder / "own.gpkg")
    assert lint_folder(folder) == ()
    frame[:1].to_file(folder / "own.gpkg", layer="more")
    assert "has 2 layers (own, more); name one" in only(lint_folder(folder))
    (folder / "own.gpkg").unlink()
    frame[:1].to_file(folder / "own.gpkg")
    assert "no feature of own.gpkg is like that" in only(lint_folder(folder))


def test_an_outline_without_fields_has_features_all_the_same(tmp_path: Path) -> None:
    folder = written(tmp_path, territories=outlined("{file: own.gpkg}"))
    bare: Any = gpd.GeoDataFrame(geometry=[Point(98, 25)], crs=4326)
    bare.to_file(folder / "own.gpkg")
    assert lint_folder(folder) == ()


HASH = hashlib.sha256(b"paper").hexdigest()


@pytest.mark.parametrize(
    ("fields", "severity", "said"),
    [
        (f"sha256: {HASH}", "", ""),
        (f"sha256: {'a' * 64}", "fault", f"sha256: is not that of kept.pdf, which is {HASH}"),
        (f"sha256: {HASH}, size: 4", "fault", "size: kept.pdf has 5 bytes"),
        ("size: 5", "note", f"file: has no hash yet; add sha256: {HASH}"),
    ],
)
def test_evidence_is_what_it_was(tmp_path: Path, fields: str, severity: str, said: str) -> None:
    (tmp_path / "kept.pdf").write_bytes(b"paper")
    faults = found(tmp_path, evidence=f"- {{id: {EVIDENCE}, title: a paper, file: kept.pdf, {fields}}}\n")
    assert [(fault.severity, said in str(fault)) for fault in faults] == (
        [(severity, True)] if severity else []
    )


def test_evidence_that_is_gone_or_outside_is_named(tmp_path: Path) -> None:
    gone = f"- {{id: {EVIDENCE}, title: a, file: gone.pdf}}\n"
    assert "there is no file gone.pdf" in only(found(tmp_path / "a", evidence=gone))
    assert "leads out" in only(found(tmp_path / "b", evidence=gone.replace("gone", "../gone")))


def test_an_event_that_the_catalogue_does_not_have_is_named(tmp_path: Path) -> None:
    written(tmp_path, events=WHOLE["events.yaml"] + "  catalogue: pangwa-taken-2042\n")
    assert lint_folder(tmp_path) == ()
    said = only(lint_folder(tmp_path, catalogue={"pangwa-taken-2024", "other"}))
    assert (
        "catalogue: the catalogue of trade events has no 'pangwa-taken-2042'; did you mean pangwa-taken-2024?"
        in said
    )


def test_a_file_that_is_nearly_named_as_one_of_records_is_noted(tmp_path: Path) -> None:
    (tmp_path / "actor.yml").write_text("", encoding="utf-8")
    assert only(found(tmp_path), "note") == "actor.yml: line 1: is not read; did you mean actors.yaml?"


def test_faults_come_in_the_order_of_files_and_lines(tmp_path: Path) -> None:
    faults = found(
        tmp_path,
        events=WHOLE["events.yaml"].replace(ACTOR, "act-0000000009").replace("precision: 1", "precision: 7"),
        control=WHOLE["control.yaml"].replace(ACTOR, ACTOR_3),
    )
    places = [(fault.file, fault.line) for fault in faults]
    assert places == sorted(places)
    assert [fault.record for fault in faults] == [SPELL, EVENT]

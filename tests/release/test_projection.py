"""S2 to S10, S14: what of a case leaves, and how coarsely."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import get_args

import h3
import pytest
from pydantic import BaseModel, ValidationError

from leachwatch.case.records import Citation, Claim, Dated, Evidence, Place, Record, Source
from leachwatch.case.records.record import Tlp
from leachwatch.errors import RecordError, ReleaseError
from leachwatch.release import (
    Circumstances,
    Population,
    mark_withdrawn,
    public,
    read_population,
    read_withdrawn,
)
from leachwatch.release import model as models
from leachwatch.release.months import to_the_month
from leachwatch.release.whole import dangling
from release.people import DAY, KEY, OTHER_KEY, ids, records


def test_s2_a_descriptor_is_published_only_if_it_fits_enough_people() -> None:
    listed = {"a resident of Chipwi township": 9_000}
    assert public(records(), KEY, Circumstances(descriptors=listed)).case.claims[0].descriptor == next(
        iter(listed)
    )
    few = {"a resident of Chipwi township": 49}
    for descriptors in (few, {}):
        case = public(records(), KEY, Circumstances(descriptors=descriptors)).case
        assert "Chipwi township" not in case.model_dump_json()
        assert case.claims[0].descriptor == "a person"


def test_s3_a_source_has_another_name_in_every_publication() -> None:
    first, second = public(records(), KEY), public(records(), OTHER_KEY)
    again = public(records(), KEY)
    assert first == again
    villager = ids("src", 2)
    assert first.names[villager] != second.names[villager]
    assert villager not in first.case.model_dump_json()
    assert not set(first.names.values()) & set(second.names.values())


def test_s3_every_record_that_rests_on_a_protected_source_has_another_name_too() -> None:
    named = public(records(), KEY).names
    assert set(named) == {ids("src", 2), ids("evt", 1), ids("spl", 1), ids("rel", 1), ids("clm", 1)}
    assert all(name[:4] == own[:4] and len(name) == len(own) for own, name in named.items())


def test_s3_the_order_of_what_is_published_is_that_of_its_names() -> None:
    case = public(records(), KEY).case
    for kind in type(case).model_fields:
        listed = [one.id for one in getattr(case, kind)]
        assert listed == sorted(listed)


def test_s4_a_withdrawn_source_blocks_until_what_rests_on_it_is_gone(tmp_path: Path) -> None:
    villager = ids("src", 2)
    mark_withdrawn(tmp_path, [villager])
    around = Circumstances(withdrawn=read_withdrawn(tmp_path))
    with pytest.raises(ReleaseError, match=rf"rests on {villager}, which has withdrawn"):
        public(records(), KEY, around)
    held = records()
    without = replace(
        held,
        citations={ids("cit", 1): held.citations[ids("cit", 1)]},
        events={ids("evt", 2): held.events[ids("evt", 2)]},
        relations={},
        control={},
        claims={},
    )
    case = public(without, KEY, around).case
    assert [one.kind for one in case.sources] == ["media"]


def test_s4_the_list_of_who_withdrew_tells_neither_who_nor_how_many(tmp_path: Path) -> None:
    one, many = tmp_path / "one", tmp_path / "many"
    for folder, count in ((one, 1), (many, 9)):
        folder.mkdir()
        mark_withdrawn(folder, [ids("src", number) for number in range(count)])
    texts = [(folder / "withdrawn.json").read_text() for folder in (one, many)]
    assert len({len(text) for text in texts}) == 1
    assert "src-" not in "".join(texts)
    assert ids("src", 8) in read_withdrawn(many)
    assert ids("src", 8) not in read_withdrawn(one)


def test_s4_a_list_that_cannot_be_read_stops_everything(tmp_path: Path) -> None:
    (tmp_path / "withdrawn.json").write_text("{}", encoding="utf-8")
    with pytest.raises(RecordError, match="put it back"):
        read_withdrawn(tmp_path)


@pytest.mark.parametrize(
    ("many", "band"), [(0, "none"), (1, "1"), (2, "2-3"), (3, "2-3"), (4, "more than 3"), (9, "more than 3")]
)
def test_s5_sources_are_counted_in_bands_and_not_listed(many: int, band: str) -> None:
    held = records()
    told = {
        ids("cit", 10 + n): Citation(id=ids("cit", 10 + n), tlp="CLEAR", source=ids("src", 10 + n))
        for n in range(many)
    }
    heard = {
        ids("src", 10 + n): Source(
            id=ids("src", 10 + n), tlp="CLEAR", kind="person", public_descriptor=f"person {n}"
        )
        for n in range(many)
    }
    event = held.events[ids("evt", 2)].model_copy(update={"citations": (ids("cit", 1), *told)})
    whole = replace(
        held,
        citations={**held.citations, **told},
        sources={**held.sources, **heard},
        events={event.id: event},
        claims={},
    )
    case = public(whole, KEY).case
    assert [one.protected_sources for one in case.events] == [band]
    assert case.events[0].citations == (ids("cit", 1),)
    assert case.events[0].descriptor in {"", "a person"}
    assert [one.kind for one in case.sources] == ["media"]


def test_s6_what_a_witness_saw_is_dated_to_the_month_and_placed_in_the_township() -> None:
    release = public(records(), KEY)
    told, printed = (release.names.get(ids("evt", n), ids("evt", n)) for n in (1, 2))
    events = {one.id: one for one in release.case.events}
    witnessed = events[told]
    assert witnessed.place is not None
    assert (witnessed.place.lon, witnessed.place.lat, witnessed.place.name) == (None, None, "Chipwi")
    assert (witnessed.dated.first_imprecise, witnessed.dated.last_imprecise) == (
        date(2024, 10, 1),
        date(2024, 10, 31),
    )
    assert (witnessed.dated.first_precise, witnessed.dated.verbatim) == (None, "")
    exact = events[printed]
    assert exact.place is not None
    assert (exact.place.lon, exact.place.name, exact.dated.first_precise) == (
        98.123456,
        "Third House Gate",
        DAY,
    )


def test_s6_a_place_without_a_township_is_the_smallest_cell_in_which_enough_people_live() -> None:
    held = records()
    event = held.events[ids("evt", 1)].model_copy(update={"territory": None})
    alone = replace(held, events={event.id: event}, claims={})
    spread = Population(dict.fromkeys(_cells_around(98.123456, 25.987654), 30.0))
    place = public(alone, KEY, Circumstances(population=spread)).case.events[0].place
    assert place is not None
    assert place.cell
    assert place.lon is not None
    assert place.lat is not None
    assert place.coordinate_uncertainty_m is not None
    assert "at least 50 people" in place.data_generalizations
    assert place.name == ""
    nobody = public(alone, KEY).case.events[0].place
    assert nobody is not None
    assert (nobody.cell, nobody.lon, nobody.data_generalizations) == ("", None, "")
    assert nobody.information_withheld


def _cells_around(lon: float, lat: float) -> list[str]:
    return list(h3.grid_disk(h3.latlng_to_cell(lat, lon, 7), 3))


def test_s6_a_facility_is_placed_exactly_unless_it_is_flagged() -> None:
    held = records()
    flagged = Place(name="A house", lon=98.123456, lat=25.987654, precision=1, sensitive=True)
    event = held.events[ids("evt", 2)].model_copy(update={"place": flagged})
    place = public(replace(held, events={event.id: event}, claims={}), KEY).case.events[0].place
    assert place is not None
    assert (place.lon, place.name) == (None, "Chipwi")


def test_s7_the_same_place_is_generalised_to_the_same_cell_in_every_publication() -> None:
    held = records()
    spread = Circumstances(population=Population(dict.fromkeys(_cells_around(98.123456, 25.987654), 60.0)))
    event = held.events[ids("evt", 1)].model_copy(update={"territory": None})
    alone = replace(held, events={event.id: event}, claims={})
    places = {public(alone, key, spread).case.events[0].place for key in (KEY, OTHER_KEY)}
    assert len(places) == 1


def test_s8_nothing_of_how_or_where_a_protected_source_was_recorded_leaves() -> None:
    text = public(records(), KEY).case.model_dump_json()
    for word in ("minute 12", "shut it at dawn", "interpreter 3", "tape", "2" * 64, "aunt", "village"):
        assert word not in text


def public_models() -> list[type[BaseModel]]:
    return [getattr(models, name) for name in models.__all__ if isinstance(getattr(models, name), type)]


@pytest.mark.parametrize("kind", public_models(), ids=lambda kind: kind.__name__)
def test_s9_a_public_model_is_no_kin_to_a_record_and_takes_no_other_field(kind: type[BaseModel]) -> None:
    assert kind.model_config["extra"] == "forbid"
    assert not issubclass(kind, Record)
    assert "note" not in kind.model_fields
    with pytest.raises(ValidationError, match="Extra inputs"):
        kind.model_validate({"surplus": 1})


def test_s9_no_record_can_stand_in_a_publication() -> None:
    case = public(records(), KEY).case

    def walk(value: object) -> None:
        assert not isinstance(value, Record | Dated | Place)
        if isinstance(value, BaseModel):
            for name in type(value).model_fields:
                walk(getattr(value, name))
        elif isinstance(value, tuple):
            for one in value:
                walk(one)

    walk(case)


def test_s10_every_id_that_is_named_is_published() -> None:
    case = public(records(), KEY).case
    assert dangling(case) == ()
    lost = case.model_copy(update={"actors": ()})
    assert {other for _, other in dangling(lost)} == {ids("act", 1)}


def test_s10_an_id_within_a_sentence_counts_too() -> None:
    held = records()
    event = held.events[ids("evt", 2)].model_copy(update={"public_note": f"as in {ids('cit', 2)}, minute 3"})
    with pytest.raises(ReleaseError, match=f"names {ids('cit', 2)}, which is not published"):
        public(replace(held, events={**held.events, event.id: event}), KEY)


def test_s6_a_gate_is_too_small_to_place_a_witness_by() -> None:
    held = records()
    gate = held.territories[ids("ter", 1)].model_copy(update={"kind": "gate"})
    case = public(replace(held, territories={gate.id: gate}), KEY).case
    assert {one.dated.to_the_month: one.territory for one in case.events} == {True: None, False: gate.id}


def test_s10_a_record_that_names_one_that_is_not_there_stays_behind() -> None:
    held = records()
    release = public(replace(held, actors={}), KEY)
    assert release.case.events == ()
    assert {one.record for one in release.withheld} >= {ids("evt", 1), ids("evt", 2), ids("spl", 1)}


@pytest.mark.parametrize("label", [one for one in get_args(Tlp) if one != "CLEAR"])
def test_s14_whatever_rests_on_a_stricter_record_is_as_strict(label: Tlp) -> None:
    held = records()
    tape = held.evidence[ids("evd", 2)].model_copy(update={"tlp": label})
    release = public(replace(held, evidence={**held.evidence, tape.id: tape}), KEY)
    assert {one.id for one in release.case.events} == {ids("evt", 2)}
    assert (*release.case.claims, *release.case.control, *release.case.relations) == ()
    why = {one.record: one.why for one in release.withheld}
    assert why[tape.id] == f"is {label}"
    assert why[ids("clm", 1)] == f"rests on {tape.id}, which is {label}"


def test_what_a_newspaper_reports_of_its_own_source_is_said_by_the_newspaper() -> None:
    held = records()
    told = held.citations[ids("cit", 2)].model_copy(update={"through": ids("src", 1), "evidence": None})
    release = public(replace(held, citations={**held.citations, told.id: told}), KEY)
    citation = next(one for one in release.case.citations if one.id == told.id)
    assert (citation.source, citation.through) == (ids("src", 1), None)
    assert set(release.names) == {ids("src", 2), ids("clm", 1)}
    assert release.behind == {}


def test_evidence_that_nobody_cites_stays_behind() -> None:
    held = records()
    loose = Evidence(id=ids("evd", 3), tlp="CLEAR", title="A photo of the house", file="evidence/3.jpg")
    made = Evidence(
        id=ids("evd", 4), tlp="CLEAR", title="Its transcript", file="evidence/4.txt", copy_kind="derived",
        derived_from=ids("evd", 2),
    )  # fmt: skip
    cited = Citation(id=ids("cit", 9), tlp="CLEAR", source=ids("src", 1), evidence=made.id)
    whole = replace(
        held,
        evidence={**held.evidence, loose.id: loose, made.id: made},
        citations={**held.citations, cited.id: cited},
    )
    case = public(whole, KEY).case
    assert [one.id for one in case.evidence] == [ids("evd", 1)]
    assert next(one for one in case.citations if one.id == cited.id).evidence is None


def test_a_claim_tested_by_counting_sources_publishes_no_source() -> None:
    claim = Claim.model_validate(
        {
            "id": ids("clm", 2), "tlp": "CLEAR", "text": "A tax is taken.", "kind": "event",
            "author": ids("src", 1), "citations": (ids("cit", 1),),
            "test": {"kind": "corroborate", "supports": (ids("cit", 1), ids("cit", 2)), "at_least": 2},
        }
    )  # fmt: skip
    case = public(records(claims={claim.id: claim}), KEY).case
    assert case.claims[0].test is not None
    assert case.claims[0].test.at_least == 2
    assert ids("cit", 2) not in case.model_dump_json()


def test_a_public_test_names_what_it_asks_by_its_path() -> None:
    claim = Claim.model_validate(
        {
            "id": ids("clm", 2), "tlp": "CLEAR", "text": "Imports doubled.", "kind": "numeric",
            "author": ids("src", 1), "citations": (ids("cit", 1),),
            "test": {
                "kind": "level",
                "expect": {"quantifier": "over", "value": 2.0},
                "readings": [
                    {"id": "kg", "of": {"of": "trade", "partner": "MMR", "hs": ("284690",), "period": 2023}}
                ],
            },
        }
    )  # fmt: skip
    test = public(records(claims={claim.id: claim}), KEY).case.claims[0].test
    assert test is not None
    assert dict(test.readings[0].asks)["of.partner"] == "MMR"
    assert dict(test.readings[0].asks)["of.period"] == "2023-01-01..2023-12-31"


@pytest.mark.parametrize(
    ("dated", "ends"),
    [
        (
            Dated(first_precise=DAY, last_precise=date(2025, 3, 10)),
            ("2024-10-01", "2024-11-01", "2025-02-28", "2025-03-31"),
        ),
        (
            Dated(first_precise=date(2024, 10, 1), last_precise=date(2024, 11, 30)),
            ("2024-10-01", "None", "None", "2024-11-30"),
        ),
        (Dated(first_imprecise=DAY), ("2024-10-01", "None", "None", "2024-10-31")),
    ],
)
def test_months_are_widened_outwards_where_something_may_have_been_and_inwards_where_it_was(
    dated: Dated, ends: tuple[str, ...]
) -> None:
    wide = to_the_month(dated)
    assert (
        tuple(map(str, (wide.first_imprecise, wide.first_precise, wide.last_precise, wide.last_imprecise)))
        == ends
    )


def test_a_population_is_read_by_cell_or_by_point(tmp_path: Path) -> None:
    path = tmp_path / "population.csv"
    path.write_text("lon,lat,people\n98.123456,25.987654,40\n98.1235,25.9877,11\n", encoding="utf-8")
    by_point = read_population(path)
    cell = by_point.cell(98.123456, 25.987654, 50)
    assert cell is not None
    path.write_text(f"h3,people\n{cell},51\n", encoding="utf-8")
    assert read_population(path).cell(98.123456, 25.987654, 50) == cell
    assert by_point.cell(0.0, 0.0, 1) is None


@pytest.mark.parametrize("line", ["x,25.9,10", "98.1,25.9,many", "98.1,25.9,-1", "98.1"])
def test_a_wrong_line_of_a_population_is_named(tmp_path: Path, line: str) -> None:
    path = tmp_path / "population.csv"
    path.write_text(f"lon,lat,people\n98.1,25.9,1\n{line}\n", encoding="utf-8")
    with pytest.raises(RecordError, match="line 3"):
        read_population(path)

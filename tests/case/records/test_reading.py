from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leachwatch.case.records import FILES, lint_folder, look_over, read_records
from leachwatch.case.records.document import read_document
from leachwatch.errors import RecordError
from written import ACTOR, CLAIM, EVENT, SOURCE, WHOLE, written


def faults_of(folder: Path, **files: str) -> list[str]:
    written(folder, {}, **files)
    return [str(fault) for fault in look_over(folder)[1]]


def event(**fields: str) -> str:
    whole = {
        "id": EVENT,
        "kind": "clash",
        "title": "A fight",
        "dated": "{first_precise: 2024-10-18}",
        **fields,
    }
    lines = [f"{name}: {value}" for name, value in whole.items() if value]
    return "- " + "\n  ".join(lines) + "\n"


def test_a_case_is_read_record_by_record_with_their_lines(tmp_path: Path) -> None:
    records = read_records(written(tmp_path))
    assert records.events[EVENT].title == "A town is taken"
    assert records.lines[CLAIM] == ("claims.yaml", 1)
    assert len(list(records)) == sum(file.endswith(".yaml") for file in WHOLE) + 1


def test_a_case_without_records_has_none(tmp_path: Path) -> None:
    assert list(read_records(tmp_path)) == []


@pytest.mark.parametrize(
    "text", ["", "\n", "# nothing yet\n", "[]\n", "\ufeff# a mark of byte order\n", "---\n"]
)
def test_an_empty_file_has_no_record(tmp_path: Path, text: str) -> None:
    assert faults_of(tmp_path, events=text) == []


def test_a_mark_of_byte_order_is_no_fault(tmp_path: Path) -> None:
    assert faults_of(tmp_path, events="\ufeff" + event()) == []


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"citatons": "[]"}, f"line 5: {EVENT}: citatons: no such field; did you mean citations?"),
        ({"xyzzy": "1"}, f"line 5: {EVENT}: xyzzy: no such field; delete it"),
        ({"kind": "town_seised"}, "did you mean town_seized?"),
        ({"title": ""}, f"line 1: {EVENT}: title: is missing; add it: text"),
        ({"title": "''"}, "title: is empty; write something"),
        ({"title": "2024"}, "title: must be text; put it in quotes"),
        ({"title": "no"}, "title: must be text; put it in quotes"),
        ({"title": "{a: b}"}, "title: must be text, not a list or fields"),
        ({"title": "~"}, "title: is empty"),
        (
            {"dated": "{first_precise: 2024-02-30}"},
            "line 4: evt-0000000001: dated.first_precise: 2024-02-30: there",
        ),
        ({"dated": "{first_precise: 2024-13-01}"}, "there is no such day; mend the date"),
        ({"dated": "{first_precise: 2024-10}"}, "must be a date such as 2024-10-11"),
        (
            {"dated": "{first_precise: 2024-10-11 10:00:00}"},
            "must be a date such as 2024-10-11, without quotes",
        ),
        ({"dated": "{first_precise: 2024-10-11T99:00:00Z}"}, "there is no such day"),
        ({"dated": "{first_precise: 0204-10-11}"}, "is not between 1800 and 2100; mend the year"),
        ({"dated": "{}"}, "dated: has no date at all; give at least one"),
        (
            {"dated": "{first_precise: 2024-10-18, last_precise: 2024-10-17}"},
            "last_precise 2024-10-17 is before",
        ),
        ({"dated": "yesterday"}, "dated: must hold fields of its own"),
        ({"actors": "act-0000000001"}, "actors: must be a list"),
        ({"actors": "[act-1]"}, "actors.0: is no id"),
        ({"place": "{name: P, lon: 98, lat: 25}"}, "place.precision: is missing; add it: one of 1, 2, 3"),
        ({"place": "{name: P, lon: 98, lat: 25, precision: 4}"}, "4 is none of 1, 2, 3"),
        ({"place": "{name: P, lon: .inf, lat: 25, precision: 1}"}, "place.lon: must be"),
        ({"place": "{name: P, lon: 98, lat: 125, precision: 1}"}, "place.lat: must be at most 84"),
        ({"important": "'yes'"}, "important: must be true or false"),
        ({"id": "", "kind": "clash"}, "record 1: id: is missing; leachwatch check --lint --fill writes one"),
        ({"id": ACTOR}, "id: is the id of a record of kind actor; begin it with evt-"),
        (
            {"note": "!!python/object:os.system x"},
            "note: tag tag:yaml.org,2002:python/object:os.system is not read",
        ),
        ({"note": "!secret x"}, "tag !secret is not read; delete it"),
        ({"note": "!!int x"}, "note: x: cannot be read; put it in quotes"),
        ({"note": "*other"}, "note: alias *other is not followed; write what it stands for"),
        ({"note": "a\n  note: b"}, f"line 6: {EVENT}: note: stands twice (first on line 5); delete one"),
        ({"note": "x" * 5_001}, "note: is 5,001 signs long, more than 5,000; shorten it"),
        ({"note": "ျမန္မာ"}, f"line 5: {EVENT}: note: looks like Zawgyi, not Unicode; convert it"),
        ({"catalogue": "Pangwa Taken"}, "catalogue: has signs that may not stand here"),
    ],
)
def test_a_fault_names_line_record_field_and_mend(tmp_path: Path, fields: dict[str, str], said: str) -> None:
    found = faults_of(tmp_path, events=event(**fields))
    assert len(found) == 1
    assert found[0].startswith("events.yaml: line ")
    assert said in found[0]
    assert "\n" not in found[0]


def test_a_misspelt_field_is_not_missing_too(tmp_path: Path) -> None:
    found = faults_of(tmp_path, events=event(title="").replace("kind:", "titel: A fight\n  kind:"))
    assert found == [f"events.yaml: line 2: {EVENT}: titel: no such field; did you mean title?"]


TEST = """\
- id: clm-0000000001
  text: Imports rose.
  kind: numeric
  author: src-0000000001
  test:
    kind: ratio
    readings:
    - id: weight
      numerator: {of: trade, partner: MMR, hs: ['284690'], period: 2025-04}
      denominator: {of: trade, partner: MMR, hs: ['284690'], period: 2025-03}
    expect: {quantifier: about, value: 10}
"""


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("numerator: {of: trade, partner: MMR,", "numerator: {of: trade, partner: Burma,",
         "line 9: clm-0000000001: test.readings.0.numerator.partner: is no country"),
        ("numerator: {of: trade", "numerator: {of: trad",
         "test.readings.0.numerator.of: 'trad' is none of trade, estimate"),
        ("numerator: {of: trade, ", "numerator: {", "numerator.of: is missing; add it: one of trade"),
        ("numerator: {of: trade, partner: MMR,", "numerator: {of: trade, patner: MMR,",
         "numerator.patner: no such field; did you mean partner?"),
        ("['284690'], period: 2025-04", "[284690], period: 2025-04",
         "numerator.hs.0: must be text; put it in quotes"),
        ("period: 2025-04", "period: 2025-14", "numerator.period: '2025-14' is no period"),
        ("kind: ratio", "kind: ration", "line 6: clm-0000000001: test.kind: 'ration' is none of ratio"),
        ("value: 10", "", "test.expect.value: is missing; add it: a number"),
        ("quantifier: about", "quantifier: between", "test.expect: between needs value_high"),
        ("    - id: weight", "    - id: weight\n      because: x", "test.readings.0.because: no such field"),
    ],
)  # fmt: skip
def test_unions_of_pydantic_are_not_to_be_seen_in_a_fault(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    found = faults_of(tmp_path, claims=TEST.replace(old, new, 1))
    assert len(found) == 1
    assert said in found[0]


def test_every_fault_is_collected_and_the_error_says_the_first_and_how_many_more(tmp_path: Path) -> None:
    text = event(kind="x", place="{name: P}") + event(id="evt-0000000002", title="")
    found = faults_of(tmp_path, events=text)
    assert len(found) == 5
    with pytest.raises(RecordError, match=r"and 4 more: leachwatch check .* --lint\)$") as caught:
        read_records(tmp_path)
    assert str(caught.value).startswith(f"{tmp_path / 'events.yaml'}: line 2: {EVENT}: kind: 'x' is none of")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("- id: [", "not YAML"),
        ("- id: 'a", "not YAML"),
        ("a: b: c", "not YAML"),
        ("- kind: clash\n\ttitle: A fight\n", "use spaces for indents, never tabs"),
        ("id: x\n", "line 1: is no list of records; begin each with a dash"),
        ("words", "is no list of records"),
        ("- 5\n", "record 1: is no mapping of fields; write its fields id, kind, title, dated"),
        ("- ~\n", "record 1: is no mapping of fields"),
        ("- {{name}}: 1\n", "the name of a field must be a word"),
        ("- {? [a] : b}\n", "the name of a field must be a word"),
        ("- a: 1\n---\n- b: 1\n", "line 2: a second document begins here"),
        ("- a: \x07\n", "it holds a sign that no text has"),
        ("- " * 60_000, "goes more than 32 levels deep"),
        ("- a: " + "[" * 1_000_000, "goes more than 32 levels deep"),
        ("- a: " + "{a: " * 100_000, "goes more than 32 levels deep"),
        ("- ? " + "k" * 200_000 + "\n  : 1\n", "the name of a field is 200,000 signs long"),
    ],
)
def test_what_is_no_list_of_records_is_one_line(tmp_path: Path, text: str, said: str) -> None:
    written(tmp_path, {}, events=text)
    with pytest.raises(RecordError) as caught:
        read_records(tmp_path)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 700


def test_a_bomb_of_aliases_is_refused_at_once(tmp_path: Path) -> None:
    lines = ["- a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"  a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 30)]
    start = time.perf_counter()
    found = faults_of(tmp_path, events="\n".join(lines))
    assert time.perf_counter() - start < 2
    assert "alias *a0 (from line 1) is not followed" in " ".join(found)


def test_a_list_that_holds_itself_is_a_fault(tmp_path: Path) -> None:
    found = faults_of(tmp_path, events="- a: &a [*a]\n")
    assert "events.yaml: line 1: record 1: a.0: alias *a (from line 1) is not followed" in " ".join(found)


def test_a_text_of_50_megabytes_is_refused_quickly_and_not_shown(tmp_path: Path) -> None:
    (tmp_path / "events.yaml").write_bytes(event().encode() + b"  note: " + b"x" * 50_000_000 + b"\n")
    start = time.perf_counter()
    with pytest.raises(RecordError) as caught:
        read_records(tmp_path)
    assert time.perf_counter() - start < 10
    assert "note: is 50,000,000 signs long, more than 100,000" in str(caught.value)
    assert len(str(caught.value)) < 400


def test_a_file_that_is_too_large_is_not_opened(tmp_path: Path) -> None:
    with (tmp_path / "events.yaml").open("wb") as file:
        file.truncate(64_000_001)
    with pytest.raises(RecordError, match="has 64,000,001 bytes, more than 64,000,000"):
        read_records(tmp_path)


def test_too_many_values_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("leachwatch.case.records.document._MAX_VALUES", 100)
    assert "has more than 100 values" in faults_of(tmp_path, events="- [" + "1, " * 100 + "]")[0]


def test_a_file_that_is_not_utf8_is_named_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "events.yaml").write_bytes(b"- id: a\n  title: \xff\n")
    assert [str(one) for one in look_over(tmp_path)[1]] == [
        "events.yaml: line 2: is not UTF-8 (byte 17); save it as UTF-8"
    ]


def test_a_file_that_is_a_link_out_of_the_case_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("- a: 1\n", encoding="utf-8")
    (tmp_path / "case").mkdir()
    (tmp_path / "case" / "events.yaml").symlink_to(tmp_path / "secret")
    (fault,) = look_over(tmp_path / "case")[1]
    assert str(fault) == "events.yaml: line 1: leads out of the case folder; put the file itself there"


@pytest.mark.parametrize(
    "text",
    [
        "- 5\n" * 500_000,
        "- " + "\n  ".join(f"a{number}: 1" for number in range(100_000)),
        "- a: 1\n" + "  a: 1\n" * 300_000,
        "- actors: [" + "x, " * 300_000 + "]\n",
    ],
)
def test_a_file_of_faults_is_given_up_soon(tmp_path: Path, text: str) -> None:
    start = time.process_time()
    found = faults_of(tmp_path, events=text)
    assert time.process_time() - start < 10
    assert 100 < len(found) <= 1_300


def test_a_number_beyond_all_measure_is_a_fault(tmp_path: Path) -> None:
    place = "{name: P, lon: %s, lat: 25, precision: 1}"
    precise = "{name: P, lon: 98, lat: 25, precision: 0b%s}" % ("1" * 20_000)
    assert "precision: 0b1111" in faults_of(tmp_path, events=event(place=precise))[0]
    for number in ("9" * 400, "9" * 5_000, "1e400", "1.0e+400"):
        assert "place.lon: " in faults_of(tmp_path, events=event(place=place % number))[0]


def test_a_folder_in_place_of_a_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "events.yaml").mkdir()
    assert "is no file that can be read" in str(look_over(tmp_path)[1][0])


def test_one_id_on_two_records_is_named_with_both_places(tmp_path: Path) -> None:
    (twice,) = faults_of(tmp_path, events=event() + event())
    assert twice.startswith(
        f"events.yaml: line 5: {EVENT}: id: is the id of the record on line 1 of events.yaml"
    )
    across = faults_of(tmp_path, actors=f"- {{id: {ACTOR}, kind: person, name: A}}\n", events=event(id=ACTOR))
    assert "is the id of the record on line 1 of actors.yaml too" in across[0]


GOOD_TEXTS = [
    "ကချင်ပြည်နယ်", "ပန်ဝါ", "ချီဖွေ", "မိုင်းဆတ်", "မြေရှားသတ္တု တူးဖော်ရေး", "ဥက္ကဋ္ဌ", "က", "၂၀၂၄",
    "လူတိုင်းသည် တူညီ လွတ်လပ်သော ဂုဏ်သိက္ခာဖြင့် လည်းကောင်း၊",
    "ဝဵင်းတႃႈၶီႈလဵၵ်း", "တၞဟ်ဂမၠိုၚ်", "ၸႄႈမိူင်းတႆး",
    "稀土", "Hpakant (ဖားကန့်)",
]  # fmt: skip
ZAWGYI_TEXTS = [
    "ျမန္မာ", "ပန္၀ါ", "ခ်ီေဖြ", "ကခ်င္ျပည္နယ္", "ျမစ္ႀကီးနား", "ေျမရွားသတၱဳ တူးေဖာ္ေရး", "စီးပြားေရး",
    "the town of ပန္၀ါ in Kachin",
]  # fmt: skip


@pytest.mark.parametrize("text", GOOD_TEXTS)
def test_burmese_shan_and_mon_in_unicode_are_no_fault(tmp_path: Path, text: str) -> None:
    assert faults_of(tmp_path, events=event(public_note=f'"{text}"')) == []


@pytest.mark.parametrize("text", ZAWGYI_TEXTS)
def test_zawgyi_is_named_wherever_it_stands(tmp_path: Path, text: str) -> None:
    place = f'{{name: "{text}", lon: 98, lat: 25, precision: 1}}'
    assert "place.name: looks like Zawgyi" in faults_of(tmp_path, events=event(place=place))[0]


# whatever stands in a file, reading ends in records or in faults


@pytest.mark.parametrize("file", FILES)
@settings(max_examples=30, deadline=None)
@given(content=st.binary(max_size=300))
def test_no_bytes_end_in_anything_but_faults(
    tmp_path_factory: pytest.TempPathFactory, file: str, content: bytes
) -> None:
    folder = tmp_path_factory.mktemp("case")
    (folder / file).write_bytes(content)
    assert not any("\n" in str(fault) for fault in lint_folder(folder))


FIELDS = sorted({name for kind in FILES.values() for name in kind.model_fields})
WORDS = st.sampled_from(
    [ACTOR, SOURCE, EVENT, CLAIM, "ratio", "trade", "sites", "sole", "2024-10", "../x", "x.geojson", "MMR"]
)
SCALARS = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.dates() | st.datetimes()
    | st.text(max_size=20) | WORDS | st.binary(max_size=5)
)  # fmt: skip
VALUES = st.recursive(
    SCALARS,
    lambda inside: (
        st.lists(inside, max_size=3)
        | st.dictionaries(
            st.sampled_from([*FIELDS, "of", "readings", "expect", "where"]) | st.text(max_size=5), inside
        )
    ),
    max_leaves=12,
)
RECORDS = st.lists(
    st.dictionaries(st.sampled_from(FIELDS), VALUES, max_size=6)
    | VALUES
    | st.fixed_dictionaries({"id": WORDS}),
    max_size=4,
)


@pytest.mark.parametrize("file", FILES)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(listed=RECORDS)
def test_no_yaml_ends_in_anything_but_faults(
    tmp_path_factory: pytest.TempPathFactory, file: str, listed: list[Any]
) -> None:
    folder = tmp_path_factory.mktemp("case")
    (folder / file).write_text(yaml.safe_dump(listed, allow_unicode=True), encoding="utf-8")
    assert not any("\n" in str(fault) for fault in lint_folder(folder))


@settings(max_examples=100, deadline=None)
@given(value=st.lists(VALUES, max_size=3))
def test_a_document_says_what_pyyaml_says(tmp_path_factory: pytest.TempPathFactory, value: list[Any]) -> None:
    path = tmp_path_factory.mktemp("case") / "x.yaml"
    text = yaml.safe_dump(value, allow_unicode=True)
    path.write_text(text, encoding="utf-8")
    document = read_document(path, "x.yaml")
    if not document.faults:
        assert repr(document.value) == repr(_with_text_for_names(yaml.safe_load(text)))


def _with_text_for_names(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(name): _with_text_for_names(inside) for name, inside in value.items()}
    return [_with_text_for_names(one) for one in value] if isinstance(value, list) else value

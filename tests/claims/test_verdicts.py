from __future__ import annotations

import json
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from claims.written import Made, citation, claim, month_of, name, quick, source, trade
from leachwatch.case.records import Dated, Event
from leachwatch.claims import claim_reviews, judge_all
from leachwatch.claims import plugins as plugins_module
from leachwatch.claims.corroboration import few, few_words, told
from leachwatch.claims.history import record_outcomes
from leachwatch.errors import RecordError
from leachwatch.release import new_key, public

DAY, LATER = date(2026, 1, 5), date(2026, 2, 6)


# corroboration


def cited(
    made: Made, *citations: tuple[int, int, int | None], groups: tuple[str, ...] = ("", "", "wire", "wire")
) -> Made:
    made.records = [source(number, group) for number, group in enumerate(groups, 1)]
    made.records += [citation(*one) for one in citations]
    return made


def corroborate(
    supports: list[int], contradicts: list[int] | None = None, at_least: int = 2
) -> dict[str, Any]:
    ids = {"supports": supports, "contradicts": contradicts or []}
    return {"kind": "corroborate", "at_least": at_least} | {
        what: [name("citations", one) for one in some] for what, some in ids.items()
    }


def test_two_sources_of_one_group_count_once(made: Made) -> None:
    cited(made, (1, 1, None), (2, 3, None), (3, 4, None))
    assert made.judge(corroborate([2, 3])).verdict == "NOT_ENOUGH_EVIDENCE"
    assert made.judge(corroborate([1, 2, 3])).verdict == "SUPPORTED"


def test_who_tells_what_another_said_is_no_second_witness(made: Made) -> None:
    cited(made, (1, 1, None), (2, 1, 2), (3, 2, None))
    assert made.judge(corroborate([1, 2])).verdict == "NOT_ENOUGH_EVIDENCE"
    assert made.judge(corroborate([1, 2, 3])).verdict == "NOT_ENOUGH_EVIDENCE"
    assert made.judge(corroborate([1, 3])).verdict == "SUPPORTED"


def test_enough_sources_on_both_sides_are_a_conflict(made: Made) -> None:
    cited(made, *((one, one, None) for one in range(1, 5)), groups=("", "", "", ""))
    assert made.judge(corroborate([1, 2], [3, 4])).verdict == "CONFLICTING"
    assert made.judge(corroborate([], [3, 4])).verdict == "REFUTED"
    assert made.judge(corroborate([1, 2], [3])).verdict == "NOT_ENOUGH_EVIDENCE"
    assert (
        made.judge(corroborate([])).why == "No independent source says so; 2 independent ones are asked for."
    )


def test_what_would_change_a_count_of_sources_is_what_speaks_against_it(made: Made) -> None:
    cited(made, *((one, one, None) for one in range(1, 5)), groups=("", "", "", ""))
    supported, refuted = made.judge(corroborate([1, 2])), made.judge(corroborate([], [3, 4]))
    assert supported.would_change == "An independent source that says otherwise would change it."
    assert refuted.would_change == "An independent source that says so would change it."
    assert made.judge(corroborate([1, 2], [3])).verdict != supported.verdict
    assert made.judge(corroborate([1], [3, 4])).verdict != refuted.verdict


@given(st.integers(2, 9), st.integers(2, 9))
def test_what_is_said_and_whether_it_is_enough_never_give_a_number_of_two_or_more_away(
    count: int, at_least: int
) -> None:
    """Another number would be published in the same words, with the same result."""
    said = told(count, at_least), count >= at_least
    alike = [one for one in range(1, 20) if (told(one, at_least), one >= at_least) == said]
    assert count in alike
    assert len(alike) > 1


def test_of_two_where_three_are_asked_for_only_that_they_are_fewer_is_said(made: Made) -> None:
    cited(made, *((one, one, None) for one in range(1, 4)), groups=("", "", ""))
    few_, enough = made.judge(corroborate([1, 2], at_least=3)), made.judge(corroborate([1, 2, 3], at_least=3))
    assert few_.why.startswith("Fewer than 3 independent sources say so")
    assert few_.why == made.judge(corroborate([1], at_least=3)).why
    assert (enough.verdict, enough.why[:31]) == ("SUPPORTED", "3 or more independent sources s")


@pytest.mark.parametrize(
    ("many", "words"), [(2, "two or three"), (3, "two or three"), (5, "more than three")]
)
def test_how_many_sources_there_are_is_never_said_exactly(made: Made, many: int, words: str) -> None:
    cited(made, *((one, one, None) for one in range(1, many + 1)), groups=("",) * many)
    outcome = made.judge(corroborate(list(range(1, many + 1))))
    assert (
        outcome.why == f"{words.capitalize()} independent sources say so; 2 independent ones are asked for."
    )
    assert outcome.readings[0].estimate.interval == few(many)
    assert not any(
        source_ in repr(outcome.readings) for source_ in made.records[0].public_descriptor.split("\n")
    )


@given(st.integers(0, 500))
def test_a_published_number_of_sources_is_one_of_four(count: int) -> None:
    shown = few(count)
    assert shown.low <= count <= shown.high
    assert (few_words(count), shown) in {(few_words(one), few(one)) for one in (0, 1, 2, 4)}


# installed tests


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A package that was really installed: a module, and a dist-info that names its entry points."""
    site = tmp_path / "site"
    info = site / "laos_route-1.0.dist-info"
    info.mkdir(parents=True)
    (site / "laos_route.py").write_text(
        "from leachwatch.claims import Estimate\n"
        "from leachwatch import tables\n"
        "def diverted(reader, params):\n"
        "    rows = reader.read(tables.SERIES)\n"
        "    some = rows[rows['partner'] == params['partner']]\n"
        "    return Estimate(float(some['low'].sum()), float(some['high'].sum()), 't', 'by Laos')\n"
        "def broken(reader, params):\n"
        "    return 1 / 0\n"
        "def odd(reader, params):\n"
        "    return 'SUPPORTED'\n"
        "def nan(reader, params):\n"
        "    return Estimate(float('nan'), 2.0)\n",
        encoding="utf-8",
    )
    (info / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: laos-route\nVersion: 1.0\n", encoding="utf-8"
    )
    (info / "entry_points.txt").write_text(
        "[leachwatch.claims]\n"
        + "".join(f"{one} = laos_route:{one}\n" for one in ("diverted", "broken", "odd", "nan")),
        encoding="utf-8",
    )
    monkeypatch.syspath_prepend(str(site))
    monkeypatch.delitem(sys.modules, "laos_route", raising=False)
    plugins_module._entries.cache_clear()


def python_test(entry: str) -> dict[str, Any]:
    return quick("python", {"params": {"partner": "LAO"}}, "over", 100, entry=entry)


@pytest.mark.usefixtures("installed")
def test_an_installed_test_measures_and_is_judged_like_any_other(made: Made) -> None:
    made.rows["series"] = [month_of("LAO 28469019", "2024-04", 110, 120)]
    outcome = made.judge(python_test("diverted"))
    assert outcome.verdict == "SUPPORTED"
    assert outcome.why == "By Laos: 110 to 120 t, where the sentence needs more than 100 t."


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ("broken", "ZeroDivisionError"),
        ("odd", "gave a str, not an Estimate"),
        ("nan", "gave nan to 2, which is no interval"),
    ],
)
def test_an_installed_test_that_fails_stops_no_other(made: Made, entry: str, said: str) -> None:
    outcome = made.judge(python_test(entry))
    assert outcome.verdict == "NOT_COMPUTABLE"
    assert said in outcome.why


def test_a_test_that_is_not_installed_says_what_to_install(made: Made) -> None:
    plugins_module._entries.cache_clear()
    outcome = made.judge(python_test("nobody-has-it"))
    assert outcome.verdict == "NOT_COMPUTABLE"
    assert "is not installed; install the package that has it" in outcome.why


def test_a_test_is_named_and_never_imported_by_path() -> None:
    with pytest.raises(ValidationError):
        claim(python_test("os:system"))


# history


def checked(made: Made, high: float, day: date = DAY) -> Any:
    made.rows["series"] = [month_of("MMR 28469019", "2024-04", 90, high)]
    made.records = [source(1), claim(quick("level", {"of": trade()}, "under", 150))]
    data = made.data()
    outcomes = judge_all(data.records, data)
    return record_outcomes(made.out.parent / "verdicts.jsonl", outcomes, data.reader, day=day, version="1")


def test_a_line_is_added_only_when_the_verdict_or_the_data_changed(made: Made) -> None:
    path = made.out.parent / "verdicts.jsonl"
    first = checked(made, 120)[name("claims", 1)]
    before = path.read_bytes()
    checked(made, 120, LATER)
    assert path.read_bytes() == before
    same = checked(made, 130, LATER)[name("claims", 1)]
    assert path.read_bytes().startswith(before)
    assert (len(first.lines), len(same.lines)) == (1, 2)
    assert (same.since, same.supersedes) == (DAY, None)
    other = checked(made, 200, LATER)[name("claims", 1)]
    assert (other.since, other.supersedes) == (LATER, "SUPPORTED")


def test_a_history_that_somebody_changed_is_refused(made: Made) -> None:
    checked(made, 120)
    checked(made, 200)
    path = made.out.parent / "verdicts.jsonl"
    path.write_text(path.read_text(encoding="utf-8").replace('"SUPPORTED"', '"REFUTED"'), encoding="utf-8")
    with pytest.raises(RecordError, match=r"verdicts.jsonl: line 2: does not follow on the line before it"):
        checked(made, 200)


# ClaimReview


def reviews(made: Made, test: dict[str, Any], **more: Any) -> dict[str, Any]:
    made.rows.setdefault("series", [month_of("MMR 28469019", "2024-04", 90, 120)])
    made.records = [one for one in made.records if one.id.startswith("src")] + [claim(test, **more)]
    data = made.data()
    outcomes = judge_all(data.records, data)
    stood = record_outcomes(made.out.parent / "verdicts.jsonl", outcomes, data.reader, day=DAY, version="1")
    return json.loads(json.dumps(claim_reviews(outcomes, public(data.records, new_key()), stood)))  # type: ignore[no-any-return]


def test_a_verdict_is_written_as_a_claim_review(made: Made) -> None:
    graph = reviews(
        made, quick("level", {"of": trade()}, "over", 50), text="More than 50 tonnes.",
        published=date(2025, 8, 1), first_appearance=date(2025, 7, 1), appearance=["https://example.org/a"],
        hedge="could not be confirmed", verification="could_not_confirm",
    )  # fmt: skip
    assert graph["@context"] == "https://schema.org"
    (review,) = graph["@graph"]
    assert review["@type"] == "ClaimReview"
    assert review["claimReviewed"] == "More than 50 tonnes."
    assert review["itemReviewed"] == {
        "@type": "Claim", "text": "More than 50 tonnes.",
        "author": {"@type": "Organization", "name": "source 1"},
        "datePublished": "2025-08-01",
        "appearance": [{"@type": "CreativeWork", "url": "https://example.org/a"}],
        "firstAppearance": {"@type": "CreativeWork", "datePublished": "2025-07-01"},
    }  # fmt: skip
    assert review["reviewRating"] == {
        "@type": "Rating", "ratingValue": 3, "bestRating": 3, "worstRating": 1,
        "alternateName": "Supported by the data",
    }  # fmt: skip
    assert review["reviewBody"].startswith("could not be confirmed Imports from Myanmar")
    assert "url" not in review


@pytest.mark.parametrize(
    "test", [quick("level", {"of": trade()}, "over", 100), quick("level", {"of": trade("LAO")}, "over", 1)]
)
def test_what_is_open_has_no_number_that_looks_half_true(made: Made, test: dict[str, Any]) -> None:
    rating = reviews(made, test)["@graph"][0]["reviewRating"]
    assert rating == {
        "@type": "Rating", "alternateName": "Not enough evidence: neither supported nor refuted",
    }  # fmt: skip


def test_only_what_everybody_may_see_is_written(made: Made) -> None:
    assert reviews(made, quick("level", {"of": trade()}, "over", 50), tlp="AMBER")["@graph"] == []
    made.records = [source(1).model_copy(update={"tlp": "GREEN"})]
    assert reviews(made, quick("level", {"of": trade()}, "over", 50))["@graph"] == []


def test_no_sentence_says_that_one_thing_caused_another(made: Made) -> None:
    levels = [100, 110, 20, 100, 120, 10]
    made.rows["series"] = [
        month_of("MMR 28469019", f"2024-{one:02d}", level, level) for one, level in enumerate(levels, 1)
    ]
    reading = {"before": trade(period="2024-05"), "after": trade(period="2024-06")}
    outcome = made.judge(quick("change", reading, "under", -0.05, around="evt-0000000001"))
    told = " ".join([outcome.why, outcome.would_change, *outcome.readings[0].context]).lower()
    assert not any(word in told for word in ("because", "caus", "due to", "led to"))


def event(tlp: Any) -> Event:
    day = date(2024, 10, 11)
    return Event(
        id=name("events", 1), kind="other", title="somebody tells us", tlp=tlp, citations=(),
        dated=Dated(first_precise=day, last_precise=day, starting=True, ending=True),
    )  # fmt: skip


@pytest.mark.parametrize(("tlp", "many"), [("AMBER", 0), ("CLEAR", 1)])
def test_a_verdict_that_tells_of_a_record_not_everybody_may_see_stays_behind(
    made: Made, tlp: str, many: int
) -> None:
    reading = {"id": "one", "moment": {"record": name("events", 1)}, "within": "2024"}
    own = claim({"kind": "date", "readings": [reading]})
    made.records += [own, event(tlp)]
    data = made.data()
    outcomes = judge_all(data.records, data)
    assert "Start of somebody tells us" in outcomes[0].why
    stood = record_outcomes(made.out / "verdicts.jsonl", outcomes, data.reader, day=DAY, version="0")
    assert len(claim_reviews(outcomes, public(data.records, new_key()), stood)["@graph"]) == many


@pytest.mark.parametrize(("kind", "many"), [("person", 0), ("media", 1)])
def test_what_a_protected_source_told_is_in_no_review(made: Made, kind: str, many: int) -> None:
    """As on the page: else the one file would let out what the other holds back."""
    cited(made, (1, 1, None), (2, 2, None))
    made.records[0] = made.records[0].model_copy(update={"kind": kind})
    made.records += [claim(corroborate([1, 2]), citations=(name("citations", 1),))]
    data = made.data()
    outcomes = judge_all(data.records, data)
    stood = record_outcomes(made.out / "verdicts.jsonl", outcomes, data.reader, day=DAY, version="0")
    assert len(claim_reviews(outcomes, public(data.records, new_key()), stood)["@graph"]) == many


def test_a_group_of_sources_nobody_may_know_of_is_not_named(made: Made) -> None:
    hidden = source(3, "insiders").model_copy(update={"tlp": "AMBER"})
    made.records += [hidden, source(4, "wire"), source(5)]
    told = made.data().groups_told
    assert told(["insiders", "wire", "china-customs"]) == (
        "china-customs",
        "a source that is not named",
        "wire",
    )
    assert told([name("sources", 5)]) == ("source 5",)


def test_what_sources_say_is_not_said_to_be_in_the_data(made: Made) -> None:
    cited(made, (1, 1, None), (2, 2, None))
    made.records += [claim(corroborate([1, 2]))]
    data = made.data()
    outcomes = judge_all(data.records, data)
    stood = record_outcomes(made.out / "verdicts.jsonl", outcomes, data.reader, day=DAY, version="0")
    (review,) = claim_reviews(outcomes, public(data.records, new_key()), stood)["@graph"]
    assert review["reviewRating"]["alternateName"] == "Said by several independent sources"

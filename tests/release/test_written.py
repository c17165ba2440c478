"""What is released, written as a case again: it says no more than the release, and is read back as it is."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leachwatch.case.records import as_yaml, read_records
from leachwatch.errors import ReleaseError
from leachwatch.release import Circumstances, as_published, public, written
from release.people import BURMESE, BURMESE_ZAWGYI, DAY, KEY, OTHER_KEY, ids, records
from release.test_canaries import Grown


def text_of(grown: Grown) -> dict[str, str]:
    release = public(grown.records, KEY, Circumstances())
    return {file: as_yaml(listed) for file, listed in written(release, grown.records).items()}


def check(random: Random) -> None:
    grown = Grown(random)
    text = "\n".join(text_of(grown).values())
    assert not {word for word in grown.forbidden if word.strip('"') in text}
    assert not {one for one in grown.protected if one in text}


@settings(max_examples=60)
@given(st.randoms(use_true_random=False))
def test_no_canary_of_a_random_case_is_written(random: Random) -> None:
    check(random)


@pytest.mark.slow
def test_no_canary_of_a_thousand_random_cases_is_written() -> None:
    random = Random(4)  # noqa: S311 - a test
    for _ in range(1_000):
        check(random)


@settings(max_examples=25)
@given(random=st.randoms(use_true_random=False))
def test_it_is_read_back_as_what_was_released(
    tmp_path_factory: pytest.TempPathFactory, random: Random
) -> None:
    grown, folder = Grown(random), tmp_path_factory.mktemp("case")
    for file, text in text_of(grown).items():
        (folder / file).write_text(text.replace(BURMESE_ZAWGYI, BURMESE), encoding="utf-8")
    released = public(grown.records, KEY, Circumstances()).case
    again = as_published(read_records(folder)).case
    for kind in type(released).model_fields:
        ours, theirs = getattr(released, kind), getattr(again, kind)
        if kind == "evidence":
            ours = tuple(one for one in ours if one.url)
        assert {one.id for one in ours} == {one.id for one in theirs}
    for one, other in zip(released.events, again.events, strict=True):
        for left, right in (
            (one.dated.model_copy(update={"to_the_month": False}), other.dated),
            (one.title, other.title),
        ):
            assert str(left).replace(BURMESE_ZAWGYI, BURMESE) == str(right), "Zawgyi is refused in records"


def test_it_says_how_many_told_it_and_not_who() -> None:
    held = records()
    listed = written(public(held, KEY), held)
    (told,) = (one for one in listed["events.yaml"] if "protected" in one.get("public_note", ""))
    assert told["id"] != ids("evt", 1)
    assert told["public_note"].endswith("Told by one protected source (a person).")
    assert told["dated"] == {
        "first_imprecise": DAY.replace(day=1), "last_imprecise": DAY.replace(day=31)
    }  # fmt: skip
    assert {one["tlp"] for kind in listed.values() for one in kind} == {"CLEAR"}
    assert "note" not in {field for kind in listed.values() for one in kind for field in one}


def test_names_of_two_publications_have_nothing_in_common() -> None:
    held = records()
    first, second = (
        {one["id"] for one in written(public(held, key), held)["claims.yaml"]} for key in (KEY, OTHER_KEY)
    )
    assert not first & second


def test_a_case_that_is_not_public_is_not_taken_for_one() -> None:
    held = records()
    as_published(held)
    one = held.events[ids("evt", 2)].model_copy(update={"tlp": "GREEN"})
    with pytest.raises(ReleaseError, match=r"evt-0000000002: is not CLEAR"):
        as_published(replace(held, events={**held.events, one.id: one}))

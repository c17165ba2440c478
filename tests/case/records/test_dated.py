from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leachwatch.case.records import Dated

DAY = timedelta(days=1)
START = date(2024, 1, 1)
OFFSETS = st.integers(0, 40)
NAMES = ("first_imprecise", "first_precise", "last_precise", "last_imprecise")


@st.composite
def dated(draw: st.DrawFn) -> Dated:
    names = sorted(draw(st.sets(st.sampled_from(NAMES), min_size=1)), key=NAMES.index)
    days = sorted(draw(st.lists(OFFSETS, min_size=len(names), max_size=len(names))))
    has_first, has_last = names[0].startswith("first"), names[-1].startswith("last")
    fields: dict[str, object] = {name: START + offset * DAY for name, offset in zip(names, days, strict=True)}
    fields |= {"starting": draw(st.booleans()) and has_first, "ending": draw(st.booleans()) and has_last}
    return Dated.model_validate(fields)


DAYS = st.integers(-60, 100).map(lambda offset: START + offset * DAY)


def precise(one: Dated) -> list[date]:
    return [day for day in (one.first_precise, one.last_precise) if day is not None]


def known(one: Dated) -> list[date]:
    return [day for name in NAMES if (day := getattr(one, name)) is not None]


@given(dated(), DAYS)
def test_yes_is_said_within_the_precise_dates_and_nowhere_else(one: Dated, day: date) -> None:
    within = bool(precise(one)) and precise(one)[0] <= day <= precise(one)[-1]
    assert (one.valid_on(day) == "yes") == within


@given(dated(), DAYS)
def test_no_is_said_only_before_a_start_or_after_an_end(one: Dated, day: date) -> None:
    before, after = day < known(one)[0], day > known(one)[-1]
    assert (one.valid_on(day) == "no") == ((before and one.starting) or (after and one.ending))


@given(dated(), DAYS)
def test_a_missing_start_is_unknown_not_always(one: Dated, day: date) -> None:
    if day < known(one)[0] and not one.starting:
        assert one.valid_on(day) == "unknown"
    if one.first_imprecise is None and one.first_precise is None and day < known(one)[0]:
        assert one.valid_on(day) == "unknown"


@given(dated(), DAYS)
def test_possibly_is_said_between_dates_that_are_not_precise(one: Dated, day: date) -> None:
    if known(one)[0] <= day <= known(one)[-1]:
        assert one.valid_on(day) in {"yes", "possibly"}
    else:
        assert one.valid_on(day) in {"no", "unknown"}


@given(dated(), DAYS)
def test_an_answer_changes_only_on_the_days_of_changes(one: Dated, day: date) -> None:
    if one.valid_on(day) != one.valid_on(day - DAY):
        assert day in one.changes()
    assert list(one.changes()) == sorted(set(one.changes()))


@given(dated())
def test_between_two_changes_one_answer_holds(one: Dated) -> None:
    days = [one.changes()[0] - DAY, *one.changes()]
    for first, after in zip(days, [*days[1:], days[-1] + 30 * DAY], strict=True):
        span = [first + step * DAY for step in range(max((after - first).days, 1))]
        assert len({one.valid_on(day) for day in span}) == 1


@given(dated(), DAYS)
def test_start_and_end_bound_every_day_on_which_it_held(one: Dated, day: date) -> None:
    (earliest, latest), (first_end, last_end) = one.start, one.end
    if one.valid_on(day) == "yes":
        assert latest is not None
        assert first_end is not None
        assert latest <= day or one.first_precise is None or earliest is None or earliest <= day
        assert (earliest or day) <= day <= (last_end or day)
    if earliest is not None and latest is not None:
        assert earliest <= latest
    if first_end is not None and last_end is not None:
        assert first_end <= last_end
    if earliest is not None:
        assert one.valid_on(earliest - DAY) == "no"
    if last_end is not None:
        assert one.valid_on(last_end + DAY) == "no"


def test_a_first_sight_alone_does_not_say_by_when_it_began() -> None:
    assert Dated(first_imprecise=START, starting=True).start == (START, None)
    assert Dated(first_imprecise=START, last_imprecise=START + DAY).start == (None, START + DAY)
    assert Dated(last_imprecise=START, ending=True).end == (None, START)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, "has no date at all"),
        ({"last_precise": START, "starting": True}, "starting is true, but there is no first date"),
        ({"first_precise": START, "ending": True}, "ending is true, but there is no last date"),
        ({"first_precise": START, "last_imprecise": START - DAY}, "last_imprecise 2023-12-31 is before"),
        ({"first_precise": date.max}, "is not between 1800 and 2100"),
    ],
)
def test_dates_that_cannot_be_are_refused(fields: dict[str, object], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        Dated.model_validate(fields)

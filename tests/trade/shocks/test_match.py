from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
import pytest

from leachwatch.tables import SHOCKS
from leachwatch.trade.events import Event, shipped_events
from leachwatch.trade.shocks import Series, ShockScore, ShockSettings, score_shocks
from leachwatch.trade.shocks.match import matching_event

SETTINGS = ShockSettings()
MMR = Series("CHN", "import", "MMR", "28469019")
SPAN = (date(2018, 1, 1), date(2025, 5, 1))


def event(name: str, first: date, **changes: Any) -> Event:
    plain: dict[str, Any] = {
        "id": name,
        "first": first,
        "last": first,
        "kind": "disruption",
        "seasonal": False,
        "partner": "MMR",
        "shows": "fall",
        "effect": "less",
        "source": "A paper",
        "url": "",
        "note": "",
    }
    return Event(**(plain | changes))


def shocks(*rows: dict[str, Any]) -> pd.DataFrame:
    empty = dict.fromkeys(column.name for column in SHOCKS.columns)
    flags = dict.fromkeys(("sum_of_origins", "peer", "seasonal", "composition"), False)
    plain = {"series": str(MMR), "direction": "fall", "probability": 0.95, "stability": 1.0}
    return SHOCKS.frame([empty | flags | plain | row for row in rows])


def scored(frame: pd.DataFrame, *events: Event, span: tuple[date, date] = SPAN) -> ShockScore:
    return score_shocks(frame, events, span, series=MMR, settings=SETTINGS)


CLOSED = event("closed", date(2024, 10, 20))


@pytest.mark.parametrize(("month", "delay"), [(9, -1), (10, 0), (11, 1)])
def test_a_shock_within_the_tolerance_finds_its_event(month: int, delay: int) -> None:
    score = scored(shocks({"start": date(2024, month, 1)}), CLOSED)
    assert dict(score.found) == {"closed": delay}
    assert (score.precision, score.recall, score.delay) == (1, 1, delay)


def test_a_shock_too_late_is_wrong_and_the_event_missed() -> None:
    score = scored(shocks({"start": date(2024, 12, 1)}), CLOSED)
    assert (score.precision, score.recall, score.delay) == (0, 0, None)
    assert score.missed == ("closed",)


def test_a_rise_does_not_find_a_closure() -> None:
    assert scored(shocks({"start": date(2024, 10, 1), "direction": "rise"}), CLOSED).recall == 0


@pytest.mark.parametrize(
    "change", [{"seasonal": True}, {"probability": 0.89}, {"series": "CHN import LAO 1"}]
)
def test_what_is_not_called_counts_neither_way(change: dict[str, Any]) -> None:
    score = scored(shocks({"start": date(2024, 10, 1)} | change), CLOSED)
    assert (score.precision, score.recall) == (None, 0)


def test_two_shocks_do_not_find_one_event_twice() -> None:
    score = scored(shocks({"start": date(2024, 9, 1)}, {"start": date(2024, 11, 1)}), CLOSED)
    assert (score.precision, score.recall) == (0.5, 1)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"kind": "confounder"}, "is a confounder"),
        ({"shows": "unknown"}, "nobody printed"),
        ({"shows": "none"}, "did not move"),
        ({"partner": "LAO"}, "does not touch"),
        ({"first": date(2018, 2, 1)}, "before it"),
        ({"first": date(2025, 5, 1), "last": date(2025, 5, 1)}, "from it on"),
    ],
)
def test_an_event_that_cannot_show_does_not_count(changes: dict[str, Any], reason: str) -> None:
    score = scored(
        shocks(),
        event("other", date(2024, 10, 20), **changes)
        if "first" not in changes
        else event("other", changes["first"]),
    )
    assert score.recall is None
    assert reason in score.left_out["other"]


def test_a_shock_on_a_confounder_is_wrong_and_one_on_an_event_nobody_measured_is_not_judged() -> None:
    floods = event("floods", date(2024, 10, 1), kind="confounder", seasonal=True)
    assert scored(shocks({"start": date(2024, 10, 1)}), floods).precision == 0
    unseen = event("unseen", date(2024, 10, 1), shows="unknown")
    score = scored(shocks({"start": date(2024, 10, 1)}), unseen)
    assert score.precision is None
    assert score.not_judged == (date(2024, 10, 1),)


def test_what_the_season_explains_takes_a_seasonal_event_and_a_shock_another_first() -> None:
    floods = event("floods", date(2024, 10, 1), kind="confounder", seasonal=True)
    for seasonal, name in ((True, "floods"), (False, "closed")):
        match = matching_event(date(2024, 10, 1), "fall", MMR, [floods, CLOSED], SETTINGS, seasonal=seasonal)
        assert match is not None
        assert match.id == name


def test_a_disruption_nobody_measured_lowers_and_a_reopening_without_effect_fits_nothing() -> None:
    start = date(2024, 10, 1)
    unseen = event("unseen", start, shows="unknown")
    assert matching_event(start, "fall", MMR, [unseen], SETTINGS) == unseen
    assert matching_event(start, "rise", MMR, [unseen], SETTINGS) is None
    without = event("without", start, kind="recovery", shows="none")
    assert matching_event(start, "rise", MMR, [without], SETTINGS) is None


def test_the_events_that_count_for_the_shipped_series_are_three() -> None:
    whole = Series("CHN", "import", "WLD", "28469019")
    span = (date(2023, 7, 1), date(2025, 5, 1))
    score = score_shocks(shocks(), shipped_events(), span, series=whole, settings=SETTINGS)
    assert score.missed == ("chipwi-falls-2024", "pangwa-taken-2024", "cash-notice-2025")
    assert "before it" in score.left_out["materials-restricted-2023"]

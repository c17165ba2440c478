from __future__ import annotations

import math
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from shapely.geometry import box

from claims.written import SOUTH, WEST, Made, held, name, quick, site, site_month, source, trade
from leachwatch.case.records import Actor, ControlSpell, Dated, Event, Outline, Span, Territory, Version
from leachwatch.case.records.figures import SiteSelection, TradeFigure
from leachwatch.claims.watched import Watched, least_seen

NORTH = name("territories", 1)
EXACT = {"error": {"precision": [1.0, 1.0], "recall": [1.0, 1.0]}}


def sites(count: int, **more: Any) -> list[dict[str, Any]]:
    return [
        site(one, WEST + 0.01 + 0.005 * (one % 30), SOUTH + 0.01 + 0.01 * (one // 30), **more)
        for one in range(count)
    ]


def count(where: dict[str, Any], word: str = "over", value: float = 300, **more: Any) -> dict[str, Any]:
    return quick("count", {"of": {"of": "sites", "where": where}}, word, value, **more)


def territory(*versions: str, border_m: float = 0.0) -> Territory:
    drawn = tuple(
        Version(version=one, outline=Outline(file="x.geojson"), border_m=border_m) for one in versions
    )
    return Territory(id=NORTH, kind="area", name="North", versions=drawn)


def north(made: Made, **shapes: Any) -> Made:
    made.records += [territory(*shapes)]
    made.outlines |= {(NORTH, version): shape for version, shape in shapes.items()}
    return made


def test_three_hundred_sites_are_supported_in_one_drawing_of_the_territory_and_open_in_another(
    made: Made,
) -> None:
    """The claim of the brief: more than 300 by the end of 2023, under two boundaries."""
    whole, half = box(WEST, SOUTH, WEST + 0.2, SOUTH + 0.2), box(WEST, SOUTH, WEST + 0.2, SOUTH + 0.085)
    north(made.with_sites(*sites(360)), old=whole, new=half)
    where = {"territory": NORTH, "pools_from": "..2023"}
    error = {"precision": [0.90, 0.98], "recall": [0.75, 0.92]}
    require = {"clear_looks": 2, "share_of_area": 0.9, "period": "2023"}
    outcome = made.judge(count(where, error=error, require=require))
    old, new = outcome.readings
    assert (old.id, new.id) == ("one@old", "one@new")
    assert (old.result, new.result) == ("supports", "open")
    assert (old.estimate.low, old.estimate.high) == (
        math.ceil(360 * 0.9 / 0.92),
        math.floor(360 * 0.98 / 0.75),
    )
    assert outcome.verdict == "NOT_ENOUGH_EVIDENCE"
    assert outcome.why.startswith("Supported under 1 of 2 readings: one@new: 240 sites found")


def test_no_scan_at_all_leaves_a_count_uncovered(made: Made) -> None:
    outcome = north(made, old=box(0, 0, 1, 1)).judge(count({"territory": NORTH}))
    assert outcome.verdict == "NOT_ENOUGH_EVIDENCE"
    assert outcome.why == "No real image was read of North (old)."
    assert outcome.would_change == "Sentinel-2 images of North (old) would decide it."


def test_simulated_scenes_never_count_for_a_real_place(made: Made) -> None:
    made.with_sites(*sites(40, simulated=True)).simulated = True
    outcome = made.judge(count({}, value=10))
    assert outcome.verdict == "NOT_ENOUGH_EVIDENCE"
    assert "no real image was read" in outcome.why.lower()
    asked = made.judge(count({"simulated": True}, value=10))
    assert asked.verdict == "SUPPORTED"


def test_simulated_sites_among_real_ones_do_not_count(made: Made) -> None:
    made.with_sites(*sites(5), site(9, WEST + 0.1, SOUTH + 0.1, simulated=True))
    assert made.judge(count({}, "exactly", 5, **EXACT)).verdict == "SUPPORTED"


def test_ground_that_was_not_watched_leaves_a_count_uncovered(made: Made) -> None:
    north(made.with_sites(*sites(5)), wide=box(WEST, SOUTH, WEST + 0.4, SOUTH + 0.2))
    outcome = made.judge(count({"territory": NORTH}, "over", 3))
    assert outcome.readings[0].result == "uncovered"
    assert "Only 50% of North (wide) surely had 2 clear looks" in outcome.why


def test_clouds_leave_a_count_uncovered(made: Made) -> None:
    made.with_sites(*sites(5), share=0.3)
    assert made.judge(count({}, "over", 3)).readings[0].result == "uncovered"


def test_images_that_end_before_the_day_asked_about_do_not_cover_it(made: Made) -> None:
    outcome = made.with_sites(*sites(5)).judge(count({"pools_from": "..2024"}, "over", 3))
    assert outcome.why == "The images of the ground that is watched end with 2023-12."
    assert "2024-01 to 2024-12" in outcome.would_change


@given(
    st.lists(st.lists(st.integers(0, 1), min_size=12, max_size=12), min_size=3, max_size=5), st.integers(1, 3)
)
def test_no_pattern_of_clouds_shows_less_than_what_is_said_to_be_seen(
    seen: list[list[int]], looks: int
) -> None:
    """Truth by pixel: of 12 pixels over some months, how many were seen so often."""
    pixels = np.array(seen)
    truth = float((pixels.sum(axis=0) >= looks).mean())
    assert least_seen(pixels.mean(axis=1)[None], looks)[0] <= truth + 1e-9


def test_what_nobody_can_date_may_or_may_not_count(made: Made) -> None:
    made.with_sites(
        site(1, WEST + 0.01, SOUTH + 0.01, pools=("2023-02-01", "2023-06-01")),
        site(2, WEST + 0.02, SOUTH + 0.01, pools=("2022-11-01", "2023-02-01")),
        site(3, WEST + 0.03, SOUTH + 0.01, pools=(None, "2022-03-01")),
        site(4, WEST + 0.04, SOUTH + 0.01, pools=("2023-08-01", "2023-09-01")),
    )

    seen = {"clear_looks": 2, "share_of_area": 0.9, "period": "2023"}

    def found(period: str) -> tuple[float, float]:
        one = made.judge(count({"pools_from": period}, "over", 3, require=seen, **EXACT)).readings[0].estimate
        return one.low, one.high

    assert found("2023") == (2, 3)
    assert found("..2022") == (1, 2)
    assert found("..2023") == (4, 4)


def test_tiers_and_reviews_say_which_sites_count(made: Made) -> None:
    made.with_sites(
        site(1, WEST + 0.01, SOUTH + 0.01, tier="possible"),
        site(2, WEST + 0.02, SOUTH + 0.01, tier="possible", review="accepted"),
        site(3, WEST + 0.03, SOUTH + 0.01, review="rejected", review_reason="quarry"),
        site(4, WEST + 0.04, SOUTH + 0.01, tier="probable"),
    )
    assert made.judge(count({}, "exactly", 2, **EXACT)).verdict == "SUPPORTED"
    assert made.judge(count({"tiers": ["confirmed"]}, "exactly", 1, **EXACT)).verdict == "SUPPORTED"


def test_a_site_that_was_not_seen_may_be_in_any_state(made: Made) -> None:
    made.with_sites(*sites(3))
    made.rows["site_months"][11:12] = [site_month(0, "2023-12", "unseen")]
    made.rows["site_months"][23:24] = [site_month(1, "2023-12", "idle")]
    outcome = made.judge(count({"states": ["active"], "valid_on": date(2023, 12, 31)}, "over", 3, **EXACT))
    assert (outcome.readings[0].estimate.low, outcome.readings[0].estimate.high) == (1, 2)


def test_a_site_near_the_border_may_be_on_either_side(made: Made) -> None:
    made.with_sites(
        site(1, WEST + 0.05, SOUTH + 0.05),
        site(2, WEST + 0.0955, SOUTH + 0.05),
        site(3, WEST + 0.15, SOUTH + 0.05),
    )
    made.records.append(territory("v", border_m=1000))
    made.outlines[NORTH, "v"] = box(WEST, SOUTH, WEST + 0.1, SOUTH + 0.2)
    one = made.judge(count({"territory": NORTH}, "over", 3, **EXACT)).readings[0].estimate
    assert (one.low, one.high) == (1, 2)


def test_a_territory_that_is_not_drawn_cannot_be_counted_in(made: Made) -> None:
    made.with_sites(*sites(3)).records.append(territory("v"))
    made.outlines.clear()
    outcome = made.judge(
        count({"territory": NORTH}, require={"clear_looks": 1, "share_of_area": 0.5, "period": "2023"})
    )
    assert outcome.verdict == "NOT_COMPUTABLE"
    assert "North is not drawn in a version v" in outcome.why


def controlled(made: Made) -> Made:
    """Sites 0 and 1 held by KIO, 2 possibly, 3 by others, 4 by nobody known."""
    made.with_sites(*sites(5))
    made.records += [
        Actor(id=name("actors", 1), kind="armed_group", name="Kachin Independence Organization", short="KIO"),
        territory("v"),
        ControlSpell(
            id=name("control", 1),
            territory=NORTH,
            controllers=(name("actors", 1),),
            control="sole",
            dated=Dated(first_precise=date(2020, 1, 1), starting=True),
        ),
    ]
    made.rows["site_control"] = [
        held(0, "2023-12", "KIO"),
        held(1, "2023-12", "KIO"),
        held(2, "2023-12", "KIO", "possibly"),
        held(3, "2023-12", "BGF"),
        held(4, "2023-12", None, "unknown", territory=None),
    ]
    return made


def test_a_site_nobody_is_known_to_hold_may_be_held_by_anybody(made: Made) -> None:
    where = {"controllers": [name("actors", 1)], "valid_on": date(2023, 12, 31)}
    one = controlled(made).judge(count(where, "over", 40, **EXACT)).readings[0].estimate
    assert (one.low, one.high) == (2, 4)
    assert "site_control" in one.tables


def test_how_it_was_held_is_taken_from_the_spells(made: Made) -> None:
    where = {"controllers": [name("actors", 1)], "valid_on": date(2023, 12, 31), "control": ["shared"]}
    one = controlled(made).judge(count(where, "over", 40, **EXACT)).readings[0].estimate
    assert one.low == 0


def test_who_held_what_before_it_was_computed_is_not_covered(made: Made) -> None:
    controlled(made).rows.pop("site_control")
    outcome = made.judge(count({"controllers": [name("actors", 1)], "valid_on": date(2023, 12, 31)}))
    assert outcome.readings[0].result == "uncovered"


def test_the_share_of_sites_in_somebodys_ground_is_as_wide_as_control_is_unsure(made: Made) -> None:
    inside = {"controllers": [name("actors", 1)], "valid_on": date(2023, 12, 31)}
    outcome = controlled(made).judge(
        quick("overlap", {"where": {}, "inside": inside}, "at_least", 0.5, **EXACT)
    )
    one = outcome.readings[0]
    assert (one.estimate.low, one.estimate.high) == (0.4, 0.8)
    assert one.result == "open"


def test_clusters_are_counted_however_the_unsure_sites_fall(made: Made) -> None:
    near = [site(one, WEST + 0.01 + 0.002 * one, SOUTH + 0.01) for one in range(3)]
    made.with_sites(*near, site(9, WEST + 0.1, SOUTH + 0.1))
    figure = {"of": "sites", "count": "clusters", "join_m": 500.0}
    assert made.judge(quick("count", {"of": figure}, "exactly", 2, **EXACT)).verdict == "SUPPORTED"
    pools = made.judge(quick("count", {"of": {"of": "sites", "count": "pools"}}, "over", 9, **EXACT))
    assert (pools.readings[0].estimate.low, pools.readings[0].estimate.high) == (16, 24)


def test_the_error_of_the_detector_is_that_of_the_case_where_a_claim_gives_none(made: Made) -> None:
    one = made.with_sites(*sites(100)).judge(count({}, "over", 90)).readings[0].estimate
    assert (one.low, one.high) == (83, 175)


def area(month: str, **more: Any) -> dict[str, Any]:
    return {"of": "area", "month": month} | more


def test_mined_ground_of_a_month_is_that_of_its_sites(made: Made) -> None:
    made.with_sites(*sites(2))
    made.rows["site_months"][23:24] = [site_month(1, "2023-12", "unseen")]
    one = made.judge(quick("area", {"of": area("2023-12")}, "over", 0.05, expect={"unit": "ha"}, **EXACT))
    assert (one.readings[0].estimate.low, one.readings[0].estimate.high) == (700, 1100 + 1200)
    assert one.verdict == "SUPPORTED"
    doubled = quick("area", {"of": area("2023-12"), "versus": area("2023-06")}, "about", 2, **EXACT)
    assert made.judge(doubled).readings[0].estimate.high == pytest.approx(2300 / 1400)


def test_ground_measured_over_all_looks_is_known_of_the_end_alone(made: Made) -> None:
    made.with_sites(*sites(2))
    end = made.judge(quick("area", {"of": area("2023-12", definition="hull")}, "exactly", 8000, **EXACT))
    assert end.verdict == "SUPPORTED"
    before = made.judge(quick("area", {"of": area("2023-06", definition="hull")}, "exactly", 8000, **EXACT))
    assert before.readings[0].result in {"uncovered", "not_computable"}


def test_all_that_was_ever_dug_counts_what_no_longer_stands(made: Made) -> None:
    made.with_sites(*sites(1))
    made.rows["patches"] = [
        {
            "site_id": "s000", "geometry": box(WEST, SOUTH, WEST + 0.001, SOUTH + 0.001),
            "first_seen_earliest": date(2023, first, 1), "first_seen_latest": date(2023, last, 1),
            "last_seen": date(2023, 12, 1), "pool_area_m2": 1000.0,
        }
        for first, last in ((1, 2), (5, 7), (11, 12))
    ]  # fmt: skip
    one = (
        made.judge(
            quick(
                "area",
                {"of": area("2023-06", cumulative=True)},
                "over",
                1,
                require={"clear_looks": 1, "share_of_area": 0.9, "period": "2023"},
                **EXACT,
            )
        )
        .readings[0]
        .estimate
    )
    assert (one.low, one.high) == (800, 2400)


def date_test(moment: dict[str, Any], within: str) -> dict[str, Any]:
    return {"kind": "date", "readings": [{"id": "one", "moment": moment, "within": within}]}


def test_an_onset_lies_between_two_looks(made: Made) -> None:
    made.with_sites(
        site(1, WEST + 0.01, SOUTH + 0.01, pools=("2023-02-10", "2023-03-05")),
        site(2, WEST + 0.02, SOUTH + 0.01, pools=("2023-06-10", "2023-07-05")),
    )
    for within, verdict in (
        ("2023-02..2023-03", "SUPPORTED"),
        ("2023-03", "NOT_ENOUGH_EVIDENCE"),
        ("2023-05", "REFUTED"),
    ):
        assert made.judge(date_test({"onset": "pools", "where": {}}, within)).verdict == verdict
    order = {
        "kind": "before_after",
        "readings": [
            {
                "id": "one",
                "first": {"onset": "clearing", "where": {}},
                "second": {"onset": "pools", "where": {}},
            }
        ],
    }
    assert made.judge(order).verdict == "NOT_ENOUGH_EVIDENCE"


def event(number: int, **dated: Any) -> Event:
    return Event(id=name("events", number), kind="town_seized", title=f"event {number}", dated=Dated(**dated))


def test_the_order_of_events_needs_days_that_do_not_overlap(made: Made) -> None:
    made.records = [
        source(1),
        event(1, first_precise=date(2024, 10, 18), last_precise=date(2024, 10, 19), starting=True),
        event(2, first_imprecise=date(2024, 11, 1), first_precise=date(2024, 11, 20), starting=True),
        event(3, first_imprecise=date(2024, 10, 1), last_imprecise=date(2024, 10, 31), starting=True),
        event(4, last_precise=date(2025, 1, 1)),
    ]

    def order(first: int, second: int, **more: Any) -> str:
        reading = {
            "id": "one",
            **{what: {"record": name("events", one)} for what, one in (("first", first), ("second", second))},
        }
        return made.judge({"kind": "before_after", "readings": [reading], **more}).verdict

    assert order(1, 2) == "SUPPORTED"
    assert order(2, 1) == "REFUTED"
    assert order(1, 3) == "NOT_ENOUGH_EVIDENCE"
    assert order(1, 2, within_days=10) == "REFUTED"
    assert order(1, 2, within_days=20) == "NOT_ENOUGH_EVIDENCE"
    assert order(1, 4) == "NOT_ENOUGH_EVIDENCE"
    assert order(1, 9) == "NOT_COMPUTABLE"


def shock(direction: str = "fall", probability: float = 0.95) -> dict[str, Any]:
    return {
        "start": date(2024, 11, 1), "end": None, "series": "CHN import MMR 28469019", "sum_of_origins": False,
        "direction": direction, "change_vs_season": -0.8, "mom": None, "yoy": None, "z": None,
        "probability": probability, "stability": 1.0, "peer": True, "seasonal": False, "composition": False,
        "lost_low": None, "lost_p50": None, "lost_high": None, "event_id": None, "note": None,
    }  # fmt: skip


def test_a_shock_begins_in_its_first_month_if_it_is_sure_enough(made: Made) -> None:
    moment = {"shock": {"of": "trade", "partner": "MMR", "hs": ["28469019"], "period": "2024"}}
    made.rows["shocks"] = [shock()]
    assert made.judge(date_test(moment, "2024-11")).verdict == "SUPPORTED"
    made.rows["shocks"] = [shock(probability=0.56)]
    unsure = made.judge(date_test(moment, "2024-11"))
    assert unsure.readings[0].result == "uncovered"
    assert "has a probability of 0.56, less than 0.9" in unsure.why
    assert "no rise of" in made.judge(date_test(moment | {"direction": "rise"}, "2024-11")).why.lower()


def test_a_period_without_a_beginning_dates_an_onset_and_is_never_summed_over() -> None:
    assert Span.of("..2023").last == date(2023, 12, 31)
    assert Span.of(str(Span.of("..2023"))) == Span.of("..2023")
    with pytest.raises(ValidationError, match="has no beginning; write the first month, too"):
        TradeFigure.model_validate(trade(period="..2023"))


def test_none_found_is_not_none_there_as_far_as_the_detector_may_miss_them(made: Made) -> None:
    made.with_sites(site(1, WEST + 0.01, SOUTH + 0.01, tier="possible"))
    outcome = made.judge(count({}, "exactly", 0))
    assert (outcome.readings[0].estimate.low, outcome.readings[0].estimate.high) == (0, 3)
    assert outcome.verdict == "NOT_ENOUGH_EVIDENCE"
    assert made.judge(count({}, "over", 3)).verdict == "REFUTED"
    assert made.judge(count({}, "exactly", 0, **EXACT)).verdict == "SUPPORTED"


def test_a_count_between_two_whole_numbers_is_one_of_the_two(made: Made) -> None:
    made.with_sites(*sites(2))
    rates = {"error": {"precision": [0.95, 0.95], "recall": [0.8, 0.9]}}
    found = made.judge(count({}, "over", 2, **rates)).readings[0]
    assert (found.estimate.low, found.estimate.high, found.result) == (2, 3, "open")


def test_an_area_that_nobody_watches_is_named_and_nothing_is_counted_in_it(made: Made) -> None:
    outcome = made.with_sites(*sites(5)).judge(count({"areas": ["Valey"]}, "under", 3))
    assert outcome.verdict == "NOT_COMPUTABLE"
    assert outcome.why == "There is no watched area Valey."


def test_an_area_and_a_territory_of_one_name_are_two_places(made: Made) -> None:
    """What was seen of the first says nothing of the second."""
    north(made.with_sites(*sites(5)), wide=box(WEST, SOUTH, WEST + 0.4, SOUTH + 0.2))
    watched = Watched(replace(made.data(), areas={"North (wide)": box(WEST, SOUTH, WEST + 0.2, SOUTH + 0.2)}))
    assert watched.lack(SiteSelection(areas=("North (wide)",)), None, None) is None
    assert watched.lack(SiteSelection(territory=NORTH, version="wide"), None, None) is not None


def test_an_onset_needs_the_coverage_that_its_claim_asks_for(made: Made) -> None:
    made.with_sites(*sites(1))
    test = {
        "kind": "date",
        "readings": [{"id": "one", "moment": {"onset": "pools", "where": {}}, "within": "..2022"}],
    }
    assert made.judge(test).readings[0].result == "open"
    asked = test | {"require": {"clear_looks": 2, "share_of_area": 0.9, "period": "2022"}}
    assert made.judge(asked).readings[0].result == "uncovered"


def test_a_spell_is_named_by_who_held_what(made: Made) -> None:
    north(made, old=box(WEST, SOUTH, WEST + 0.1, SOUTH + 0.1))
    actor = Actor(id=name("actors", 1), kind="armed_group", name="Northern Group")
    spell = ControlSpell(
        id=name("control", 1), territory=NORTH, controllers=(actor.id,), control="sole",
        dated=Dated(last_imprecise=date(2024, 10, 18), last_precise=date(2024, 9, 28), ending=True),
    )  # fmt: skip
    made.records += [actor, spell]
    moment = {"record": spell.id, "edge": "end"}
    outcome = made.judge({"kind": "date", "readings": [{"id": "one", "moment": moment, "within": "2024-10"}]})
    assert outcome.verdict == "NOT_ENOUGH_EVIDENCE"
    assert outcome.why.startswith("End of the hold of Northern Group on North: 2024-09-28")
    assert outcome.would_change.startswith("A closer date of the hold of Northern Group on North, with its")

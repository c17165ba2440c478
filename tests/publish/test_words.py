"""Plain words for dates, numbers and accounts; sums by month."""

from __future__ import annotations

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leachwatch.publish import payload, series, words
from leachwatch.publish.geography import Bounds, Paper, nice_length, ticks
from leachwatch.publish.model import (
    Estimate,
    Interval,
    MonthState,
    PublicAccount,
    PublicCoverage,
    PublicSite,
    PublicSiteMonth,
)

SQUARE = (((98.0, 25.0), (98.001, 25.0), (98.001, 25.001), (98.0, 25.001), (98.0, 25.0)),)
JAN, FEB = date(2022, 1, 1), date(2022, 2, 1)


def site(name: str) -> PublicSite:
    ever = Interval(earliest=None, latest=date(2022, 1, 14))
    ten = Estimate(value=10, low=8, high=12)
    return PublicSite(
        site_id=name, area="Pangwa", shape=(SQUARE,), tier="probable", score=0.8,
        lookalike=None, lookalike_score=None, cleared=ever, pools=ever,
        state="active", state_since=ever, provisional=False,
        pool_area=ten, pool_count=ten, worked_area_m2=30, hull_area_m2=40, disturbed_area_m2=90,
        accepted=False,
    )  # fmt: skip


def month(name: str, when: date, area: float | None) -> PublicSiteMonth:
    bounds = None if area is None else Estimate(value=area, low=area / 2, high=area * 2)
    state: MonthState = "unseen" if area is None else "active"
    return PublicSiteMonth(site_id=name, month=when, pool_area=bounds, state=state)


def account(
    *months: PublicSiteMonth, sites: int = 2, coverage: tuple[PublicCoverage, ...] = ()
) -> PublicAccount:
    return PublicAccount(
        title="A district", simulated=False, made=None, rejected=0,
        sites=tuple(site(f"s{n}") for n in range(sites)), site_months=months,
        spells=(), patches=(), coverage=coverage,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("earliest", "latest", "said"),
    [
        (None, date(2022, 1, 14), "before 2022-01-14"),
        (date(2022, 3, 2), date(2022, 3, 18), "between 2022-03-02 and 2022-03-18"),
        (date(2022, 3, 2), date(2022, 3, 2), "on 2022-03-02"),
        (date(2022, 3, 2), None, "after 2022-03-02"),
        (None, None, "not known"),
    ],
)
def test_an_interval_in_words(earliest: date | None, latest: date | None, said: str) -> None:
    assert words.interval(Interval(earliest=earliest, latest=latest)) == said


@pytest.mark.parametrize(("m2", "said"), [(0, "0 m²"), (87, "87 m²"), (1234, "1,200 m²"), (456_780, "46 ha")])
def test_an_area_in_words(m2: float, said: str) -> None:
    assert words.area(m2) == said


@pytest.mark.parametrize(
    ("share", "said"), [(0, "0 %"), (0.004, "under 1 %"), (0.5, "50 %"), (0.996, "over 99 %"), (1, "100 %")]
)
def test_a_share_is_never_rounded_to_all_or_nothing(share: float, said: str) -> None:
    assert words.percent(share) == said


def test_a_month_with_an_unseen_site_is_not_complete() -> None:
    first, second = series.monthly_totals(
        account(month("s0", JAN, 100), month("s1", JAN, 50), month("s0", FEB, 100), month("s1", FEB, None))
    )
    assert (first.complete, second.complete) == (True, False)
    assert first.pool_area == Estimate(value=150, low=75, high=300)
    assert second.pool_area == Estimate(value=100, low=50, high=200)


def test_a_month_without_a_row_is_unseen_not_absent() -> None:
    states = series.site_states(account(month("s0", JAN, 100), month("s0", FEB, 100)))
    assert states["s1"] == ("unseen", "unseen")


def test_a_tile_without_a_row_was_not_seen() -> None:
    tile = PublicCoverage(tile="a", shape=(SQUARE,), month=JAN, clear_share=1)
    assert series.seen_shares(account(month("s0", FEB, 1), coverage=(tile,))) == (1, 0)


def test_the_summary_counts_tiers_and_states() -> None:
    said = words.summary(account(month("s0", JAN, 1)))[0]
    assert "two sites look like rare-earth leach mines: 2 probable. When last seen, 2 were active." in said


def test_the_summary_of_nothing_does_not_claim_absence() -> None:
    tile = PublicCoverage(tile="a", shape=(SQUARE,), month=JAN, clear_share=1)
    assert "not proof that there is none" in words.summary(account(sites=0, coverage=(tile,)))[0]
    assert "nothing to show" in words.summary(account(sites=0))[0]


@given(
    st.recursive(
        st.text() | st.integers() | st.none(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_embedded_json_means_the_same_and_cannot_end_its_element(value: object) -> None:
    text = payload.embed(value)
    assert json.loads(text) == value
    assert not set(text) & set("<>&\u2028\u2029")


@pytest.mark.parametrize("start", [(0, 0), (9_800_000, 2_500_000)])
def test_a_walk_leads_back_to_the_points(start: tuple[int, int]) -> None:
    (part,) = payload.walk((SQUARE,), start)
    x, y = start
    points = []
    for dx, dy in zip(part[0][::2], part[0][1::2], strict=True):
        x, y = x + dx, y + dy
        points.append((x / 1e5, y / 1e5))
    assert tuple(points) == SQUARE[0][:-1]


@given(st.floats(0.5, 1e6))
def test_a_scale_bar_is_round_and_fits(metres: float) -> None:
    length = nice_length(metres)
    assert metres / 2.6 <= length <= metres * 1.000001
    assert float(f"{length:e}"[0]) in {1, 2, 5}


@given(st.floats(-179, 170), st.floats(0.002, 5))
def test_a_graticule_has_a_few_lines(low: float, size: float) -> None:
    places = [at for at, _ in ticks(low, low + size, 5)]
    assert 1 <= len(places) <= 6
    assert all(low - 1e-9 <= at <= low + size + 1e-9 for at in places)


def test_paper_is_true_to_scale() -> None:
    paper = Paper.fit(Bounds(98, 25, 98.1, 25.02), 960, least=420, most=760)
    assert paper.height == 420
    across = (paper.x(98.1) - paper.x(98)) / (paper.y(25) - paper.y(25.1))
    assert across == pytest.approx(0.906, abs=0.001)  # cosine of the latitude

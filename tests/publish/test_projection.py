"""Only what is named gets out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from datetime import date
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from leachwatch import tables
from leachwatch.errors import TableError
from leachwatch.publish import payload
from leachwatch.publish.model import Interval, PublicAccount
from leachwatch.publish.projection import Frames, project

District = dict[str, list[dict[str, Any]]]
Make = Callable[..., District]

CANARY = "CANARY-7f3a"


def frames_of(rows: District) -> Frames:
    return Frames(**{table.name: table.frame(rows[table.name]) for table in tables.TABLES})


def account_of(frames: Frames) -> PublicAccount:
    return project(frames, title="A district", simulated=False, made=None)


@pytest.fixture(scope="module")
def frames(district: Make) -> Frames:
    return frames_of(district(sites=4, months=6))


@given(name=st.from_regex(r"[a-z_]{3,20}", fullmatch=True), table=st.sampled_from(tables.TABLES))
@settings(deadline=None, max_examples=40)
def test_a_column_added_tomorrow_stays_behind(frames: Frames, name: str, table: tables.Table) -> None:
    frame: pd.DataFrame = getattr(frames, table.name)
    if name in frame:
        return
    wider = replace(frames, **{table.name: frame.assign(**{name: CANARY})})
    assert account_of(wider) == account_of(frames)
    assert CANARY not in account_of(wider).model_dump_json()


def test_free_text_of_reviewers_and_lineage_stay_behind(district: Make) -> None:
    rows = district(sites=3, months=4)
    for row in rows["sites"]:
        row["review_reason"], row["lineage"] = CANARY, [CANARY]
    account = account_of(frames_of(rows))
    assert CANARY not in account.model_dump_json()
    assert CANARY not in payload.embed(payload.pack(account))


def test_a_rejected_site_leaves_nothing_but_a_count(district: Make) -> None:
    rows = district(sites=3, months=8)
    rows["sites"][1]["review"] = "rejected"
    gone = rows["sites"][1]["site_id"]
    account = account_of(frames_of(rows))
    assert account.rejected == 1
    assert len(account.sites) == 2
    assert gone not in account.model_dump_json()


def test_every_public_model_forbids_more(frames: Frames) -> None:
    account = account_of(frames)
    for record in (
        account,
        account.sites[0],
        account.site_months[0],
        account.patches[0],
        account.coverage[0],
    ):
        with pytest.raises(ValidationError, match="Extra inputs"):
            type(record).model_validate({**dict(record), "note": CANARY})


def test_public_models_are_frozen(frames: Frames) -> None:
    with pytest.raises(ValidationError, match="frozen"):
        setattr(account_of(frames).sites[0], "area", "elsewhere")  # noqa: B010 - typed code may not even try


def test_the_surest_site_comes_first(frames: Frames) -> None:
    order = ("confirmed", "probable", "possible")
    ranks = [(order.index(site.tier), -site.score) for site in account_of(frames).sites]
    assert ranks == sorted(ranks)


def test_an_interval_without_a_start_keeps_its_end(district: Make) -> None:
    rows = district(sites=1, months=3)
    rows["sites"][0] |= {"cleared_from_earliest": None, "cleared_from_latest": date(2022, 1, 14)}
    cleared = account_of(frames_of(rows)).sites[0].cleared
    assert cleared == Interval(earliest=None, latest=date(2022, 1, 14))


def test_an_unseen_month_has_no_area(district: Make) -> None:
    rows = district(sites=1, months=3)
    bounds = {"pool_area_m2": 9.0, "pool_area_m2_low": 8.0, "pool_area_m2_high": 10.0}
    rows["site_months"][0] |= {"state": "unseen", **bounds}
    assert account_of(frames_of(rows)).site_months[0].pool_area is None


def test_one_simulated_site_makes_the_page_simulated(district: Make) -> None:
    rows = district(sites=3, months=3)
    for row in rows["sites"]:
        row["simulated"] = row is rows["sites"][2]
    assert account_of(frames_of(rows)).simulated


def test_a_rejected_simulated_site_still_makes_the_page_simulated(district: Make) -> None:
    rows = district(sites=2, months=3)
    for row in rows["sites"]:
        row["simulated"] = row is rows["sites"][0]
    rows["sites"][0]["review"] = "rejected"
    assert account_of(frames_of(rows)).simulated


def test_a_value_that_is_no_number_is_named(frames: Frames) -> None:
    broken = replace(frames, sites=frames.sites.assign(score=float("nan")))
    with pytest.raises(TableError, match=r"sites\.parquet: row 0: score"):
        account_of(broken)


def test_the_frames_are_the_tables() -> None:
    assert [field.name for field in fields(Frames)] == [table.name for table in tables.TABLES]


def test_months_have_no_gap(district: Make) -> None:
    rows = district(sites=1, months=5)
    rows["coverage"] = []
    rows["site_months"] = [rows["site_months"][0], rows["site_months"][4]]
    assert len(account_of(frames_of(rows)).months) == 5

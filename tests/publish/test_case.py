"""Claims, control and events on the page: what is let out, and how it reads."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selenium.webdriver.common.by import By
from selenium.webdriver.support.wait import WebDriverWait

from browsers import DRAWING, chromium, complaints, needs_browser, opened, outside, requests
from leachwatch import tables
from leachwatch.case.records import Actor as Somebody
from leachwatch.case.records import (
    Citation,
    Claim,
    ControlSpell,
    Dated,
    Event,
    Place,
    Records,
    Source,
    Territory,
)
from leachwatch.errors import ReleaseError
from leachwatch.publish import page
from leachwatch.publish.bands import band
from leachwatch.publish.case_model import PublicHolding, PublicReading, PublicWhen
from leachwatch.publish.case_projection import CaseFrames, project_case
from leachwatch.publish.case_words import stood_words
from leachwatch.publish.timeline import timeline
from leachwatch.release import mark_withdrawn
from territories import square, write_shapes

District = dict[str, list[dict[str, Any]]]
SECRET = "a name that must not leave"  # noqa: S105 - no password
TEST = {
    "kind": "level",
    "readings": [
        {"id": "gross", "of": {"of": "trade", "partner": "MMR", "hs": ["28469019"], "period": "2023"}}
    ],
    "expect": {"quantifier": "over", "value": 40_000},
}


def named(kind: str, number: int) -> str:
    return f"{kind}-{number:010d}"


def claim(number: int, **fields: Any) -> Claim:
    told = {
        "text": f"claim {number}",
        "kind": "numeric",
        "author": named("src", 1),
        "tlp": "CLEAR",
        "test": TEST,
    }
    return Claim.model_validate({"id": named("clm", number)} | told | fields)


def spell(number: int, control: str = "sole", **fields: Any) -> ControlSpell:
    return ControlSpell.model_validate(
        {"id": named("spl", number), "territory": named("ter", 1), "controllers": [named("act", 1)]}
        | {"control": control, "tlp": "CLEAR"}
        | fields
    )


@pytest.fixture
def records(tmp_path: Path) -> Records:
    day = date(2024, 10, 18)
    clear: dict[str, Any] = {"tlp": "CLEAR"}
    sources = [
        Source(
            id=named("src", 1),
            kind="media",
            public_descriptor="a newspaper",
            url="https://example.org/a",
            **clear,
        ),
        Source(id=named("src", 2), kind="person", public_descriptor=SECRET),
        Source(id=named("src", 3), kind="group", public_descriptor=SECRET, anonymous=True, **clear),
    ]
    cites = [
        Citation(id=named("cit", 1), source=named("src", 1), locator="paragraph 4", note=SECRET, **clear),
        Citation(id=named("cit", 2), source=named("src", 2), locator=SECRET, **clear),
        Citation(id=named("cit", 3), source=named("src", 3), locator=SECRET, **clear),
        Citation(
            id=named("cit", 4), source=named("src", 3), through=named("src", 1), locator="page 9", **clear
        ),
    ]
    both = [named("cit", 1), named("cit", 2)]
    claims = [
        claim(1, citations=[named("cit", 1)], note=SECRET),
        claim(2, hedge="Nobody could check it.", verification="unverified", citations=[named("cit", 4)]),
        claim(3, text=SECRET, tlp="AMBER"),
        claim(4, kind="causal", test=None, untested="A cause is not computed."),
        claim(5, text=SECRET, citations=both),
        claim(6, text=SECRET, author=named("src", 3)),
    ]
    drawn = [{"version": "a", "outline": {"file": "t.geojson"}}]
    territories = [
        Territory.model_validate(
            {"id": named("ter", 1), "name": "The Valley", "kind": "area", "versions": drawn, **clear}
        )
    ]
    held = Dated(
        first_imprecise=date(2024, 10, 11), first_precise=day, last_precise=date(2025, 7, 22), starting=True
    )
    before = Dated(last_precise=date(2024, 9, 30), last_imprecise=date(2024, 10, 17), ending=True)
    control = [spell(1, dated=held), spell(2, dated=before, note=SECRET), spell(3, dated=held, tlp="RED")]
    control.append(spell(4, dated=held, citations=[named("cit", 3)], public_note=SECRET))
    events = [
        Event(
            id=named("evt", 1),
            kind="town_seized",
            title="The town falls",
            dated=Dated(first_precise=day, last_precise=day),
            important=True,
            place=Place(name=SECRET, lon=98.1, lat=25.9, precision=1, sensitive=True),
            **clear,
        ),
        Event(id=named("evt", 2), kind="meeting", title=SECRET, dated=Dated(first_precise=day)),
        Event(
            id=named("evt", 3),
            kind="meeting",
            title=SECRET,
            dated=Dated(first_precise=day),
            citations=(named("cit", 3),),
            **clear,
        ),
    ]
    kinds: dict[str, Any] = {
        "sources": sources,
        "citations": cites,
        "claims": claims,
        "territories": territories,
        "control": control,
        "events": events,
        "actors": [Somebody(id=named("act", 1), kind="armed_group", name="The Army", **clear)],
    }
    (tmp_path / "case").mkdir()
    write_shapes(tmp_path / "case" / "t.geojson", {"The Valley": square(98.0, 25.0)})
    return Records(tmp_path / "case", **{kind: {one.id: one for one in of} for kind, of in kinds.items()})


def verdicts() -> dict[tables.Table, Any]:
    made: dict[str, Any] = {
        "verdict": "NOT_ENOUGH_EVIDENCE",
        "why": "No figure at hand gives 2017.",
        "would_change": "A customs file of 2017.",
        "published": None,
        "readings": 1,
        "supporting": 0,
        "independent": True,
        "data": [],
        "supersedes": None,
        "run_at": date(2026, 1, 1),
        "clear": True,
    }
    reading: dict[str, Any] = {
        "reading": "gross",
        "low": 9.4,
        "high": None,
        "accepted_low": 8.5,
        "accepted_high": 11.5,
        "unit": "",
        "result": "open",
        "why": "Bounds of two months.",
        "context": ["March was the lowest month of 24."],
        "inputs": ["series"],
    }
    ids = [named("clm", 1), named("clm", 3)]
    return {
        tables.VERDICTS: tables.VERDICTS.frame([{"claim_id": one, **made} for one in ids]),
        tables.READINGS: tables.READINGS.frame([{"claim_id": one, **reading} for one in ids]),
    }


@pytest.fixture
def text(records: Records, district: Callable[..., District], tmp_path: Path) -> str:
    rows = district(sites=4, months=12)
    for table in tables.TABLES:
        tables.write(tmp_path, table, table.frame(rows[table.name]))
    for table, frame in verdicts().items():
        tables.write(tmp_path, table, frame)
    return page(tmp_path, title="A case", records=records).read_text(encoding="utf-8")


def test_what_is_clear_and_rests_on_nobody_protected_is_let_out_and_of_it_no_note(
    records: Records, text: str
) -> None:
    shown = project_case(records, CaseFrames(*verdicts().values()))
    assert SECRET not in shown.model_dump_json()
    assert SECRET not in text
    assert not [one for one in (named("src", 2), named("src", 3), named("evt", 3)) if one in text]
    assert [one.id for one in shown.claims] == [named("clm", n) for n in (1, 2, 4)]


def test_what_a_newspaper_reports_of_its_own_source_is_said_by_the_newspaper(records: Records) -> None:
    (cite,) = project_case(records, CaseFrames(None, None)).claims[1].cites
    assert (cite.descriptor, cite.locator, cite.through) == ("a newspaper", "page 9", "")


def test_no_page_is_made_of_what_rests_on_somebody_who_withdrew(records: Records, tmp_path: Path) -> None:
    mark_withdrawn(tmp_path, [named("src", 1)])
    with pytest.raises(ReleaseError, match="has withdrawn"):
        project_case(replace(records, folder=tmp_path), CaseFrames(None, None))


def test_a_spell_of_somebody_unnamed_and_a_verdict_on_a_hidden_event_stay_behind(records: Records) -> None:
    """Cut by one holder, ground that two contested would read as held by the other."""
    hidden = Somebody(id=named("act", 2), kind="armed_group", name=SECRET)
    held = Dated(first_precise=date(2024, 10, 18))
    contested = spell(9, "contested", controllers=[named("act", 1), hidden.id], dated=held)
    moment = {"record": named("evt", 2)}
    asked = claim(9, test={"kind": "date", "readings": [{"id": "one", "moment": moment, "within": "2024"}]})
    more = replace(
        records,
        actors={**records.actors, hidden.id: hidden},
        control={contested.id: contested},
        claims={**records.claims, asked.id: asked},
    )
    shown = project_case(more, CaseFrames(None, None))
    assert shown.holdings == ()
    assert asked.id not in [one.id for one in shown.claims]


def test_a_hedge_stands_wherever_its_claim_does(text: str) -> None:
    (card,) = re.findall(rf'<li id="{named("clm", 2)}".*?</li>', text, flags=re.DOTALL)
    assert "Nobody could check it." in card
    assert "unverified" in card


def test_a_claim_shows_verdict_why_and_what_would_change_it(text: str) -> None:
    (card,) = re.findall(rf'<li id="{named("clm", 1)}".*?\n    </li>', text, flags=re.DOTALL)
    for said in (
        "not enough evidence",
        "No figure at hand gives 2017.",
        "A customs file of 2017.",
        "8.5 to 11.5",
        "9.4 or more",
        "March was the lowest",
        "https://example.org/a",
        "paragraph 4",
    ):
        assert said in card, said


def test_a_verdict_says_since_when_it_stands_and_what_it_was_before(
    records: Records, district: Callable[..., District], tmp_path: Path
) -> None:
    frame = tables.VERDICTS.frame(
        [
            {**row, "supersedes": before, "claim_id": one}
            for row, before, one in zip(
                verdicts()[tables.VERDICTS].to_dict("records"),
                ("REFUTED", None),
                (named("clm", 1), named("clm", 2)),
                strict=True,
            )
        ]
    )
    first, second, third = project_case(records, CaseFrames(frame, None)).claims
    assert stood_words(first) == "So since 2026-01-01; before that: refuted."
    assert stood_words(second) == "So since 2026-01-01, when it was first reckoned."
    assert stood_words(third) == ""
    rows = district(sites=2, months=6)
    for table in tables.TABLES:
        tables.write(tmp_path, table, table.frame(rows[table.name]))
    tables.write(tmp_path, tables.VERDICTS, frame)
    made = page(tmp_path, title="A case", records=records).read_text(encoding="utf-8")
    assert made.count("before that: refuted") == 1
    assert "when it was first reckoned" in made


def test_a_causal_claim_is_not_judged(text: str) -> None:
    (card,) = re.findall(rf'<li id="{named("clm", 4)}".*?\n    </li>', text, flags=re.DOTALL)
    assert "not tested" in card
    assert "A cause is not computed." in card


def test_a_simulated_page_says_that_no_real_image_was_read(
    records: Records, district: Callable[..., District], tmp_path: Path
) -> None:
    rows = district(sites=2, months=6)
    for table in tables.TABLES:
        tables.write(tmp_path, table, table.frame(rows[table.name]))
    made = page(tmp_path, title="A case", simulated=True, records=records).read_text(encoding="utf-8")
    assert "no real image was read" in made


def test_ends_that_nobody_gave_are_drawn_open(records: Records) -> None:
    shown = project_case(records, CaseFrames(None, None))
    drawn = timeline(shown.holdings, shown.happenings)
    assert drawn is not None
    before, after = drawn.lanes[0].bars
    assert (before.open_start, before.open_end) == (True, False)
    assert (after.open_start, after.open_end) == (False, True)
    assert after.certain is not None
    assert after.first < after.certain[0]


days = st.dates(date(2015, 1, 1), date(2026, 1, 1))


@given(
    spells=st.lists(
        st.tuples(st.lists(days, min_size=4, max_size=4).map(sorted), st.booleans(), st.booleans()),
        min_size=1,
        max_size=12,
    )
)
def test_bars_of_one_row_never_overlap_and_the_certain_part_lies_within(
    spells: list[tuple[list[date], bool, bool]],
) -> None:
    held = [
        PublicHolding(
            territory="x",
            controllers=("A",),
            control="sole",
            accepted=True,
            note="",
            cites=(),
            when=PublicWhen(
                first_imprecise=a,
                first_precise=b,
                last_precise=c,
                last_imprecise=d,
                starting=starting,
                ending=ending,
            ),
        )
        for (a, b, c, d), starting, ending in spells
    ]
    drawn = timeline(held, [])
    assert drawn is not None
    bars = drawn.lanes[0].bars
    for one in bars:
        assert one.certain is None or one.first <= one.certain[0] <= one.certain[1] <= one.last + 1e-6
        assert not [other for other in bars if other.row == one.row and one.first < other.first < one.last]


ends = st.none() | st.floats(-1e6, 1e6)


@given(
    low=st.floats(-1e6, 1e6),
    width=st.none() | st.floats(0, 1e6),
    accepted_low=ends,
    accepted_width=st.none() | st.floats(0, 1e6),
)
def test_both_bars_stay_on_the_axis(
    low: float, width: float | None, accepted_low: float | None, accepted_width: float | None
) -> None:
    high = None if width is None else low + width
    accepted_high = None if accepted_width is None else (accepted_low or 0.0) + accepted_width
    drawn = band(
        PublicReading(
            reading="a",
            low=low,
            high=high,
            accepted_low=accepted_low,
            accepted_high=accepted_high,
            unit="",
            result="open",
            why="",
            context=(),
        )
    )
    assert (drawn is None) == (accepted_low is None and accepted_high is None)
    if drawn is not None:
        assert 0 <= drawn.accepted[0] <= drawn.accepted[1] <= 300
        assert 0 <= drawn.estimate[0] < drawn.estimate[1] <= 302


@needs_browser
def test_claims_are_found_by_words_and_a_view_can_be_cited(text: str, tmp_path: Path) -> None:
    path = tmp_path / "case.html"
    path.write_text(text, encoding="utf-8")
    with chromium(tmp_path / "profile", *DRAWING) as browser:
        opened(browser, path)
        assert outside(requests(browser), path) == []
        assert complaints(browser) == []
        browser.find_element(By.ID, "claim-search").send_keys("cause")
        shown = [one.text for one in browser.find_elements(By.CSS_SELECTOR, ".claim") if one.is_displayed()]
        assert len(shown) == 1
        assert "A cause is not computed." in shown[0]
        WebDriverWait(browser, 5).until(lambda found: found.current_url.endswith("#said=cause"))
        for address in ("#said=cause", "#claims?find=cause"):
            browser.get("about:blank")
            browser.get(path.as_uri() + address)
            WebDriverWait(browser, 30).until(
                lambda found: found.execute_script("return document.documentElement.dataset.map")
            )
            assert browser.find_element(By.ID, "claim-search").get_attribute("value") == "cause", address
            assert browser.find_element(By.ID, "claim-many").text.startswith("1 of")
        browser.get(f"{path.as_uri()}#{named('clm', 1)}")
        browser.refresh()
        WebDriverWait(browser, 30).until(
            lambda found: found.execute_script("return document.documentElement.dataset.map")
        )
        card = browser.find_element(By.ID, named("clm", 1))
        assert "What would change it" in card.text, "opened by its address"
        assert browser.find_element(By.CSS_SELECTOR, ".timeline").is_displayed()

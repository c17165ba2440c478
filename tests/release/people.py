"""A made-up witness, in every script, and a small case that rests on one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from leachwatch.case.records import (
    Actor,
    Citation,
    Claim,
    ControlSpell,
    Dated,
    Event,
    Evidence,
    Grade,
    Outline,
    Place,
    Records,
    Relation,
    Source,
    Territory,
    Version,
)
from leachwatch.release import PublicationKey

BURMESE = "ဒေါ်ဦးမြန်မာကျော်"
"""The witness's name in Unicode, composed; decomposed it has another letter for the vowel of the title."""

BURMESE_ZAWGYI = "ေဒၚဦးျမန္မာေက်ာ္"
"""The same as it is typed for the font Zawgyi."""

CHINESE = "欧阳明华"
KEY = PublicationKey(bytes(range(32)))
OTHER_KEY = PublicationKey(bytes(range(1, 33)))
DAY = date(2024, 10, 18)


def ids(kind: str, number: int) -> str:
    return f"{kind}-{number:010d}"


def records(**changes: Any) -> Records:
    """A case of one of each: a newspaper and a villager, both of whom say that a gate was closed."""
    paper = Source(
        id=ids("src", 1), tlp="CLEAR", kind="media", public_descriptor="The Paper", title="Gates close"
    )
    villager = Source(
        id=ids("src", 2), tlp="CLEAR", kind="person", public_descriptor="a resident of Chipwi township",
        published=DAY, anonymous=True, independence_group="village",
    )  # fmt: skip
    printed = Citation(
        id=ids("cit", 1), tlp="CLEAR", source=paper.id, locator="page 2", evidence=ids("evd", 1)
    )
    told = Citation(
        id=ids("cit", 2), tlp="CLEAR", source=villager.id, locator="minute 12", quote="they shut it at dawn",
        quote_lang="kac", evidence=ids("evd", 2), translator_role="interpreter 3",
    )  # fmt: skip
    address = "https://paper.example/2"
    page = Evidence(id=ids("evd", 1), tlp="CLEAR", title="The page", url=address, sha256="1" * 64)
    tape = Evidence(
        id=ids("evd", 2), tlp="CLEAR", title="The tape", file="evidence/tape.m4a", sha256="2" * 64
    )
    army = Actor(id=ids("act", 1), tlp="CLEAR", kind="armed_group", name="The Army")
    town = Territory(
        id=ids("ter", 1), tlp="CLEAR", kind="township", name="Chipwi",
        versions=(Version(version="2019", outline=Outline(file="towns.geojson")),),
    )  # fmt: skip
    day = Dated(first_precise=DAY, last_precise=DAY, verbatim="on Friday at dawn")
    place = Place(name="Third House Gate", lon=98.123456, lat=25.987654, precision=1)
    seen = Event(
        id=ids("evt", 1), tlp="CLEAR", kind="gate_closed", title="A gate was closed", actors=(army.id,),
        place=place, territory=town.id, dated=day, citations=(told.id,), note="said by the aunt",
    )  # fmt: skip
    read = Event(
        id=ids("evt", 2), tlp="CLEAR", kind="gate_closed", title="A gate was closed", actors=(army.id,),
        place=place, territory=town.id, dated=day, citations=(printed.id,),
    )  # fmt: skip
    held = ControlSpell(
        id=ids("spl", 1), tlp="CLEAR", territory=town.id, controllers=(army.id,), control="sole",
        dated=Dated(first_precise=DAY, last_precise=date(2025, 3, 10), starting=True), citations=(told.id,),
    )  # fmt: skip
    taxes = Relation(
        id=ids("rel", 1), tlp="CLEAR", kind="taxes", subject=army.id, object=town.id, citations=(told.id,)
    )
    said = Claim(
        id=ids("clm", 1), tlp="CLEAR", text="The gate was closed for a week.", kind="event",
        author=villager.id, published=DAY, about=(seen.id,), citations=(told.id,),
        untested="nothing measures it",
    )  # fmt: skip
    trust = Grade(
        id=ids("grd", 1), tlp="CLEAR", subject=paper.id, reliability="B", basis="it corrects itself",
        graded_by="editor", graded=DAY,
    )  # fmt: skip
    whole = Records(
        Path(),
        sources=_by_id(paper, villager),
        citations=_by_id(printed, told),
        evidence=_by_id(page, tape),
        grades=_by_id(trust),
        actors=_by_id(army),
        relations=_by_id(taxes),
        territories=_by_id(town),
        control=_by_id(held),
        events=_by_id(seen, read),
        claims=_by_id(said),
    )
    return replace(whole, **changes)


def _by_id(*records: Any) -> dict[str, Any]:
    return {one.id: one for one in records}

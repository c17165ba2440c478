"""S11: random cases full of canaries; whatever leaves holds none, in any packing."""

from __future__ import annotations

import base64
import gzip
import io
import unicodedata
import zipfile
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any, Literal, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leachwatch.case.records import (
    Actor,
    Citation,
    Claim,
    ControlSpell,
    Dated,
    Event,
    Evidence,
    Outline,
    Place,
    Records,
    Source,
    Territory,
    Version,
)
from leachwatch.case.records.record import Tlp
from leachwatch.leaks import Secret, leaks
from leachwatch.release import Circumstances, PublicCase, public
from leachwatch.release.whole import dangling
from release.people import BURMESE, BURMESE_ZAWGYI, CHINESE, KEY, ids

SCRIPTS = (
    "Lahtaw Zau Mun",
    BURMESE,
    unicodedata.normalize("NFD", BURMESE),
    BURMESE_ZAWGYI,
    CHINESE,
    "09 420 137 586",
)


class Grown:
    """A random case, with what its maker knows must not leave: kept apart from the code under test."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.count = 0
        self.forbidden: set[str] = set()
        self.labels: dict[str, bool] = {}
        self.hidden_citations: set[str] = set()
        self.protected: set[str] = set()
        self.records = self._grow()

    def canary(self, *, forbidden: bool) -> str:
        self.count += 1
        word = f"{self.random.choice(SCRIPTS)} qx{self.count:04d}qx"
        if forbidden:
            self.forbidden.add(f"qx{self.count:04d}qx")
        return word

    def clear(self, own: str, *rests_on: str | None) -> bool:
        """Draw a label, and say whether the record may leave: it and all it rests on is CLEAR."""
        drawn = self.random.random() < 0.85
        self.labels[own] = drawn and all(self.labels[one] for one in rests_on if one)
        self.tlp: Tlp = "CLEAR" if drawn else self.random.choice(get_args(Tlp)[:-1])
        return self.labels[own]

    def some(self, listed: Any, most: int) -> tuple[str, ...]:
        known = sorted(listed)
        return tuple(self.random.sample(known, min(len(known), self.random.randint(0, most))))

    def _grow(self) -> Records:
        sources = self._sources()
        evidence = self._evidence()
        citations = self._citations(sources, evidence)
        actors, territories = self._ground()
        events = {
            one.id: one
            for one in (
                self._event(n, citations, actors, territories) for n in range(self.random.randint(0, 4))
            )
        }
        control = {
            one.id: one
            for one in (
                self._spell(n, citations, actors, territories) for n in range(self.random.randint(0, 2))
            )
        }
        claims = {
            one.id: one
            for one in (self._claim(n, sources, citations, events) for n in range(self.random.randint(0, 3)))
        }
        return Records(
            Path(), sources=sources, evidence=evidence, citations=citations, actors=actors,
            territories=territories, events=events, control=control, claims=claims,
        )  # fmt: skip

    def _sources(self) -> dict[str, Source]:
        found = {}
        for n in range(self.random.randint(1, 4)):
            own, secret = ids("src", n), self.random.random() < 0.5
            bad = not self.clear(own) or secret
            self.protected |= {own} if secret else set()
            found[own] = Source(
                id=own, tlp=self.tlp, kind="person" if secret else "media", note=self.canary(forbidden=True),
                public_descriptor=self.canary(forbidden=bad), title=self.canary(forbidden=bad),
                publisher=self.canary(forbidden=bad),
            )  # fmt: skip
        return found

    def _evidence(self) -> dict[str, Evidence]:
        found = {}
        for n in range(self.random.randint(0, 3)):
            own = ids("evd", n)
            bad = not self.clear(own)
            found[own] = Evidence(
                id=own, tlp=self.tlp, title=self.canary(forbidden=bad), note=self.canary(forbidden=True),
                file=self.canary(forbidden=True),
            )  # fmt: skip
        return found

    def _citations(self, sources: dict[str, Source], evidence: dict[str, Evidence]) -> dict[str, Citation]:
        found = {}
        for n in range(self.random.randint(1, 5)):
            own = ids("cit", n)
            source, kept = self.random.choice(sorted(sources)), (*self.some(evidence, 1), None)[0]
            through = (*self.some(sources, 1), None)[0] if self.random.random() < 0.3 else None
            hidden = source in self.protected and (through is None or through in self.protected)
            bad = not self.clear(own, source, kept, through) or hidden
            self.hidden_citations |= {own} if hidden else set()
            if hidden and kept:  # a recording of a protected source
                self.forbidden.add(evidence[kept].title.split()[-1])
            found[own] = Citation(
                id=own, tlp=self.tlp, source=source, through=through, evidence=kept,
                locator=self.canary(forbidden=bad), quote=self.canary(forbidden=bad),
                note=self.canary(forbidden=True),
            )  # fmt: skip
        return found

    def _ground(self) -> tuple[dict[str, Actor], dict[str, Territory]]:
        actor, town = ids("act", 0), ids("ter", 0)
        bad = not self.clear(actor)
        actors = {
            actor: Actor(
                id=actor,
                tlp=self.tlp,
                kind="company",
                name=self.canary(forbidden=bad),
                note=self.canary(forbidden=True),
            )
        }
        bad = not self.clear(town)
        version = Version(version="1", outline=Outline(file=self.canary(forbidden=True)))
        kind: Literal["township", "gate"] = self.random.choice(["township", "gate"])
        return actors, {
            town: Territory(
                id=town, tlp=self.tlp, kind=kind, name=self.canary(forbidden=bad), versions=(version,)
            )
        }

    def _dated(self, *, forbidden: bool) -> Dated:
        self.count += 1
        day = date(2000, 1, 2) + timedelta(days=self.count * 3)
        day = day.replace(day=max(2, min(day.day, 27)))
        if forbidden:
            self.forbidden.add(f'"{day}"')
        return Dated(first_precise=day, last_precise=day, verbatim=self.canary(forbidden=forbidden))

    def _event(self, n: int, citations: Any, actors: Any, territories: Any) -> Event:
        own, cited, who = ids("evt", n), self.some(citations, 3), self.some(actors, 1)
        where = (*self.some(territories, 1), None)[0]
        bad = not self.clear(own, *cited, *who, where)
        witnessed = bool(self.hidden_citations & {*cited}) or bad
        lon, lat = 97.123457 + self.count / 1_000, 24.654323 + self.count / 1_000
        if witnessed:
            self.forbidden |= {f"{lon}", f"{lat}"}
            self.forbidden |= {own} if not bad else set()
        return Event(
            id=own, tlp=self.tlp, kind="clash", title=self.canary(forbidden=bad), actors=who, territory=where,
            citations=cited, dated=self._dated(forbidden=witnessed), note=self.canary(forbidden=True),
            place=Place(name=self.canary(forbidden=witnessed), lon=lon, lat=lat, precision=1),
        )  # fmt: skip

    def _spell(self, n: int, citations: Any, actors: Any, territories: Any) -> ControlSpell:
        own, cited, who = ids("spl", n), self.some(citations, 2), self.some(actors, 1)
        where = next(iter(territories))
        bad = not self.clear(own, *cited, *who, where)
        return ControlSpell(
            id=own, tlp=self.tlp, territory=where, controllers=who, control="sole" if who else "unknown",
            dated=self._dated(forbidden=bad or bool(self.hidden_citations & {*cited})), citations=cited,
            public_note=self.canary(forbidden=bad), note=self.canary(forbidden=True),
        )  # fmt: skip

    def _claim(self, n: int, sources: Any, citations: Any, events: Any) -> Claim:
        own, cited, about = ids("clm", n), self.some(citations, 2), self.some(events, 2)
        author = self.random.choice(sorted(sources))
        bad = not self.clear(own, author, *cited, *about)
        return Claim(
            id=own, tlp=self.tlp, text=self.canary(forbidden=bad), kind="event", author=author, about=about,
            citations=cited, untested="nothing measures it", note=self.canary(forbidden=True),
        )  # fmt: skip


def packed(case: PublicCase) -> dict[str, bytes]:
    text = case.model_dump_json().encode()
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as folder:
        folder.writestr("case.json", gzip.compress(text))
    return {"case.json": text, "page.html": base64.b64encode(archive.getvalue())}


def check(random: Random) -> None:
    grown = Grown(random)
    case = public(grown.records, KEY, Circumstances()).case
    text = case.model_dump_json()
    assert not {word for word in grown.forbidden if word in text}
    assert dangling(case) == ()
    leaving = {record for record, clear in grown.labels.items() if clear}
    told = {one.id for kind in ("events", "claims", "control") for one in getattr(case, kind)}
    assert len(told) == len([one for one in leaving if one[:3] in {"evt", "clm", "spl"}])
    assert not {one for one in grown.protected if one in text}


def check_packed(random: Random) -> None:
    grown = Grown(random)
    case = public(grown.records, KEY, Circumstances()).case
    secrets = [
        Secret(owner=ids("src", n), names=(word,))
        for n, word in enumerate(sorted(grown.forbidden))
        if "qx" in word
    ]
    assert leaks(packed(case), secrets).clear
    if case.events and secrets:
        word = secrets[0].names[0]
        tainted = case.events[0].model_copy(update={"public_note": f"said {word}"})
        leaked = leaks(packed(case.model_copy(update={"events": (tainted, *case.events[1:])})), secrets)
        assert {(one.where, one.owner) for one in leaked.leaks} == {
            ("case.json", secrets[0].owner), ("page.html", secrets[0].owner)
        }  # fmt: skip


@settings(max_examples=60)
@given(st.randoms(use_true_random=False))
def test_no_canary_of_a_random_case_leaves(random: Random) -> None:
    check(random)


@settings(max_examples=15)
@given(st.randoms(use_true_random=False))
def test_no_canary_leaves_in_any_packing_and_one_that_does_is_found(random: Random) -> None:
    check_packed(random)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(20))
def test_no_canary_of_a_thousand_random_cases_leaves(seed: int) -> None:
    random = Random(seed)  # noqa: S311 - a test
    for _ in range(60):
        check(random)
        check_packed(random)


def test_random_cases_do_have_records_that_leave_and_canaries_that_must_not() -> None:
    grown = [Grown(Random(seed)) for seed in range(50)]  # noqa: S311 - a test
    cases = [public(one.records, KEY).case for one in grown]
    assert sum(len(case.events) + len(case.claims) for case in cases) > 60
    assert sum(any(event.dated.to_the_month for event in case.events) for case in cases) > 10
    assert min(len(one.forbidden) for one in grown) > 5

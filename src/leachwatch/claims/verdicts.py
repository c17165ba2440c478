"""Verdicts: what the readings of a claim come to together, why, and what would change it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from leachwatch.case.records import Claim, Verdict
from leachwatch.case.records.claim_tests import CorroborateTest
from leachwatch.claims.bands import Band
from leachwatch.claims.context import context_lines
from leachwatch.claims.corroboration import told, witnesses
from leachwatch.claims.estimate import Estimate
from leachwatch.claims.kinds import Tried, variants
from leachwatch.claims.measures import Measures
from leachwatch.claims.sentences import (
    band_of_reading,
    first_upper,
    reading_sentence,
    would_decide,
)
from leachwatch.claims.words import interval_words, listed

__all__ = ["SHAPES", "Outcome", "Reading", "combine", "judge"]

SHAPES = {
    "SUPPORTED": "●",
    "REFUTED": "✕",
    "CONFLICTING": "◆",
    "NOT_ENOUGH_EVIDENCE": "○",
    "NOT_COMPUTABLE": "–",
    "CONSISTENT_NOT_INDEPENDENT": "◐",
}
"""Shapes that stand beside the words, so that no verdict is told by colour alone."""


@dataclass(frozen=True)
class Reading:
    """One way to understand a claim, judged.

    Attributes
    ----------
    id : str
        As in the claim; with ``@`` and the version of a territory that is drawn in several.
    estimate : Estimate
        What was measured.
    band : Band
        What the sentence allows.
    result : str
        One of `leachwatch.tables.RESULTS`.
    why : str
        In a sentence.
    why_read_so : str
        Why the claim may be understood so, as its author of the record says.
    context : tuple of str
        Lines to read beside it.
    """

    id: str
    estimate: Estimate
    band: Band
    result: str
    why: str
    why_read_so: str = ""
    context: tuple[str, ...] = ()


@dataclass(frozen=True)
class Outcome:
    """What the computation says of a claim.

    Attributes
    ----------
    claim : Claim
        The sentence.
    verdict : str
        One of `leachwatch.tables.VERDICT_WORDS`.
    why, would_change : str
        In one plain sentence each.
    readings : tuple of Reading
        Every way to understand it that was tried.
    independent : bool
        False where the data come from where the claim does.
    tables : tuple of str
        Tables it rests on.
    """

    claim: Claim
    verdict: Verdict
    why: str
    would_change: str
    readings: tuple[Reading, ...]
    independent: bool = True
    tables: tuple[str, ...] = field(default=())

    @property
    def supporting(self) -> int:
        """How many readings support it."""
        return sum(one.result == "supports" for one in self.readings)

    @property
    def flipped(self) -> bool:
        """Whether it no longer is what the team published."""
        return self.claim.verdict is not None and self.claim.verdict != self.verdict


def combine(results: Collection[str]) -> Verdict:
    """Make one verdict of the results of all readings.

    Examples
    --------
    >>> combine(["supports", "refutes", "open"]), combine(["supports", "open"])
    ('CONFLICTING', 'NOT_ENOUGH_EVIDENCE')
    """
    kinds = set(results)
    if {"supports", "refutes"} <= kinds:
        return "CONFLICTING"
    alone: dict[str, Verdict] = {
        "supports": "SUPPORTED", "refutes": "REFUTED", "not_computable": "NOT_COMPUTABLE",
    }  # fmt: skip
    return alone.get(kinds.pop(), "NOT_ENOUGH_EVIDENCE") if len(kinds) == 1 else "NOT_ENOUGH_EVIDENCE"


def judge(claim: Claim, measures: Measures) -> Outcome:
    """Say what the data make of a claim.

    Parameters
    ----------
    claim : Claim
        With a test.
    measures : Measures
        Of its case.

    Returns
    -------
    Outcome
    """
    test = claim.test
    if test is None:
        raise ValueError(f"{claim.id} has no test")
    if isinstance(test, CorroborateTest):
        return _corroborated(claim, test, measures)
    readings = tuple(_read(test, one, measures) for one in variants(test, measures))
    verdict = combine([one.result for one in readings])
    shared = _shared(claim, readings, measures)
    if verdict == "SUPPORTED" and shared:
        verdict = "CONSISTENT_NOT_INDEPENDENT"
    return Outcome(
        claim=claim,
        verdict=verdict,
        why=first_upper(_why(verdict, readings, measures.data.groups_told(shared))) + ".",
        would_change=first_upper(_would_change(verdict, readings, test, measures)) + ".",
        readings=readings,
        independent=not shared,
        tables=tuple(sorted({name for one in readings for name in one.estimate.tables})),
    )


def _read(test: Any, tried: Tried, measures: Measures) -> Reading:
    estimate = tried.estimate
    if not estimate.computable:
        result = "not_computable"
    elif not estimate.covered:
        result = "uncovered"
    else:
        result = tried.band.judge(estimate.interval)
    return Reading(
        id=tried.id,
        estimate=estimate,
        band=tried.band,
        result=result,
        why=reading_sentence(test, tried),
        why_read_so=tried.reading.why,
        context=context_lines(test, tried.reading, measures),
    )


def _shared(claim: Claim, readings: Iterable[Reading], measures: Measures) -> frozenset[str]:
    """Name the groups of sources that the data have in common with whoever claims it."""
    data = measures.data
    own = {data.groups_of_sources.get(claim.author, claim.author), *data.groups_behind(claim.citations)}
    return frozenset(group for one in readings for group in one.estimate.groups if group in own)


def _why(verdict: str, readings: Sequence[Reading], shared: Iterable[str]) -> str:
    many = len(readings)
    by_result = {one.result: one for one in reversed(readings)}
    if verdict == "CONFLICTING":
        sides = (
            (word, [one for one in readings if one.result == result])
            for word, result in (("right", "supports"), ("wrong", "refutes"))
        )
        return " and ".join(
            f"{word} under {listed(f'{one.id} ({_found(one)})' for one in some)}" for word, some in sides
        )
    if verdict == "NOT_ENOUGH_EVIDENCE":
        counted = f"supported under {sum(one.result == 'supports' for one in readings)} of {many} readings: "
        unsettled = next(one for one in readings if one.result not in {"supports", "refutes"})
        named = f"{unsettled.id}: " if many > 1 else ""
        return (counted if many > 1 else "") + named + unsettled.why
    first = next(iter(by_result.values()))
    also = f" (and so under all {many} readings)" if many > 1 else ""
    if verdict == "CONSISTENT_NOT_INDEPENDENT":
        return f"the data agree, but come from where the claim does ({listed(shared)}): {first.why}{also}"
    return first.why + also


def _found(reading: Reading) -> str:
    return interval_words(reading.estimate.interval, reading.estimate.unit)


def _would_change(verdict: str, readings: Sequence[Reading], test: Any, measures: Measures) -> str:
    if verdict == "CONFLICTING":
        ids = listed(one.id for one in readings if one.result in {"supports", "refutes"})
        return f"its author saying which of {ids} is meant would decide it"
    if verdict == "CONSISTENT_NOT_INDEPENDENT":
        return "data of another origin that agree would support it, and data that do not would change it"
    if verdict in {"SUPPORTED", "REFUTED"}:
        way = "out of" if verdict == "SUPPORTED" else "into"
        return f"a revision that takes it {way} {band_of_reading(test, readings[0].band)} would change it"
    unsettled = [one for one in readings if one.result not in {"supports", "refutes"}]
    return would_decide(
        [lack for one in unsettled for lack in one.estimate.lacks],
        [part for one in unsettled if one.result == "open" for part in _parts(test, one.id)],
        measures,
    )


def _parts(test: Any, reading: str) -> list[Any]:
    return [one for one in test.readings if one.id == reading.partition("@")[0]]


def _corroborated(claim: Claim, test: CorroborateTest, measures: Measures) -> Outcome:
    """Weigh who says so, and who otherwise: enough on one side and none on the other settle it."""
    for_it, against = witnesses(test, measures.data)
    band = Band(test.at_least, float("inf"))
    readings = []
    for name, count, enough in (("says-so", for_it, "supports"), ("says-otherwise", against, "refutes")):
        if count == 0 and (name == "says-otherwise" or against):
            continue
        result = "uncovered" if count == 0 else enough if count >= test.at_least else "open"
        known, sources = told(count, test.at_least)
        words = f"{sources} {'say' if sources.endswith('s') else 'says'} {name.partition('-')[2]}"
        estimate = Estimate.of(known, "", words)
        if count == 0:
            estimate = Estimate.uncovered("no source at hand says so", "a citation")
        readings.append(Reading(name, estimate, band, result, words))
    verdict = combine([one.result for one in readings])
    why = f"{listed(one.why for one in readings)}; {test.at_least} independent ones are asked for"
    more = first_upper(_MORE_SOURCES[verdict])
    return Outcome(claim, verdict, first_upper(why) + ".", more + ".", tuple(readings))


_MORE_SOURCES = {
    "SUPPORTED": "an independent source that says otherwise would change it",
    "REFUTED": "an independent source that says so would change it",
    "CONFLICTING": "finding what the sources of either side rest on would decide it",
    "NOT_ENOUGH_EVIDENCE": "more independent sources that agree, each of a group of its own, would decide it",
}
"""What would change a claim that rests on sources, by its verdict."""

"""Sentences: why a reading comes to what it does, and what would decide it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from leachwatch.case.records.claim_tests import BeforeAfterTest, DateTest
from leachwatch.case.records.figures import (
    EstimateFigure,
    Moment,
    PublishedFigure,
    SiteSelection,
    TradeFigure,
)
from leachwatch.case.records.record import Part
from leachwatch.claims.bands import Band
from leachwatch.claims.estimate import Lack
from leachwatch.claims.kinds import Tried
from leachwatch.claims.measures import Measures
from leachwatch.claims.moments import record_name
from leachwatch.claims.words import band_words, code_words, interval_words, listed, number, span_words
from leachwatch.trade import parse_scope

__all__ = ["band_of_reading", "expect_words", "first_upper", "reading_sentence", "would_decide"]


def reading_sentence(test: Any, tried: Tried) -> str:
    """Say what was measured and what the sentence allows, or what is missing."""
    estimate = tried.estimate
    if not estimate.covered:
        return estimate.missing
    if isinstance(test, DateTest):
        return f"{estimate.said}; the sentence says {span_words(tried.reading.within)}"
    found = interval_words(estimate.interval, estimate.unit)
    told = estimate.said if estimate.said.endswith(found) else f"{estimate.said}: {found}"
    return f"{told}, where {expect_words(test, tried.band, estimate.unit)}"


def expect_words(test: Any, band: Band, unit: str = "") -> str:
    """Say what the sentence lets one expect, with the band that it was given."""
    if isinstance(test, BeforeAfterTest):
        return f"the sentence needs {band_words(band, 'days')}"
    expect = test.expect
    word = expect.quantifier.replace("_", " ")
    high = f" and {number(expect.value_high)}" if expect.value_high is not None else ""
    said = f"{word} {number(expect.value)}{high}{f' {expect.unit}' if expect.unit else ''}"
    allowed = band_words(band, unit)
    if expect.quantifier in {"over", "under", "at_least", "at_most"}:
        return f"the sentence needs {allowed}"
    return f"{said} allows {allowed}"


def band_of_reading(test: Any, band: Band) -> str:
    """Say which numbers the sentence allows."""
    if isinstance(test, DateTest):
        return listed(span_words(one.within) for one in test.readings)
    return band_words(band, "days" if isinstance(test, BeforeAfterTest) else "")


def would_decide(lacks: Sequence[Lack], open_ones: Sequence[Part], measures: Measures) -> str:
    """Say which data would decide a claim.

    Parameters
    ----------
    lacks : sequence of Lack
        What is missing.
    open_ones : sequence of Part
        Readings whose figures are there, and too wide.
    measures : Measures
        Of the case.
    """
    wanted = {(lack.mend, lack.when): None for lack in lacks}
    for reading in open_ones:
        wanted |= dict.fromkeys(_closer(reading, measures))
    by_mend: dict[str, list[str]] = {}
    for mend, when in wanted:
        by_mend.setdefault(mend, []).append(when)
    phrases = []
    for mend, whens in by_mend.items():
        times = listed(sorted(filter(None, whens)))
        joint = " " if times.startswith("up to") else " for "
        phrases.append(f"{mend}{joint}{times}" if times else mend)
    return f"{listed(phrases) or 'closer figures'} would decide it"


def _closer(part: Any, measures: Measures) -> Iterator[tuple[str, str]]:
    """Name what would narrow the figures of a reading, and for when."""
    match part:
        case TradeFigure():
            scope = str(parse_scope("+".join(part.hs)))
            yield f"a customs export of {code_words(scope, part.partner)}", span_words(part.period)
        case SiteSelection():
            yield "the detector's precision and recall, checked on real ground", ""
        case PublishedFigure():
            yield f"the figure behind {part.figure}, less rounded", ""
        case EstimateFigure():
            yield f"a closer estimate of {part.quantity}", part.period
        case Moment(record=str() as record):
            yield f"a closer date of {record_name(record, measures.data.records)}, with its source", ""
        case Part():
            for name in type(part).model_fields:
                yield from _closer(getattr(part, name), measures)


def first_upper(text: str) -> str:
    """Begin a sentence with a capital."""
    return text[:1].upper() + text[1:]

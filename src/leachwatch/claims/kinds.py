"""The kinds of a test: what each makes of its figures, and what it expects of the outcome."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import product
from typing import Any, cast

from leachwatch.case.records.claim_tests import (
    AreaTest,
    BeforeAfterTest,
    ChangeTest,
    CountTest,
    DateTest,
    LevelTest,
    OverlapTest,
    PythonTest,
    RankTest,
    RatioTest,
    ShareTest,
)
from leachwatch.case.records.figures import PublishedFigure, SiteSelection, TradeFigure
from leachwatch.case.records.record import Part
from leachwatch.claims.bands import Band, band_of
from leachwatch.claims.estimate import Estimate
from leachwatch.claims.measures import Measures
from leachwatch.claims.plugins import call_entry
from leachwatch.claims.words import listed, partner_name
from leachwatch.trade import conversion, parse_scope

__all__ = ["NumberTest", "ReadingTest", "Tried", "variants"]

NumberTest = (
    RatioTest
    | ShareTest
    | ChangeTest
    | LevelTest
    | CountTest
    | AreaTest
    | RankTest
    | OverlapTest
    | PythonTest
)
ReadingTest = NumberTest | BeforeAfterTest | DateTest

_SIZES = {
    "m²": ("m2", 1.0), "km²": ("m2", 1e6), "km2": ("m2", 1e6), "ha": ("m2", 1e4), "kt": ("t", 1e3),
    "kg": ("t", 1e-3), "percent": ("", 0.01), "share": ("", 1.0),
}  # fmt: skip
"""Units that a claim may say instead of the tables' own."""


@dataclass(frozen=True)
class Tried:
    """A reading with what it came to.

    Attributes
    ----------
    id : str
        Of the reading; with an ``@`` and the version, where a territory is drawn in several.
    reading : Part
        As the claim has it.
    estimate : Estimate
        What was measured.
    band : Band
        What the sentence allows, in the unit of the estimate.
    """

    id: str
    reading: Any
    estimate: Estimate
    band: Band


def variants(test: ReadingTest, measures: Measures) -> Iterator[Tried]:
    """Try every reading of a test, in every drawing of the territories it names without a version."""
    try_one = _KINDS[type(test)]
    for reading in test.readings:
        for suffix, one in _drawn(reading, measures):
            estimate, band = try_one(test, one, measures)
            yield Tried(f"{reading.id}{suffix}", one, estimate, band)


def _drawn(reading: Any, measures: Measures) -> Iterator[tuple[str, Any]]:
    open_ones = {
        one.territory: [choice.version for choice in measures.mines.versions(one)]
        for one in _selections(reading)
        if one.territory and not one.version
    }
    for chosen in product(*open_ones.values()):
        versions = dict(zip(open_ones, chosen, strict=True))
        several = [one for one, names in open_ones.items() if len(names) > 1]
        suffix = "".join(f"@{versions[one]}" for one in several)
        yield suffix, _with_versions(reading, versions) if versions else reading


def _selections(part: Any) -> Iterator[SiteSelection]:
    if isinstance(part, SiteSelection):
        yield part
    elif isinstance(part, Part):
        for name in type(part).model_fields:
            yield from _selections(getattr(part, name))


def _with_versions(part: Any, versions: Mapping[str, str]) -> Any:
    if isinstance(part, SiteSelection):
        chosen = versions.get(part.territory or "") if not part.version else None
        return part.model_copy(update={"version": chosen}) if chosen else part
    if not isinstance(part, Part):
        return part
    fields = type(part).model_fields
    return part.model_copy(update={name: _with_versions(getattr(part, name), versions) for name in fields})


# one figure by another


def _ratio(test: RatioTest, reading: Any, measures: Measures) -> tuple[Estimate, Band]:
    above, below = (_of(measures, one, test) for one in (reading.numerator, reading.denominator))
    return _quotient(above, below, reading.numerator, reading.denominator, measures), _expected(
        test, measures
    )


def _share(test: ShareTest, reading: Any, measures: Measures) -> tuple[Estimate, Band]:
    part, whole = (_of(measures, one, test) for one in (reading.part, reading.whole))
    share = _quotient(part, whole, reading.part, reading.whole, measures, partial=True)
    if share.covered and share.low > 1:
        share = replace(
            Estimate.no_measure(
                "the part is larger than the whole: the figures contradict each other", "either figure mended"
            ),
            said=share.said,
        ).from_both(share)
    elif share.covered:
        share = replace(share, low=max(0.0, share.low), high=min(1.0, share.high))
    return share, _expected(test, measures)


def _change(test: ChangeTest, reading: Any, measures: Measures) -> tuple[Estimate, Band]:
    before, after = (_of(measures, one, test) for one in (reading.before, reading.after))
    ratio = _quotient(after, before, reading.after, reading.before, measures)
    return replace(ratio, low=ratio.low - 1, high=ratio.high - 1), _expected(test, measures)


def _quotient(
    above: Estimate,
    below: Estimate,
    figure: Any,
    other: Any,
    measures: Measures,
    *,
    partial: bool = False,
) -> Estimate:
    """One over the other; a part may have fewer codes than its whole, else both have to count the same."""
    said = f"{above.said} / {below.said}"
    odd = _unlike(figure, other, measures, partial=partial)
    if odd is None and above.covered and below.covered and above.unit != below.unit:
        odd = conversion(above.unit, None, below.unit, None)
    if odd is not None:
        what = f"the two figures do not count the same; missing: {odd}"
        return replace(Estimate.no_measure(what, odd), said=said).from_both(above, below)
    if not (above.covered and below.covered):
        return Estimate(said=said).from_both(above, below)
    try:
        quotient = above.interval / below.interval
    except ZeroDivisionError:
        what = f"the base is zero: {below.said}"
        return replace(Estimate.no_measure(what, "another base"), said=said).from_both(above, below)
    return Estimate.of(quotient, "", said).from_both(above, below)


def _unlike(figure: Any, other: Any, measures: Measures, *, partial: bool) -> str | None:
    """Name what would make two figures of trade comparable; None where nothing is needed."""
    if isinstance(figure, PublishedFigure) and isinstance(other, PublishedFigure):
        return _unlike_as_printed(figure, other, measures, partial=partial)
    if not (isinstance(figure, TradeFigure) and isinstance(other, TradeFigure)):
        return None
    if figure.basis != other.basis:
        units = (
            "t" if one.basis in {"gross", "REO", "element"} else one.basis[:3] for one in (figure, other)
        )
        return conversion(next(units), figure.basis, next(units), other.basis)
    mine, theirs = (parse_scope("+".join(one.hs)) for one in (figure, other))
    if mine == theirs or (partial and theirs.holds(mine)):
        return None
    return f"a figure for the same codes (HS {mine} and HS {theirs})"


def _unlike_as_printed(
    figure: PublishedFigure, other: PublishedFigure, measures: Measures, *, partial: bool
) -> str | None:
    mine, theirs = (measures.quoted.codes(one) for one in (figure, other))
    if not (mine and theirs):
        return None  # neither is of trade, or one of them is not there
    unsaid = [one.figure for one, codes in ((figure, mine), (other, theirs)) if codes == "unstated"]
    if unsaid:
        return f"a statement of the codes of {listed(unsaid)}"
    if mine == theirs or (partial and parse_scope(theirs).holds(parse_scope(mine))):
        return None
    return f"a figure for the same codes (HS {mine} and HS {theirs})"


# one figure by itself


def _level(test: Any, reading: Any, measures: Measures) -> tuple[Estimate, Band]:
    found, band = _of(measures, reading.of, test), _expected(test, measures)
    unit, factor = _SIZES.get(test.expect.unit, (test.expect.unit.split(" ")[0], 1.0))
    if found.covered and test.expect.unit and unit != found.unit:
        lack = conversion(found.unit, None, unit, None)
        what = f"{found.said} is no number of {test.expect.unit}; missing: {lack}"
        return Estimate.no_measure(what, lack).from_both(found), band
    return found, replace(band, low=band.low * factor, high=band.high * factor)


def _area(test: AreaTest, reading: Any, measures: Measures) -> tuple[Estimate, Band]:
    if reading.versus is None:
        return _level(test, reading, measures)
    found, other = (_of(measures, one, test) for one in (reading.of, reading.versus))
    return _quotient(found, other, reading.of, reading.versus, measures), _expected(test, measures)


def _rank(test: RankTest, reading: Any, measures: Measures) -> tuple[Estimate, Band]:
    """Place of a partner: all who may be larger may stand before it, those nobody speaks of too."""
    own = _of(measures, reading.of, test)
    rivals = {
        one: _of(measures, reading.of.model_copy(update={"partner": one}), test)
        for one in dict.fromkeys(reading.among)
        if one != reading.of.partner
    }
    if not own.covered:
        return own, _expected(test, measures)
    known = {name: one for name, one in rivals.items() if one.covered}
    surely = sum(one.low > own.high for one in known.values())
    perhaps = sum(one.high >= own.low for one in known.values()) + len(rivals) - len(known)
    said = f"{own.said}, against {listed(one.said for one in known.values()) or 'nobody'}"
    unknown = listed(partner_name(name) for name in rivals if name not in known)
    if unknown:
        said += f"; nothing is known of {unknown}"
    place = Estimate(1 + surely, 1 + perhaps, "", said).from_both(own, *known.values())
    return place, _expected(test, measures)


def _overlap(test: OverlapTest, reading: Any, measures: Measures) -> tuple[Estimate, Band]:
    share = measures.mines.overlap(reading.where, reading.inside, test.error, test.require)
    return share, _expected(test, measures)


def _python(test: PythonTest, reading: Any, measures: Measures) -> tuple[Estimate, Band]:
    return call_entry(test.entry, measures.data.reader, reading.params), _expected(test, measures)


# days


def _order(test: BeforeAfterTest, reading: Any, measures: Measures) -> tuple[Estimate, Band]:
    first, second = (measures.moments.measure(one, test.require) for one in (reading.first, reading.second))
    longest = math.inf if test.within_days is None else float(test.within_days)
    band = Band(0, longest, low_open=True)
    said = f"{first.said}; {second.said}"
    if not (first.covered and second.covered):
        return Estimate(said=said).from_both(first, second), band
    apart = second.interval - first.interval
    return Estimate.of(apart, "days", said).from_both(first, second), band


def _date(test: DateTest, reading: Any, measures: Measures) -> tuple[Estimate, Band]:
    """Days from the first of the stated period."""
    moment, start = measures.moments.measure(reading.moment, test.require), reading.within.first.toordinal()
    band = Band(0, reading.within.last.toordinal() - start)
    if not moment.covered:
        return moment, band
    return replace(moment, low=moment.low - start, high=moment.high - start, unit="days"), band


def _of(measures: Measures, figure: Any, test: Any) -> Estimate:
    return measures.measure(figure, test.error, test.require)


def _expected(test: Any, measures: Measures) -> Band:
    return band_of(test.expect, measures.data.settings)


_Try = Callable[[Any, Any, Measures], tuple[Estimate, Band]]

_KINDS = cast(
    "Mapping[type, _Try]",
    {
        RatioTest: _ratio,
        ShareTest: _share,
        ChangeTest: _change,
        LevelTest: _level,
        CountTest: _level,
        AreaTest: _area,
        RankTest: _rank,
        OverlapTest: _overlap,
        PythonTest: _python,
        BeforeAfterTest: _order,
        DateTest: _date,
    },
)

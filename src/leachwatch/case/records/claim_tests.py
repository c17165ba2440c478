"""The closed vocabulary in which a sentence becomes a computation.

A test has a kind, one or more *readings* (each a way to understand the sentence), and what the sentence lets
one expect. Every reading gives an interval and says whether the data cover it; judging is done in one place.
There is no expression to evaluate: a test is data, and safe to take from strangers.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from leachwatch.case.records.figures import AreaFigure, Figure, Moment, SiteFigure, SiteSelection, TradeFigure
from leachwatch.case.records.record import Id, Line, Name, Part, Several
from leachwatch.case.records.span import SpanText

__all__ = [
    "AreaTest",
    "BeforeAfterTest",
    "ChangeTest",
    "Context",
    "CorroborateTest",
    "CountTest",
    "Coverage",
    "DateTest",
    "ErrorModel",
    "Expect",
    "LevelTest",
    "OverlapTest",
    "PythonTest",
    "RankTest",
    "RatioTest",
    "ShareTest",
    "Test",
]

Quantifier = Literal[
    "exactly", "about", "roughly", "similar", "over", "at_least", "under", "at_most", "nearly", "up_to",
    "between", "order_of_magnitude",
]  # fmt: skip
"""How a sentence hedges its number; the bands are settings of the case."""

ReadingId = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,59}$")]
Share = Annotated[float, Field(ge=0, le=1)]
Bounds = Annotated[tuple[Share, Share], Field(strict=False)]


class Expect(Part):
    """What the sentence lets one expect of the number.

    Attributes
    ----------
    quantifier : str
        How it hedges.
    value : float
        Its number: a ratio as a factor, a share or change as a share of 1 (a fall is negative).
    value_high : float or None
        Upper end, of ``between``.
    unit : str
        Of the number; empty for ratios, shares, counts.
    """

    quantifier: Quantifier
    value: float
    value_high: float | None = None
    unit: Annotated[str, Field(max_length=40)] = ""

    @model_validator(mode="after")
    def _ends(self) -> Expect:
        if (self.quantifier == "between") != (self.value_high is not None):
            raise ValueError("between needs value_high, and nothing else does")
        if self.value_high is not None and self.value_high < self.value:
            raise ValueError(f"value_high {self.value_high:g} is below value {self.value:g}; swap them")
        return self


class ErrorModel(Part):
    """Error of what is measured, beside the bounds that the tables give.

    Attributes
    ----------
    revision : float
        Share by which figures of customs are revised later, either way.
    precision, recall : tuple of float or None
        Least and largest share of found sites that are real, and of real ones that are found; those of the
        detector where None.
    """

    revision: Share = 0.0
    precision: Bounds | None = None
    recall: Bounds | None = None


class Coverage(Part):
    """How much has to have been seen for sites to be counted.

    Attributes
    ----------
    clear_looks : int
        Clear looks at each part.
    share_of_area : float
        Share of the area asked about that had them.
    period : Span
        When.
    """

    clear_looks: Annotated[int, Field(ge=1)] = 2
    share_of_area: Share = 0.9
    period: SpanText


class Context(Part):
    """A line printed beside the verdict, against bases picked to impress.

    Attributes
    ----------
    kind : str
        ``percentile`` of a month among those of the window before it; ``level`` against another month.
    of : str
        Which part of the reading.
    window : int
        Months.
    versus : int
        Months away, such as -12.
    """

    kind: Literal["percentile", "level"]
    of: Literal["numerator", "denominator", "before", "after", "of", "part", "whole"]
    window: Annotated[int, Field(ge=2, le=240)] = 24
    versus: Annotated[int, Field(ge=-240, le=240)] = -12


class _Reading(Part):
    """One way to understand the sentence; ``why`` is printed with it."""

    id: ReadingId
    why: Line = ""


class _Test(Part):
    """What every test may say.

    Attributes
    ----------
    error : ErrorModel
        Error beside the bounds that the tables give.
    require : Coverage or None
        How much has to have been seen.
    context : tuple of Context
        Lines printed beside the verdict.
    """

    error: ErrorModel = ErrorModel()
    require: Coverage | None = None
    context: Several[Context] = ()


# the kinds


class _RatioReading(_Reading):
    numerator: Figure
    denominator: Figure


class RatioTest(_Test):
    """One figure over another, as a factor: "rose tenfold"."""

    kind: Literal["ratio"]
    readings: Annotated[Several[_RatioReading], Field(min_length=1)]
    expect: Expect


class _ShareReading(_Reading):
    part: Figure
    whole: Figure


class ShareTest(_Test):
    """A part of a whole, 0 to 1: "Myanmar supplied half"."""

    kind: Literal["share"]
    readings: Annotated[Several[_ShareReading], Field(min_length=1)]
    expect: Expect


class _ChangeReading(_Reading):
    before: Figure
    after: Figure


class ChangeTest(_Test):
    """What came after against what was before, less one: "fell by more than 80 %" expects under -0.8.

    ``around`` names the event between the two; changes about other months are then printed as placebos.
    """

    kind: Literal["change"]
    readings: Annotated[Several[_ChangeReading], Field(min_length=1)]
    around: Id | None = None
    expect: Expect


class _LevelReading(_Reading):
    of: Figure


class LevelTest(_Test):
    """A figure itself: "more than 40,000 tonnes"."""

    kind: Literal["level"]
    readings: Annotated[Several[_LevelReading], Field(min_length=1)]
    expect: Expect


class _CountReading(_Reading):
    of: SiteFigure


class CountTest(_Test):
    """How many sites: "more than 300 sites"."""

    kind: Literal["count"]
    readings: Annotated[Several[_CountReading], Field(min_length=1)]
    expect: Expect


class _AreaReading(_Reading):
    of: AreaFigure
    versus: AreaFigure | None = None


class AreaTest(_Test):
    """Mined ground in m², or as a factor of another month's where ``versus`` is given."""

    kind: Literal["area"]
    readings: Annotated[Several[_AreaReading], Field(min_length=1)]
    expect: Expect


class _RankReading(_Reading):
    of: TradeFigure
    among: Several[Annotated[str, Field(pattern=r"^[A-Z]{3}$")]]


class RankTest(_Test):
    """Place among partners, 1 the largest: "the largest supplier"."""

    kind: Literal["rank"]
    readings: Annotated[Several[_RankReading], Field(min_length=1)]
    expect: Expect


class _OverlapReading(_Reading):
    where: SiteSelection
    inside: SiteSelection


class OverlapTest(_Test):
    """Share of sites (of ``where``) that are in ``inside`` too: "mines lie in territory held by X"."""

    kind: Literal["overlap"]
    readings: Annotated[Several[_OverlapReading], Field(min_length=1)]
    expect: Expect


class _OrderReading(_Reading):
    first: Moment
    second: Moment


class BeforeAfterTest(_Test):
    """One thing came before another; with ``within_days``, at most so long before."""

    kind: Literal["before_after"]
    readings: Annotated[Several[_OrderReading], Field(min_length=1)]
    within_days: Annotated[int, Field(ge=0)] | None = None


class _DateReading(_Reading):
    moment: Moment
    within: SpanText


class DateTest(_Test):
    """An event or an onset falls in a stated period."""

    kind: Literal["date"]
    readings: Annotated[Several[_DateReading], Field(min_length=1)]


class CorroborateTest(_Test):
    """Independent sources that say so, and any that say otherwise; the count is published, not who.

    Attributes
    ----------
    supports, contradicts : tuple of str
        Citations.
    at_least : int
        Independent groups needed for support; one may be the claimant's own.
    """

    kind: Literal["corroborate"]
    supports: Several[Id] = ()
    contradicts: Several[Id] = ()
    at_least: Annotated[int, Field(ge=2)] = 2


class _PythonReading(_Reading):
    params: dict[Name, Any] = Field(default_factory=dict)


class PythonTest(_Test):
    """A function that somebody has installed under ``leachwatch.claims``; it measures, and never judges.

    Attributes
    ----------
    entry : str
        Name of the entry point; nothing is imported by a path from a claim.
    """

    kind: Literal["python"]
    entry: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,59}$")]
    readings: Annotated[Several[_PythonReading], Field(min_length=1)]
    expect: Expect


Test = Annotated[
    RatioTest
    | ShareTest
    | ChangeTest
    | LevelTest
    | CountTest
    | AreaTest
    | RankTest
    | OverlapTest
    | BeforeAfterTest
    | DateTest
    | CorroborateTest
    | PythonTest,
    Field(discriminator="kind"),
]

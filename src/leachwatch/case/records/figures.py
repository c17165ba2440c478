"""What a claim may measure: trade, estimates, published figures, money, sites, ground, and when."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from leachwatch.case.records.record import Id, Lat, Lon, Name, Part, Several
from leachwatch.case.records.span import Span, SpanText

__all__ = [
    "AreaFigure", "EstimateFigure", "Figure", "Moment", "MoneyFigure", "PublishedFigure", "SiteFigure",
    "SiteSelection", "TradeFigure",
]  # fmt: skip

_Iso3 = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]


def _with_beginning(span: Span) -> Span:
    if not span.begins:
        raise ValueError("has no beginning; write the first month, too")
    return span


_Bounded = Annotated[SpanText, AfterValidator(_with_beginning)]
"""A period that is summed over, so that it has to begin somewhere."""


class TradeFigure(Part):
    """Tonnes or money that crossed a border in a period: bounds from every statement at hand."""

    of: Literal["trade"]
    reporter: _Iso3 = "CHN"
    partner: _Iso3
    flow: Literal["import", "export"] = "import"
    hs: Several[Annotated[str, Field(pattern=r"^[0-9]{2,10}$")]]
    basis: Literal["gross", "REO", "element", "USD_cif", "USD_fob", "CNY_cif", "CNY_fob"] = "gross"
    period: _Bounded


class EstimateFigure(Part):
    """A quantity of the table ``estimates``."""

    of: Literal["estimate"]
    quantity: Name
    period: Annotated[str, Field(min_length=1, max_length=40)]
    scenario: Annotated[str, Field(max_length=200)] = ""


class PublishedFigure(Part):
    """A figure as somebody published it: a row of ``observations``, by its source id."""

    of: Literal["published"]
    figure: Name


class MoneyFigure(Part):
    """An amount of one currency in another, at the rate of a month."""

    of: Literal["money"]
    amount: float
    currency: Literal["CNY"] = "CNY"
    into: Literal["USD"] = "USD"
    month: _Bounded


class SiteSelection(Part):
    """Which sites.

    Attributes
    ----------
    areas : tuple of str
        Watched areas by name; all where empty.
    territory, version : str
        Inside this territory, in this drawing of it (each drawing where none is named).
    controllers : tuple of str
        Held by one of these actors.
    control : tuple of str
        Held in one of these ways; any where empty.
    valid_on : date or None
        Day on which control, shape of the territory and state are asked; needed with ``controllers``.
    near : tuple of float
        Longitude, latitude, and metres within which they lie.
    tiers : tuple of str
        How sure the detection has to be.
    states : tuple of str
        What they have to be doing on ``valid_on``; any where empty.
    pools_from, cleared_from : Span or None
        Period in which pools appeared, ground was cleared; ``..2023`` for "by the end of 2023".
    simulated : bool
        Whether simulated sites count, too; never true for a claim about a real place.
    """

    areas: Several[Name] = ()
    territory: Id | None = None
    version: Annotated[str, Field(max_length=40)] = ""
    controllers: Several[Id] = ()
    control: Several[Literal["sole", "shared", "contested", "ceasefire", "claimed_only"]] = ()
    valid_on: date | None = None
    near: (
        Annotated[tuple[Lon, Lat, Annotated[float, Field(gt=0, le=500_000)]], Field(strict=False)] | None
    ) = None
    tiers: Several[Literal["confirmed", "probable", "possible"]] = ("confirmed", "probable")
    states: Several[Literal["cleared", "active", "idle", "abandoned"]] = ()
    pools_from: SpanText | None = None
    cleared_from: SpanText | None = None
    simulated: bool = False

    @model_validator(mode="after")
    def _has_a_day(self) -> SiteSelection:
        if (self.controllers or self.states or self.control) and self.valid_on is None:
            raise ValueError("controllers, control and states hold on a day; give valid_on")
        return self


class SiteFigure(Part):
    """How many: sites, their pools, or clusters of sites nearer to each other than ``join_m``."""

    of: Literal["sites"]
    count: Literal["sites", "pools", "clusters"] = "sites"
    join_m: Annotated[float, Field(gt=0, le=50_000)] | None = None
    where: SiteSelection = SiteSelection()

    @model_validator(mode="after")
    def _joined(self) -> SiteFigure:
        if (self.count == "clusters") != (self.join_m is not None):
            raise ValueError("clusters need join_m, and nothing else does")
        return self


class AreaFigure(Part):
    """Square metres of sites, in one of the four nested definitions.

    ``cumulative`` counts all that was ever dug up to the month, else what stood in that month.
    """

    of: Literal["area"]
    definition: Literal["pools", "worked", "hull", "disturbed"] = "pools"
    month: _Bounded
    cumulative: bool = False
    where: SiteSelection = SiteSelection()


Figure = Annotated[
    TradeFigure | EstimateFigure | PublishedFigure | MoneyFigure | SiteFigure | AreaFigure,
    Field(discriminator="of"),
]


class Moment(Part):
    """When something began or ended: an event, a spell, a relation of the case, or an onset of sites.

    Attributes
    ----------
    record : str or None
        Event, control spell or relation.
    onset : str or None
        ``pools`` or ``clearing`` of the sites in ``where``; the earliest of them.
    where : SiteSelection or None
        Sites, with ``onset``.
    shock : TradeFigure or None
        First month of the fall or rise found in this series within its period.
    direction : str
        Of that shock.
    edge : str
        Start or end of the record.
    """

    record: Id | None = None
    onset: Literal["pools", "clearing"] | None = None
    where: SiteSelection | None = None
    shock: TradeFigure | None = None
    direction: Literal["fall", "rise"] = "fall"
    edge: Literal["start", "end"] = "start"

    @model_validator(mode="after")
    def _one(self) -> Moment:
        given = [name for name in ("record", "onset", "shock") if getattr(self, name) is not None]
        if len(given) != 1:
            raise ValueError("a moment is a record, an onset, or a shock; give one of the three")
        if (self.onset is not None) != (self.where is not None):
            raise ValueError("an onset needs where: which sites; and nothing else does")
        return self

"""Territories, and who held them."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from leachwatch.case.records.dated import Dated
from leachwatch.case.records.record import Country, Id, Name, Part, Prose, Record, Several, Status

__all__ = ["ControlSpell", "Outline", "Territory", "Version", "as_named"]


class Outline(Part):
    """Features of a vector file in the case folder.

    Attributes
    ----------
    file : str
        GeoJSON, GeoPackage or shapefile, a path from the case folder.
    where : dict of str to tuple of str
        Features whose field has one of the values, for every field named; all features where empty.
    layer : str
        Which layer of a file that has several.
    """

    file: Annotated[str, Field(min_length=1, max_length=300)]
    where: dict[Name, Several[Name]] = Field(default_factory=dict)
    layer: Annotated[str, Field(max_length=200)] = ""


def as_named(value: Any) -> str:
    """Write a value of a field as people do in ``where``: a code that is kept as a number is its digits.

    Examples
    --------
    >>> as_named(12.0), as_named(" MMR001 "), as_named(float("nan"))
    ('12', 'MMR001', '')
    """
    if value is None or value != value:  # noqa: PLR0124 - NaN
        return ""
    return f"{value:g}" if isinstance(value, float) else str(value).strip()


class Version(Part):
    """One drawing of a territory.

    Attributes
    ----------
    version : str
        Short name of it, unique in the territory, such as ``2019`` or ``townships``.
    outline : Outline
        Where it is drawn.
    approximate : bool
        Whether it is a coarse drawing, whose border may be off by kilometres.
    border_m : float
        How far its border may be off, metres; places nearer to it are only possibly in or out.
    dated : Dated or None
        When the territory had this shape; None where nobody said: all versions then stand side by side.
    public_note : str
        Who drew it, from what.
    citations : tuple of str
        Who says so.
    """

    version: Annotated[str, Field(min_length=1, max_length=40)]
    outline: Outline
    approximate: bool = False
    border_m: Annotated[float, Field(ge=0, le=200_000)] = 1_000.0
    dated: Dated | None = None
    public_note: Prose = ""
    citations: Several[Id] = ()


class Territory(Record):
    """Ground that somebody may hold.

    Attributes
    ----------
    kind : str
        What it is.
    name : str
        In English; unique.
    name_my, name_zh, name_kac : str
        In Burmese, Chinese and Jinghpaw.
    pcode : str
        Code of MIMU where it is a township.
    country : str or None
        ISO 3166 alpha-3.
    versions : tuple of Version
        How it is drawn, and was.
    public_note : str
        For readers.
    """

    kind: Literal["township", "special_region", "claimed_area", "area", "road", "gate"]
    name: Name
    name_my: Annotated[str, Field(max_length=200)] = ""
    name_zh: Annotated[str, Field(max_length=200)] = ""
    name_kac: Annotated[str, Field(max_length=200)] = ""
    pcode: Annotated[str, Field(pattern=r"^([A-Z]{3}[0-9]{3,12})?$")] = ""
    country: Country | None = None
    versions: Several[Version]
    public_note: Prose = ""

    @model_validator(mode="after")
    def _drawn(self) -> Territory:
        names = [one.version for one in self.versions]
        if not names:
            raise ValueError("versions is empty; draw the territory at least once")
        if len(set(names)) < len(names):
            raise ValueError("two versions have the same name; name each after its year or its source")
        return self


class ControlSpell(Record):
    """Who held a territory, and when.

    Attributes
    ----------
    territory : str
        What was held.
    controllers : tuple of str
        Actors; more than one where they share or contest it, none where ``control`` is ``unknown``.
    control : str
        How: ``sole``, ``shared``, ``contested``, ``ceasefire`` (side by side under an agreement),
        ``claimed_only`` (said, not held), ``unknown``.
    administers_tax : bool or None
        Whether they tax there; None where nobody said.
    dated : Dated
        When.
    status : str
        Standing among researchers.
    public_note : str
        For readers.
    citations : tuple of str
        Who says so.
    """

    territory: Id
    controllers: Several[Id] = ()
    control: Literal["sole", "shared", "contested", "ceasefire", "claimed_only", "unknown"]
    administers_tax: bool | None = None
    dated: Dated
    status: Status = "accepted"
    public_note: Prose = ""
    citations: Several[Id] = ()

    @model_validator(mode="after")
    def _held_by_as_many(self) -> ControlSpell:
        count = len(self.controllers)
        if self.control == "sole" and count != 1:
            raise ValueError(f"control is sole, but {count} controllers are named; name one")
        if self.control in {"shared", "contested", "ceasefire"} and count < 2:  # noqa: PLR2004 - a pair
            raise ValueError(f"control is {self.control}, but {count} controllers are named; name them all")
        return self

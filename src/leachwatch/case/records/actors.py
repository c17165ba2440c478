"""Actors, and what stands between them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from leachwatch.case.records.dated import Dated
from leachwatch.case.records.record import (
    Country,
    Id,
    Name,
    Part,
    Prose,
    Record,
    Several,
    Status,
    Verification,
)

__all__ = ["Actor", "Relation", "Term"]

RelationKind = Literal["controls", "taxes", "licenses", "mediates", "invests", "allied", "fights", "part_of"]


class Actor(Record):
    """Somebody who acts in public: an armed group, a company, an office, a person known to the public.

    A protected person is no actor: identities live in the vault alone.

    Attributes
    ----------
    kind : str
        What it is.
    name : str
        In English.
    short : str
        What it is called in tables and on the page, such as ``KIO``; the name where empty. Unique.
    name_my, name_zh, name_kac : str
        In Burmese, Chinese and Jinghpaw.
    alias, weak_alias, previous_name : tuple of str
        Other names; weak ones may mean others too.
    country : str or None
        ISO 3166 alpha-3.
    topics : tuple of str
        Words to find it by.
    description : str
        For readers.
    citations : tuple of str
        Who says so.
    """

    kind: Literal["armed_group", "organization", "company", "public_body", "person"]
    name: Name
    short: Annotated[str, Field(max_length=40)] = ""
    name_my: Annotated[str, Field(max_length=200)] = ""
    name_zh: Annotated[str, Field(max_length=200)] = ""
    name_kac: Annotated[str, Field(max_length=200)] = ""
    alias: Several[Name] = ()
    weak_alias: Several[Name] = ()
    previous_name: Several[Name] = ()
    country: Country | None = None
    topics: Several[Name] = ()
    description: Prose = ""
    citations: Several[Id] = ()

    @property
    def label(self) -> str:
        """What it is called in tables."""
        return self.short or self.name


class Term(Part):
    """One term of a tax, a licence or a share: an amount for a unit, or a share, in money or in kind.

    Attributes
    ----------
    amount : float or None
        In `unit`.
    unit : str
        Such as ``CNY/t``.
    share : float or None
        0 to 1.
    in_kind : bool
        Whether it is taken in goods.
    of : str
        What it is taken of.
    """

    amount: float | None = None
    unit: Annotated[str, Field(max_length=40)] = ""
    share: Annotated[float, Field(ge=0, le=1)] | None = None
    in_kind: bool = False
    of: Annotated[str, Field(max_length=200)] = ""

    @model_validator(mode="after")
    def _one_of_two(self) -> Term:
        if (self.amount is None) == (self.share is None):
            raise ValueError("a term has an amount with its unit, or a share; give one of the two")
        if self.amount is not None and not self.unit:
            raise ValueError("an amount needs its unit, such as CNY/t")
        return self


class Relation(Record):
    """What one actor does to another actor, or to a territory.

    Attributes
    ----------
    kind : str
        What it does.
    subject : str
        Actor that does it.
    object : str
        Actor or territory it is done to.
    terms : tuple of Term
        Of a tax, a licence, a share.
    dated : Dated or None
        When; None where nobody said.
    verification : str or None
        What whoever printed it said of its truth.
    hedge : str
        In words, shown wherever the relation is; needed where ``verification`` is ``unverified``.
    status : str
        Standing among researchers; rival accounts are each in ``conflict``.
    public_note : str
        For readers.
    citations : tuple of str
        Who says so.
    """

    kind: RelationKind
    subject: Id
    object: Id
    terms: Several[Term] = ()
    dated: Dated | None = None
    verification: Verification | None = None
    hedge: Prose = ""
    status: Status = "accepted"
    public_note: Prose = ""
    citations: Several[Id] = ()

    @model_validator(mode="after")
    def _hedged(self) -> Relation:
        if self.verification in {"unverified", "could_not_confirm"} and not self.hedge:
            raise ValueError(f"is {self.verification}; say in hedge what readers are to know")
        return self

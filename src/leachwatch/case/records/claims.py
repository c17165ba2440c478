"""Claims: what somebody said in public that can be right or wrong, with its hedge."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, model_validator

from leachwatch.case.records.claim_tests import Test
from leachwatch.case.records.dated import Dated
from leachwatch.case.records.record import Id, Prose, Record, Several, Url, Verification
from leachwatch.tables import Verdict

__all__ = ["Claim", "Verdict"]


class Claim(Record):
    """A sentence, who said it, how it was hedged, and how it may be tested.

    Attributes
    ----------
    text : str
        What is claimed, in our words; the source's own are behind the citation.
    kind : str
        ``numeric``, ``event``, ``attribution``, ``causal``, ``legal`` or ``quote``.
    author : str
        Source that claims it.
    said_by : str or None
        Actor whose statement it is, where the author reports it.
    published, first_appearance : date or None
        When the author published it; when it was first said at all.
    appearance : tuple of str
        Addresses where it stands.
    about : tuple of str
        Actors, territories and events it is about.
    dated : Dated or None
        The time it is about.
    verification : str
        What whoever printed it said of its truth.
    hedge : str
        In words, printed wherever the claim is; needed where it was not confirmed.
    part_of : str or None
        Causal claim that this is the temporal or numeric part of.
    citations : tuple of str
        Where it is said.
    test : Test or None
        How it is tested.
    untested : str
        Why it has no test, where it has none.
    verdict : str or None
        Verdict as the team published it; checking the case fails when it no longer comes out.
    """

    text: Annotated[str, Field(min_length=1, max_length=2_000)]
    kind: Literal["numeric", "event", "attribution", "causal", "legal", "quote"]
    author: Id
    said_by: Id | None = None
    published: date | None = None
    first_appearance: date | None = None
    appearance: Several[Url] = ()
    about: Several[Id] = ()
    dated: Dated | None = None
    verification: Verification = "single_source"
    hedge: Prose = ""
    part_of: Id | None = None
    citations: Several[Id] = ()
    test: Test | None = None
    untested: Prose = ""
    verdict: Verdict | None = None

    @model_validator(mode="after")
    def _whole(self) -> Claim:
        if self.verification in {"unverified", "could_not_confirm"} and not self.hedge:
            raise ValueError(f"is {self.verification}; say in hedge what readers are to know")
        if self.kind == "causal" and self.test is not None:
            raise ValueError(
                "is causal, which no computation decides; make claims of its parts in time and number, "
                "with part_of, and move the test there"
            )
        if self.test is None and not self.untested:
            raise ValueError("has no test; add one, or say in untested why it has none")
        if self.test is None and self.verdict is not None:
            raise ValueError("has a verdict and no test; delete the verdict")
        return self

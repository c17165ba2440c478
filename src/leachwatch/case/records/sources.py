"""Sources, what they say where, what of it is kept, and how far people trust it."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, model_validator

from leachwatch.case.records.record import Id, Line, Name, Prose, Record, Url

__all__ = ["Citation", "Evidence", "Grade", "Source"]


class Source(Record):
    """Public part of a source: nothing here may say who a protected one is.

    Attributes
    ----------
    kind : str
        What it is.
    public_descriptor : str
        What readers are told it is, such as ``a businessman in Kachin``.
    title, publisher, url : str
        Of something published.
    published : date or None
        When.
    independence_group : str
        Sources that rest on the same thing share a group and count as one; a source alone is a group of its
        own.
    anonymous : bool
        Whether it is kept anonymous.
    """

    kind: Literal["person", "document", "dataset", "media", "official", "satellite", "group"]
    public_descriptor: Name
    title: Annotated[str, Field(max_length=300)] = ""
    publisher: Annotated[str, Field(max_length=200)] = ""
    url: Url = ""
    published: date | None = None
    independence_group: Annotated[str, Field(pattern=r"^[a-z0-9-]{0,60}$")] = ""
    anonymous: bool = False

    @property
    def group(self) -> str:
        """Group that it counts in."""
        return self.independence_group or self.id


class Citation(Record):
    """Where in a source something is said.

    Attributes
    ----------
    source : str
        Which.
    locator : str
        Page, paragraph or minute.
    through : str or None
        Source that reports it, where it was not read itself.
    quote : str
        Few words of it, where they matter.
    quote_lang : str
        Its language, BCP 47.
    translation, translator_role : str
        In English, and by whom (a role, no name).
    evidence : str or None
        What of it is kept.
    """

    source: Id
    locator: Line = ""
    through: Id | None = None
    quote: Line = ""
    quote_lang: Annotated[str, Field(pattern=r"^([a-z]{2,3}(-[A-Za-z0-9]{2,8})*)?$")] = ""
    translation: Line = ""
    translator_role: Annotated[str, Field(max_length=100)] = ""
    evidence: Id | None = None


class Evidence(Record):
    """What is kept: a file or a page, by its hash.

    Attributes
    ----------
    title : str
        What it is.
    file : str
        Path from the case folder; empty where it is kept elsewhere.
    url : str
        Where it was had.
    sha256 : str
        Of its bytes.
    size : int or None
        Bytes.
    encoding_format : str
        Media type.
    retrieved : date or None
        When.
    copy_kind : str
        ``evidentiary`` (as it came in), ``working`` or ``derived``.
    derived_from : str or None
        What it was made of.
    tool : str
        By what, with its version.
    status_of_document : str
        Whether it is what it says it is.
    """

    title: Name
    file: Annotated[str, Field(max_length=300)] = ""
    url: Url = ""
    sha256: Annotated[str, Field(pattern=r"^([0-9a-f]{64})?$")] = ""
    size: Annotated[int, Field(ge=0)] | None = None
    encoding_format: Annotated[str, Field(max_length=100)] = ""
    retrieved: date | None = None
    copy_kind: Literal["evidentiary", "working", "derived"] = "evidentiary"
    derived_from: Id | None = None
    tool: Annotated[str, Field(max_length=200)] = ""
    status_of_document: Literal["authenticated", "unverified", "disputed", "forged"] = "unverified"

    @model_validator(mode="after")
    def _is_somewhere(self) -> Evidence:
        if not self.file and not self.url:
            raise ValueError("has neither file nor url; say where it is")
        if self.copy_kind == "derived" and self.derived_from is None:
            raise ValueError("is derived; say in derived_from what it was made of")
        return self


class Grade(Record):
    """How far somebody trusts a source or a citation, in the letters and digits of the Admiralty scale.

    Grades are added, never changed; a later one names the one it takes the place of. They are shown, and
    never reckoned with: no verdict rests on one.

    Attributes
    ----------
    subject : str
        Source (reliability) or citation or claim (credibility).
    reliability : str
        A completely reliable to E unreliable; F cannot be judged, which is not bad.
    credibility : int
        1 confirmed to 5 improbable; 6 cannot be judged, which is not bad.
    basis : str
        Why.
    graded_by : str
        Role, no name.
    graded : date
        When.
    supersedes : str or None
        Grade it takes the place of.
    """

    subject: Id
    reliability: Literal["A", "B", "C", "D", "E", "F"] = "F"
    credibility: Literal[1, 2, 3, 4, 5, 6] = 6
    basis: Prose
    graded_by: Name
    graded: date
    supersedes: Id | None = None

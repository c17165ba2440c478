"""Who a protected source is, and what they agreed to."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

import yaml
from pydantic import Field, ValidationError, model_validator

from leachwatch.case.records.record import Lat, Line, Lon, Name, Part, Prose, Several
from leachwatch.errors import VaultError

__all__ = ["Consent", "Contact", "Identity", "read_identity"]

_MOST_BYTES = 1 << 18


class Consent(Part):
    """What a source agreed to, and since when no more.

    Attributes
    ----------
    scope : str
        ``none``, ``background`` (may be known, not published) or ``publish`` (may be published unnamed).
    given, withdrawn : date or None
        When.
    """

    scope: Literal["none", "background", "publish"]
    given: date | None = None
    withdrawn: date | None = None

    @model_validator(mode="after")
    def _given_first(self) -> Consent:
        if self.scope != "none" and self.given is None:
            raise ValueError("needs given: the day on which it was given")
        if self.given and self.withdrawn and self.withdrawn < self.given:
            raise ValueError("was withdrawn before it was given; mend the dates")
        return self

    @property
    def publishable(self) -> bool:
        """Whether what the source said may be published now."""
        return self.scope == "publish" and self.withdrawn is None


class Contact(Part):
    """One way to reach a source."""

    kind: Literal["phone", "mail", "account", "address"]
    value: Name


class ExactPlace(Part):
    """Where a source lives, works, or stood."""

    lon: Lon
    lat: Lat
    name: Annotated[str, Field(max_length=200)] = ""


class TrueDay(Part):
    """A day that a source spoke of, or spoke on."""

    day: date
    what: Line = ""


class Identity(Part):
    """Who a source is.

    Attributes
    ----------
    real_name : str
        As they write it.
    other_names : tuple of str
        Every other spelling and script, nicknames, names of family that would tell: all are searched for.
    contacts : tuple of Contact
        How to reach them.
    relation : str
        How they know what they know.
    handler_role : str
        Who of the team speaks with them: a role, no name.
    consent : Consent
        What they agreed to.
    risk_note : str
        What threatens them.
    places : tuple of ExactPlace
        Where.
    days : tuple of TrueDay
        When.
    virtual_identity : str
        What the team is called where it speaks with them.
    common_words : tuple of str
        Words of their names that stand in public texts anyway, such as names of towns; a hit on one of these
        alone is none.
    """

    real_name: Name
    other_names: Several[Name] = ()
    contacts: Several[Contact] = ()
    relation: Prose = ""
    handler_role: Name
    consent: Consent
    risk_note: Prose = ""
    places: Several[ExactPlace] = ()
    days: Several[TrueDay] = ()
    virtual_identity: Annotated[str, Field(max_length=200)] = ""
    common_words: Several[Name] = ()

    def __repr__(self) -> str:
        """Say nothing: a traceback must not tell."""
        return "Identity()"

    __str__ = __repr__


def read_identity(text: bytes) -> Identity:
    """Read an identity from YAML.

    Raises
    ------
    VaultError
        If it is wrong; the message names field or line, and none of the content.
    """
    if len(text) > _MOST_BYTES:
        raise VaultError(f"identity: has {len(text)} bytes, more than {_MOST_BYTES}; shorten it")
    try:
        content: Any = yaml.safe_load(text)
        return Identity.model_validate(content)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise VaultError(f"identity: line {line}: not YAML; check its indents and quotes") from None
    except ValidationError as error:
        fault = error.errors(include_input=False, include_url=False, include_context=False)[0]
        field = ".".join(str(part) for part in fault["loc"] if fault["type"] != "extra_forbidden")
        what = "has a field that there is not" if fault["type"] == "extra_forbidden" else fault["msg"]
        raise VaultError(f"identity: {field or 'record'}: {what}; see docs/vault.md") from None
    except (yaml.YAMLError, ValueError, RecursionError):
        raise VaultError("identity: is no YAML in UTF-8; check its quotes and dates") from None

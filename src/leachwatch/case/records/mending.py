"""What pydantic finds wrong, as faults in plain words: the line, the field, the mend."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from difflib import get_close_matches
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from leachwatch.case.records.document import BROKEN, Marks, line_at
from leachwatch.case.records.faults import Fault, clipped, path_of, sentence
from leachwatch.case.records.shapes import expected_at, field_names, models_at

__all__ = ["nearest", "validated"]

M = TypeVar("M", bound=BaseModel)
_MOST = 200
"""Faults of one record that are put into words; nobody reads more."""

_Place = tuple[str | int, ...]


def validated(
    kind: type[M], value: Any, marks: Marks, *, file: str, record: str = ""
) -> tuple[M | None, tuple[Fault, ...]]:
    """Make a model of plain values.

    Parameters
    ----------
    kind : type of BaseModel
        Which.
    value : object
        As a `Document` has it.
    marks : Marks
        Lines of it.
    file, record : str
        How faults name them.

    Returns
    -------
    model or None
        None where there are faults.
    tuple of Fault
        Misspelt fields first.
    """
    if not isinstance(value, dict):
        line = line_at(marks)
        what = f"is no mapping of fields; write {expected_at(kind, ())}, each with a colon and its value"
        return None, (Fault(file, line, record, "", what),)
    try:
        return kind.model_validate(value), ()
    except ValidationError as error:
        found = error.errors(include_url=False)[:_MOST]
    faults = [
        (one, place, Fault(file, line_at(marks, *place), record, path_of(place), sentence(what)))
        for one in found
        if one["input"] is not BROKEN
        for place, what in [_mended(kind, value, one)]
    ]
    misspelt = {
        (place[:-1], near)
        for one, place, _ in faults
        if one["type"] == "extra_forbidden" and (near := _near_field(kind, one["loc"]))
    }
    kept = [
        (one["type"] != "extra_forbidden", fault)
        for one, place, fault in faults
        if not (one["type"] == "missing" and (place[:-1], str(place[-1])) in misspelt)
        if not (one["type"] == "too_short" and one["input"])  # of its parts some are wrong, none is missing
    ]
    return None, tuple(fault for _, fault in sorted(kept, key=lambda pair: pair[0]))


def nearest(word: str, words: Sequence[str]) -> str:
    """Ask for the nearest of some words, or say nothing.

    Examples
    --------
    >>> nearest("citatons", ["citations", "claims"])
    'did you mean citations?'
    """
    near = get_close_matches(word[:100], words, n=1)
    return f"did you mean {near[0]}?" if near else ""


def _mended(kind: type[BaseModel], value: Any, error: Any) -> tuple[_Place, str]:
    """Place of an error as people see it, and what to say of it."""
    where: _Place = error["loc"]
    place = _place(value, where, missing=error["type"] == "missing")
    if error["type"] == "extra_forbidden":
        near = _near_field(kind, where)
        return place, f"no such field; {f'did you mean {near}?' if near else 'delete it'}"
    if where == ("id",) and error["type"] == "missing":
        return place, "is missing; leachwatch check --lint --fill writes one"
    if error["type"] == "missing":
        expected = expected_at(kind, where)
        return place, f"is missing; add it{f': {expected}' if expected else ''}"
    context = error.get("ctx", {})
    if error["type"] in ("union_tag_not_found", "union_tag_invalid"):
        return _tagged(place, context, kind, where)
    say = _SAID.get(error["type"])
    if say is not None:
        return place, say(context, error["input"])
    message = str(error["msg"]).removeprefix("Value error, ")
    return place, f"{message[:1].lower()}{message[1:]}"


def _place(value: Any, where: _Place, *, missing: bool) -> _Place:
    """Where something is, without the tags of unions that pydantic puts in between."""
    place: list[str | int] = []
    for number, part in enumerate(where):
        if isinstance(value, dict) and part not in value:
            if not (missing and number == len(where) - 1):
                continue
        elif not isinstance(value, dict) and not isinstance(part, int):
            continue
        place.append(part)
        try:
            value = value[part]
        except (KeyError, IndexError, TypeError):
            value = None
    return tuple(place)


def _tagged(place: _Place, context: Any, kind: type[BaseModel], where: _Place) -> tuple[_Place, str]:
    field = context["discriminator"].strip("'")
    words = [str(word) for one in models_at(kind, where) for word in _words_of(one, field)]
    allowed = ", ".join(words)
    if "tag" not in context:
        return (*place, field), f"is missing; add it: one of {allowed}"
    return (*place, field), _none_of(context["tag"], words)


def _words_of(kind: type[BaseModel], field: str) -> Sequence[Any]:
    return getattr(kind.model_fields[field].annotation, "__args__", ())


def _none_of(given: Any, words: Sequence[str]) -> str:
    shown = clipped(repr(given)) if isinstance(given, str | int | float | bool) else "this"
    near = nearest(given, words) if isinstance(given, str) else ""
    return f"{shown} is none of {', '.join(words)}{f'; {near}' if near else '; use one of these'}"


def _literal(context: Any, given: Any) -> str:
    words = [word.strip("' ") for word in context["expected"].replace(" or ", ", ").split(",")]
    return _none_of(given, words)


def _near_field(kind: type[BaseModel], where: _Place) -> str:
    names = [name for one in models_at(kind, where[:-1]) for name in field_names(one)]
    near = get_close_matches(str(where[-1])[:100], names, n=1)
    return near[0] if near else ""


_PATTERNS = {
    r"^[a-z]{3}-[0-9a-hjkmnp-tv-z]{10}$": "is no id: three letters of its kind, a dash and ten random signs, "
    "such as act-7k2m9x4q1r; leachwatch check --lint --fill writes one where it is missing",
    r"^(https?://\S{1,2000})?$": "is no address; write one that begins with https:// or http://",
    r"^[A-Z]{3}$": "is no country; write the three capital letters of ISO 3166, such as MMR",
    r"^([0-9a-f]{64})?$": "is no SHA-256; write its 64 signs 0-9 and a-f, as sha256sum prints them",
    r"^[0-9]{2,10}$": "is no customs code; write its digits alone, in quotes, such as '284690'",
    r"^([A-Z]{3}[0-9]{3,12})?$": "is no code of a place; write it as MIMU does, such as MMR001001",
    r"^([a-z]{2,3}(-[A-Za-z0-9]{2,8})*)?$": "is no language; write its code, such as my, zh or en",
}
_FIELDS_BELOW = "must hold fields of its own, each on a line below it with two spaces before"
_A_LIST = "must be a list: [one, two], or lines that begin with a dash"

_Say = Callable[[Mapping[str, Any], Any], str]
_SAID: dict[str, _Say] = {
    "string_type": lambda _, given: "is empty; write something" if given is None else _quoted(given),
    "string_too_short": lambda _, given: "is empty; write something" if not given else "is too short",
    "string_too_long": lambda context, given: (
        f"is {len(given):,} signs long, more than {context['max_length']:,}; shorten it"
    ),
    "string_pattern_mismatch": lambda context, _: _PATTERNS.get(
        context["pattern"], "has signs that may not stand here; use a-z, 0-9 and dashes"
    ),
    "literal_error": _literal,
    "date_type": lambda *_: "must be a date such as 2024-10-11, without quotes and time",
    "float_type": lambda *_: "must be a number, without quotes",
    "int_type": lambda *_: "must be a whole number, without quotes",
    "bool_type": lambda *_: "must be true or false",
    "finite_number": lambda *_: "must be a number; infinity and nan are none",
    "greater_than": lambda context, _: f"must be more than {context['gt']:,g}; mend it",
    "greater_than_equal": lambda context, _: f"must be at least {context['ge']:,g}; mend it",
    "less_than_equal": lambda context, _: f"must be at most {context['le']:,g}; mend it",
    "model_type": lambda *_: _FIELDS_BELOW,
    "model_attributes_type": lambda *_: _FIELDS_BELOW,
    "dict_type": lambda *_: _FIELDS_BELOW,
    "tuple_type": lambda *_: _A_LIST,
    "list_type": lambda *_: _A_LIST,
    "too_short": lambda context, _: f"needs {context['min_length']} or more; add what is missing",
    "too_long": lambda context, _: f"may have {context['max_length']} at most; take some out",
}


def _quoted(given: Any) -> str:
    return _A_TEXT if isinstance(given, dict | list) else "must be text; put it in quotes"


_A_TEXT = "must be text, not a list or fields; put it in quotes"

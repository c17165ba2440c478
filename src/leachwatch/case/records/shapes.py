"""What a model expects at a place in it: its fields, its words, in plain words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

__all__ = ["expected_at", "field_names", "models_at", "models_of"]

_WORDS: dict[Any, str] = {
    str: "text", float: "a number", int: "a whole number", bool: "true or false",
    date: "a date such as 2024-10-11",
}  # fmt: skip


def models_at(kind: type[BaseModel], place: Sequence[str | int]) -> list[type[BaseModel]]:
    """Models that may stand at a place, as pydantic names it (with the tags of unions in it)."""
    return [one for one in _options(_annotation_at(kind, place)) if _is_model(one)]


def models_of(kind: type[BaseModel]) -> list[type[BaseModel]]:
    """Models that a model is made of, itself first, in the order of its fields."""
    found: dict[type[BaseModel], None] = {}
    waiting: list[Any] = [kind]
    while waiting:
        for one in _options(waiting.pop(0)):
            if not _is_model(one):
                waiting += [inside for inside in get_args(one) if get_origin(one) is not Literal]
            elif one not in found:
                found[one] = None
                waiting += [info.annotation for info in one.model_fields.values()]
    return [*found]


def field_names(kind: type[BaseModel]) -> list[str]:
    """Names of its fields, as people write them."""
    return [info.alias or name for name, info in kind.model_fields.items()]


def expected_at(kind: type[BaseModel], place: Sequence[str | int]) -> str:
    """Say in words what is to stand there; nothing where there are none for it.

    Examples
    --------
    >>> from leachwatch.case.records.events import Event
    >>> expected_at(Event, ("place", "precision"))
    'one of 1, 2, 3'
    """
    options = list(_options(_annotation_at(kind, place)))
    words = [str(word) for one in options if get_origin(one) is Literal for word in get_args(one)]
    if words:
        return f"one of {', '.join(words)}"
    for one in options:
        if _is_model(one):
            needed = [info.alias or name for name, info in one.model_fields.items() if info.is_required()]
            return f"its fields {', '.join(needed)}" if needed else "its fields"
        if get_origin(one) in (tuple, list):
            return "a list"
        if one in _WORDS:
            return _WORDS[one]
    return ""


def _annotation_at(kind: type[BaseModel], place: Sequence[str | int]) -> Any:
    found: Any = kind
    for part in place:
        found = _step(found, part)
    return found


def _step(annotation: Any, part: str | int) -> Any:
    for one in _options(annotation):
        if isinstance(part, int) and get_origin(one) in (tuple, list):
            inside = get_args(one)
            return inside[0] if Ellipsis in inside or get_origin(one) is list else inside[part]
        if get_origin(one) is dict:
            return get_args(one)[1]
        if _is_model(one):
            info = _field(one, str(part))
            if info is not None:
                return info.annotation
            if part in _tags(one):
                return one
    return None


def _field(kind: type[BaseModel], name: str) -> FieldInfo | None:
    for own, info in kind.model_fields.items():
        if name == (info.alias or own):
            return info
    return None


def _tags(kind: type[BaseModel]) -> set[Any]:
    return {
        word
        for name in ("kind", "of")
        if name in kind.model_fields
        for word in get_args(kind.model_fields[name].annotation)
    }


def _options(annotation: Any) -> Iterator[Any]:
    if get_origin(annotation) is Annotated:
        yield from _options(get_args(annotation)[0])
    elif get_origin(annotation) in (Union, UnionType):
        for one in get_args(annotation):
            yield from _options(one)
    elif annotation is not NoneType and annotation is not None:
        yield annotation


def _is_model(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)

"""A YAML file as plain values, each with the line that it stands on.

The file is read event by event in C, and put together here: so depth, size and number of values are bounded
before anything is built, an alias is seen where it stands, and no tag makes anything but plain values.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

import yaml
from yaml.constructor import SafeConstructor
from yaml.nodes import ScalarNode

from leachwatch.case.records.faults import Fault, clipped, path_of

__all__ = ["BROKEN", "MOST_FAULTS", "Document", "Marks", "line_at", "read_document", "value_of"]

Marks: TypeAlias = "int | tuple[int, dict[str, Marks] | list[Marks]]"
"""Line of a value, with the marks of what is in it."""

MOST_FAULTS = 1_000
"""Faults after which no more are looked for."""

_MAX_BYTES = 64_000_000
_MAX_VALUES = 3_000_000
_MAX_DEPTH = 32
_MAX_TEXT = 100_000

_MAX_WHOLE = 1 << 63

_TAG = "tag:yaml.org,2002:"
_BURMESE = re.compile("[\u1000-\u109f]")


class _Broken:
    """Stands where a value could not be read."""


BROKEN = _Broken()
"""What stands in a document where a fault was found already."""


class _Stop(Exception):  # noqa: N818 - it says that reading ends here
    """Nothing after this place can be read."""

    def __init__(self, line: int, what: str) -> None:
        super().__init__(what)
        self.line, self.what = line, what


@dataclass
class Document:
    """What a YAML file says.

    Attributes
    ----------
    file : str
        Its name, as faults name it.
    value : object
        Plain values; `BROKEN` where one could not be read; None of an empty file.
    marks : Marks
        Where each stands.
    faults : list of Fault
        What is wrong with it as YAML; ``record`` is empty.
    places : list of tuple
        Of each fault, the names and numbers that lead to it.
    burmese : bool
        Whether there is Burmese script in it.
    text : str
        What was read, without a mark of byte order.
    """

    file: str
    value: Any = None
    marks: Marks = 1
    faults: list[Fault] = field(default_factory=list)
    places: list[tuple[str | int, ...]] = field(default_factory=list)
    burmese: bool = False
    text: str = field(default="", repr=False)

    def wrong(self, line: int, place: tuple[str | int, ...], what: str) -> None:
        """Note a fault; reading ends where there are too many of them."""
        if len(self.faults) == MOST_FAULTS:
            raise _Stop(line, f"more than {MOST_FAULTS:,} faults so far; mend those first")
        self.faults.append(Fault(self.file, line, "", path_of(place), what))
        self.places.append(place)


def read_document(path: Path, file: str) -> Document:
    """Read a YAML file; whatever is wrong with it is in its faults.

    Parameters
    ----------
    path : Path
        Where it is.
    file : str
        What faults call it.
    """
    document = Document(file)
    try:
        document.text = _text(path)
        _Composer(document).compose(document.text)
    except _Stop as stop:
        document.value, document.marks = None, 1
        document.faults.append(Fault(file, stop.line, "", "", stop.what))
        document.places.append(())
    return document


def value_of(text: str) -> Any:
    """Plain values of a text; `BROKEN` where it is no YAML."""
    document = Document("")
    try:
        _Composer(document).compose(text)
    except _Stop:
        return BROKEN
    return BROKEN if document.faults else document.value


def line_at(marks: Marks, *place: str | int) -> int:
    """Line of what these names and numbers lead to, or of the last thing on the way there."""
    for part in place:
        if isinstance(marks, int):
            return marks
        line, inside = marks
        try:
            marks = inside[part]  # type: ignore[index]
        except (KeyError, IndexError, TypeError):
            return line
    return marks if isinstance(marks, int) else marks[0]


def _text(path: Path) -> str:
    try:
        size = path.stat().st_size
        if size > _MAX_BYTES:
            raise _Stop(1, f"has {size:,} bytes, more than {_MAX_BYTES:,}; take long texts out of it")
        content = path.read_bytes()
    except OSError as error:
        raise _Stop(1, f"cannot be read ({error.strerror}); check its permissions") from error
    try:
        return content.removeprefix(codecs.BOM_UTF8).decode()
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise _Stop(line, f"is not UTF-8 (byte {error.start}); save it as UTF-8") from error


class _Frame:
    """A list or mapping that is being put together."""

    __slots__ = ("inside", "key", "key_line", "lines", "start")

    def __init__(self, inside: dict[str, Any] | list[Any], line: int) -> None:
        self.inside: Any = inside
        self.lines: Any = {} if isinstance(inside, dict) else []
        self.start = line
        self.key: str | None = None
        self.key_line = line


class _Composer:
    def __init__(self, document: Document) -> None:
        self._document = document
        self._stack: list[_Frame] = []
        self._known: dict[str, Any] = {}
        self._anchors: dict[str, int] = {}
        self._count = 0
        self._documents = 0

    def compose(self, text: str) -> None:
        loader = yaml.CSafeLoader(text)
        try:
            for event in self._events(loader):
                self._take(event)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            raise _Stop(mark.line + 1 if mark else 1, _not_yaml(error)) from error
        except yaml.reader.ReaderError as error:
            line = text.encode()[: error.position].count(b"\n") + 1
            raise _Stop(line, "not YAML (it holds a sign that no text has); delete that sign") from error
        except (yaml.YAMLError, UnicodeError) as error:
            raise _Stop(1, "not YAML; check its indents and quotes") from error
        finally:
            loader.dispose()
        self._document.burmese = bool(_BURMESE.search(text))

    def _events(self, loader: Any) -> Iterator[Any]:
        while loader.check_event():
            yield loader.get_event()

    def _take(self, event: Any) -> None:
        kind = type(event)
        if kind is yaml.ScalarEvent:
            self._scalar(event)
        elif kind is yaml.MappingStartEvent:
            self._open({}, event)
        elif kind is yaml.SequenceStartEvent:
            self._open([], event)
        elif kind in (yaml.MappingEndEvent, yaml.SequenceEndEvent):
            frame = self._stack.pop()
            self._put(frame.inside, (frame.start, frame.lines))
        elif kind is yaml.AliasEvent:
            self._alias(event)
        elif kind is yaml.DocumentStartEvent:
            self._documents += 1
            if self._documents > 1:
                line = event.start_mark.line + 1
                raise _Stop(line, "a second document begins here; delete the line of dashes before it")

    def _counted(self, event: Any, line: int) -> None:
        self._count += 1
        if self._count > _MAX_VALUES:
            raise _Stop(line, f"has more than {_MAX_VALUES:,} values; no case needs so many")
        if event.anchor:
            self._anchors[event.anchor] = line

    def _open(self, inside: dict[str, Any] | list[Any], event: Any) -> None:
        line = event.start_mark.line + 1
        self._counted(event, line)
        if len(self._stack) >= _MAX_DEPTH:
            raise _Stop(line, f"goes more than {_MAX_DEPTH} levels deep; check its brackets and indents")
        if self._wants_key():
            raise _Stop(line, "the name of a field must be a word; put text with braces in quotes")
        if event.tag not in (None, "!", f"{_TAG}map", f"{_TAG}seq"):
            self._document.wrong(line, self._place(), f"tag {clipped(event.tag)} is not read; delete it")
        self._stack.append(_Frame(inside, line))

    def _alias(self, event: Any) -> None:
        line = event.start_mark.line + 1
        if self._wants_key():
            raise _Stop(line, "the name of a field must be a word; an alias is none")
        first = self._anchors.get(event.anchor)
        where = f" (from line {first})" if first else ""
        what = f"alias *{clipped(event.anchor)}{where} is not followed; write what it stands for"
        self._document.wrong(line, self._place(), what)
        self._put(BROKEN, line)

    def _scalar(self, event: Any) -> None:
        line = event.start_mark.line + 1
        text: str = event.value
        self._counted(event, line)
        if self._wants_key():
            self._name(text, line)
            return
        if len(text) > _MAX_TEXT:
            what = f"is {len(text):,} signs long, more than {_MAX_TEXT:,}; shorten it, or keep it as a file"
            self._document.wrong(line, self._place(), what)
            self._put(BROKEN, line)
            return
        plain, quoted = event.implicit
        tag = self._tag(text) if plain else f"{_TAG}str" if quoted else event.tag
        self._put(self._value(tag, text, line), line)

    def _value(self, tag: str, text: str, line: int) -> Any:
        if tag in (f"{_TAG}str", "!"):
            return text
        try:
            made = _MADE[tag](_CONSTRUCTOR, ScalarNode(tag, text))
            if not isinstance(made, int) or abs(made) < _MAX_WHOLE:
                return made
            what = f"{clipped(text)}: is a number beyond all measure; put it in quotes"
        except KeyError:
            what = f"tag {clipped(tag)} is not read; delete it"
        except (ValueError, OverflowError, AttributeError, TypeError):
            is_day = tag == f"{_TAG}timestamp"
            mend = "there is no such day; mend the date" if is_day else "cannot be read; put it in quotes"
            what = f"{clipped(text)}: {mend}"
        self._document.wrong(line, self._place(), what)
        return BROKEN

    def _tag(self, text: str) -> str:
        tag: str | None = self._known.get(text)
        if tag is None:
            tag = next(
                (tag for tag, looks in _RESOLVERS.get(text[:1], ()) if looks.match(text) and tag in _MADE),
                f"{_TAG}str",
            )
            self._known[text] = tag
        return tag

    def _wants_key(self) -> bool:
        return bool(self._stack) and self._stack[-1].key is None and type(self._stack[-1].inside) is dict

    def _name(self, text: str, line: int) -> None:
        frame = self._stack[-1]
        frame.key, frame.key_line = text, line
        if len(text) > _MAX_TEXT:
            raise _Stop(line, f"the name of a field is {len(text):,} signs long; check its quotes")
        if text in frame.inside:
            first = frame.lines[text]
            first = first if isinstance(first, int) else first[0]
            self._document.wrong(line, self._place(), f"stands twice (first on line {first}); delete one")

    def _put(self, value: Any, marks: Marks) -> None:
        if not self._stack:
            self._document.value, self._document.marks = value, marks
            return
        frame = self._stack[-1]
        if type(frame.inside) is list:
            frame.inside.append(value)
            frame.lines.append(marks)
            return
        key = frame.key
        frame.key = None
        if key not in frame.inside:
            frame.inside[key] = value
            frame.lines[key] = (frame.key_line, marks[1]) if isinstance(marks, tuple) else frame.key_line

    def _place(self) -> tuple[str | int, ...]:
        return tuple(
            len(frame.inside) if type(frame.inside) is list else str(frame.key) for frame in self._stack
        )


_CONSTRUCTOR = SafeConstructor()
_MADE: dict[str, Any] = {
    f"{_TAG}{word}": make
    for word, make in {
        "str": SafeConstructor.construct_yaml_str,
        "null": SafeConstructor.construct_yaml_null,
        "bool": SafeConstructor.construct_yaml_bool,
        "int": SafeConstructor.construct_yaml_int,
        "float": SafeConstructor.construct_yaml_float,
        "timestamp": SafeConstructor.construct_yaml_timestamp,
    }.items()
}
_RESOLVERS: dict[str, list[tuple[str, Any]]] = yaml.SafeLoader.yaml_implicit_resolvers


def _not_yaml(error: yaml.MarkedYAMLError) -> str:
    problem = clipped(str(error.problem or error.context or "something is missing"))
    mend = "use spaces for indents, never tabs" if "\\t" in problem or "tab" in problem else ""
    return f"not YAML ({problem}); {mend or 'check its indents and quotes'}"

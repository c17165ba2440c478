"""A text that is English and knows its message, so that a page can say it in another language."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Self

__all__ = [
    "Message",
    "Name",
    "Text",
    "either",
    "filled",
    "joined",
    "listed",
    "many",
    "names",
    "say",
    "sentence",
]

_PLACE = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Message:
    """An English sentence with places to fill in, as it stands in the catalogues.

    Attributes
    ----------
    one : str
        The sentence; with a plural, that of one thing.
    other : str
        That of any other number; empty where nothing is counted.
    """

    one: str
    other: str = ""

    def english(self, count: int | None) -> str:
        """Choose the form for a number of things."""
        return self.one if not self.other or count == 1 else self.other


class Text(str):  # noqa: SLOT000 - it has attributes of its own
    """English, with the message and the values that it was made from.

    Cut or joined with ``+`` it is a plain string and stays English wherever it is shown; `joined` and
    `listed` keep what it was made from.

    Attributes
    ----------
    message : Message
    values : mapping of str to str
        A value that is a `Text` is said in the language of the whole.
    things : int or None
        How many things, where the message has a plural.
    """

    message: Message
    values: Mapping[str, str]
    things: int | None

    def __new__(cls, message: Message, values: Mapping[str, str], count: int | None = None) -> Self:
        """Say it in English."""
        text = super().__new__(cls, filled(message.english(count), values))
        text.message, text.values, text.things = message, values, count
        return text

    def __getnewargs__(self) -> tuple[Message, Mapping[str, str], int | None]:  # type: ignore[override]
        """Name what a copy is made from."""
        return self.message, self.values, self.things


class Name(str):  # noqa: SLOT000 - it has attributes of its own
    """A name that records give in several languages; elsewhere it stands as it is.

    Attributes
    ----------
    names : mapping of str to str
        By language.
    """

    names: Mapping[str, str]

    def __new__(cls, name: str, names: Mapping[str, str]) -> Self:
        """Take the name that stands where a language has none."""
        text = super().__new__(cls, name)
        text.names = {language: said for language, said in names.items() if said}
        return text

    def __getnewargs__(self) -> tuple[str, Mapping[str, str]]:  # type: ignore[override]
        """Name what a copy is made from."""
        return str(self), self.names


def names(sentence: str) -> tuple[str, ...]:
    """Places of a sentence, each once, in the order in which they come.

    Examples
    --------
    >>> names("{many} of {all}, {many} in all")
    ('many', 'all')
    """
    return tuple(dict.fromkeys(_PLACE.findall(sentence)))


def filled(sentence: str, values: Mapping[str, str]) -> str:
    """Fill the places of a sentence; what is filled in is not read again."""
    return _PLACE.sub(lambda place: str(values[place[1]]), sentence)


def sentence(text: str) -> str:
    """Name a sentence for the catalogues that `say` is given elsewhere."""
    return text


def say(message: str, /, **values: str | int) -> Text:
    """Make a text of a sentence of the catalogues.

    Examples
    --------
    >>> say("before {day}", day="2022-01-14")
    'before 2022-01-14'
    """
    return Text(Message(message), {name: _written(value) for name, value in values.items()})


def many(one: str, other: str, count: int, /, **values: str | int) -> Text:
    """Make a text of so many things; ``{many}`` is their number, unless it is given another way.

    Examples
    --------
    >>> many("{many} site", "{many} sites", 1), many("{many} site", "{many} sites", 2000)
    ('1 site', '2,000 sites')
    """
    said = {"many": _written(count)} | {name: _written(value) for name, value in values.items()}
    used = names(one + other)
    return Text(Message(one, other), {name: said[name] for name in used}, count)


def joined(sentences: Sequence[str]) -> str:
    """Put sentences after each other, with the space that the language has between them."""
    return reduce(lambda one, more: say("{one} {more}", one=one, more=more), sentences)


def listed(things: Sequence[str]) -> str:
    """List things, the last after an "and".

    Examples
    --------
    >>> listed(["a"]), listed(["a", "b"]), listed(["a", "b", "c"])
    ('a', 'a and b', 'a, b and c')
    """
    *first, last = things
    if not first:
        return last
    some = reduce(lambda one, more: say("{one}, {more}", one=one, more=more), first)
    return say("{some} and {last}", some=some, last=last)


def either(things: Sequence[str]) -> str:
    """List things, the last after an "or"."""
    *first, last = things
    if not first:
        return last
    some = reduce(lambda one, more: say("{one}, {more}", one=one, more=more), first)
    return say("{some} or {last}", some=some, last=last)


def _written(value: str | int) -> str:
    return value if isinstance(value, str) else f"{value:,}"

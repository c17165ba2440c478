"""The key of UN Comtrade: read, sent in a header, and shown to nobody."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from leachwatch.errors import NetworkError

__all__ = ["Key", "find_key"]

_VARIABLE = "COMTRADE_KEY"
_HEADER = "Ocp-Apim-Subscription-Key"
_HIDDEN = "(the key)"


class Key:
    """A subscription key, which no text, log or file may hold.

    Parameters
    ----------
    text : str
        As UN Comtrade gave it.

    Raises
    ------
    NetworkError
        If that is no key; the message does not repeat it.

    Examples
    --------
    >>> Key("0123456789abcdef")
    Key(hidden)
    """

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        if not re.fullmatch(r"[A-Za-z0-9_-]{8,128}", text):
            raise NetworkError("the key of UN Comtrade is 8 to 128 letters and digits; this one is not")
        self._text = text

    def __repr__(self) -> str:
        return "Key(hidden)"

    def __reduce__(self) -> str:
        raise TypeError("a key is not written anywhere")

    def header(self) -> dict[str, str]:
        """Header of a request; never kept in a client, whose representation would show it."""
        return {_HEADER: self._text}

    def is_in(self, content: bytes) -> bool:
        """Whether something holds the key, in whatever case."""
        return self._text.lower().encode() in content.lower()

    def hidden_in(self, text: str) -> str:
        """Text without the key."""
        return re.sub(re.escape(self._text), _HIDDEN, text, flags=re.IGNORECASE)


def find_key(environment: Mapping[str, str], path: Path | None = None) -> Key:
    """Read the key from a file, or from the variable ``COMTRADE_KEY``.

    Parameters
    ----------
    environment : mapping
        Of the process.
    path : Path, optional
        A file that holds the key and nothing else; it goes before the variable.

    Raises
    ------
    NetworkError
        If there is none, or it is no key.
    """
    if path is not None:
        try:
            return Key(path.read_text(encoding="utf-8-sig").strip())
        except (OSError, UnicodeDecodeError) as error:
            raise NetworkError(f"{path}: no key can be read there; put it alone into that file") from error
    text = environment.get(_VARIABLE, "").strip()
    if not text:
        raise NetworkError(
            "UN Comtrade wants a key: get a free one at comtradedeveloper.un.org and put it into "
            f"{_VARIABLE} or a file; --preview asks without one, 500 rows at a time"
        )
    return Key(text)

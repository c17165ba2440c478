"""Text brought to a form in which the same words are the same signs, however they are written."""

from __future__ import annotations

import html
import re
import sys
import unicodedata
from collections.abc import Iterator, Mapping
from urllib.parse import unquote

from leachwatch.leaks.burmese import spellings

__all__ = ["folded", "readings", "solid", "telephones", "words"]

_UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe00-\ufe0f\ufeff]"
)
_ACCENTS = re.compile("[\u0300-\u036f]")
_BEYOND_ASCII = re.compile("[^\x00-\x7f]+")
_BETWEEN = re.compile("[^\\w\u1000-\u1049\u1050-\u109f]+")
_TAG = re.compile(r"<[^<>]{0,2000}>")
_ESCAPED = re.compile(r"\\u\{?([0-9a-fA-F]{4,6})\}?|\\x([0-9a-fA-F]{2})")
_SURROGATES = re.compile("[\ud800-\udbff][\udc00-\udfff]")
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[^\W\d_])(?=\d)|(?<=\d)(?=[^\W\d_])")
_DIGITS = {
    zero + digit: str(digit)
    for zero in (0x1040, 0x1090, 0x0660, 0x06F0, 0x0966, 0xFF10)
    for digit in range(10)
}
_ENCODED = re.compile(r"[A-Za-z0-9+/=_-]{400,}")
_DECIMAL = re.compile(r"(?<![\d.])\d+\.\d+(?![\d.])")
_NUMBERS = re.compile(r"\d+(?:[\s()./·–-]{1,3}\d+)*")
_SHORTEST_NUMBER = 7
_LONGEST_NUMBER = 16  # digits of a telephone; what is longer is a list of numbers
_SPACED = bytes(byte if chr(byte).isalnum() or not chr(byte).isascii() else ord(" ") for byte in range(256))
"""Table that makes a space of every sign of ASCII that is no letter and no digit."""


def readings(text: str) -> Iterator[str]:
    """Give the text, the text without escapes (JSON, HTML, percent), and without tags, where these differ."""
    yield text
    plain = _unescaped(text)
    if plain != text:
        yield plain
    if "<" in plain:
        yield _TAG.sub("", plain)


def folded(text: str) -> tuple[str, ...]:
    """Words with one space between, small, without accents; one string for each way to read the Burmese.

    Examples
    --------
    >>> folded("Zoë_MÜLLER,  Ko")
    ('zoe muller ko',)
    """
    return tuple(one.lower() for one in _spaced(text))


def words(text: str) -> set[str]:
    """Every word of a text, and every word inside one that is written ``likeThis`` or ``likethis99``.

    Runs of hundreds of signs without a space are encoded bytes, in which any short word stands by chance;
    they are looked at decoded.
    """
    whole = {word for one in _spaced(_ENCODED.sub(" ", text)) for word in one.split()}
    return {part for word in whole for part in (word.lower(), *_HUMP.sub(" ", word).lower().split())}


def solid(plain: str) -> str:
    """Leave out the spaces of a folded text."""
    return plain.replace(" ", "")


def telephones(text: str) -> tuple[str, str]:
    """Find what may be telephone numbers: digits without what stands between them.

    Returns
    -------
    tuple of (str, str)
        Numbers as long as one may be, with a bar between; and what is longer, such as two beside each other
        or a list of coordinates, in which seven digits may well stand by chance.

    Examples
    --------
    >>> telephones("09-420 137 586; 97.84743, 25.1")
    ('09420137586', '')
    """
    runs = _NUMBERS.findall(_DECIMAL.sub("|", text.translate(_DIGITS) if not text.isascii() else text))
    whole, listed = [], []
    for run in runs:
        parts = re.findall(r"\d+", run)
        joined = "".join(parts)
        if len(joined) <= _LONGEST_NUMBER:
            whole.append(joined)
        else:
            whole += [part for part in parts if len(part) <= _LONGEST_NUMBER]
            listed.append(joined)
    return "|".join(one for one in whole if len(one) >= _SHORTEST_NUMBER), "|".join(listed)


def _spaced(text: str) -> tuple[str, ...]:
    """Words with one space between; capitals of ASCII as they are."""
    if text.isascii():
        return (_parted(text),)
    seen = _UNSEEN.sub("", text)
    runs = {run: tuple(_plain(one) for one in spellings(run)) for run in set(_BEYOND_ASCII.findall(seen))}
    ways = max(map(len, runs.values()), default=1)
    chosen = ({run: read[min(way, len(read) - 1)] for run, read in runs.items()} for way in range(ways))
    return tuple(_parted(_put(seen, written)) for written in chosen)


def _put(text: str, written: Mapping[str, str]) -> str:
    return _BEYOND_ASCII.sub(lambda found: written[found[0]], text)


def _parted(text: str) -> str:
    return b" ".join(text.encode("utf-8", "replace").translate(_SPACED).split()).decode()


def _plain(run: str) -> str:
    marked = unicodedata.normalize("NFKD", run)
    plain = unicodedata.normalize("NFC", _ACCENTS.sub("", marked)).translate(_DIGITS)
    return _BETWEEN.sub(" ", plain.casefold())


def _unescaped(text: str) -> str:
    if "\\" in text:
        text = _ESCAPED.sub(_sign, text)
        text = _SURROGATES.sub(lambda pair: pair[0].encode("utf-16", "surrogatepass").decode("utf-16"), text)
    if "&" in text:
        text = html.unescape(text)
    return unquote(text) if "%" in text else text


def _sign(found: re.Match[str]) -> str:
    number = int(found[1] or found[2], 16)
    return chr(number) if number <= sys.maxunicode else found[0]

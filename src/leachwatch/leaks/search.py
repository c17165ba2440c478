"""The search: each secret, its parts and its other spellings, in each layer of the bytes."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from pathlib import Path

from text_unidecode import unidecode

from leachwatch.errors import ReleaseError
from leachwatch.leaks.folding import folded, readings, solid, telephones, words
from leachwatch.leaks.ground import Ground
from leachwatch.leaks.secret import Secret
from leachwatch.leaks.unpacking import Layer, unpacked

__all__ = ["Finding", "Findings", "leaks"]

_SHORTEST_WORD = 4
_SHORTEST_PAIR = 6  # letters of two words beside each other
_SHORTEST_SOLID = 8
_SHORTEST_SYLLABLES = 4  # signs of Burmese
_SHORTEST_HAN = 2
_PROSE_WORDS = 5
_NUMBER_ENDS = (7, 8, 9)
_MASKED = re.compile(r"(?:[*•…]{2,}|[xX]{3,})[\s-]?(\d{4,6})(?!\d)")
_MASKED_ENDS = (4, 5, 6)
_TITLES = ("ဦး", "ဒေါ်", "ကို", "မောင်", "ဆရာမ", "ဆရာ", "စိုင်း", "နန်း")
_HAN = re.compile("[\u3400-\u9fff\U00020000-\U0003134f]")
_BURMESE = re.compile("[\u1000-\u109f]")

_RUN = re.compile(
    rb"(?:[\t\n\r -~]|[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}){4,}"
    rb"|(?:[\xe0-\xef][\x80-\xbf]{2}){2,}"
)
_WIDE_RUNS = {
    "utf-16-le": re.compile(rb"(?:[\t\n\r -~]\x00|[\x00-\xff][\x10\x4e-\x9f]){4,}"),
    "utf-16-be": re.compile(rb"(?:\x00[\t\n\r -~]|[\x10\x4e-\x9f][\x00-\xff]){4,}"),
}


@dataclass(frozen=True, order=True)
class Finding:
    """Something of a record stands where it must not.

    Attributes
    ----------
    where : str
        File, record or part.
    owner : str
        Record whose it is; empty where it could not be looked.
    how : str
        How it is wrapped, or why it could not be looked.
    """

    where: str
    owner: str
    how: str = ""


@dataclass(frozen=True)
class Findings:
    """What a search found; it never holds what was searched for.

    Attributes
    ----------
    leaks : tuple of Finding
        Sorted.
    unread : tuple of Finding
        What could not be looked through, and may hold anything.
    """

    leaks: tuple[Finding, ...]
    unread: tuple[Finding, ...]

    @property
    def clear(self) -> bool:
        """Whether everything was read, and nothing found."""
        return not self.leaks and not self.unread


def leaks(where: Path | bytes | Mapping[str, bytes | str], secrets: Iterable[Secret]) -> Findings:
    """Search for secrets in bytes, in texts by name, or in every file of a folder.

    Parameters
    ----------
    where : Path, bytes, or mapping of str to bytes or str
        A folder (or one file) to read; or the content itself, with what to call it.
    secrets : iterable of Secret
        What must not come out.

    Returns
    -------
    Findings

    Raises
    ------
    ReleaseError
        If a file cannot be read, or a folder holds a link.
    """
    needles = _Needles(tuple(secrets))
    found: set[Finding] = set()
    unread: set[Finding] = set()
    for name, content in _contents(where):
        shown = name
        if owners := needles.in_text(name):
            shown = "a file, in its name"
            found |= {Finding(shown, owner) for owner in owners}
        for layer in unpacked(content):
            if layer.closed:
                unread.add(Finding(shown, "", f"{layer.how} {layer.closed}".strip()))
            found |= {Finding(shown, owner, layer.how) for owner in needles.in_layer(layer)}
    return Findings(tuple(sorted(found)), tuple(sorted(unread)))


def _contents(where: Path | bytes | Mapping[str, bytes | str]) -> Iterator[tuple[str, bytes]]:
    if isinstance(where, bytes):
        yield "", where
    elif isinstance(where, Path):
        paths = sorted(where.rglob("*")) if where.is_dir() else [where]
        for path in paths:
            if path.is_symlink():
                raise ReleaseError(
                    f"{path}: is a link, which is not followed; put what it names there itself"
                )
        for path in (one for one in paths if one.is_file()):
            yield str(path.relative_to(where)) if where.is_dir() else path.name, _read(path)
    else:
        for name, content in where.items():
            yield name, content.encode() if isinstance(content, str) else content


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ReleaseError(f"{path}: cannot be read ({error.strerror}); check its permissions") from error


@dataclass
class _Needles:
    secrets: Sequence[Secret]
    single: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    phrases: dict[tuple[str, ...], set[str]] = field(default_factory=lambda: defaultdict(set))
    solids: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    digits: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    ends: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    ground: Ground = field(default_factory=lambda: Ground({}))

    def __post_init__(self) -> None:
        for secret in self.secrets:
            common = {word for text in secret.common for word in words(text)}
            for text in (*secret.names, *secret.handles):
                self._name(text, secret.owner, common)
                if _HAN.search(text):
                    self._together(unidecode(text), secret.owner, common)
            for text in secret.wholes:
                self._whole(text, secret.owner)
            for text in secret.prose:
                self._prose(text, secret.owner)
            for text in secret.numbers:
                self._number(text, secret.owner)
        self.ground = Ground({one.owner: one.places for one in self.secrets})

    def in_layer(self, layer: Layer) -> set[str]:
        """Owners whose secrets stand in one layer of some bytes."""
        found = self.ground.in_bytes(layer.data)
        for text in _texts(layer.data):
            found |= self.in_text(text)
        return found

    def in_text(self, text: str) -> set[str]:
        """Owners whose secrets stand in a text."""
        found: set[str] = set()
        for reading in readings(text):
            found |= self._in_words(reading) | self._in_numbers(reading) | self.ground.in_text(reading)
        return found

    def _in_words(self, text: str) -> set[str]:
        seen = words(text)
        found = {owner for word in self.single.keys() & seen for owner in self.single[word]}
        for plain in folded(text):
            whole = solid(plain)
            found |= {owner for part, owners in self.solids.items() if part in whole for owner in owners}
            spaced = f" {plain} "
            found |= {
                owner
                for phrase, owners in self.phrases.items()
                if seen.issuperset(phrase) and f" {' '.join(phrase)} " in spaced
                for owner in owners
            }
        return found

    def _in_numbers(self, text: str) -> set[str]:
        if not self.digits:
            return set()
        whole, listed = telephones(text)
        found = {
            owner
            for number, owners in self.digits.items()
            if number in whole or (len(number) >= _NUMBER_ENDS[-1] and number in listed)
            for owner in owners
        }
        masked = self.ends.keys() & set(_MASKED.findall(text))
        return found | {owner for end in masked for owner in self.ends[end]}

    def _name(self, text: str, owner: str, common: set[str]) -> None:
        for plain in folded(text):
            for part in plain.split():
                self._part(part, owner, common)
        self._together(text, owner, common)

    def _together(self, text: str, owner: str, common: set[str]) -> None:
        """Any two words beside each other, and all of them, apart or as one; each alone may mean anything."""
        for plain in folded(text):
            parts = plain.split()
            if len(parts) > 1 and len(solid(plain)) >= _SHORTEST_WORD and not set(parts) <= common:
                self.phrases[tuple(parts)].add(owner)
            for pair in pairwise(parts):
                if len("".join(pair)) >= _SHORTEST_PAIR and not set(pair) <= common:
                    self.phrases[pair].add(owner)
            if len(whole := solid(plain)) >= _SHORTEST_SOLID and not set(parts) <= common:
                self.solids[whole].add(owner)

    def _whole(self, text: str, owner: str) -> None:
        for plain in folded(text):
            if len(whole := solid(plain)) >= _SHORTEST_SOLID:
                self.solids[whole].add(owner)

    def _part(self, part: str, owner: str, common: set[str]) -> None:
        if part in common:
            return
        if _BURMESE.search(part):
            self._burmese(part, owner)
        elif _HAN.search(part):
            self._han(part, owner)
        elif len(part) >= _SHORTEST_WORD:
            self.single[part].add(owner)

    def _han(self, part: str, owner: str) -> None:
        for name in (part, part[1:]):  # the second without the family's name
            if len(name) >= _SHORTEST_HAN:
                self.solids[name].add(owner)

    def _burmese(self, part: str, owner: str) -> None:
        bare = next((part.removeprefix(title) for title in _titles() if part.startswith(title)), part)
        for name in {part, bare}:
            if len(name) >= _SHORTEST_SYLLABLES:
                self.solids[name].add(owner)

    def _prose(self, text: str, owner: str) -> None:
        for plain in folded(text):
            parts = plain.split()
            for start in range(len(parts) - _PROSE_WORDS + 1):
                self.phrases[tuple(parts[start : start + _PROSE_WORDS])].add(owner)

    def _number(self, text: str, owner: str) -> None:
        number = "".join(sign for sign in folded(text)[0] if sign.isdigit())
        for size in {*_NUMBER_ENDS, len(number)}:
            if _NUMBER_ENDS[0] <= size <= len(number):
                self.digits[number[-size:]].add(owner)
        for size in _MASKED_ENDS:
            self.ends[number[-size:]].add(owner)


@cache
def _titles() -> tuple[str, ...]:
    return tuple(folded(title)[0] for title in _TITLES)


def _texts(data: bytes) -> Iterator[str]:
    """Give what may be text, in the ways in which it may be written."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        yield data.decode("utf-16", "replace")
    try:
        yield data.decode()
    except UnicodeDecodeError:
        yield b"\n".join(found[0] for found in _RUN.finditer(data)).decode("utf-8", "replace")
    if b"\0" in data:
        for order, run in _WIDE_RUNS.items():
            yield "\n".join(
                found[0].decode(order, "replace") for place in (0, 1) for found in run.finditer(data, place)
            )

"""Codes of the Harmonized System: which goods a figure counts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from leachwatch.errors import RecordError

__all__ = ["CODES", "UNSTATED", "Code", "Role", "Scope", "code_of", "parse_scope"]

Role = Literal[
    "ore", "excluded", "parent", "oxide", "chloride", "carbonate", "other", "metal", "magnet", "chemical"
]

_WRITTEN = re.compile(r"\d{2,10}\*?")
_STATISTICAL = 8  # digits of the codes that China counts by; shorter ones are headings above them


@dataclass(frozen=True)
class Code:
    """What a code stands for.

    Attributes
    ----------
    code : str
        2 to 10 digits.
    name : str
        In English; the customs' own name behind it where it is used.
    role : str
        Part that it plays here; ``excluded`` is cerium, which leach mines do not send.
    verified : bool
        False where the code is from memory and has to be looked up before it is relied upon.
    """

    code: str
    name: str
    role: Role
    verified: bool = True


CODES: Mapping[str, Code] = MappingProxyType(
    {
        code.code: code
        for code in (
            Code("25309020", "ores of rare earth metals (bastnaesite)", "ore"),
            Code("284610", "cerium compounds", "excluded"),
            Code("284690", "compounds of rare earths, yttrium or scandium, without cerium", "parent"),
            Code("28469019", "other rare earth oxides (未列名氧化稀土)", "oxide"),
            Code("2846901992", "the same, 30 % or more medium and heavy rare earths", "oxide"),
            Code("28469028", "mixed rare earth chlorides", "chloride"),
            Code("28469048", "mixed rare earth carbonate (混合碳酸稀土)", "carbonate"),
            Code("28469099", "other rare earth compounds", "other"),
            Code("280530", "rare earth metals", "metal"),
            Code("850511", "permanent magnets of metal", "magnet"),
            Code("310221", "ammonium sulphate", "chemical", verified=False),
            Code("283699", "other carbonates (ammonium bicarbonate)", "chemical", verified=False),
            Code("291711", "oxalic acid", "chemical", verified=False),
        )
    }
)
"""Codes that matter here. ``28469019`` also holds separated oxides, so not all of it is mine feed."""


@dataclass(frozen=True)
class Scope:
    """The codes that a figure counts, each with all codes below it.

    Attributes
    ----------
    codes : tuple of str
        Sorted, digits only, none below another of them; empty where the source does not say.

    Examples
    --------
    >>> str(parse_scope("28469099 + 2846.90.19")), str(parse_scope("2846"))
    ('28469019+28469099', '2846*')
    >>> parse_scope("2846*").holds(parse_scope("28469019"))
    True
    """

    codes: tuple[str, ...]

    @property
    def stated(self) -> bool:
        """Whether the source says what it counts."""
        return bool(self.codes)

    def holds(self, other: Scope) -> bool:
        """Whether all that the other counts is counted here; never known where one is unstated."""
        return other.stated and all(code.startswith(self.codes) for code in other.codes)

    def disjoint(self, other: Scope) -> bool:
        """Whether nothing is counted in both; never known where one is unstated."""
        if not self.stated or not other.stated:
            return False
        return not any(
            mine.startswith(code) or code.startswith(mine) for mine in self.codes for code in other.codes
        )

    def __or__(self, other: Scope) -> Scope:
        """Codes of both; unstated if one is."""
        return _scope((*self.codes, *other.codes)) if self.stated and other.stated else UNSTATED

    def __str__(self) -> str:
        """As in the tables: joined by ``+``, a star for all below, or ``unstated``."""
        starred = (code if len(code) >= _STATISTICAL else f"{code}*" for code in self.codes)
        return "+".join(starred) or "unstated"


UNSTATED = Scope(())
"""Nobody knows which codes were counted."""


def parse_scope(text: str) -> Scope:
    """Codes as written, such as ``28469019+28469099`` or ``2846*``.

    Parameters
    ----------
    text : str
        Empty, ``unstated`` or with a question mark where the source leaves it open.

    Returns
    -------
    Scope

    Raises
    ------
    RecordError
        If it is no list of codes.
    """
    written = re.sub(r"[\s.]", "", text)
    if written in {"", "unstated"} or "?" in written:
        return UNSTATED
    codes = written.split("+")
    for code in codes:
        if not (code.isascii() and _WRITTEN.fullmatch(code)):
            raise RecordError(f"{text!r} is no list of codes; write 2 to 10 digits each, joined by +")
    return _scope(code.removesuffix("*") for code in codes)


def code_of(code: str) -> Code | None:
    """Find what a code stands for: the nearest of `CODES` that it is or lies below.

    Examples
    --------
    >>> code_of("2846901991").role, code_of("01012100")
    ('oxide', None)
    """
    known = (CODES[code[:digits]] for digits in range(len(code), 1, -1) if code[:digits] in CODES)
    return next(known, None)


def _scope(codes: Iterable[str]) -> Scope:
    kept: list[str] = []
    for code in sorted(set(codes)):
        if not kept or not code.startswith(kept[-1]):
            kept.append(code)
    return Scope(tuple(kept))

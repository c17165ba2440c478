"""Burmese as it is typed: in Unicode, marks in any order, or in Zawgyi, the older font that took its place.

Zawgyi gives the same numbers to other signs, and writes them in the order in which the eye meets them. One
string can so stand on a page in several ways; `spellings` brings each to one that can be compared.
"""

from __future__ import annotations

import re
import unicodedata

__all__ = ["from_zawgyi", "has_burmese", "spellings"]

_VIRAMA, _ASAT = "\u1039", "\u103a"
_KINZI = f"\u1004{_ASAT}{_VIRAMA}"

_MARKS = "\u103b\u103c\u103d\u103e\u1031\u102d\u102e\u1032\u102f\u1030\u102b\u102c\u103a\u1036\u1037\u1038"
_RANK = {mark: rank for rank, mark in enumerate(_MARKS)}
_SYLLABLE = re.compile(f"((?:{_KINZI})?[\u1000-\u102a\u103f](?:{_VIRAMA}[\u1000-\u1021])*)([{_MARKS}]+)")

# Zawgyi: what its own numbers stand for.
_BASES = {
    "\u106a": "\u1009", "\u106b": "\u100a", "\u106e": "\u100d\u1039\u100d", "\u106f": "\u100d\u1039\u100e",
    "\u1086": "\u103f", "\u108f": "\u1014", "\u1090": "\u101b", "\u1091": "\u100f\u1039\u100d",
    "\u1092": "\u100b\u1039\u100c", "\u1097": "\u100b\u1039\u100b", "\u1040": "\u101d",
}  # fmt: skip
_STACKED = {
    "\u1060": "\u1000", "\u1061": "\u1001", "\u1062": "\u1002", "\u1063": "\u1003", "\u1065": "\u1005",
    "\u1066": "\u1006", "\u1067": "\u1006", "\u1068": "\u1007", "\u1069": "\u1008", "\u106c": "\u100b",
    "\u106d": "\u100c", "\u1070": "\u100f", "\u1071": "\u1010", "\u1072": "\u1010", "\u1073": "\u1011",
    "\u1074": "\u1011", "\u1075": "\u1012", "\u1076": "\u1013", "\u1077": "\u1014", "\u1078": "\u1015",
    "\u1079": "\u1016", "\u107a": "\u1017", "\u107b": "\u1018", "\u107c": "\u1019", "\u1085": "\u101c",
    "\u1093": "\u1018", "\u1096": "\u1010",
}  # fmt: skip
_KINZIS = {"\u1064": "", "\u108b": "\u102d", "\u108c": "\u102e", "\u108d": "\u1036"}
_SIGNS = {
    "\u1033": "\u102f", "\u1034": "\u1030", "\u1039": "\u103a", "\u103a": "\u103b", "\u107d": "\u103b",
    "\u103c": "\u103d", "\u103d": "\u103e", "\u1087": "\u103e", "\u1088": "\u103e\u102f",
    "\u1089": "\u103e\u1030", "\u108a": "\u103d\u103e", "\u105a": "\u102b\u103a", "\u1094": "\u1037",
    "\u1095": "\u1037", "\u108e": "\u102d\u1036", "\u1096": "\u103d",
}  # fmt: skip
_RA = "\u103b\u107e\u107f\u1080\u1081\u1082\u1083\u1084"  # drawn round the letter, and typed before it
_AFTER = "".join(
    sorted({*_STACKED, *_KINZIS, *_SIGNS, *"\u102b\u102c\u102d\u102e\u102f\u1030\u1032\u1036\u1037\u1038"})
)
_MARKING = {*_AFTER} - ({*_STACKED} - {*_SIGNS})
_DRAWN = re.compile(
    f"([\u1031{_RA}]*)([\u1000-\u102a\u103f{''.join(_BASES)}])([{_AFTER}]*)"
)  # what stands before a letter, the letter, what stands after it


def has_burmese(text: str) -> bool:
    """Whether any of it is in the Myanmar script."""
    return _SCRIPT.search(text) is not None


_SCRIPT = re.compile("[\u1000-\u109f]")


def from_zawgyi(text: str) -> str:
    """Read text as Zawgyi, and write it in Unicode.

    Parameters
    ----------
    text : str
        Text in Zawgyi; nothing tells for sure whether it is.

    Returns
    -------
    str
        Nonsense where it was Unicode already; what is not Burmese is left as it is.

    Examples
    --------
    >>> from_zawgyi("\u1031\u1019\u102c\u1004\u1039") == "\u1019\u1031\u102c\u1004\u103a"
    True
    """
    return _in_order(_DRAWN.sub(_syllable, text))


def spellings(text: str) -> tuple[str, ...]:
    """Ways in which a text can be read, each with its marks in one order; one where it has no Burmese."""
    if not has_burmese(text):
        return (text,)
    composed = unicodedata.normalize("NFC", text)
    return tuple(dict.fromkeys((_in_order(composed), from_zawgyi(composed))))


def _syllable(found: re.Match[str]) -> str:
    before, base, after = found.groups()
    if base == "\u1040" and not (before or after):
        return base  # a zero, not the letter that looks like it
    kinzi = _KINZI if any(sign in _KINZIS for sign in after) else ""
    stacked = "".join(_VIRAMA + _STACKED[sign] for sign in after if sign in _STACKED)
    marks = "".join(_SIGNS.get(sign, _KINZIS.get(sign, sign)) for sign in after if sign in _MARKING)
    ra = "\u103c" if any(sign in _RA for sign in before) else ""
    e = "\u1031" if "\u1031" in before else ""
    return f"{kinzi}{_BASES.get(base, base)}{stacked}{ra}{e}{marks}"


def _in_order(text: str) -> str:
    """Write the marks of every syllable in one order, each once."""
    composed = unicodedata.normalize("NFC", text)
    sorted_marks = _SYLLABLE.sub(lambda found: found[1] + "".join(sorted({*found[2]}, key=_place)), composed)
    return sorted_marks.replace(f"\u1025{_ASAT}", f"\u1009{_ASAT}").replace("\u1025\u102e", "\u1026")


def _place(mark: str) -> int:
    return _RANK[mark]

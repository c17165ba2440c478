"""Text of a PDF, as far as it is written in letters and not in the numbers of a font's glyphs."""

from __future__ import annotations

import re

__all__ = ["pdf_text"]

_LOOKS_LIKE_IT = re.compile(rb"%PDF-|\bT[jJ]\b|/(?:Title|Author|Subject|Keywords|Creator|Producer)\b")
_SHOWN = re.compile(
    rb"(?P<row>\[(?:[^\]\\]|\\.)*\]\s*TJ)|(?P<text>\((?:[^()\\]|\\.)*\))|<(?P<hex>(?:[0-9A-Fa-f]\s*){4,})>",
    re.DOTALL,
)
_PIECE = re.compile(rb"\((?P<text>(?:[^()\\]|\\.)*)\)|<(?P<hex>[0-9A-Fa-f\s]*)>", re.DOTALL)
_ESCAPE = re.compile(rb"\\([0-7]{1,3}|\r?\n|.)", re.DOTALL)
_OCTAL = tuple(b"%d" % digit for digit in range(8))
_CONTROL = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def pdf_text(data: bytes) -> bytes:
    """Give the strings of a PDF, or of a page in it, each on a line, in UTF-8 where they say so.

    Parameters
    ----------
    data : bytes
        A whole file, or a stream of one that is no longer compressed.

    Returns
    -------
    bytes
        Nothing where it does not look like one.
    """
    if not _LOOKS_LIKE_IT.search(data):
        return b""
    return b"\n".join(_line(found) for found in _SHOWN.finditer(data))


def _line(found: re.Match[bytes]) -> bytes:
    if found["row"] is not None:
        return b"".join(_piece(one) for one in _PIECE.finditer(found["row"]))
    if found["hex"] is not None:
        return _decoded(_from_hex(found["hex"]))
    return _decoded(_ESCAPE.sub(_escaped, found["text"][1:-1]))


def _piece(found: re.Match[bytes]) -> bytes:
    if found["hex"] is not None:
        return _decoded(_from_hex(found["hex"]))
    return _decoded(_ESCAPE.sub(_escaped, found["text"]))


def _from_hex(digits: bytes) -> bytes:
    text = b"".join(digits.split()).decode()
    return bytes.fromhex(text + "0" * (len(text) % 2))


def _escaped(found: re.Match[bytes]) -> bytes:
    said = found[1]
    if said[:1] in _OCTAL:
        return bytes([int(said, 8) & 0xFF])
    return b"" if said.endswith(b"\n") else _CONTROL.get(said, said)


def _decoded(text: bytes) -> bytes:
    if text.startswith(b"\xfe\xff"):
        return text[2:].decode("utf-16-be", "replace").encode()
    return text

"""Everything that bytes hold inside them: files in archives, compressed streams, encoded runs, tables.

Whatever looks like a beginning is tried wherever it stands, so that a picture in a page in an archive is read
like a picture. What is known to hold more and cannot be opened is named, so that nobody takes it for read.
"""

from __future__ import annotations

import base64
import bz2
import io
import lzma
import re
import sqlite3
import struct
import zlib
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from typing import Any

from leachwatch.leaks.pdf import pdf_text

__all__ = ["Layer", "unpacked"]

_DEEPEST = 6
_MOST_BYTES = 1 << 30  # that one file may unfold to
_CHUNK = 1 << 16

_BEGINNINGS = re.compile(
    rb"(?P<gzip>\x1f\x8b\x08)|(?P<zip>PK\x03\x04)|(?P<zlib>\x78[\x01\x5e\x9c\xda])|(?P<bz2>BZh[1-9]1AY&SY)"
    rb"|(?P<xz>\xfd7zXZ\x00)|(?P<sqlite>SQLite format 3\x00)"
)
_ENCODED = re.compile(rb"[A-Za-z0-9+/_-]{12,}(?:\r?\n[ \t]*[A-Za-z0-9+/_-]{4,})*")
_CLOSED = {
    b"age-encryption.org/": "is encrypted",
    b"7z\xbc\xaf\x27\x1c": "is a 7z archive, which cannot be opened here",
    b"Rar!\x1a\x07": "is a RAR archive, which cannot be opened here",
    b"\x28\xb5\x2f\xfd": "is compressed with zstd, which cannot be opened here",
}
_INSIDE = {
    b"/Identity-H": "is a PDF with text in numbers of glyphs, which cannot be read; publish it as text",
    b"/Encrypt ": "is an encrypted PDF",
    b"Exif\x00\x00": "is a picture with the particulars of its camera; draw it anew without them",
    b"eXIf": "is a picture with the particulars of its camera; draw it anew without them",
    b"http://ns.adobe.com/xap/1.0/": "carries the particulars of its making (XMP); write it anew without",
    b"jumbc2pa": "is a picture with a signed history (C2PA); draw it anew without it",
}
_WITH_PARTICULARS = (b"\xff\xd8\xff", b"\x89PNG", b"RIFF", b"%PDF", b"II*\x00", b"MM\x00*")
_BEGIN_ALONE = (*_WITH_PARTICULARS, *_CLOSED, b"PAR1")
_STORED, _DEFLATED = 0, 8
_SIZED_LATER, _SIZES_FOLLOW = 8, b"PK\x07\x08"
_HEADER = struct.Struct("<4sHHHHHIIIHH")


@dataclass(frozen=True)
class Layer:
    """Bytes, and how they were come by.

    Attributes
    ----------
    how : str
        Such as ``gzip in base64``; empty for the bytes themselves.
    data : bytes
        What was found.
    closed : str
        Why it cannot be read; empty where it can.
    """

    how: str
    data: bytes
    closed: str = ""


def unpacked(data: bytes) -> Iterator[Layer]:
    """Give bytes, and all that is in them, layer by layer.

    Parameters
    ----------
    data : bytes
        Content of a file.

    Yields
    ------
    Layer
        The bytes themselves first. A layer that cannot be read says so in ``closed``.
    """
    waiting = [(0, Layer("", data))]
    left = _MOST_BYTES
    while waiting:
        depth, layer = waiting.pop()
        yield layer
        if layer.closed:
            continue
        yield from (Layer(layer.how, b"", why) for why in _shut(layer.data))
        for inner in _inside(layer.data):
            how = f"{inner.how} in {layer.how}" if layer.how else inner.how
            left -= len(inner.data)
            if depth == _DEEPEST or left < 0:
                yield Layer(how, b"", "holds more than can be looked through")
                return
            waiting.append((depth + 1, Layer(how, inner.data, inner.closed)))


def _shut(data: bytes) -> Iterator[str]:
    yield from (why for sign, why in _CLOSED.items() if data.startswith(sign))
    if data.startswith(_WITH_PARTICULARS):
        yield from (why for sign, why in _INSIDE.items() if sign in data)


def _inside(data: bytes) -> Iterator[Layer]:
    for found in _BEGINNINGS.finditer(data):
        yield from _opened(str(found.lastgroup), data, found.start())
    if data.startswith(b"PAR1") and data.endswith(b"PAR1"):
        yield Layer("parquet", _parquet(data))
    if text := pdf_text(data):
        yield Layer("PDF text", text)
    decoded = [piece for found in _ENCODED.finditer(data) for piece in _decodings(found[0])]
    if decoded:
        alone = [piece for piece in decoded if len(piece) >= _CHUNK or piece.startswith(_BEGIN_ALONE)]
        yield from (Layer("base64", piece) for piece in alone)
        yield Layer("base64", b"\n".join(piece for piece in decoded if piece not in alone))


def _opened(kind: str, data: bytes, start: int) -> Iterator[Layer]:
    match kind:
        case "zip":
            yield from _member(data, start)
            return
        case "sqlite":
            yield from _database(data[start:])
            return
        case "zlib" if data[max(0, start - 4) : start] == b"IDAT":
            return  # what a picture shows is looked at by people
        case "gzip" | "zlib":
            content = _inflated(data, start, 47)  # 15 bits of window, either header
        case "bz2":
            content = _expanded(bz2.BZ2Decompressor(), data, start)
        case _:
            content = _expanded(lzma.LZMADecompressor(), data, start)
    if content:
        yield Layer(kind, content)


def _inflated(data: bytes, start: int, window: int) -> bytes:
    return _expanded(zlib.decompressobj(window), data, start)


def _expanded(
    opener: zlib._Decompress | bz2.BZ2Decompressor | lzma.LZMADecompressor, data: bytes, start: int
) -> bytes:
    """Unfold as much as can be; a stream that breaks off has told what it held until there."""
    parts, size = [], 0
    with suppress(zlib.error, OSError, lzma.LZMAError, EOFError):
        for place in range(start, len(data), _CHUNK):
            parts.append(opener.decompress(data[place : place + _CHUNK]))
            size += len(parts[-1])
            if opener.eof or size > _MOST_BYTES:
                break
    return b"".join(parts)


def _member(data: bytes, start: int) -> Iterator[Layer]:
    if len(data) < start + _HEADER.size:
        return
    _, _, flags, method, *_, size, _, name, extra = _HEADER.unpack_from(data, start)
    begin = start + _HEADER.size + name + extra
    if flags & 1:
        yield Layer("zip", b"", "is encrypted")
    elif method == _DEFLATED:
        yield Layer("zip", _inflated(data, begin, -15))
    elif method == _STORED:
        end = data.find(_SIZES_FOLLOW, begin) if flags & _SIZED_LATER else begin + size
        yield Layer("zip", data[begin:end] if end >= 0 else data[begin:])
    else:
        yield Layer("zip", b"", f"is packed by method {method} of zip, which cannot be opened here")


def _database(data: bytes) -> Iterator[Layer]:
    """Read values of a database: its pages may tear a text in two."""
    try:
        with closing(sqlite3.connect(":memory:")) as base:
            base.text_factory = bytes
            base.deserialize(data)
            listed = base.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND rootpage > 0")
            names = [row[0].decode(errors="replace").replace('"', '""') for row in listed.fetchall()]
            found = [
                value if isinstance(value, bytes) else str(value).encode()
                for name in names
                for row in base.execute(f'SELECT * FROM "{name}"')  # noqa: S608 - names from the file itself
                for value in row
                if value is not None
            ]
    except (sqlite3.Error, OverflowError):
        yield Layer("SQLite", b"", "is a damaged SQLite database")
        return
    yield Layer("SQLite", b"\n".join(found))


def _parquet(data: bytes) -> bytes:
    import pyarrow.parquet as pq  # noqa: PLC0415 - heavy, and seldom needed

    table = pq.read_table(io.BytesIO(data))
    said = list((table.schema.metadata or {}).values())
    for column in table.columns:
        said += [part for chunk in column.chunks for part in _held(chunk)]
    return b"\n".join(said)


def _held(array: Any) -> Iterator[bytes]:
    """Bytes of an Arrow array; those of the words of a dictionary lie apart from it."""
    import pyarrow as pa  # noqa: PLC0415 - heavy, and seldom needed

    if isinstance(array, pa.DictionaryArray):
        yield from _held(array.dictionary)
    elif isinstance(array, pa.StructArray):
        for part in array.flatten():
            yield from _held(part)
    elif isinstance(array, (pa.ListArray, pa.LargeListArray)):
        yield from _held(array.values)
    else:
        yield from (buffer.to_pybytes() for buffer in array.buffers() if buffer is not None)


def _decodings(run: bytes) -> Iterator[bytes]:
    """Read a run of base64 from each of its first four letters, since other letters may touch it."""
    letters = b"".join(run.split()).translate(bytes.maketrans(b"-_", b"+/"))
    for begin in range(4 if len(letters) < _CHUNK else 1):
        body = letters[begin:]
        whole = body[: len(body) // 4 * 4]
        rest = body[len(whole) :]
        yield base64.b64decode(whole + (rest.ljust(4, b"=") if len(rest) > 1 else b""))

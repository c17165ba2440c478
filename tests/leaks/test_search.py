"""S11: what must not come out is found, however it is written and wherever it is packed."""

from __future__ import annotations

import base64
import bz2
import gzip
import html
import io
import json
import lzma
import sqlite3
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from random import Random

import h3
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leachwatch.errors import ReleaseError
from leachwatch.leaks import Secret, leaks
from leachwatch.leaks.burmese import from_zawgyi, spellings
from leachwatch.release import digest_of
from release.people import BURMESE, BURMESE_ZAWGYI, CHINESE

LON, LAT = 98.123456, 25.987654
WITNESS = Secret(
    owner="src-0000000002",
    names=("Lahtaw Zau Mun", BURMESE, CHINESE),
    handles=("zaumun_88",),
    wholes=("12 Strand Road, Bhamo",),
    numbers=("+95 9 420 137 586",),
    prose=("drives the truck that brings ammonium sulphate to the ridge",),
    places=((LON, LAT),),
)


def packed_as_zip(content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("inner/page.html", content)
    return out.getvalue()


def packed_as_png(content: bytes) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    text = chunk(b"zTXt", b"Comment\0\0" + zlib.compress(content))
    return b"\x89PNG\r\n\x1a\n" + header + text + chunk(b"IDAT", zlib.compress(b"\0\0")) + chunk(b"IEND", b"")


def packed_as_pdf(content: bytes) -> bytes:
    strings = b"<feff" + content.decode().encode("utf-16-be").hex().encode() + b">"
    stream = zlib.compress(b"BT /F1 12 Tf " + strings + b" Tj ET")
    return b"%PDF-1.7\n1 0 obj <</Length 9/Filter/FlateDecode>> stream\n" + stream + b"\nendstream endobj"


def packed_as_sqlite(content: bytes) -> bytes:
    base = sqlite3.connect(":memory:")
    base.execute("CREATE TABLE notes (text TEXT)")
    base.execute("INSERT INTO notes VALUES (?)", ("x" * 4_000 + content.decode() + "y" * 4_000,))
    base.commit()
    written = base.serialize()
    base.close()
    return written


def packed_as_parquet(content: bytes) -> bytes:
    out = io.BytesIO()
    pq.write_table(pa.table({"note": [content.decode()]}), out, compression="zstd")
    return out.getvalue()


def packed_as_stored(name: str, content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr(name, content)
    return out.getvalue()


def packed_as_dictionary(content: bytes) -> bytes:
    out, words = io.BytesIO(), [content.decode() * 40, "and nothing " * 40] * 9
    pq.write_table(pa.table({"note": pa.array(words).dictionary_encode()}), out, compression="zstd")
    return out.getvalue()


def packed_as_nested(content: bytes) -> bytes:
    out, words = io.BytesIO(), [[{"said": content.decode() * 40}]] * 9
    pq.write_table(pa.table({"notes": words}), out, compression="zstd")
    return out.getvalue()


PACKINGS: dict[str, Callable[[bytes], bytes]] = {
    "plain": lambda content: content,
    "zip": packed_as_zip,
    "gzip": gzip.compress,
    "bz2": bz2.compress,
    "xz": lzma.compress,
    "zlib": zlib.compress,
    "base64": base64.b64encode,
    "data URL": lambda content: b'<img src="data:text/plain;base64,' + base64.b64encode(content) + b'">',
    "base64 in lines": base64.encodebytes,
    "PNG text": packed_as_png,
    "PDF stream": packed_as_pdf,
    "SQLite": packed_as_sqlite,
    "parquet": packed_as_parquet,
    "parquet with a dictionary": packed_as_dictionary,
    "parquet with lists of records": packed_as_nested,
    "parquet in a zip that only stores": lambda content: packed_as_stored("a", packed_as_parquet(content)),
    "zip in zip in base64": lambda content: base64.b64encode(packed_as_zip(packed_as_zip(content))),
    "JSON": lambda content: json.dumps({"text": content.decode()}).encode(),
    "HTML": lambda content: "".join(f"&#{ord(sign)};" for sign in content.decode()).encode(),
    "UTF-16": lambda content: content.decode().encode("utf-16"),
    "UTF-16 without a mark": lambda content: ("{ } text: " + content.decode() + " \n").encode("utf-16-be"),
}

WRITINGS = {
    "whole": "Lahtaw Zau Mun",
    "family": "a man called LAHTAW",
    "two words": "zau-mun",
    "one word": "LahtawZauMun",
    "accents": "Láhtaẅ",
    "unseen signs": "Lah\u200btaw",
    "Burmese": BURMESE,
    "Burmese, decomposed": unicodedata.normalize("NFD", BURMESE),
    "Burmese in Zawgyi": BURMESE_ZAWGYI,
    "Burmese without its title": BURMESE.removeprefix("ဒေါ်"),
    "Chinese": CHINESE,
    "Chinese given name": CHINESE[1:],
    "Chinese in Latin": "Ou Yang Minghua",
    "account": "@zaumun_88",
    "address": "at 12 Strand Road Bhamo",
    "telephone": "09-420137586",
    "telephone, its end": "0137586",
    "telephone, masked": "xxx7586",
    "telephone, with dots": "09.420.137.586",
    "telephone, in Burmese digits": "၀၉ ၄၂၀ ၁၃၇ ၅၈၆",
    "telephone, beside another": "09 420 137 586 09 555 111 222",
    "sentence": "He drives the truck that brings things",
    "place, three decimals": "[98.123, 25.988]",
    "place, cut": "25.987 98.123",
    "place, six decimals": "lat=25.987654 lon=98.123456",
    "place, noise": "98.12345600000001,25.98765399999999",
    "place, minutes": "98°07′24.4″E 25°59′15.6″N",
    "place, decimal commas": "98,123456 ; 25,987654",
    "place, no space": '{"coordinates":[98.12346,25.98765]}',
    "place, a cell of it": h3.latlng_to_cell(LAT, LON, 10),
}


@pytest.mark.parametrize("packing", PACKINGS)
@pytest.mark.parametrize("writing", ["whole", "Burmese", "Burmese in Zawgyi", "Chinese", "telephone"])
def test_s11_a_canary_is_found_in_every_packing(packing: str, writing: str) -> None:
    found = leaks(PACKINGS[packing](WRITINGS[writing].encode()), [WITNESS])
    assert [one.owner for one in found.leaks][:1] == [WITNESS.owner]


@pytest.mark.parametrize("writing", WRITINGS)
def test_s12_a_secret_is_found_in_every_writing(writing: str) -> None:
    text = f"<p>It is said that {WRITINGS[writing]} knows.</p>"
    assert {one.owner for one in leaks(text.encode(), [WITNESS]).leaks} == {WITNESS.owner}


@pytest.mark.parametrize("form", ["<d", ">d", "<f"])
def test_a_place_is_found_in_binary_coordinates(form: str) -> None:
    point = b"\x01\x01\0\0\0" + struct.pack(form, round(LON, 5)) + struct.pack(form, round(LAT, 5))
    assert leaks(point, [WITNESS]).leaks


@pytest.mark.parametrize(
    "text",
    [
        "Mun river, 1988: nothing of Zau's",
        "98.123 is the price; the other was 25.2",
        "a longitude of 98.123456 alone",
        "09 420 999 586",
        "[[97.42013, 25.7586], [97.01, 37.586]]",
        "မြန်မာနိုင်ငံ",
        "中华人民共和国 明天",
        "Strand Road has shops",
        html.escape("brings ammonium to <b>the</b> hills"),
    ],
)
def test_what_only_resembles_a_secret_is_let_through(text: str) -> None:
    assert leaks(text.encode(), [WITNESS]).clear


def test_a_word_that_is_common_is_a_hit_only_beside_another() -> None:
    named = Secret(owner="src-0000000003", names=("Bhamo Naw",), common=frozenset({"Bhamo"}))
    assert leaks(b"the town of Bhamo", [named]).clear
    assert leaks(b"by Bhamo Naw", [named]).leaks


def test_a_finding_never_says_what_was_found(tmp_path: Path) -> None:
    (tmp_path / "Lahtaw Zau Mun.txt").write_text("Lahtaw Zau Mun", encoding="utf-8")
    found = leaks(tmp_path, [WITNESS])
    assert "Lahtaw" not in repr(found)
    assert "Lahtaw" not in repr(WITNESS)
    assert {one.where for one in found.leaks} == {"a file, in its name"}


@pytest.mark.parametrize(
    "content",
    [
        b"age-encryption.org/v1\n-> X25519",
        b"\x28\xb5\x2f\xfd" + b"\0" * 20,
        b"%PDF-1.7 /Encoding /Identity-H",
        b"\xff\xd8\xff\xe1\0\x10Exif\0\0",
        base64.b64encode(b"\xff\xd8\xff\xe1\0\x10Exif\0\0 and more"),
    ],
)
def test_s8_what_cannot_be_read_or_carries_particulars_is_not_clear(content: bytes) -> None:
    found = leaks(content, [])
    assert found.unread
    assert not found.clear


def test_an_encrypted_member_of_an_archive_is_not_clear() -> None:
    archive = bytearray(packed_as_zip(b"anything"))
    archive[6] |= 1
    assert leaks(bytes(archive), []).unread


@given(st.binary(max_size=300), st.binary(max_size=300), st.sampled_from(sorted(PACKINGS)))
def test_bytes_around_a_packing_hide_nothing(before: bytes, after: bytes, packing: str) -> None:
    content = PACKINGS[packing](b" by Lahtaw Zau Mun of Bhamo, who knows ")
    found = leaks({"pack.bin": b"%s\n%s\n%s" % (before, content, after)}, [WITNESS])
    assert found.leaks or packing in {"UTF-16", "SQLite"} or packing.startswith("parquet")


@pytest.mark.parametrize(
    ("zawgyi", "meant"),
    [
        ("ျမန္မာ", "မြန်မာ"),
        ("မႏၲေလး", "မန္တလေး"),
        ("ေအာင္ဆန္းစုၾကည္", "အောင်ဆန်းစုကြည်"),
        ("ကခ်င္ျပည္နယ္", "ကချင်ပြည်နယ်"),
        ("သတၱဳ", "သတ္တု"),
        ("အဂၤလိပ္", "အင်္ဂလိပ်"),
        ("ၿမိဳ႕", "မြို့"),
    ],
)
def test_zawgyi_is_read_as_what_is_meant(zawgyi: str, meant: str) -> None:
    assert from_zawgyi(zawgyi) in spellings(meant)


def test_a_pdf_with_a_broken_escape_is_read_all_the_same() -> None:
    assert leaks(b"%PDF-1.4 (\\9 \\8 Laht\\141w \\)) Tj", [WITNESS]).leaks


def test_a_short_name_is_not_found_by_chance_in_a_megabyte_of_encoded_noise() -> None:
    noise = base64.b64encode(Random(7).randbytes(1_000_000))  # noqa: S311 - a test
    short = [
        Secret(owner=f"src-{n:010d}", names=(name,))
        for n, name in enumerate(("Htoo", "Aung", "Seng", "Roi Ja"))
    ]
    assert leaks(b"url(data:font/woff2;base64," + noise + b")", short).clear
    assert leaks(b"<p>Htoo</p> url(data:font/woff2;base64," + noise + b")", short).leaks


@pytest.mark.parametrize("name", ["Ko Mya", "Ma Nu", "Ko Ye Aye"])
def test_a_name_of_short_words_is_found_whole(name: str) -> None:
    owned = Secret("src-0000000003", names=(name,))
    assert leaks({"a": f"as {name.upper()} said"}, [owned]).leaks
    assert leaks({"a": f"as {' or '.join(name.split())} said"}, [owned]).clear


def test_what_is_encrypted_in_a_zip_that_only_stores_cannot_be_looked_through() -> None:
    packed = packed_as_stored("a.age", b"age-encryption.org/v1\n")
    assert [one.how for one in leaks(packed, [WITNESS]).unread] == ["zip is encrypted"]


def test_a_link_in_a_publication_is_refused_since_nobody_looks_behind_it(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    folder = tmp_path / "publication"
    folder.mkdir()
    (folder / "more").symlink_to(tmp_path / "elsewhere", target_is_directory=True)
    for look in (lambda: leaks(folder, [WITNESS]), lambda: digest_of(folder)):
        with pytest.raises(ReleaseError, match="more: is a link"):
            look()

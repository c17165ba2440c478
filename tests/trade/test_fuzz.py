from __future__ import annotations

import json
import random
import string
from collections.abc import Callable
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leachwatch import tables
from leachwatch.case import Period
from leachwatch.errors import LeachwatchError
from leachwatch.trade.baci import KNOWN_CODES, read_baci
from leachwatch.trade.comtrade import read_comtrade
from leachwatch.trade.figures import read_figures
from leachwatch.trade.gacc import read_gacc
from leachwatch.trade.readout import Readout
from leachwatch.trade.statements import read_statements
from leachwatch.trade.times import parse_time
from trade.written import BACI_HEADER, GACC_HEADER, comtrade_row

ODD = (
    "", "-", "0", "-1", "1e9", "1E-3", "1,2,3", "1,234", '"1,234"', '"', '""', "NaN", "inf", "１２", " 7 ",
    "\t", "999999999999999999", "9" * 40, "缅甸", "106", "104", "0104", "28469019", "2846", "284690.19",
    "TOTAL", "202413", "2024年1月", "2024-02", "0000", "千克", "件", "=1+1", "'", "\x00", "\u3000", "\ufeff",
    "é", "😀", "C01", "M", "X", "RM", "true", "null", "A", "84/71", "1-2", "~5", "a,b", "\r",
)  # fmt: skip
"""Words that somebody may find in a cell."""


@dataclass(frozen=True)
class Kind:
    """A kind of file: how it is written without a fault, and what reads it."""

    name: str
    rows: Callable[[random.Random], list[list[str]]]
    encodings: tuple[str, ...]
    read: Callable[[Path, Period | None], Readout | None]


def _gacc_rows(draw: random.Random) -> list[list[str]]:
    names = GACC_HEADER.split(",")
    extra = draw.choice([[], ["贸易方式编码", "贸易方式名称"], ["注册地名称"], [""], ["说明"]])
    rows = [[*names, *extra]]
    for _ in range(draw.randrange(6)):
        partner = draw.choice(
            [("106", "缅甸"), ("119", "老挝"), ("122", "马来西亚"), ("", "缅甸"), ("502", "")]
        )
        month = draw.choice(["202401", "2024-02", "2024/3", "2024年4月"])
        code = draw.choice(["28469019", "28469048", "28469099"])
        cells = [month, code, "氧化稀土", *partner, f'"{draw.randrange(10**7):,}"', "千克", "-", "-"]
        rows.append(
            [*cells, f'"{draw.randrange(10**8):,}"', *[draw.choice(["", "10", "一般贸易"]) for _ in extra]]
        )
    if draw.random() < 0.3:
        rows = [row[1:] for row in rows]
    return rows


def _comtrade_rows(draw: random.Random) -> list[list[str]]:
    rows = [
        comtrade_row(
            partnerCode=draw.choice([104, 418, 0]),
            period=draw.choice(["2022", "202301"]),
            netWgt=draw.choice([None, 0, 12.5, 1e7]),
            flowCode=draw.choice(["M", "X", "RM"]),
            motCode=draw.choice([0, 0, 0, 1000]),
        )
        for _ in range(draw.randrange(1, 6))
    ]
    return [list(rows[0]), *([("" if one is None else str(one)) for one in row.values()] for row in rows)]


def _baci_rows(draw: random.Random) -> list[list[str]]:
    rows = [BACI_HEADER.split(",")]
    for _ in range(draw.randrange(6)):
        code = draw.choice(["284690", "280530", "010121"])
        weight = draw.choice(["   NA", f"{draw.random() * 100:12.3f}"])
        rows.append(["2022", draw.choice(["104", "842"]), "156", code, f"{draw.random() * 1000:.3f}", weight])
    return rows


def _shipped(name: str) -> Callable[[random.Random], list[list[str]]]:
    lines = (resources.files("leachwatch.trade") / "data" / name).read_text(encoding="utf-8").splitlines()

    def rows(draw: random.Random) -> list[list[str]]:
        return [line.split(",") for line in [lines[0], *draw.sample(lines[1:], 4)]]

    return rows


def _statements(path: Path, _: Period | None) -> None:
    read_statements(path)  # all or nothing: what is wrong with any row raises


KINDS = (
    Kind(
        "gacc",
        _gacc_rows,
        ("gb18030", "utf-8", "utf-8-sig"),
        lambda path, period: read_gacc(path, period=period),
    ),
    Kind("comtrade", _comtrade_rows, ("utf-8",), lambda path, _: read_comtrade(path)),
    Kind("baci", _baci_rows, ("utf-8",), lambda path, _: read_baci(path, codes=KNOWN_CODES)),
    Kind("figures", _shipped("figures.csv"), ("utf-8", "utf-8-sig"), lambda path, _: read_figures(path)),
    Kind("statements", _shipped("statements.csv"), ("utf-8",), _statements),
)


def _spoilt(kind: Kind, draw: random.Random) -> bytes:
    """A file of that kind, with whatever goes wrong with files."""
    rows = kind.rows(draw)
    if draw.random() < 0.3:
        order = draw.sample(range(len(rows[0])), len(rows[0]))
        rows = [[row[place] for place in order if place < len(row)] for row in rows]
    for _ in range(draw.randrange(4)):
        row = draw.choice([row for row in rows if row])
        match draw.randrange(5):
            case 0:
                row[draw.randrange(len(row))] = draw.choice(ODD)
            case 1:
                row.append(draw.choice(["", "", "x"]))
            case 2:
                rows.append(list(row))
            case 3 if len(row) > 1:
                del row[draw.randrange(len(row))]
            case _:
                rows.insert(draw.randrange(len(rows)), [])
    end = draw.choice(["\n", "\r\n", "\r"])
    content = end.join(",".join(row) for row in rows) + draw.choice(["", end, end + end])
    spoilt = bytearray(content.encode(draw.choice(kind.encodings), "replace"))
    for _ in range(draw.choice([0, 0, 0, 1, 5])):
        if spoilt:
            spoilt[draw.randrange(len(spoilt))] = draw.randrange(256)
    return bytes(spoilt[: draw.randrange(len(spoilt) + 1)] if draw.random() < 0.1 else spoilt)


def _lines_with_something(content: bytes) -> int:
    text = content.removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return sum(bool(line) for line in text.split(b"\n"))


def _must_add_up(readout: Readout, rows: int) -> None:
    assert readout.rows == rows
    assert readout.kept + len(readout.refused) + readout.left_out == rows
    places = [fault.line for fault in readout.refused]
    assert len(set(places)) == len(places)
    assert places == sorted(places)
    assert all(fault.why and str(fault) for fault in readout.refused)
    assert not set(places) & set(readout.frame["row"])
    assert tables.OBSERVATIONS.check(readout.frame).equals(readout.frame)
    assert (readout.frame["low"].dropna() <= readout.frame["high"].dropna()).all()


def _refused_or(read: Callable[[], Readout | None]) -> Readout | None:
    """What is read, or None where the file as a whole is refused, in one line."""
    try:
        return read()
    except LeachwatchError as error:
        said = str(error)
    assert said
    assert "\n" not in said
    return None


def _read_spoilt(kind: Kind, seed: int) -> None:
    draw = random.Random(seed)  # noqa: S311 - not for secrets
    content = _spoilt(kind, draw)
    period = draw.choice([None, parse_time("2024-01")])
    with TemporaryDirectory() as folder:
        path = Path(folder) / "file.csv"
        path.write_bytes(content)
        readout = _refused_or(lambda: kind.read(path, period))
    if readout is None:
        return
    if kind.name == "figures":
        assert readout.rows == readout.kept + len(readout.refused)
        assert readout.frame["source_id"].nunique() == readout.kept
        assert readout.rows == _lines_with_something(content) - 1
    else:
        assert readout.frame["row"].nunique() == readout.kept
        _must_add_up(readout, _lines_with_something(content) - 1)


_FUZZ: dict[str, Any] = {
    "deadline": None,
    "database": None,
    "derandomize": True,
    "suppress_health_check": [HealthCheck.too_slow],
}


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
@settings(max_examples=50, **_FUZZ)
@given(seed=st.integers(0, 2**32))
def test_a_spoilt_file_is_read_to_the_last_row_or_refused_by_name(kind: Kind, seed: int) -> None:
    _read_spoilt(kind, seed)


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
@settings(max_examples=1_600, **_FUZZ)
@given(seed=st.integers(0, 2**32))
def test_thousands_of_spoilt_files_are_read_to_the_last_row_or_refused_by_name(kind: Kind, seed: int) -> None:
    _read_spoilt(kind, seed)


_PLAIN = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
_JSON = _PLAIN | st.lists(_PLAIN, max_size=3) | st.dictionaries(st.text(max_size=8), _PLAIN, max_size=3)


def _changes() -> st.SearchStrategy[dict[str, Any]]:
    return st.dictionaries(
        st.sampled_from([*comtrade_row(), "NETWGT", "extra"]), _JSON | st.sampled_from(ODD), max_size=4
    )


def _check_json(changes: list[dict[str, Any]], cut: int) -> None:
    rows = [comtrade_row(partnerCode=104 + number) | change for number, change in enumerate(changes)]
    content = json.dumps({"data": rows, "count": len(rows), "error": ""}).encode()
    with TemporaryDirectory() as folder:
        path = Path(folder) / "answer.json"
        path.write_bytes(content[: len(content) - cut])
        readout = _refused_or(lambda: read_comtrade(path))
    if readout is not None:
        _must_add_up(readout, len(rows))
        assert readout.frame["row"].nunique() == readout.kept


@settings(max_examples=50, **_FUZZ)
@given(changes=st.lists(_changes(), max_size=4), cut=st.sampled_from([0, 0, 0, 1, 7]))
def test_a_spoilt_answer_is_read_to_the_last_row_or_refused(changes: list[dict[str, Any]], cut: int) -> None:
    _check_json(changes, cut)


@pytest.mark.slow
@settings(max_examples=2_000, **_FUZZ)
@given(changes=st.lists(_changes(), max_size=4), cut=st.sampled_from([0, 0, 0, 1, 7]))
def test_thousands_of_spoilt_answers_are_read_to_the_last_row_or_refused(
    changes: list[dict[str, Any]], cut: int
) -> None:
    _check_json(changes, cut)


@settings(max_examples=50, **_FUZZ)
@given(content=st.binary(max_size=300), text=st.text(string.printable, max_size=200))
def test_any_bytes_are_no_statistics(content: bytes, text: str) -> None:
    for noise in (content, text.encode(), GACC_HEADER.encode("gb18030") + b"\n" + content):
        with TemporaryDirectory() as folder:
            path = Path(folder) / "noise"
            path.write_bytes(noise)
            for kind in KINDS:
                try:
                    readout = kind.read(path, None)
                except LeachwatchError:
                    continue
                assert readout is None or readout.rows == readout.kept + len(readout.refused)

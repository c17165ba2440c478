from __future__ import annotations

import csv
import io
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leachwatch.errors import RecordError
from leachwatch.trade.statements import COLUMNS, parse_statements, read_statements, shipped_statements

HEADER = (
    "id,reporter,partner,flow,hs,basis,kind,period_start,period_end,base_start,base_end,"
    "value,unit,half_width,source"
)
ROW = "P1,CHN,WLD,import,28469019,gross,change,2024-08,2024-08,2024-07,2024-07,-25,%,,smm"


def with_cell(column: str, cell: str) -> str:
    cells = ROW.split(",")
    cells[HEADER.split(",").index(column)] = cell
    return f"{HEADER}\n{','.join(cells)}\n"


def test_shipped_statements_are_read_whole() -> None:
    known = shipped_statements()
    assert [one.id for one in known] == [f"P{number:02}" for number in range(1, 31)]
    assert known[6].value == 35651.5
    partners = shipped_statements("partner_statements.csv")
    assert len({one.id for one in (*known, *partners)}) == len(known) + len(partners)
    assert all(one.source for one in partners)


def test_an_empty_width_follows_from_the_digits() -> None:
    (one,) = parse_statements(f"{HEADER}\n{ROW}\n", "x.csv")
    assert (one.half_width, one.base_partner, one.note) == (0.5, None, "")


@pytest.mark.parametrize(
    ("column", "cell", "fault"),
    [
        ("value", "1e5", "x.csv:2:12: value: '1e5' is not a number"),
        ("period_start", "2024-13", "x.csv:2:8: period_start: '2024-13' is not a month"),
        ("base_start", "2024", "x.csv:2:10: base_start: '2024' is not a month"),
        ("kind", "sum", "x.csv:2:7: kind: 'sum' is not one of total"),
        ("partner", "Burma", "x.csv:2:3: partner: 'Burma' is not three capitals"),
        ("hs", "28.46", "x.csv:2:5: hs: '28.46' is not codes"),
        ("source", "", "x.csv:2:15: source: empty"),
        ("unit", "kg", "x.csv:2:13: unit: a change is printed in %"),
        ("base_end", "", "x.csv:2:11: base_end: missing"),
        ("source", "a,b", "x.csv:2:16: 16 cells under 15 columns"),
    ],
)
def test_a_fault_is_named_by_line_and_column(column: str, cell: str, fault: str) -> None:
    with pytest.raises(RecordError) as caught:
        parse_statements(with_cell(column, cell), "x.csv")
    assert str(caught.value).startswith(fault)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "x.csv:1:1: the file is empty"),
        (f"{HEADER},valeu\n", "x.csv:1:16: no column is called 'valeu'; did you mean 'value'?"),
        (f"{HEADER},id\n", "x.csv:1:16: column 'id' stands there twice"),
        ("id,reporter\n", "x.csv:1:3: column 'partner' is missing"),
        (f"{HEADER}\n{ROW}\n\n{ROW}\n", "x.csv:4:1: id: 'P1' is taken by line 2"),
        (f'{HEADER}\n"P1,CHN', "x.csv:2:1: not CSV"),
    ],
)
def test_a_file_that_is_no_table_of_statements_is_refused(text: str, fault: str) -> None:
    with pytest.raises(RecordError) as caught:
        parse_statements(text, "x.csv")
    assert str(caught.value).startswith(fault)


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(RecordError, match="cannot be read"):
        read_statements(tmp_path / "none.csv")
    (tmp_path / "odd.csv").write_bytes("kg 千克".encode("gb18030"))
    with pytest.raises(RecordError, match="not UTF-8"):
        read_statements(tmp_path / "odd.csv")


@settings(max_examples=200)
@given(st.lists(st.lists(st.text(max_size=12), min_size=1, max_size=18), max_size=6))
def test_whatever_stands_in_a_file_is_read_whole_or_refused(rows: list[list[str]]) -> None:
    held = io.StringIO()
    csv.writer(held).writerows([list(COLUMNS), *rows])
    with suppress(RecordError):
        found = parse_statements(held.getvalue(), "x.csv")
        assert len(found) == sum(any(cell.strip() for cell in row) for row in rows)

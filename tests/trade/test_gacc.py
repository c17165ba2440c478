from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from leachwatch.errors import PeriodError, RecordError
from leachwatch.trade.gacc import read_gacc
from leachwatch.trade.times import parse_time
from trade.written import GACC_HEADER, GACC_ROW, gacc


def row(**cells: str) -> str:
    """The usual row with some of its cells changed."""
    names = dict(
        zip(
            GACC_HEADER.split(","),
            ["202401", "28469019", "未列名氧化稀土", "106", "缅甸", *[""] * 5],
            strict=True,
        )
    )
    names |= {
        "第一数量": '"1,234,567"',
        "第一计量单位": "千克",
        "第二数量": "-",
        "第二计量单位": "-",
        "美元": '"9,876,543"',
    }
    return ",".join((names | cells).values())


def test_a_row_gives_its_weight_in_tonnes_and_its_value(tmp_path: Path) -> None:
    readout = read_gacc(gacc(tmp_path / "export.csv", GACC_ROW))
    value, weight = readout.frame.to_dict("records")
    assert (weight["value"], weight["unit"], weight["basis"]) == (1234.567, "t", "gross")
    assert (weight["low"], weight["high"]) == pytest.approx((1234.5665, 1234.5675))
    assert (value["value"], value["unit"], value["basis"]) == (9_876_543, "USD", "USD_cif")
    assert (weight["reporter"], weight["partner"], weight["flow"]) == ("CHN", "MMR", "import")
    assert (weight["hs"], weight["hs_scope"]) == ("28469019", "28469019")
    assert (weight["period_start"], weight["period_end"]) == (date(2024, 1, 1), date(2024, 1, 31))
    assert (weight["source_id"], weight["row"]) == ("export.csv", 2)
    assert (readout.rows, readout.kept, readout.refused, readout.warnings) == (1, 1, (), ())


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8", "utf-8-sig"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_encodings_and_line_ends_make_no_difference(tmp_path: Path, encoding: str, end: str) -> None:
    plain = read_gacc(gacc(tmp_path / "a.csv", GACC_ROW))
    other = read_gacc(gacc(tmp_path / "a.csv", GACC_ROW, encoding=encoding, end=end))
    assert other.frame.equals(plain.frame)


@pytest.mark.parametrize("with_comma", ["header and rows", "header", "rows", "some rows"])
def test_an_empty_column_at_the_end_is_no_column(tmp_path: Path, with_comma: str) -> None:
    header = GACC_HEADER + "," * (with_comma in {"header and rows", "header"})
    first = GACC_ROW + "," * (with_comma in {"header and rows", "rows"})
    second = row(数据年月="202402") + "," * (with_comma != "header")
    readout = read_gacc(gacc(tmp_path / "export.csv", first, second, header=header))
    assert (readout.kept, readout.refused) == (2, ())
    assert list(readout.frame.loc[readout.frame["basis"] == "gross", "row"]) == [2, 3]


def test_a_cell_behind_the_last_column_is_named_not_lost(tmp_path: Path) -> None:
    readout = read_gacc(gacc(tmp_path / "export.csv", GACC_ROW + ",", row(数据年月="202402") + ",x"))
    assert readout.kept == 1
    (fault,) = readout.refused
    assert "line 3: has 11 cells under 10 names" in str(fault)


def test_a_file_without_months_is_refused_until_its_period_is_given(tmp_path: Path) -> None:
    header, cells = (text.split(",", 1)[1] for text in (GACC_HEADER, GACC_ROW))
    path = gacc(tmp_path / "2024.csv", cells, header=header)
    with pytest.raises(PeriodError, match=r"no column of months.*say which months"):
        read_gacc(path)
    readout = read_gacc(path, period=parse_time("2024-01..2024-03"))
    assert set(readout.frame["period_end"]) == {date(2024, 3, 31)}


def test_a_period_beside_months_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PeriodError, match="has its own months"):
        read_gacc(gacc(tmp_path / "export.csv", GACC_ROW), period=parse_time("2024"))


@pytest.mark.parametrize("month", ["202403", "2024-03", "2024/03", "2024/3", "2024年3月", "2024年03月"])
def test_months_are_read_however_they_are_written(tmp_path: Path, month: str) -> None:
    readout = read_gacc(gacc(tmp_path / "export.csv", row(数据年月=month)))
    assert set(readout.frame["period_start"]) == {date(2024, 3, 1)}


@pytest.mark.parametrize(
    "month",
    [
        "3",
        "03",
        "2024",
        "20240115",
        "2024-01..2024-02",
        "3月",
        "202413",
        "2024-00",
        "",
        "0024-01",
        "２０２４年1月x",
    ],
)
def test_a_month_without_its_year_is_never_guessed(tmp_path: Path, month: str) -> None:
    (fault,) = read_gacc(gacc(tmp_path / "export.csv", row(数据年月=month))).refused
    assert (fault.line, fault.column) == (2, "数据年月")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("数据年月", "年月"),
        ("数据年月", "月份"),
        ("第一数量", "第一法定数量"),
        ("第一数量", "统计数量"),
        ("第一数量", "数量"),
        ("美元", "金额_美元"),
        ("美元", "美元值"),
        ("美元", " 美元 "),
    ],
)
def test_other_names_of_columns_are_known(tmp_path: Path, old: str, new: str) -> None:
    header = ",".join(new if name == old else name for name in GACC_HEADER.split(","))
    readout = read_gacc(gacc(tmp_path / "export.csv", GACC_ROW, header=header))
    assert (len(readout.frame), readout.warnings) == (2, ())


def test_yuan_stay_yuan(tmp_path: Path) -> None:
    header = GACC_HEADER.replace("美元", "金额（人民币）")
    frame = read_gacc(gacc(tmp_path / "export.csv", GACC_ROW, header=header)).frame
    assert set(frame["basis"]) == {"gross", "CNY_cif"}


def test_exports_are_valued_without_freight(tmp_path: Path) -> None:
    frame = read_gacc(gacc(tmp_path / "export.csv", GACC_ROW), flow="export").frame
    assert set(frame["basis"]) == {"gross", "USD_fob"}
    assert set(frame["flow"]) == {"export"}


def test_trade_mode_and_seat_are_kept_and_their_rows_are_parts(tmp_path: Path) -> None:
    header = GACC_HEADER.replace("美元", "贸易方式编码,贸易方式名称,注册地编码,注册地名称,美元")
    rows = [
        row(数据年月="202401").replace(',"9,876', f',{mode},53,云南省,"9,876')
        for mode in ("10,一般贸易", "19,边境小额贸易")
    ]
    readout = read_gacc(gacc(tmp_path / "export.csv", *rows, header=header))
    assert readout.kept == 2
    assert "mode 19 边境小额贸易; seat 53 云南省" in set(readout.frame["note"])


def test_a_file_of_values_alone_is_read(tmp_path: Path) -> None:
    header = "数据年月,商品编码,商品名称,贸易伙伴编码,贸易伙伴名称,贸易方式编码,贸易方式名称,美元"
    cells = '202401,28469019,未列名氧化稀土,106,缅甸,19,边境小额贸易,"1,000"'
    frame = read_gacc(gacc(tmp_path / "export.csv", cells, header=header)).frame
    assert list(frame["basis"]) == ["USD_cif"]


def test_two_rows_that_nothing_tells_apart_are_not_both_kept(tmp_path: Path) -> None:
    readout = read_gacc(gacc(tmp_path / "export.csv", GACC_ROW, row(数据年月="202402"), GACC_ROW))
    assert readout.kept == 2
    assert "line 4: has the same month, code and partner as line 2; keep one" in str(readout.refused[0])


@pytest.mark.parametrize(
    ("cells", "column", "said"),
    [
        ({"第一数量": '"12,34"'}, "第一数量", "'12,34' is no number"),
        ({"第一数量": "-5"}, "第一数量", "below zero"),
        ({"第一计量单位": "-"}, "第一计量单位", "empty beside a quantity"),
        ({"商品编码": "2846901"}, "商品编码", "no code"),
        ({"商品编码": "合计"}, "商品编码", "no code"),
        ({"贸易伙伴编码": "106", "贸易伙伴名称": "老挝"}, "贸易伙伴编码, 贸易伙伴名称", "106 is 缅甸"),
        (
            {"贸易伙伴编码": "999", "贸易伙伴名称": "某国"},
            "贸易伙伴编码, 贸易伙伴名称",
            "999 某国 is no country",
        ),
        ({"第一数量": "-", "美元": ""}, "", "neither weight nor value"),
    ],
)
def test_a_fault_names_file_line_column_and_mend(
    tmp_path: Path, cells: dict[str, str], column: str, said: str
) -> None:
    readout = read_gacc(gacc(tmp_path / "export.csv", row(数据年月="202312"), row(**cells)))
    (fault,) = readout.refused
    assert (fault.file, fault.line, fault.column) == ("export.csv", 3, column)
    assert said in fault.why
    assert readout.kept == 1
    with pytest.raises(RecordError, match=r"export\.csv: line 3"):
        readout.strictly()


def test_a_weight_of_zero_beside_a_value_is_missing(tmp_path: Path) -> None:
    readout = read_gacc(
        gacc(tmp_path / "export.csv", row(第一数量="0"), row(数据年月="202402", 第一数量="0", 美元="0"))
    )
    assert list(readout.frame["value"].sort_values()) == [0, 0, 9_876_543]
    assert "missing, not zero" in readout.warnings[0]


def test_pieces_are_no_weight_and_a_second_quantity_may_be_one(tmp_path: Path) -> None:
    pieces = row(第一计量单位="个")
    second = row(数据年月="202402", 第一计量单位="个", 第二数量='"2,000"', 第二计量单位="千克")
    readout = read_gacc(gacc(tmp_path / "export.csv", pieces, second))
    assert list(readout.frame.loc[readout.frame["unit"] == "t", "value"]) == [2.0]
    assert any("no weight: in 个" in said for said in readout.warnings)


def test_numbers_of_partners_from_memory_are_believed_with_a_warning(tmp_path: Path) -> None:
    named = row(贸易伙伴编码="119", 贸易伙伴名称="老挝")
    nameless = row(贸易伙伴编码="502", 贸易伙伴名称="")
    readout = read_gacc(gacc(tmp_path / "export.csv", named, nameless))
    assert set(readout.frame["partner"]) == {"LAO", "USA"}
    assert [said for said in readout.warnings if "502 USA" in said and "119" not in said]


def test_bytes_that_are_no_text_are_named(tmp_path: Path) -> None:
    path = gacc(tmp_path / "export.csv", GACC_ROW, row(数据年月="202402"))
    path.write_bytes(path.read_bytes()[::-1].replace("缅甸".encode("gb18030")[::-1], b"\xff\x81", 1)[::-1])
    readout = read_gacc(path)
    assert [(fault.line, fault.column) for fault in readout.refused] == [(3, "贸易伙伴名称")]


def test_a_quote_that_does_not_close_does_not_swallow_the_next_line(tmp_path: Path) -> None:
    broken = row(数据年月="202402").replace('"9,876,543"', '"9876543')
    readout = read_gacc(gacc(tmp_path / "export.csv", GACC_ROW, broken, row(数据年月="202403")))
    assert (readout.kept, [fault.line for fault in readout.refused]) == (2, [3])


def test_empty_lines_are_no_rows_but_count_as_lines(tmp_path: Path) -> None:
    readout = read_gacc(gacc(tmp_path / "export.csv", "", GACC_ROW, "", row(第一数量="x")))
    assert readout.rows == 2
    assert readout.refused[0].line == 5


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "no column's name is known"),
        (b"\xff\xfea\x00", "UTF-16"),
        (b"PK\x03\x04", "Excel"),
        ("商品编码,贸易伙伴编码\n".encode("gb18030"), "no column of weight or value"),
        ("商品编码,美元\n".encode("gb18030"), "no column of partners"),
        ("商品编码,商品编码\n".encode("gb18030"), "names two columns"),
        ("商品编码,商品代码,美元,贸易伙伴\n".encode("gb18030"), "mean the same"),
        ("数据年月,商品编码,贸易伙伴编码,第一数量\n".encode("gb18030"), "no column of units"),
        ("商品编码,,贸易伙伴编码,美元\n2846,x,106,5\n".encode("gb18030"), "has cells but no name"),
    ],
)
def test_a_file_that_cannot_be_read_as_a_whole_is_refused(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "export.csv"
    path.write_bytes(content)
    with pytest.raises(RecordError, match=said):
        read_gacc(path, period=None if "数据年月".encode("gb18030") in content else parse_time("2024"))


def test_columns_that_are_not_known_are_named(tmp_path: Path) -> None:
    readout = read_gacc(gacc(tmp_path / "export.csv", GACC_ROW + ",x", header=GACC_HEADER + ",备注"))
    assert "columns not known and not read: 备注" in readout.warnings[0]


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(RecordError, match=r"gone\.csv: cannot be read"):
        read_gacc(tmp_path / "gone.csv")


def test_a_file_larger_than_a_block_keeps_its_lines(tmp_path: Path) -> None:
    days = [f"{2000 + number // 12}{number % 12 + 1:02d}" for number in range(240)]
    rows = [
        row(数据年月=day, 商品编码=f"{code}", 第一数量="x" if (day, code) == ("200507", 28460070) else "1")
        for code in range(28460001, 28460100)
        for day in days
    ]
    readout = read_gacc(gacc(tmp_path / "export.csv", *rows))
    (fault,) = readout.refused
    assert fault.line == rows.index(row(数据年月="200507", 商品编码="28460070", 第一数量="x")) + 2
    assert readout.kept == len(rows) - 1

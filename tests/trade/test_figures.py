from __future__ import annotations

import csv
import re
from importlib import resources
from pathlib import Path

import pytest

from leachwatch.errors import RecordError
from leachwatch.trade.figures import COLUMNS, SHIPPED, read_figures, shipped_figures

TEXT = (resources.files("leachwatch.trade") / "data" / SHIPPED).read_text(encoding="utf-8")
ROWS = {row["id"]: row for row in csv.DictReader(TEXT.splitlines())}

VALUES = {
    "A04": "1400000000", "A23": "84/71/14", "A24": "41700", "A25": "30332", "C04": "15110",
    "K07": "3.74 / 0.57", "M07": "0", "M13": "311", "P03": "1550-1570", "P12": "~12000", "Q06": "255000",
    "S04": "7/14/13/7/~20",
    "T21": "9076.4", "T33": "43855", "U05": "43000", "U10": "376000 / 390000", "W02": "43906",
    "X02": "33333.33",
}  # fmt: skip

IDS = {
    "A": range(1, 33), "C": range(1, 6), "K": range(1, 8), "M": range(1, 14), "P": range(1, 18),
    "Q": range(1, 8), "S": range(1, 12), "T": [*range(1, 22), *range(30, 37)], "U": [*range(1, 7), 10],
    "W": [*range(1, 7), *range(10, 17), 20], "X": range(1, 5),
}  # fmt: skip


def figures(path: Path, **cells: str) -> Path:
    """File of one figure with some of its cells changed; a cell of None takes the column out."""
    row = ROWS["W02"] | cells
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([list(row), list(row.values())])
    return path


def test_every_shipped_figure_is_there_with_its_value() -> None:
    assert set(ROWS) == {f"{letter}{number:02d}" for letter, numbers in IDS.items() for number in numbers}
    assert len(ROWS) == 145
    assert {identity: ROWS[identity]["value"] for identity in VALUES} == VALUES
    numbers = [float(row["value"]) for row in ROWS.values() if re.fullmatch(r"-?[\d.]+", row["value"])]
    assert (len(numbers), round(sum(numbers), 2)) == (125, 6_838_116_215.13)


def test_every_shipped_figure_is_read() -> None:
    readout = shipped_figures()
    assert (readout.rows, readout.kept, readout.warnings) == (145, 145, ())
    assert readout.frame["source_id"].nunique() == 145


def test_shipped_figures_say_where_they_are_from_and_nothing_of_how_they_were_found() -> None:
    assert all(row["source"] for row in ROWS.values())
    assert all(re.fullmatch(r"(https?://\S+)?", row["url"]) for row in ROWS.values())
    assert not re.search(r"find_string|\bbrief\b|source text|index id", TEXT)


def test_several_values_in_a_cell_are_several_rows() -> None:
    frame = shipped_figures().frame
    shares = frame[frame["source_id"] == "A23"]
    assert [
        (start.year, value) for start, value in zip(shares["period_start"], shares["value"], strict=True)
    ] == [
        (2019, 84.0),
        (2020, 71.0),
        (2021, 14.0),
    ]
    magnet = frame[frame["source_id"] == "S04"]
    assert [day.year for day in magnet["period_start"]] == [2015, 2020, 2021, 2022, 2023]
    oxides = frame[frame["source_id"] == "K07"]
    assert dict(zip(oxides["metric"], oxides["value"], strict=True)) == {
        "share of Myanmar REO: Dy2O3": 3.74,
        "share of Myanmar REO: Tb4O7": 0.57,
    }


def test_a_range_has_no_value_and_what_is_about_has_no_bounds() -> None:
    frame = shipped_figures().frame.set_index("source_id")
    assert (frame.loc["P03", "low"], frame.loc["P03", "high"]) == (1550, 1570)
    assert frame.loc[["P03"], "value"].count() == 0
    assert frame.loc["P12", "value"] == 12_000
    assert frame.loc["P12", ["low", "high"]].isna().all()


def test_nobody_printed_the_middle_of_reckoned_bounds() -> None:
    frame = shipped_figures().frame
    bounds = frame[frame["status"] == "bounds"]
    assert len(bounds) == 16
    assert bounds["value"].isna().all()
    assert bounds["low"].notna().all()


def test_a_guessed_code_is_no_scope() -> None:
    frame = shipped_figures().frame.set_index("source_id")
    assert (frame.loc["W06", "hs"], frame.loc["W06", "hs_scope"]) == ("26122000?", "unstated")


@pytest.mark.parametrize(
    ("cells", "column", "said"),
    [
        ({"id": ""}, "id", "is empty"),
        ({"value": "many"}, "value", "is no number, range or list"),
        ({"value": "", "lo": "", "hi": ""}, "value", "give one of them"),
        ({"value": "1/2/3"}, "value", "has 3 values; say in `parts`"),
        ({"lo": "x"}, "lo", "is no number"),
        ({"unit": "lorries"}, "unit", "is no unit"),
        ({"period_start": "early 2023"}, "period_start", "is no time"),
        ({"period_end": "2022"}, "period_end", "before the start"),
        ({"hs": "oxide"}, "hs_scope", "no list of codes"),
        ({"partner": "Burma"}, "partner", "three capitals"),
        ({"flow": "imports"}, "flow", "is not one of import"),
        ({"certainty": "E"}, "certainty", "is not one of A"),
        ({"published": "2024"}, "published", "is no day"),
    ],
)
def test_a_fault_names_line_column_and_mend(
    tmp_path: Path, cells: dict[str, str], column: str, said: str
) -> None:
    readout = read_figures(figures(tmp_path / "figures.csv", **cells))
    (fault,) = readout.refused
    assert (fault.line, fault.column, readout.kept) == (2, column, 0)
    assert said in fault.why


def test_an_id_is_taken_once(tmp_path: Path) -> None:
    path = figures(tmp_path / "figures.csv")
    header, row = path.read_text(encoding="utf-8").splitlines()
    path.write_text(f"{header}\n{row}\n{row}", encoding="utf-8")
    assert "'W02' is taken by line 2" in str(read_figures(path).refused[0])


def test_columns_that_may_be_left_out_are_told_by_the_rest(tmp_path: Path) -> None:
    row = {name: ROWS["W02"][name] for name in COLUMNS if name not in {"flow", "status", "hs_scope", "parts"}}
    path = tmp_path / "figures.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([list(row), list(row.values())])
    frame = read_figures(path).frame
    assert (frame.loc[0, "flow"], frame.loc[0, "status"], frame.loc[0, "hs_scope"]) == (
        "import",
        "reported",
        "28469019",
    )
    path.write_text(path.read_text(encoding="utf-8").replace("certainty", "grade"), encoding="utf-8")
    with pytest.raises(RecordError, match="column 'certainty' is missing"):
        read_figures(path)

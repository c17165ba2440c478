from __future__ import annotations

from pathlib import Path

import pandas as pd

from leachwatch.bench.reading import measure_reading, write_baci, write_export
from leachwatch.trade.baci import KNOWN_CODES, read_baci
from leachwatch.trade.gacc import read_gacc


def test_reading_is_measured_in_a_process_of_its_own() -> None:
    measured = measure_reading(rows=300)
    assert (measured.rows, measured.kept) == (300, 300)
    assert 300 <= measured.observations <= 600
    assert 0 < measured.seconds < 60
    assert measured.peak_bytes > measured.file_bytes > 300
    assert measured.as_dict()["rows"] == 300


def test_the_made_up_export_has_no_fault(tmp_path: Path) -> None:
    write_export(tmp_path / "export.csv", 3_000)
    readout = read_gacc(tmp_path / "export.csv")
    assert (readout.kept, readout.refused) == (3_000, ())
    assert set(readout.frame["partner"]) == {"MMR", "LAO", "MYS", "VNM", "THA", "USA"}


def test_a_year_of_baci_is_measured_as_it_is_imported() -> None:
    measured = measure_reading(rows=20_000, form="baci")
    assert (measured.rows, measured.kept + measured.left_out) == (20_000, 20_000)
    assert 0 < measured.kept < 200


def test_the_made_up_year_of_baci_has_no_fault(tmp_path: Path) -> None:
    path = tmp_path / "BACI_HS22_Y2023_V202501.csv"
    write_baci(path, 20_000)
    readout = read_baci(path, codes=KNOWN_CODES)
    assert (readout.rows, readout.refused) == (20_000, ())
    whole = read_baci(path)
    assert (whole.kept, whole.refused) == (20_000, ())
    assert readout.kept == sum(code in KNOWN_CODES.codes for code in whole.frame["hs"]) - _twice(whole.frame)


def _twice(frame: pd.DataFrame) -> int:
    """Rows with a weight beside the value."""
    known = frame[frame["hs"].isin(list(KNOWN_CODES.codes))]
    return int((known["unit"] == "t").sum())

from __future__ import annotations

from pathlib import Path

from leachwatch.bench.reading import measure_reading, write_export
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

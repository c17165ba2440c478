from __future__ import annotations

from pathlib import Path

from leachwatch.bench.linting import measure_linting, write_case
from leachwatch.case.records import read_records


def test_the_made_up_case_has_as_many_records_and_no_fault() -> None:
    took = measure_linting(200)
    assert (took.records, took.faults, took.notes) == (200, 0, 0)


def test_it_has_records_of_nearly_every_kind(tmp_path: Path) -> None:
    write_case(tmp_path, 40)
    records = read_records(tmp_path)
    assert records.claims
    assert records.control
    assert records.events


def test_ten_thousand_records_are_read_and_linted_in_five_seconds() -> None:
    best = min((measure_linting(10_000) for _ in range(3)), key=lambda took: took.cpu_seconds)
    print(best)
    assert best.cpu_seconds < 5  # one thread: on a machine with nothing else to do, the clock says the same

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from leachwatch.errors import RecordError
from leachwatch.trade.events import Event, read_events, shipped_events

HEADER = ",".join(Event.model_fields)
GOOD = "closed,2024-01-02,2024-01-05,disruption,false,MMR,fall,less came,A paper,https://example.org/a,shut"


def written(tmp_path: Path, *lines: str) -> Path:
    path = tmp_path / "events.csv"
    path.write_text("\n".join([HEADER, *lines]) + "\n", encoding="utf-8")
    return path


def test_every_event_of_the_brief_is_shipped_with_its_source() -> None:
    events = shipped_events()
    assert len(events) == len({event.id for event in events}) == 16
    assert all(event.source and event.note for event in events)
    assert [event.first for event in events] == sorted(event.first for event in events)


def test_only_the_floods_come_with_the_time_of_year() -> None:
    assert [event.id for event in shipped_events() if event.seasonal] == ["floods-2024"]


def test_an_event_of_which_no_tonnes_are_printed_shows_nothing() -> None:
    for event in shipped_events():
        if not event.effect:
            assert event.shows == "unknown"


def test_a_file_is_read_as_the_shipped_one(tmp_path: Path) -> None:
    path = tmp_path / "events.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        rows = csv.DictWriter(file, list(Event.model_fields))
        rows.writeheader()
        rows.writerows(event.model_dump() for event in shipped_events())
    assert read_events(path) == shipped_events()


@pytest.mark.parametrize(
    ("line", "where"),
    [
        (GOOD.replace("2024-01-02", "soon"), ":3:first:"),
        (GOOD.replace("disruption", "quarrel"), ":3:kind:"),
        (GOOD.replace("2024-01-05", "2023-01-05"), ":3:last: .*before first"),
        (GOOD.replace("https://example.org/a", "example"), ":3:url:"),
        (GOOD.replace("A paper", ""), ":3:source:"),
        (GOOD + ",more", ":3: has 12 values"),
        (GOOD, ":3:id: 'closed' comes twice"),
        ('x,"2024', "no CSV"),
    ],
)
def test_a_fault_is_named_by_line_and_column(tmp_path: Path, line: str, where: str) -> None:
    with pytest.raises(RecordError, match=where):
        read_events(written(tmp_path, GOOD, line))


def test_a_column_that_is_missing_is_named(tmp_path: Path) -> None:
    path = tmp_path / "events.csv"
    path.write_text("id,first\n", encoding="utf-8")
    with pytest.raises(RecordError, match=r":1: columns .*'effect'"):
        read_events(path)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(RecordError, match="cannot be read"):
        read_events(tmp_path / "none.csv")

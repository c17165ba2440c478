from __future__ import annotations

import json
import subprocess
import sys
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import shapely
from filelock import FileLock
from shapely.geometry import MultiPolygon, box

from leachwatch import tables
from leachwatch.case import Review, in_force, keeping, read_reviews, record_review
from leachwatch.case import chain as chain_module
from leachwatch.errors import OutputError, RecordError, TableError

if TYPE_CHECKING:
    from conftest import Scanned

DAY = date(2024, 5, 1)


def sites(out: Path) -> Any:
    return tables.read(out, tables.SITES)


@pytest.fixture
def out(tiny: Scanned) -> Path:
    return tiny.report.out


@pytest.fixture
def record(out: Path, tmp_path: Path) -> Path:
    """A record of three reviews."""
    path = tmp_path / "reviews.jsonl"
    one, two, three = sites(out)["site_id"]
    record_review(path, out, one, "reject", reason="fishpond", note="two ponds, ရေကန်", day=DAY)
    record_review(path, out, two, "accept", day=DAY)
    record_review(path, out, three, "reject", reason="unsure", day=DAY)
    return path


def test_a_review_comes_back_as_it_was_made(record: Path, out: Path) -> None:
    first, second, third = read_reviews(record)
    one, two, three = sites(out).itertuples()
    assert first == Review(one.site_id, "rejected", "fishpond", DAY, one.geometry, "two ponds, ရေကန်")
    assert second == Review(two.site_id, "accepted", None, DAY, two.geometry)
    assert (third.site_id, third.reason) == (three.site_id, "unsure")


def test_a_record_that_is_not_there_holds_no_review(tmp_path: Path) -> None:
    assert read_reviews(tmp_path / "reviews.jsonl") == []


def test_each_line_names_the_one_before_it_and_none_is_ever_changed(record: Path, out: Path) -> None:
    before = record.read_bytes()
    record_review(record, out, sites(out)["site_id"][0], "accept", day=DAY)
    after = record.read_bytes()
    assert after.startswith(before)
    lines = after.splitlines()
    said = [json.loads(line)["previous"] for line in lines]
    assert said == ["0" * 64, *(sha256(line).hexdigest() for line in lines[:-1])]


def test_a_line_says_the_day_and_no_hour_and_nobody(record: Path) -> None:
    said = json.loads(record.read_text(encoding="utf-8").splitlines()[0])
    assert set(said) == {"previous", "day", "site_id", "decision", "reason", "note", "geometry"}
    assert said["day"] == "2024-05-01"


def test_a_place_of_several_parts_is_kept(record: Path, out: Path, tmp_path: Path) -> None:
    frame = sites(out)
    parts = MultiPolygon([box(98, 25, 98.001, 25.001), box(98.002, 25, 98.003, 25.001)])
    frame["geometry"] = [parts, *frame["geometry"][1:]]
    tables.write(tmp_path, tables.SITES, frame)
    record_review(record, tmp_path, frame["site_id"][0], "accept", day=DAY)
    assert read_reviews(record)[-1].geometry.equals(parts)


LINE = json.dumps(
    {
        "previous": "0" * 64,
        "day": "2024-05-01",
        "site_id": "a",
        "decision": "accepted",
        "reason": None,
        "note": "",
        "geometry": {"type": "Polygon", "coordinates": [[[98, 25], [98.1, 25], [98.1, 25.1], [98, 25]]]},
    }
)


def changed(**changes: Any) -> str:
    return json.dumps(json.loads(LINE) | changes)


def test_a_line_written_by_hand_is_read(tmp_path: Path) -> None:
    path = tmp_path / "reviews.jsonl"
    path.write_text(LINE, encoding="utf-8")
    assert read_reviews(path)[0].site_id == "a"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("", "Invalid JSON"),
        ("{", "Invalid JSON"),
        ("[" * 100_000, "Invalid JSON"),
        ("[]", "should be an object"),
        (changed(day="yesterday"), "day: "),
        (changed(decision="maybe"), "decision: "),
        (changed(reason="quarry"), "a rejected site has a reason, an accepted one has none"),
        (changed(decision="rejected"), "a rejected site has a reason, an accepted one has none"),
        (changed(reviewer="somebody"), "reviewer: Extra inputs are not permitted"),
        (changed(note=None), "note: "),
        (changed(geometry={"type": "Point", "coordinates": [98, 25]}), "geometry: "),
        (changed(geometry={"type": "Polygon", "coordinates": []}), "geometry."),
        (changed(geometry={"type": "Polygon", "coordinates": [[[98, 25], [98, 26]]]}), "geometry."),
        (changed(geometry={"type": "Polygon", "coordinates": [[[1e9, 25]] * 4]}), "geometry."),
        (LINE.replace("98.1", "NaN"), "geometry."),
        (changed(previous="1" * 64), "does not follow on the line before it"),
    ],
)
def test_a_line_that_cannot_be_used_is_named_with_the_mend(tmp_path: Path, line: str, said: str) -> None:
    path = tmp_path / "reviews.jsonl"
    path.write_text(line + "\n", encoding="utf-8")
    with pytest.raises(RecordError) as caught:
        read_reviews(path)
    assert str(caught.value).startswith(f"{path}: line 1: ")
    assert said in str(caught.value)
    assert "put the file back from a copy" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_bytes_that_are_no_text_are_named(record: Path) -> None:
    record.write_bytes(record.read_bytes() + b"\xff\xfe\n")
    with pytest.raises(RecordError, match="line 4: "):
        read_reviews(record)


def test_a_record_that_cannot_be_opened_is_named(tmp_path: Path) -> None:
    (tmp_path / "reviews.jsonl").mkdir()
    with pytest.raises(RecordError, match="cannot be read"):
        read_reviews(tmp_path / "reviews.jsonl")


@pytest.mark.parametrize("change", ["edited", "lost", "swapped", "added", "endings"])
def test_a_record_that_was_changed_is_refused_and_not_added_to(record: Path, out: Path, change: str) -> None:
    one, two, three = record.read_bytes().splitlines(keepends=True)
    broken = {
        "edited": one.replace(b"fishpond", b"landslide") + two + three,
        "lost": one + three,
        "swapped": one + three + two,
        "added": one + two + two + three,
        "endings": (one + two + three).replace(b"\n", b"\r\n"),
    }[change]
    record.write_bytes(broken)
    line = 3 if change == "added" else 2
    with pytest.raises(RecordError, match=f"line {line}: does not follow on the line before it"):
        record_review(record, out, sites(out)["site_id"][0], "accept", day=DAY)
    assert record.read_bytes() == broken


def test_a_record_whose_last_line_has_no_end_is_added_to(record: Path, out: Path) -> None:
    record.write_bytes(record.read_bytes().rstrip(b"\n"))
    record_review(record, out, sites(out)["site_id"][0], "accept", day=DAY)
    assert len(read_reviews(record)) == 4


@pytest.mark.parametrize(
    ("decision", "options", "said"),
    [
        ("maybe", {}, "'maybe': is no decision; say accept or reject"),
        ("reject", {}, "say why with --reason, one of fishpond, landslide"),
        ("reject", {"reason": "pond"}, "--reason 'pond': is none of fishpond"),
        ("accept", {"reason": "quarry"}, "leave it out with accept"),
        ("accept", {"note": "x" * 501}, "has 501 signs"),
        ("accept", {"note": "\udcff"}, "no text in UTF-8"),
    ],
)
def test_what_cannot_be_recorded_is_said_and_nothing_is_written(
    out: Path, tmp_path: Path, decision: str, options: dict[str, str], said: str
) -> None:
    with pytest.raises(RecordError, match=said):
        record_review(tmp_path / "reviews.jsonl", out, sites(out)["site_id"][0], decision, day=DAY, **options)
    assert list(tmp_path.iterdir()) == []


def test_a_site_that_is_not_there_leads_to_the_one_that_is_meant(out: Path, tmp_path: Path) -> None:
    path, frame = tmp_path / "reviews.jsonl", sites(out)
    name = frame["site_id"][0]
    with pytest.raises(RecordError, match=f"did you mean {name}"):
        record_review(path, out, f"{name}9", "accept", day=DAY)
    with pytest.raises(RecordError, match="there is no site 'x'; see the page"):
        record_review(path, out, "x", "accept", day=DAY)
    frame["lineage"] = [["gone"], [], []]
    tables.write(tmp_path, tables.SITES, frame)
    with pytest.raises(RecordError, match=f"'gone' is now part of {name}; review that"):
        record_review(path, tmp_path, "gone", "accept", day=DAY)


def test_without_a_scan_there_is_nothing_to_review(tmp_path: Path) -> None:
    with pytest.raises(TableError, match="no such table; run `leachwatch scan`"):
        record_review(tmp_path / "reviews.jsonl", tmp_path, "a", "accept", day=DAY)


def test_two_reviewers_at_once_do_not_lose_a_line(record: Path, out: Path) -> None:
    program = (
        "import sys; from datetime import date; from pathlib import Path\n"
        "from leachwatch.case import record_review\n"
        "for _ in range(5):\n"
        "    path, out = map(Path, sys.argv[1:3])\n"
        "    record_review(path, out, sys.argv[3], 'accept', day=date(2024, 5, 1))\n"
    )
    command = [sys.executable, "-c", program, str(record), str(out), sites(out)["site_id"][0]]
    both = [subprocess.Popen(command) for _ in range(2)]
    assert [one.wait() for one in both] == [0, 0]
    assert len(read_reviews(record)) == 13


def test_who_waits_too_long_for_another_is_told(
    record: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chain_module, "_PATIENCE_S", 0.05)
    with (
        FileLock(record.with_name(".reviews.jsonl.lock")),
        pytest.raises(OutputError, match="another process is writing it; try again"),
    ):
        record_review(record, out, sites(out)["site_id"][0], "accept", day=DAY)


def test_a_record_that_cannot_be_written_is_named(out: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder", encoding="utf-8")
    with pytest.raises((OutputError, RecordError), match="cannot be"):
        record_review(tmp_path / "file" / "reviews.jsonl", out, sites(out)["site_id"][0], "accept", day=DAY)


def test_a_later_review_takes_the_ground_of_an_earlier_one() -> None:
    first = Review("a", "rejected", "quarry", DAY, box(98, 25, 98.02, 25.01))
    beside = Review("b", "accepted", None, DAY, box(98.02, 25, 98.03, 25.01))
    later = Review("a", "accepted", None, DAY, box(98.01, 25, 98.02, 25.01))
    cut, same, last = in_force([first, beside, later])
    assert cut.geometry.equals(box(98, 25, 98.01, 25.01))
    assert same is beside
    assert last is later
    assert in_force([first, beside, later, first]) == [beside, first]
    assert in_force([]) == []


def test_an_outline_that_crosses_itself_covers_what_it_encloses() -> None:
    bow_tie = shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])
    below = Review("a", "accepted", None, DAY, box(0, 0, 1, 1))
    left, _ = in_force([below, Review("b", "accepted", None, DAY, bow_tie)])
    assert left.geometry.area == pytest.approx(0.5)


def test_a_case_keeps_its_reviews_beside_its_settings_and_a_scan_in_its_folder(tmp_path: Path) -> None:
    case, scan = tmp_path / "case", tmp_path / "out"
    (case / "out").mkdir(parents=True)
    with pytest.raises(RecordError, match="give a case \\(--case\\) or a scan \\(--out\\)"):
        keeping(case, None)
    (case / "case.yaml").write_text("title: x", encoding="utf-8")
    assert keeping(case, None).record == case / "reviews.jsonl"
    assert keeping(tmp_path, scan).record == scan / "reviews.jsonl"
    with pytest.raises(RecordError, match="belongs to a case"):
        keeping(tmp_path, case / "out")

from __future__ import annotations

import json
import shutil
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from leachwatch.errors import NetworkError, OutputError
from leachwatch.holding import held
from leachwatch.imagery import Access
from leachwatch.network import Patience
from leachwatch.publish import draw_strips
from leachwatch.scanning import ScanSettings, check_up, scan
from leachwatch.scanning.log import LOG, Log
from leachwatch.scanning.tiles import in_threads
from leachwatch.storage import UrlShelf, leased
from servers import Answer, plain, serving, status
from test_cli import leachwatch

if TYPE_CHECKING:
    from conftest import Scanned

QUICK = Patience(tries=2, backoff=0.01, timeout=2)


def written(folder: Path, *events: tuple[str, dict[str, object]]) -> Path:
    """An output with a log of one run."""
    (folder / "work").mkdir(parents=True)
    log = Log(folder / "work" / LOG)
    log.begin(leachwatch="0.1.0")
    for event, facts in events:
        log.note(event, **facts)
    return folder


def done(tile: str, seconds: float = 1.0) -> tuple[str, dict[str, object]]:
    return "done", {"tile": tile, "seconds": seconds, "bytes": 7, "scenes": 3}


def test_a_scan_that_ended_well_needs_nothing(tiny: Scanned, tmp_path: Path) -> None:
    out = tmp_path / "out"
    shutil.copytree(tiny.report.out, out)
    draw_strips(out)
    found = check_up(str(out))
    assert (found.well, found.ended, found.done, found.left) == (True, "finished", 1, 0)
    assert found.scenes == len(tiny.report.days)
    assert found.an_hour
    ran = leachwatch("doctor", str(out))
    assert ran.returncode == 0
    assert "tiles      1 of 1 done, 0 failed, 0 left" in ran.stdout
    assert "to do      nothing; it is all there" in ran.stdout
    next((out / "strips").glob("*.png")).unlink()
    ran = leachwatch("doctor", str(out))
    assert "to do      tables are whole; run the same command again: 1 strip is not drawn" in ran.stdout


@pytest.mark.slow
@pytest.mark.faults
def test_a_night_that_failed_says_what_was_done_who_was_asked_and_why_it_stopped(
    tiny: Scanned, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    with serving(tiny.district.catalog.parent) as files:
        given = f"{files.address}/catalog.json", tiny.areas, tiny.period
        settings, access = ScanSettings(tile=32, threads=1), Access(patience=QUICK)
        scan(*given, tmp_path / "undisturbed", access=access, settings=settings)
        enough, count = sum(files.asked.values()) * 2 // 3, iter(range(10**9))
        files.asked.clear()
        files.sent = 0

        def failing(path: str, span: tuple[int, int] | None, content: bytes) -> Answer | None:
            return (plain if next(count) < enough else status(503))(path, span, content)

        files.always = failing
        with pytest.raises(NetworkError):
            scan(*given, out, access=access, settings=settings)
        found = check_up(str(out))
        assert found.ended == "stopped"
        assert "does not answer" in found.reason
        assert found.left == found.tiles - found.done > 0
        assert found.hosts[files.address]["requests"] == sum(files.asked.values())
        assert found.hosts[files.address]["again"] > 0
        assert found.hosts[files.address]["bytes"] == files.sent
    ran = leachwatch("doctor", str(out))
    assert ran.returncode == 1
    assert "no tables yet" in ran.stdout
    assert "last run   stopped: " in ran.stdout
    assert "run the same command again: tiles that are done are not worked again" in ran.stdout
    assert json.loads(leachwatch("doctor", str(out), "--json").stdout)["ended"] == "stopped"


def test_a_full_disk_is_to_be_mended_first(tmp_path: Path) -> None:
    reason = f"{tmp_path / 'a.npz'}: cannot be written (No space left on device)"
    out = written(tmp_path / "out", ("tiles", {"tiles": 4}), done("a"), ("stopped", {"reason": reason}))
    assert check_up(str(out)).advice.startswith("make room on that disk, then run the same command again")


def test_a_run_that_was_refused_is_to_be_mended_and_leaves_the_tables_whole(
    tiny: Scanned, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    shutil.copytree(tiny.report.out, out)
    catalog, area = tiny.district.catalog, tiny.district.area
    told = ["--catalog", catalog, "--area", area, "--from", "2022-01", "--to", "2022-12", "--out", out]
    assert leachwatch("scan", *told, "--collection", "another").returncode == 2
    shown = leachwatch("doctor", str(out)).stdout
    assert "has no scene of the collection another; give --collection one that it has" in shown
    assert "to do      mend what stopped the last run, then run it again; the tables of an earlier" in shown


def test_tiles_that_are_ended_after_a_stop_are_told() -> None:
    begun, stopped, late = threading.Event(), threading.Event(), list[int]()

    def fails() -> int:
        begun.wait(10)
        raise KeyboardInterrupt

    def ends_later() -> int:
        begun.set()
        stopped.wait(10)
        return 7

    tasks = [fails, ends_later, lambda: 8]
    with pytest.raises(KeyboardInterrupt):
        list(in_threads(tasks, 2, stopped.set, lambda result, _seconds: late.append(result)))
    assert 7 in late


def test_tiles_that_failed_and_scenes_that_were_skipped_stand_with_why(tmp_path: Path) -> None:
    lost = {"S2A": "asset green is cut", "S2B": "asset green is cut", "S2C": "no offset fits"}
    out = written(
        tmp_path / "out",
        ("scenes", {"scenes": 5, "skipped": lost, "clouded": 1}),
        ("tiles", {"tiles": 4}),
        done("a"),
        ("failed", {"tile": "b", "seconds": 1, "bytes": 9, "reason": "MemoryError: no room"}),
        ("done", {"tile": "c", "seconds": 1, "bytes": 9, "scenes": 2, "skipped": {"S2D": "not now"}}),
        ("kept", {"tile": "d", "seconds": 0, "bytes": 9}),
        ("workers died", {"tiles": ["b"], "times": 1}),
        ("finished", {}),
    )
    found = check_up(str(out))
    assert found.failed == {"b": "MemoryError: no room"}
    assert next(iter(found.skipped.items())) == ("asset green is cut", ("S2A", "S2B"))
    assert found.skipped["not now"] == ("S2D",)
    assert (found.done, found.kept, found.left, found.bytes, found.died) == (3, 1, 0, 9, 1)
    assert not found.well
    shown = leachwatch("doctor", str(out)).stdout
    assert "       b  MemoryError: no room" in shown
    assert "       2  asset green is cut (S2A, S2B)" in shown


def test_a_run_without_an_end_died_unless_somebody_is_at_work(tmp_path: Path) -> None:
    out = written(tmp_path / "out", ("tiles", {"tiles": 9}), done("a"))
    assert check_up(str(out)).ended == "died"
    with held(out / "work", "wait"):
        found = check_up(str(out))
    assert found.ended == "working"
    assert found.holder.startswith("process ")
    assert found.advice.startswith("wait")


def test_the_last_run_counts(tmp_path: Path) -> None:
    out = written(tmp_path / "out", ("tiles", {"tiles": 9}), ("stopped", {"reason": "a", "kind": "b"}))
    again = Log(out / "work" / LOG)
    again.begin()
    again.note("finished")
    found = check_up(str(out))
    assert (found.runs, found.ended, found.reason) == (2, "finished", "")


def test_tables_that_are_not_what_the_manifest_says_are_named(tiny: Scanned, tmp_path: Path) -> None:
    out = tmp_path / "out"
    shutil.copytree(tiny.report.out, out)
    (out / "sites.parquet").write_bytes(b"other")
    (out / "spells.parquet").unlink()
    found = check_up(str(out))
    assert found.broken == ("sites.parquet", "spells.parquet")
    assert not found.well
    assert "NOT WHOLE (sites.parquet, spells.parquet)" in leachwatch("doctor", str(out)).stdout


def test_an_output_at_a_url_is_looked_at_too(tiny: Scanned, tmp_path: Path) -> None:
    shelf = UrlShelf(f"memory://{tmp_path.name}")
    scan(tiny.district.catalog, tiny.areas, tiny.period, shelf.address)
    assert check_up(f"{shelf.address}/").well
    with leased(shelf.below("work/lease"), "wait"):
        assert check_up(shelf.address).holder == "", (
            "what this process holds, it held before it was restarted"
        )
    shelf.write(
        "work/lease/lease-000000009.json", b'{"process": 1, "machine": "elsewhere", "since": "today"}'
    )
    assert check_up(shelf.address).holder.startswith("process 1 on elsewhere since today")


def test_a_folder_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="no such folder"):
        check_up(str(tmp_path / "nowhere"))
    (tmp_path / "empty").mkdir()
    found = check_up(str(tmp_path / "empty"))
    assert (found.well, found.advice) == (False, "no scan was begun here; look at the path")


def test_a_log_is_cut_off_where_it_is_long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("leachwatch.scanning.log._LARGEST", 100)
    log = Log(tmp_path / LOG)
    for _ in range(3):
        log.begin(catalog="x" * 100)
    assert (tmp_path / LOG).read_text(encoding="utf-8").count("\n") == 1
    assert (tmp_path / "log.old.jsonl").exists()

"""Whatever dies or stumbles on a cluster, a scan ends in the tables of an undisturbed one."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from catalogs import same_tables
from clusters import (
    BUCKET,
    Cluster,
    aws,
    cluster,
    end,
    larger_disk,
    s3_server,
    sign_in,
    small_disk,
    stumbling,
)
from leachwatch.errors import ClusterError
from leachwatch.scanning import ScanSettings, scan
from leachwatch.storage import UrlShelf

if TYPE_CHECKING:
    from conftest import Scanned

pytestmark = [pytest.mark.cluster, pytest.mark.faults, pytest.mark.slow]

KILLS = int(os.environ.get("LEACHWATCH_TEST_KILLS", "5"))
SMALL = ScanSettings(tile=32)
PROGRAM = """
import sys
from datetime import date
from leachwatch.case import Period, read_areas
from leachwatch.errors import LeachwatchError
from leachwatch.scanning import ScanSettings, scan
catalog, area, out, scheduler = sys.argv[1:]
period = Period(date(2022, 1, 1), date(2022, 12, 31))
try:
    scan(catalog, read_areas(area), period, out, settings=ScanSettings(tile=32), scheduler=scheduler)
except LeachwatchError as error:
    print(error, file=sys.stderr)
    sys.exit(2)
"""


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    with s3_server() as address:
        yield address


@pytest.fixture(scope="module")
def whole(tiny: Scanned, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Tables of the district by small tiles, undisturbed, in threads."""
    out = tmp_path_factory.mktemp("whole")
    scan(tiny.district.catalog, tiny.areas, tiny.period, out, settings=SMALL)
    return out


@pytest.fixture
def two(endpoint: str, tmp_path: Path) -> Iterator[Cluster]:
    with cluster(tmp_path, env=aws(endpoint)) as running:
        yield running


def started(tiny: Scanned, out: object, scheduler: str, program: str = PROGRAM) -> subprocess.Popen[bytes]:
    """Start a scan in a process of its own."""
    command = [sys.executable, "-c", program, tiny.district.catalog, tiny.district.area, out, scheduler]
    return subprocess.Popen([*map(str, command)], stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def ended_well(process: subprocess.Popen[bytes]) -> None:
    _, said = process.communicate(timeout=600)
    assert process.returncode == 0, said.decode()


def tables_at(out: str, folder: Path) -> Path:
    """Copy tables from a URL; those of a folder are where they are."""
    if "://" not in out:
        return Path(out)
    shelf = UrlShelf(out)
    for name in shelf.names():
        if name.endswith(".parquet") and "/" not in name:
            folder.mkdir(exist_ok=True)
            (folder / name).write_bytes(shelf.read(name) or b"")
    return folder


def events(out: Path) -> Counter[str]:
    lines = (out / "work" / "log.jsonl").read_text(encoding="utf-8").splitlines()
    return Counter(json.loads(line)["event"] for line in lines)


@pytest.fixture
def s3(endpoint: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A prefix of its own in the S3 server, and the environment of whoever may use it."""
    sign_in(monkeypatch, endpoint)
    return f"s3://{BUCKET}/{tmp_path.name}"


@pytest.fixture(params=["folder", "s3"])
def out(request: pytest.FixtureRequest, s3: str, tmp_path: Path) -> str:
    """Where a scan writes."""
    return s3 if request.param == "s3" else str(tmp_path / "out")


def test_killed_workers_and_clients_leave_the_tables_of_an_undisturbed_scan(
    tiny: Scanned, whole: Path, two: Cluster, tmp_path: Path, out: str
) -> None:
    rng = random.Random(f"{out.startswith('s3:')} {KILLS}")  # noqa: S311 - moments, not secrets
    killed: Counter[str] = Counter()
    finished = 0
    while killed.total() < KILLS or not finished:
        place = f"{out}/{finished}"
        process = started(tiny, place, two.address)
        while process.poll() is None:
            try:
                process.wait(timeout=rng.uniform(1, 8))
            except subprocess.TimeoutExpired:
                if killed.total() >= KILLS:
                    continue
                victim = rng.choice(["worker", "worker", "client"])
                killed[victim] += 1
                if victim == "client":
                    end(process)
                else:
                    two.kill_worker(rng.randrange(2))
        said = process.communicate()[1].decode()
        if process.returncode == 0:
            finished += 1
            assert same_tables(whole, tables_at(place, tmp_path / f"copy-{finished}"))
        else:
            assert process.returncode == -9, said
    print(f"{out}: killed {dict(killed)}, {finished} scans ended whole")


def test_a_scheduler_that_is_restarted_loses_nothing(
    tiny: Scanned, whole: Path, two: Cluster, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    process = started(tiny, out, two.address)
    deadline = time.monotonic() + 300
    while len(list((out / "work" / "tiles").glob("*.npz"))) < 5 and time.monotonic() < deadline:
        time.sleep(0.1)
    two.restart_scheduler()
    ended_well(process)
    assert same_tables(whole, out)
    said = events(out)
    assert said["scheduler lost"] >= 1
    assert said["done"] == len(list((out / "work" / "tiles").iterdir())), "no tile twice"


def test_a_scheduler_that_does_not_come_back_ends_the_scan_and_the_next_goes_on(
    tiny: Scanned, whole: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("leachwatch.scanning.cluster._ROUNDS", 1)
    monkeypatch.setattr("leachwatch.scanning.cluster._CONNECT_S", 1)
    out = tmp_path / "out"
    with cluster(tmp_path) as running:

        def stop(what: str, done: int, _total: int) -> None:
            if what == "tiles" and done == 5:
                end(running.scheduler)

        with pytest.raises(ClusterError, match="the scheduler is gone; tiles that are done are kept"):
            scan(
                tiny.district.catalog,
                tiny.areas,
                tiny.period,
                out,
                settings=SMALL,
                scheduler=running.address,
                progress=stop,
            )
    assert not list(out.glob("*.parquet"))
    again = scan(tiny.district.catalog, tiny.areas, tiny.period, out, settings=SMALL)
    assert again.kept >= 5
    assert same_tables(whole, out)


def test_a_store_that_stumbles_and_is_slow_changes_nothing(
    tiny: Scanned, whole: Path, endpoint: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with stumbling(endpoint, seed=3, share=0.3, slow=1.0) as (address, done):
        sign_in(monkeypatch, address)
        out = f"s3://{BUCKET}/{tmp_path.name}"
        with cluster(tmp_path, env=aws(address)) as running:
            ended_well(started(tiny, out, running.address))
        assert same_tables(whole, tables_at(out, tmp_path / "copy"))
    faults = Counter(done)
    assert min(faults[kind] for kind in ("503", "500", "dropped", "slow")) > 0
    print(dict(faults))


def test_a_full_disk_is_a_clean_stop_and_with_room_the_scan_goes_on(
    tiny: Scanned, whole: Path, two: Cluster, tmp_path: Path
) -> None:
    with small_disk(tmp_path / "disk", "200k") as ready:
        if not ready:
            pytest.skip("a small disk cannot be mounted here (mount -t tmpfs needs root)")
        out = tmp_path / "disk" / "out"
        filler = tmp_path / "disk" / "filler"
        filler.write_bytes(b"x" * 120_000)
        process = started(tiny, out, two.address)
        said = process.communicate(timeout=600)[1].decode()
        assert process.returncode == 2, said
        assert "cannot be written (No space left on device)" in said
        assert said.count("\n") == 1
        assert not list(out.glob("*.parquet"))
        assert not list(out.rglob("*.part"))
        filler.unlink()
        larger_disk(tmp_path / "disk", "50m")
        ended_well(started(tiny, out, two.address))
        assert same_tables(whole, out)


def test_of_two_clients_on_one_output_the_second_is_refused(
    tiny: Scanned, whole: Path, two: Cluster, tmp_path: Path, out: str
) -> None:
    both = [started(tiny, out, two.address) for _ in range(2)]
    said = [process.communicate(timeout=600)[1].decode() for process in both]
    codes = [process.returncode for process in both]
    assert sorted(codes) == [0, 2], said
    refused = said[codes.index(2)]
    assert "in use by process" in refused
    assert refused.count("\n") == 1
    assert same_tables(whole, tables_at(out, tmp_path / "copy"))


def test_two_clients_that_no_lease_parts_end_in_the_same_tables(
    tiny: Scanned, whole: Path, two: Cluster, tmp_path: Path, s3: str
) -> None:
    unparted = (
        "from contextlib import nullcontext\n"
        "from types import SimpleNamespace\n"
        "from leachwatch.scanning import workplace\n"
        "workplace.leased = lambda *_: nullcontext(SimpleNamespace(check=lambda: None))\n"
    ) + PROGRAM
    both = [started(tiny, s3, two.address, unparted) for _ in range(2)]
    for process in both:
        ended_well(process)
    assert same_tables(whole, tables_at(s3, tmp_path / "copy"))

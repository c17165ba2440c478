"""The tiles of a scan on a cluster of real processes end in the tables of one in threads."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import leachwatch
from catalogs import same_tables
from clusters import BUCKET, Cluster, aws, cluster, s3_server, sign_in
from leachwatch import tables
from leachwatch.detect import digest
from leachwatch.errors import ClusterError, NetworkError, OutputError
from leachwatch.imagery import Access, open_source
from leachwatch.scanning import ScanSettings, scan
from leachwatch.scanning.orders import Order, code_here
from leachwatch.storage import UrlShelf
from servers import serving
from test_cli import PROGRAM

if TYPE_CHECKING:
    from conftest import Scanned

SMALL = ScanSettings(tile=32)


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    with s3_server() as address:
        yield address


@pytest.fixture(scope="module")
def two(endpoint: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A cluster of two workers that may use the S3 server."""
    with cluster(tmp_path_factory.mktemp("cluster"), env=aws(endpoint)) as running:
        yield running


@pytest.fixture
def bucket(endpoint: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> UrlShelf:
    """A prefix of its own."""
    sign_in(monkeypatch, endpoint)
    return UrlShelf(f"s3://{BUCKET}/{tmp_path.name}")


def fetched(shelf: UrlShelf, folder: Path) -> Path:
    """Copy what is at a URL."""
    for name in shelf.names():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(shelf.read(name) or b"")
    return folder


@pytest.fixture(scope="module")
def whole(tiny: Scanned, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Tables of the district by small tiles, in threads."""
    out = tmp_path_factory.mktemp("whole")
    scan(tiny.district.catalog, tiny.areas, tiny.period, out, settings=SMALL)
    return out


# -- a cluster ---------------------------------------------------------------------------------------------


@pytest.mark.cluster
@pytest.mark.slow
def test_a_cluster_gives_the_tables_of_threads_and_each_goes_on_from_the_other(
    tiny: Scanned, whole: Path, two: Cluster, tmp_path: Path
) -> None:
    given = tiny.district.catalog, tiny.areas, tiny.period
    first = scan(*given, tmp_path / "out", settings=SMALL, scheduler=two.address)
    assert same_tables(whole, tmp_path / "out")
    assert (first.kept, first.failed) == (0, {})
    again = scan(*given, tmp_path / "out", settings=SMALL)
    assert again.kept == again.tiles == first.tiles
    shutil.copytree(whole, tmp_path / "other")
    other = scan(*given, tmp_path / "other", settings=SMALL, scheduler=two.address)
    assert other.kept == other.tiles


@pytest.mark.cluster
@pytest.mark.slow
def test_the_command_takes_the_scheduler_from_the_environment_and_paths_from_where_it_is(
    tiny: Scanned, two: Cluster, tmp_path: Path
) -> None:
    scenes = tiny.district.catalog.parent
    options = [
        "--catalog",
        scenes.name,
        "--area",
        str(tiny.district.area),
        "--from",
        "2022-01",
        "--to",
        "2022-12",
    ]
    ran = subprocess.run(
        [str(PROGRAM), "scan", *options, "--out", str(tmp_path / "out"), "--json"],
        cwd=scenes.parent,
        env={**os.environ, "LEACHWATCH_SCHEDULER": two.address},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    assert json.loads(ran.stdout)["rows"]["sites"] == 3
    assert same_tables(tiny.report.out, tmp_path / "out")
    log = (tmp_path / "out" / "work" / "log.jsonl").read_text(encoding="utf-8")
    assert '"scheduler": true' in log


@pytest.mark.cluster
@pytest.mark.slow
def test_workers_fetch_scenes_themselves_and_what_they_fetched_is_counted(
    tiny: Scanned, whole: Path, two: Cluster, tmp_path: Path
) -> None:
    with serving(tiny.district.catalog.parent) as files:
        catalog = f"{files.address}/catalog.json"
        given = catalog, tiny.areas, tiny.period
        told: list[tuple[str, int, int]] = []
        report = scan(
            *given,
            tmp_path / "out",
            settings=SMALL,
            scheduler=two.address,
            progress=lambda *count: told.append(count),
        )
        requests, received = report.traffic[files.address]
        assert requests == sum(files.asked.values())
        assert received == files.sent
        assert any(what.startswith("MB from 1 host") for what, _, _ in told)
        assert same_tables(whole, tmp_path / "out")
        with pytest.raises(NetworkError, match=r"used up|may be in one run"):
            scan(
                *given,
                tmp_path / "less",
                settings=SMALL,
                scheduler=two.address,
                access=Access(most_bytes=received // 2),
            )
        assert not list((tmp_path / "less").glob("*.parquet"))


# -- a URL -------------------------------------------------------------------------------------------------


@pytest.mark.cluster
@pytest.mark.slow
@pytest.mark.parametrize("on", ["threads", "cluster"])
def test_tables_at_a_url_are_those_of_a_folder_and_tiles_are_kept_there(
    tiny: Scanned, whole: Path, two: Cluster, bucket: UrlShelf, tmp_path: Path, on: str
) -> None:
    given = tiny.district.catalog, tiny.areas, tiny.period, bucket.address
    scheduler = two.address if on == "cluster" else ""
    first = scan(*given, settings=SMALL, scheduler=scheduler)
    assert first.place == bucket.address
    assert same_tables(whole, fetched(bucket, tmp_path / "first"))
    again = scan(*given, settings=SMALL, scheduler=scheduler)
    assert (first.kept, again.kept) == (0, first.tiles)
    assert same_tables(fetched(bucket, tmp_path / "again"), tmp_path / "first")
    manifest = json.loads((tmp_path / "again" / "manifest.json").read_bytes())
    assert manifest["result"]["past"].keys() == {"sites.parquet"}
    assert not any("lease" in name for name in bucket.names())


@pytest.mark.cluster
@pytest.mark.slow
def test_the_command_writes_to_a_url(tiny: Scanned, bucket: UrlShelf, tmp_path: Path) -> None:
    options = ["--catalog", str(tiny.district.catalog), "--area", str(tiny.district.area)]
    options += ["--from", "2022-01", "--to", "2022-12", "--out", f"{bucket.address}/"]
    ran = subprocess.run([str(PROGRAM), "scan", *options], capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert f"tables: {bucket.address}\n" in ran.stdout
    assert same_tables(tiny.report.out, fetched(bucket, tmp_path / "out"))


def test_a_url_that_another_holds_is_refused_and_left_alone(tiny: Scanned, tmp_path: Path) -> None:
    shelf = UrlShelf(f"memory://{tmp_path.name}")
    lease = shelf.below("work/lease")
    lease.write("lease-000000001.json", b'{"process": 1, "machine": "elsewhere", "since": "today"}')
    with pytest.raises(OutputError, match="in use by process 1 on elsewhere since today"):
        scan(tiny.district.catalog, tiny.areas, tiny.period, shelf.address)
    assert shelf.names() == {"work/lease/lease-000000001.json"}
    lease.remove("lease-000000001.json")
    scan(tiny.district.catalog, tiny.areas, tiny.period, shelf.address)
    assert "sites.parquet" in shelf.names()


def test_tables_of_a_newer_version_are_not_written_over(tiny: Scanned, tmp_path: Path) -> None:
    shutil.copytree(tiny.report.out, tmp_path / "out")
    manifest = tmp_path / "out" / "manifest.json"
    said = json.loads(manifest.read_bytes())
    manifest.write_text(json.dumps(said | {"leachwatch": "99.1"}))
    before = manifest.read_bytes()
    with pytest.raises(OutputError, match=r"was written by leachwatch 99\.1, which is newer than this"):
        scan(tiny.district.catalog, tiny.areas, tiny.period, tmp_path / "out")
    assert manifest.read_bytes() == before
    shelf = UrlShelf(f"memory://{tmp_path.name}")
    shelf.write("manifest.json", before)
    with pytest.raises(OutputError, match=r"newer than this"):
        scan(tiny.district.catalog, tiny.areas, tiny.period, shelf.address)


@pytest.mark.slow
def test_tables_of_an_older_version_are_made_again_and_its_tiles_are_not_taken(
    tiny: Scanned, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = tiny.district.catalog, tiny.areas, tiny.period, tmp_path
    monkeypatch.setattr("leachwatch.scanning.journal.__version__", "0.0.1")
    monkeypatch.setattr("leachwatch.scanning.report.__version__", "0.0.1")
    scan(*given, settings=SMALL)
    monkeypatch.undo()
    after = scan(*given, settings=SMALL)
    assert after.kept == 0
    for table in set(tables.TABLES) - {tables.COVERAGE}:
        assert (tmp_path / table.file_name).read_bytes() == (tiny.report.out / table.file_name).read_bytes()
    assert len(list((tmp_path / "work" / "tiles").iterdir())) == after.tiles
    assert json.loads((tmp_path / "manifest.json").read_bytes())["leachwatch"] == leachwatch.__version__


# -- what is said when there is none -----------------------------------------------------------------------


def test_no_scheduler_is_said_in_one_line(
    tiny: Scanned, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("leachwatch.scanning.cluster._CONNECT_S", 0.3)
    with pytest.raises(ClusterError, match=r"^tcp://127\.0\.0\.1:9: no scheduler answers there") as said:
        scan(tiny.district.catalog, tiny.areas, tiny.period, tmp_path / "out", scheduler="tcp://127.0.0.1:9")
    assert "\n" not in str(said.value)
    assert not (tmp_path / "out").exists()


def test_a_missing_extra_is_named(tiny: Scanned, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(ClusterError, match=r"pip install 'leachwatch\[cluster\]'"):
        scan(tiny.district.catalog, tiny.areas, tiny.period, tmp_path / "out", scheduler="tcp://127.0.0.1:9")


@pytest.mark.cluster
@pytest.mark.slow
def test_workers_of_another_version_are_refused_by_name(tiny: Scanned, tmp_path: Path) -> None:
    source = Path(leachwatch.__file__).parent
    shutil.copytree(source, tmp_path / "old" / "leachwatch")
    changed = tmp_path / "old" / "leachwatch" / "detect" / "hits.py"
    changed.write_text(changed.read_text(encoding="utf-8") + "# older\n", encoding="utf-8")
    with cluster(tmp_path, workers=1, env={"PYTHONPATH": str(tmp_path / "old")}) as running:
        said = r"worker tcp://\S+: has leachwatch \S+ \(code \w+, .*\), and here is .*; install the same"
        with pytest.raises(ClusterError, match=said):
            scan(
                tiny.district.catalog,
                tiny.areas,
                tiny.period,
                tmp_path / "out",
                scheduler=running.address,
            )


@pytest.fixture
def order(tiny: Scanned) -> Order:
    settings = ScanSettings()
    catalog = str(tiny.district.catalog)
    return Order(catalog, Access(), settings, None, code_here(), digest(settings.detect.model))


def test_a_worker_that_cannot_work_an_order_says_why(order: Order, tmp_path: Path) -> None:
    order.check()
    for changed, said in (
        (replace(order, code="0.0.1"), "has leachwatch .*, the scan is of 0.0.1"),
        (replace(order, model="another"), "has another model, or none"),
        (replace(order, catalog=str(tmp_path / "nowhere")), "does not see .*nowhere"),
    ):
        with pytest.raises(ClusterError, match=said):
            changed.check()


def test_an_order_has_what_is_left_to_be_fetched(order: Order) -> None:
    assert order.with_budget(10) is order
    some = replace(order, access=Access(most_bytes=100))
    assert [some.with_budget(done).access.most_bytes for done in (0, 30, 130)] == [100, 70, 0]


def test_what_was_fetched_here_is_not_asked_of_workers(tiny: Scanned, tmp_path: Path) -> None:
    with serving(tiny.district.catalog.parent) as files:
        given = f"{files.address}/catalog.json", tiny.areas, tiny.period, tmp_path
        scan(*given)
        with pytest.raises(ClusterError, match=r"^--offline: what was fetched lies on this machine"):
            scan(
                *given,
                settings=ScanSettings(tile=256),
                scheduler="tcp://127.0.0.1:9",
                access=Access(offline=True),
            )
    with open_source(tiny.district.catalog) as source:
        assert not source.remote
    assert re.match(r"\d+\.\d+", code_here())

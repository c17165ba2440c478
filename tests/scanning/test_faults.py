"""What goes wrong in a scan ends in a named skip or a clean stop; a second scan ends as if it had not."""

from __future__ import annotations

import json
import random
import resource
import shutil
import signal
import struct
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import rasterio
from affine import Affine
from shapely.geometry import box

from catalogs import same_tables
from leachwatch import tables
from leachwatch.case import Area
from leachwatch.errors import NetworkError, OutputError
from leachwatch.holding import held
from leachwatch.imagery import Access
from leachwatch.network import Patience
from leachwatch.scanning import Report, ScanSettings, scan
from leachwatch.scanning.workplace import workplace
from servers import FileServer, cut, dropped, plain, serving, short, status
from test_cli import PROGRAM

if TYPE_CHECKING:
    from conftest import Scanned

pytestmark = pytest.mark.faults
QUICK = Patience(tries=3, backoff=0.01, timeout=2)


@pytest.fixture
def scenes(tiny: Scanned, tmp_path: Path) -> Path:
    """A copy of the district, to damage."""
    folder = tmp_path / "scenes"
    shutil.copytree(tiny.district.catalog.parent, folder)
    return folder


@pytest.fixture
def files(scenes: Path) -> Iterator[FileServer]:
    with serving(scenes) as server:
        yield server


def item_of(scenes: Path, tiny: Scanned, place: int = 3) -> Path:
    """Item of one of the scenes that are used."""
    day = tiny.report.days[place]
    (path,) = (scenes / "sentinel-2-l2a").glob(f"*{day:%Y%m%d}*/*.json")
    return path


@pytest.fixture(scope="module")
def without(tiny: Scanned, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Tables of the district where one scene was never taken."""
    folder = tmp_path_factory.mktemp("without")
    shutil.copytree(tiny.district.catalog.parent, folder / "scenes")
    shutil.rmtree(item_of(folder / "scenes", tiny).parent)
    scan(folder / "scenes", tiny.areas, tiny.period, folder / "out")
    return folder / "out"


# -- files that are not what they should be ----------------------------------------------------------------


def patched(path: Path, **numbers: int) -> None:
    """Change numbers in the directory of a TIFF."""
    tags = {"width": 256, "block_width": 322, "block_height": 323}
    wanted = {tags[name]: value for name, value in numbers.items()}
    content = bytearray(path.read_bytes())
    (start,) = struct.unpack_from("<I", content, 4)
    (count,) = struct.unpack_from("<H", content, start)
    for entry in range(start + 2, start + 2 + 12 * count, 12):
        (tag,) = struct.unpack_from("<H", content, entry)
        if tag in wanted:
            struct.pack_into("<HII", content, entry + 2, 4, 1, wanted[tag])
    path.write_bytes(content)


def written(path: Path, **changes: Any) -> None:
    """Write a band again with something changed."""
    with rasterio.open(path) as source:
        profile, values = source.profile, source.read(1)
    side = changes.pop("side", values.shape[0])
    profile.update(driver="GTiff", width=side, height=side, **changes)
    with rasterio.open(path, "w", **profile) as target:
        target.write(values[:side, :side].astype(profile["dtype"]), 1)


def vrt(path: Path) -> None:
    """Put a file there that would have others read."""
    text = '<VRTDataset rasterXSize="192" rasterYSize="192"><VRTRasterBand dataType="UInt16" band="1">'
    source = "<SimpleSource><SourceFilename>/etc/hostname</SourceFilename></SimpleSource>"
    path.write_text(f"{text}{source}</VRTRasterBand></VRTDataset>", encoding="utf-8")


DAMAGES: dict[str, tuple[Callable[[Path], object], str]] = {
    "unreadable": (lambda path: path.write_bytes(b"\\x00" * 5000), "TIFF|cannot be read"),
    "empty": (lambda path: path.write_bytes(b""), "cannot be read|answers 416|TIFF"),
    "gone": (lambda path: path.unlink(), "no file on this disk|answers 404"),
    "truncated": (
        lambda path: path.write_bytes(path.read_bytes()[: path.stat().st_size // 2]),
        "cannot be read|ends after",
    ),
    "another CRS": (lambda path: written(path, crs="EPSG:32646"), "is in EPSG:32646, but the item says"),
    "no CRS": (lambda path: written(path, crs=None), "is in None"),
    "turned": (
        lambda path: written(path, transform=Affine(10, 1, 427460, 1, -10, 2829920)),
        "pixels of|from",
    ),
    "moved": (
        lambda path: written(path, transform=Affine(10, 0, 427560, 0, -10, 2829920)),
        "but the item says",
    ),
    "smaller": (lambda path: written(path, side=50), "has 50 x 50 pixels"),
    "of floats": (lambda path: written(path, dtype="float32", predictor=1), "is float32, expected uint16"),
    "2^31 wide": (lambda path: patched(path, width=2**31 - 2), "pixels|cannot be read"),
    "bomb": (lambda path: patched(path, block_width=65536, block_height=65536), "blocks|cannot be read"),
    "VRT": (vrt, "cannot be read|no readable TIFF"),
}


@pytest.mark.parametrize("damage", [(kind, remote) for kind in DAMAGES for remote in (False, True)], ids=str)
def test_a_damaged_file_is_a_named_skip_and_the_others_are_used(
    tiny: Scanned, without: Path, files: FileServer, tmp_path: Path, damage: tuple[str, bool]
) -> None:
    scenes, (kind, remote) = files.root, damage
    path = item_of(scenes, tiny)
    change, said = DAMAGES[kind]
    change(path.parent / "green.tif")
    catalog = f"{files.address}/catalog.json" if remote else scenes
    out = tmp_path / "out"
    report = scan(catalog, tiny.areas, tiny.period, out, access=Access(patience=QUICK))
    (skipped,) = {(one.scene, one.reason) for one in report.skipped}
    assert skipped[0] == path.stem
    assert "asset green" in skipped[1]
    assert any(words in skipped[1] for words in said.split("|")), skipped
    assert "\n" not in skipped[1]
    assert report.scenes == tiny.report.scenes - 1
    assert not report.failed
    assert same_tables(out, without), "a scene that cannot be used is as if it were not there"


def test_an_item_that_announces_a_picture_without_bounds_is_a_named_skip(
    tiny: Scanned, scenes: Path, tmp_path: Path
) -> None:
    path = item_of(scenes, tiny)
    described = json.loads(path.read_text(encoding="utf-8"))
    for name, asset in described["assets"].items():
        asset["proj:shape"] = [2**31, 2**31]
        patched(path.parent / f"{name}.tif", width=2**31 - 2)
    path.write_text(json.dumps(described), encoding="utf-8")
    report = scan(scenes, tiny.areas, tiny.period, tmp_path / "out")
    assert {one.scene for one in report.skipped} == {path.stem}


# -- hosts that fail ---------------------------------------------------------------------------------------


def http_scan(files: FileServer, tiny: Scanned, out: Path, **options: Any) -> Report:
    access = Access(patience=QUICK, **options)
    return scan(f"{files.address}/catalog.json", tiny.areas, tiny.period, out, access=access)


def test_hosts_that_stumble_all_the_time_change_nothing(
    tiny: Scanned, files: FileServer, tmp_path: Path
) -> None:
    rng = random.Random(7)  # noqa: S311 - a fault, not a secret

    def stumbling(path: str, span: tuple[int, int] | None, content: bytes) -> Any:
        faults = [status(503), status(429), dropped, cut, *[plain] * 4, *([short] if span else [])]
        return rng.choice(faults)(path, span, content) if content else (404, {}, b"")

    files.always = stumbling
    access = Access(patience=Patience(tries=14, backoff=0.001, longest=0.02, timeout=2))
    catalog = f"{files.address}/catalog.json"
    report = scan(catalog, tiny.areas, tiny.period, tmp_path, access=access)
    assert report.skipped == ()
    assert same_tables(tiny.report.out, tmp_path)


def test_a_file_that_is_not_to_be_had_is_skipped_and_taken_up_by_the_next_scan(
    tiny: Scanned, scenes: Path, files: FileServer, tmp_path: Path
) -> None:
    path = item_of(scenes, tiny)
    address = f"/{path.parent.relative_to(scenes).as_posix()}/green.tif"
    files.faults[address] = [status(503)] * 1000
    report = http_scan(files, tiny, tmp_path / "out")
    assert {one.scene for one in report.skipped} == {path.stem}
    assert all(one.again for one in report.skipped)
    assert "Some files were not to be had just now; the same scan later may see more." in report.caveats
    files.faults.clear()
    (tmp_path / "out" / "sites.parquet").unlink()  # else ids would go on from what was seen before
    again = http_scan(files, tiny, tmp_path / "out")
    assert again.skipped == ()
    assert same_tables(tiny.report.out, tmp_path / "out")


def test_a_host_that_goes_down_stops_the_scan_and_the_next_goes_on(
    tiny: Scanned, files: FileServer, tmp_path: Path
) -> None:
    settings = ScanSettings(tile=32, threads=1)
    http_scan(files, tiny, tmp_path / "undisturbed")
    enough = sum(files.asked.values()) * 2 // 3
    count = iter(range(10**9))

    def failing(path: str, span: tuple[int, int] | None, content: bytes) -> Any:
        if not content:
            return 404, {}, b""
        return (plain if next(count) < enough else status(503))(path, span, content)

    files.always = failing
    catalog, access = f"{files.address}/catalog.json", Access(patience=QUICK)
    with pytest.raises(NetworkError, match="does not answer"):
        scan(catalog, tiny.areas, tiny.period, tmp_path / "out", access=access, settings=settings)
    assert not list((tmp_path / "out").glob("*.parquet"))
    asked = sum(files.asked.values())
    files.always = None
    scan(catalog, tiny.areas, tiny.period, tmp_path / "out", access=access, settings=settings)
    assert sum(files.asked.values()) - asked < enough, "what was fetched before the fall is not fetched again"
    for table in set(tables.TABLES) - {tables.COVERAGE}:
        name = table.file_name
        assert (tmp_path / "out" / name).read_bytes() == (tiny.report.out / name).read_bytes()


def test_a_budget_that_runs_out_stops_the_scan_and_a_larger_one_goes_on(
    tiny: Scanned, files: FileServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("leachwatch.scanning.run.check_budget", lambda *_: None)
    http_scan(files, tiny, tmp_path / "undisturbed")
    enough = files.sent * 2 // 3
    with pytest.raises(NetworkError, match="run the same command again for the rest"):
        http_scan(files, tiny, tmp_path / "out", most_bytes=enough)
    assert not list((tmp_path / "out").glob("*.parquet"))
    http_scan(files, tiny, tmp_path / "out", most_bytes=enough)
    assert same_tables(tiny.report.out, tmp_path / "out")


# -- disks and processes -----------------------------------------------------------------------------------


def limited(size: int) -> Callable[[], None]:
    """Let no file of a process grow beyond some bytes: as a full disk does."""

    def limit() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    return limit


def command(tiny: Scanned, catalog: object, out: Path, *more: str) -> list[str]:
    options = [
        "scan", "--catalog", catalog, "--area", tiny.district.area, "--from", "2022-01", "--to", "2022-12",
        "--out", out, *more,
    ]  # fmt: skip
    return [str(PROGRAM), *map(str, options)]


@pytest.mark.parametrize(
    ("size", "remote"),
    [
        (0, False),
        pytest.param(3000, False, marks=pytest.mark.slow),
        pytest.param(0, True, marks=pytest.mark.slow),
        (3000, True),
        pytest.param(20_000, True, marks=pytest.mark.slow),
    ],
)
def test_a_full_disk_is_a_clean_stop_and_the_next_scan_ends_well(
    tiny: Scanned, files: FileServer, tmp_path: Path, size: int, remote: bool
) -> None:
    catalog = f"{files.address}/catalog.json" if remote else tiny.district.catalog
    out = tmp_path / "out"
    ran = subprocess.run(
        command(tiny, catalog, out), capture_output=True, text=True, check=False, preexec_fn=limited(size)
    )
    assert ran.returncode == 2, ran.stderr
    assert "cannot be written" in ran.stderr
    assert ran.stderr.count("\n") == 1
    assert not list(out.glob("*.parquet"))
    assert not list(out.rglob("*.part")) or remote
    ran = subprocess.run(command(tiny, catalog, out), capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    assert same_tables(tiny.report.out, out)


PROGRAM_WITH_SMALL_TILES = """
import sys
from datetime import date
from leachwatch.case import Period, read_areas
from leachwatch.scanning import ScanSettings, scan
catalog, area, out = sys.argv[1:]
period = Period(date(2022, 1, 1), date(2022, 12, 31))
scan(catalog, read_areas(area), period, out, settings=ScanSettings(tile=32))
"""


@pytest.mark.slow
@pytest.mark.parametrize("remote", [False, True], ids=["disk", "http"])
def test_killed_at_any_moment_a_scan_goes_on_to_the_tables_of_an_undisturbed_one(
    tiny: Scanned, files: FileServer, tmp_path: Path, *, remote: bool
) -> None:
    catalog = f"{files.address}/catalog.json" if remote else str(tiny.district.catalog)
    arguments = [sys.executable, "-c", PROGRAM_WITH_SMALL_TILES, catalog, str(tiny.district.area)]
    whole, out = tmp_path / "whole", tmp_path / "out"
    started = time.monotonic()
    subprocess.run([*arguments, str(whole)], check=True)
    took = time.monotonic() - started
    rng = random.Random(11)  # noqa: S311 - a moment, not a secret
    killed = 0
    for _ in range(8):
        with subprocess.Popen([*arguments, str(out)], stderr=subprocess.PIPE) as running:
            try:
                running.wait(timeout=rng.uniform(0.3, 1.0) * took)
            except subprocess.TimeoutExpired:
                running.kill()
                killed += 1
    assert killed
    subprocess.run([*arguments, str(out)], check=True)
    assert same_tables(whole, out)
    assert not list(out.glob("*.part"))


def test_what_is_done_is_not_done_again(tiny: Scanned, scenes: Path, tmp_path: Path) -> None:
    settings = ScanSettings(tile=32)
    first = scan(scenes, tiny.areas, tiny.period, tmp_path, settings=settings)
    again = scan(scenes, tiny.areas, tiny.period, tmp_path, settings=settings)
    assert (first.kept, again.kept) == (0, first.tiles)
    described = item_of(scenes, tiny)
    described.write_text(described.read_text(encoding="utf-8").replace("sentinel-2a", "sentinel-2b"))
    changed = scan(scenes, tiny.areas, tiny.period, tmp_path, settings=settings)
    assert changed.kept == 0
    kept = tmp_path / "work" / "tiles"
    assert len(list(kept.iterdir())) == changed.tiles, "what a tile was before is of no use to anybody"
    half = Area("west", tiny.areas[0].geometry.intersection(box(0, 0, tiny.areas[0].geometry.centroid.x, 90)))
    scan(scenes, [half], tiny.period, tmp_path, settings=settings)
    assert len(list(kept.iterdir())) == changed.tiles, "nor is another area's work thrown away"
    again = scan(scenes, tiny.areas, tiny.period, tmp_path, settings=settings)
    assert again.kept > 0


def test_a_kept_tile_that_is_damaged_is_done_again(tiny: Scanned, tmp_path: Path) -> None:
    settings = ScanSettings(tile=32)
    catalog = tiny.district.catalog
    first = scan(catalog, tiny.areas, tiny.period, tmp_path / "a", settings=settings)
    shutil.copytree(tmp_path / "a", tmp_path / "b")
    paths = sorted((tmp_path / "b" / "work" / "tiles").iterdir())
    paths[0].write_bytes(b"")
    paths[1].write_bytes(paths[1].read_bytes()[:-500])
    paths[2].write_bytes(b"\x80\x04\x95" + paths[2].read_bytes())
    again = scan(catalog, tiny.areas, tiny.period, tmp_path / "b", settings=settings)
    assert again.kept == first.tiles - 3
    assert same_tables(tmp_path / "a", tmp_path / "b")


def test_a_second_scan_says_who_holds_the_folder(tiny: Scanned, tmp_path: Path) -> None:
    (tmp_path / "work").mkdir()
    with (
        held(tmp_path / "work", "choose another --out"),
        pytest.raises(OutputError, match=r"in use by process \d+ on \S+ since 20\S+; wait for it, or choose"),
    ):
        scan(tiny.district.catalog, tiny.areas, tiny.period, tmp_path)
    scan(tiny.district.catalog, tiny.areas, tiny.period, tmp_path)


def test_a_scan_that_is_refused_leaves_the_one_at_work_alone(tiny: Scanned, tmp_path: Path) -> None:
    out = tmp_path / "out"
    with workplace(out) as place:
        tiles = place.work / "tiles"
        tiles.mkdir()
        place.cache.mkdir()
        with pytest.raises(OutputError, match="in use by"):
            scan(tiny.district.catalog, tiny.areas, tiny.period, out)
        assert tiles.is_dir()
        assert place.cache.is_dir()
        assert (place.work / "lock").exists()
    assert not out.exists()


def test_a_process_that_dies_lets_go_of_its_folder(tmp_path: Path) -> None:
    program = (
        "import sys, time\nfrom pathlib import Path\nfrom leachwatch.holding import held\n"
        "with held(Path(sys.argv[1]), 'wait'):\n    print('held', flush=True)\n    time.sleep(60)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, str(tmp_path)], stdout=subprocess.PIPE, text=True
    ) as holding:
        assert holding.stdout is not None
        assert holding.stdout.readline() == "held\n"
        with pytest.raises(OutputError, match=f"in use by process {holding.pid} "), held(tmp_path, "wait"):
            pass
        holding.kill()
        holding.wait()
        with held(tmp_path, "wait"):
            pass

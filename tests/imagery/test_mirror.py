"""The mirror: parts of remote files on this disk, read as if they were whole."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from affine import Affine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.testing import assert_array_equal
from numpy.typing import NDArray
from rasterio.windows import Window

from leachwatch.errors import OutputError, SceneError, SceneUnavailable
from leachwatch.imagery.directory import Directory, Level, read_directory
from leachwatch.imagery.mirror import Mirror, Wanted
from leachwatch.network import Hosts, Patience, Span, Transport
from servers import FileServer, serving, status

SIDE = 700


@pytest.fixture(scope="module")
def picture() -> NDArray[np.uint16]:
    return np.random.default_rng(5).integers(1, 4000, (SIDE, SIDE)).astype(np.uint16)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, picture: NDArray[np.uint16]) -> Path:
    """The same picture as a COG, in strips, without packing, and as BigTIFF."""
    folder = tmp_path_factory.mktemp("files")
    kinds: dict[str, dict[str, Any]] = {
        "cog.tif": {"driver": "COG", "blocksize": 128, "compress": "deflate", "predictor": 2},
        "strips.tif": {"driver": "GTiff", "compress": "lzw"},
        "plain.tif": {"driver": "GTiff", "tiled": True, "blockxsize": 256, "blockysize": 256},
        "big.tif": {"driver": "GTiff", "tiled": True, "BIGTIFF": "YES", "compress": "zstd"},
    }
    for name, options in kinds.items():
        with rasterio.open(
            folder / name, "w", width=SIDE, height=SIDE, count=1, dtype="uint16", crs="EPSG:32647",
            transform=Affine(10, 0, 600_000, 0, -10, 2_900_000), **options,
        ) as target:  # fmt: skip
            target.write(picture, 1)
    return folder


@pytest.fixture
def files(folder: Path) -> Iterator[FileServer]:
    with serving(folder) as server:
        yield server


@pytest.fixture
def network(files: FileServer) -> Iterator[Transport]:
    with Transport(Hosts.of([files.address]), patience=Patience(tries=2, backoff=0.01)) as transport:
        yield transport


def window(rows: tuple[int, int], columns: tuple[int, int], level: int = 0) -> Wanted:
    def wanted(directory: Directory) -> Sequence[Span]:
        return directory.levels[level].spans(rows, columns)

    return wanted


@pytest.mark.parametrize("name", ["cog.tif", "strips.tif", "plain.tif", "big.tif"])
@given(data=st.data())
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_a_window_of_a_mirrored_file_is_that_of_the_file(
    tmp_path_factory: pytest.TempPathFactory,
    files: FileServer,
    network: Transport,
    picture: NDArray[np.uint16],
    name: str,
    data: st.DataObject,
) -> None:
    row, column = data.draw(st.integers(0, SIDE - 1)), data.draw(st.integers(0, SIDE - 1))
    height, width = data.draw(st.integers(1, SIDE - row)), data.draw(st.integers(1, SIDE - column))
    mirror = Mirror(tmp_path_factory.mktemp("mirror"), network, most_bytes=10**9)
    wanted = window((row, row + height), (column, column + width))
    with (
        mirror.holding(f"{files.address}/{name}", "1", wanted) as path,
        rasterio.open(path, driver="GTiff") as source,
    ):
        read = source.read(1, window=Window(column, row, width, height))
    mirror.close()
    assert_array_equal(read, picture[row : row + height, column : column + width])


def test_an_overview_is_read_by_itself(
    tmp_path: Path, files: FileServer, network: Transport, folder: Path
) -> None:
    with rasterio.open(folder / "cog.tif", OVERVIEW_LEVEL=1) as source:
        expected = source.read(1)
    mirror = Mirror(tmp_path, network, most_bytes=10**9)
    side = expected.shape[0]
    with (
        mirror.holding(f"{files.address}/cog.tif", "1", window((0, side), (0, side), 2)) as path,
        rasterio.open(path, driver="GTiff", OVERVIEW_LEVEL=1) as source,
    ):
        assert_array_equal(source.read(1), expected)
    assert files.sent < (folder / "cog.tif").stat().st_size / 2


def test_a_small_window_fetches_little_and_a_second_time_nothing(
    tmp_path: Path, files: FileServer, network: Transport, folder: Path
) -> None:
    mirror = Mirror(tmp_path, network, most_bytes=10**9)
    for _ in range(2):
        with mirror.holding(f"{files.address}/cog.tif", "1", window((300, 340), (300, 340))):
            pass
    assert files.asked["/cog.tif"] == 2
    assert files.sent < (folder / "cog.tif").stat().st_size / 4


def test_what_was_fetched_is_there_for_the_next_one(
    tmp_path: Path, files: FileServer, network: Transport
) -> None:
    first = Mirror(tmp_path, network, most_bytes=10**9)
    with first.holding(f"{files.address}/cog.tif", "1", window((0, 90), (0, 90))):
        pass
    first.close()
    before = files.asked["/cog.tif"]
    second = Mirror(tmp_path, network, most_bytes=10**9)
    assert second.stored == first.stored > 0
    with second.holding(f"{files.address}/cog.tif", "1", window((0, 90), (0, 90))):
        pass
    assert files.asked["/cog.tif"] == before
    with second.holding(f"{files.address}/cog.tif", "2", window((0, 90), (0, 90))):
        pass
    assert files.asked["/cog.tif"] > before, "another version is another file"


def test_what_is_not_here_may_be_left_where_it_is(
    tmp_path: Path, files: FileServer, network: Transport, picture: NDArray[np.uint16]
) -> None:
    address, corner = f"{files.address}/cog.tif", window((0, 90), (0, 90))
    mirror = Mirror(tmp_path, network, most_bytes=10**9)
    with (
        pytest.raises(SceneUnavailable, match="nothing is fetched"),
        mirror.holding(address, "1", corner, fetch=False),
    ):
        pass
    assert not files.asked
    with mirror.holding(address, "1", corner):
        pass
    mirror.close()
    before = files.asked["/cog.tif"]
    again = Mirror(tmp_path, network, most_bytes=10**9)
    with again.holding(address, "1", corner, fetch=False) as path, rasterio.open(path, driver="GTiff") as cog:
        assert_array_equal(cog.read(1, window=Window(0, 0, 90, 90)), picture[:90, :90])
    for more in (window((0, SIDE), (0, SIDE)), None):
        with pytest.raises(SceneUnavailable), again.holding(address, "1", more, fetch=False):
            pass
    assert files.asked["/cog.tif"] == before


@pytest.mark.parametrize(
    "damage", ["{", '{"spans": []}', '{"spans": [[0, 999999999]], "size": 1, "address": ""}']
)
def test_an_index_that_does_not_hold_is_not_believed(
    tmp_path: Path, files: FileServer, network: Transport, picture: NDArray[np.uint16], damage: str
) -> None:
    first = Mirror(tmp_path, network, most_bytes=10**9)
    with first.holding(f"{files.address}/cog.tif", "1", window((0, 90), (0, 90))):
        pass
    first.close()
    (index,) = [path for path in tmp_path.glob("*.json") if len(path.stem) == 40]
    index.write_text(damage, encoding="utf-8")
    again = Mirror(tmp_path, network, most_bytes=10**9)
    with (
        again.holding(f"{files.address}/cog.tif", "1", window((0, 90), (0, 90))) as path,
        rasterio.open(path, driver="GTiff") as source,
    ):
        assert_array_equal(source.read(1, window=Window(0, 0, 90, 90)), picture[:90, :90])


def test_what_was_used_longest_ago_goes_first_and_what_is_held_stays(
    tmp_path: Path, files: FileServer, network: Transport
) -> None:
    mirror = Mirror(tmp_path, network, most_bytes=150_000)
    everything = window((0, SIDE), (0, SIDE))
    with mirror.holding(f"{files.address}/strips.tif", "1", everything) as kept:
        with mirror.holding(f"{files.address}/cog.tif", "1", everything) as other:
            pass
        assert kept.exists()
        assert not other.exists()
    assert not kept.exists()
    assert mirror.stored <= 150_000
    assert mirror.stored == sum(path.stat().st_size for path in tmp_path.glob("*.part"))


def test_many_at_a_time_get_the_same(
    tmp_path: Path, files: FileServer, network: Transport, picture: NDArray[np.uint16]
) -> None:
    mirror = Mirror(tmp_path, network, most_bytes=400_000)

    def read(place: int) -> bool:
        name = ("cog.tif", "strips.tif", "plain.tif", "big.tif")[place % 4]
        row = 37 * place % 600
        with (
            mirror.holding(f"{files.address}/{name}", "1", window((row, row + 60), (0, 500))) as path,
            rasterio.open(path, driver="GTiff") as source,
        ):
            return bool(
                (source.read(1, window=Window(0, row, 500, 60)) == picture[row : row + 60, :500]).all()
            )

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(read, range(80)))


def test_a_file_that_changes_while_it_is_read_is_not_mixed_with_its_old_self(
    tmp_path: Path, network: Transport, folder: Path, files: FileServer
) -> None:
    served = tmp_path / "served"
    served.mkdir()
    (served / "a.tif").write_bytes((folder / "cog.tif").read_bytes())
    with serving(served) as other, Transport(Hosts.of([other.address])) as transport:
        mirror = Mirror(tmp_path / "mirror", transport, most_bytes=10**9)
        with mirror.holding(f"{other.address}/a.tif", "1", window((0, 90), (0, 90))):
            pass
        (served / "a.tif").write_bytes((folder / "strips.tif").read_bytes())
        with (
            pytest.raises(SceneUnavailable, match="changed on its host"),
            mirror.holding(f"{other.address}/a.tif", "1", window((600, 690), (600, 690))),
        ):
            pass
        with (
            mirror.holding(f"{other.address}/a.tif", "1", window((600, 690), (600, 690))) as path,
            rasterio.open(path, driver="GTiff") as source,
        ):
            assert source.block_shapes[0][1] == SIDE
    assert not files.asked
    assert network.traffic.total == 0


def test_two_processes_do_not_share_a_folder(tmp_path: Path, network: Transport) -> None:
    mirror = Mirror(tmp_path, network, most_bytes=10)
    with pytest.raises(OutputError, match=r"in use by process \d+ on .* since 20.*choose another --cache"):
        Mirror(tmp_path, network, most_bytes=10)
    mirror.close()
    Mirror(tmp_path, network, most_bytes=10).close()


@pytest.mark.faults
@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is no readable TIFF"),
        (b"<html>not found</html>" * 100, "is no readable TIFF"),
        (b"II*\x00\xff\xff\xff\xff", "is no readable TIFF"),
        (b"II*\x00\x08\x00\x00\x00" + b"\xff" * 70_000, "TIFF|no size"),
        (b"<VRTDataset><SourceFilename>/etc/passwd</SourceFilename></VRTDataset>", "is no readable TIFF"),
    ],
    ids=["empty", "html", "directory beyond the end", "garbage", "VRT"],
)
def test_what_is_no_tiff_is_named(tmp_path: Path, content: bytes, said: str) -> None:
    served = tmp_path / "served"
    served.mkdir()
    (served / "a.tif").write_bytes(content)
    with serving(served) as files, Transport(Hosts.of([files.address])) as network:
        mirror = Mirror(tmp_path / "mirror", network, most_bytes=10**9)
        wanted = window((0, 9), (0, 9))
        with (
            pytest.raises(SceneError, match=said if content else "416|TIFF"),
            mirror.holding(f"{files.address}/a.tif", "1", wanted),
        ):
            pass


@pytest.mark.faults
@given(st.data())
@settings(max_examples=300, deadline=None)
def test_no_directory_however_damaged_does_more_than_be_named(folder: Path, data: st.DataObject) -> None:
    content = bytearray((folder / "cog.tif").read_bytes()[:6000])
    for _ in range(data.draw(st.integers(1, 6))):
        place = data.draw(st.integers(0, len(content) - 1))
        content[place] = data.draw(st.integers(0, 255))
    path = folder / "damaged.bin"
    path.write_bytes(content)
    with path.open("rb") as file:
        try:
            directory = read_directory(file)
        except SceneError:
            return
    assert all(isinstance(level, Level) for level in directory.levels)


@pytest.mark.faults
def test_a_host_that_fails_in_the_middle_leaves_what_came(
    tmp_path: Path, files: FileServer, network: Transport, picture: NDArray[np.uint16]
) -> None:
    mirror = Mirror(tmp_path, network, most_bytes=10**9)
    with mirror.holding(f"{files.address}/cog.tif", "1", window((0, 90), (0, 90))):
        pass
    files.always = status(503)
    with (
        pytest.raises(SceneUnavailable),
        mirror.holding(f"{files.address}/cog.tif", "1", window((600, 690), (600, 690))),
    ):
        pass
    files.always = None
    for row in (0, 600):
        with (
            mirror.holding(f"{files.address}/cog.tif", "1", window((row, row + 90), (row, row + 90))) as path,
            rasterio.open(path, driver="GTiff") as source,
        ):
            read = source.read(1, window=Window(row, row, 90, 90))
        assert_array_equal(read, picture[row : row + 90, row : row + 90])
    (index,) = [path for path in tmp_path.glob("*.json") if len(path.stem) == 40]
    assert json.loads(index.read_text(encoding="utf-8"))["size"] > 0

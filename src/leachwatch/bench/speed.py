"""Speed: a scan against the bare reading of the same bytes, and against what a user would pick instead."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from statistics import median
from typing import Any, Literal, Self

from leachwatch.bench import rivals
from leachwatch.bench.alone import run_alone
from leachwatch.bench.distant import fetch, serving
from leachwatch.bench.fits import Cost, growth
from leachwatch.bench.floor import read_files, read_windows
from leachwatch.bench.stages import measure_stages
from leachwatch.case import Period, read_areas
from leachwatch.imagery import Access, Scene, Source, open_source, session
from leachwatch.scanning import FilmSettings, Job, ScanSettings, jobs_over, scan, search, trust, watch
from leachwatch.simulate import District, district

__all__ = ["PARTS", "Contender", "Part", "Speed", "ground", "measure_speed"]

Part = Literal["rivals", "growth", "distant"]
PARTS: tuple[Part, ...] = ("rivals", "growth", "distant")
"""What is measured beside floor and scan."""


_SEED = 77
_START, _LAST, _MONTHS = date(2022, 1, 1), date(2023, 12, 31), 24
_FEWEST_LOOKS, _LEAST_SIZE = 12, 512
"""Of a district whose parts are timed too: smaller ones tell of fixed costs alone."""

_FLOOR, _FILES = "reading and decoding alone", "every file once, whole"
_SCAN, _FILMS = "scan in process, warm", "the same with film strips"
_COMMAND = "the command, all of it"
_DISTANT, _BYTES = "scan from a distant host", "its bytes alone"
_DELAY_S = 0.03
"""Each answer of that host comes so much later."""

_ASSEMBLY, _BOOSTED = "odc-stac, xarray, dask", "LightGBM over everything"

_ALONE = {
    _FLOOR: "with ground(catalog, area) as one: one.read()",
    _SCAN: "with ground(catalog, area) as one: one.scan(films=False)",
    _FILMS: "with ground(catalog, area) as one: one.scan(films=True)",
    _ASSEMBLY: "with ground(catalog, area) as one: one.assemble()",
    _BOOSTED: "with ground(catalog, area) as one: one.boost()",
}
_PROGRAM = """
import sys
from pathlib import Path
from leachwatch.bench.speed import ground
catalog, area = Path(sys.argv[1]), Path(sys.argv[2])
{}
told = {{}}
"""


@dataclass(frozen=True)
class Contender:
    """What one way of doing it took; medians.

    Attributes
    ----------
    seconds : float
        From start to end.
    processor : float or None
        Processor seconds, which do not count what else the machine does; None of another process.
    peak : int or None
        Bytes of memory that it held at the most in a process of its own, libraries and all; None where that
        was not measured.
    """

    seconds: float
    processor: float | None = None
    peak: int | None = None


@dataclass(frozen=True)
class Speed:
    """How fast a scan is.

    Attributes
    ----------
    tiles, looks, bands, threads : int
        What was read, and by how many.
    megapixels : float
        Of the ground, at 10 m.
    repeats : int
        Of which the medians are.
    contenders : mapping of str to Contender
        Each way of doing it, in turn in the same rounds; the first is the floor, the third the scan.
    stages : mapping of str to float
        Processor seconds of the scan by stage, in one thread, as `measure_stages` says.
    growth : tuple of float
        Exponents of area and of looks in the processor seconds of the scan; empty if not measured.
    distant : mapping of str to Contender
        A scan over HTTP from this machine, each answer 30 ms later, and fetching exactly the same bytes over
        as many connections, in turn; empty if not measured.
    """

    tiles: int
    looks: int
    bands: int
    threads: int
    megapixels: float
    repeats: int
    contenders: Mapping[str, Contender]
    stages: Mapping[str, float]
    growth: tuple[float, ...] = field(default=())
    distant: Mapping[str, Contender] = field(default_factory=dict)

    @property
    def floor(self) -> Contender:
        """The bare reading of the same windows."""
        return self.contenders[_FLOOR]

    @property
    def whole(self) -> Contender:
        """The scan, without film strips."""
        return self.contenders[_SCAN]

    def rate(self, contender: Contender) -> float:
        """Megapixels of ground times looks, a second."""
        return self.megapixels * self.looks / contender.seconds

    def as_dict(self) -> dict[str, Any]:
        """Plain values, as for JSON."""
        said = {
            name: {
                "seconds": one.seconds,
                "processor": one.processor,
                "peak_bytes": one.peak,
                "over_floor": one.seconds / self.floor.seconds,
                "over_scan": one.seconds / self.whole.seconds,
                "megapixel_looks_a_second": self.rate(one),
            }
            for name, one in self.contenders.items()
        }
        told = {name: getattr(self, name) for name in ("tiles", "looks", "bands", "threads", "megapixels")}
        return {
            **told,
            "repeats": self.repeats,
            "contenders": said,
            "stages": dict(self.stages),
            "growth": list(self.growth),
            "distant": {name: {"seconds": one.seconds} for name, one in self.distant.items()},
        }


class ground:  # noqa: N801 - a context, as `open` is
    """A district to work in every way; in a folder of its own, that goes again.

    Parameters
    ----------
    catalog, area : Path
        Of the district.
    """

    def __init__(self, catalog: Path, area: Path) -> None:
        self.catalog, self.areas = catalog, read_areas(area)
        self.area = area
        self.settings = ScanSettings()
        self._folder = tempfile.TemporaryDirectory(prefix="leachwatch-")
        self._model: Any = None

    def __enter__(self) -> Self:
        """Find and check the scenes, and cut the ground into the windows that a scan reads."""
        self._source = open_source(self.catalog)
        self.source: Source = self._source.__enter__()
        with session():
            found = search(self.source, self.areas, _period(), self.settings)
            self.scenes: tuple[Scene, ...] = found.scenes
            trusted = trust(self.source, found, self.settings, lambda *_: None).scenes
        self.jobs: list[Job] = list(jobs_over(watch(self.areas, trusted).by_zone, trusted, self.settings))
        return self

    def __exit__(self, *_: object) -> None:
        self._source.__exit__(None, None, None)
        self._folder.cleanup()

    def read(self) -> None:
        """Read what a scan reads."""
        read_windows(self.jobs, self.settings, self.source, self.settings.workers)

    def read_files(self) -> None:
        """Read every file once."""
        read_files(self.scenes, self.settings.workers)

    def scan(self, *, films: bool, threads: int = 0) -> None:
        """Scan, with film strips or without."""
        settings = replace(self.settings, threads=threads)
        settings = settings if films else replace(settings, film=FilmSettings(looks=0))
        with tempfile.TemporaryDirectory(dir=self._folder.name) as out:
            scan(self.catalog, self.areas, _period(), Path(out), settings=settings)

    def scan_distant(self, address: str) -> None:
        """Scan over HTTP, with nothing kept from before."""
        settings = replace(self.settings, film=FilmSettings(looks=0))
        with tempfile.TemporaryDirectory(dir=self._folder.name) as out:
            catalog = f"{address}/{self.catalog.name}"
            scan(catalog, self.areas, _period(), Path(out), access=Access(), settings=settings)

    def command(self) -> None:
        """Run ``leachwatch scan``."""
        with tempfile.TemporaryDirectory(dir=self._folder.name) as out:
            told = ["--catalog", str(self.catalog), "--area", str(self.area), "--out", out, "--quiet"]
            dates = ["--from", f"{_START:%Y-%m}", "--to", f"{_LAST:%Y-%m}"]
            command = [sys.executable, "-c", "from leachwatch.cli import main; main()", "scan", *told, *dates]
            subprocess.run(command, check=True)  # noqa: S603 - this program itself

    def assemble(self) -> None:
        """Work it with odc-stac, xarray and dask."""
        rivals.assemble(self.catalog, Path(self._folder.name) / "pools.parquet", self.settings.workers)

    def boost(self) -> None:
        """Work it with a LightGBM, trained the first time."""
        threads = self.settings.workers
        if self._model is None:
            self._model = rivals.train_boost(self.catalog, threads)
        rivals.boost(self.catalog, Path(self._folder.name) / "pools.parquet", threads, self._model)


def measure_speed(
    *,
    size: int = 1024,
    looks: int = 36,
    repeats: int = 5,
    parts: Collection[Part] = PARTS,
    progress: Callable[[str, int, int], None],
) -> Speed:
    """Simulate a district and work it in every way, each in turn.

    Parameters
    ----------
    size : int
        Pixels along the district's side.
    looks : int
        Scenes.
    repeats : int
        How often each is timed, after a round that warms up and does not count.
    parts : collection of str
        What is measured beside floor and scan: ``rivals``, what a user would pick; ``growth``, smaller
        districts and such with fewer looks, to fit how the cost grows, unless the district is small already;
        ``distant``, a scan over HTTP beside fetching the same bytes.
    progress : callable
        Told how many rounds are done, of how many; making the district takes a minute or more before.

    Returns
    -------
    Speed

    Raises
    ------
    BenchError
        If a rival is not installed.
    """
    if "rivals" in parts:
        rivals.check_rivals()
    with tempfile.TemporaryDirectory(prefix="leachwatch-") as name:
        folder = Path(name)
        progress("simulated district", 0, 1)
        made = _district(folder / "scenes", size, looks)
        with ground(made.catalog, made.area) as one, session():
            timed = _rounds(one, repeats, progress, parts)
            stages = measure_stages(
                one.source,
                one.areas,
                _period(),
                replace(one.settings, film=FilmSettings(looks=0)),
                lambda: one.scan(films=False, threads=1),
            )
            days = len({scene.day for job in one.jobs for scene in job.scenes})
            return Speed(
                tiles=len(one.jobs),
                looks=days,
                bands=len(one.settings.bands),
                threads=one.settings.workers,
                megapixels=size**2 / 1e6,
                repeats=repeats,
                contenders={what: replace(took, peak=_peak(what, made)) for what, took in timed.items()},
                stages=stages,
                distant=_distant(one, repeats, progress) if "distant" in parts else {},
                growth=_growth(folder, size, looks, one, progress)
                if "growth" in parts and size >= _LEAST_SIZE and looks >= _FEWEST_LOOKS
                else (),
            )


def _rounds(
    one: ground, repeats: int, progress: Callable[[str, int, int], None], parts: Collection[Part]
) -> dict[str, Contender]:
    """Time every way in turn, again and again."""
    ways: dict[str, Callable[[], None]] = {
        _FLOOR: one.read,
        _FILES: one.read_files,
        _SCAN: lambda: one.scan(films=False),
        _FILMS: lambda: one.scan(films=True),
        _COMMAND: one.command,
    }
    if "rivals" in parts:
        ways |= {_ASSEMBLY: one.assemble, _BOOSTED: one.boost}
    times: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for number in range(repeats + 1):
        progress("rounds", number, repeats + 1)
        for what, work in ways.items():
            took = _timed(work)
            if number:
                times[what].append(took)
    progress("rounds", repeats + 1, repeats + 1)
    return {
        what: Contender(
            median(seconds for seconds, _ in some),
            None if what == _COMMAND else median(processor for _, processor in some),
        )
        for what, some in times.items()
    }


def _distant(one: ground, repeats: int, progress: Callable[[str, int, int], None]) -> dict[str, Contender]:
    """Time a scan over HTTP and fetching what it asked for, in turn."""
    times: dict[str, list[float]] = defaultdict(list)
    with serving(one.catalog.parent, _DELAY_S) as host:
        for number in range(repeats + 1):
            progress("distant rounds", number, repeats + 1)
            whole = _timed(lambda: one.scan_distant(host.address))[0]
            asked = host.asked()
            alone = _timed(lambda: fetch(host.address, asked, Access().connections))[0]  # noqa: B023 - now
            host.asked()
            if number:
                times[_DISTANT].append(whole)
                times[_BYTES].append(alone)
    progress("distant rounds", repeats + 1, repeats + 1)
    return {what: Contender(median(some)) for what, some in times.items()}


def _growth(
    folder: Path, size: int, looks: int, one: ground, progress: Callable[[str, int, int], None]
) -> tuple[float, float]:
    """Exponents of a scan's cost, from the district, a smaller one and two with fewer looks."""
    costs = [Cost(size**2, looks, min(_timed(lambda: one.scan(films=False))[1] for _ in range(2)))]
    smaller, fewer = size // 2, looks // 2
    for number, (side, many) in enumerate([(smaller, looks), (size, fewer), (smaller, fewer)]):
        progress("smaller districts", number, 3)
        made = _district(folder / f"smaller-{number}", side, many)
        with ground(made.catalog, made.area) as part:
            took = min(_timed(lambda: part.scan(films=False))[1] for _ in range(2))
        costs.append(Cost(side**2, many, took))
    progress("smaller districts", 3, 3)
    return growth(costs)


def _timed(work: Callable[[], None]) -> tuple[float, float]:
    start, start_cpu = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - start, time.process_time() - start_cpu


def _peak(what: str, made: District) -> int | None:
    """Most memory that a way of doing it holds, in a process of its own."""
    if what not in _ALONE:
        return None
    return int(run_alone(_PROGRAM.format(_ALONE[what]), made.catalog, made.area)["peak_bytes"])


def _district(folder: Path, size: int, looks: int) -> District:
    return district(folder, seed=_SEED, size=size, looks=looks, start=_START, months=_MONTHS)


def _period() -> Period:
    return Period(_START, _LAST)

"""Planning: how long it takes to plan a scan of a large area, and how much memory."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from leachwatch.bench.alone import run_alone
from leachwatch.imagery import PIXEL_M
from leachwatch.scanning import ScanSettings
from leachwatch.simulate.endless import COLLECTION, endless

__all__ = ["Planning", "measure_planning"]

_EPSG, _MIDDLE = 32647, (500_000, 2_600_000)
_FIRST, _DAYS = date(2024, 1, 1), 365

_CHILD = """
import sys, time
from datetime import date
from shapely.geometry import box
from leachwatch.case import Area, Period
from leachwatch.imagery import Access, Source, to_lonlat
from leachwatch.imagery.providers import Provider
from leachwatch.network import Hosts, Transport, origin
from leachwatch.scanning import plan_scan
address, collection = sys.argv[1:3]
west, south, east, north, epsg = map(int, sys.argv[3:])
area = Area("simulated", to_lonlat(box(west, south, east, north), epsg))
period = Period(date(2024, 1, 1), date(2024, 12, 31))
# searched by granule, as the public catalogs are
provider = Provider("simulated", address, (collection,), (), "grid:code", "MGRS-")
transport = Transport(Hosts.of([origin(address)]))
start, cpu = time.perf_counter(), time.process_time()
source = Source("simulated", address, Access(), transport, provider)
plan = plan_scan(source, [area], period)
told = {"seconds": time.perf_counter() - start, "cpu_seconds": time.process_time() - cpu}
told |= {"tiles": plan.tiles, "scenes": len(plan.scenes), "bytes": plan.bytes}
told |= {"granules": len({scene.granule for scene in plan.scenes})}
source.close()
"""


@dataclass(frozen=True)
class Planning:
    """What planning takes, in a process of its own.

    Attributes
    ----------
    tiles, scenes, granules : int
        That were planned.
    bytes : int
        That would be read.
    seconds, cpu_seconds : float
        From the first question to the catalog to the plan; on the clock, and of the processor.
    peak_bytes : int
        Most memory, all libraries counted.
    """

    tiles: int
    scenes: int
    granules: int
    bytes: int
    seconds: float
    cpu_seconds: float
    peak_bytes: int

    def as_dict(self) -> dict[str, Any]:
        """Plain values, as for JSON."""
        return asdict(self)


def measure_planning(tiles: int, looks: int) -> Planning:
    """Plan a scan of a square of simulated ground, of whose scenes there are items and no pixels.

    Parameters
    ----------
    tiles : int
        About how many the square has.
    looks : int
        Scenes of each granule, in a year.
    """
    half = round(math.sqrt(tiles) * ScanSettings().tile * PIXEL_M / 2)
    x, y = _MIDDLE
    square = x - half, y - half, x + half, y + half
    with endless(_FIRST, _DAYS, looks) as address:
        return Planning(**run_alone(_CHILD, address, COLLECTION, *square, _EPSG))

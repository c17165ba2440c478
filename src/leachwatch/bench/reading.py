"""Reading: how long a made-up customs export takes, and how much memory."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np

__all__ = ["ReadingTime", "measure_reading", "write_export"]

_HEADER = (
    "数据年月,商品编码,商品名称,贸易伙伴编码,贸易伙伴名称,贸易方式编码,贸易方式名称,注册地编码,注册地名称,"
    "第一数量,第一计量单位,第二数量,第二计量单位,美元,"
)
_CODES = ("28469019", "28469028", "28469048", "28469099")
_PARTNERS = ("106,缅甸", "119,老挝", "122,马来西亚", "141,越南", "136,泰国", "502,美国")
_MODES = ("10,一般贸易", "19,边境小额贸易", "33,海关保税监管场所进出境货物", "14,来料加工贸易")
_BLOCK = 50_000
_SEED = 5

_CHILD = """
import json, sys, time
from pathlib import Path
import pyarrow
pyarrow.set_cpu_count(1)
from leachwatch.trade.gacc import read_gacc
start, cpu = time.perf_counter(), time.process_time()
readout = read_gacc(Path(sys.argv[1]))
took = {"seconds": time.perf_counter() - start, "cpu_seconds": time.process_time() - cpu}
status = Path("/proc/self/status")
if status.exists():
    peak = int(status.read_text().split("VmHWM:")[1].split()[0]) * 1024
else:
    import resource
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
print(json.dumps(took | {"peak_bytes": peak, "kept": readout.kept, "observations": len(readout.frame)}))
"""


@dataclass(frozen=True)
class ReadingTime:
    """What reading a customs export takes, on one core.

    Attributes
    ----------
    rows, file_bytes : int
        Of the file.
    seconds, cpu_seconds : float
        From opening the file to the table ``observations``, checked; on the clock, and of the processor.
    peak_bytes : int
        Most memory that the process held, all its libraries with it.
    kept, observations : int
        Rows of the file that were kept, and rows of the table that they gave.
    """

    rows: int
    file_bytes: int
    seconds: float
    cpu_seconds: float
    peak_bytes: int
    kept: int
    observations: int

    def as_dict(self) -> dict[str, Any]:
        """Plain values, as for JSON."""
        return asdict(self)


def measure_reading(rows: int = 1_000_000) -> ReadingTime:
    """Write a made-up customs export and read it in a process of its own.

    Parameters
    ----------
    rows : int
        Of the file, each with weight and value.

    Returns
    -------
    ReadingTime
    """
    with tempfile.TemporaryDirectory(prefix="leachwatch-") as folder:
        path = Path(folder) / "export.csv"
        write_export(path, rows)
        alone = {**os.environ, "OMP_NUM_THREADS": "1"}
        command = [sys.executable, "-c", _CHILD, str(path)]
        told = subprocess.run(command, check=True, capture_output=True, env=alone, text=True)  # noqa: S603
        return ReadingTime(rows=rows, file_bytes=path.stat().st_size, **json.loads(told.stdout))


def write_export(path: Path, rows: int) -> None:
    """Write a customs export with so many rows, no two of which are of the same; its numbers are made up."""
    draw = np.random.default_rng(_SEED)
    months = [f"{year}{month:02d}" for year in range(2015, 2025) for month in range(1, 13)]
    keys = product(range(1, 1_000_000), _MODES, _PARTNERS, _CODES, months)
    with path.open("w", encoding="gb18030", newline="") as file:
        file.write(f"{_HEADER}\r\n")
        for first in range(0, rows, _BLOCK):
            count = min(_BLOCK, rows - first)
            weights, values = draw.integers(0, 10**7, count), draw.integers(0, 10**8, count)
            lines = (
                f'{month},{code},稀土化合物,{partner},{mode},{seat},云南省,"{weight:,}",千克,-,-,"{value:,}",\r\n'
                for weight, value, (seat, mode, partner, code, month) in zip(
                    weights, values, keys, strict=False
                )
            )
            file.writelines(lines)

"""Reading: how long a made-up file of trade statistics takes, and how much memory."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from itertools import product
from pathlib import Path
from typing import Any, Literal, get_args

import numpy as np

from leachwatch.bench.alone import run_alone
from leachwatch.trade.baci import KNOWN_CODES
from leachwatch.trade.partners import by_iso

__all__ = ["FORMS", "Form", "ReadingTime", "measure_reading", "write_baci", "write_export"]

Form = Literal["gacc", "baci"]

FORMS: tuple[Form, ...] = get_args(Form)
"""Formats whose reading can be measured."""

_HEADER = (
    "数据年月,商品编码,商品名称,贸易伙伴编码,贸易伙伴名称,贸易方式编码,贸易方式名称,注册地编码,注册地名称,"
    "第一数量,第一计量单位,第二数量,第二计量单位,美元,"
)
_CODES = ("28469019", "28469028", "28469048", "28469099")
_PARTNERS = ("106,缅甸", "119,老挝", "122,马来西亚", "141,越南", "136,泰国", "502,美国")
_MODES = ("10,一般贸易", "19,边境小额贸易", "33,海关保税监管场所进出境货物", "14,来料加工贸易")
_BLOCK = 50_000
_SEED = 5
_COUNTRIES = 226
_UNWEIGHED = 0.03

_CHILD = """
import sys, time
from pathlib import Path
import pyarrow
pyarrow.set_cpu_count(1)
from leachwatch.trade import import_file
start, cpu = time.perf_counter(), time.process_time()
readout = import_file(Path(sys.argv[1]), sys.argv[2])
told = {"seconds": time.perf_counter() - start, "cpu_seconds": time.process_time() - cpu}
told |= {"kept": readout.kept, "left_out": readout.left_out, "observations": len(readout.frame)}
"""


@dataclass(frozen=True)
class ReadingTime:
    """What reading a file takes, on one core.

    Attributes
    ----------
    rows, file_bytes : int
        Of the file.
    seconds, cpu_seconds : float
        From opening the file to the table ``observations``, checked; on the clock, and of the processor.
    peak_bytes : int
        Most memory that the process held, all its libraries with it.
    kept, left_out, observations : int
        Rows of the file that were kept, those of codes that nobody asked for, and rows of the table.
    """

    rows: int
    file_bytes: int
    seconds: float
    cpu_seconds: float
    peak_bytes: int
    kept: int
    left_out: int
    observations: int

    def as_dict(self) -> dict[str, Any]:
        """Plain values, as for JSON."""
        return asdict(self)


def measure_reading(rows: int = 1_000_000, form: Form = "gacc") -> ReadingTime:
    """Write a made-up file and read it, as an import does, in a process of its own.

    Parameters
    ----------
    rows : int
        Of the file, each with weight and value.
    form : str
        ``gacc``, an export of China's customs, or ``baci``, of which eleven million rows are a year.

    Returns
    -------
    ReadingTime
    """
    with tempfile.TemporaryDirectory(prefix="leachwatch-") as folder:
        name, write = _FILES[form]
        path = Path(folder) / name
        write(path, rows)
        told = run_alone(_CHILD, path, form)
        return ReadingTime(rows=rows, file_bytes=path.stat().st_size, **told)


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


def write_baci(path: Path, rows: int) -> None:
    """Write a year of BACI with so many rows, its numbers padded as there and made up.

    Every pair of countries trades in some of 5,200 codes; of three rows in a hundred no weight is known.
    """
    draw = np.random.default_rng(_SEED)
    places = sorted(partner.m49[-1] for partner in by_iso().values() if partner.iso3 != "WLD")[:_COUNTRIES]
    codes = sorted({*(f"{number:06d}" for number in range(10111, 970_699, 184)), *KNOWN_CODES.codes})
    step = max(len(places) * (len(places) - 1) * len(codes) // rows, 1)
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write("t,i,j,k,v,q\n")
        for first in range(0, rows, _BLOCK):
            count = min(_BLOCK, rows - first)
            pair, code = np.divmod(np.arange(first, first + count) * step, len(codes))
            seller, buyer = np.divmod(pair, len(places) - 1)
            buyer += buyer >= seller
            values, weights = draw.lognormal(2, 2, count), draw.lognormal(1, 2, count)
            unknown = draw.random(count) < _UNWEIGHED
            columns = (part.tolist() for part in (seller, buyer, code, values, weights, unknown))
            for i, j, k, value, weight, odd in zip(*columns, strict=True):
                tonnes = "NA" if odd else f"{weight:.3f}"
                file.write(f"2023,{places[i]},{places[j]},{codes[k]},{value:.3f},{tonnes:>11}\n")


_FILES: Mapping[Form, tuple[str, Callable[[Path, int], None]]] = {
    "gacc": ("export.csv", write_export),
    "baci": ("BACI_HS22_Y2023_V202501.csv", write_baci),
}

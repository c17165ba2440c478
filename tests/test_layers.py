"""Imports point one way, and the quick path stays quick."""

from __future__ import annotations

import ast
import inspect
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import leachwatch

SOURCE = Path(leachwatch.__file__).parent

# Each may import what stands before it, itself, the base, and the package's version.
ORDER = ("case", "imagery", "detect", "history", "scanning", "territory", "publish")
BASE = {"cells", "errors", "films", "holding", "network", "storage", "tables", "writing"}
ALLOWED = {
    "cells": set(),
    "errors": set(),
    "films": {"errors", "tables", "writing"},
    "tables": {"errors", "writing"},
    "writing": {"errors"},
    "holding": {"errors", "writing"},
    "check_cli": {"case", "check_console", "claims", "console", "errors", "estimate", "options", "tables"},
    "check_console": {"claims", "console"},
    "claims": BASE | {"case", "release", "territory", "trade"},
    "network": {"errors"},
    "storage": {"errors", "writing"},
    "console": {"bench", "case", "detect", "estimate", "imagery", "scanning", "trade"},
    "options": {"custody"},
    "bench_cli": {"bench", "case", "console", "errors", "options", "speed_console"},
    "speed_console": {"bench"},
    "events_cli": {"case", "errors", "options"},
    "trade_cli": {"console", "errors", "options", "trade", "trade_console"},
    "territory_cli": {"console", "errors", "options", "territory", "territory_console", "trade"},
    "territory_console": {"console", "territory"},
    "territory": BASE | {"case"},
    "opened": BASE | {"case", "territory"},
    "running": BASE | {*ORDER, "trade", "estimate", "claims", "release"},
    "trade_console": {"console", "estimate", "trade"},
    "query_cli": {"errors", "exchange", "options", "query_console"},
    "query_console": {"cells", "console", "exchange", "tables"},
    "simulate": set(),
    "trade": BASE | {"case"},
    "estimate": BASE | {"case", "trade"},
    "leaks": {"errors"},
    "release": BASE | {"case"},
    "custody": BASE | {"case"},
    "vault": BASE | {"case", "leaks", "release"},
    "vault_cli": {"case", "errors", "options", "release", "vault"},
    "evidence_cli": {"custody", "errors", "options"},
    "publish": BASE | {"case", "custody", "leaks", "release"},
    "exchange": BASE,
    "publication": BASE
    | {"case", "claims", "custody", "estimate", "exchange", "publish", "release", "territory", "trade"},
    "publish_cli": {"case", "console", "custody", "errors", "options", "publication", "publish_console"},
    "publish_console": {"console", "publication", "release"},
    "bench": BASE | {*ORDER, "claims", "trade", "estimate", "simulate"},
    "train": BASE | {*ORDER, "simulate"},
    "demo": {"case", "errors", "simulate"},
    "doctor": {"errors", "imagery", "network"},
    "doctor_console": {"console", "doctor", "scanning"},
    "run_cli": {
        "bench",
        "case",
        "check_console",
        "console",
        "demo",
        "errors",
        "imagery",
        "options",
        "publish",
        "running",
        "scanning",
        "storage",
        "territory_console",
        "trade_console",
    },
    "cli": {
        "bench",
        "bench_cli",
        "case",
        "check_cli",
        "console",
        "doctor",
        "doctor_console",
        "errors",
        "events_cli",
        "evidence_cli",
        "options",
        "publish_cli",
        "query_cli",
        "run_cli",
        "scanning",
        "territory_cli",
        "trade_cli",
        "train",
        "vault_cli",
    },
    "__init__": BASE | set(ORDER) | {"trade", "estimate", "opened"},
} | {
    name: BASE | set(ORDER[:place])
    for place, name in enumerate(ORDER)
    if name not in {"territory", "publish"}
}

HEAVY = {
    "numba",
    "rasterio",
    "pandas",
    "altair",
    "geopandas",
    "cv2",
    "pyarrow",
    "duckdb",
    "xlsxwriter",
    "scipy",
    "xarray",
    "numpy",
    "urllib3",
    "catboost",
    "httpx",
    "pint",
    "ruptures",
    "statsmodels",
    "sklearn",
    "cryptography",
    "h3",
    "pyrage",
    "babel",
    "distributed",
    "fsspec",
}


def modules() -> Iterator[Path]:
    return SOURCE.rglob("*.py")


def place(path: Path) -> str:
    return path.relative_to(SOURCE).parts[0].removesuffix(".py")


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            if node.module == "leachwatch":
                yield from (f"leachwatch.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("path", sorted(modules()), ids=lambda path: str(path.relative_to(SOURCE)))
def test_a_package_imports_only_from_those_before_it(path: Path) -> None:
    packages = {p.name.removesuffix(".py") for p in SOURCE.iterdir()}
    own = place(path)
    reached = {name.split(".")[1] for name in imported(path) if name.startswith("leachwatch.")} & packages
    assert reached <= ALLOWED[own] | {own}


def test_every_package_has_its_place_in_the_order() -> None:
    assert {place(path) for path in modules()} == set(ALLOWED)


def test_only_the_command_vault_reaches_the_vault() -> None:
    reaching = {
        place(path)
        for path in modules()
        for name in imported(path)
        if name.startswith(("leachwatch.vault", "pyrage")) and not name.startswith("leachwatch.vault_cli")
    }
    assert reaching == {"vault", "vault_cli"}
    assert {place(path) for path in modules() if "vault.age" in path.read_text(encoding="utf-8")} == {"vault"}


@pytest.mark.parametrize("kernel", ["numba"])
def test_only_kernels_import_numba(kernel: str) -> None:
    users = [path for path in modules() if kernel in {name.split(".")[0] for name in imported(path)}]
    assert users
    assert [path for path in users if "kernels" not in {path.stem, path.parent.name}] == []


def test_a_public_name_is_the_same_every_time() -> None:
    for name in leachwatch.__all__:
        first, second = getattr(leachwatch, name), getattr(leachwatch, name)
        assert first is second
        assert not inspect.ismodule(first)
    assert set(leachwatch.__all__) <= set(dir(leachwatch))


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["scan", "--help"]])
def test_help_imports_nothing_heavy(arguments: list[str]) -> None:
    program = (
        "import sys\n"
        f"sys.argv = ['leachwatch', *{arguments!r}]\n"
        "from leachwatch.cli import command_line\n"
        "command_line()\n"
        f"print('HEAVY', sorted({HEAVY!r} & set(sys.modules)))\n"
    )
    shown = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert shown.stdout.splitlines()[-1] == "HEAVY []"

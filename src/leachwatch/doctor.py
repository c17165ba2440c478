"""What this machine has: versions, drivers, browser; and, where asked for, which hosts it reaches."""

from __future__ import annotations

import os
import platform
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

import rasterio

from leachwatch import __version__
from leachwatch.errors import NetworkError, SceneError
from leachwatch.imagery import driver
from leachwatch.imagery.providers import PROVIDERS
from leachwatch.network import Hosts, Patience, Transport

__all__ = ["Finding", "examine"]

_NEEDED = (
    "numpy",
    "numba",
    "rasterio",
    "opencv-python-headless",
    "geopandas",
    "pyarrow",
    "pystac",
    "pystac-client",
    "tifffile",
    "maplibre",
    "altair",
)
_FRONT_PAGE = 1 << 22
_BRIEF = Patience(tries=2, timeout=10)
_BROWSERS = ("chromium", "chromium-browser", "google-chrome")


@dataclass(frozen=True)
class Finding:
    """One thing that was looked for.

    Attributes
    ----------
    name, value : str
        What, and what was found.
    ok : bool
        Whether leachwatch can work with it.
    mend : str
        What to do where it cannot, or where more is to be had; empty where nothing is.
    """

    name: str
    value: str
    ok: bool = True
    mend: str = ""


def examine(*, hosts: bool = False) -> list[Finding]:
    """Look for what leachwatch needs.

    Parameters
    ----------
    hosts : bool
        Whether to ask the public catalogs for their front pages, which tells them nothing but that somebody
        at this address asked.

    Returns
    -------
    list of Finding
    """
    return [
        Finding("leachwatch", __version__),
        Finding(
            "Python", f"{platform.python_version()} on {platform.system()}", ok=sys.version_info >= (3, 11)
        ),
        *_packages(),
        _gdal(),
        Finding("processors", str(os.cpu_count())),
        _browser(),
        _second_mask(),
        *(_hosts() if hosts else ()),
    ]


def _packages() -> Iterator[Finding]:
    for name in _NEEDED:
        try:
            yield Finding(name, version(name))
        except PackageNotFoundError:
            yield Finding(name, "not installed", ok=False, mend=f"pip install {name}")


def _gdal() -> Finding:
    reader = driver()
    faster = (
        "" if reader == "LIBERTIFF" else "GDAL 3.11 reads scenes 1.3-1.5 times as fast; it needs Python 3.12"
    )
    return Finding("GDAL", f"{rasterio.__gdal_version__}, reads COGs with {reader}", mend=faster)


def _browser() -> Finding:
    found = next((path for path in map(shutil.which, _BROWSERS) if path), None)
    return Finding("browser", found or "none found; only the tests of the page need one")


def _second_mask() -> Finding:
    try:
        return Finding("second mask", f"ukis-csmask {version('ukis-csmask')}")
    except PackageNotFoundError:
        return Finding("second mask", "not installed; pip install 'leachwatch[masks]' brings it")


def _hosts() -> Iterator[Finding]:
    for provider in PROVIDERS:
        try:
            with Transport(Hosts.of([provider.root]), patience=_BRIEF) as network:
                network.read(provider.root, most=_FRONT_PAGE)
            yield Finding(provider.name, f"{provider.root} answers")
        except (SceneError, NetworkError) as error:
            mend = "look at the network, or try later"
            yield Finding(provider.name, f"{provider.root}: {error}", ok=False, mend=mend)

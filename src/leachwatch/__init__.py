"""A checkable account of rare-earth leach mining in places nobody can visit."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from leachwatch.case import parse_period, read_areas
    from leachwatch.imagery import Access, open_cube
    from leachwatch.opened import OpenedCase, open_case
    from leachwatch.scanning import scan

__all__ = [
    "Access",
    "OpenedCase",
    "__version__",
    "open_case",
    "open_cube",
    "parse_period",
    "read_areas",
    "scan",
]

__version__ = "0.1.0"

_HOMES = {
    "Access": "imagery",
    "OpenedCase": "opened",
    "open_case": "opened",
    "open_cube": "imagery",
    "parse_period": "case",
    "read_areas": "case",
    "scan": "scanning",
}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first asked for: importing leachwatch itself stays quick."""
    if name not in _HOMES:
        raise AttributeError(f"module 'leachwatch' has no attribute {name!r}")
    return getattr(import_module(f"leachwatch.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    """Public names, imported or not."""
    return __all__

"""A checkable account of rare-earth leach mining in places nobody can visit."""

from __future__ import annotations

__version__ = "0.1.0"

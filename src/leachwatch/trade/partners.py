"""Partners: the numbers and names that statistics have for a country."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

__all__ = ["Partner", "by_gacc", "by_iso", "by_m49", "by_name"]


@dataclass(frozen=True)
class Partner:
    """A country, or the world.

    Attributes
    ----------
    iso3 : str
        ISO 3166 alpha-3; ``WLD`` is all together.
    m49 : tuple of int
        Numbers in UN Comtrade and BACI: ISO 3166, then that of a wider customs area.
    gacc : str
        Number in China's customs statistics; empty where it is not known here.
    names : tuple of str
        Chinese names, the customs' own first.
    verified : bool
        False where the customs' number is from memory, so that the name goes before it.
    """

    iso3: str
    m49: tuple[int, ...]
    gacc: str
    names: tuple[str, ...]
    verified: bool


@cache
def by_iso() -> Mapping[str, Partner]:
    """Partners by ISO 3166 alpha-3.

    Examples
    --------
    >>> by_iso()["MMR"].gacc, by_m49()[104].iso3, by_gacc()["106"].iso3, by_name()["缅甸"].iso3
    ('106', 'MMR', 'MMR', 'MMR')
    """
    text = (resources.files("leachwatch.trade") / "data" / "partners.csv").read_text(encoding="utf-8")
    return {row["iso3"]: _partner(row) for row in csv.DictReader(text.splitlines())}


@cache
def by_m49() -> Mapping[int, Partner]:
    """Partners by the numbers of UN Comtrade."""
    return {number: partner for partner in by_iso().values() for number in partner.m49}


@cache
def by_gacc() -> Mapping[str, Partner]:
    """Partners by the numbers of China's customs."""
    return {partner.gacc: partner for partner in by_iso().values() if partner.gacc}


@cache
def by_name() -> Mapping[str, Partner]:
    """Partners by their Chinese names."""
    return {name: partner for partner in by_iso().values() for name in partner.names}


def _partner(row: Mapping[str, str]) -> Partner:
    return Partner(
        iso3=row["iso3"],
        m49=tuple(int(number) for number in row["m49"].split()),
        gacc=row["gacc"],
        names=tuple(row["name_zh"].split()),
        verified=row["grade"] == "A",
    )

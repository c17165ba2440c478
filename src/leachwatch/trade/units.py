"""Units of the sources, brought to tonnes, dollars or yuan at the edge; inside nothing else is counted in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Literal

import pint

from leachwatch.errors import BasisError, RecordError

__all__ = ["Kept", "Measure", "conversion", "measure"]

Kept = Literal["t", "USD", "CNY", "CNY/t", "CNY/kg", "USD/kg", "percent"]

_WRITTEN: Mapping[Kept, str] = MappingProxyType(
    {
        "t": "t; tonne; tonnes; 吨 = t; 1000 kg = t; kg; 千克 = kg; 公斤 = kg; g; 克 = g",
        "USD": "USD; 美元 = USD; thousand USD = kUSD; 千美元 = kUSD; 万美元 = 1e4 USD; million USD = MUSD",
        "CNY": "CNY; RMB = CNY; yuan = CNY; 人民币 = CNY; 人民币元 = CNY; 元 = CNY; 万元 = 1e4 CNY",
        "CNY/t": "CNY/t; yuan/t = CNY/t",
        "CNY/kg": "CNY/kg; yuan/kg = CNY/kg",
        "USD/kg": "USD/kg",
        "percent": "percent; % = percent; fraction = dimensionless",
    }
)


@dataclass(frozen=True)
class Measure:
    """A unit of a source.

    Attributes
    ----------
    unit : str
        What its numbers are kept in, as in the table ``observations``.
    factor : float
        That a number of the source is multiplied by.
    """

    unit: Kept
    factor: float


def measure(text: str) -> Measure:
    """Read a unit as a source writes it.

    Parameters
    ----------
    text : str
        Such as ``kg``, ``千克``, ``1000 kg``, ``thousand USD``, ``万美元``; capitals do not matter.

    Returns
    -------
    Measure
        Weights in t; money as it is; prices per weight as they are; shares in percent.

    Raises
    ------
    RecordError
        If it is no unit of weight, money, price or share that is known here.

    Examples
    --------
    >>> measure("千克"), measure("thousand USD")
    (Measure(unit='t', factor=0.001), Measure(unit='USD', factor=1000.0))
    """
    known = _known().get(" ".join(text.split()).lower())
    if known is None:
        raise RecordError(f"{text!r} is no unit of weight, money, price or share that is known here")
    unit, quantity = known
    return Measure(unit, float(f"{quantity.to(unit).magnitude:.12g}"))


def conversion(one: str, other: str) -> float:
    """Factor from a unit to another of the same kind.

    Raises
    ------
    RecordError
        If one is not known.
    BasisError
        If they are of different kinds: yuan and dollars need the rate of a month.

    Examples
    --------
    >>> conversion("kg", "t"), conversion("CNY/kg", "CNY/t")
    (0.001, 1000.0)
    """
    first, second = measure(one), measure(other)
    try:
        factor = _registry().Quantity(first.factor, first.unit).to(second.unit).magnitude / second.factor
    except pint.DimensionalityError as error:
        money = {first.unit[:3], second.unit[:3]} == {"CNY", "USD"}
        missing = "the month's exchange rate" if money else "what leads from the one to the other"
        raise BasisError(f"{one} cannot be turned into {other} without {missing}") from error
    return float(factor)


@cache
def _known() -> Mapping[str, tuple[Kept, pint.Quantity[float]]]:
    """Units as written, small letters: only these reach pint, which would calculate anything."""
    entries = ((unit, entry.split(" = ")) for unit, text in _WRITTEN.items() for entry in text.split("; "))
    registry = _registry()
    return {names[0].lower(): (unit, registry.Quantity(names[-1])) for unit, names in entries}


@cache
def _registry() -> pint.UnitRegistry[float]:
    registry: pint.UnitRegistry[float] = pint.UnitRegistry()
    registry.define("USD = [dollar]")
    registry.define("CNY = [yuan]")
    return registry

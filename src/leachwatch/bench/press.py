"""Simulated press: a monthly truth, what agencies print of it, and misprints of known kind.

Everything here is simulated; no figure is of any country.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from leachwatch.trade.statement import Statement

__all__ = ["MISPRINTS", "Misprint", "Press", "PressSize", "misprinted", "press"]

MISPRINTS = ("digit", "neighbours", "lost", "added", "scale", "sign", "year", "swap", "other")
"""Kinds of misprint made; ``other`` is any number of about the same size."""

_START = date(2021, 1, 1)
_CODES = ("28469019", "28469048", "28469099", "28469028", "25309020", "28461090", "28053012", "28053013")
_PARTNERS = ("MMR", "LAO", "MYS", "VNM", "THA", "USA", "AUS", "MDG", "NGA", "IDN")
_MOST_TRIES = 60


@dataclass(frozen=True)
class PressSize:
    """How much is simulated.

    Attributes
    ----------
    months, codes, partners : int
        Size of the truth.
    told : float
        How much of what could be printed is printed, 0 to 1.
    """

    months: int = 30
    codes: int = 1
    partners: int = 2
    told: float = 0.5


@dataclass(frozen=True)
class Misprint:
    """One misprint.

    Attributes
    ----------
    kind : str
        One of `MISPRINTS`.
    ids : tuple of str
        Statements touched.
    """

    kind: str
    ids: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Press:
    """A truth and what was printed of it.

    Attributes
    ----------
    months : tuple of date
    codes, partners : tuple of str
    tonnes : ndarray of float64, shape (months, codes, partners)
        The truth, to the kilogram; the last partner stands for all that are never named.
    statements : tuple of Statement
        As printed, without misprints.
    """

    months: tuple[date, ...]
    codes: tuple[str, ...]
    partners: tuple[str, ...]
    tonnes: NDArray[np.float64]
    statements: tuple[Statement, ...]

    def truth(self, month: date, hs: str, partner: str) -> float:
        """Tonnes of one month; ``hs`` may be several codes, ``partner`` may be WLD."""
        codes = [self.codes.index(code) for code in hs.split("+")]
        named = slice(None) if partner == "WLD" else [self.partners.index(partner)]
        return float(self.tonnes[self.months.index(month), codes][:, named].sum())


def press(seed: int, size: PressSize | None = None) -> Press:
    """One simulated press.

    Returns
    -------
    Press
        Equal for equal arguments.
    """
    size = size or PressSize()
    draws = np.random.default_rng([seed, 5])
    codes, partners = _CODES[: size.codes], (*_PARTNERS[: size.partners], "rest")
    months = tuple(date(_START.year + m // 12, m % 12 + 1, 1) for m in range(size.months))
    tonnes = _truth(draws, (size.months, size.codes, len(partners)))
    silent = Press(months, codes, partners, tonnes, ())
    printed = [one for code in codes for one in _Agency(silent, code, draws, size.told).printed()]
    return replace(silent, statements=tuple(replace(one, id=f"S{n:04}") for n, one in enumerate(printed, 1)))


def _truth(draws: np.random.Generator, shape: tuple[int, int, int]) -> NDArray[np.float64]:
    """Levels with seasons, wandering, shocks that last, and months without any trade."""
    count, codes, partners = shape
    level = np.exp(draws.normal(6.5, 1.2, (1, codes, partners)))
    turn = 2 * np.pi * (np.arange(count)[:, None, None] / 12 + draws.random((1, codes, partners)))
    season = draws.uniform(0, 0.3, (1, codes, partners)) * np.sin(turn)
    wander = np.cumsum(draws.normal(0, 0.12, shape), axis=0) + draws.normal(0, 0.15, shape)
    shock = np.where(draws.random(shape) < 0.02, draws.normal(0, 1.0, shape), 0.0)  # noqa: PLR2004
    tonnes = level * np.exp(season + wander + np.cumsum(shock, axis=0) * 0.5)
    for code in range(codes):
        for partner in range(partners):
            if draws.random() < 0.4:  # noqa: PLR2004
                start = draws.integers(0, count)
                tonnes[start : start + draws.integers(1, 5), code, partner] = 0.0
    return np.round(tonnes, 3)


class _Agency:
    """What one agency prints about one code, month by month."""

    def __init__(self, truth: Press, code: str, draws: np.random.Generator, told: float) -> None:
        self._truth, self._code, self._draws, self._told = truth, code, draws, told
        self._of = truth.codes.index(code)

    def printed(self) -> Iterator[Statement]:
        for at in range(len(self._truth.months)):
            source = f"agency-{self._code}-{self._truth.months[at]:%Y-%m}"
            for one in [*self._of_month(at), *self._of_year_so_far(at), *self._of_partners(at)]:
                yield replace(one, source=source)

    def _tells(self, often: float) -> bool:
        return bool(self._draws.random() < min(often * self._told * 2, 1.0))

    def _of_month(self, at: int) -> Iterator[Statement]:
        if self._tells(0.4):
            yield self._total(at, at)
        if at > 0 and self._tells(0.4):
            yield from self._change((at, at), (at - 1, at - 1))
        if at >= 12 and self._tells(0.4):  # noqa: PLR2004 - months
            yield from self._change((at, at), (at - 12, at - 12))

    def _of_year_so_far(self, at: int) -> Iterator[Statement]:
        month = at % 12
        january = at - month
        if month == 0:
            return
        if self._tells(0.9 if month == 11 else 0.35):  # noqa: PLR2004 - December
            yield self._total(january, at)
        if january >= 12 and self._tells(0.3):  # noqa: PLR2004 - months
            yield from self._change((january, at), (january - 12, at - 12))

    def _of_partners(self, at: int) -> Iterator[Statement]:
        january = at - at % 12
        for partner in self._truth.partners[:-1]:
            if self._tells(0.12):
                yield from self._share((at, at), partner)
            if self._tells(0.12):
                yield self._total(at, at, partner)
            if at % 12 == 11 and self._tells(0.5):  # noqa: PLR2004 - December
                yield from self._share((january, at), partner)
            if at % 12 == 11 and self._tells(0.3):  # noqa: PLR2004 - December
                yield self._hint(january, at, partner)

    def _sum(self, start: int, end: int, partner: str = "WLD") -> float:
        months = self._truth.months[start : end + 1]
        return sum(self._truth.truth(month, self._code, partner) for month in months)

    def _total(self, start: int, end: int, partner: str = "WLD") -> Statement:
        step = float(self._draws.choice([0.1, 1.0, 1.0, 1.0, 10.0]))
        value = round(round(self._sum(start, end, partner) / step) * step, 1)
        return self._blank(start, end, partner, kind="total", value=value, half_width=step / 2)

    def _hint(self, start: int, end: int, partner: str) -> Statement:
        tonnes = self._sum(start, end, partner)
        step = 10.0 ** max(np.floor(np.log10(max(tonnes, 1.0))) - 1, 0)
        if self._draws.random() < 0.5:  # noqa: PLR2004
            return self._blank(start, end, partner, kind="more_than", value=np.floor(tonnes / step) * step)
        value = np.ceil(tonnes / step) * step
        if tonnes >= 0.9 * value:
            return self._blank(start, end, partner, kind="nearly", value=value)
        return self._total(start, end, partner)

    def _change(self, period: tuple[int, int], base: tuple[int, int]) -> Iterator[Statement]:
        before = self._sum(*base)
        if before > 0:
            change = 100 * (self._sum(*period) / before - 1)
            value, half_width = self._rounded(change)
            if abs(value) < 1000:  # noqa: PLR2004 - nobody prints more
                months = self._truth.months
                ends: dict[str, Any] = {"base_start": months[base[0]], "base_end": months[base[1]]}
                ends |= {"value": value, "half_width": half_width, "unit": "%"}
                yield self._blank(*period, "WLD", kind="change", **ends)

    def _share(self, period: tuple[int, int], partner: str) -> Iterator[Statement]:
        whole = self._sum(*period)
        if whole > 0:
            value, half_width = self._rounded(100 * self._sum(*period, partner) / whole)
            said: dict[str, Any] = {
                "value": value,
                "half_width": half_width,
                "unit": "%",
                "base_partner": "WLD",
            }
            yield self._blank(*period, partner, kind="share", **said)

    def _rounded(self, percent: float) -> tuple[float, float]:
        places = int(self._draws.random() < 0.3)  # noqa: PLR2004
        return round(percent, places), 0.5 * 10.0**-places

    def _blank(self, start: int, end: int, partner: str, **said: Any) -> Statement:
        months = self._truth.months
        values: dict[str, Any] = dict.fromkeys(("base_start", "base_end", "base_partner", "base_hs"))
        values |= {"id": "S", "reporter": "CHN", "partner": partner, "flow": "import", "hs": self._code}
        values |= {"basis": "gross", "period_start": months[start], "period_end": months[end]}
        values |= {"unit": "t", "half_width": 0.5, "source": ""}
        return Statement(**{**values, **said})


def misprinted(
    simulated: Press, seed: int, kinds: Sequence[str]
) -> tuple[tuple[Statement, ...], tuple[Misprint, ...]]:
    """Misprint statements, once for each kind named; no statement is touched twice.

    A kind that no statement can have is left out.
    """
    draws = np.random.default_rng([seed, 6])
    statements = list(simulated.statements)
    made: list[Misprint] = []
    for kind in kinds:
        touched = {id_ for one in made for id_ in one.ids}
        for _ in range(_MOST_TRIES):
            at = int(draws.integers(len(statements)))
            changed = _slip(statements, at, kind, draws)
            ids = tuple(statements[place].id for place in changed)
            if changed and touched.isdisjoint(ids):
                for place, one in changed.items():
                    statements[place] = one
                made.append(Misprint(kind, ids))
                break
    return tuple(statements), tuple(made)


def _slip(
    statements: Sequence[Statement], at: int, kind: str, draws: np.random.Generator
) -> dict[int, Statement]:
    one = statements[at]
    if kind == "swap":
        return _swapped(statements, at, draws)
    if kind == "year":
        if one.kind != "total":
            return {}
        moved = one.years_on(int(draws.choice([-1, 1])))
        return {at: moved} if moved.period_start in {it.period_start for it in statements} else {}
    value = _slipped(one, kind, draws)
    allowed = value is not None and value != one.value and (one.kind == "change" or value >= 0)
    return {at: replace(one, value=value)} if value is not None and allowed else {}


def _swapped(statements: Sequence[Statement], at: int, draws: np.random.Generator) -> dict[int, Statement]:
    one = statements[at]
    others = [
        place
        for place, it in enumerate(statements)
        if (it.source, it.kind, it.unit, it.period_end) == (one.source, one.kind, "%", one.period_end)
        and it.value != one.value
    ]
    if not others:
        return {}
    place = int(draws.choice(others))
    other = statements[place]
    return {
        at: replace(one, value=other.value, half_width=other.half_width),
        place: replace(other, value=one.value, half_width=one.half_width),
    }


def _slipped(one: Statement, kind: str, draws: np.random.Generator) -> float | None:
    """Let a value slip; None where it cannot have a slip of this kind."""
    if kind == "sign":
        return -one.value if one.kind == "change" else None
    if kind == "scale":
        scales = [0.1, 10.0] if one.unit == "%" else [0.001, 0.1, 10.0, 1000.0]
        return round(one.value * float(draws.choice(scales)), 6)
    if kind == "other":
        return round(one.value * float(np.exp(draws.normal(0, 0.4))), 0)
    places = 1 if one.half_width < 0.5 else 0  # noqa: PLR2004
    digits = f"{abs(one.value):.{places}f}".replace(".", "")
    text = _mistyped(digits, kind, draws)
    if text is None or (text[0] == "0" and len(text) > places + 1):
        return None
    return float(np.copysign(int(text) / 10**places, one.value))


def _mistyped(digits: str, kind: str, draws: np.random.Generator) -> str | None:
    at = int(draws.integers(len(digits)))
    digit = str(draws.integers(10))
    if kind == "digit":
        return digits[:at] + digit + digits[at + 1 :]
    if kind == "added":
        return digits[:at] + digit + digits[at:]
    if kind == "lost":
        return digits[:at] + digits[at + 1 :] if len(digits) > 1 else None
    return digits[:at] + digits[at + 1] + digits[at] + digits[at + 2 :] if at + 1 < len(digits) else None

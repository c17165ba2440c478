"""A query: which codes, partners and periods are asked of one reporter, and how it is cut into calls."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from itertools import product
from typing import ClassVar, Literal, cast

from pydantic import ConfigDict

from leachwatch.errors import PeriodError, RecordError
from leachwatch.trade.fetching.places import number_of, place_named

__all__ = ["Flow", "Place", "Query", "fitting", "months", "without", "years"]

Flow = Literal["import", "export"]
Place = tuple[str, str, str]
"""Code, partner and period."""

_FLOWS = {"import": "M", "export": "X"}
_DIMENSIONS = ("periods", "codes", "partners")
_MONTHS = 12


@dataclass(frozen=True)
class Query:
    """All cells of codes by partners by periods; made with `Query.of`.

    Attributes
    ----------
    reporter : str
        Who counted: ISO 3166 alpha-3, or UN Comtrade's number.
    flow : str
        ``import`` or ``export``, seen from the reporter.
    codes : tuple of str
        Of the Harmonised System, 2, 4 or 6 digits.
    partners : tuple of str
        As `reporter`; ``WLD`` is all together.
    periods : tuple of str
        Years (``2023``) or months (``202301``), not both.
    """

    reporter: str
    flow: Flow
    codes: tuple[str, ...]
    partners: tuple[str, ...]
    periods: tuple[str, ...]

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")  # where a manifest is read

    @classmethod
    def of(
        cls, reporter: str, partners: Iterable[str], codes: Iterable[str], periods: Iterable[str],
        flow: str = "import",
    ) -> Query:  # fmt: skip
        """Check and sort what a person asks for.

        Raises
        ------
        RecordError
            If a place, code or flow is not known, or there is none.
        PeriodError
            If periods are not all years or all months, or there is none.
        """
        if flow not in _FLOWS:
            raise RecordError(f"flow {flow!r} is not known; give import or export")
        return cls(
            place_named(reporter),
            cast("Flow", flow),
            _some("code", map(_code, codes)),
            _some("partner", map(place_named, partners)),
            _periods(periods),
        )

    @property
    def annual(self) -> bool:
        """Whether its periods are years."""
        return len(self.periods[0]) == len("2023")

    @property
    def name(self) -> str:
        """File name of its answer: another query has another."""
        said = repr((self.reporter, self.flow, self.codes, self.partners, self.periods))
        digest = sha256(said.encode()).hexdigest()[:16]
        return f"{self.reporter}-{self.flow}-{self.periods[0]}-{self.periods[-1]}-{digest}.json"

    def cells(self) -> Iterator[Place]:
        """Each code, partner and period that it asks for."""
        return product(self.codes, self.partners, self.periods)

    def parameters(self) -> dict[str, str]:
        """Say it as UN Comtrade wants it; without the three totals, rows come once for each part of them."""
        return {
            "reporterCode": str(number_of(self.reporter)),
            "period": ",".join(self.periods),
            "cmdCode": ",".join(self.codes),
            "flowCode": _FLOWS[self.flow],
            "partnerCode": ",".join(str(number_of(partner)) for partner in self.partners),
            "partner2Code": "0",
            "customsCode": "C00",
            "motCode": "0",
        }

    def halves(self) -> tuple[Query, ...]:
        """Cut it in two where it is longest; nothing where it is a single cell."""
        name = max(_DIMENSIONS, key=lambda dimension: len(getattr(self, dimension)))
        values = getattr(self, name)
        middle = len(values) // 2
        if not middle:
            return ()
        return replace(self, **{name: values[:middle]}), replace(self, **{name: values[middle:]})


def years(text: str) -> tuple[str, ...]:
    """Years as a person writes them.

    Raises
    ------
    PeriodError
        If that is no year, and no first and last year.

    Examples
    --------
    >>> years("2017-2019"), years("2024")
    (('2017', '2018', '2019'), ('2024',))
    """
    match = re.fullmatch(r"(\d{4})(?:-(\d{4}))?", text.strip(), re.ASCII)
    first, last = (int(match[1]), int(match[2] or match[1])) if match else (1, 0)
    if first > last:
        raise PeriodError(f"years {text!r}: give one such as 2024, or first and last such as 2017-2024")
    return tuple(f"{year:04}" for year in range(first, last + 1))


def months(text: str) -> tuple[str, ...]:
    """Months as a person writes them.

    Raises
    ------
    PeriodError
        If that is no month, and no first and last month.

    Examples
    --------
    >>> months("2024-11:2025-01")
    ('202411', '202412', '202501')
    """
    match = re.fullmatch(r"(\d{4})-(\d\d)(?::(\d{4})-(\d\d))?", text.strip(), re.ASCII)
    if match is None or not all(1 <= int(month) <= _MONTHS for month in (match[2], match[4] or match[2])):
        raise PeriodError(f"months {text!r}: give one such as 2024-05, or first and last: 2024-05:2025-01")
    first = int(match[1]) * _MONTHS + int(match[2]) - 1
    last = int(match[3]) * _MONTHS + int(match[4]) - 1 if match[3] else first
    if first > last:
        raise PeriodError(f"months {text!r}: the last is before the first; turn them round")
    return tuple(f"{month // _MONTHS:04}{month % _MONTHS + 1:02}" for month in range(first, last + 1))


def without(query: Query, known: Collection[Place]) -> tuple[Query, ...]:
    """Take cells out of a query; what is left comes as queries that do not overlap.

    Parameters
    ----------
    query : Query
        All that is wanted.
    known : collection of Place
        Cells that need not be asked for.

    Returns
    -------
    tuple of Query
        Their cells are those of `query` without `known`, each once.
    """
    alike: defaultdict[tuple[tuple[tuple[str, ...], tuple[str, ...]], ...], list[str]] = defaultdict(list)
    for period in query.periods:
        alike[_missing(query, period, known)].append(period)
    return tuple(
        replace(query, codes=codes, partners=partners, periods=tuple(periods))
        for parts, periods in alike.items()
        for partners, codes in parts
    )


def fitting(
    query: Query, most_periods: int, most_address: int, length: Callable[[Query], int]
) -> list[Query]:
    """Cut a query into calls that UN Comtrade takes.

    Parameters
    ----------
    query : Query
        Of any size.
    most_periods, most_address : int
        Of one call.
    length : callable
        Signs of the address of a query.
    """
    if len(query.periods) > most_periods:
        chunks = [
            query.periods[start : start + most_periods]
            for start in range(0, len(query.periods), most_periods)
        ]
        parts: Sequence[Query] = [replace(query, periods=chunk) for chunk in chunks]
    elif length(query) > most_address:
        parts = query.halves()
    else:
        parts = ()
    if not parts:
        return [query]
    return [call for part in parts for call in fitting(part, most_periods, most_address, length)]


def _missing(
    query: Query, period: str, known: Collection[Place]
) -> tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]:
    """Partners and the codes that all of them lack in a period."""
    alike: defaultdict[tuple[str, ...], list[str]] = defaultdict(list)
    for code in query.codes:
        partners = tuple(one for one in query.partners if (code, one, period) not in known)
        if partners:
            alike[partners].append(code)
    return tuple((partners, tuple(codes)) for partners, codes in alike.items())


def _code(text: str) -> str:
    code = text.strip()
    if not re.fullmatch(r"\d{2}|\d{4}|\d{6}", code, re.ASCII):
        raise RecordError(f"HS code {text!r} has not 2, 4 or 6 digits: UN Comtrade has no others")
    return code


def _some(what: str, values: Iterable[str]) -> tuple[str, ...]:
    known = tuple(sorted(set(values)))
    if not known:
        raise RecordError(f"no {what} is asked for; give one at least")
    return known


def _periods(values: Iterable[str]) -> tuple[str, ...]:
    known = tuple(sorted(set(values)))
    years_only = all(re.fullmatch(r"\d{4}", one, re.ASCII) for one in known)
    months_only = all(re.fullmatch(r"\d{4}(0[1-9]|1[0-2])", one, re.ASCII) for one in known)
    if not known or not (years_only or months_only):
        raise PeriodError(
            "periods are not all years (2023) or all months (202301); ask for one kind at a time"
        )
    return known

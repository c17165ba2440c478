"""Importing: files of trade statistics into a case, and everything that a case has of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Annotated, ClassVar, Literal, get_args

import pandas as pd
import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from leachwatch.case import Period
from leachwatch.errors import RecordError
from leachwatch.tables import OBSERVATIONS
from leachwatch.trade import baci, comtrade, gacc
from leachwatch.trade.asked import Asked, fill_zeros, months_of
from leachwatch.trade.fetched import read_fetched
from leachwatch.trade.fetching import digest_of
from leachwatch.trade.figures import read_figures, shipped_figures
from leachwatch.trade.gacc import Flow
from leachwatch.trade.prices import Rates, frame_in_dollars, read_rates, shipped_rates
from leachwatch.trade.readout import Fault, Readout
from leachwatch.trade.times import parse_time
from leachwatch.writing import write_together

__all__ = [
    "FETCHED",
    "FIGURES",
    "FOLDER",
    "FORMATS",
    "RATES",
    "RECORD",
    "Form",
    "Import",
    "entries",
    "gather_observations",
    "import_file",
    "keep_file",
    "rates_of",
    "unread_sources",
    "write_entries",
]

Form = Literal["gacc", "comtrade", "baci"]

FORMATS: tuple[Form, ...] = get_args(Form)
"""Whose files can be imported."""

FOLDER, RECORD, RATES, FETCHED, FIGURES = "trade", "imports.yaml", "rates.csv", "comtrade", "figures.csv"
"""Folder of a case with such files as they were downloaded; what they are; the user's own exchange rates; the
folder of answers of UN Comtrade; figures beside those that ship."""

_SOURCES: Mapping[Form, str] = {"gacc": gacc.SOURCE, "comtrade": comtrade.SOURCE, "baci": baci.SOURCE}

_HEAD = "# Files of trade statistics in this folder, as downloaded. Written by `leachwatch trade import`.\n"


def import_file(
    path: Path,
    form: Form,
    *,
    period: Period | None = None,
    flow: Flow = "import",
    asked: Asked | None = None,
    rates: Rates | None = None,
) -> Readout:
    """Read a file of trade statistics.

    Parameters
    ----------
    path : Path
        As downloaded.
    form : str
        ``gacc``, ``comtrade`` or ``baci``; of BACI only codes that matter here are kept.
    period : Period, optional
        What a customs export without months is of.
    flow : str
        Direction of the query that a customs export answers.
    asked : Asked, optional
        What was asked for: where no row came, a zero is filled in.
    rates : Rates, optional
        By which yuan are turned into dollars; months without one stay in yuan.

    Returns
    -------
    Readout

    Raises
    ------
    RecordError
        If the file cannot be read as a whole, or there is no such format.
    PeriodError
        If the period is needed and missing, or given and not needed.
    """
    if form not in FORMATS:
        raise RecordError(f"{form!r} is no format that can be imported; say {', '.join(FORMATS)}")
    if form != "gacc" and period is not None:
        raise RecordError(f"{path.name}: files of {form} say their period themselves; leave it out")
    readers: dict[Form, Callable[[Path], Readout]] = {
        "gacc": partial(gacc.read_gacc, period=period, flow=flow),
        "comtrade": comtrade.read_comtrade,
        "baci": partial(baci.read_baci, codes=baci.KNOWN_CODES),
    }
    readout = readers[form](path)
    if rates is not None:
        frame, told = frame_in_dollars(readout.frame, rates)
        said = tuple(f"{path.name}: {one}" for one in told)
        readout = replace(readout, frame=frame, warnings=(*readout.warnings, *said))
    if asked is None:
        return readout
    return fill_zeros(readout, asked, source_id=path.name, source=_SOURCES[form])


class _Entry(BaseModel):
    model_config: ClassVar[ConfigDict] = ConfigDict(
        extra="forbid", frozen=True, strict=True, populate_by_name=True
    )


_Text = Annotated[str, BeforeValidator(lambda value: str(value) if isinstance(value, date | int) else value)]
"""Text that YAML may take for a date or a number."""

SOURCE_ID = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,40}$"

_Country = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
_Code = Annotated[_Text, Field(pattern=r"^\d{2,10}$")]


class _AskedFor(_Entry):
    codes: list[_Code] = Field(min_length=1)
    partners: list[_Country] = Field(min_length=1)
    period: _Text
    reporter: _Country = "CHN"

    def query(self, flow: Flow) -> Asked:
        months = months_of(parse_time(self.period))
        return Asked(self.reporter, flow, tuple(self.codes), tuple(self.partners), months)

    @classmethod
    def of(cls, asked: Asked) -> _AskedFor:
        period = f"{asked.periods[0].first}..{asked.periods[-1].last}"
        return cls(
            codes=list(asked.codes), partners=list(asked.partners), period=period, reporter=asked.reporter
        )


class Import(_Entry):
    """A file of trade statistics in a case, as its record says."""

    file: str = Field(pattern=r"^[^/\\]+$")
    form: Form = Field(alias="format")
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    flow: Flow = "import"
    period: _Text | None = None
    asked: _AskedFor | None = None
    source: str | None = Field(default=None, pattern=SOURCE_ID)

    @property
    def source_id(self) -> str:
        """What stands for the file in every table: its name may name a person."""
        return self.source or f"{self.form}-{self.sha256[:8]}"

    def read(self, folder: Path, rates: Rates) -> Readout:
        """Read the file, if it is the one that was imported."""
        path = folder / self.file
        if digest_of(path) != self.sha256:
            raise RecordError(
                f"{path}: is not the file that was imported; put it back, or take its entry out of {RECORD} "
                "and import it again"
            )
        period = parse_time(self.period) if self.period else None
        asked = None if self.asked is None else self.asked.query(self.flow)
        readout = import_file(path, self.form, period=period, flow=self.flow, asked=asked, rates=rates)
        return replace(readout, frame=OBSERVATIONS.check(readout.frame.assign(source_id=self.source_id)))


def keep_file(  # noqa: PLR0913 - what a file does not say of itself, each by name
    case: Path,
    path: Path,
    form: Form,
    *,
    period: Period | None = None,
    flow: Flow = "import",
    asked: Asked | None = None,
    source: str | None = None,
) -> Readout:
    """Import a file into a case: copy it into its folder ``trade`` and write down what it is.

    Parameters
    ----------
    case : Path
        The case folder.
    path : Path
        As downloaded; it stays where it is.
    form, period, flow, asked
        As in `import_file`.
    source : str, optional
        Id that stands for the file in tables and on the page, such as ``S12``; without one it is made from
        the file's content. The file's name stands only in the record of imports.

    Returns
    -------
    Readout
        What was read of it; rows that were refused do not keep it from being imported.

    Raises
    ------
    RecordError
        If it cannot be read, or another file of that name was imported before.
    PeriodError
        As `import_file`.
    OutputError
        If it cannot be copied; then nothing is changed.
    """
    readout = import_file(path, form, period=period, flow=flow, asked=asked)
    folder = case / FOLDER
    content = path.read_bytes()
    entry = Import(
        file=path.name,
        format=form,
        sha256=sha256(content).hexdigest(),
        flow=flow,
        period=None if period is None else f"{period.first}..{period.last}",
        asked=None if asked is None else _AskedFor.of(asked),
        source=source,
    )
    before = entries(folder)
    rival = next((one for one in before if one.file != entry.file and one.source_id == entry.source_id), None)
    if rival is not None:
        raise RecordError(
            f"{entry.file}: {rival.file} was imported as {entry.source_id}: it is the same, or "
            "needs another source"
        )
    twin = next((one for one in before if one.file == entry.file), None)
    if twin is not None and twin.sha256 != entry.sha256:
        raise RecordError(f"{folder / entry.file}: another file of that name was imported; rename this one")
    listed = [*(one for one in before if one is not twin), entry]
    folder.mkdir(exist_ok=True)
    write_together({folder / entry.file: content, folder / RECORD: write_entries(listed)})
    return readout


def write_entries(listed: Sequence[Import]) -> str:
    """Text of the record of imports."""
    said = [one.model_dump(mode="json", by_alias=True, exclude_none=True) for one in listed]
    return _HEAD + yaml.safe_dump(said, sort_keys=False, allow_unicode=True)


def rates_of(case: Path | None = None) -> Rates:
    """Exchange rates that ship, and over them those of a case.

    Raises
    ------
    RecordError
        If its ``trade/rates.csv`` cannot be read.
    """
    own = None if case is None else case / FOLDER / RATES
    return shipped_rates() | read_rates(own) if own is not None and own.is_file() else shipped_rates()


def gather_observations(case: Path | None = None) -> Readout:
    """Everything that is known: the figures that ship, and the files of a case.

    Parameters
    ----------
    case : Path, optional
        The case folder; its ``trade/imports.yaml`` names the files, ``trade/comtrade`` has the answers that
        were fetched, ``trade/rates.csv`` may add exchange rates, and ``trade/figures.csv`` figures of other
        ids than those that ship.

    Returns
    -------
    Readout
        Of all sources together. Where two files count the same, a warning names them: they are rival sources
        or editions, not parts, and must not be added.

    Raises
    ------
    RecordError
        If the record or a file cannot be read, or a file is not the one that was imported.
    """
    figures = shipped_figures()
    if case is None:
        return figures
    folder, rates = case / FOLDER, rates_of(case)
    files = {one.file: one.read(folder, rates) for one in entries(folder)}
    files |= read_fetched(folder / FETCHED)
    if (folder / FIGURES).is_file():
        files[FIGURES] = _own_figures(folder / FIGURES, figures)
    read = list(files.values())
    frames = [one.frame for one in (figures, *read) if len(one.frame)]
    return Readout(
        frame=OBSERVATIONS.check(pd.concat(frames)),
        rows=figures.rows + sum(one.rows for one in read),
        kept=figures.kept + sum(one.kept for one in read),
        refused=tuple(fault for one in read for fault in one.refused),
        warnings=(*(said for one in read for said in one.warnings), *_overlaps(files)),
        left_out=sum(one.left_out for one in read),
        cut=any(one.cut for one in read),
    )


def _own_figures(path: Path, shipped: Readout) -> Readout:
    """Figures of a case; none may take the id of one that ships, which others refer to by it."""
    own = read_figures(path)
    taken = sorted(set(own.frame["source_id"]) & set(shipped.frame["source_id"]))
    if taken:
        raise RecordError(f"{path.name}: id {taken[0]!r} is that of a figure that ships; give it another")
    return own


def unread_sources(case: Path, refused: Sequence[Fault]) -> frozenset[str]:
    """Source ids of the files of a case of which rows were refused."""
    files = {fault.file for fault in refused}
    return frozenset(one.source_id for one in entries(case / FOLDER) if one.file in files)


def entries(folder: Path) -> list[Import]:
    """Files that were imported into a folder ``trade``, as its record says."""
    path = folder / RECORD
    try:
        said = yaml.safe_load(path.read_text(encoding="utf-8")) if path.exists() else []
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise RecordError(
            f"{path}: cannot be read ({' '.join(str(error).split())}); mend it by hand"
        ) from error
    if not isinstance(said, list):
        raise RecordError(f"{path}: is no list of imports; mend it by hand, or import the files again")
    listed = []
    for number, one in enumerate(said, start=1):
        try:
            listed.append(Import.model_validate(one))
        except ValidationError as error:
            fault = error.errors(include_input=False, include_url=False)[0]
            field = ".".join(str(part) for part in fault["loc"])
            raise RecordError(f"{path}: import {number}: {field}: {fault['msg']}; mend it") from error
    return listed


def _overlaps(files: Mapping[str, Readout]) -> tuple[str, ...]:
    """Files that count the same codes, partner and months."""
    what = ["reporter", "partner", "flow", "hs_scope", "period_start", "period_end", "basis"]
    filled = [
        one.frame[what].drop_duplicates().assign(file=name) for name, one in files.items() if len(one.frame)
    ]
    if not filled:
        return ()
    whole = pd.concat(filled)
    rivals = sorted(set(whole.loc[whole.duplicated(what, keep=False), "file"]))
    return (f"count the same, and must not be added: {', '.join(rivals)}",) if rivals else ()

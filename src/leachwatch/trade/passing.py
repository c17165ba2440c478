"""What of a case's files of trade may be passed on, and what others have to fetch themselves."""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict
from pathlib import Path

import yaml

from leachwatch.errors import OutputError, RecordError
from leachwatch.trade.account import EVENTS, STATEMENTS, own_events
from leachwatch.trade.events import Event
from leachwatch.trade.figures import COLUMNS as FIGURE_COLUMNS
from leachwatch.trade.importing import FETCHED, FIGURES, FOLDER, RATES, RECORD, entries, write_entries
from leachwatch.trade.sheet import read_sheet
from leachwatch.trade.statement import Statement
from leachwatch.trade.statements import COLUMNS as STATEMENT_COLUMNS
from leachwatch.trade.statements import read_statements
from leachwatch.writing import write_together

__all__ = ["add_withheld", "pass_on", "withheld"]

PRIORS = "priors.yaml"
"""File of a case with priors of its own, which ``estimate`` reads."""

_RATE_COLUMNS = ("month", "rate", "low", "high", "source", "url", "group")
_PASSED_ON = "gacc"
"""Form of the files that may be passed on: customs print them for everybody. UN Comtrade forbids it for its
answers, and files of BACI are as large as they are easy to come by."""


def pass_on(case: Path, folder: Path) -> None:
    """Write the files of trade of a case that may be passed on, without anybody's notes.

    Notes of statements and figures stay behind, and so do notes and sources of the case's own events; files
    are named as in the tables. What comes out of them is the same.

    Parameters
    ----------
    case : Path
        The case folder.
    folder : Path
        Another case folder; what is there already is written over.

    Raises
    ------
    RecordError
        If a file cannot be read.
    OutputError
        If one cannot be written; then none is.
    """
    own, files = case / FOLDER, dict[Path, bytes | str]()
    if (own / STATEMENTS).is_file():
        files[folder / FOLDER / STATEMENTS] = _statements(read_statements(own / STATEMENTS))
    if (own / EVENTS).is_file():
        files[folder / FOLDER / EVENTS] = _events(own_events(own / EVENTS))
    if (own / FIGURES).is_file():
        files[folder / FOLDER / FIGURES] = _columns(own / FIGURES, [*FIGURE_COLUMNS], without=("note",))
    if (own / RATES).is_file():
        files[folder / FOLDER / RATES] = _columns(own / RATES, _RATE_COLUMNS)
    if (case / PRIORS).is_file():
        files[folder / PRIORS] = _priors(case / PRIORS)
    listed = []
    for one in entries(own):
        if one.form == _PASSED_ON:
            named = f"{one.source_id}{Path(one.file).suffix}"
            listed.append(one.model_copy(update={"file": named, "source": one.source_id}))
            files[folder / FOLDER / named] = _content(own / one.file)
    if listed:
        files[folder / FOLDER / RECORD] = write_entries(listed)
    if files:
        _made(folder / FOLDER)
        write_together(files)


def withheld(case: Path) -> tuple[str, ...]:
    """Say what `pass_on` leaves behind, in words for whoever has to fetch it."""
    named = [
        f"a file of {one.form.upper()} (SHA-256 {one.sha256})"
        for one in entries(case / FOLDER)
        if one.form != _PASSED_ON
    ]
    if any((case / FOLDER / FETCHED).glob("*")):
        named.append("answers of UN Comtrade, whose terms forbid passing them on: `leachwatch trade fetch`")
    return tuple(named)


def add_withheld(case: Path, folder: Path) -> None:
    """Copy what `pass_on` leaves behind from a case that has it into another, which is not passed on.

    Raises
    ------
    OutputError
        If a file cannot be copied.
    """
    own, other = case / FOLDER, folder / FOLDER
    try:
        if (own / FETCHED).is_dir():
            shutil.copytree(own / FETCHED, other / FETCHED, dirs_exist_ok=True)
        more = [one for one in entries(own) if one.form != _PASSED_ON]
        if more:
            other.mkdir(parents=True, exist_ok=True)
            there = entries(other)
            for one in more:
                shutil.copyfile(own / one.file, other / one.file)
            (other / RECORD).write_text(write_entries([*there, *more]), encoding="utf-8")
    except OSError as error:
        raise OutputError(f"{other}: cannot be written ({error.strerror}); free space") from error


def _statements(statements: Iterable[Statement]) -> str:
    rows = [asdict(one) | {"note": ""} for one in statements]
    for row in rows:
        for name in ("period_start", "period_end", "base_start", "base_end"):
            row[name] = row[name].strftime("%Y-%m") if row[name] else ""
    return _csv(STATEMENT_COLUMNS, rows)


def _events(events: Iterable[Event]) -> str:
    return _csv([*Event.model_fields], [one.model_dump(mode="json") for one in events])


def _columns(path: Path, names: Iterable[str], *, without: Collection[str] = ()) -> str:
    """Columns of a sheet that are known; cells of those without are empty."""
    known = tuple(names)
    sheet = read_sheet(path, ("utf-8",), frozenset(name.replace("_", "") for name in known))
    kept = [name for name in known if name in sheet.columns]
    rows = [
        {name: "" if name in without else sheet.columns[name].text(row) for name in kept}
        for row in range(len(sheet.lines))
    ]
    return _csv(kept, rows)


def _csv(columns: Iterable[str], rows: Iterable[Mapping[str, object]]) -> str:
    held = io.StringIO()
    writer = csv.DictWriter(held, [*columns], lineterminator="\n")
    writer.writeheader()
    writer.writerows({name: "" if value is None else value for name, value in row.items()} for row in rows)
    return held.getvalue()


def _priors(path: Path) -> str:
    """Priors without the comments of whoever wrote them."""
    try:
        return yaml.safe_dump(
            yaml.safe_load(path.read_text(encoding="utf-8")), allow_unicode=True, sort_keys=False
        )
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise RecordError(f"{path}: cannot be read ({' '.join(str(error).split())}); mend it") from error


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise RecordError(f"{path}: cannot be read ({error.strerror}); put the file back") from error


def _made(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"{folder}: cannot be made ({error.strerror}); choose another folder") from error

"""All files for other tools, written together."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from datetime import date
from pathlib import Path

from leachwatch.errors import OutputError, RecordError
from leachwatch.exchange.crate import crate_files
from leachwatch.exchange.datapackage import csv_files
from leachwatch.exchange.geojson import geojson_files
from leachwatch.exchange.geopackage import geopackage_files
from leachwatch.exchange.kml import kml_files
from leachwatch.exchange.parquet import parquet_files
from leachwatch.exchange.public import Account, read_account
from leachwatch.exchange.stac import stac_files
from leachwatch.exchange.workbook import workbook_files
from leachwatch.writing import write_together

__all__ = ["contents", "write_files"]

_SPDX = re.compile(r"[A-Za-z0-9.+-]+")


def write_files(  # noqa: PLR0913 - what a publication says of itself
    out: Path,
    folder: Path,
    *,
    title: str,
    made: date,
    licence: str = "other",
    notes: Sequence[str] = (),
    simulated: bool = False,
    claims: Collection[str] = (),
    names: Collection[str] = (),
) -> tuple[Path, ...]:
    """Write the tables of an ``out`` folder as files that other programs read.

    GeoPackage, KML, GeoJSON, GeoParquet, STAC, a workbook, CSV with a Data Package, an RO-Crate over all
    of them. Only columns of an allow-list go in; rejected sites stay behind. Equal tables, texts and
    days give equal bytes.

    Parameters
    ----------
    out : Path
        Folder with tables of a scan, of trade, of a case; those that are there are written.
    folder : Path
        Where to; made if it is not there.
    title : str
        What it is about; any script.
    made : date
        Day to write into the files as theirs.
    licence : str
        SPDX name of the terms under which they may be passed on; ``other`` where none is stated.
    notes : sequence of str
        What a reader must know before believing it; they are in the files.
    simulated : bool
        True marks all of it as simulated even where no site says so.
    claims : collection of str
        Ids of the claims that are published; rows of others stay behind, all where none is named.
    names : collection of str
        Names of the actors and territories that are published; rows that say another stay behind.

    Returns
    -------
    tuple of Path
        Files written, by name.

    Raises
    ------
    TableError
        If there is no table, or one does not keep the contract.
    RecordError
        If the licence is no SPDX name.
    OutputError
        If a file cannot be written; then none is.

    Examples
    --------
    >>> write_files(Path("out"), Path("files"), title="Pangwa", made=date(2026, 1, 31))  # doctest: +SKIP
    (PosixPath('files/csv/coverage.csv'), ...)
    """
    if not _SPDX.fullmatch(licence):
        raise RecordError(f"licence: {licence!r} is no SPDX name; say such as CC-BY-4.0, or other")
    account = read_account(
        out,
        title=title,
        made=made,
        licence=licence,
        notes=notes,
        simulated=simulated,
        claims=claims,
        names=names,
    )
    content = {folder / name: part for name, part in contents(account).items()}
    try:
        for path in content:
            path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"{folder}: cannot be made ({error.strerror}); choose another folder") from error
    write_together(content)
    return tuple(sorted(content))


def contents(account: Account) -> dict[str, bytes]:
    """Give the content of every file, by its name in the folder."""
    tables = {**parquet_files(account), **geojson_files(account)}
    written = {
        **tables,
        **stac_files(account, tables),
        **csv_files(account),
        **geopackage_files(account),
        **kml_files(account),
        **workbook_files(account),
    }
    return {**written, **crate_files(account, written)}

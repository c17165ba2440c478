"""SQL over the tables of an ``out`` folder: DuckDB in memory, which can reach nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Timer
from typing import Any

import duckdb
import pyarrow as pa
import shapely

from leachwatch import tables
from leachwatch.errors import QueryError, TableError
from leachwatch.exchange.shapes import POINT, point_in
from leachwatch.tables import Table

__all__ = ["Answer", "ask", "tables_of"]

_READING = {duckdb.StatementType.SELECT, duckdb.StatementType.EXPLAIN}
_BATCH = 10_000
_SETTINGS: dict[str, Any] = {"memory_limit": "1GB", "threads": 2, "temp_directory": ""}
_LOCKS = (
    "SET enable_progress_bar = false",
    "SET enable_external_access = false",
    "SET autoinstall_known_extensions = false",
    "SET autoload_known_extensions = false",
    "SET allow_community_extensions = false",
    "SET python_enable_replacements = false",
    "SET lock_configuration = true",
)


@dataclass(frozen=True)
class Answer:
    """What a query gave.

    Attributes
    ----------
    columns : tuple of str
        Their names.
    rows : tuple of tuple
        In the order of the query.
    simulated : bool
        Whether any table that could be asked shows no real place.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    simulated: bool = False


def ask(out: Path, sql: str, *, seconds: float = 60, most: int = 1_000_000) -> Answer:
    """Answer one SELECT over the tables of an ``out`` folder.

    Each table is a view of its name. ``geometry`` is WKT in degrees; a table that has one also has
    ``longitude`` and ``latitude`` of a point inside. Files, networks, extensions, settings: out of reach.

    Parameters
    ----------
    out : Path
        Folder with tables.
    sql : str
        One statement, SELECT or EXPLAIN, in the SQL of DuckDB.
    seconds : float
        How long it may take.
    most : int
        How many rows it may give.

    Returns
    -------
    Answer
        All of it.

    Raises
    ------
    QueryError
        If it is not one SELECT, cannot be answered, or asks for more than the tables.
    TableError
        If there is no table, or one does not keep the contract.
    """
    held = {table.name: _arrow(table, tables.read(out, table)) for table in tables_of(out)}
    with closing(duckdb.connect(":memory:", config=_SETTINGS)) as database:
        for name, arrow in held.items():
            database.register(name, arrow)
        for lock in _LOCKS:
            database.execute(lock)
        with _told(seconds):
            statements = database.extract_statements(sql)
            if len(statements) != 1 or statements[0].type not in _READING:
                raise QueryError(
                    "query: only one SELECT may be asked; leachwatch query --tables lists what of"
                )
            timer = Timer(seconds, database.interrupt)
            timer.start()
            try:
                result = database.execute(statements[0])
                columns = tuple(one[0] for one in result.description)
                return Answer(columns, tuple(_fetched(result, most)), simulated=_simulated(held))
            finally:
                timer.cancel()


def tables_of(out: Path) -> tuple[Table, ...]:
    """List the tables of an ``out`` folder, with the columns that a query sees.

    Raises
    ------
    TableError
        If there is none.
    """
    there = tuple(table for table in tables.ALL_TABLES if (out / table.file_name).exists())
    if not there:
        raise TableError(f"{out}: holds no table; name the folder of a scan, or CASE/out, with --out")
    return there


def _simulated(held: Mapping[str, pa.Table]) -> bool:
    return "sites" in held and any(held["sites"]["simulated"].to_pylist())


def _arrow(table: Table, frame: Any) -> pa.Table:
    if not table.geometric:
        return pa.Table.from_pandas(frame, preserve_index=False)
    shapes = frame["geometry"].to_numpy()
    arrow = pa.Table.from_pandas(frame.drop(columns="geometry"), preserve_index=False)
    at = [column.name for column in table.columns].index("geometry")
    arrow = arrow.add_column(at, "geometry", pa.array(shapely.to_wkt(shapes, rounding_precision=7).tolist()))
    points = [point_in(shape) for shape in shapes]
    for place, column in enumerate(POINT):
        arrow = arrow.append_column(column.name, pa.array([point[place] for point in points], pa.float64()))
    return arrow


def _fetched(result: Any, most: int) -> Iterator[tuple[Any, ...]]:
    given = 0
    while batch := result.fetchmany(_BATCH):
        given += len(batch)
        if given > most:
            raise QueryError(f"query: gives more than {most:,} rows; add a LIMIT, or sum them up")
        yield from batch


@contextmanager
def _told(seconds: float) -> Iterator[None]:
    """Say in one line what DuckDB says in many."""
    try:
        yield
    except duckdb.InterruptException as error:
        raise QueryError(f"query: took longer than {seconds:g} s; ask for less, or give --seconds") from error
    except duckdb.OutOfMemoryException as error:
        raise QueryError("query: needs more than 1 GB of memory; ask for less at a time") from error
    except duckdb.PermissionException as error:
        raise QueryError(
            "query: reaches beyond the tables; files, networks and extensions are off"
        ) from error
    except duckdb.Error as error:
        said = str(error).strip().splitlines()
        raise QueryError(f"query: {said[0]}; leachwatch query --tables lists tables and columns") from error

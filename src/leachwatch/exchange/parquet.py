"""GeoParquet 1.1 and Parquet: the tables as `leachwatch.tables` reads them, without what stays behind."""

from __future__ import annotations

import io
import json
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from leachwatch import tables
from leachwatch.exchange.public import Account, Shown

__all__ = ["parquet_files"]


def parquet_files(account: Account) -> dict[str, bytes]:
    """Write every table, by file name; each says in its metadata what it is."""
    return {f"parquet/{shown.table.file_name}": _file(account, shown) for shown in account.shown}


def _file(account: Account, shown: Shown) -> bytes:
    arrow = pq.read_table(io.BytesIO(tables.encode(shown.table, _whole(shown))))
    said = json.dumps(
        {"title": account.title, "simulated": shown.simulated, "notes": account.notes}, ensure_ascii=False
    )
    meanings = [
        field.with_metadata({b"description": column.meaning.encode()})
        for field, column in zip(arrow.schema, shown.table.columns, strict=True)
    ]
    schema = pa.schema(meanings, metadata={**(arrow.schema.metadata or {}), b"leachwatch": said.encode()})
    held = io.BytesIO()
    pq.write_table(pa.Table.from_arrays(arrow.columns, schema=schema), held, compression="zstd")
    return held.getvalue()


def _whole(shown: Shown) -> Any:
    """Columns of the contract: those that stay behind are null."""
    frame = shown.frame.copy()
    names = [column.name for column in shown.table.columns]
    for name in names:
        if name not in frame.columns:
            frame[name] = None
    return frame[names]

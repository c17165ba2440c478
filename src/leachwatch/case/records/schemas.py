"""JSON Schemas of the files of records: an editor that knows them completes fields and marks mistakes."""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from leachwatch.case.records.reading import FILES
from leachwatch.case.records.record import Record
from leachwatch.case.records.shapes import models_of
from leachwatch.errors import OutputError
from leachwatch.writing import write_together

__all__ = ["meanings", "schema_of", "write_schemas"]

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def write_schemas(folder: Path) -> tuple[Path, ...]:
    """Write a schema for every file of records.

    A first line ``# yaml-language-server: $schema=FOLDER/claims.schema.json`` in ``claims.yaml`` has editors
    use it.

    Returns
    -------
    tuple of Path
        Such as ``claims.schema.json``.

    Raises
    ------
    OutputError
        If they cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"{folder}: cannot be made ({error.strerror}); choose another folder") from error
    written = {
        folder / f"{file.removesuffix('.yaml')}.schema.json": json.dumps(
            schema_of(kind), ensure_ascii=False, indent=2
        )
        + "\n"
        for file, kind in FILES.items()
    }
    write_together(written)
    return tuple(written)


def schema_of(kind: type[Record]) -> dict[str, Any]:
    """JSON Schema of a list of records of a kind, with the meaning of every field."""
    schema = kind.model_json_schema()
    described = {one.__name__: one for one in models_of(kind)}
    parts = schema.pop("$defs", {})
    for name, part in {kind.__name__: schema, **parts}.items():
        if name in described:
            _describe(part, described[name])
    return {"$schema": _DIALECT, "$defs": {**parts, kind.__name__: schema}} | {
        "title": f"A list of records of kind {kind.__name__}",
        "type": ["array", "null"],
        "items": {"$ref": f"#/$defs/{kind.__name__}"},
    }


def meanings(kind: type[BaseModel]) -> Mapping[str, str]:
    """Say what each field of a model means, by its docstring and those of the models it extends."""
    found: dict[str, str] = {}
    for one in reversed(kind.__mro__):
        if issubclass(one, BaseModel) and one is not BaseModel:
            found |= dict(_attributes(inspect.cleandoc(one.__doc__ or "")))
    return {name: found[name] for name in kind.model_fields if name in found}


def _describe(part: dict[str, Any], kind: type[BaseModel]) -> None:
    summary = inspect.cleandoc(kind.__doc__ or "").split("\n\n")[0]
    part["description"] = " ".join(summary.replace("``", "").split())
    for name, meaning in meanings(kind).items():
        if name in part.get("properties", {}):
            part["properties"][name]["description"] = meaning.replace("``", "")


def _attributes(doc: str) -> Iterator[tuple[str, str]]:
    """Names and meanings under ``Attributes`` of a numpydoc docstring."""
    _, _, section = doc.partition("Attributes\n----------\n")
    section = re.split(r"\n\w[^\n]*\n---", section)[0]
    for heading in re.finditer(r"^(\S[^\n]*?) : [^\n]*\n((?:[ \t]+\S[^\n]*\n?|\n)*)", section, re.MULTILINE):
        for name in heading[1].split(", "):
            yield name, " ".join(heading[2].split())

"""Schemas kept in ``tests/schemas``; nothing is fetched."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from jsonschema import Draft7Validator
from referencing import Registry
from referencing.jsonschema import DRAFT7

SCHEMAS = Path(__file__).parents[1] / "schemas"

_PROJJSON = "proj/projjson-v0.7.schema.json"
_ELSEWHERE = {
    "https://proj.org/schemas/v0.5/projjson.schema.json": _PROJJSON,
    "https://proj.org/schemas/v0.7/projjson.schema.json": _PROJJSON,
    "https://schemas.stacspec.org/v1.1.0/item-spec/json-schema/common.json": "stac/core-v1.1.0/common.json",
}
"""Schemas that others name by an address which is not the one they give themselves."""


def read(name: str) -> Any:
    return json.loads((SCHEMAS / name).read_text(encoding="utf-8"))


def registry() -> Registry[Any]:
    kept: Registry[Any] = Registry()
    for path in sorted(SCHEMAS.rglob("*.json")):
        schema = json.loads(path.read_text(encoding="utf-8"))
        if "$id" in schema:
            kept = kept.with_resource(schema["$id"].rstrip("#"), DRAFT7.create_resource(schema))
    for address, name in _ELSEWHERE.items():
        kept = kept.with_resource(address, DRAFT7.create_resource(read(name)))
    return kept


def faults(name: str, document: Any) -> list[str]:
    """What a schema finds wrong with a document, and where."""
    validator = Draft7Validator(read(name), registry=registry())
    return [f"{'/'.join(map(str, one.path))}: {one.message}"[:300] for one in validator.iter_errors(document)]

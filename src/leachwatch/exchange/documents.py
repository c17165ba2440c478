"""JSON and XML as bytes that equal content makes equal."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any
from xml.etree import ElementTree as ET

__all__ = ["json_bytes", "json_lines", "xml_bytes"]

_NO_XML = {code: " " for code in range(32) if chr(code) not in "\t\n\r"} | {0xFFFE: " ", 0xFFFF: " "}


def json_bytes(value: Any) -> bytes:
    """Write JSON as people read it; a day is written ISO 8601, what JSON has no number for is refused."""
    return f"{_json(value, indent=1)}\n".encode()


def json_lines(head: dict[str, Any], name: str, many: Iterable[Any]) -> bytes:
    """Write an object that ends in a long list, each of the list on a line of its own."""
    lines = ",\n".join(_json(one, separators=(",", ":")) for one in many)
    return f"{_json(head)[:-1]}, {json.dumps(name)}: [\n{lines}\n]}}\n".encode()


def _json(value: Any, **layout: Any) -> str:
    return json.dumps(
        value, ensure_ascii=False, allow_nan=False, default=lambda day: day.isoformat(), **layout
    )


def xml_bytes(root: ET.Element, head: str = "") -> bytes:
    """Write XML; texts are escaped, and signs that XML has no place for become spaces."""
    for element in root.iter():
        element.text = element.text and element.text.translate(_NO_XML)
        for name, value in element.items():
            element.set(name, value.translate(_NO_XML))
    ET.indent(root, " ")
    text = ET.tostring(root, encoding="unicode", short_empty_elements=True)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{head}{text}\n'.encode()

"""Documents: JSON of a catalog, bounded in length and depth."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urljoin

from leachwatch.errors import SceneError
from leachwatch.network import Transport

__all__ = ["MOST_BYTES", "hrefs", "joined", "parsed", "read_document"]

MOST_BYTES = 1 << 26
"""Of one document: 64 MiB; a page of 100 items has 2."""


def read_document(address: str, transport: Transport) -> dict[str, Any]:
    """Read a JSON object from an address.

    Raises
    ------
    SceneError
        If it cannot be had, or is none.
    """
    return parsed(transport.read(address, most=MOST_BYTES).body)


def parsed(text: bytes | str) -> dict[str, Any]:
    """Read a JSON object.

    Raises
    ------
    SceneError
        If it is none.
    """
    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise SceneError("is no JSON; give the address or path of a STAC API or a catalog.json") from error
    if not isinstance(content, dict):
        raise SceneError("is no JSON object")
    return content


def joined(where: str, href: str) -> str:
    """Place a link beside the document that has it.

    Raises
    ------
    SceneError
        If it is no address.
    """
    try:
        return urljoin(where, href)
    except ValueError as error:
        raise SceneError(f"links to {href[:60]!r}, which is no address") from error


def hrefs(content: Mapping[str, Any], *kinds: str) -> list[str]:
    """Targets of a document's links of some kinds."""
    links = content.get("links")
    return [
        link["href"]
        for link in (links if isinstance(links, Sequence) and not isinstance(links, str) else ())
        if isinstance(link, dict) and link.get("rel") in kinds and isinstance(link.get("href"), str)
    ]

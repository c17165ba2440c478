"""A STAC API: found, and searched by granule."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from pystac_client import ItemSearch
from pystac_client.stac_api_io import StacApiIO

from leachwatch.errors import CatalogError, SceneError
from leachwatch.imagery.documents import MOST_BYTES, hrefs, joined, read_document
from leachwatch.imagery.granules import Granule, granule_of
from leachwatch.imagery.providers import COLLECTIONS, Provider
from leachwatch.network import Transport

__all__ = ["Api", "Listed", "Query", "find_api", "search"]

_MOST_ITEMS = 200_000
_PAGE = 100


@dataclass(frozen=True)
class Listed:
    """One item of a source, or why it cannot be read.

    Attributes
    ----------
    name : str
        Its file or address.
    where : str
        What its links are relative to.
    content : mapping or None
        The item as its JSON says; None where it cannot be read.
    fault : str
        Why not.
    searched : bool
        Whether it was asked for by granule; what a static catalog holds was not.
    """

    name: str
    where: str
    content: Mapping[str, Any] | None
    fault: str = ""
    searched: bool = False


@dataclass(frozen=True)
class Query:
    """What is asked of a source that can be asked.

    Attributes
    ----------
    granules : tuple of Granule
        Where; the only thing that tells a host of a place.
    first, last : date
        When, both included.
    collections : tuple of str
        In which; empty for those that leachwatch knows.
    provider : Provider or None
        Whose catalog it is, where that is known.
    """

    granules: tuple[Granule, ...]
    first: date
    last: date
    collections: tuple[str, ...] = ()
    provider: Provider | None = None

    @property
    def period(self) -> str:
        """As STAC writes it."""
        return f"{self.first}T00:00:00Z/{self.last}T23:59:59Z"


@dataclass(frozen=True)
class Api:
    """A STAC API.

    Attributes
    ----------
    search, collections : str
        Where to search, and where its collections are listed.
    named : tuple of str
        The collection that a person gave the address of; none where it was the whole API's.
    """

    search: str
    collections: str
    named: tuple[str, ...] = ()


def find_api(source: str, root: Mapping[str, Any], transport: Transport) -> Api | None:
    """Find the API that a document speaks of.

    Parameters
    ----------
    source : str
        Address of the document.
    root : mapping
        The document: an API's landing page, or one of its collections.
    transport : Transport
        To read a collection's landing page with.

    Returns
    -------
    Api or None
        None where the document is a static one.
    """
    if root.get("type") != "Collection":
        return _spoken_of(source, root)
    if hrefs(root, "item", "child"):
        return None
    for href in hrefs(root, "root")[:1]:
        address = joined(source, href)
        found = _spoken_of(address, read_document(address, transport))
        if found:
            return replace(found, named=(str(root.get("id")),))
    return None


def _spoken_of(source: str, root: Mapping[str, Any]) -> Api | None:
    said = root.get("conformsTo")
    classes = [str(one) for one in said] if isinstance(said, list) else []
    searches = hrefs(root, "search")
    if not searches or not any(one.endswith("item-search") for one in classes):
        return None
    collections = hrefs(root, "data") or ["collections"]
    base = source.rstrip("/") + "/"
    return Api(joined(base, searches[0]), joined(base, collections[0]))


def search(source: str, api: Api, query: Query, transport: Transport) -> Iterator[Listed]:
    """Search each collection for each granule.

    Yields
    ------
    Listed
        Items of those granules.

    Raises
    ------
    CatalogError
        If it has no such collection, or a search stops before it has given all.
    """
    collections = query.collections or api.named or _known(source, api, query, transport)
    count = 0
    for collection in collections:
        for granule in query.granules:
            for content in _pages(source, api, query, collection, granule, transport):
                count += 1
                if count > _MOST_ITEMS:
                    raise CatalogError(
                        f"{source}: gives more than {_MOST_ITEMS:,} items; ask for fewer months"
                    )
                if granule_of(content.get("properties")) in (
                    "",
                    granule.name,
                ):  # a neighbour is asked for by its own name
                    yield Listed(str(content.get("id")), api.search, content, searched=True)


def _known(source: str, api: Api, query: Query, transport: Transport) -> tuple[str, ...]:
    """Name the collections of Sentinel-2 Level-2A that the API has."""
    if query.provider:
        return query.provider.collections
    try:
        listed = read_document(api.collections, transport).get("collections")
    except SceneError as error:
        raise CatalogError(f"{source}: its collections cannot be read: {error}") from error
    parts = listed if isinstance(listed, list) else []
    there = [str(one["id"]) for one in parts if isinstance(one, dict) and "id" in one]
    known = tuple(name for name in COLLECTIONS if name in there)
    if known:
        return known
    if len(there) == 1:
        return (there[0],)
    raise CatalogError(
        f"{source}: has the collections {', '.join(there[:10]) or 'none'}; say with --collection which holds "
        "Sentinel-2 Level-2A"
    )


def _pages(
    source: str, api: Api, query: Query, collection: str, granule: Granule, transport: Transport
) -> Iterator[dict[str, Any]]:
    """Search one collection for one granule: all of it, or an error."""
    wanted = query.provider and {
        query.provider.tile_property: {"eq": query.provider.tile_prefix + granule.name}
    }
    wanted_items = ItemSearch(
        api.search,
        stac_io=_ApiIO(transport),
        collections=[collection],
        bbox=list(granule.bounds),
        datetime=query.period,
        query=wanted or None,
        limit=_PAGE,
    )
    came, matched, more = 0, None, False
    try:
        for page in wanted_items.pages_as_dicts():
            matched = page.get("numberMatched", matched)
            features = page["features"]
            came += len(features)
            more = bool(hrefs(page, "next"))
            yield from (one for one in features if isinstance(one, dict))
    except SceneError as error:
        raise CatalogError(
            f"{source}: the search of {granule.name} stopped after {came} items: {error}; run it again"
        ) from error
    except (AttributeError, KeyError, TypeError, ValueError, RecursionError) as error:
        raise CatalogError(
            f"{source}: the search of {granule.name} gave what is no STAC after {came} items; run it again"
        ) from error
    if isinstance(matched, int) and came < matched:
        raise CatalogError(
            f"{source}: the search of {granule.name} gave {came} of {matched} items; run it again"
        )
    if more:  # pystac-client stops at a page without items
        raise CatalogError(f"{source}: the search of {granule.name} stopped after {came} items; run it again")


class _ApiIO(StacApiIO):
    """Lets pystac-client page through a search by way of the one transport."""

    def __init__(self, transport: Transport) -> None:
        super().__init__()
        self._transport = transport
        self._asked: set[str] = set()

    def request(
        self,
        href: str,
        method: str | None = None,
        headers: dict[str, str] | None = None,  # noqa: ARG002 - a page must not choose what is sent
        parameters: dict[str, Any] | None = None,
    ) -> str:
        """Ask for a page; the same one is not asked for twice."""
        post = None
        if (method or "GET").upper() == "POST":
            post = json.dumps(parameters or {}, sort_keys=True).encode()
        elif parameters:
            href = f"{href}{'&' if '?' in href else '?'}{urlencode(parameters)}"
        asked = f"{href} {post!r}"
        if asked in self._asked or len(self._asked) > _MOST_ITEMS:
            raise SceneError("its pages lead back to where they came from")
        self._asked.add(asked)
        kind = {"Content-Type": "application/json"} if post is not None else {}
        return self._transport.read(href, most=MOST_BYTES, headers=kind, post=post).body.decode()

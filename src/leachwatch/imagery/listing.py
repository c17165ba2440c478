"""Listing: the STAC items of a source: an API, a static catalog over HTTP, or a folder on this disk."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from leachwatch.errors import CatalogError, SceneError, SceneUnavailable
from leachwatch.imagery.api import Listed, Query, find_api, search
from leachwatch.imagery.documents import MOST_BYTES, hrefs, joined, parsed, read_document
from leachwatch.network import Transport, is_address

__all__ = ["list_items"]

_MOST_DOCUMENTS = 100_000
_DEEPEST = 32
_READERS = 16


def list_items(source: str, query: Query, transport: Transport) -> Iterator[Listed]:
    """List the items of a source.

    Parameters
    ----------
    source : str
        Address of a STAC API, of one of its collections, of a static catalog or of a file of items; or the
        path of a static catalog, of a file of items, or of a folder that holds either, or items.
    query : Query
        What to ask; a source that cannot be asked gives all it has.
    transport : Transport
        To ask with.

    Yields
    ------
    Listed
        In the order of the source.

    Raises
    ------
    CatalogError
        If the source as a whole cannot be used, or stops in the middle.
    NetworkError
        If there is no network to use.
    """
    if not is_address(source):
        yield from _of_disk(Path(source))
        return
    try:
        root = read_document(source, transport)
        api = find_api(source, root, transport)
    except SceneUnavailable as error:
        raise CatalogError(f"{source}: {error}; look at the address, or run it again later") from error
    except SceneError as error:
        raise CatalogError(f"{source}: {error}") from error
    if api is None:
        yield from _of_document(
            source, root, _Walk(lambda href: read_document(href, transport), joined, _READERS)
        )
        return
    yield from search(source, api, query, transport)


class _Walk:
    """Reads linked documents, each once, not without end, several at a time."""

    def __init__(
        self, read: Callable[[str], dict[str, Any]], join: Callable[[str, str], str], readers: int = 1
    ) -> None:
        self._read, self._join, self._readers = read, join, readers
        self.seen: set[str] = set()

    def targets(self, where: str, links: Iterable[str]) -> list[str]:
        """Where links lead, without those that were followed before."""
        found: list[str] = []
        for href in links:
            try:
                target = self._join(where, href)
            except SceneError:
                target = href  # reading it says the same, by name
            if target not in self.seen:
                self.seen.add(target)
                found.append(target)
        if len(self.seen) > _MOST_DOCUMENTS:
            raise CatalogError(f"{where}: the catalog has more than {_MOST_DOCUMENTS:,} documents")
        return found

    def documents(self, targets: Sequence[str]) -> Iterator[dict[str, Any] | SceneError]:
        """Documents in the order of their places; what is wrong with one stands in its place."""
        if self._readers == 1 or len(targets) == 1:
            yield from map(self._tried, targets)
            return
        with ThreadPoolExecutor(self._readers) as pool:
            yield from pool.map(self._tried, targets)

    def _tried(self, target: str) -> dict[str, Any] | SceneError:
        try:
            return self._read(target)
        except SceneError as error:
            return error


def _of_document(where: str, content: Mapping[str, Any], walk: _Walk) -> Iterator[Listed]:
    """Items that a catalog, a collection or a file of items holds."""
    kind = content.get("type")
    if kind == "FeatureCollection":
        features = content.get("features")
        for number, one in enumerate(features if isinstance(features, list) else ()):
            yield _item(f"{where}#{number}", where, one)
    elif kind in ("Catalog", "Collection"):
        walk.seen.add(where)
        yield from _below(where, content, walk, 0)
    elif kind == "Feature":
        yield _item(where, where, content)
    else:
        raise CatalogError(f"{where}: not a STAC catalog (its type is {kind!r}); give a catalog.json")


def _below(where: str, content: Mapping[str, Any], walk: _Walk, depth: int) -> Iterator[Listed]:
    targets = walk.targets(where, hrefs(content, "item", "child"))
    for target, found in zip(targets, walk.documents(targets), strict=True):
        if isinstance(found, SceneUnavailable):
            raise CatalogError(f"{target}: {found}; run it again")
        if isinstance(found, SceneError):
            yield Listed(target, target, None, str(found))
        elif found.get("type") not in ("Catalog", "Collection"):
            yield _item(target, target, found)
        elif depth < _DEEPEST:
            yield from _below(target, found, walk, depth + 1)
        else:
            yield Listed(target, target, None, f"lies more than {_DEEPEST} catalogs deep")


def _item(name: str, where: str, content: Any) -> Listed:
    if not isinstance(content, dict) or content.get("type") != "Feature" or "assets" not in content:
        return Listed(name, where, None, "is no STAC item")
    return Listed(name, where, content)


def _of_disk(source: Path) -> Iterator[Listed]:
    if not source.exists():
        raise CatalogError(
            f"{source}: there is no such catalog; give earth-search, planetary-computer, an address or a path"
        )
    root = source
    if source.is_dir():
        named = [source / name for name in ("catalog.json", "collection.json") if (source / name).is_file()]
        if not named:
            yield from _of_folder(source)
            return
        root = named[0]
    try:
        content = _file(str(root))
    except SceneError as error:
        raise CatalogError(f"{root}: not a readable STAC catalog: {error}") from error
    yield from _of_document(str(root), content, _Walk(_file, _beside))


def _of_folder(folder: Path) -> Iterator[Listed]:
    """Items of a folder; files that are something else are passed over."""
    for path in sorted(folder.rglob("*.json")):
        try:
            content = _file(str(path))
        except SceneError as error:
            yield Listed(path.name, str(path), None, str(error))
            continue
        if content.get("type") == "FeatureCollection" and "features" in content:
            yield from _of_document(str(path), content, _Walk(_file, _beside))
        elif content.get("type") == "Feature" and "assets" in content:
            yield Listed(path.name, str(path), content)


def _file(path: str) -> dict[str, Any]:
    if is_address(path):
        raise SceneError("the link leads off this disk")
    try:
        if not Path(path).is_file():
            raise SceneError("is no file")
        with Path(path).open("rb") as file:
            text = file.read(MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        raise SceneError(f"cannot be read ({error})") from error
    if len(text) > MOST_BYTES:
        raise SceneError(f"has more than {MOST_BYTES} bytes")
    return parsed(text)


def _beside(where: str, href: str) -> str:
    return href if is_address(href) else str(Path(where).parent / href)

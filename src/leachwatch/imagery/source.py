"""Source: an imagery source opened for a while, wherever it is."""

from __future__ import annotations

import copy
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from leachwatch.errors import CatalogError, SceneError
from leachwatch.imagery.blocks import MOST, Blocks
from leachwatch.imagery.mirror import Mirror, Wanted
from leachwatch.imagery.providers import Provider, provider_of, signing
from leachwatch.imagery.scene import Asset, Scene
from leachwatch.network import Hosts, Patience, Traffic, Transport, is_address, origin

__all__ = ["Access", "Source", "located", "open_source"]

_In = TypeVar("_In")
_Out = TypeVar("_Out")


@dataclass(frozen=True)
class Access:
    """What may be asked of whom, and how much.

    Attributes
    ----------
    collections : tuple of str
        To take scenes from; of an API, the one to prefer first. If empty, those of the provider, or those
        that leachwatch knows; of a static catalog all.
    hosts : tuple of str
        That a catalog may lead to, beside its own: names, or addresses with scheme and port.
    offline : bool
        Whether no host may be asked: what an earlier scan kept is used.
    whole_scenes : bool
        Whether whole files are fetched, so that their host does not learn which parts are looked at.
    most_bytes : int or None
        That may be fetched in one run; None for any number.
    cache : Path or None
        Where what was fetched is kept; None for nowhere after the run.
    cache_bytes : int
        That may be kept.
    connections : int
        Files asked for at a time.
    patience : Patience
        How long hosts are waited for.
    """

    collections: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    offline: bool = False
    whole_scenes: bool = False
    most_bytes: int | None = None
    cache: Path | None = None
    cache_bytes: int = 50_000_000_000
    connections: int = 32
    patience: Patience = field(default_factory=Patience)


class Tally:
    """A sum that threads add to."""

    def __init__(self) -> None:
        self.total = 0
        self._lock = threading.Lock()

    def add(self, number: int) -> None:
        """Add a number."""
        with self._lock:
            self.total += number


class Source:
    """An imagery source: scenes are found in it, and their files read.

    Attributes
    ----------
    name : str
        As a person gave it.
    address : str
        Path, or address of the catalog.
    access : Access
        What may be asked of whom.
    provider : Provider or None
        Whose it is, where that is known.
    transport : Transport
        To hosts that may be asked.
    blocks : Blocks or None
        What tiles share of files, where they do.
    read : Tally
        Bytes of pixels that were read, unpacked, from this disk or after they were fetched.
    """

    def __init__(
        self, name: str, address: str, access: Access, transport: Transport, provider: Provider | None
    ) -> None:
        self.name = name
        self.address = address
        self.access = access
        self.provider = provider
        self.transport = transport
        self._stack = ExitStack()
        self._mirror: Mirror | None = None
        self._pool: ThreadPoolExecutor | None = None
        self._fetching = True
        self._kept: tuple[ExitStack, dict[Path, Any]] | None = None
        self.blocks: Blocks | None = None
        self.read = Tally()

    @property
    def traffic(self) -> Traffic:
        """What was fetched so far."""
        return self.transport.traffic

    @property
    def catalog_host(self) -> str:
        """Host of the catalog; empty where that is on this disk."""
        return origin(self.address) if is_address(self.address) else ""

    @property
    def token_host(self) -> str:
        """Host that gives tokens for the assets; empty where they are open."""
        return origin(self.provider.tokens) if self.provider and self.provider.tokens else ""

    @property
    def mirror(self) -> Mirror:
        """Remote files as far as they are here; made when first needed."""
        if self._mirror is None:
            folder = self.access.cache or Path(self._stack.enter_context(tempfile.TemporaryDirectory()))
            self._mirror = Mirror(folder, self.transport, most_bytes=self.access.cache_bytes)
            self._stack.callback(self._mirror.close)
        return self._mirror

    @contextmanager
    def holding(self, scene: Scene, asset: Asset, wanted: Wanted) -> Iterator[Path]:
        """Hold an asset's file with the parts that are wanted, wherever it is.

        Raises
        ------
        SceneError, NetworkError, OutputError
            If it cannot be had.
        """
        if not asset.remote:
            yield Path(asset.href)
            return
        whole = None if self.access.whole_scenes else wanted
        with self.mirror.holding(asset.href, scene.digest, whole, fetch=self._fetching) as path:
            yield path

    @contextmanager
    def keeping(self) -> Iterator[Source]:
        """Give the same source, for one thread, that keeps each file open that it has opened, for a while."""
        spare = copy.copy(self)
        with ExitStack() as stack:
            spare._kept = stack, {}  # noqa: SLF001 - its own kind
            yield spare

    def sharing(self, folder: Path | None, threads: int, most: int = MOST) -> Source:
        """Return the same source for tiles that are read beside each other: what they share is unpacked once.

        Parameters
        ----------
        folder : Path or None
            Where that lies meanwhile; None for the system's place for temporary files.
        threads : int
            Tiles that are worked at a time.
        most : int
            Bytes that it may take.
        """
        spare = copy.copy(self)
        spare.blocks = Blocks(folder, most, threads)
        return spare

    def next_tile(self) -> None:
        """Tell that another tile is begun, so that what no tile near it has can be let go of."""
        if self.blocks is not None:
            self.blocks.next_tile()

    @contextmanager
    def opened(self, path: Path, opening: Callable[[Path], AbstractContextManager[_Out]]) -> Iterator[_Out]:
        """Hold what a file is opened as; opened once where files are kept open."""
        if self._kept is None:
            with opening(path) as file:
                yield file
            return
        stack, files = self._kept
        if path not in files:
            files[path] = stack.enter_context(opening(path))
        yield files[path]

    def at_hand(self) -> Source:
        """Return the same source as far as it is on this disk: nothing is fetched for it.

        What is not here raises `SceneUnavailable`. It is good for as long as this source is open.
        """
        spare = copy.copy(self)
        if self.remote:
            spare._mirror = self.mirror  # noqa: SLF001 - its own kind
        spare._pool, spare._fetching = None, False  # noqa: SLF001 - its own kind
        return spare

    def map(self, work: Callable[[_In], _Out], jobs: Iterable[_In]) -> Iterator[_Out]:
        """Do jobs that wait for files: many at a time where files are remote, else one by one.

        Where tiles are read beside each other, not every thread begins with the first.
        """
        if self._pool is not None:
            yield from self._pool.map(work, jobs)
            return
        ahead = list(jobs)
        first = 0 if self.blocks is None else self.blocks.apart(len(ahead))
        later = [work(job) for job in ahead[first:]]
        yield from [work(job) for job in ahead[:first]]
        yield from later

    def expect(self, scenes: Iterable[Scene]) -> None:
        """Make ready to read scenes: with many connections, if any is remote."""
        if self._pool is None and any(asset.remote for scene in scenes for asset in scene.assets.values()):
            _ = self.mirror
            self._pool = ThreadPoolExecutor(self.access.connections, thread_name_prefix="reading")

    @property
    def remote(self) -> bool:
        """Whether files are fetched."""
        return self._pool is not None

    def stop(self) -> None:
        """Stop waiting for hosts; whoever still reads is told that the network is closed."""
        self.transport.close()

    def close(self) -> None:
        """Stop, and let go of what is not kept."""
        self.stop()
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)
        self._stack.close()


def located(catalog: str, folder: Path) -> str:
    """Say where a catalog is that a file in `folder` names: a path is from there.

    Examples
    --------
    >>> located("earth-search", Path("kachin")), located("scenes/catalog.json", Path("kachin"))
    ('earth-search', 'kachin/scenes/catalog.json')
    """
    return catalog if is_address(catalog) or provider_of(catalog) else str(folder / catalog)


@contextmanager
def open_source(catalog: str | Path | Source, access: Access | None = None) -> Iterator[Source]:
    """Open an imagery source.

    Parameters
    ----------
    catalog : str, Path or Source
        Name of a provider (``earth-search``, ``planetary-computer``); address of a STAC API, a static catalog
        or a file of items; or the path of one on this disk, or of a folder of items. One that is open stays
        so.
    access : Access, optional
        What may be asked of whom.

    Yields
    ------
    Source

    Raises
    ------
    CatalogError
        If the address is none that is read.
    NetworkError
        If a host that was named is none.
    """
    if isinstance(catalog, Source):
        yield catalog
        return
    access = access or Access()
    name = str(catalog)
    provider = provider_of(name)
    address = provider.root if provider and not is_address(name) else name
    named = [*access.hosts, *(provider.hosts if provider else ())]
    if is_address(address):
        if not address.startswith(("http://", "https://")):
            raise CatalogError(f"{address}: only http and https addresses are read; give one, or a path")
        try:
            named.append(origin(address))
        except SceneError as error:
            raise CatalogError(f"{name}: {error}") from error
    transport = Transport(
        Hosts.of(named),
        offline=access.offline,
        most_bytes=access.most_bytes,
        connections=access.connections,
        patience=access.patience,
        sign=signing(provider) if provider else None,
    )
    source = Source(name, address, access, transport, provider)
    try:
        yield source
    finally:
        source.close()

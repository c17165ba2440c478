"""Providers: what is known of the two public catalogs that leachwatch knows by name."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from leachwatch.errors import SceneError, SceneUnavailable
from leachwatch.network import Transport, origin

__all__ = ["COLLECTIONS", "PROVIDERS", "Provider", "provider_of", "signing"]

COLLECTIONS = ("sentinel-2-c1-l2a", "sentinel-2-l2a")
"""Looked in where nobody says which, in this order: Collection 1 was processed anew by one processor."""

_TOKEN_BYTES = 1 << 16
_TOKEN_LEFT = timedelta(minutes=2)


@dataclass(frozen=True)
class Provider:
    """A public catalog.

    Attributes
    ----------
    name : str
        Short name, instead of the address.
    root : str
        Address of its STAC API.
    collections : tuple of str
        Of Sentinel-2 Level-2A, the one to prefer first.
    hosts : tuple of str
        Where its assets are.
    tile_property : str
        Of an item, with the name of its MGRS tile, to search by.
    tile_prefix : str
        Before that name.
    tokens : str
        Address that gives a token for its assets; empty where they are open.
    """

    name: str
    root: str
    collections: tuple[str, ...]
    hosts: tuple[str, ...]
    tile_property: str
    tile_prefix: str = ""
    tokens: str = ""


PROVIDERS = (
    Provider(
        name="earth-search",
        root="https://earth-search.aws.element84.com/v1",
        collections=COLLECTIONS,
        hosts=(
            "e84-earth-search-sentinel-data.s3.us-west-2.amazonaws.com",
            "sentinel-cogs.s3.us-west-2.amazonaws.com",
        ),
        tile_property="grid:code",
        tile_prefix="MGRS-",
    ),
    Provider(
        name="planetary-computer",
        root="https://planetarycomputer.microsoft.com/api/stac/v1",
        collections=("sentinel-2-l2a",),
        hosts=("sentinel2l2a01.blob.core.windows.net",),
        tile_property="s2:mgrs_tile",
        tokens="https://planetarycomputer.microsoft.com/api/sas/v1/token/sentinel-2-l2a",
    ),
)
"""Element 84's Earth Search (https://element84.com/earth-search) and Microsoft's Planetary Computer
(https://planetarycomputer.microsoft.com/docs/concepts/sas). Neither wants an account."""


def provider_of(source: str) -> Provider | None:
    """Return the provider of a name or an address, if it is one of those known."""
    for provider in PROVIDERS:
        if source.rstrip("/") == provider.name or source.startswith(provider.root):
            return provider
    return None


def signing(provider: Provider) -> Callable[[Transport, str], str] | None:
    """Return what adds the provider's token to the addresses of its assets; None where they are open.

    Returns
    -------
    callable or None
        Takes the transport, to ask for a token with, and an address. A token is kept until shortly before
        it ends.
    """
    if not provider.tokens:
        return None
    signed_hosts = {origin(f"https://{host}" if "://" not in host else host) for host in provider.hosts}
    lock, asking = threading.RLock(), False
    token, ends = "", datetime.fromtimestamp(0, UTC)

    def sign(transport: Transport, address: str) -> str:
        nonlocal token, ends, asking
        if origin(address) not in signed_hosts:
            return address
        with lock:
            if asking:  # the token's own host sends here: nothing is signed for that
                return address
            asking = True
            try:
                if datetime.now(UTC) > ends - _TOKEN_LEFT:
                    token, ends = _token(transport, provider.tokens)
            finally:
                asking = False
        return f"{address}{'&' if '?' in address else '?'}{token}"

    return sign


def _token(transport: Transport, address: str) -> tuple[str, datetime]:
    try:
        said = json.loads(transport.read(address, most=_TOKEN_BYTES).body)
        ends = datetime.fromisoformat(said["msft:expiry"])
        return str(said["token"]), ends if ends.tzinfo else ends.replace(tzinfo=UTC)
    except SceneError as error:
        raise SceneUnavailable(f"no token for it was given: {error}") from error
    except (ValueError, KeyError, TypeError) as error:
        raise SceneUnavailable(f"no token for it was given: {origin(address)} answers strangely") from error

"""Hosts: which may be asked. A catalog is outside data, and must not send leachwatch where it likes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from urllib3.exceptions import LocationParseError
from urllib3.util import parse_url

from leachwatch.errors import NetworkError, SceneError

__all__ = ["Hosts", "brief", "is_address", "origin"]

_PORTS = {"http": 80, "https": 443}


def is_address(href: str) -> bool:
    """Whether an href names something beyond this disk, or a way of GDAL's to get there.

    Examples
    --------
    >>> [is_address(href) for href in ("scenes/red.tif", "https://example.org/red.tif", "file:///etc/passwd")]
    [False, True, True]
    >>> is_address("/vsicurl/https://example.org/red.tif")
    True
    """
    return bool(re.match(r"[a-zA-Z][a-zA-Z0-9+.\-]+:", href)) or href.startswith("/vsi")


def origin(address: str) -> str:
    """Scheme, host and port of an http address.

    Raises
    ------
    SceneError
        If it is none, or carries a user name or password.

    Examples
    --------
    >>> origin("https://Example.org/v1/search?limit=10")
    'https://example.org:443'
    """
    try:
        parts = parse_url(address)
    except LocationParseError as error:
        raise SceneError(f"{_shown(address)} is no address") from error
    if parts.scheme not in _PORTS or not parts.host:
        raise SceneError(f"{_shown(address)} is no http address; only http and https are read")
    if parts.auth:
        raise SceneError(f"{parts.host} is named with a user name; such addresses are not read")
    return f"{parts.scheme}://{parts.host}:{parts.port or _PORTS[parts.scheme]}"


@dataclass(frozen=True)
class Hosts:
    """Hosts that may be asked; whatever a catalog links to on another is refused by name.

    Attributes
    ----------
    origins : frozenset of str
        Scheme, host and port of each, such as ``https://example.org:443``.
    """

    origins: frozenset[str] = frozenset()

    @classmethod
    def of(cls, addresses: Iterable[str]) -> Hosts:
        """Hosts that a person named: whole addresses, or bare names for https.

        Raises
        ------
        NetworkError
            If one is no host.
        """
        return cls(frozenset(_named(address) for address in addresses))

    def check(self, address: str) -> None:
        """Refuse an address on a host that nobody named.

        Raises
        ------
        SceneError
            Which says what would allow it.
        """
        asked = origin(address)
        if asked not in self.origins:
            name = brief(asked)
            raise SceneError(f"leads to {name}, no host of this catalog; allow it with --host {name}")


def _named(address: str) -> str:
    whole = address if "://" in address else f"https://{address}"
    try:
        return origin(whole)
    except SceneError as error:
        raise NetworkError(f"--host {error}; give a name such as data.example.org") from error


def brief(asked: str) -> str:
    """Write an origin as a person would: without https and the usual port."""
    scheme, _, rest = asked.partition("://")
    rest = rest.removesuffix(f":{_PORTS[scheme]}")
    return rest if scheme == "https" else f"{scheme}://{rest}"


def _shown(address: str) -> str:
    return repr(address if len(address) <= 80 else address[:77] + "...")  # noqa: PLR2004 - one line

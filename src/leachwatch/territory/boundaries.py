"""Boundaries of a whole country from geoBoundaries, kept with where they are from and their licence."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from hashlib import sha256
from pathlib import Path
from typing import Any

import yaml

from leachwatch.errors import NetworkError, OutputError, RecordError, SceneError, SceneUnavailable
from leachwatch.network import Hosts, Patience, Transport, origin
from leachwatch.writing import write_together

__all__ = ["Boundaries", "Service", "fetch_boundaries"]

_LEVELS = ("ADM0", "ADM1", "ADM2", "ADM3", "ADM4", "ADM5")
_MOST_WORDS = 1 << 20
_POINTER = b"version https://git-lfs"
"""How a file begins that stands for the one asked for in Git LFS."""
_MOST_NAMED = 200


@dataclass(frozen=True)
class Service:
    """Where and how geoBoundaries is asked.

    Attributes
    ----------
    api : str
        Address of its API.
    files : tuple of str
        Where its files may lie: GitHub, and the two hosts to which GitHub sends.
    known : frozenset of str
        Codes of countries, to name the nearest where there is no such one.
    offline : bool
        Whether no host may be asked.
    most_bytes : int
        That a file may have.
    patience : Patience
        When to give up.
    """

    api: str = "https://www.geoboundaries.org/api/current/gbOpen"
    files: tuple[str, ...] = (
        "https://github.com",
        "https://media.githubusercontent.com",
        "https://raw.githubusercontent.com",
    )
    known: frozenset[str] = frozenset()
    offline: bool = False
    most_bytes: int = 1 << 29
    patience: Patience = field(default_factory=lambda: Patience(tries=3))

    @property
    def hosts(self) -> Hosts:
        """All that may be asked."""
        return Hosts.of([self.api, *self.files])


@dataclass(frozen=True)
class Boundaries:
    """What was fetched.

    Attributes
    ----------
    file, about : Path
        The boundaries, and what is said of them.
    features : int
        How many.
    fields : tuple of str
        Of the features.
    licence : str
        As geoBoundaries names it.
    source : str
        A record for ``sources.yaml``, as text.
    """

    file: Path
    about: Path
    features: int
    fields: tuple[str, ...]
    licence: str
    source: str


def fetch_boundaries(
    country: str,
    level: str,
    file: Path,
    *,
    today: date,
    tell: Callable[[str], None] = lambda _line: None,
    service: Service | None = None,
) -> Boundaries:
    """Fetch the boundaries of a whole country.

    Parameters
    ----------
    country : str
        ISO 3166 alpha-3.
    level : str
        ``ADM0`` to ``ADM5``.
    file : Path
        Where to; ``FILE.source.json`` beside it says where from.
    today : date
        Kept as the day of retrieval.
    tell : callable
        Told in a line what is asked of which host, before it is.
    service : Service, optional
        Where to ask, and how; offline it is refused.

    Returns
    -------
    Boundaries

    Raises
    ------
    RecordError
        If there is no such country or level.
    NetworkError
        If a host cannot be asked, or what it gives is not what was asked for.
    OutputError
        If the files cannot be written; then neither is.
    """
    country, level, service = _country(country), _level(level), service or Service()
    if service.offline:
        raise NetworkError(
            f"{country} {level}: --offline asks no host; run the same once without it, or bring a file"
        )
    if not file.parent.is_dir():
        raise OutputError(f"{file.parent}: there is no such folder; make it or choose another")
    _check_scheme(service.api, service)
    asked = f"{service.api}/{country}/{level}/"
    what = f"{country} {level}"
    with Transport(service.hosts, patience=service.patience) as network:
        tell(f"asks {_host(service.api)} which file has all of {what}, and under which licence")
        try:
            answer = _ask(network, asked, _MOST_WORDS, what)
        except _None as error:
            raise NetworkError(f"geoBoundaries has no {what}; {_other(country, service.known)}") from error
        said = _described(answer, country, level)
        address = str(said["gjDownloadURL"])
        _check_scheme(address, service)
        tell(f"asks {_host(address)} for that file, the whole country; nobody learns which part you watch")
        content = _ask(network, address, service.most_bytes, what)
    features, fields = _shapes(content, address)
    about = file.with_name(f"{file.name}.source.json")
    kept = _about(said, asked, content, today)
    write_together({file: content, about: json.dumps(kept, indent=2, ensure_ascii=False) + "\n"})
    return Boundaries(file, about, features, fields, kept["licence"], _source(kept, today))


def _country(text: str) -> str:
    code = text.strip().upper()
    if not re.fullmatch(r"[A-Z]{3}", code):
        raise RecordError(f"{text[:40]!r} is no country code; write ISO 3166 alpha-3, such as MMR")
    return code


def _level(text: str) -> str:
    level = text.strip().upper()
    if level not in _LEVELS:
        raise RecordError(f"{text[:40]!r} is no level of boundaries; write ADM0 (country) to ADM5")
    return level


def _check_scheme(address: str, service: Service) -> None:
    """Refuse to ask in the clear; a test's own machine aside, for which `service` has to name it."""
    loopback = re.match(r"http://(127\.0\.0\.1|localhost|\[::1\])(:\d+)?(/|$)", address)
    named = {origin(one) for one in (service.api, *service.files)}
    try:
        allowed = address.startswith("https://") or (loopback and origin(address) in named)
    except SceneError as error:
        raise NetworkError(f"geoBoundaries names a file that cannot be asked for: {error}") from error
    if not allowed:
        raise NetworkError(f"geoBoundaries names {address[:80]!r}, no https address; it is not asked")


def _host(address: str) -> str:
    return address.split("/")[2]


class _None(NetworkError):  # noqa: N818 - it says what is so
    """The host has nothing there."""


def _ask(network: Transport, address: str, most: int, what: str) -> bytes:
    try:
        return network.read(address, most=most).body
    except SceneUnavailable as error:
        raise NetworkError(f"{what}: {error}; run the same command again later") from error
    except SceneError as error:
        text = str(error)
        if "answers 404" in text:
            raise _None(f"{what}: {text}; run the same command again later") from error
        if text.startswith("leads to"):
            host = text.removeprefix("leads to ").partition(",")[0]
            raise NetworkError(
                f"{what}: geoBoundaries leads to {host}, none of its hosts; it is not asked"
            ) from error
        raise NetworkError(f"{what}: {text}; run the same command again later") from error


def _other(country: str, known: Collection[str]) -> str:
    """Say what may have been meant."""
    if country in known or not known:
        return "try another level, such as ADM1"
    near = get_close_matches(country, sorted(known), n=3, cutoff=0.6)
    return (
        f"{country} is no country; did you mean {' or '.join(near)}?" if near else f"{country} is no country"
    )


def _json(content: bytes, what: str) -> Any:
    if content[: len(_POINTER)] == _POINTER:
        raise NetworkError(
            f"{what} gives a pointer to Git LFS, not the file; run the same command again later"
        )
    if content.lstrip()[:1] == b"<":
        raise NetworkError(f"{what} gives a web page, not JSON; is there a login page on this network?")
    try:
        return json.loads(content)
    except (ValueError, RecursionError) as error:
        raise NetworkError(f"{what} gives JSON that breaks off; run the same command again later") from error


def _described(content: bytes, country: str, level: str) -> Mapping[str, Any]:
    said = _json(content, "geoBoundaries")
    wanted = {"boundaryISO": country, "boundaryType": level}
    if not isinstance(said, dict) or not isinstance(said.get("gjDownloadURL"), str):
        raise NetworkError("geoBoundaries does not name a file; its API may have changed, fetch it by hand")
    for name, value in wanted.items():
        if said.get(name) != value:
            given = str(said.get(name))[:40]
            raise NetworkError(f"geoBoundaries answers for {name} {given!r}, not {value}; nothing was kept")
    return said


def _shapes(content: bytes, address: str) -> tuple[int, tuple[str, ...]]:
    """Count features and name their fields, if this is what boundaries look like."""
    what = _host(address)
    whole = _json(content, what)
    features = whole.get("features") if isinstance(whole, dict) else None
    if not isinstance(features, list) or not features or whole.get("type") != "FeatureCollection":
        raise NetworkError(f"{what} gives JSON without features; nothing was kept")
    kinds = {(one.get("geometry") or {}).get("type") for one in features if isinstance(one, dict)}
    if not kinds <= {"Polygon", "MultiPolygon"}:
        raise NetworkError(f"{what} gives features that are no polygons; nothing was kept")
    return len(features), tuple(
        sorted({str(name) for one in features for name in one.get("properties") or ()})
    )


def _about(said: Mapping[str, Any], asked: str, content: bytes, today: date) -> dict[str, Any]:
    def text(name: str) -> str:
        return str(said.get(name) or "").strip()[:_MOST_NAMED]

    return {
        "title": f"geoBoundaries gbOpen {text('boundaryISO')} {text('boundaryType')}",
        "boundaryID": text("boundaryID"),
        "year": text("boundaryYearRepresented"),
        "made_by": text("boundarySource"),
        "licence": text("boundaryLicense") or "not stated",
        "licence_source": text("licenseSource"),
        "asked": asked,
        "file": str(said["gjDownloadURL"]),
        "retrieved": today.isoformat(),
        "bytes": len(content),
        "sha256": sha256(content).hexdigest(),
    }


def _source(kept: Mapping[str, Any], today: date) -> str:
    """Write a record for sources.yaml; an id is for the team's own tool to give."""
    record = {
        "kind": "dataset",
        "public_descriptor": kept["title"],
        "title": f"{kept['title']}, {kept['year']}, licence: {kept['licence']}"[:300],
        "publisher": f"geoBoundaries, William & Mary geoLab; from {kept['made_by']}"[:_MOST_NAMED],
        "url": kept["asked"],
        "recorded": today,
        "tlp": "CLEAR",
    }
    return yaml.safe_dump([record], allow_unicode=True, sort_keys=False, width=1_000)

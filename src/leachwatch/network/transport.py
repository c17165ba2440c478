"""Transport: the only place from which leachwatch speaks to a network."""

from __future__ import annotations

import re
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self
from urllib.parse import urljoin

import urllib3
from urllib3.exceptions import (
    HTTPError,
    IncompleteRead,
    MaxRetryError,
    NameResolutionError,
    NewConnectionError,
    ProtocolError,
    SSLError,
    TimeoutError,  # noqa: A004 - urllib3's own
)
from urllib3.util import Retry

from leachwatch.errors import NetworkError, SceneError, SceneUnavailable
from leachwatch.network.hosts import Hosts, brief, origin

__all__ = ["Answer", "NoParts", "Patience", "Span", "Traffic", "Transport"]

Span = tuple[int, int]
"""First byte of a part of a file, and the one after its last."""

_CHUNK = 1 << 20
_PARTIAL, _WHOLE = 206, 200
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_REFUSED = frozenset({401, 403})
_GONE = frozenset({400, 404, 405, 410, 416})
"""Asking again would get the same answer."""


@dataclass(frozen=True)
class Patience:
    """How long a host is waited for, and how often it is asked again.

    Attributes
    ----------
    tries : int
        Requests for the same thing, the first included.
    first_tries : int
        Connections to a host that has not answered yet.
    backoff : float
        Wait before the second try, seconds; doubled each time, with as much again by chance.
    longest : float
        Longest wait, seconds, whatever a ``Retry-After`` says.
    timeout : float
        Longest silence on a connection, seconds.
    whole : float
        Longest time for one answer, seconds.
    failures : int
        Things in a row that a host failed to give, after all tries, before it is taken for down.
    redirects : int
        Times that a request may be sent elsewhere.
    """

    tries: int = 6
    first_tries: int = 2
    backoff: float = 0.5
    longest: float = 60.0
    timeout: float = 30.0
    whole: float = 300.0
    failures: int = 8
    redirects: int = 5

    def retry(self) -> Retry:
        """Count tries as urllib3 does."""
        return Retry(
            total=self.tries - 1,
            backoff_factor=self.backoff,
            backoff_max=self.longest,
            backoff_jitter=self.backoff,
            retry_after_max=int(self.longest),
            allowed_methods=None,
        )


@dataclass(frozen=True)
class Answer:
    """What a host gave.

    Attributes
    ----------
    body : bytes
        All that was asked for, never less.
    total : int or None
        Length of the whole file, where the host says it.
    validator : str
        Its ETag, or the time of its last change: another one means another file.
    """

    body: bytes
    total: int | None
    validator: str


@dataclass
class Traffic:
    """Requests, bytes, and requests that had to be made again, by host, as far as they were counted."""

    requests: Counter[str] = field(default_factory=Counter)
    received: Counter[str] = field(default_factory=Counter)
    again: Counter[str] = field(default_factory=Counter)

    @property
    def total(self) -> int:
        """Bytes from all hosts."""
        return sum(self.received.values())


class Transport:
    """Asks the hosts that may be asked, with patience, and counts what it gets.

    Parameters
    ----------
    hosts : Hosts
        Which may be asked.
    offline : bool
        Whether none may be.
    most_bytes : int, optional
        How much may be fetched in all.
    connections : int
        Kept open to each host.
    patience : Patience
        When to give up.
    sign : callable, optional
        Adds what a provider wants to an address before it is asked for.
    """

    def __init__(
        self,
        hosts: Hosts,
        *,
        offline: bool = False,
        most_bytes: int | None = None,
        connections: int = 32,
        patience: Patience | None = None,
        sign: Callable[[Transport, str], str] | None = None,
    ) -> None:
        self.hosts = hosts
        self.offline = offline
        self.traffic = Traffic()
        self._most_bytes = most_bytes
        self._patience = patience or Patience()
        self._sign = sign
        self._failed: Counter[str] = Counter()
        self._reached: set[str] = set()
        self._lock = threading.Lock()
        self._closed = threading.Event()
        self._pool = urllib3.PoolManager(
            num_pools=16,
            maxsize=connections,
            retries=False,
            timeout=urllib3.Timeout(connect=self._patience.timeout, read=self._patience.timeout),
            headers={"User-Agent": "leachwatch", "Accept-Encoding": "identity"},
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close all connections; who still waits for a host stops waiting."""
        self._closed.set()
        self._pool.clear()

    def read(
        self, address: str, *, span: Span | None = None, most: int, headers: Mapping[str, str] | None = None,
        post: bytes | None = None,
    ) -> Answer:  # fmt: skip
        """Get what an address gives.

        Parameters
        ----------
        address : str
            On a host that may be asked.
        span : Span, optional
            Which bytes; all if not given. A file that ends before `span` does gives what it has.
        most : int
            Bytes that the answer may have.
        headers : mapping, optional
            Of the request.
        post : bytes, optional
            What to send; the request is then a POST.

        Returns
        -------
        Answer

        Raises
        ------
        SceneError
            If the address may not be asked, or the host says that it will never give this.
        SceneUnavailable
            If it does not give it after all tries.
        NetworkError
            If there is no network to use: offline, the host is down, or enough was fetched.
        """
        self.hosts.check(address)
        host = origin(address)
        if self.offline:
            raise SceneUnavailable("is not kept on this disk; run the same once without --offline")
        asked = dict(headers or {})
        if span is not None:
            asked["Range"] = f"bytes={span[0]}-{span[1] - 1}"
        tries = self._patience.retry()
        while True:
            if self._closed.is_set():
                raise NetworkError("the network was closed")
            try:
                answer = self._once(address, asked, span, most, post)
            except (HTTPError, OSError, _Again) as error:
                tries = self._next(tries, host, error)
            else:
                with self._lock:
                    self._failed[host] = 0
                    self._reached.add(host)
                return answer

    def _next(self, tries: Retry, host: str, error: Exception) -> Retry:
        """Wait before the next try, or give up."""
        response = error.response if isinstance(error, _Again) else None
        if host not in self._reached and isinstance(error, NewConnectionError):
            # nobody has ever answered there: a wrong address or no network, which waiting does not mend
            left = self._patience.first_tries - 1 - len(tries.history)
            tries = tries.new(total=min(int(tries.total or 0), left))
        try:
            tries = tries.increment("GET", host, response=response, error=None if response else error)
        except (MaxRetryError, HTTPError, OSError, _Again) as last:
            with self._lock:
                self._failed[host] += 1
                down = self._failed[host] >= self._patience.failures
            if down:
                why = _why(error)
                raise NetworkError(
                    f"{host} does not answer ({why}); run the same command again later"
                ) from last
            raise SceneUnavailable(f"{brief(host)} does not answer as it should: {_why(error)}") from last
        with self._lock:
            self.traffic.again[host] += 1
        wait = max(tries.get_backoff_time(), _asked_wait(tries, response))
        if self._closed.wait(wait):
            raise NetworkError("the network was closed")
        return tries

    def _once(
        self, address: str, headers: Mapping[str, str], span: Span | None, most: int, post: bytes | None
    ) -> Answer:
        for _ in range(self._patience.redirects + 1):
            signed = self._sign(self, address) if self._sign else address
            # closing drops a connection whose answer was not read to its end; a read one stays in the pool
            with closing(self._request(signed, headers, post)) as response:
                if response.status not in _REDIRECTS:
                    return self._answer(response, origin(address), span, most)
                address = _redirected(signed, response)
                self.hosts.check(address)
        raise SceneError(f"{origin(address)} sends from one address to the next without end")

    def _request(
        self, address: str, headers: Mapping[str, str], post: bytes | None
    ) -> urllib3.BaseHTTPResponse:
        with self._lock:
            self.traffic.requests[origin(address)] += 1
        return self._pool.request(
            "GET" if post is None else "POST",
            address,
            headers={**self._pool.headers, **headers},
            body=post,
            redirect=False,
            preload_content=False,
        )

    def _answer(self, response: urllib3.BaseHTTPResponse, host: str, span: Span | None, most: int) -> Answer:
        if response.status in _REFUSED:  # a token may have ended, or a store be tired of us
            raise SceneUnavailable(f"{brief(host)} answers {response.status}, not now")
        if response.status in _GONE:
            with self._lock:
                self._failed[host] = 0
            raise SceneError(f"{brief(host)} answers {response.status} {response.reason or ''}".rstrip())
        if response.status not in (_PARTIAL, _WHOLE):
            raise _Again(response)
        if response.headers.get("Content-Encoding", "identity") != "identity":
            raise SceneError(f"{brief(host)} packs what it sends, unasked; it is not unpacked")
        total = _total(response)
        if span is not None:
            most = min(most, span[1] - span[0])
            if response.status == _WHOLE:
                raise NoParts(f"lies on {brief(host)}, which gives whole files only; use --whole-scenes")
            _check_range(response, span)
        body = self._body(response, host, most)
        expected = span and min(span[1], span[1] if total is None else total) - span[0]
        if expected is not None and len(body) < expected:
            raise _Again(response, f"{len(body)} of {expected} bytes came")
        validator = response.headers.get("ETag") or response.headers.get("Last-Modified") or ""
        return Answer(body, total, validator)

    def _body(self, response: urllib3.BaseHTTPResponse, host: str, most: int) -> bytes:
        """Read an answer of bounded length, and count it while it comes."""
        parts: list[bytes] = []
        length = 0
        ends = time.monotonic() + self._patience.whole
        while part := response.read1(_CHUNK, decode_content=False):
            if time.monotonic() > ends or self._closed.is_set():
                raise _Again(response, "it takes too long")
            length += len(part)
            self._count(host, len(part))
            if length > most:
                raise SceneError(f"{brief(host)} sends more than {most} bytes")
            parts.append(part)
        return b"".join(parts)

    def _count(self, host: str, received: int) -> None:
        with self._lock:
            self.traffic.received[host] += received
            total = self.traffic.total
        if self._most_bytes is not None and total > self._most_bytes:
            raise NetworkError(
                f"the {self._most_bytes:,} bytes that one run may fetch (--max-bytes) are used up; what came "
                "is kept, run the same command again for the rest"
            )


class NoParts(SceneError):  # noqa: N818 - it says what is so
    """A host gives whole files only."""


class _Again(Exception):  # noqa: N818 - not an error to anybody outside
    """An answer that may be better next time."""

    def __init__(self, response: urllib3.BaseHTTPResponse, reason: str = "") -> None:
        super().__init__(reason or f"{response.status} {response.reason or ''}".rstrip())
        self.response = response


def _redirected(address: str, response: urllib3.BaseHTTPResponse) -> str:
    target = response.get_redirect_location()
    if not target:
        raise SceneError(f"{origin(address)} sends elsewhere, but does not say where")
    try:
        return urljoin(address, target)
    except ValueError as error:
        raise SceneError(f"{brief(origin(address))} sends to what is no address") from error


def _total(response: urllib3.BaseHTTPResponse) -> int | None:
    """Length of the whole file."""
    if response.status == _WHOLE:
        length = response.headers.get("Content-Length", "")
        return int(length) if length.isdigit() else None
    match = re.search(r"/(\d{1,18})$", response.headers.get("Content-Range", ""))
    return int(match[1]) if match else None


def _check_range(response: urllib3.BaseHTTPResponse, span: Span) -> None:
    match = re.match(r"bytes (\d{1,18})-(\d{1,18})/", response.headers.get("Content-Range", ""))
    if match is None or int(match[1]) != span[0] or int(match[2]) >= span[1]:
        said = response.headers.get("Content-Range", "no range")
        raise _Again(response, f"bytes {span[0]}-{span[1] - 1} were asked for, {said[:60]} came")


def _asked_wait(tries: Retry, response: urllib3.BaseHTTPResponse | None) -> float:
    """Seconds that a host asks to wait; 0 where it does not, or not so that anybody could understand it."""
    try:
        return (response and tries.get_retry_after(response)) or 0.0
    except (HTTPError, ValueError, OverflowError):
        return 0.0


_REASONS: tuple[tuple[type[Exception], str], ...] = (
    (IncompleteRead, "its answer ends too early"),
    (NameResolutionError, "its name is not known; is there a network?"),
    (NewConnectionError, "it takes no connection"),
    (TimeoutError, "it is silent"),
    (SSLError, "its certificate does not hold"),
    (ProtocolError, "it breaks off"),
)


def _why(error: Exception) -> str:
    for kind, reason in _REASONS:
        if isinstance(error, kind):
            return reason
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:120]

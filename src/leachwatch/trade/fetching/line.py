"""The line to one host: patience, bounds, and the key in a header of each request only."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from types import TracebackType
from typing import Self, TypeVar

import httpx

from leachwatch.errors import NetworkError
from leachwatch.trade.fetching.answers import Complaint, Garbled, complaint_of
from leachwatch.trade.fetching.key import Key
from leachwatch.trade.fetching.settings import FetchSettings

__all__ = ["Line", "Refused"]

_T = TypeVar("_T")

_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
_OK, _UNAUTHORISED = 200, 401
_LATER = frozenset({403, 408, 429, 500, 502, 503, 504})
"""Asking again may get another answer; 403 is also said to those who ask too often."""
_MOST_COMPLAINT = 1 << 16
_KEPT = "what came is kept, run the same command again"


class Refused(NetworkError):  # noqa: N818 - it says what is so
    """The host says that it will never answer this."""


class _Again(Exception):  # noqa: N818 - not an error to anybody outside
    """An answer that may be better next time, and how many seconds the host asks to wait."""

    def __init__(self, reason: str, wait: float | None = None) -> None:
        super().__init__(reason)
        self.wait = wait


@dataclass
class Traffic:
    """Requests made, and bytes received."""

    requests: int = 0
    received: int = 0


class Line:
    """Asks one host.

    Parameters
    ----------
    key : Key or None
        Sent with each request.
    settings : FetchSettings
        Address, bounds and patience.
    clock : callable
        The time, with its zone.
    sleep : callable
        Waits for some seconds.

    Raises
    ------
    NetworkError
        If the address is neither https nor on this machine.
    """

    def __init__(
        self,
        key: Key | None,
        settings: FetchSettings,
        clock: Callable[[], datetime],
        sleep: Callable[[float], None],
    ) -> None:
        self.base = _checked(settings.base_url)
        self.traffic = Traffic()
        self._key, self._settings, self._clock, self._sleep = key, settings, clock, sleep
        self._client = httpx.Client(
            follow_redirects=False,
            timeout=settings.timeout,
            trust_env=self.base.scheme == "https",  # no proxy leads to this machine
            headers={
                "User-Agent": "leachwatch",
                "Accept": "application/json",
                "Accept-Encoding": "identity",
            },
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close all connections."""
        self._client.close()

    def ask(self, address: httpx.URL, read: Callable[[bytes], _T], spend: Callable[[], None]) -> _T:
        """Get what an address gives, as soon as it gives what can be read.

        Parameters
        ----------
        address : httpx.URL
            On the host.
        read : callable
            Makes of an answer what is wanted; raises `Garbled` or `Complaint` where it cannot.
        spend : callable
            Run before each request.

        Raises
        ------
        Refused
            If the host says that it will never give this.
        NetworkError
            If it gives nothing good after all tries, or asks to wait for too long.
        """
        failures: list[str] = []
        while True:
            spend()
            if self.traffic.requests:
                self._sleep(self._settings.pause)
            self.traffic.requests += 1
            try:
                return read(self._once(address))
            except Complaint as error:
                raise self._refused(str(error)) from error
            except (httpx.TransportError, Garbled, _Again) as error:
                failures.append(_why(error))
                self._wait(error, failures)

    def _wait(self, error: Exception, failures: list[str]) -> None:
        """Wait before the next try, or give up."""
        patience = self._settings
        wait = error.wait if isinstance(error, _Again) else None
        if wait is not None and wait > patience.longest:
            again = self._clock() + timedelta(seconds=wait)
            raise NetworkError(
                f"{self.base.host} asks to wait until {again:%Y-%m-%d %H:%M} {again.tzname()} "
                f"({failures[-1]}); {_KEPT} then"
            ) from error
        most = patience.first_tries if isinstance(error, httpx.ConnectError) else patience.tries
        if len(failures) >= most:
            raise NetworkError(
                f"{self.base.host} does not answer as it should ({failures[-1]}); {_KEPT} later"
            ) from error
        doubled = patience.backoff * 2.0 ** (len(failures) - 1)
        self._sleep(min(doubled if wait is None else wait, patience.longest))

    def _once(self, address: httpx.URL) -> bytes:
        for _ in range(self._settings.redirects + 1):
            headers = self._key.header() if self._key else {}
            with self._client.stream("GET", address, headers=headers) as response:
                if response.next_request is None:
                    return self._answer(response)
                address = response.next_request.url
                self._check_redirect(address)
        raise self._refused("it sends from one address to the next without end")

    def _check_redirect(self, address: httpx.URL) -> None:
        if _origin(address) != _origin(self.base):
            raise self._refused(f"it sends to another host, {address.host}, which is not asked")
        if self._key and self._key.is_in(str(address).encode()):
            raise self._refused("it sends to an address with the key in it, which is not asked")

    def _answer(self, response: httpx.Response) -> bytes:
        if response.status_code != _OK:
            raise self._failure(response)
        kind = response.headers.get("Content-Type", "nothing said")
        if "json" not in kind.lower():
            raise _Again(f"it sends {kind[:40]!r}, not JSON")
        if response.headers.get("Content-Encoding", "identity").lower() != "identity":
            raise self._refused("it packs what it sends, unasked; it is not unpacked")
        body = self._body(response)
        if self._key and self._key.is_in(body):
            raise self._refused("its answer repeats the key; it is not kept")
        return body

    def _failure(self, response: httpx.Response) -> Exception:
        """Tell what an answer with an error status means."""
        status = response.status_code
        said = complaint_of(self._start(response))
        said = self._key.hidden_in(said) if self._key else said
        text = f"{status} {said}".rstrip()
        if status in _LATER:
            return _Again(text, self._asked_wait(response.headers.get("Retry-After")))
        if status == _UNAUTHORISED:
            who = "does not accept the key" if self._key else "answers nobody without a key"
            return Refused(f"{self.base.host} {who} ({text}); get one at comtradedeveloper.un.org")
        return self._refused(text)

    def _body(self, response: httpx.Response) -> bytes:
        """Read an answer of bounded length, and count it while it comes."""
        parts: list[bytes] = []
        length, ends = 0, self._clock() + timedelta(seconds=self._settings.whole)
        for part in response.iter_raw():
            length += len(part)
            self.traffic.received += len(part)
            if length > self._settings.most_bytes:
                raise self._refused(f"it sends more than {self._settings.most_bytes} bytes")
            if self._clock() > ends:
                raise _Again("it takes too long")
            parts.append(part)
        return b"".join(parts)

    def _start(self, response: httpx.Response) -> bytes:
        """Read the first bytes of what is not kept."""
        start = b""
        for part in response.iter_raw():
            start += part
            if len(start) >= _MOST_COMPLAINT:
                break
        self.traffic.received += len(start)
        return start[:_MOST_COMPLAINT]

    def _refused(self, why: str) -> Refused:
        said = self._key.hidden_in(why) if self._key else why
        return Refused(f"{self.base.host} refuses: {said}")

    def _asked_wait(self, said: str | None) -> float | None:
        """Seconds that a ``Retry-After`` asks for; None where it says nothing that can be understood."""
        text = (said or "").strip()
        if text.isascii() and text.isdecimal():
            return float(text[:9])
        try:
            until = parsedate_to_datetime(text)
        except ValueError:
            return None
        until = until if until.tzinfo else until.replace(tzinfo=UTC)
        return max((until - self._clock()).total_seconds(), 0.0)


def _checked(address: str) -> httpx.URL:
    try:
        url = httpx.URL(address)
    except httpx.InvalidURL as error:
        raise NetworkError(f"{address[:80]!r} is no address of UN Comtrade; leave it out") from error
    safe = url.scheme == "https" or (url.scheme == "http" and url.host in _LOOPBACK)
    if not url.host or not safe or url.userinfo or url.query:
        raise NetworkError(
            f"{url.host or address[:80]!r}: the key is sent over https only, to a bare address; "
            "give one such as https://comtradeapi.un.org"
        )
    return url


def _origin(url: httpx.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port


_REASONS: tuple[tuple[type[Exception], str], ...] = (
    (httpx.ConnectTimeout, "it takes no connection"),
    (httpx.TimeoutException, "it is silent"),
    (httpx.ConnectError, "it takes no connection; is there a network?"),
    (httpx.ProxyError, "the proxy does not lead there"),
    (httpx.TransportError, "it breaks off"),
)


def _why(error: Exception) -> str:
    if "CERTIFICATE_VERIFY_FAILED" in str(error):
        return "its certificate does not hold"
    return next((reason for kind, reason in _REASONS if isinstance(error, kind)), str(error))

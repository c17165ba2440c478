"""A shelf at a URL: S3 or anything else that fsspec reaches, with patience."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from uuid import uuid4

from leachwatch.errors import OutputError

__all__ = ["UrlShelf", "is_url"]

_Out = TypeVar("_Out")
_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://[^\s]+")
_PUTS_WHOLE = frozenset({"s3", "s3a", "gs", "gcs", "az", "abfs", "abfss", "oci", "memory"})
"""Where a put is seen whole or not at all; elsewhere a file gets another name first, then its own."""
_NOBODY = frozenset({"NoCredentialsError", "PartialCredentialsError", "CredentialRetrievalError"})
"""What botocore calls it where nobody says who asks; asking again does not help."""
_EXTRAS = {"s3": "leachwatch[s3]", "s3a": "leachwatch[s3]", "gs": "gcsfs", "gcs": "gcsfs", "az": "adlfs"}


def is_url(text: str) -> bool:
    """Whether a place is a URL, not a path.

    Examples
    --------
    >>> is_url("s3://bucket/kachin"), is_url("out/kachin"), is_url("C:/kachin")
    (True, False, False)
    """
    return _URL.fullmatch(text) is not None


@dataclass(frozen=True)
class UrlShelf:
    """Files below a URL.

    Who may read and write there is for the environment to say (``AWS_ACCESS_KEY_ID``, a profile, a role;
    ``AWS_ENDPOINT_URL`` for a store that is not Amazon's): a URL holds no secret.

    Attributes
    ----------
    address : str
        Without a slash at its end.
    tries : int
        How often the store is asked for the same thing.
    backoff : float
        Wait before the second try, seconds; doubled each time.
    """

    address: str
    tries: int = 6
    backoff: float = 0.2

    @property
    def shared(self) -> bool:
        """Yes: a URL is the same place for all."""
        return True

    def below(self, name: str) -> UrlShelf:
        """Return the shelf of a folder in this one."""
        return UrlShelf(f"{self.address}/{name}", self.tries, self.backoff)

    def read(self, name: str) -> bytes | None:
        """Give a file's content; None where there is no such file."""

        def content(store: Any, path: str) -> bytes | None:
            try:
                return bytes(store.cat_file(path))
            except FileNotFoundError:
                return None

        return self._tried("read", name, content)

    def write(self, name: str, content: bytes) -> None:
        """Keep a file, whole or not at all."""

        def put(store: Any, path: str) -> None:
            if _protocol(store) in _PUTS_WHOLE:
                store.pipe_file(path, content)
                return
            part = f"{path}.{uuid4().hex}.part"
            store.makedirs(path.rpartition("/")[0], exist_ok=True)
            store.pipe_file(part, content)
            store.mv(part, path)

        self._tried("written", name, put)

    def create(self, name: str, content: bytes) -> bool:
        """Keep a file only if there is none of its name (``If-None-Match`` on S3); say whether it was kept.

        A store that cannot refuse keeps the last one.
        """

        def put(store: Any, path: str) -> bool:
            if _protocol(store) not in _PUTS_WHOLE:  # on S3 it would make the bucket
                store.makedirs(path.rpartition("/")[0], exist_ok=True)
            try:
                store.pipe_file(path, content, mode="create")
            except FileExistsError:
                # an answer that was lost may have been a yes
                return bool(store.cat_file(path) == content)
            return True

        return self._tried("written", name, put)

    def names(self) -> frozenset[str]:
        """Name all files that are there, in folders too."""

        def listed(store: Any, path: str) -> frozenset[str]:
            store.invalidate_cache()
            try:
                found = store.find(path)
            except FileNotFoundError:
                found = []
            return frozenset(one.partition(f"{path.rstrip('/')}/")[2] for one in found) - {""}

        return self._tried("listed", "", listed)

    def remove(self, name: str) -> None:
        """Take a file away, if it is there."""

        def gone(store: Any, path: str) -> None:
            try:
                store.rm_file(path)
            except FileNotFoundError:
                return

        self._tried("taken away", name, gone)

    def changed(self, name: str) -> datetime | None:
        """When a file was written, by the store's clock; None where there is none."""

        def when(store: Any, path: str) -> datetime | None:
            store.invalidate_cache()
            try:
                said: datetime = store.modified(path)
            except FileNotFoundError:
                return None
            return said

        return self._tried("read", name, when)

    def _tried(self, done: str, name: str, work: Callable[[Any, str], _Out]) -> _Out:
        """Ask the store, again where it stumbles."""
        where = f"{self.address}/{name}" if name else self.address
        store, path = _opened(where)
        wait = self.backoff
        for left in reversed(range(self.tries)):
            try:
                return work(store, path)
            except PermissionError as error:
                raise OutputError(
                    f"{where}: may not be {done} ({_line(error)}); look at the credentials in the environment"
                ) from error
            except FileNotFoundError as error:
                raise OutputError(f"{where}: cannot be {done} ({_line(error)}); make the bucket") from error
            except Exception as error:  # each store has errors of its own, and most of them pass
                if type(error).__name__ in _NOBODY:
                    raise OutputError(
                        f"{where}: may not be {done} ({_line(error)}); set them in the environment"
                    ) from error
                if not left:
                    raise OutputError(
                        f"{where}: cannot be {done} ({_line(error)}); run the same command again later"
                    ) from error
            time.sleep(wait)
            wait *= 2
        raise OutputError(f"{where}: was not asked for; allow one try at least")


def _opened(address: str) -> tuple[Any, str]:
    from fsspec.core import url_to_fs  # noqa: PLC0415 - only who writes to a URL waits for it

    protocol, _, rest = address.partition("://")
    if "::" in address or "@" in rest.partition("/")[0]:
        raise OutputError(
            f"{protocol}://…: is no plain URL of a bucket and a prefix; credentials come from the environment"
        )
    try:
        store, path = url_to_fs(address)
    except ImportError as error:
        extra = _EXTRAS.get(protocol, "what fsspec needs for it")
        raise OutputError(f"{address}: needs a package; pip install '{extra}'") from error
    except (ValueError, OSError) as error:
        raise OutputError(f"{address}: cannot be used ({_line(error)}); choose another --out") from error
    return store, str(path)


def _protocol(store: Any) -> str:
    said = store.protocol
    return said if isinstance(said, str) else str(said[0])


def _line(error: BaseException) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:200]

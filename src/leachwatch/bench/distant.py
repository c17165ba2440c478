"""Distant: a folder served over HTTP on this machine as if it were far away, in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from leachwatch.network import Hosts, Span, Transport

__all__ = ["Asked", "Distance", "fetch", "serving"]

Asked = tuple[str, Span | None]
"""Path of a request, and the bytes that it asked for; None for all."""

_LARGEST = 1 << 28


class Distance:
    """A server that takes its time.

    Attributes
    ----------
    address : str
        Of the folder.
    """

    def __init__(self, process: subprocess.Popen[str], address: str) -> None:
        self._process, self.address = process, address

    def asked(self) -> list[Asked]:
        """Tell what was asked since this was last called, in its order."""
        if self._process.stdin is None or self._process.stdout is None:  # pragma: no cover - both are pipes
            return []
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        said = json.loads(self._process.stdout.readline())
        return [(path, None if span is None else (span[0], span[1])) for path, span in said]


@contextmanager
def serving(folder: Path, delay_s: float) -> Iterator[Distance]:
    """Serve a folder, each answer so much later, to as many as ask."""
    program = "import sys; from leachwatch.bench.distant import serve; serve(sys.argv[1], float(sys.argv[2]))"
    command = [sys.executable, "-c", program, str(folder), str(delay_s)]
    process = subprocess.Popen(  # noqa: S603 - this program itself
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        port = int(process.stdout.readline()) if process.stdout else 0
        yield Distance(process, f"http://127.0.0.1:{port}")
    finally:
        process.kill()
        process.communicate()


def fetch(address: str, asked: Sequence[Asked], connections: int) -> None:
    """Fetch exactly those bytes again, over as many connections, and do nothing with them."""
    transport = Transport(Hosts.of([address]), connections=connections)

    def one(wanted: Asked) -> None:
        path, span = wanted
        transport.read(f"{address}{path}", span=span, most=_LARGEST)

    try:
        with ThreadPoolExecutor(connections) as pool:
            list(pool.map(one, asked))
    finally:
        transport.close()


def serve(folder: str, delay_s: float) -> None:
    """Serve until the process ends; a line on its input is answered with what was asked since the last."""
    asked: list[tuple[str, list[int] | None]] = []
    handler = partial(_Handler, Path(folder).resolve(), delay_s, asked)
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(server.server_port, flush=True)  # noqa: T201 - what the other process waits for
    for _ in sys.stdin:
        many = len(asked)
        print(json.dumps(asked[:many]), flush=True)  # noqa: T201 - the same
        del asked[:many]


class _Handler(BaseHTTPRequestHandler):
    """Answers GET with a file or a range of it."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def __init__(self, root: Path, delay_s: float, asked: list[Any], *told: Any) -> None:
        self._root, self._delay_s, self._asked = root, delay_s, asked
        super().__init__(*told)

    def do_GET(self) -> None:
        """Answer one request."""
        time.sleep(self._delay_s)
        path = (self._root / unquote(self.path).lstrip("/")).resolve()
        if not path.is_file() or not path.is_relative_to(self._root):
            self.send_error(404)
            return
        size, span = path.stat().st_size, _span(self.headers.get("Range"))
        self._asked.append((self.path, span))
        first, last = (0, size) if span is None else (span[0], min(span[1], size))
        with path.open("rb") as file:
            file.seek(first)
            body = file.read(max(last - first, 0))
        self.send_response(200 if span is None else 206)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("ETag", f'"{size}"')
        if span is not None:
            self.send_header("Content-Range", f"bytes {first}-{first + len(body) - 1}/{size}")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


def _span(header: str | None) -> list[int] | None:
    """First byte and the one after the last of a range; None where there is none.

    Examples
    --------
    >>> _span("bytes=0-9"), _span(None)
    ([0, 10], None)
    """
    if header is None or not header.startswith("bytes="):
        return None
    first, last = header.removeprefix("bytes=").split("-")
    return [int(first), int(last) + 1]

"""Servers on this machine: files with byte ranges, which can be told to misbehave, and a real STAC API."""

from __future__ import annotations

import json
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pystac

from leachwatch.simulate.answering import answering

RUSTAC = Path(sys.executable).parent / "rustac"

Answer = tuple[int, dict[str, str], bytes]
Fault = Callable[[str, "tuple[int, int] | None", bytes], "Answer | None"]
"""From path, range and whole content to an answer; None drops the connection."""


@dataclass
class FileServer:
    """Serves a folder; `faults` misbehave by path, once for each that is listed."""

    root: Path
    address: str = ""
    faults: dict[str, list[Fault]] = field(default_factory=dict)
    always: Fault | None = None
    asked: Counter[str] = field(default_factory=Counter)
    sent: int = 0
    headers: list[dict[str, str]] = field(default_factory=list)
    posted: list[bytes] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def answer(self, path: str, span: tuple[int, int] | None) -> Answer | None:
        with self.lock:
            self.asked[path] += 1
            waiting = self.faults.get(path) or self.faults.get("*") or []
            fault = waiting.pop(0) if waiting else self.always
        target = (self.root / path.lstrip("/")).resolve()
        if not target.is_file() or not target.is_relative_to(self.root.resolve()):
            content = b""
            if fault is None:
                return 404, {}, b""
        else:
            content = target.read_bytes()
        return fault(path, span, content) if fault else plain(path, span, content)


def plain(_path: str, span: tuple[int, int] | None, content: bytes) -> Answer:
    """Answer as a good server does."""
    tag = {"ETag": f'"{hash(content) & 0xFFFFFFFF:x}"'}
    if span is None:
        return 200, tag, content
    first, last = span
    if first >= len(content):
        return 416, {"Content-Range": f"bytes */{len(content)}"}, b""
    part = content[first:last]
    said = f"bytes {first}-{first + len(part) - 1}/{len(content)}"
    return 206, {**tag, "Content-Range": said}, part


def status(code: int, **headers: str) -> Fault:
    """Answer with an error."""
    return lambda *_: (code, {name.replace("_", "-"): value for name, value in headers.items()}, b"")


def dropped(*_: object) -> None:
    """Close the connection without a word."""


def cut(path: str, span: tuple[int, int] | None, content: bytes) -> Answer:
    """Send half of what was announced."""
    code, headers, body = plain(path, span, content)
    return code, {**headers, "Content-Length": str(len(body))}, body[: len(body) // 2]


def short(path: str, span: tuple[int, int] | None, content: bytes) -> Answer:
    """Send a part of the range, and say so, as if it were all."""
    code, headers, body = plain(path, span, content)
    first = span[0] if span else 0
    half = body[: max(len(body) // 2, 1)]
    return code, {**headers, "Content-Range": f"bytes {first}-{first + len(half) - 1}/{len(content)}"}, half


def shifted(path: str, span: tuple[int, int] | None, content: bytes) -> Answer:
    """Send another range than was asked for."""
    first, last = span or (0, len(content))
    return plain(path, (first + 7, last + 7), content)


def whole(_path: str, _span: tuple[int, int] | None, content: bytes) -> Answer:
    """Know nothing of ranges."""
    return 200, {}, content


def silent(path: str, span: tuple[int, int] | None, content: bytes) -> Answer:
    """Answer long after everybody has gone."""
    time.sleep(1.5)
    return plain(path, span, content)


@contextmanager
def serving(root: Path) -> Iterator[FileServer]:
    """Serve a folder over HTTP on a port of this machine."""
    files = FileServer(root)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._give()

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            with files.lock:
                files.posted.append(body)
            self._give()

        def _give(self) -> None:
            match = re.fullmatch(r"bytes=(\d+)-(\d+)", self.headers.get("Range", ""))
            span = (int(match[1]), int(match[2]) + 1) if match else None
            with files.lock:
                files.headers.append(dict(self.headers))
            answer = files.answer(unquote(urlsplit(self.path).path), span)
            if answer is None:
                self.close_connection = True
                self.connection.shutdown(socket.SHUT_RDWR)
                return
            code, headers, body = answer
            self.send_response(code)
            for name, value in {"Content-Length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            try:
                self.wfile.write(body)
            except OSError:
                return
            with files.lock:
                files.sent += len(body)
            if int(headers.get("Content-Length", len(body))) != len(body):
                self.close_connection = True

        def log_message(self, *_: Any) -> None:
            pass

    with answering(Handler) as files.address:
        yield files


def published(catalog: Path, address: str, folder: Path) -> list[Path]:
    """Write a catalog's collection and items as one would load them into an API, assets at an address."""
    root = pystac.Catalog.from_file(str(catalog))
    items = sorted(root.get_items(recursive=True), key=lambda item: item.id)
    (collection,) = root.get_children()
    features = []
    for item in items:
        where = Path(item.get_self_href() or "").parent.relative_to(catalog.parent.resolve())
        described = item.to_dict(include_self_link=False, transform_hrefs=False)
        described["links"] = []
        for asset in described["assets"].values():
            asset["href"] = f"{address}/{where.as_posix()}/{asset['href'].removeprefix('./')}"
        features.append(described)
    bare = {**collection.to_dict(include_self_link=False, transform_hrefs=False), "links": []}
    paths = folder / "collection.json", folder / "items.json"
    folder.mkdir(exist_ok=True)
    for path, content in zip(paths, (bare, {"type": "FeatureCollection", "features": features}), strict=True):
        path.write_text(json.dumps(content), encoding="utf-8")
    return list(paths)


@contextmanager
def stac_api(paths: list[Path]) -> Iterator[str]:
    """Run a STAC API server that is not ours over a collection and its items; yields its address."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    address = f"127.0.0.1:{port}"
    command = [shutil.which(str(RUSTAC)) or "rustac", "serve", "--addr", address, *map(str, paths)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as running:
        try:
            deadline = time.monotonic() + 20
            while time.monotonic() < deadline and running.poll() is None:
                try:
                    socket.create_connection(("127.0.0.1", port), timeout=0.2).close()
                    break
                except OSError:
                    time.sleep(0.05)
            yield f"http://{address}"
        finally:
            running.terminate()

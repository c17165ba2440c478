"""UN Comtrade on this machine, as its API is documented: simulated rows, and faults on demand."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from itertools import product
from typing import Any
from urllib.parse import parse_qs, urlsplit

from leachwatch.simulate.answering import answering

Parameters = dict[str, str]
Reply = tuple[int, dict[str, str], bytes]
Fault = Callable[[bytes], "Reply | None"]
"""From the good answer to another one; None drops the connection."""

JSON = {"Content-Type": "application/json; charset=utf-8"}
KEY = "5ecre7ba11ad0f1eac4wa7c4"


@dataclass(frozen=True)
class Asked:
    """A request as it came."""

    path: str
    parameters: Parameters
    headers: dict[str, str]

    @property
    def cells(self) -> set[tuple[str, ...]]:
        lists = (self.parameters[name].split(",") for name in ("cmdCode", "partnerCode", "period"))
        return set(product(*lists))


@dataclass
class Service:
    """A reporter that has traded in every cell but those of `idle`, as far as `released` goes."""

    address: str = ""
    key: str | None = KEY
    rows_a_cell: int = 1
    cut_at: int | None = None
    idle: set[tuple[str, str]] = field(default_factory=set)
    released: Callable[[str], str | None] = lambda period: f"sum-{period}"
    faults: list[Fault] = field(default_factory=list)
    always: Fault | None = None
    availability: Fault | None = None
    asked: list[Asked] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def data(self) -> list[Asked]:
        """Requests for rows."""
        return [one for one in self.asked if "getDa" not in one.path]

    def answer(self, asked: Asked) -> Reply | None:
        with self.lock:
            self.asked.append(asked)
            rows = "getDa" not in asked.path
            fault = (self.faults.pop(0) if self.faults else self.always) if rows else self.availability
        if asked.path.startswith("/data/") and asked.headers.get("Ocp-Apim-Subscription-Key") != self.key:
            return 401, JSON, b'{"statusCode":401,"message":"Access denied due to invalid subscription key"}'
        good = envelope(self.rows(asked.parameters) if rows else self.releases(asked.parameters))
        return fault(good) if fault else (200, JSON, good)

    def rows(self, said: Parameters) -> list[dict[str, Any]]:
        most = min(int(said["maxRecords"]), self.cut_at or 10**9)
        cells = product(said["period"].split(","), said["cmdCode"].split(","), said["partnerCode"].split(","))
        found = [
            row(said, *cell, number)
            for cell in cells
            if self.released(cell[0]) and (cell[0], cell[2]) not in self.idle
            for number in range(self.rows_a_cell)
        ]
        return found[:most]

    def releases(self, said: Parameters) -> list[dict[str, Any]]:
        return [
            {
                "datasetCode": 20156,
                "reporterCode": int(said["reporterCode"]),
                "period": int(period),
                "datasetChecksum": self.released(period),
                "lastReleased": "2025-01-15T00:00:00",
            }
            for period in said["period"].split(",")
            if self.released(period)
        ]


def row(said: Parameters, period: str, code: str, partner: str, number: int) -> dict[str, Any]:
    """Simulate one row."""
    return {
        "typeCode": "C",
        "freqCode": "A" if len(period) == 4 else "M",
        "period": period,
        "reporterCode": int(said["reporterCode"]),
        "flowCode": said["flowCode"],
        "partnerCode": int(partner),
        "partner2Code": 0,
        "cmdCode": code,
        "customsCode": "C00",
        "motCode": 0,
        "netWgt": 1000.0 + number,
        "primaryValue": 30_000.0,
    }


def envelope(rows: list[dict[str, Any]]) -> bytes:
    return json.dumps({"elapsedTime": "0.09 secs", "count": len(rows), "data": rows, "error": ""}).encode()


def status(code: int, body: bytes = b"", kind: str = "text/plain", **headers: str) -> Fault:
    """Answer with an error."""
    said = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda _good: (code, {"Content-Type": kind, **said}, body)


def too_often(wait: str) -> Fault:
    """Answer as one that is asked too often."""
    body = b'{"statusCode":429,"message":"Rate limit is exceeded. Try again in 2 seconds."}'
    return status(429, body, "application/json", Retry_After=wait)


def said(body: bytes, kind: str = JSON["Content-Type"]) -> Fault:
    """Answer 200, with something else."""
    return lambda _good: (200, {"Content-Type": kind}, body)


def cut_json(good: bytes) -> Reply:
    """Send JSON that breaks off, and say that this is all."""
    return 200, JSON, good[: len(good) // 2]


def broken_off(good: bytes) -> Reply:
    """Send half of what was announced."""
    return 200, {**JSON, "Content-Length": str(len(good))}, good[: len(good) // 2]


def dropped(_good: bytes) -> None:
    """Close the connection without a word."""


@contextmanager
def comtrade() -> Iterator[Service]:
    """Serve on a port of this machine."""
    service = Service()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            parameters = {name: values[0] for name, values in parse_qs(parts.query).items()}
            reply = service.answer(Asked(parts.path, parameters, dict(self.headers)))
            if reply is None:
                self.close_connection = True
                self.connection.shutdown(socket.SHUT_RDWR)
                return
            code, headers, body = reply
            self.send_response(code)
            for name, value in {"Content-Length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)
            self.close_connection = "Content-Length" in headers

        def log_message(self, *_: Any) -> None:
            pass

    with answering(Handler) as service.address:
        yield service

"""A Dask cluster and an S3 server of real processes on this machine; both may be killed at any moment."""

from __future__ import annotations

import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from http.client import HTTPConnection, HTTPException
from http.server import BaseHTTPRequestHandler
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from leachwatch.simulate.answering import answering

BIN = Path(sys.executable).parent
BUCKET = "mines"


def free_port() -> int:
    """Find a port nobody listens on, below those that outgoing connections are given meanwhile."""
    while True:
        port = random.SystemRandom().randrange(20_000, 32_000)
        with suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port


def wait_for(port: int, seconds: float = 60) -> None:
    """Wait until somebody listens."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=0.5):
            return
        time.sleep(0.05)
    raise TimeoutError(f"nobody listens on port {port}")


class Cluster:
    """A scheduler and its workers, each a process of its own; a worker that ends is started again."""

    def __init__(self, folder: Path, workers: int, env: Mapping[str, str]) -> None:
        self.port = free_port()
        self.address = f"tcp://127.0.0.1:{self.port}"
        self._folder, self._env = folder, {**os.environ, **env}
        self._lock = threading.Lock()
        self._ended = threading.Event()
        self.scheduler = self._start("scheduler", "--host", "127.0.0.1", "--port", str(self.port))
        wait_for(self.port)
        self.workers = [self._worker(number) for number in range(workers)]
        self._thread = threading.Thread(target=self._tend, daemon=True)
        self._thread.start()

    def kill_worker(self, number: int) -> None:
        with self._lock:
            self.workers[number].kill()

    def restart_scheduler(self) -> None:
        with self._lock:
            self.scheduler.kill()
            self.scheduler.wait()
            self.scheduler = self._start("scheduler", "--host", "127.0.0.1", "--port", str(self.port))
        wait_for(self.port)

    def close(self) -> None:
        self._ended.set()
        self._thread.join()
        for process in (*self.workers, self.scheduler):
            process.kill()
            process.wait()

    def _tend(self) -> None:
        while not self._ended.wait(0.1):
            with self._lock:
                for number, worker in enumerate(self.workers):
                    if worker.poll() is not None:
                        self.workers[number] = self._worker(number)

    def _worker(self, number: int) -> subprocess.Popen[bytes]:
        folder = self._folder / f"worker-{number}"
        options = ["--nthreads", "1", "--no-nanny", "--local-directory", str(folder)]
        return self._start("worker", self.address, *options)

    def _start(self, what: str, *options: str) -> subprocess.Popen[bytes]:
        command = [str(BIN / "dask"), what, *options, "--no-dashboard"]
        with (self._folder / f"{what}.log").open("ab") as log:
            return subprocess.Popen(command, stdout=log, stderr=log, env=self._env)


@contextmanager
def cluster(folder: Path, *, workers: int = 2, env: Mapping[str, str] | None = None) -> Iterator[Cluster]:
    """Run a cluster."""
    running = Cluster(folder, workers, env or {})
    try:
        yield running
    finally:
        running.close()


@contextmanager
def s3_server() -> Iterator[str]:
    """Run an S3 server that is not ours, with one bucket; yields its address."""
    port = free_port()
    command = [str(BIN / "moto_server"), "-H", "127.0.0.1", "-p", str(port)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as running:
        try:
            wait_for(port)
            asked = HTTPConnection("127.0.0.1", port, timeout=30)
            asked.request("PUT", f"/{BUCKET}", headers={"Content-Length": "0"})
            assert asked.getresponse().status == 200
            asked.close()
            yield f"http://127.0.0.1:{port}"
        finally:
            running.kill()


def aws(endpoint: str) -> dict[str, str]:
    """Environment of whoever may use the S3 server."""
    return {
        "AWS_ACCESS_KEY_ID": "nobody",
        "AWS_SECRET_ACCESS_KEY": "nothing",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_EC2_METADATA_DISABLED": "true",
    }


def sign_in(monkeypatch: pytest.MonkeyPatch, endpoint: str) -> None:
    """Let this process use the S3 server, by connections of its own.

    fsspec keeps a connection by its arguments, not by the environment: without forgetting, a test would
    speak to the server of an earlier one.
    """
    for name, value in aws(endpoint).items():
        monkeypatch.setenv(name, value)
    fsspec: Any = import_module("fsspec")
    fsspec.get_filesystem_class("s3").clear_instance_cache()


@contextmanager
def stumbling(endpoint: str, *, seed: int, share: float, slow: float) -> Iterator[tuple[str, list[str]]]:
    """Let a share of the requests to a server fail or wait; yields an address and what was done."""
    port = int(endpoint.rpartition(":")[2])
    rng, lock, done = random.Random(seed), threading.Lock(), []  # noqa: S311 - faults, not secrets

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _pass(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            with lock:
                fault = rng.choice(["503", "500", "dropped", "slow"]) if rng.random() < share else ""
                done.append(fault)
            if fault == "dropped":
                self.close_connection = True
                self.connection.shutdown(socket.SHUT_RDWR)
                return
            if fault == "slow":
                time.sleep(slow)
            if fault in ("503", "500"):
                self.send_response(int(fault))
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            asked = HTTPConnection("127.0.0.1", port, timeout=60)
            headers = {name: value for name, value in self.headers.items() if name.lower() != "connection"}
            try:
                asked.request(self.command, self.path, body=body, headers=headers)
                answer = asked.getresponse()
                content = answer.read()
            except (OSError, HTTPException):
                self.close_connection = True
                return
            finally:
                asked.close()
            self.send_response(answer.status)
            passed_on = {"transfer-encoding", "content-length", "connection", "date", "server"}
            for name, value in answer.getheaders():
                if name.lower() not in passed_on:
                    self.send_header(name, value)
            length = answer.getheader("Content-Length") if self.command == "HEAD" else str(len(content))
            self.send_header("Content-Length", length or "0")
            self.end_headers()
            with suppress(OSError):
                self.wfile.write(content)

        do_GET = do_PUT = do_POST = do_DELETE = do_HEAD = _pass  # noqa: N815 - as the library names them

        def log_message(self, *_: Any) -> None:
            pass

    with answering(Handler) as address:
        yield address, done


@contextmanager
def small_disk(folder: Path, size: str) -> Iterator[bool]:
    """Put a small disk there; yields whether this machine lets us."""
    folder.mkdir()
    mount = shutil.which("mount")
    ran = mount and subprocess.run(
        [mount, "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)], check=False, capture_output=True
    )
    if not ran or ran.returncode:
        yield False
        return
    try:
        yield True
    finally:
        subprocess.run([shutil.which("umount") or "umount", "-l", str(folder)], check=True)


def larger_disk(folder: Path, size: str) -> None:
    """Make a small disk larger."""
    subprocess.run([shutil.which("mount") or "mount", "-o", f"remount,size={size}", str(folder)], check=True)


def end(process: subprocess.Popen[bytes]) -> None:
    """Kill a process as a power cut does."""
    with suppress(ProcessLookupError):
        os.kill(process.pid, signal.SIGKILL)
    process.wait()

"""The network as it is: hosts that are busy, break off, lie, or are none of the catalog's."""

from __future__ import annotations

import contextlib
import gzip
import json
import socket
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from leachwatch.errors import NetworkError, SceneError, SceneUnavailable
from leachwatch.imagery.providers import PROVIDERS, Provider, provider_of, signing
from leachwatch.network import Hosts, NoParts, Patience, Transport, origin
from servers import Fault, FileServer, cut, dropped, plain, serving, shifted, short, silent, status, whole

pytestmark = pytest.mark.faults
CONTENT = bytes(range(256)) * 64
QUICK = Patience(tries=4, backoff=0.01, longest=0.3, timeout=0.6, failures=3)


@pytest.fixture
def files(tmp_path: Path) -> Iterator[FileServer]:
    (tmp_path / "a.bin").write_bytes(CONTENT)
    with serving(tmp_path) as server:
        yield server


def transport(files: FileServer, **options: object) -> Transport:
    return Transport(Hosts.of([files.address]), patience=QUICK, **options)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "fault",
    [
        *(status(code) for code in (429, 500, 502, 503, 504)),
        status(429, Retry_After="1"),
        dropped,
        cut,
        short,
        shifted,
        silent,
    ],
)
def test_what_may_be_better_next_time_is_asked_for_again(files: FileServer, fault: Fault) -> None:
    files.faults["/a.bin"] = [fault, fault]
    with transport(files) as network:
        answer = network.read(f"{files.address}/a.bin", span=(100, 300), most=1000)
    assert answer.body == CONTENT[100:300]
    assert answer.total == len(CONTENT)
    assert files.asked["/a.bin"] == 3


@pytest.mark.parametrize("code", [400, 404, 405, 410])
def test_what_will_not_get_better_is_asked_for_once(files: FileServer, code: int) -> None:
    files.faults["/a.bin"] = [status(code)]
    with transport(files) as network, pytest.raises(SceneError, match=f"answers {code}") as error:
        network.read(f"{files.address}/a.bin", most=10**6)
    assert not isinstance(error.value, SceneUnavailable)
    assert files.asked["/a.bin"] == 1


def test_a_host_that_keeps_failing_is_unavailable_and_then_down(files: FileServer) -> None:
    files.always = status(503)
    with transport(files) as network:
        for _ in range(2):
            with pytest.raises(SceneUnavailable, match="does not answer as it should"):
                network.read(f"{files.address}/a.bin", most=10**6)
        with pytest.raises(NetworkError, match="does not answer"):
            network.read(f"{files.address}/a.bin", most=10**6)
    assert files.asked["/a.bin"] == 3 * QUICK.tries


def test_a_host_that_answers_now_and_then_is_not_down(files: FileServer) -> None:
    with transport(files) as network:
        for _ in range(4):
            files.faults["/a.bin"] = [status(503)] * QUICK.tries
            with pytest.raises(SceneUnavailable):
                network.read(f"{files.address}/a.bin", most=10**6)
            network.read(f"{files.address}/a.bin", most=10**6)


def test_a_wait_that_a_host_asks_for_is_bounded(files: FileServer) -> None:
    files.faults["/a.bin"] = [status(429, Retry_After="86400")]
    started = time.monotonic()
    with transport(files) as network:
        network.read(f"{files.address}/a.bin", most=10**6)
    assert time.monotonic() - started < 5


@pytest.mark.parametrize("wait", ["soon", "Fri, 31 Dec 99999 23:59:59 GMT", "9" * 5000, "-5"])
def test_a_wait_that_nobody_understands_is_none(files: FileServer, wait: str) -> None:
    files.faults["/a.bin"] = [status(503, Retry_After=wait)]
    with transport(files) as network:
        assert network.read(f"{files.address}/a.bin", most=10**6).body == CONTENT


def test_an_answer_that_trickles_is_given_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as door:

        def trickle() -> None:
            for _ in range(2):
                line, _ = door.accept()
                with line, contextlib.suppress(OSError):
                    line.recv(1000)
                    line.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n")
                    for _ in range(20):
                        line.sendall(b".")
                        time.sleep(0.05)

        thread = threading.Thread(target=trickle)
        thread.start()
        address = f"http://127.0.0.1:{door.getsockname()[1]}"
        patience = Patience(tries=2, backoff=0.01, whole=0.3)
        with (
            Transport(Hosts.of([address]), patience=patience) as network,
            pytest.raises(SceneUnavailable, match="it takes too long"),
        ):
            network.read(f"{address}/", most=1000)
        thread.join()


def test_a_closed_network_fetches_nothing_more(files: FileServer) -> None:
    network = transport(files)
    network.close()
    with pytest.raises(NetworkError, match="the network was closed"):
        network.read(f"{files.address}/a.bin", most=10**6)
    assert not files.asked


@pytest.mark.parametrize("code", [401, 403])
def test_a_refusal_may_pass_but_is_not_asked_again_at_once(files: FileServer, code: int) -> None:
    files.faults["/a.bin"] = [status(code)]
    with transport(files) as network, pytest.raises(SceneUnavailable, match=f"answers {code}, not now"):
        network.read(f"{files.address}/a.bin", most=10**6)
    assert files.asked["/a.bin"] == 1


def test_a_host_without_ranges_is_told_from_a_broken_one(files: FileServer) -> None:
    files.faults["/a.bin"] = [whole]
    with transport(files) as network, pytest.raises(NoParts, match="--whole-scenes"):
        network.read(f"{files.address}/a.bin", span=(0, 10), most=100)


def test_the_end_of_a_file_is_no_truncation(files: FileServer) -> None:
    with transport(files) as network:
        answer = network.read(
            f"{files.address}/a.bin", span=(len(CONTENT) - 5, len(CONTENT) + 500), most=1000
        )
    assert answer.body == CONTENT[-5:]


def test_an_answer_without_end_is_cut_off(files: FileServer) -> None:
    files.always = lambda *_: (200, {}, bytes(5_000_000))
    with transport(files) as network, pytest.raises(SceneError, match="sends more than 1000 bytes"):
        network.read(f"{files.address}/a.bin", most=1000)


def test_what_is_packed_unasked_is_not_unpacked(files: FileServer) -> None:
    bomb = gzip.compress(bytes(10_000_000))
    files.always = lambda *_: (200, {"Content-Encoding": "gzip"}, bomb)
    with transport(files) as network, pytest.raises(SceneError, match="not unpacked"):
        network.read(f"{files.address}/a.bin", most=10**6)
    assert all(headers["Accept-Encoding"] == "identity" for headers in files.headers)


def test_a_redirect_is_followed_only_to_a_host_that_may_be_asked(files: FileServer, tmp_path: Path) -> None:
    with serving(tmp_path) as inside:
        files.faults["/moved"] = [
            status(302, Location="/a.bin"),
            status(302, Location=f"{inside.address}/a.bin"),
            status(302, Location="file:///etc/passwd"),
            status(302, Location="http://[x"),
            status(302, Location="http://169.254.169.254/latest/meta-data"),
        ]
        with transport(files) as network:
            assert network.read(f"{files.address}/moved", most=10**6).body == CONTENT
            for _ in range(4):
                with pytest.raises(SceneError, match=r"no host of|no http address|no address"):
                    network.read(f"{files.address}/moved", most=10**6)
        assert not inside.asked


def test_redirects_without_end_end(files: FileServer) -> None:
    files.always = status(302, Location="/again")
    with transport(files) as network, pytest.raises(SceneError, match="without end"):
        network.read(f"{files.address}/again", most=10**6)
    assert files.asked["/again"] == QUICK.redirects + 1


def test_bytes_are_counted_and_no_more_fetched_than_may_be(files: FileServer) -> None:
    with transport(files, most_bytes=1000) as network:
        network.read(f"{files.address}/a.bin", span=(0, 600), most=1000)
        with pytest.raises(NetworkError, match="the 1,000 bytes that one run may fetch"):
            network.read(f"{files.address}/a.bin", span=(0, 600), most=1000)
    assert network.traffic.received[files.address] == 1200
    assert network.traffic.requests[files.address] == 2


def test_offline_asks_nobody(files: FileServer) -> None:
    with transport(files, offline=True) as network, pytest.raises(SceneUnavailable, match="--offline"):
        network.read(f"{files.address}/a.bin", most=10**6)
    assert not files.asked


def test_closing_wakes_whoever_waits(files: FileServer) -> None:
    files.always = status(503)
    network = Transport(Hosts.of([files.address]), patience=Patience(backoff=30))
    said: list[str] = []

    def ask() -> None:
        try:
            network.read(f"{files.address}/a.bin", most=10)
        except NetworkError as error:
            said.append(str(error))

    thread = threading.Thread(target=ask)
    thread.start()
    while not files.asked["/a.bin"]:
        time.sleep(0.01)
    network.close()
    thread.join(timeout=5)
    assert said == ["the network was closed"]


def test_a_request_says_nothing_of_the_machine_or_the_person(files: FileServer) -> None:
    with transport(files) as network:
        network.read(f"{files.address}/a.bin", span=(0, 10), most=100)
    (headers,) = files.headers
    assert set(headers) <= {"Host", "User-Agent", "Accept-Encoding", "Range", "Connection"}
    assert headers["User-Agent"] == "leachwatch"


@pytest.mark.parametrize(
    "address",
    [
        "https://example.org@127.0.0.1/",
        "http://127.0.0.1.example.org/",
        "http://0x7f000001/",
        "http://127.1/",
        "http://[::ffff:127.0.0.1]/",
        "http://localhost/",
        "http://example.org/",
        "https://example.org:8443/",
        "https://sub.example.org/",
        "//example.org/",
        "https:///example.org/",
        "https://exa mple.org/",
        "gopher://example.org/",
        "",
    ],
)
def test_only_hosts_that_were_named_may_be_asked(address: str) -> None:
    hosts = Hosts.of(["example.org"])
    hosts.check("https://EXAMPLE.org:443/a?b=c#d")
    with pytest.raises(SceneError):
        hosts.check(address)


@pytest.fixture
def signed(files: FileServer, tmp_path: Path) -> Provider:
    """A provider of this machine that wants tokens, as the Planetary Computer does."""
    (tmp_path / "token").mkdir()
    return Provider(
        "mine", files.address, (), (files.address,), "s2:mgrs_tile", tokens=f"{files.address}/token/x"
    )


def token(path: Path, *, minutes: float) -> None:
    ends = datetime.now(UTC) + timedelta(minutes=minutes)
    said = {"msft:expiry": ends.isoformat().replace("+00:00", "Z"), "token": "sv=1&sig=abc%3D"}
    path.write_text(json.dumps(said), encoding="utf-8")


def test_a_token_is_asked_for_once_and_again_when_it_ends(
    files: FileServer, signed: Provider, tmp_path: Path
) -> None:
    seen: list[str] = []

    def watching(network: Transport, address: str) -> str:
        if "/token/" in address:
            return address
        assert sign is not None
        seen.append(sign(network, address))
        return seen[-1]

    sign = signing(signed)
    token(tmp_path / "token" / "x", minutes=60)
    with transport(files, sign=watching) as network:
        for _ in range(3):
            network.read(f"{files.address}/a.bin", most=10**6)
        assert files.asked["/token/x"] == 1
        assert seen[0] == f"{files.address}/a.bin?sv=1&sig=abc%3D"
    token(tmp_path / "token" / "x", minutes=1)
    sign = signing(signed)
    with transport(files, sign=watching) as network:
        for _ in range(2):
            network.read(f"{files.address}/a.bin", most=10**6)
    assert files.asked["/token/x"] == 3


def test_a_token_host_that_sends_to_the_files_is_not_followed_in_a_circle(
    files: FileServer, signed: Provider
) -> None:
    sign = signing(signed)
    files.faults["/token/x"] = [status(302, Location="/a.bin")]
    with transport(files, sign=sign) as network, pytest.raises(SceneUnavailable, match="no token"):
        network.read(f"{files.address}/a.bin", most=10**6)


@pytest.mark.parametrize("text", ["no json", "{}", '{"token": 1, "msft:expiry": "soon"}', "[1]"])
def test_a_token_that_is_none_makes_files_unavailable(
    files: FileServer, signed: Provider, tmp_path: Path, text: str
) -> None:
    (tmp_path / "token" / "x").write_text(text, encoding="utf-8")
    sign = signing(signed)
    assert sign is not None
    with transport(files) as network, pytest.raises(SceneUnavailable, match="no token for it was given"):
        sign(network, f"{files.address}/a.bin")


def test_tokens_go_to_the_hosts_of_assets_only() -> None:
    planetary = provider_of("planetary-computer")
    assert planetary is not None
    sign = signing(planetary)
    assert sign is not None
    with Transport(Hosts(), offline=True) as network:
        assert sign(network, f"{planetary.root}/search") == f"{planetary.root}/search"
        with pytest.raises(SceneUnavailable):
            sign(network, "https://sentinel2l2a01.blob.core.windows.net/sentinel2-l2/red.tif")


def test_known_providers_are_found_by_name_and_by_address() -> None:
    for provider in PROVIDERS:
        assert provider_of(provider.name) is provider
        assert provider_of(f"{provider.root}/collections/sentinel-2-l2a") is provider
        assert all(origin(f"https://{host}") for host in provider.hosts)
    assert provider_of("scenes/catalog.json") is None
    assert provider_of("https://earth-search.aws.element84.com.example.org/v1") is None


def test_a_good_answer_is_whole(files: FileServer) -> None:
    assert plain("/a.bin", (0, 5), CONTENT)[2] == CONTENT[:5]
    with transport(files) as network:
        answer = network.read(f"{files.address}/a.bin", most=10**6)
    assert (answer.body, answer.total) == (CONTENT, len(CONTENT))
    assert answer.validator

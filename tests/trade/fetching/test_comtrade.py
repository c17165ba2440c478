from __future__ import annotations

import logging
import pickle
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from comtrade_server import (
    JSON,
    KEY,
    Fault,
    Service,
    broken_off,
    cut_json,
    dropped,
    envelope,
    row,
    said,
    status,
    too_often,
)
from leachwatch.errors import NetworkError
from leachwatch.trade.fetching import Comtrade, Fetched, FetchSettings, Key, Query, find_key

Run = Callable[..., Fetched]

QUERY = Query.of("CHN", ["MMR"], ["284690"], ["2023"])


def slow(good: bytes) -> tuple[int, dict[str, str], bytes]:
    time.sleep(0.6)
    return 200, JSON, good


def of_somebody_else(_good: bytes) -> tuple[int, dict[str, str], bytes]:
    asked = {"reporterCode": "156", "flowCode": "M"}
    return 200, JSON, envelope([row(asked, "2023", "284690", "458", 0)])


def test_the_key_goes_in_a_header_and_never_in_an_address(service: Service, run: Run) -> None:
    run(QUERY)
    for asked in service.asked:
        assert asked.headers["Ocp-Apim-Subscription-Key"] == KEY
        assert KEY not in str(asked.parameters)
        assert KEY not in asked.path


def test_a_preview_sends_no_key(service: Service, run: Run) -> None:
    run(QUERY, key=None)
    assert all("Ocp-Apim-Subscription-Key" not in asked.headers for asked in service.asked)


def test_a_host_that_is_asked_too_often_is_waited_for(service: Service, run: Run, watch: Any) -> None:
    service.faults = [too_often("2"), too_often("Sat, 01 Mar 2025 12:00:30 GMT")]
    assert run(QUERY).requests == 4
    assert [wait for wait in watch.slept if wait] == [2.0, 28.0]


def test_403_is_waited_for_too(service: Service, run: Run, watch: Any) -> None:
    service.faults = [status(403, Retry_After="7")]
    assert run(QUERY).requests == 3
    assert [wait for wait in watch.slept if wait] == [7.0]


def test_waits_double_where_the_host_says_nothing_and_end(service: Service, run: Run, watch: Any) -> None:
    service.always = status(503, b"Service Unavailable")
    with pytest.raises(NetworkError, match=r"503 Service Unavailable.*what came is kept"):
        run(QUERY, tries=5)
    assert [wait for wait in watch.slept if wait] == [2.0, 4.0, 8.0, 16.0]
    assert len(service.data) == 5


def test_a_wait_of_hours_is_not_waited_but_named(service: Service, run: Run, watch: Any) -> None:
    body = b'{"statusCode":403,"message":"Out of call volume quota."}'
    service.always = status(403, body, "application/json", Retry_After="18000")
    with pytest.raises(NetworkError, match=r"wait until 2025-03-01 17:00 UTC \(403 Out of call volume quota"):
        run(QUERY)
    assert len(service.data) == 1
    assert sum(watch.slept) == 0


@pytest.mark.parametrize("wait", ["", "soon", "-5", "99999999999999999999", "1e3", "Sat, 99 Mar 2025"])
def test_a_retry_after_that_says_nothing_does_no_harm(service: Service, run: Run, wait: str) -> None:
    service.faults = [status(429, Retry_After=wait)]
    if wait.startswith("9"):
        with pytest.raises(NetworkError, match="asks to wait until"):
            run(QUERY)
    else:
        assert run(QUERY).requests == 3


PASSING: dict[str, Fault] = {
    "JSON cut short": cut_json,
    "broken off": broken_off,
    "dropped": dropped,
    "HTML": said(b"<html><body>Log in to the hotel</body></html>", "text/html"),
    "no rows": said(b'{"count":0}'),
    "rows that are none": said(b'{"data":[1,2]}'),
    "a list": said(b"[]"),
    "not UTF-8": said(b'{"data":[],"error":"\xff"}'),
    "too deep": said(b"[" * 100_000),
    "about somebody else": of_somebody_else,
    "500": status(500, b"<h1>Oops</h1>", "text/html"),
}


@pytest.mark.faults
@pytest.mark.parametrize("fault", PASSING.values(), ids=PASSING.keys())
def test_a_fault_that_passes_is_got_over_and_one_that_stays_is_named(
    fault: Fault, service: Service, run: Run, tmp_path: Path
) -> None:
    service.always = fault
    with pytest.raises(NetworkError, match=r"127.0.0.1 does not answer as it should \(.+\)") as caught:
        run(QUERY, tries=2)
    assert "\n" not in str(caught.value)
    assert list((tmp_path / "comtrade" / "answers").iterdir()) == []
    service.always, service.faults = None, [fault]
    assert len(run(QUERY).files) == 1


FINAL: dict[str, tuple[Fault, str]] = {
    "an error object": (
        status(400, b'{"errorObject":{"errorMessage":"Invalid cmdCode"}}', "application/json"),
        "400 Invalid cmdCode",
    ),
    "an error in an answer": (said(b'{"errorObject":{"errorMessage":"No such"},"data":null}'), "No such"),
    "an error beside rows": (said(b'{"data":[],"error":"The query timed out"}'), "The query timed out"),
    "plain text": (status(404, b"The resource you are looking\r\nfor has been removed"), "looking for has"),
    "markup": (status(414, b"<head><p>x</p></head><h1>Request URL Too Long</h1>", "text/html"), "414 Req"),
    "control signs": (status(400, b"bad\x1b[31m query\x00"), r"400 bad \[31m query"),
    "another host": (status(302, Location="https://example.org/data"), "another host, example.org"),
    "another port": (status(302, Location="http://127.0.0.1:9/data"), "another host, 127.0.0.1"),
    "a host named so": (status(302, Location=f"https://{KEY}.example.org"), r"another host, \(the key\)"),
    "the key in an address": (status(302, Location=f"/data?subscription-key={KEY}"), "the key in it"),
    "packed": (lambda good: (200, {**JSON, "Content-Encoding": "gzip"}, good), "not unpacked"),
    "the key": (said(f'{{"data":[],"you":"{KEY.upper()}"}}'.encode()), "repeats the key"),
}  # fmt: skip


@pytest.mark.faults
@pytest.mark.parametrize(("fault", "words"), FINAL.values(), ids=FINAL.keys())
def test_a_host_that_will_never_answer_is_asked_once(
    fault: Fault, words: str, service: Service, run: Run
) -> None:
    service.always = fault
    with pytest.raises(NetworkError, match=rf"127.0.0.1 refuses: .*{words}") as caught:
        run(QUERY)
    assert len(service.data) == 1
    assert str(caught.value).isprintable()


def to_itself(service: Service) -> Fault:
    def moved(_good: bytes) -> tuple[int, dict[str, str], bytes]:
        asked = service.data[-1]
        return 307, {"Location": f"{asked.path}?{urlencode(asked.parameters)}"}, b""

    return moved


def test_a_redirect_on_the_same_host_is_followed(service: Service, run: Run) -> None:
    service.faults = [to_itself(service)]
    assert len(run(QUERY).files) == 1
    assert len(service.data) == 2


def test_redirects_in_a_circle_end(service: Service, run: Run) -> None:
    service.always = to_itself(service)
    with pytest.raises(NetworkError, match="without end"):
        run(QUERY, redirects=3)
    assert len(service.data) == 4


def test_a_key_that_is_not_accepted_is_said_so(run: Run) -> None:
    with pytest.raises(NetworkError, match=r"does not accept the key \(401 Access denied"):
        run(QUERY, key="0123456789")


def test_a_preview_that_is_switched_off_is_said_so(service: Service, run: Run) -> None:
    service.always = service.availability = status(401, b"Access denied")
    with pytest.raises(NetworkError, match="answers nobody without a key"):
        run(QUERY, key=None)


def test_a_silent_host_is_given_up(service: Service, run: Run) -> None:
    service.always = slow
    with pytest.raises(NetworkError, match="it is silent"):
        run(QUERY, timeout=0.1, tries=2)


def test_an_answer_that_takes_too_long_is_given_up(run: Run) -> None:
    with pytest.raises(NetworkError, match="it takes too long"):
        run(QUERY, whole=-1.0, tries=2)


def test_an_answer_is_bounded(service: Service, run: Run) -> None:
    service.rows_a_cell = 400
    with pytest.raises(NetworkError, match="more than 2000 bytes"):
        run(QUERY, most_bytes=2000)


def test_nobody_there_is_said_soon(run: Run, watch: Any) -> None:
    with pytest.raises(NetworkError, match="takes no connection; is there a network"):
        run(QUERY, base_url="http://127.0.0.1:9")
    assert sum(watch.slept) == 2.0


@pytest.mark.parametrize(
    "address",
    [
        "http://comtradeapi.un.org", "ftp://127.0.0.1", "https://me:secret@comtradeapi.un.org", "comtrade",
        "https://comtradeapi.un.org?subscription-key=1", "http://127.0.0.1.example.org", "https://:443", "https://a:port",
    ],
)  # fmt: skip
def test_the_key_is_sent_over_tls_to_a_bare_address_only(address: str) -> None:
    with pytest.raises(NetworkError) as caught:
        Comtrade(Key(KEY), settings=FetchSettings(base_url=address))
    assert "secret" not in str(caught.value)


@pytest.mark.faults
def test_the_key_is_nowhere_but_in_the_request(
    service: Service, run: Run, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    shown = []
    echo = f'{{"message":"no quota for {KEY}"}}'.encode()
    faults = [
        status(400, echo, "application/json"), status(403, echo, "application/json", Retry_After="9999"),
        status(500, echo, "application/json"), said(f'{{"data":[],"error":"{KEY}"}}'.encode()), dropped,
        said(KEY.encode()), said(KEY.encode(), "text/plain"),
    ]  # fmt: skip
    for fault in faults:
        service.always = fault
        with pytest.raises(NetworkError) as caught:
            run(QUERY, tries=2)
        shown += [str(caught.value), repr(caught.value)]
    service.always = None
    shown.append(repr(run(QUERY)))
    with Comtrade(Key(KEY)) as comtrade:
        shown += [repr(comtrade), repr(vars(comtrade)), repr(comtrade._line._client.headers)]
    shown += [repr(vars(comtrade._line)), f"{Key(KEY)} {Key(KEY)!r} {[Key(KEY)]}", caplog.text]
    assert KEY.lower() not in "\n".join(shown).lower()
    assert len(caplog.records) > 10
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(files) >= 3
    for path in files:
        assert KEY.lower() not in str(path).lower()
        assert KEY.lower().encode() not in path.read_bytes().lower()


def test_a_key_cannot_be_written() -> None:
    with pytest.raises(TypeError, match="not written"):
        pickle.dumps(Key(KEY))


def test_the_key_comes_from_a_file_or_the_environment(tmp_path: Path) -> None:
    path = tmp_path / "key"
    path.write_text(f"\ufeff{KEY}\r\n", encoding="utf-8")
    assert find_key({}, path).is_in(KEY.encode())
    assert find_key({"COMTRADE_KEY": f" {KEY}\n"}).is_in(KEY.encode())


def test_no_key_is_said_with_the_mend(tmp_path: Path) -> None:
    with pytest.raises(NetworkError, match=r"COMTRADE_KEY .*--preview"):
        find_key({})
    with pytest.raises(NetworkError, match="no key can be read"):
        find_key({}, tmp_path / "none")


@pytest.mark.parametrize(
    "text", ["short", "two words here", "line\r\nX-Evil: 1", "x" * 200, "schlüssel-12345"]
)
def test_what_is_no_key_is_refused_and_not_repeated(text: str) -> None:
    with pytest.raises(NetworkError) as caught:
        Key(text)
    assert text not in str(caught.value)

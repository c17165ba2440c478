from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from uuid import uuid4

import pytest

from clusters import BUCKET, s3_server, sign_in, stumbling
from leachwatch.errors import OutputError
from leachwatch.storage import FolderShelf, Shelf, UrlShelf, is_url


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    with s3_server() as address:
        yield address


@pytest.fixture
def s3(endpoint: str, monkeypatch: pytest.MonkeyPatch) -> UrlShelf:
    sign_in(monkeypatch, endpoint)
    return UrlShelf(f"s3://{BUCKET}/{uuid4().hex}", backoff=0.01)


@pytest.fixture(params=["folder", "memory", "file", "s3"])
def shelf(request: pytest.FixtureRequest, tmp_path: Path) -> Shelf:
    places: dict[str, Callable[[], Shelf]] = {
        "folder": lambda: FolderShelf(tmp_path / "shelf"),
        "memory": lambda: UrlShelf(f"memory://{uuid4().hex}"),
        "file": lambda: UrlShelf(f"file://{tmp_path}/shelf"),
        "s3": lambda: request.getfixturevalue("s3"),
    }
    made: Shelf = places[request.param]()
    return made


def test_what_is_kept_is_there_until_it_is_taken_away(shelf: Shelf) -> None:
    assert not shelf.names()
    assert shelf.read("a") is None
    shelf.write("a", b"1")
    shelf.write("b", b"2")
    shelf.write("a", b"3")
    assert shelf.names() == {"a", "b"}
    assert shelf.read("a") == b"3"
    shelf.remove("a")
    shelf.remove("a")
    assert shelf.names() == {"b"}
    assert shelf.read("a") is None


def test_only_a_url_is_the_same_place_for_all(shelf: Shelf) -> None:
    assert shelf.shared == isinstance(shelf, UrlShelf)


def test_of_many_who_create_a_file_one_does(s3: UrlShelf) -> None:
    made: list[bool] = []
    takers = [
        threading.Thread(target=lambda mark=mark: made.append(s3.create("lease", mark)))
        for mark in (b"a", b"b", b"c", b"d")
    ]
    for taker in takers:
        taker.start()
    for taker in takers:
        taker.join()
    assert sorted(made) == [False, False, False, True]


def test_a_store_that_stumbles_is_asked_again(
    s3: UrlShelf, endpoint: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with stumbling(endpoint, seed=1, share=0.4, slow=0.2) as (address, done):
        sign_in(monkeypatch, address)
        for number in range(20):
            s3.write(f"{number}", b"x" * number)
        assert len(s3.names()) == 20
        assert [len(s3.read(f"{number}") or b"") for number in range(20)] == list(range(20))
    assert {"503", "500", "dropped", "slow"} <= set(done)


def test_a_store_that_is_not_there_is_said_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    sign_in(monkeypatch, "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    with pytest.raises(OutputError, match=r"^s3://mines/x/a: cannot be written \(.*; run the same") as said:
        UrlShelf("s3://mines/x", tries=1).write("a", b"")
    assert "\n" not in str(said.value)


def test_whoever_says_not_who_asks_is_told_so_at_once(
    endpoint: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    sign_in(monkeypatch, endpoint)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    with pytest.raises(OutputError, match=r"a: may not be written \(.*credentials.*\); set them in the env"):
        UrlShelf(f"s3://{BUCKET}/x", backoff=100).write("a", b"")


def test_a_bucket_that_is_not_there_is_said_by_name(s3: UrlShelf) -> None:
    with pytest.raises(OutputError, match=r"s3://nobody/x/a: cannot be written .*; make the bucket"):
        UrlShelf("s3://nobody/x", tries=s3.tries).write("a", b"")


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("s3://key:secret@bucket/x", "credentials come from the environment"),
        ("simplecache::s3://bucket/x", "no plain URL"),
        ("nothing://bucket/x", "cannot be used"),
    ],
)
def test_an_address_that_cannot_be_used_is_refused_and_not_repeated(address: str, said: str) -> None:
    with pytest.raises(OutputError, match=said) as refused:
        UrlShelf(address).write("a", b"")
    assert "secret" not in str(refused.value)


def test_a_package_that_is_not_installed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    known = import_module("fsspec.registry").__dict__["_registry"]
    monkeypatch.delitem(known, "s3", raising=False)
    monkeypatch.setitem(sys.modules, "s3fs", None)
    with pytest.raises(OutputError, match=r"pip install 'leachwatch\[s3\]'"):
        UrlShelf("s3://bucket/x").write("a", b"")


def test_a_path_is_no_url() -> None:
    assert [is_url(text) for text in ("s3://b", "out", "/out", "C:\\out", "s3:/b")] == [True, *[False] * 4]

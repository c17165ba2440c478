from __future__ import annotations

import json
import os
import re
import socket
import time
from uuid import uuid4

import pytest

from leachwatch.errors import OutputError
from leachwatch.storage import Lease, UrlShelf, leased

LASTS_S = 0.6


@pytest.fixture
def shelf() -> UrlShelf:
    return UrlShelf(f"memory://{uuid4().hex}")


def left_by(shelf: UrlShelf, number: int = 1, **who: object) -> None:
    """Leave the lease of another process."""
    said = {"process": 1, "machine": "elsewhere", "since": "2026-01-01T00:00:00+00:00", **who}
    shelf.write(f"lease-{number:09d}.json", json.dumps(said).encode())


def test_a_place_is_held_by_one_and_free_afterwards(shelf: UrlShelf) -> None:
    with leased(shelf, "choose another --out") as lease:
        lease.check()
        assert lease.number == 1
        assert len(shelf.names()) == 1
    assert shelf.names() == frozenset()
    with leased(shelf, "choose another --out"):
        pass


def test_a_second_is_told_who_holds_the_place(shelf: UrlShelf) -> None:
    left_by(shelf)
    said = re.escape(
        f"{shelf.address}: in use by process 1 on elsewhere since 2026-01-01T00:00:00+00:00, last"
    )
    with (
        pytest.raises(OutputError, match=said + r".*wait for it, or choose another --out"),
        leased(shelf, "choose another --out"),
    ):
        pass


def test_a_holder_that_is_silent_for_long_is_taken_for_dead(shelf: UrlShelf) -> None:
    left_by(shelf, 7)
    time.sleep(LASTS_S)
    with leased(shelf, "wait", lasts=LASTS_S) as lease:
        assert lease.number == 8
        assert shelf.names() == {"lease-000000008.json"}


@pytest.mark.parametrize(
    "process", [os.getpid(), 2**22 + 5], ids=["this one before it was restarted", "gone"]
)
def test_a_process_of_this_machine_that_is_no_more_holds_nothing(shelf: UrlShelf, process: int) -> None:
    left_by(shelf, process=process, machine=socket.gethostname())
    with leased(shelf, "wait"):
        pass


def test_a_holder_gives_signs_of_life(shelf: UrlShelf) -> None:
    with leased(shelf, "wait", lasts=LASTS_S):
        (name,) = shelf.names()
        before = shelf.changed(name)
        assert before is not None
        deadline = time.monotonic() + 10
        while shelf.changed(name) == before and time.monotonic() < deadline:
            time.sleep(0.05)
        assert (shelf.changed(name) or before) > before


@pytest.mark.parametrize("how", ["taken", "gone"])
def test_a_holder_that_lost_its_place_notices(shelf: UrlShelf, how: str) -> None:
    with leased(shelf, "wait", lasts=LASTS_S) as lease:
        if how == "taken":
            left_by(shelf, 2)
        else:
            shelf.remove("lease-000000001.json")
        with pytest.raises(OutputError, match="another process took this place"):
            check_for_a_while(lease)


def check_for_a_while(lease: Lease) -> None:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        lease.check()
        time.sleep(0.05)

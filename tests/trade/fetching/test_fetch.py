from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from comtrade_server import KEY, Service, envelope, status
from leachwatch.errors import NetworkError, OutputError, RecordError
from leachwatch.holding import held
from leachwatch.trade.fetching import Fetched, Query, months, read_manifest, years

Run = Callable[..., Fetched]


def query(text: str = "2017-2024", *partners: str) -> Query:
    return Query.of("CHN", partners or ("MMR",), ["284690"], years(text))


def states(folder: Path) -> dict[str, str]:
    return {f"{cell.partner} {cell.period}": cell.state for cell in read_manifest(folder).cells()}


def rows(fetched: Fetched) -> list[tuple[str, str, int]]:
    said = [row for path in fetched.files for row in json.loads(path.read_bytes())["data"]]
    return sorted((row["period"], row["cmdCode"], row["partnerCode"]) for row in said)


def test_an_answer_is_kept_as_it_came(service: Service, run: Run) -> None:
    fetched = run(query())
    (path,) = fetched.files
    assert path.read_bytes() == envelope(service.rows(service.data[0].parameters))
    assert (fetched.requests, fetched.from_cache, fetched.warnings) == (2, 0, ())
    assert fetched.received > path.stat().st_size


def test_what_is_there_is_not_asked_for_again(service: Service, run: Run) -> None:
    first = run(query())
    service.asked.clear()
    again = run(query())
    assert (again.files, again.requests, again.from_cache) == (first.files, 0, 1)
    assert service.asked == []


def test_a_wider_query_asks_only_for_what_is_new(service: Service, run: Run) -> None:
    run(query("2020-2022"))
    run(query("2021-2023", "MMR", "LAO"))
    asked = Counter(cell for one in service.data for cell in one.cells)
    assert set(asked.values()) == {1}
    assert len(asked) == 3 + 3 + 1
    assert len(rows(run(query("2020-2023", "MMR")))) == 5  # of whole files
    assert len(service.data) == 2 + 1


def test_twelve_periods_at_most_are_asked_for_at_a_time(service: Service, run: Run) -> None:
    fetched = run(Query.of("CHN", ["MMR"], ["284690"], months("2022-01:2024-01")))
    assert [len(one.parameters["period"].split(",")) for one in service.data] == [12, 12, 1]
    assert len(rows(fetched)) == 25


def test_an_address_is_never_longer_than_comtrade_takes(service: Service, run: Run) -> None:
    wide = Query.of("CHN", [str(number) for number in range(1, 700)], ["284610", "284690"], ["2023"])
    fetched = run(wide)
    assert len(service.data) > 1
    assert len(rows(fetched)) == 2 * 699


def test_an_answer_that_was_cut_is_asked_for_in_parts(service: Service, run: Run) -> None:
    service.rows_a_cell = 200  # 8 years: 1,600 rows, of which it gives 500 at a time
    service.cut_at = 500
    fetched = run(query())
    assert len(rows(fetched)) == 1600
    assert fetched.warnings == ()
    assert [len(one.cells) for one in service.data] == [8, 4, 2, 2, 4, 2, 2]
    service.asked.clear()
    run(query())
    assert service.asked == []


def test_a_cut_answer_without_parts_is_kept_with_a_warning(
    service: Service, run: Run, tmp_path: Path
) -> None:
    service.rows_a_cell = 100_000
    fetched = run(query("2023"))
    assert len(service.data) == 1
    assert "rows may be missing" in fetched.warnings[0]
    assert states(tmp_path / "comtrade") == {"MMR 2023": "truncated"}


def test_an_answer_that_says_it_has_more_rows_was_cut(service: Service, run: Run) -> None:
    service.faults = [
        lambda good: (200, {"Content-Type": "application/json"}, good.replace(b'count": 2', b'count": 9'))
    ]
    run(query("2022-2023"))
    assert [len(one.cells) for one in service.data] == [2, 1, 1]


def test_no_row_of_a_released_year_is_no_trade_and_of_another_it_is_not(
    service: Service, run: Run, tmp_path: Path
) -> None:
    service.idle = {("2021", "104")}
    service.released = lambda period: None if period == "2024" else f"sum-{period}"
    fetched = run(query("2021-2024"))
    assert [period for period, _, _ in rows(fetched)] == ["2022", "2023"]
    assert states(tmp_path / "comtrade") == {
        "MMR 2021": "answered", "MMR 2022": "answered", "MMR 2023": "answered", "MMR 2024": "unreleased",
    }  # fmt: skip
    assert fetched.warnings == ("2024: CHN has released nothing yet: no row there is not zero",)


def test_without_word_of_releases_no_row_is_not_zero(service: Service, run: Run, tmp_path: Path) -> None:
    service.availability = status(404, b"not here")
    fetched = run(query("2022-2023"))
    assert "cannot be told whether figures are out" in fetched.warnings[0]
    assert set(states(tmp_path / "comtrade").values()) == {"untold"}


def test_a_refresh_asks_again_only_for_what_was_released_anew(
    service: Service, run: Run, tmp_path: Path
) -> None:
    asked = Query.of("CHN", ["MMR"], ["284690"], months("2023-01:2024-06"))
    first = run(asked)
    service.released = lambda period: f"sum-{period}{'-revised' if period == '202405' else ''}"
    service.rows_a_cell = 2
    service.asked.clear()
    again = run(asked, refresh=True)
    assert [one.parameters["period"].split(",")[0] for one in service.data] == ["202401"]
    assert again.from_cache == 1
    assert again.files == first.files
    assert len(rows(again)) == 12 + 2 * 6
    assert len(list((tmp_path / "comtrade" / "earlier").iterdir())) == 1


def test_an_answer_that_has_grown_too_long_is_replaced_by_its_parts(service: Service, run: Run) -> None:
    run(query("2022-2023"))
    service.released = lambda period: f"sum-{period}-revised"
    service.rows_a_cell, service.cut_at = 300, 500
    fetched = run(query("2022-2023"), refresh=True)
    assert len(fetched.files) == 2
    assert len(rows(fetched)) == 600


def test_a_refresh_brings_what_was_not_out_before(service: Service, run: Run, tmp_path: Path) -> None:
    service.released = lambda period: None if period == "2024" else f"sum-{period}"
    run(query("2023-2024"))
    service.released = lambda period: f"sum-{period}"
    assert len(rows(run(query("2023-2024")))) == 1
    assert len(rows(run(query("2023-2024"), refresh=True))) == 2
    assert states(tmp_path / "comtrade")["MMR 2024"] == "answered"


def test_a_refresh_of_what_has_not_changed_asks_for_no_rows(service: Service, run: Run) -> None:
    run(query())
    service.asked.clear()
    assert run(query(), refresh=True).requests == 1
    assert service.data == []


def test_without_a_key_the_preview_is_asked_one_period_at_a_time(service: Service, run: Run) -> None:
    fetched = run(query("2021-2023"), key=None)
    assert [one.path for one in service.data] == ["/public/v1/preview/C/A/HS"] * 3
    assert {one.parameters["maxRecords"] for one in service.data} == {"500"}
    assert len(rows(fetched)) == 3


def test_a_key_mends_what_the_preview_has_cut(service: Service, run: Run) -> None:
    service.rows_a_cell = 600
    assert len(rows(run(query("2023"), key=None))) == 500
    assert len(rows(run(query("2023")))) == 600


def test_a_file_that_was_changed_is_fetched_again(service: Service, run: Run, tmp_path: Path) -> None:
    (path,) = run(query("2023")).files
    path.write_bytes(path.read_bytes().replace(b"1000.0", b"9000.0"))
    again = run(query("2023"))
    assert "were changed" in again.warnings[0]
    assert b"1000.0" in path.read_bytes()
    assert len(service.data) == 2
    assert b"9000.0" in next((tmp_path / "comtrade" / "earlier").iterdir()).read_bytes()


def test_the_manifest_says_that_nothing_may_be_passed_on(run: Run, tmp_path: Path) -> None:
    run(query("2023"))
    said = json.loads((tmp_path / "comtrade" / "manifest.json").read_bytes())
    assert said["redistribute"] is False
    assert "forbid" in said["terms"]
    (kept,) = said["kept"].values()
    assert kept["asked"] == {
        "reporter": "CHN", "flow": "import", "codes": ["284690"], "partners": ["MMR"], "periods": ["2023"],
    }  # fmt: skip


def test_the_calls_of_a_day_are_counted_and_the_rest_is_for_tomorrow(
    service: Service, run: Run, watch: Any, tmp_path: Path
) -> None:
    asked = Query.of("CHN", ["MMR"], ["284690"], months("2021-01:2024-12"))
    with pytest.raises(NetworkError, match="after 2025-03-02 12:00 UTC"):
        run(asked, calls_a_day=6)  # four for what is released, two of four calls
    assert set(states(tmp_path / "comtrade").values()) == {"answered", "waiting"}
    service.asked.clear()
    with pytest.raises(NetworkError, match="used up"):
        run(asked, calls_a_day=6)
    assert service.asked == []
    watch.now += timedelta(hours=24)
    assert len(rows(run(asked, calls_a_day=6))) == 48
    assert len(service.data) == 2


def test_a_damaged_count_or_manifest_is_named(run: Run, tmp_path: Path) -> None:
    run(query("2023"))
    (tmp_path / "comtrade" / "calls.json").write_text('["yesterday"]')
    with pytest.raises(RecordError, match=r"calls.json: no count"):
        run(query("2022"))
    (tmp_path / "comtrade" / "manifest.json").write_text("{}}")
    with pytest.raises(RecordError, match=r"manifest.json: no manifest"):
        run(query("2022"))


def test_a_folder_is_filled_by_one_fetch_at_a_time(run: Run, tmp_path: Path) -> None:
    run(query("2023"))
    with held(tmp_path / "comtrade", ""), pytest.raises(OutputError, match="in use"):
        run(query("2023"))


PROGRAM = """
import sys
from pathlib import Path
from leachwatch.trade.fetching import Comtrade, FetchSettings, Key, Query, fetch, months
settings = FetchSettings(base_url=sys.argv[1], pause=0)
query = Query.of("CHN", ["MMR"], ["284690"], months("2020-01:2024-12"))
with Comtrade(Key(sys.argv[3]), settings=settings) as comtrade:
    fetch(query, comtrade, Path(sys.argv[2]))
"""


def test_a_fetch_that_was_killed_goes_on_and_asks_nothing_twice(
    service: Service, run: Run, tmp_path: Path
) -> None:
    third, gone = threading.Event(), threading.Event()

    def killed(_good: bytes) -> None:
        third.set()
        gone.wait(20)

    good = [lambda body: (200, {"Content-Type": "application/json"}, body)] * 2
    service.faults = [*good, killed]
    command = [sys.executable, "-c", PROGRAM, service.address, str(tmp_path / "comtrade"), KEY]
    with subprocess.Popen(command) as running:
        assert third.wait(20)
        running.send_signal(signal.SIGKILL)
    gone.set()
    fetched = run(Query.of("CHN", ["MMR"], ["284690"], months("2020-01:2024-12")))
    assert len(rows(fetched)) == 60
    assert fetched.from_cache == 2
    asked = Counter(one.parameters["period"] for one in service.data)
    assert sorted(asked.values()) == [1, 1, 1, 1, 2]  # twice: the one that was never answered

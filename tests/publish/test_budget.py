"""What the page of many sites may weigh. How fast it is belongs in `leachwatch bench page`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from browsers import needs_browser
from leachwatch.bench import bytes_by_part
from leachwatch.bench.crowd import write_crowd
from leachwatch.publish import page
from test_cli import leachwatch
from unpacking import unpacked

MOST, MOST_WITH_FILMS = 3_000_000, 10_000_000


@pytest.mark.slow
def test_two_thousand_sites_over_sixty_months_fit(tmp_path: Path) -> None:
    crowd = write_crowd(tmp_path, sites=2_000, months=60, filmed=200)
    text = page(
        crowd.out, title="Many", simulated=True, statements=crowd.statements, records=crowd.records
    ).read_text(encoding="utf-8")
    parts = bytes_by_part(text)
    assert sum(parts.values()) == 2 * parts["whole"]
    assert unpacked(text).count("<tr id=") == 2_000
    assert 'id="claims"' in text
    assert 'id="trade"' in text
    assert parts["films"] > 1_000_000
    assert parts["whole"] <= MOST_WITH_FILMS
    assert parts["whole"] - parts["films"] <= MOST


@pytest.mark.slow
@needs_browser
def test_the_bench_of_the_page_uses_it_in_a_browser() -> None:
    shown = leachwatch("bench", "page", "--sites", 20, "--months", 12, "--json")
    assert shown.returncode == 0, shown.stderr
    told = json.loads(shown.stdout)
    for use in (told["webgl"], told["no_webgl"]):
        assert use["requests"] == 0
        assert 0 < use["first_paint"] < use["ready"]
        assert 0 < use["cursor_step"]["median"] <= use["cursor_step"]["worst"]


def test_without_a_browser_the_bench_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    shown = leachwatch("bench", "page", "--sites", 20)
    assert shown.returncode == 2
    assert "apt-get install chromium chromium-driver" in shown.stderr
    assert shown.stderr.count("\n") == 1

"""Claims at the end of ``leachwatch run``, on simulated scenes: nothing real was seen in them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from leachwatch import tables
from test_cli import leachwatch

if TYPE_CHECKING:
    from conftest import Scanned

CLAIMS = """\
- id: clm-0000000001
  tlp: CLEAR
  text: There are mines here.
  kind: numeric
  author: src-0000000001
  verdict: SUPPORTED
  test:
    kind: count
    readings: [{id: found, of: {of: sites}}]
    expect: {quantifier: at_least, value: 1}
- id: clm-0000000002
  tlp: CLEAR
  text: There are mines in the simulated district.
  kind: numeric
  author: src-0000000001
  test:
    kind: count
    readings: [{id: found, of: {of: sites, where: {simulated: true}}}]
    require: {clear_looks: 1, share_of_area: 0.5, period: 2022}
    expect: {quantifier: at_least, value: 1}
"""


@pytest.mark.slow
def test_a_run_judges_the_claims_and_a_flip_does_not_fail_it(tiny: Scanned, tmp_path: Path) -> None:
    case = tmp_path / "case"
    shutil.copytree(tiny.district.catalog.parent, case / "scenes")
    shutil.copy(tiny.district.area, case / "areas.geojson")
    (case / "case.yaml").write_text(
        "title: Tiny\nareas: areas.geojson\ndates: {from: 2022-01, to: 2022-12}\n"
        "imagery: {catalog: scenes/catalog.json}\n",
        encoding="utf-8",
    )
    source = "- {id: src-0000000001, tlp: CLEAR, kind: media, public_descriptor: a paper}\n"
    (case / "sources.yaml").write_text(source, encoding="utf-8")
    (case / "claims.yaml").write_text(CLAIMS, encoding="utf-8")
    ran = leachwatch("run", case)
    assert ran.returncode == 0, ran.stderr
    assert "claims: 2 with a test (● 1 SUPPORTED, ○ 1 NOT_ENOUGH_EVIDENCE), 0 without" in ran.stdout
    assert (
        "clm-0000000001 was published as SUPPORTED and is NOT_ENOUGH_EVIDENCE now: No real image"
        in ran.stderr
    )
    readings = tables.read(case / "out", tables.READINGS)
    assert list(readings["result"]) == ["uncovered", "supports"]
    again = leachwatch("check", case, "--json")
    assert again.returncode == 1
    assert json.loads(again.stdout)["flipped"] == ["clm-0000000001"]

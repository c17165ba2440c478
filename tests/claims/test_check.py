"""The command ``leachwatch check`` as its users run it."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from claims.written import figure, month_of
from leachwatch import tables
from leachwatch.release import mark_withdrawn
from test_cli import leachwatch

CASE = """\
title: Made up
areas: areas.geojson
dates: {from: 2022-01, to: 2024-12}
imagery: {catalog: none}
"""
SOURCES = """\
- {id: src-0000000001, tlp: CLEAR, kind: media, public_descriptor: a paper}
"""
CLAIMS = """\
# What was said.
- id: clm-0000000001
  tlp: CLEAR
  text: More than 100 tonnes came in April 2024.
  kind: numeric
  author: src-0000000001
  verification: could_not_confirm
  hedge: The paper could not confirm it.
  test:                       # by weight
    kind: level
    readings: [{id: weight, of: {of: trade, partner: MMR, hs: ["28469019"], period: 2024-04}}]
    expect: {quantifier: over, value: 100, unit: t}
- id: clm-0000000002
  tlp: CLEAR
  text: The ban made them fall.
  kind: causal
  author: src-0000000001
  untested: No computation decides what caused what.
"""


@pytest.fixture
def case(tmp_path: Path) -> Path:
    folder = tmp_path / "case"
    out = folder / "out"
    out.mkdir(parents=True)
    ring = [[98, 25], [98.1, 25], [98.1, 25.1], [98, 25.1], [98, 25]]
    area = {"type": "Feature", "properties": {}, "geometry": {"type": "Polygon", "coordinates": [ring]}}
    (folder / "areas.geojson").write_text(json.dumps(area), encoding="utf-8")
    for name, text in (("case", CASE), ("sources", SOURCES), ("claims", CLAIMS)):
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    say(folder, 110)
    tables.write(
        out,
        tables.OBSERVATIONS,
        tables.OBSERVATIONS.frame([figure("LAO 28469019", "2024-04-01", "2024-04-30", 5)]),
    )
    return folder


def say(folder: Path, tonnes: float) -> None:
    """Have customs say how much came."""
    rows = [month_of("MMR 28469019", "2024-04", tonnes, tonnes + 10)]
    tables.write(folder / "out", tables.SERIES, tables.SERIES.frame(rows))


def check(folder: Path, *more: object) -> subprocess.CompletedProcess[str]:
    return leachwatch("check", folder, *more)


def test_it_says_the_claim_its_hedge_its_verdict_and_why(case: Path) -> None:
    ran = check(case)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert "● SUPPORTED  clm-0000000001" in ran.stdout
    assert "More than 100 tonnes came in April 2024. [unverified]" in ran.stdout
    assert "The paper could not confirm it." in ran.stdout
    assert "110 to 120 t" in ran.stdout
    assert ran.stdout.splitlines()[-1] == "claims: 1 with a test (● 1 SUPPORTED), 1 without"


def test_a_published_verdict_that_no_longer_comes_out_is_named_and_the_exit_is_one(case: Path) -> None:
    assert check(case, "--accept", "-q").returncode == 0
    text = (case / "claims.yaml").read_text(encoding="utf-8")
    assert text.replace("  verdict: SUPPORTED\n", "") == CLAIMS
    assert check(case, "-q").returncode == 0
    say(case, 50)
    ran = check(case, "-q")
    assert (ran.returncode, ran.stdout) == (1, "")
    assert ran.stderr.startswith(
        "leachwatch: clm-0000000001 was published as SUPPORTED and is REFUTED now: Imports"
    )
    assert check(case, "-q").returncode == 1
    assert len((case / "verdicts.jsonl").read_text(encoding="utf-8").splitlines()) == 2
    assert check(case, "--accept", "-q").returncode == 0
    assert check(case, "-q").returncode == 0


def test_tables_and_claim_reviews_are_written_and_the_same_again(case: Path) -> None:
    check(case)
    names = ("verdicts.parquet", "readings.parquet", "claimreview.jsonld")
    before = [(case / "out" / name).read_bytes() for name in names]
    verdicts = tables.read(case / "out", tables.VERDICTS)
    assert list(verdicts["verdict"]) == ["SUPPORTED"]
    assert next(iter(verdicts["data"][0])).startswith("observations ")
    readings = tables.read(case / "out", tables.READINGS)
    assert (readings["low"][0], readings["high"][0], readings["accepted_low"][0]) == (110, 120, 100)
    assert readings["accepted_high"].isna()[0]
    assert json.loads(before[2])["@graph"][0]["claimReviewed"].startswith("More than 100 tonnes")
    check(case)
    assert [(case / "out" / name).read_bytes() for name in names] == before


def test_one_claim_is_shown_in_full(case: Path) -> None:
    ran = check(case, "--claim", "clm-0000000001")
    assert "said by a paper, could not confirm" in ran.stdout
    assert "reading weight: supports" in ran.stdout
    data, claim = (line for line in ran.stdout.splitlines() if line.startswith(("  data  ", "  claim ")))
    assert data.index("|") > claim.index("|")
    assert claim.endswith("▸")
    assert "rests on: series" in ran.stdout
    told = json.loads(check(case, "--claim", "clm-0000000001", "--json").stdout)
    assert (told["verdict"], told["hedge"]) == ("SUPPORTED", "The paper could not confirm it.")


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        ("clm-0000000003", "there is no claim 'clm-0000000003'; did you mean clm-000000000"),
        ("clm-0000000002", "has no test, and so no verdict: No computation decides"),
    ],
)
def test_a_claim_that_cannot_be_shown_is_one_line(case: Path, claim: str, said: str) -> None:
    ran = check(case, "--claim", claim)
    assert (ran.returncode, ran.stdout, ran.stderr.count("\n")) == (2, "", 1)
    assert said in ran.stderr


def test_json_holds_everything(case: Path) -> None:
    told = json.loads(check(case, "--json").stdout)
    assert told["counts"]["SUPPORTED"] == 1
    assert (told["untested"], told["flipped"]) == (1, [])
    assert told["claims"][0]["readings"][0]["low"] == 110


def test_lint_says_what_is_wrong_and_judges_nothing(case: Path) -> None:
    assert check(case, "--lint").returncode == 0
    with (case / "claims.yaml").open("a", encoding="utf-8") as file:
        file.write("- {id: clm-0000000009, text: x, kind: numeric, author: src-0000000009, untested: y}\n")
    ran = check(case, "--lint")
    assert ran.returncode == 1
    assert "claims.yaml: line 19: clm-0000000009: author" in ran.stdout
    assert not (case / "verdicts.jsonl").exists()
    assert any(
        one["record"] == "clm-0000000009" for one in json.loads(check(case, "--lint", "--json").stdout)
    )


def test_ids_are_given_and_schemas_written(case: Path, tmp_path: Path) -> None:
    with (case / "sources.yaml").open("a", encoding="utf-8") as file:
        file.write("- {kind: media, public_descriptor: another}\n")
    ran = check(case, "--fill", "--lint")
    assert (ran.returncode, ran.stdout.splitlines()[0]) == (0, "sources.yaml: 1 id given")
    assert check(case, "--schemas", tmp_path / "schemas").returncode == 0
    assert json.loads((tmp_path / "schemas" / "claims.schema.json").read_text(encoding="utf-8"))["$schema"]


def test_a_case_that_was_never_run_accounts_for_its_trade_first(case: Path) -> None:
    for path in (case / "out").iterdir():
        path.unlink()
    ran = check(case)
    assert ran.returncode == 0
    assert "trade accounted for first" in ran.stdout
    assert "○ NOT_ENOUGH_EVIDENCE" in ran.stdout  # only the sum of March and April is known
    assert (case / "out" / "series.parquet").is_file()


def test_how_wide_a_hedge_is_is_set_in_the_case(case: Path) -> None:
    text = (case / "claims.yaml").read_text(encoding="utf-8")
    (case / "claims.yaml").write_text(text.replace("quantifier: over", "quantifier: about"), encoding="utf-8")
    assert json.loads(check(case, "--json").stdout)["counts"]["NOT_ENOUGH_EVIDENCE"] == 1
    (case / "case.yaml").write_text(f"{CASE}claims: {{about: 0.3}}\n", encoding="utf-8")
    assert json.loads(check(case, "--json").stdout)["counts"]["SUPPORTED"] == 1
    (case / "case.yaml").write_text(f"{CASE}claims: {{abuot: 0.3}}\n", encoding="utf-8")
    ran = check(case)
    assert ran.returncode == 2
    assert "case.yaml: line 5: claims.abuot: no such field; did you mean about?" in ran.stderr.replace(
        "'", ""
    )


def test_a_flip_of_one_claim_is_told_when_it_is_shown(case: Path) -> None:
    assert check(case, "--accept", "-q").returncode == 0
    say(case, 50)
    ran = check(case, "--claim", "clm-0000000001")
    assert ran.returncode == 1
    assert ran.stdout.startswith("PUBLISHED as SUPPORTED, which no longer comes out\n")
    assert "says so" not in ran.stdout


@pytest.mark.parametrize("other", [("--claim", "clm-0000000001"), ("--lint",)])
def test_accepting_is_for_all_claims(case: Path, other: tuple[str, ...]) -> None:
    before = (case / "claims.yaml").read_bytes()
    ran = check(case, "--accept", *other)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr.startswith("leachwatch: --accept: writes the verdicts of all claims; leave")
    assert (case / "claims.yaml").read_bytes() == before


def test_trade_that_came_in_since_is_accounted_for(case: Path) -> None:
    """Else the verdict would ask for the very file that was just brought in."""
    header = "数据年月,商品编码,贸易伙伴编码,贸易伙伴名称,第一数量,第一计量单位,美元"
    export = case / "export.csv"
    export.write_text(f'{header}\n202404,28469019,106,缅甸,"90,000",千克,1\n', encoding="gb18030")
    brought = leachwatch("trade", "import", export, "--format", "gacc", "--case", case)
    assert brought.returncode == 0, brought.stderr
    ran = check(case)
    assert "● SUPPORTED" not in ran.stdout
    assert "90 t" in ran.stdout
    assert "trade accounted for first" in ran.stdout + ran.stderr


def test_nothing_is_judged_that_rests_on_somebody_who_withdrew(case: Path) -> None:
    mark_withdrawn(case, ["src-0000000001"])
    ran = check(case)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert "src-0000000001, which has withdrawn; take it out" in ran.stderr
    assert not (case / "out" / "claimreview.jsonld").exists()

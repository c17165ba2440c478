"""A person reviews sites from the command line, and later runs keep it."""

from __future__ import annotations

import json
import re
import shutil
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import pytest
from shapely.affinity import translate

from leachwatch import tables
from leachwatch.bench import read_truth, score
from leachwatch.case import record_review
from leachwatch.case.review import Reason
from leachwatch.cli import app
from leachwatch.demo import make_demo
from test_cli import leachwatch

if TYPE_CHECKING:
    from conftest import Scanned

DAY = date(2024, 5, 1)
CASE = """\
title: A district
areas: {area}
dates: {{from: 2022-01, to: 2022-12}}
imagery: {{catalog: {catalog}}}
"""


@pytest.fixture(scope="module")
def fresh(tiny: Scanned, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A case that was run."""
    folder = tmp_path_factory.mktemp("case")
    text = CASE.format(area=tiny.district.area, catalog=tiny.district.catalog)
    (folder / "case.yaml").write_text(text, encoding="utf-8")
    ran = leachwatch("run", folder)
    assert ran.returncode == 0, ran.stderr
    return folder


@pytest.fixture
def case(fresh: Path, tmp_path: Path) -> Path:
    """A copy of it, to review."""
    return Path(shutil.copytree(fresh, tmp_path / "case"))


def sites(case: Path) -> Any:
    return tables.read(case / "out", tables.SITES).set_index("site_id")


def page(case: Path) -> str:
    return (case / "out" / "index.html").read_text(encoding="utf-8")


def review(case: Path, *arguments: str) -> str:
    ran = leachwatch("review", *arguments, cwd=case)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def test_a_rejected_site_stays_in_the_tables_and_leaves_the_page(case: Path) -> None:
    before = sites(case)
    name = before.index[0]
    said = review(case, name, "reject", "--reason", "quarry", "--note", "a road leads to it")
    assert said.splitlines() == [
        f"{name}: rejected; kept in reviews.jsonl",
        "tables and page follow with the next run, which is quick: leachwatch run .",
    ]
    assert name in page(case)
    ran = leachwatch("run", case)
    assert "reviewed by people: 1 rejected (not on the page)" in ran.stdout
    assert re.search(r"unpacked; all of \d+ tiles? had been done before", ran.stdout)
    after = sites(case)
    assert after.loc[name, ["review", "review_reason"]].tolist() == ["rejected", "quarry"]
    same = [column for column in before.columns if not column.startswith("review")]
    assert after[same].equals(before[same]), "score and tier stay what the images say"
    assert name not in page(case)
    assert "two sites look like" in page(case)
    assert "A reviewer rejected one more candidate; they are left out." in page(case)
    assert "a road leads to it" not in page(case)


@pytest.mark.slow
def test_a_later_review_of_the_site_holds(case: Path) -> None:
    name = sites(case).index[0]
    review(case, name, "reject", "--reason", "cloud")
    review(case, name, "accept")
    ran = leachwatch("run", case, "--json")
    assert json.loads(ran.stdout)["reviewed"] == {"accepted": 1}
    assert sites(case)["review"].tolist() == ["accepted", "none", "none"]
    assert sites(case)["review_reason"].isna().all()
    assert re.search(f">{name}<.*?, reviewed", page(case))


@pytest.mark.slow
def test_a_review_goes_by_place_and_one_without_a_site_is_noted(
    case: Path, tiny: Scanned, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    options = "--catalog", tiny.district.catalog, "--area", tiny.district.area, "--from", "2022-01"
    leachwatch("scan", *options, "--to", "2022-12", "--out", out)
    frame = tables.read(out, tables.SITES)
    frame["site_id"] = [f"47N-0000{number}-00000-201901" for number in range(3)]
    frame["geometry"] = [*frame.geometry[:2], translate(frame.geometry[2], 1.0, 0.0)]
    tables.write(out, tables.SITES, frame)
    for name in frame["site_id"][1:]:
        review(tmp_path, name, "reject", "--reason", "village", "--out", "out")
    (out / "sites.parquet").unlink()
    ran = leachwatch("scan", *options, "--to", "2022-12", "--out", out)
    assert "note: One reviewed site was not found in this run." in ran.stdout
    assert tables.read(out, tables.SITES)["review"].tolist() == ["none", "rejected", "none"]
    assert tables.read(out, tables.SITES)["site_id"].tolist() == sites(case).index.tolist()
    assert len((out / "reviews.jsonl").read_text(encoding="utf-8").splitlines()) == 2


@pytest.mark.slow
def test_a_score_does_not_look_at_reviews(case: Path, tiny: Scanned) -> None:
    truth = read_truth(tiny.district.truth)
    before = score(case / "out", truth)
    for name in sites(case).index:
        record_review(case / "reviews.jsonl", case / "out", name, "reject", reason="unsure", day=DAY)
    leachwatch("run", case)
    assert sites(case)["review"].tolist() == ["rejected"] * 3
    assert score(case / "out", truth) == before
    assert "no site is left: a reviewer rejected three candidates." in page(case)


def test_reviews_are_listed_for_people_and_for_programs(case: Path, tmp_path: Path) -> None:
    (tmp_path / "case.yaml").write_text("title: nothing yet", encoding="utf-8")
    assert review(tmp_path) == "nothing was reviewed yet\n"
    first = sites(case).index[0]
    review(case, first, "reject", "--reason", "quarry", "--note", "a road leads to it")
    line = review(case).splitlines()[0]
    assert re.fullmatch(rf"\d{{4}}-\d\d-\d\d  {first}  rejected \(quarry\)  a road leads to it", line)
    listed = json.loads(review(case, "--list", "--json"))
    assert listed[0] == {
        "day": line[:10], "site_id": first, "decision": "rejected", "reason": "quarry",
        "note": "a road leads to it",
    }  # fmt: skip
    made = review(case, first, "accept", "--json")
    assert json.loads(made)[0]["decision"] == "accepted"
    assert review(case, first, "accept", "-q") == ""


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["x", "accept"], "there is no site 'x'"),
        (["x"], "x: nothing was decided; say accept or reject after it"),
        (["x", "accept", "--case", "none"], "none/case.yaml: there is no such file; give a case"),
        (["x", "accept", "--out", "out"], "out: belongs to a case"),
    ],
)
def test_a_wrong_review_is_one_line_and_changes_nothing(case: Path, arguments: list[str], said: str) -> None:
    ran = leachwatch("review", *arguments, cwd=case)
    assert (ran.returncode, ran.stdout, ran.stderr.count("\n")) == (2, "", 1)
    assert said in ran.stderr
    assert not (case / "reviews.jsonl").exists()


def test_a_demo_made_again_begins_without_reviews(tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    (folder / "out").mkdir(parents=True)
    (folder / ".demo").write_text("leachwatch demo", encoding="utf-8")
    (folder / "out" / "sites.parquet").write_bytes(b"of another district")
    (folder / "reviews.jsonl").write_text("of another district", encoding="utf-8")
    make_demo(folder, seed=8)
    made = {path.name for path in folder.iterdir()}
    assert {".demo", "case.yaml", "claims.yaml", "scenes"} <= made
    assert not made & {"out", "reviews.jsonl"}


def test_the_help_names_every_reason(capsys: pytest.CaptureFixture[str]) -> None:
    app(["review", "--help"], standalone_mode=False)
    shown = " ".join(capsys.readouterr().out.split())
    assert all(reason in shown for reason in get_args(Reason))

"""The command line as its users run it: the installed program, in a folder of its own."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from leachwatch.simulate import District

if TYPE_CHECKING:
    from conftest import Scanned

PROGRAM = Path(sys.executable).parent / "leachwatch"
COMMANDS = [
    ["demo"],
    ["new"],
    ["run"],
    ["scan"],
    ["check"],
    ["review"],
    ["boundaries"],
    ["score"],
    ["query"],
    ["bench", "accuracy"],
    ["bench", "chips"],
    ["bench", "ablation"],
    ["bench", "speed"],
    ["bench", "reconcile"],
    ["bench", "shocks"],
    ["bench", "reading"],
    ["bench", "claims"],
    ["bench", "plan"],
    ["bench", "cluster"],
    ["bench", "cost"],
    ["bench", "records"],
    ["bench", "territory"],
    ["bench", "page"],
    ["train"],
    ["trade", "reconcile"],
    ["trade", "import"],
    ["trade", "fetch"],
    ["events", "import"],
    ["evidence", "keygen"],
    ["evidence", "add"],
    ["evidence", "note"],
    ["evidence", "check"],
    ["vault", "keygen"],
    ["vault", "init"],
    ["vault", "add"],
    ["vault", "list"],
    ["vault", "show"],
    ["vault", "withdraw"],
    ["vault", "scan"],
    ["vault", "rekey"],
    ["publish"],
    ["verify"],
    ["doctor"],
]


def leachwatch(*arguments: object, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(PROGRAM), *map(str, arguments)], cwd=cwd, capture_output=True, text=True, check=False
    )


def scan(district: District, out: Path, **changes: object) -> subprocess.CompletedProcess[str]:
    options = {
        "catalog": district.catalog,
        "area": district.area,
        "from": "2022-01",
        "to": "2023-02",
        "out": out,
        **changes,
    }
    flat = [part for name, value in options.items() for part in (f"--{name}", value)]
    return leachwatch("scan", *flat)


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command_has_help_with_an_example(command: list[str]) -> None:
    shown = leachwatch(*command, "--help")
    assert shown.returncode == 0
    assert f"Example: leachwatch {' '.join(command)}" in " ".join(shown.stdout.split())


def test_help_lists_every_command_and_no_other() -> None:
    listed = re.findall(r"^  (\w+)  ", leachwatch("--help").stdout.split("Commands:")[1], re.MULTILINE)
    assert sorted(listed) == sorted({command[0] for command in COMMANDS})


def test_a_scan_says_what_it_found_and_what_it_could_see(small_district: District, tmp_path: Path) -> None:
    ran = scan(small_district, tmp_path / "out")
    assert ran.returncode == 0, ran.stderr
    assert re.search(r"^\d+ sites: \d+ confirmed, \d+ probable, \d+ possible$", ran.stdout, re.MULTILINE)
    assert "12 scenes on 12 days" in ran.stdout
    assert "2 of 14 scenes show next to nothing but cloud." in ran.stdout
    assert ran.stderr == ""
    assert "SIMULATED: these scenes show no real place" in ran.stdout


def test_a_scan_speaks_json_and_can_be_quiet(small_district: District, tmp_path: Path) -> None:
    ran = leachwatch(
        "scan", "--json", "--catalog", small_district.catalog, "--area", small_district.area,
        "--from", "2022-01", "--to", "2022-06", "--out", tmp_path / "json",
    )  # fmt: skip
    assert json.loads(ran.stdout)["simulated"] is True
    quiet = leachwatch(
        "scan", "-q", "--catalog", small_district.catalog, "--area", small_district.area,
        "--from", "2022-01", "--to", "2022-06", "--out", tmp_path / "quiet",
    )  # fmt: skip
    assert (quiet.returncode, quiet.stdout, quiet.stderr) == (0, "", "")


def points(folder: Path) -> Path:
    path = folder / "points.geojson"
    feature = {"type": "Feature", "properties": {}, "geometry": {"type": "Point", "coordinates": [98, 25]}}
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), encoding="utf-8")
    return path


def elsewhere(folder: Path) -> Path:
    path = folder / "elsewhere.geojson"
    ring = [[10, 50], [10.1, 50], [10.1, 50.1], [10, 50.1], [10, 50]]
    feature = {"type": "Feature", "properties": {}, "geometry": {"type": "Polygon", "coordinates": [ring]}}
    path.write_text(json.dumps(feature), encoding="utf-8")
    return path


def empty(folder: Path) -> Path:
    path = folder / "empty.geojson"
    path.write_text('{"type": "FeatureCollection", "features": []}', encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"area": empty}, "has no features; draw the area"),
        ({"area": points}, "is a Point, not a polygon"),
        ({"area": elsewhere}, "the area lies outside every scene"),
        ({"area": lambda folder: folder / "none.geojson"}, "there is no such file"),
        ({"from": "2024-01"}, "--from 2024-01 is after --to 2023-02; swap them"),
        ({"from": "2090-01", "to": "2090-02"}, "is in the future"),
        ({"from": "soon"}, "is not a date"),
        ({"catalog": lambda folder: folder / "none"}, "there is no such catalog"),
        ({"catalog": points}, "none of the 1 scenes between"),
        ({"catalog": empty}, "holds no STAC item that can be read"),
        ({"catalog": "https://127.0.0.1:9/v1"}, "it takes no connection"),
        ({"catalog": "ftp://example.org"}, "ftp://example.org: only http and https addresses are read"),
        ({"max-bytes": "much"}, "--max-bytes: 'much' is no size; give one such as 500MB or 20GB"),
        ({"host": "http://a b"}, "--host 'http://a b' is no address"),
        ({"from": "2016-01", "to": "2016-12"}, "it has scenes from 2022-01"),
        ({"out": lambda folder: empty(folder) / "out"}, "cannot be written"),
    ],
)
def test_wrong_input_is_one_line_and_leaves_nothing(
    small_district: District, tmp_path: Path, changes: dict[str, object], said: str
) -> None:
    made = {name: value(tmp_path) if callable(value) else value for name, value in changes.items()}
    before = {path.name for path in tmp_path.iterdir()}
    ran = scan(small_district, made.pop("out", tmp_path / "out"), **made)  # type: ignore[arg-type]
    assert ran.returncode == 2
    assert ran.stdout == ""
    assert ran.stderr.startswith("leachwatch: ")
    assert ran.stderr.count("\n") == 1
    assert said in ran.stderr
    assert {path.name for path in tmp_path.iterdir()} == before


def test_ctrl_c_leaves_no_tables_and_says_that_the_scan_goes_on(
    small_district: District, tmp_path: Path
) -> None:
    command = [
        PROGRAM, "scan", "--catalog", small_district.catalog, "--area", small_district.area,
        "--from", "2022-01", "--to", "2023-02", "--out", tmp_path / "out",
    ]  # fmt: skip
    with subprocess.Popen(list(map(str, command)), stderr=subprocess.PIPE, text=True) as running:
        while not (tmp_path / "out").exists() and running.poll() is None:
            time.sleep(0.01)
        running.send_signal(signal.SIGINT)
        _, said = running.communicate()
    assert running.returncode == 130
    assert said.splitlines() == [
        "leachwatch: stopping; what is being worked is finished first",
        "leachwatch: stopped; the same command goes on from there.",
    ]
    # a tile may have been done before the signal came; of tables there is none
    assert {path.name for path in (tmp_path / "out").glob("*")} <= {"work"}


def test_a_wrong_option_is_said_without_a_traceback() -> None:
    ran = leachwatch("scan", "--colour", "red")
    assert ran.returncode == 2
    assert "Traceback" not in ran.stderr
    assert "--colour" in ran.stderr


def test_the_truth_of_another_place_is_refused(scanned: Scanned, tmp_path: Path) -> None:
    truth = json.loads(scanned.district.truth.read_text(encoding="utf-8"))
    truth["bounds"] = [700_000, 100_000, 701_000, 101_000]
    path = tmp_path / "truth.json"
    path.write_text(json.dumps(truth), encoding="utf-8")
    ran = leachwatch("score", scanned.report.out, path)
    assert ran.returncode == 2
    assert "is of another place than the truth" in ran.stderr


def test_boundaries_ask_nobody_offline_and_nobody_without_a_place_to_keep_them(tmp_path: Path) -> None:
    for options, said in (
        (["--out", tmp_path / "a.geojson", "--offline"], "--offline asks no host"),
        ([], "give --out FILE or --case DIR, one of the two"),
        (["--case", tmp_path], "is no case folder"),
    ):
        ran = leachwatch("boundaries", "MMR", "ADM3", *options)
        assert ran.returncode == 2
        assert said in ran.stderr
        assert ran.stderr.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_a_case_is_made_and_says_what_it_lacks(tmp_path: Path) -> None:
    made = leachwatch("new", "kachin", cwd=tmp_path)
    assert made.returncode == 0
    settings = tmp_path / "kachin" / "case.yaml"
    text = settings.read_text(encoding="utf-8")
    assert "catalog: earth-search" in text
    settings.write_text(text.replace("earth-search\n", "scenes/catalog.json\n"), encoding="utf-8")
    ran = leachwatch("run", "kachin", cwd=tmp_path)
    assert ran.returncode == 2
    assert "kachin/scenes/catalog.json: there is no such catalog" in ran.stderr
    assert not (tmp_path / "kachin" / "out").exists()


@pytest.mark.slow
def test_the_demo_makes_a_case_that_runs_again_to_the_same_bytes(tmp_path: Path) -> None:
    first = leachwatch("demo", cwd=tmp_path)
    assert first.returncode == 0, first.stderr
    page = tmp_path / first.stdout.splitlines()[-1].removeprefix("page: ")
    assert page == tmp_path / "demo" / "out" / "index.html"
    assert "Simulated" in page.read_text(encoding="utf-8")
    before = {path.name: path.read_bytes() for path in page.parent.glob("*.*") if "manifest" not in path.name}
    again = leachwatch("run", "demo", "--json", cwd=tmp_path)
    assert json.loads(again.stdout)["page"] == "demo/out/index.html"
    after = {path.name: path.read_bytes() for path in page.parent.glob("*.*") if "manifest" not in path.name}
    del before["ro-crate-metadata.json"], after["ro-crate-metadata.json"]
    assert before == after
    scored = leachwatch("score", "demo/out", "demo/scenes/truth.json", "--json", cwd=tmp_path)
    assert json.loads(scored.stdout)["f1"] > 0.5
    over = leachwatch("demo", "--out", tmp_path, cwd=tmp_path)
    assert over.returncode == 2
    assert "holds something that is no demo" in over.stderr


def test_score_names_a_truth_that_is_none(scanned: Scanned, tmp_path: Path) -> None:
    path = tmp_path / "truth.json"
    path.write_text("{}", encoding="utf-8")
    ran = leachwatch("score", scanned.report.out, path)
    assert ran.returncode == 2
    assert "not a truth file" in ran.stderr


def test_doctor_finds_everything_it_needs() -> None:
    ran = leachwatch("doctor", "--json")
    assert ran.returncode == 0
    found = {finding["name"]: finding for finding in json.loads(ran.stdout)}
    assert found["GDAL"]["ok"]
    assert "GTiff" in found["GDAL"]["value"] or "LIBERTIFF" in found["GDAL"]["value"]


def test_a_case_begins_from_one_that_ships(tmp_path: Path) -> None:
    made = leachwatch("new", "kachin", "--template", "kachin", cwd=tmp_path)
    assert made.returncode == 0, made.stderr
    assert (tmp_path / "kachin" / "claims.yaml").is_file()
    refused = leachwatch("new", "other", "--template", "kachen", cwd=tmp_path)
    assert refused.returncode == 2
    assert refused.stderr.startswith("leachwatch: --template kachen: there is no such template; did you mean")

"""What goes into files for others, what never does, and that the same tables give the same bytes."""

from __future__ import annotations

import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from exchange.conftest import BY_NAME, CLAIMS, MADE, NAMES, SECRETS, TITLE, Rows, invented
from leachwatch import tables
from leachwatch.errors import OutputError, RecordError, TableError
from leachwatch.exchange import write_files
from leachwatch.exchange.allowed import ALLOWED
from leachwatch.exchange.colours import STATES, year_colours
from leachwatch.exchange.public import read_account
from leachwatch.publish.symbols import COLOURS, SHADES

WITHHELD = {("sites", "review_reason"), ("observations", "note")}


def everything(folder: Path) -> dict[str, bytes]:
    """Bytes of every file, those inside zip files too."""
    found = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            found[path.relative_to(folder).as_posix()] = path.read_bytes()
            if path.suffix == ".xlsx":
                with zipfile.ZipFile(path) as package:
                    found |= {f"{path.name}/{name}": package.read(name) for name in package.namelist()}
    return found


@pytest.mark.parametrize("table", BY_NAME.values(), ids=lambda table: table.name)
def test_every_column_is_either_let_out_or_kept_by_name(table: tables.Table) -> None:
    kept = {column for name, column in WITHHELD if name == table.name}
    assert {column.name for column in table.columns} == {*ALLOWED[table.name], *kept}


def test_what_stays_behind_is_in_no_file(written: Path) -> None:
    content = everything(written)
    for path in written.rglob("*.parquet"):
        content[f"{path.name} read"] = pd.read_parquet(path).to_csv().encode()
    for secret in SECRETS:
        assert not [name for name, part in content.items() if secret.encode() in part], secret


def test_what_stays_behind_is_in_the_tables(out: Path) -> None:
    read = "".join(pd.read_parquet(path).to_csv() for path in out.glob("*.parquet"))
    assert all(secret in read for secret in SECRETS)


def test_equal_tables_give_equal_bytes(out: Path, written: Path, tmp_path: Path) -> None:
    time.sleep(1.1)  # a clock that is read anywhere shows
    again = tmp_path / "again"
    notes = ["June was under cloud."]
    write_files(out, again, title=TITLE, made=MADE, notes=notes, claims=CLAIMS, names=NAMES)
    assert everything(again) == everything(written)


def test_every_file_of_the_ground_says_that_it_is_simulated(written: Path) -> None:
    ground = {"sites", "site_months", "spells", "patches", "coverage", "site_control", "control_counts"}
    for path in written.rglob("*.*"):
        if path.is_file() and (path.stem in ground or path.parent == written):
            found = b"imulated" in path.read_bytes() or b"SIMULATED" in path.read_bytes()
            assert found or path.suffix == ".xlsx", path


def test_figures_of_trade_are_not_called_simulated(written: Path) -> None:
    for name in ("observations", "series"):
        assert b"imulated" not in (written / "csv" / f"{name}.csv").read_bytes()


def test_a_simulated_scan_without_a_site_is_simulated_by_word(
    put: Callable[[Rows], Path], tmp_path: Path
) -> None:
    rows = {name: [] if name != "coverage" else many for name, many in invented().items()}
    out = put({name: rows[name] for name in ("sites", "site_months", "spells", "patches", "coverage")})
    write_files(out, tmp_path / "files", title="Nothing", made=MADE, simulated=True)
    assert (
        (tmp_path / "files" / "csv" / "coverage.csv")
        .read_text(encoding="utf-8")
        .splitlines()[1]
        .endswith("true")
    )
    assert "SIMULATED" in (tmp_path / "files" / "ro-crate-metadata.json").read_text(encoding="utf-8")


def test_no_claim_actor_or_territory_leaves_that_was_not_said_to_be_published(
    out: Path, tmp_path: Path
) -> None:
    write_files(out, tmp_path / "files", title="", made=MADE)
    for name in ("readings", "verdicts", "site_control", "control_counts"):
        (header,) = (tmp_path / "files" / "csv" / f"{name}.csv").read_text(encoding="utf-8").splitlines()
        assert header


def test_real_sites_are_not_called_simulated(put: Callable[[Rows], Path], tmp_path: Path) -> None:
    rows = invented()
    for site in rows["sites"]:
        site["simulated"] = False
    write_files(put(rows), tmp_path / "files", title="Real", made=MADE)
    assert not [name for name, part in everything(tmp_path / "files").items() if b"SIMULATED" in part]


def test_claims_that_not_everybody_may_see_stay_behind(put: Callable[[Rows], Path]) -> None:
    rows = invented()
    for name in ("verdicts", "readings"):
        own = rows[name][0]
        rows[name] = [own, own | {"claim_id": "c2", "why": "somebody hidden"}]
    rows["verdicts"][1]["clear"] = False
    account = read_account(put(rows), title="Invented", made=MADE, claims={"c1", "c2"})
    for name in ("verdicts", "readings"):
        shown = account.table(name)
        assert shown is not None
        assert shown.values("claim_id") == ["c1"]


def test_tables_of_trade_alone_can_be_written(put: Callable[[Rows], Path], tmp_path: Path) -> None:
    out = put({"observations": invented()["observations"]})
    made = write_files(out, tmp_path / "files", title="Trade", made=MADE)
    assert {path.relative_to(tmp_path / "files").as_posix() for path in made} == {
        "csv/datapackage.json", "csv/observations.csv", "parquet/observations.parquet",
        "ro-crate-metadata.json", "tables.xlsx",
    }  # fmt: skip


def test_months_without_their_sites_are_refused(put: Callable[[Rows], Path], tmp_path: Path) -> None:
    out = put({"site_months": invented()["site_months"]})
    with pytest.raises(TableError, match=r"sites\.parquet: no such table"):
        write_files(out, tmp_path / "files", title="", made=MADE)
    assert not (tmp_path / "files").exists()


def test_what_cannot_be_written_is_said_in_a_line(out: Path, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("", encoding="utf-8")
    with pytest.raises(OutputError, match="choose another folder"):
        write_files(out, tmp_path / "taken", title="", made=MADE)
    with pytest.raises(RecordError, match="SPDX"):
        write_files(out, tmp_path / "files", title="", made=MADE, licence="as you like it")
    with pytest.raises(TableError, match="holds no table"):
        write_files(tmp_path, tmp_path / "files", title="", made=MADE)


def test_maps_have_the_colours_of_the_page() -> None:
    assert {state: COLOURS[state] for state in STATES} == dict(STATES)  # type: ignore[index]
    assert set(year_colours([None, *range(2015, 2023)]).values()) == set(SHADES.values())

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from shapely.geometry import box

from leachwatch.imagery import Tile
from leachwatch.scanning import ScanSettings, journal
from leachwatch.scanning.jobs import Job
from leachwatch.scanning.made_by import MAKERS, made_by
from leachwatch.storage import FolderShelf

TILE = Tile(32647, 0, 0, 512, 512)


def packages(folder: Path, content: bytes = b"x = 1\n") -> Path:
    for name in MAKERS:
        (folder / name / "inner").mkdir(parents=True)
        (folder / name / "inner" / "module.py").write_bytes(content)
    return folder


def name_of_a_tile(folder: Path, settings: ScanSettings) -> str:
    ground = box(*TILE.bounds)
    return journal.Journal(FolderShelf(folder), settings).name(Job(TILE, ground, ground, TILE, TILE, ()))


def test_the_same_code_is_the_same_wherever_it_lies(tmp_path: Path) -> None:
    assert made_by(packages(tmp_path / "a")) == made_by(packages(tmp_path / "b"))


@pytest.mark.parametrize("package", MAKERS)
def test_a_changed_module_of_any_package_is_other_code(tmp_path: Path, package: str) -> None:
    before, after = packages(tmp_path / "a"), packages(tmp_path / "b")
    (after / package / "inner" / "module.py").write_bytes(b"x = 2\n")
    assert made_by(before) != made_by(after)


def test_every_package_that_makes_a_tile_is_there() -> None:
    root = Path(journal.__file__).parents[1]
    assert all((root / package / "__init__.py").is_file() for package in MAKERS)


def test_a_tile_kept_by_other_code_of_the_same_version_is_not_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = ScanSettings()
    own = name_of_a_tile(tmp_path, settings)
    assert name_of_a_tile(tmp_path, replace(settings, threads=7)) == own
    monkeypatch.setattr(journal, "made_by", lambda: "older code")
    assert name_of_a_tile(tmp_path, settings) != own

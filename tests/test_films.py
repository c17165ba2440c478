"""Films on disk: what is written is read, what is damaged is not there, and no name leads elsewhere."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from leachwatch import films
from leachwatch.errors import OutputError

NAME = "47N-04337-28210-202210"


def film(looks: int = 3, side: int = 8) -> films.Film:
    dice = np.random.default_rng(looks)
    evidence = dice.uniform(-2, 2, (looks, side, side)).astype(np.float16)
    evidence[:, :2] = np.nan
    return films.Film(
        days=tuple(date(2022, 1 + look, 3) for look in range(looks)),
        states=("absent", "", *["active"] * (looks - 2)),
        looks=looks + 4,
        pixel_m=10,
        colours=dice.integers(1, 256, (looks, side, side, 3)).astype(np.uint8),
        evidence=evidence,
        judged=np.ones((side, side), np.bool_),
        pool=np.eye(side, dtype=np.bool_),
    )


def test_what_is_written_is_read(tmp_path: Path) -> None:
    made = film()
    films.write(tmp_path, NAME, made)
    found = films.read(tmp_path, NAME)
    assert found is not None
    assert (found.days, found.states, found.looks, found.pixel_m) == (
        made.days,
        made.states,
        made.looks,
        made.pixel_m,
    )
    for name in ("colours", "evidence", "judged", "pool"):
        assert_array_equal(getattr(found, name), getattr(made, name))
    assert found.unseen[:, :2].all()
    assert not found.unseen[:, 2:].any()


def test_equal_films_give_equal_bytes(tmp_path: Path) -> None:
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        films.write(tmp_path / folder, NAME, film())
    first, second = (tmp_path / folder / "strips" / f"{NAME}.npz" for folder in ("a", "b"))
    assert first.read_bytes() == second.read_bytes()


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 no archive", b"\x80\x04\x95\x00"])
def test_a_damaged_film_is_not_there(tmp_path: Path, content: bytes) -> None:
    films.write(tmp_path, NAME, film())
    (tmp_path / "strips" / f"{NAME}.npz").write_bytes(content)
    assert films.read(tmp_path, NAME) is None


def test_a_film_whose_parts_do_not_fit_is_not_there(tmp_path: Path) -> None:
    whole = film()
    for odd in (
        replace(whole, colours=whole.colours[:2]),
        replace(whole, states=("absent", "", "elsewhere")),
        replace(whole, pool=whole.pool[1:]),
        replace(whole, pixel_m=0),
        replace(whole, evidence=np.zeros((3, 8, 8), np.float16).astype(object)),
    ):
        films.write(tmp_path, NAME, odd)
        assert films.read(tmp_path, NAME) is None


@pytest.mark.parametrize("name", ["../sites", "/etc/passwd", "a/b", "", ".", "a.b", "x" * 81])
def test_a_name_that_could_lead_elsewhere_is_no_name(tmp_path: Path, name: str) -> None:
    assert films.path_of(tmp_path, name) is None
    assert films.read(tmp_path, name) is None
    with pytest.raises(OutputError, match="is no name for a file"):
        films.write(tmp_path, name, film())


def test_films_are_taken_away_and_what_others_put_there_stays(tmp_path: Path) -> None:
    films.clear(tmp_path)
    films.write(tmp_path, NAME, film())
    drawn, strange = (tmp_path / "strips" / name for name in (f"{NAME}.png", "notes.txt"))
    drawn.write_bytes(b"drawn")
    strange.write_text("mine", encoding="utf-8")
    films.clear(tmp_path)
    assert [path.name for path in (tmp_path / "strips").iterdir()] == ["notes.txt"]
    strange.unlink()
    films.clear(tmp_path)
    assert not (tmp_path / "strips").exists()


def test_a_link_is_taken_away_and_not_followed(tmp_path: Path) -> None:
    elsewhere, out = tmp_path / "elsewhere", tmp_path / "out"
    elsewhere.mkdir()
    out.mkdir()
    (elsewhere / "holiday.png").write_bytes(b"precious")
    (out / "strips").symlink_to(elsewhere)
    films.clear(out)
    films.write(out, NAME, film())
    assert [path.name for path in elsewhere.iterdir()] == ["holiday.png"]
    assert not (out / "strips").is_symlink()


def test_a_file_in_the_way_is_named(tmp_path: Path) -> None:
    (tmp_path / "strips").write_text("in the way", encoding="utf-8")
    films.clear(tmp_path)
    with pytest.raises(OutputError, match=r"strips: cannot be made .*; take it away"):
        films.write(tmp_path, NAME, film())

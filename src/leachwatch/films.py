"""Films: a site's looks as small pictures, so that a person sees what it was taken for; how they are kept."""

from __future__ import annotations

import io
import json
import re
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from leachwatch.errors import OutputError
from leachwatch.tables import STATES
from leachwatch.writing import write_whole

__all__ = ["FOLDER", "Film", "clear", "path_of", "read", "undrawn", "write"]

FOLDER = "strips"
"""Where films and what is drawn of them lie, in the folder of a scan."""

_NAME = re.compile(r"[0-9A-Za-z][0-9A-Za-z_-]{0,79}")
_SUFFIXES = (".npz", ".png")
_ARRAYS = ("colours", "evidence", "judged", "pool")
_DAMAGED = (OSError, ValueError, LookupError, TypeError, EOFError, BadZipFile, zlib.error)


@dataclass(frozen=True, eq=False)
class Film:
    """Looks at one site, all of one window. t looks; north is up.

    Attributes
    ----------
    days : tuple of date
        Looks that are shown, rising.
    states : tuple of str
        What the site was in each (`leachwatch.tables.STATES`); empty between two states.
    looks : int
        Looks in which the site was seen; `days` are some of them, or all.
    pixel_m : int
        Side of a pixel, m; more than 10 where the site is large.
    colours : ndarray of uint8, shape (t, y, x, 3)
        Red, green and blue under one stretch for all looks; all 0 where there is no picture. Clouds are not
        taken out.
    evidence : ndarray of float16, shape (t, y, x)
        Log odds that the look shows a pool; NaN where it was not asked or did not see the ground.
    judged, pool : ndarray of bool, shape (y, x)
        Where evidence is asked for, and where there are pools in any look.
    """

    days: tuple[date, ...]
    states: tuple[str, ...]
    looks: int
    pixel_m: int
    colours: NDArray[np.uint8]
    evidence: NDArray[np.float16]
    judged: NDArray[np.bool_]
    pool: NDArray[np.bool_]

    @property
    def unseen(self) -> NDArray[np.bool_]:
        """Where evidence is asked for and the ground was not seen, shape (t, y, x)."""
        result: NDArray[np.bool_] = self.judged & np.isnan(self.evidence)
        return result


def path_of(out: Path, site_id: str, suffix: str = ".npz") -> Path | None:
    """Name a site's file; None for an id that no scan gives, which could lead anywhere.

    Examples
    --------
    >>> path_of(Path("out"), "47N-04337-28210-202210", ".png").as_posix()
    'out/strips/47N-04337-28210-202210.png'
    >>> path_of(Path("out"), "../../elsewhere")
    """
    return out / FOLDER / f"{site_id}{suffix}" if _NAME.fullmatch(site_id) else None


def write(out: Path, site_id: str, film: Film) -> None:
    """Keep a film, whole or not at all.

    Raises
    ------
    OutputError
        If it cannot be written.
    """
    path = path_of(out, site_id)
    if path is None:
        raise OutputError(f"{site_id!r}: is no name for a file; scan again")
    try:
        path.parent.mkdir(exist_ok=True)
    except OSError as error:
        raise OutputError(f"{path.parent}: cannot be made ({error.strerror}); take it away") from error
    said = {
        "days": [day.isoformat() for day in film.days],
        "states": film.states,
        "looks": film.looks,
        "pixel_m": film.pixel_m,
    }
    content = io.BytesIO()
    text = np.frombuffer(json.dumps(said).encode(), np.uint8)
    np.savez_compressed(content, said=text, **{name: getattr(film, name) for name in _ARRAYS})
    write_whole(path, content.getvalue())


def read(out: Path, site_id: str) -> Film | None:
    """Read a site's film; None where there is none, or none that can be read."""
    path = path_of(out, site_id)
    if path is None or not path.is_file():
        return None
    try:
        with np.load(io.BytesIO(path.read_bytes()), allow_pickle=False) as content:
            said = json.loads(bytes(content["said"]))
            film = Film(
                days=tuple(date.fromisoformat(day) for day in said["days"]),
                states=tuple(map(str, said["states"])),
                looks=int(said["looks"]),
                pixel_m=int(said["pixel_m"]),
                **{name: content[name] for name in _ARRAYS},
            )
    except _DAMAGED:
        return None
    return film if _sound(film) else None


def clear(out: Path) -> None:
    """Take away the films of an earlier scan and what was drawn of them; a link is not followed.

    Raises
    ------
    OutputError
        If one cannot be taken away.
    """
    folder = out / FOLDER
    try:
        if folder.is_symlink():
            folder.unlink()
        for path in list(_files(folder)):
            path.unlink(missing_ok=True)
    except OSError as error:
        raise OutputError(f"{folder}: cannot be taken away ({error.strerror}); delete it") from error
    with suppress(OSError):
        folder.rmdir()


def undrawn(out: Path) -> int:
    """Count the films that no picture was drawn of: whoever draws them was stopped, or never asked."""
    files = list(_files(out / FOLDER))
    drawn = {path.stem for path in files if path.suffix == ".png"}
    return sum(path.suffix == ".npz" and path.stem not in drawn for path in files)


def _files(folder: Path) -> Iterator[Path]:
    if folder.is_dir():
        yield from (
            path
            for path in folder.iterdir()
            if path.suffix in _SUFFIXES and _NAME.fullmatch(path.stem) and not path.is_dir()
        )


def _sound(film: Film) -> bool:
    """Whether the parts of a film fit each other, so that whoever draws it need not ask."""
    looks, shape = len(film.days), film.pool.shape
    return (
        looks == len(film.states) > 0
        and set(film.states) <= {*STATES, ""}
        and film.pixel_m > 0
        and len(shape) == 2  # noqa: PLR2004 - rows and columns
        and min(shape) > 0
        and film.judged.shape == shape
        and film.colours.shape == (looks, *shape, 3)
        and film.evidence.shape == (looks, *shape)
        and film.colours.dtype == np.uint8
        and film.evidence.dtype == np.float16
        and film.judged.dtype == film.pool.dtype == np.bool_
    )

"""The demo: the Kachin case with images of a made-up district in place of real ones, ready to run."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from leachwatch.case import template_files
from leachwatch.errors import OutputError
from leachwatch.simulate import district

__all__ = ["make_demo"]

_CASE = """\
# The records are those of the Kachin case, about the real world. The images are of a made-up district: no
# real place is in them, and no claim about a real site is held against them. `leachwatch run .` computes it
# all again.
title: "What was said of Kachin, beside simulated district {seed}"
areas: scenes/area.geojson
dates:
  from: {first}
  to: {last}
imagery:
  catalog: scenes/catalog.json
"""

_MARK = "leachwatch demo"
_OF_REAL_PLACES = {"case.yaml", "areas.geojson"}
"""Files of the Kachin case that say what to watch; the demo watches its own district."""


def make_demo(folder: Path, *, seed: int) -> Path:
    """Simulate a district and write a case around it, with the records of the Kachin case.

    Parameters
    ----------
    folder : Path
        Made if it is not there; an earlier demo in it is replaced, with what was computed and reviewed in it.
    seed : int
        Which district.

    Returns
    -------
    Path
        The case folder.

    Raises
    ------
    OutputError
        If the folder holds something else, or cannot be written.
    """
    mark = folder / ".demo"
    if folder.exists() and not folder.is_dir():
        raise OutputError(f"{folder}: is a file, not a folder; choose another --out")
    if folder.exists() and any(folder.iterdir()) and not mark.exists():
        raise OutputError(f"{folder}: holds something that is no demo; choose another --out")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        mark.write_text(_MARK, encoding="utf-8")
        if (folder / "out").exists():
            shutil.rmtree(folder / "out")
        (folder / "reviews.jsonl").unlink(missing_ok=True)
        for name, content in template_files("kachin").items():
            if name not in _OF_REAL_PLACES:
                (folder / name).write_bytes(content)
        made = district(folder / "scenes", seed=seed)
        days = json.loads(made.truth.read_text(encoding="utf-8"))["looks"]
        text = _CASE.format(seed=seed, first=days[0][:7], last=days[-1][:7])
        (folder / "case.yaml").write_text(text, encoding="utf-8")
    except OSError as error:
        raise OutputError(f"{folder}: cannot be written ({error.strerror}); choose another --out") from error
    return folder

"""What readers open: the page, pictures, files for other tools, and a word on what is what."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

from leachwatch.claims import CLAIM_REVIEWS
from leachwatch.exchange import write_files
from leachwatch.publication.layout import CASE, FILES, PICTURES, README, REVIEWS
from leachwatch.publication.reckoning import Progress, Reckoned
from leachwatch.publish import page
from leachwatch.publish.pictures import draw_pictures
from leachwatch.writing import write_whole

__all__ = ["present"]

_README = """\
{title}
{line}
{simulated}
Made on {made} with leachwatch. Open index.html in any browser: it asks nothing of any network.

index.html            the page: map, claims, timeline, trade, limits
pictures/             the same as pictures for print, each with its data and a description in words
files/                tables for GIS, Google Earth, spreadsheets and other programs
claimreview.jsonld    verdicts as ClaimReview of schema.org, where there are claims
case/                 what all of it was computed from, with the records and their sources
manifest.json         every file with its SHA-256

To check it: install leachwatch, then

    leachwatch verify FOLDER

compares every file with the manifest, computes everything again from case/, offline, and says what differs.
It does not read the satellite images again; case/out/manifest.json names each that was read.

What it cannot tell you stands at the end of the page. Whom it does not name was left out on purpose: please
do not try to find out.
"""


def present(reckoned: Reckoned, folder: Path, *, made: date, progress: Progress) -> None:
    """Write everything that readers open into a publication, whose public case is in it already.

    Parameters
    ----------
    reckoned : Reckoned
        The public case.
    folder : Path
        The publication.
    made : date
        Day that is printed as the day it was made.
    progress : callable
        Told what is being done, how much of it is, and of how much.

    Raises
    ------
    LeachwatchError
        If a table cannot be used or a file cannot be written.
    """
    case, out = reckoned.case, reckoned.case.out
    drawn = page(
        out,
        title=case.title,
        simulated=reckoned.simulated,
        made=made,
        notes=reckoned.notes,
        statements=reckoned.statements,
        records=reckoned.records,
        release=reckoned.release,
    )
    drawn.rename(folder / drawn.name)
    draw_pictures(
        out,
        folder / PICTURES,
        simulated=reckoned.simulated,
        statements=reckoned.statements,
        progress=progress,
    )
    progress("files", 0, 1)
    records = reckoned.records
    write_files(
        out,
        folder / FILES,
        title=case.title,
        made=made,
        licence=case.licence,
        notes=reckoned.notes,
        simulated=reckoned.simulated,
        claims=records.claims.keys(),
        names={one.label for one in records.actors.values()}
        | {one.name for one in records.territories.values()},
    )
    if (out / CLAIM_REVIEWS).is_file():
        shutil.move(out / CLAIM_REVIEWS, folder / REVIEWS)
    write_whole(folder / README, _readme(reckoned, made))
    for lock in (folder / CASE).glob(".*"):
        lock.unlink()
    progress("files", 1, 1)


def _readme(reckoned: Reckoned, made: date) -> str:
    title = reckoned.case.title
    simulated = "\nSIMULATED IMAGES: the sites in it are made up.\n" if reckoned.simulated else ""
    return _README.format(title=title, line="=" * len(title), simulated=simulated, made=made)

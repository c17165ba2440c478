"""What a publication is made of, and whether it is all there and up to date."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from leachwatch import tables
from leachwatch.case import Case, read_reviews
from leachwatch.case.records import Records
from leachwatch.errors import ReleaseError
from leachwatch.publication.layout import SCAN, SEEN, STRIPS, last_publication
from leachwatch.release import CLEARANCE
from leachwatch.trade import add_withheld

__all__ = ["case_digest", "protects", "refuse_unseen_reviews", "trade_of"]

_APART = (CLEARANCE, "verdicts.jsonl", ".gitignore")
"""Files of a case that say what came out of it, or what was searched."""

_NOT_SEARCHED = ("out", "publications", "evidence")
"""Folders of a case that hold much, and no drawing that a record names."""

_DRAWN = (".geojson", ".json", ".gpkg", ".shp", ".dbf", ".shx", ".prj")


def case_digest(case: Path) -> str:
    """SHA-256 over everything in a case that a publication is made of; the vault is not opened."""
    whole = sha256()
    for path in _files(case):
        name = path.relative_to(case).as_posix().encode()
        whole.update(len(name).to_bytes(8, "big") + name + sha256(path.read_bytes()).digest())
    last = last_publication(case)
    whole.update(last.name.encode() if last is not None else b"")
    return whole.hexdigest()


def protects(records: Records) -> bool:
    """Whether a case has a source of its own who must not be found.

    Those whom it knows from publications alone (``through``) are for these to protect.
    """
    reported = {one.source for one in records.citations.values() if one.through}
    own = {one.source for one in records.citations.values() if not one.through}
    own |= records.sources.keys() - reported
    return any(one.id in own and (one.kind == "person" or one.anonymous) for one in records.sources.values())


def refuse_unseen_reviews(case: Case) -> None:
    """Refuse tables that do not know yet what people decided about their sites.

    Raises
    ------
    ReleaseError
        If a site was reviewed since the case was run.
    """
    sites = tables.read(case.out, tables.SITES)
    known = dict(zip(sites["site_id"], sites["review"], strict=True))
    last = {one.site_id: one.decision for one in read_reviews(case.reviews)}
    for site, decision in last.items():
        if known.get(site, decision) != decision:
            raise ReleaseError(
                f"{site}: was {decision} since the case was run; run `leachwatch run {case.folder}` first"
            )


def trade_of(public: Path, case: Path | None, folder: Path) -> Path:
    """Lay out the files of trade of a public case, and beside them those that may not be passed on.

    Parameters
    ----------
    public : Path
        The public case.
    case : Path or None
        Case folder that has those files; None goes without.
    folder : Path
        Made here.

    Returns
    -------
    Path
        The folder, to be taken as that of a case.
    """
    shutil.copytree(public, folder, ignore=shutil.ignore_patterns("out"))
    if case is not None:
        add_withheld(case, folder)
    return folder


def _files(case: Path) -> Iterator[Path]:
    """List settings, records, what they name beside them, trade, and what a scan left."""
    for path in sorted(case.iterdir()):
        if path.is_dir():
            yield from _inside(path)
        elif path.name not in _APART and path.suffix not in {".age", ".lock"}:
            yield path
    out = case / "out"
    seen = [out / SCAN, *(out / table.file_name for table in SEEN), *sorted((out / STRIPS).glob("*.npz"))]
    yield from (path for path in seen if path.is_file())


def _inside(folder: Path) -> Iterator[Path]:
    """List files of trade, and drawings in folders of people's own."""
    if folder.name in _NOT_SEARCHED:
        return
    for path in sorted(folder.rglob("*")):
        in_trade = folder.name == "trade" and not path.name.startswith(".")
        if path.is_file() and (in_trade or path.suffix.lower() in _DRAWN):
            yield path

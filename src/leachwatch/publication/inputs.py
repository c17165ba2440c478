"""What a publication is made of, and whether it is all there and up to date."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from leachwatch import tables
from leachwatch.case import Case, read_reviews
from leachwatch.case.records import Records
from leachwatch.errors import ReleaseError
from leachwatch.publication.layout import SCAN, SEEN, STRIPS, last_publication
from leachwatch.release import CLEARANCE
from leachwatch.trade import add_withheld, pass_on

__all__ = ["case_digest", "protects", "refuse_unseen_reviews", "trade_of"]

_APART = (CLEARANCE, "verdicts.jsonl", ".gitignore")
"""Files of a case that say what came out of it, or what was searched."""

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


def trade_of(case: Path, folder: Path) -> Path:
    """Lay out files of trade as they are published, and beside them those that may not be passed on.

    Returns
    -------
    Path
        The folder, to be taken as that of a case.
    """
    pass_on(case, folder)
    add_withheld(case, folder)
    return folder


def _files(case: Path) -> Iterator[Path]:
    """List settings, records, what they name beside them, trade, and what a scan left."""
    for path in sorted(case.iterdir()):
        if path.is_file() and path.name not in _APART and path.suffix not in {".age", ".lock"}:
            yield path
    out = case / "out"
    kept = {out / "work", case / "publications", case / "evidence"}
    for path in sorted(case.rglob("*")):
        inside = path.parent != case and not kept & {path, *path.parents} and path.is_file()
        in_trade = (case / "trade") in path.parents and not path.name.startswith(".")
        drawn = out not in path.parents and path.suffix.lower() in _DRAWN
        seen = path.parent in {out, out / STRIPS} and path.name in _seen(path)
        if inside and (in_trade or drawn or seen):
            yield path


def _seen(path: Path) -> frozenset[str]:
    named = {SCAN, *(table.file_name for table in SEEN)}
    return frozenset(named | ({path.name} if path.suffix == ".npz" else set()))

"""Reviews: what people decided about sites, in a record that only grows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, get_args

import shapely
from pydantic import BaseModel, ConfigDict, Field, model_validator
from shapely.geometry import mapping, shape
from shapely.geometry.base import BaseGeometry

from leachwatch import tables
from leachwatch.case.chain import Chain, ChainLine
from leachwatch.case.records.mending import nearest
from leachwatch.errors import RecordError

__all__ = ["REVIEWS", "Decision", "Reason", "Review", "in_force", "keeping", "read_reviews", "record_review"]

Decision = Literal["accepted", "rejected"]
Reason = Literal["fishpond", "landslide", "cloud", "quarry", "village", "unsure"]

REVIEWS = "reviews.jsonl"
"""Name of the record: in a case beside ``case.yaml``, else in the folder of the scan."""

_MOST_SIGNS = 500
_NO_GROUND = 1e-12  # square degrees, about a hundredth of a square metre: what rounding leaves
_AS_AREAS: dict[str, Any] = {"method": "structure", "keep_collapsed": False}
_MEND = "put the file back from a copy, or delete this line and those after it and review those sites again"


@dataclass(frozen=True)
class Review:
    """What a person decided about a place.

    Attributes
    ----------
    site_id : str
        What the site was called then.
    decision : str
        ``accepted`` or ``rejected``.
    reason : str or None
        What a rejected site is instead; ``unsure`` where nobody can tell, which is no label to learn from.
        None where it was accepted.
    day : date
        When, UTC; no more than the day, so that the record does not say when somebody was at work.
    geometry : shapely Polygon or MultiPolygon
        Outline of the site as it was then, in EPSG:4326.
    note : str
        For people; never published.
    """

    site_id: str
    decision: Decision
    reason: Reason | None
    day: date
    geometry: BaseGeometry
    note: str = ""


@dataclass(frozen=True)
class Keeping:
    """Where reviews of a case, or of a scan without one, are kept.

    Attributes
    ----------
    record : Path
        The record.
    out : Path
        Folder with the tables.
    rerun : str
        What computes the tables again.
    """

    record: Path
    out: Path
    rerun: str


class _Written(BaseModel):
    model_config: ClassVar[ConfigDict] = ConfigDict(
        extra="forbid", frozen=True, strict=True, allow_inf_nan=False
    )


_Point = tuple[Annotated[float, Field(ge=-180, le=180)], Annotated[float, Field(ge=-90, le=90)]]
_Ring = Annotated[list[_Point], Field(min_length=4)]
_Rings = Annotated[list[_Ring], Field(min_length=1)]


class _Polygon(_Written):
    type: Literal["Polygon"]
    coordinates: _Rings


class _MultiPolygon(_Written):
    type: Literal["MultiPolygon"]
    coordinates: Annotated[list[_Rings], Field(min_length=1)]


class _Line(ChainLine):
    """A line of the record."""

    day: date
    site_id: Annotated[str, Field(min_length=1, max_length=100)]
    decision: Decision
    reason: Reason | None
    note: Annotated[str, Field(max_length=_MOST_SIGNS)]
    geometry: Annotated[_Polygon | _MultiPolygon, Field(discriminator="type")]

    @model_validator(mode="after")
    def _has_its_reason(self) -> _Line:
        if (self.reason is None) != (self.decision == "accepted"):
            raise ValueError("a rejected site has a reason, an accepted one has none")
        return self


def keeping(case: Path, out: Path | None) -> Keeping:
    """Find where reviews are kept.

    Parameters
    ----------
    case : Path
        The case folder; not looked at where `out` is given.
    out : Path or None
        Folder of a scan without a case.

    Returns
    -------
    Keeping

    Raises
    ------
    RecordError
        If the one is no case, or the other belongs to one.
    """
    if out is None:
        settings = case / "case.yaml"
        if not settings.is_file():
            raise RecordError(f"{settings}: there is no such file; give a case (--case) or a scan (--out)")
        return Keeping(case / REVIEWS, case / "out", f"leachwatch run {case}")
    whole = out.resolve()
    if whole.name == "out" and (whole.parent / "case.yaml").is_file():
        raise RecordError(f"{out}: belongs to a case, which keeps its reviews itself; give --case instead")
    return Keeping(out / REVIEWS, out, "leachwatch scan into the same folder")


def read_reviews(path: Path) -> list[Review]:
    """Read the record of reviews.

    Parameters
    ----------
    path : Path
        ``reviews.jsonl`` of a case, or of the folder of a scan.

    Returns
    -------
    list of Review
        In the order in which they were made; none where there is no record.

    Raises
    ------
    RecordError
        If a line cannot be read, or is not the one that the next line was written after.
    """
    return [_review(line) for line in _record(path).read()]


def in_force(reviews: Sequence[Review]) -> list[Review]:
    """Leave to each review the ground on which no later one decided.

    Parameters
    ----------
    reviews : sequence of Review
        In the order in which they were made.

    Returns
    -------
    list of Review
        In the same order, each with what is left of its outline: itself where that is all, and without
        those of which nothing is left.
    """
    outlines = [shapely.make_valid(review.geometry, **_AS_AREAS) for review in reviews]
    tree = shapely.STRtree(outlines)
    standing = []
    for place, (review, outline) in enumerate(zip(reviews, outlines, strict=True)):
        later = shapely.union_all([outlines[one] for one in tree.query(outline) if one > place])
        if outline.intersection(later).area < _NO_GROUND:
            standing.append(review)
            continue
        left = outline.difference(later)
        if left.area >= _NO_GROUND:
            standing.append(replace(review, geometry=left))
    return standing


def record_review(  # noqa: PLR0913 - each is one thing that a reviewer says
    path: Path,
    out: Path,
    site_id: str,
    decision: str,
    *,
    reason: str | None = None,
    note: str = "",
    day: date,
) -> Review:
    """Add a person's decision about a site to the record.

    Parameters
    ----------
    path : Path
        ``reviews.jsonl``; made if it is not there.
    out : Path
        Folder with the tables that name the site.
    site_id : str
        As in ``sites``.
    decision : str
        ``accept`` or ``reject``.
    reason : str, optional
        What it is instead; must be given with ``reject``, and only then.
    note : str
        For people, up to 500 signs.
    day : date
        Today, UTC.

    Returns
    -------
    Review

    Raises
    ------
    RecordError
        If a word is not one of those, there is no such site, or the record is broken; nothing is written.
    TableError
        If there is no table of sites.
    OutputError
        If the record cannot be written.
    """
    decided, why = _decided(decision, reason)
    review = Review(site_id, decided, why, day, _outline(out, site_id), _checked(note))
    _record(path).add([_line(review)])
    return review


def _decided(decision: str, reason: str | None) -> tuple[Decision, Reason | None]:
    reasons = get_args(Reason)
    match decision, reason:
        case "accept", None:
            return "accepted", None
        case "accept", _:
            raise RecordError("--reason: says what a rejected site is; leave it out with accept")
        case "reject", None:
            raise RecordError(f"reject: say why with --reason, one of {', '.join(reasons)}")
        case "reject", str() if reason in reasons:
            return "rejected", reason  # type: ignore[return-value]
        case "reject", _:
            raise RecordError(f"--reason {reason!r}: is none of {', '.join(reasons)}; give one of them")
    raise RecordError(f"{decision!r}: is no decision; say accept or reject")


def _checked(note: str) -> str:
    if len(note) > _MOST_SIGNS:
        raise RecordError(f"--note: has {len(note)} signs, more than {_MOST_SIGNS}; shorten it")
    try:
        note.encode()
    except UnicodeEncodeError as error:
        raise RecordError("--note: is no text in UTF-8; set the terminal to UTF-8") from error
    return note


def _outline(out: Path, site_id: str) -> BaseGeometry:
    """Where a site of the tables is; a name that is gone or misspelt leads to the one that is meant."""
    sites = tables.read(out, tables.SITES)
    rows = sites[sites["site_id"] == site_id]
    if len(rows):
        outline: BaseGeometry = shapely.force_2d(rows.geometry.iloc[0])
        return outline
    where = out / tables.SITES.file_name
    heirs = [row.site_id for row in sites.itertuples() if site_id in list(row.lineage)]
    if heirs:
        raise RecordError(f"{where}: {site_id!r} is now part of {' and '.join(heirs)}; review that")
    mend = nearest(site_id, list(sites["site_id"])) or "see the page or the table for its sites"
    raise RecordError(f"{where}: there is no site {site_id!r}; {mend}")


def _record(path: Path) -> Chain[_Line]:
    return Chain(path, _Line, _MEND)


def _line(review: Review) -> dict[str, Any]:
    return {
        "day": review.day.isoformat(),
        "site_id": review.site_id,
        "decision": review.decision,
        "reason": review.reason,
        "note": review.note,
        "geometry": mapping(review.geometry),
    }


def _review(line: _Line) -> Review:
    outline = shape(line.geometry.model_dump())
    return Review(line.site_id, line.decision, line.reason, line.day, outline, line.note)

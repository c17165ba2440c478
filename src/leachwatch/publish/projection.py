"""The border between what is known and what is published.

Every column that leaves is named here, one by one. A column added to a table tomorrow stays where it is until
somebody adds it to the public model and to this file.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd

from leachwatch import tables
from leachwatch.publish.model import (
    TIERS,
    Estimate,
    Interval,
    PublicAccount,
    PublicCoverage,
    PublicPatch,
    PublicSite,
    PublicSiteMonth,
    PublicSpell,
)
from leachwatch.publish.rows import Row, models
from leachwatch.publish.shapes import shape_of

__all__ = ["Frames", "project"]


@dataclass(frozen=True)
class Frames:
    """The tables a page is made from, each as `leachwatch.tables` reads it."""

    sites: pd.DataFrame
    site_months: pd.DataFrame
    spells: pd.DataFrame
    patches: pd.DataFrame
    coverage: pd.DataFrame

    @classmethod
    def read(cls, out: Path) -> Frames:
        """Read all five from an ``out`` folder.

        Raises
        ------
        TableError
            If one is missing or does not keep the contract.
        """
        return cls(
            sites=tables.read(out, tables.SITES),
            site_months=tables.read(out, tables.SITE_MONTHS),
            spells=tables.read(out, tables.SPELLS),
            patches=tables.read(out, tables.PATCHES),
            coverage=tables.read(out, tables.COVERAGE),
        )


def project(
    frames: Frames, *, title: str, simulated: bool, made: date | None, notes: Sequence[str] = ()
) -> PublicAccount:
    """Let out what may be published, and nothing else.

    Sites that a person rejected stay behind, with every row that points to them.

    Parameters
    ----------
    frames : Frames
        The tables; columns that this module does not name are not read.
    title : str
        Headline of the page.
    simulated : bool
        True marks the page as simulated even where no site says so.
    made : date or None
        Day the page was made.
    notes : sequence of str
        Sentences for the reader; the caller answers for what they say.

    Returns
    -------
    PublicAccount
        Public values only.

    Raises
    ------
    TableError
        If a value does not fit the public model.
    """
    reviews = frames.sites["review"].tolist()
    sites = sorted(
        models("sites", _SITE, _site, frames.sites[frames.sites["review"] != "rejected"]), key=_rank
    )
    known = {site.site_id for site in sites}
    return PublicAccount(
        title=title,
        simulated=simulated or bool(frames.sites["simulated"].any()),
        made=made,
        rejected=reviews.count("rejected"),
        sites=tuple(sites),
        site_months=tuple(models("site_months", _SITE_MONTH, _site_month, _of(frames.site_months, known))),
        spells=tuple(models("spells", _SPELL, _spell, _of(frames.spells, known))),
        patches=tuple(models("patches", _PATCH, _patch, _of(frames.patches, known))),
        coverage=tuple(models("coverage", _COVERAGE, _coverage, frames.coverage)),
        notes=tuple(notes),
    )


_SITE = (
    "site_id",
    "geometry",
    "area",
    "score",
    "tier",
    "lookalike",
    "lookalike_score",
    "cleared_from_earliest",
    "cleared_from_latest",
    "pools_from_earliest",
    "pools_from_latest",
    "state",
    "state_since_earliest",
    "state_since_latest",
    "provisional",
    "pool_area_m2",
    "pool_area_m2_low",
    "pool_area_m2_high",
    "pool_count",
    "pool_count_low",
    "pool_count_high",
    "worked_area_m2",
    "hull_area_m2",
    "disturbed_area_m2",
    "review",
)


def _site(row: Row) -> PublicSite:
    return PublicSite(
        site_id=row["site_id"],
        area=row["area"],
        shape=shape_of(row["geometry"]),
        tier=row["tier"],
        score=row["score"],
        lookalike=row["lookalike"],
        lookalike_score=row["lookalike_score"],
        cleared=_interval(row, "cleared_from"),
        pools=_interval(row, "pools_from"),
        state=row["state"],
        state_since=_interval(row, "state_since"),
        provisional=row["provisional"],
        pool_area=_estimate(row, "pool_area_m2"),
        pool_count=_estimate(row, "pool_count"),
        worked_area_m2=row["worked_area_m2"],
        hull_area_m2=row["hull_area_m2"],
        disturbed_area_m2=row["disturbed_area_m2"],
        accepted=row["review"] == "accepted",
    )


_SITE_MONTH = ("site_id", "month", "pool_area_m2", "pool_area_m2_low", "pool_area_m2_high", "state")


def _site_month(row: Row) -> PublicSiteMonth:
    area = (row["pool_area_m2"], row["pool_area_m2_low"], row["pool_area_m2_high"])
    return PublicSiteMonth(
        site_id=row["site_id"],
        month=row["month"],
        pool_area=None if row["state"] == "unseen" or None in area else _estimate(row, "pool_area_m2"),
        state=row["state"],
    )


_SPELL = ("site_id", "state", "start_earliest", "start_latest", "end_earliest", "end_latest")


def _spell(row: Row) -> PublicSpell:
    return PublicSpell(
        site_id=row["site_id"],
        state=row["state"],
        start=_interval(row, "start"),
        end=_interval(row, "end"),
    )


_PATCH = ("site_id", "geometry", "first_seen_earliest", "first_seen_latest", "pool_area_m2")


def _patch(row: Row) -> PublicPatch:
    return PublicPatch(
        site_id=row["site_id"],
        shape=shape_of(row["geometry"]),
        first_seen=_interval(row, "first_seen"),
        pool_area_m2=row["pool_area_m2"],
    )


_COVERAGE = ("tile", "geometry", "month", "clear_share")


def _coverage(row: Row) -> PublicCoverage:
    return PublicCoverage(
        tile=row["tile"],
        shape=shape_of(row["geometry"]),
        month=row["month"],
        clear_share=row["clear_share"],
    )


def _of(frame: pd.DataFrame, known: set[str]) -> pd.DataFrame:
    return frame[frame["site_id"].isin(list(known))]


def _rank(site: PublicSite) -> tuple[int, float, str]:
    return TIERS.index(site.tier), -site.score, site.site_id


def _interval(row: Row, name: str) -> Interval:
    return Interval(earliest=row[f"{name}_earliest"], latest=row[f"{name}_latest"])


def _estimate(row: Row, name: str) -> Estimate:
    return Estimate(value=float(row[name]), low=float(row[f"{name}_low"]), high=float(row[f"{name}_high"]))

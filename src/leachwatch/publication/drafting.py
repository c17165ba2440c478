"""A draft: the page of a publication for one's own eyes, marked as a draft."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from leachwatch.case import Case
from leachwatch.case.records import read_records
from leachwatch.publication.carrying import carry
from leachwatch.publication.inputs import trade_of
from leachwatch.publication.layout import CASE, PUBLICATIONS
from leachwatch.publication.preparing import workshop
from leachwatch.publication.reckoning import Progress, reckon
from leachwatch.publish import page
from leachwatch.release import Withheld, release_of

__all__ = ["draft"]

_DRAFT = "DRAFT, not released: nobody has searched it for names. Do not pass it on."


def draft(case: Case, *, day: date, progress: Progress) -> tuple[Path, tuple[Withheld, ...]]:
    """Write the page as it would be published, marked as a draft.

    Returns
    -------
    Path
        The page, ``out/draft.html``.
    tuple of Withheld
        Records that stay behind, and why.

    Raises
    ------
    LeachwatchError
        As `leachwatch.publication.prepare`.
    """
    records = read_records(case.folder)
    release = release_of(records)
    with workshop(case.folder / PUBLICATIONS) as work:
        folder = work / CASE
        carry(case, records, release, folder)
        trade = trade_of(folder, case.folder, work / "trade")
        reckoned = reckon(folder, day=day, trade=trade, progress=progress)
        drawn = page(
            reckoned.case.out,
            title=case.title,
            simulated=reckoned.simulated,
            made=day,
            notes=(_DRAFT, *reckoned.notes),
            statements=reckoned.statements,
            records=reckoned.records,
            release=reckoned.release,
            language=case.language,
        )
        target = case.out / "draft.html"
        drawn.replace(target)
    return target, release.withheld

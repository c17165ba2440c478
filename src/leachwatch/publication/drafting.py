"""A draft: the page of a publication for one's own eyes, marked as a draft."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from leachwatch.case import Case
from leachwatch.case.records import read_records
from leachwatch.claims import VERDICTS_FILE
from leachwatch.publication.carrying import carry
from leachwatch.publication.layout import CASE, PUBLICATIONS, last_publication
from leachwatch.publication.preparing import workshop
from leachwatch.publication.reckoning import Progress, reckon
from leachwatch.publish import page
from leachwatch.release import Withheld, circumstances_of, new_key, public
from leachwatch.trade import add_withheld, pass_on

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
    release = public(records, new_key(), circumstances_of(case.folder))
    before = last_publication(case.folder)
    with workshop(case.folder / PUBLICATIONS) as work:
        folder, trade = work / CASE, work / "trade"
        history = before / CASE / VERDICTS_FILE if before is not None else None
        carry(case, records, release, folder, history=history)
        pass_on(case.folder, trade)
        add_withheld(case.folder, trade)
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
        )
        target = case.out / "draft.html"
        drawn.replace(target)
    return target, release.withheld

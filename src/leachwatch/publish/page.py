"""One HTML file that shows an account."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from markupsafe import Markup

from leachwatch import films
from leachwatch.case import Language
from leachwatch.case.records import Records
from leachwatch.publish import (
    assets,
    case_words,
    charts,
    film,
    packing,
    payload,
    picture,
    series,
    strips,
    symbols,
    trade_words,
    words,
)
from leachwatch.publish.bands import stretch
from leachwatch.publish.case_projection import CaseFrames, project_case
from leachwatch.publish.case_section import CaseSection, case_section
from leachwatch.publish.language import LANGUAGES, Speech, messages_of
from leachwatch.publish.model import MONTH_STATES, SITE_STATES, TIERS, PublicAccount
from leachwatch.publish.projection import Frames, project
from leachwatch.publish.trade_projection import TradeFrames, project_trade
from leachwatch.publish.trade_section import Section, section
from leachwatch.publish.yearly import yearly
from leachwatch.release import Release
from leachwatch.writing import write_whole

__all__ = ["page"]

_NAME = "index.html"
_LISTED = 100
"""Sites whose rows stand in the document as such; those of more, less sure, come with the program."""
_MOST_FILM = 5_000_000
"""Signs of all film strips on a page at the most; the surest sites have theirs."""


def page(  # noqa: PLR0913 - each says another thing
    out: Path,
    *,
    title: str,
    simulated: bool = False,
    made: date | None = None,
    notes: Sequence[str] = (),
    statements: Sequence[Any] = (),
    records: Records | None = None,
    release: Release | None = None,
    language: Language = "en",
) -> Path:
    """Write ``index.html`` from the tables of an ``out`` folder.

    The file works from anywhere, a USB stick too: it holds its data and its program, its own policy forbids
    every request, and it reads as a document with scripts off. Equal tables give equal bytes.

    Parameters
    ----------
    out : Path
        Folder with the tables ``sites``, ``site_months``, ``spells``, ``patches`` and ``coverage``, and with
        the looks at each site, as far as they are there. Tables of trade and estimates are shown too, those
        that are there.
    title : str
        Headline; any script, any characters.
    simulated : bool
        True prints across the page that it shows no real place. A site marked as simulated in the table does
        the same; this is for a simulated scan that found nothing.
    made : date, optional
        Day to print as the day the page was made.
    notes : sequence of str
        What a reader must know before believing it, such as `leachwatch.scanning.Report.caveats`.
    statements : sequence
        What the series of trade were made from (`leachwatch.trade.statement.Statement`), so that the page can
        say what contradicting ones say, and who printed them.
    records : Records, optional
        What people wrote down of the case: claims, who held the ground, what happened.
    release : Release, optional
        What of the records may be published; found out where it is not given.
    language : {"en", "my", "zh"}
        In which it opens, and in which it is read with scripts off; a script switches it.

    Returns
    -------
    Path
        The file written.

    Raises
    ------
    TableError
        If a table is missing or does not keep the contract.
    OutputError
        If the file cannot be written.

    Examples
    --------
    >>> page(Path("out"), title="Pangwa, 2022 to 2024")  # doctest: +SKIP
    PosixPath('out/index.html')
    """
    account = project(Frames.read(out), title=title, simulated=simulated, made=made, notes=notes)
    trade = section(project_trade(TradeFrames.read(out), statements))
    case = None
    if records:
        case = case_section(project_case(records, CaseFrames.read(out), release), account)
    return write_whole(out / _NAME, _render(account, _films(out, account), trade, case, Speech(language)))


def _films(out: Path, account: PublicAccount) -> Mapping[int, Markup]:
    """Draw the film strips of the surest sites, by the number of the site."""
    drawn: dict[int, Markup] = {}
    left = _MOST_FILM
    for number, site in enumerate(account.sites):
        looks = films.read(out, site.site_id)
        if looks is None:
            continue
        strip = film.draw(looks, site, name=f"pools-{number}", simulated=account.simulated, packing="small")
        left -= len(strip)
        if left < 0:
            break
        drawn[number] = strip
    return drawn


def _render(
    account: PublicAccount,
    looks: Mapping[int, Markup] | None = None,
    trade: Section | None = None,
    case: CaseSection | None = None,
    speech: Speech | None = None,
) -> str:
    styles = _styles(account, case)
    scripts, unpack = (
        (assets.chart_library(), assets.map_library(), assets.program()),
        assets.own("unpack.js"),
    )
    speech = speech or Speech("en")
    return assets.template("page.html.j2", speech, packed=packing.packed).render(
        account=account,
        listed=_LISTED,
        policy=assets.policy((unpack, *scripts), styles),
        unpack=Markup(unpack),  # noqa: S704 - our own file
        styles=[Markup(text) for text in styles],  # noqa: S704 - our own files
        scripts=[Markup(text) for text in scripts],  # noqa: S704 - our own files and the libraries'
        data=_json(speech.notes(payload.pack(account))),
        films=looks or {},
        trade=trade,
        tell=trade_words,
        case=case,
        said_of=case_words,
        stretch=stretch,
        ground_data=case.ground and _json(speech.notes(case.ground.data)) if case else None,
        language=speech.language,
        languages=LANGUAGES,
        tongues=lambda: _json(speech.book(messages_of(scripts[-1]))),
        **_pictures(account, case),
        **_texts(account),
    )  # fmt: skip


def _styles(account: PublicAccount, case: CaseSection | None) -> tuple[str, ...]:
    ours = [
        "page.css",
        *(["case.css"] if case else []),
        "language.css",
        *(["simulated.css"] if account.simulated else []),
    ]
    return (assets.map_style(), *map(assets.own, ours), _labels())


def _labels() -> str:
    """Names of columns before each cell, where the table is too narrow to have a head."""
    rules = (
        f":root:lang({language}) #table td:nth-child({place})::before{{content:{_css(said)}}}"
        for language in LANGUAGES
        for place, said in enumerate(map(Speech(language).plain, words.COLUMNS), start=1)
    )
    return f"@media (max-width:45rem){{{''.join(rules)}}}"


def _css(text: str) -> str:
    """Write a text as a string of a style sheet that stands in HTML."""
    return (
        '"' + "".join(char if char.isalnum() or char == " " else f"\\{ord(char):x} " for char in text) + '"'
    )


def _pictures(account: PublicAccount, case: CaseSection | None) -> dict[str, Any]:
    spec = charts.area_curve(account) if account.sites else None
    classes, _ = symbols.appearances(account)
    near = case.ground.near if case and case.ground else ()
    return {
        "picture": picture.draw(account, near),
        "close_ups": picture.close_ups(account),
        "years": yearly(account),
        "chart": spec and _json(spec),
        "static_chart": spec and Markup(charts.static_svg(spec, "chart-caption")),  # noqa: S704 - numbers and dates only
        "strips": strips.strips(account),
        "appearances": classes,
        "shapes": symbols.SHAPES,
        "rings": symbols.RINGS,
    }


def _texts(account: PublicAccount) -> dict[str, Any]:
    return {
        "anchors": _anchors(account),
        "summary": words.summary(account),
        "period": words.ago(account),
        "months": account.months,
        "complete_months": sum(total.complete for total in series.monthly_totals(account)),
        "tiers": TIERS,
        "site_states": SITE_STATES,
        "month_states": MONTH_STATES,
        "words": words,
    }


def _json(value: Any) -> Markup:
    return Markup(payload.embed(value))  # noqa: S704 - escaped by embed


def _anchors(account: PublicAccount) -> tuple[str, ...]:
    """For each site an id that is safe in an address: its own, or one with its number where that is not."""
    ids = [site.site_id for site in account.sites]
    return tuple(
        f"site-{site}" if re.fullmatch(r"[A-Za-z0-9_-]+", site) else f"site.{number}"
        for number, site in enumerate(ids)
    )

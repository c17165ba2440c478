"""The tables of a case: who held each site, how many sites each held, and what became of each claim."""

from __future__ import annotations

from typing import Literal, get_args

from leachwatch.tables.table import Column, Table

__all__ = [
    "ANSWERS",
    "CASE_TABLES",
    "CONTROL_COUNTS",
    "READINGS",
    "RESULTS",
    "SITE_CONTROL",
    "VERDICTS",
    "VERDICT_WORDS",
    "Answer",
    "Result",
    "Verdict",
]

Answer = Literal["yes", "possibly", "no", "unknown"]
"""Whether something held on a day. ``no`` needs somebody to have said that it began later or ended before;
without that it is ``unknown``."""

Result = Literal["supports", "refutes", "open", "uncovered", "not_computable"]
"""What one reading of a claim comes to: the estimate lies in the band, apart from it, or across its edge; the
data do not cover it; no measure at hand speaks of it."""

Verdict = Literal[
    "SUPPORTED",
    "REFUTED",
    "CONFLICTING",
    "NOT_ENOUGH_EVIDENCE",
    "NOT_COMPUTABLE",
    "CONSISTENT_NOT_INDEPENDENT",
]
"""What the computation says of the sentence.

``CONFLICTING``: right in one reading, wrong in another. ``NOT_ENOUGH_EVIDENCE``: the data do not decide it,
or do not cover it. ``NOT_COMPUTABLE``: no measure at hand speaks of it. ``CONSISTENT_NOT_INDEPENDENT``: the
data agree, and come from where the claim does.
"""

ANSWERS: tuple[str, ...] = get_args(Answer)
RESULTS: tuple[str, ...] = get_args(Result)
VERDICT_WORDS: tuple[str, ...] = get_args(Verdict)

SITE_CONTROL = Table(
    "site_control",
    ("site_id", "month", "territory", "controller"),
    (
        Column("site_id", "text", "as in sites"),
        Column("month", "date", "first day of the month"),
        Column("territory", "text", "name of the territory (null: in none that is drawn)", optional=True),
        Column("controller", "text", "who held it (null: nobody is known to)", optional=True),
        Column("answer", "text", "whether they held it in that month", words=ANSWERS),
        Column("share", "number", "share of the site's area inside the territory, 0 to 1"),
        Column("contested", "flag", "true where others contested, shared or may have held it then"),
        Column("near_border", "flag", "true where the site is nearer to a border than it is sure"),
    ),
)

CONTROL_COUNTS = Table(
    "control_counts",
    ("controller", "month"),
    (
        Column("controller", "text", "who held them"),
        Column("month", "date", "first day of the month"),
        Column("low", "number", "sites held, 5th percentile"),
        Column("p50", "number", "sites held, median"),
        Column("high", "number", "sites held, 95th percentile"),
    ),
)

READINGS = Table(
    "readings",
    ("claim_id", "reading"),
    (
        Column("claim_id", "text", "as in verdicts"),
        Column("reading", "text", "which way to understand the claim"),
        Column("low", "number", "least the data allow (null: nothing, or no number)", optional=True),
        Column("high", "number", "most the data allow (null: no limit, or no number)", optional=True),
        Column("accepted_low", "number", "least the sentence allows (null: no limit)", optional=True),
        Column("accepted_high", "number", "most the sentence allows (null: no limit)", optional=True),
        Column("unit", "text", "of all four; empty for a factor, a share, a count"),
        Column("result", "text", "what it comes to", words=RESULTS),
        Column("why", "text", "in a sentence: what was reckoned, or what is missing"),
        Column("context", "texts", "lines to read beside it, against bases picked to impress"),
        Column("inputs", "texts", "tables, figures and records it rests on"),
    ),
)

VERDICTS = Table(
    "verdicts",
    ("claim_id",),
    (
        Column("claim_id", "text", "record in claims.yaml"),
        Column("verdict", "text", "what the computation says of the sentence", words=VERDICT_WORDS),
        Column("why", "text", "in one plain sentence"),
        Column("would_change", "text", "what would change it"),
        Column("published", "text", "verdict as the team published it", words=VERDICT_WORDS, optional=True),
        Column("readings", "count", "ways to understand the claim that were tried"),
        Column("supporting", "count", "of them that support it"),
        Column("independent", "flag", "false where the data come from where the claim does"),
        Column("data", "texts", "tables it rests on, each with its SHA-256"),
        Column(
            "supersedes",
            "text",
            "verdict before this one, if it was another",
            words=VERDICT_WORDS,
            optional=True,
        ),
        Column("run_at", "date", "day on which it first came out so"),
        Column("clear", "flag", "true where the claim may be published as it is"),
    ),
)

CASE_TABLES = (SITE_CONTROL, CONTROL_COUNTS, READINGS, VERDICTS)
"""What a case adds to the tables of the ground and of trade, in the order in which it is made."""

"""The golden results of the shipped statements: China's imports of 28469019 from everywhere."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from leachwatch.trade.reconcile import Reconciled, ReconcileSettings, reconcile
from leachwatch.trade.reconcile.hypotheses import Change, applied
from leachwatch.trade.reconcile.system import build
from leachwatch.trade.statement import Statement
from leachwatch.trade.statements import shipped_statements

# Tonnes, to one; months whose exact figure is printed have it at both ends.
BOUNDS = {
    "2023-07": (4699, 4803), "2023-08": (3829, 3866), "2023-09": (2776, 2803), "2023-10": (2874, 2874),
    "2023-11": (3369, 3573), "2023-12": (4082, 4158), "2024-01": (3664, 3863), "2024-02": (3135, 3216),
    "2024-05": (5418, 5452), "2024-06": (4217, 4538), "2024-07": (4223, 4281), "2024-08": (3189, 3189),
    "2024-09": (5360, 5364), "2024-10": (3549, 3549), "2024-11": (1997, 2015), "2024-12": (2307, 2307),
    "2025-01": (2892, 2894), "2025-02": (1270, 1270), "2025-03": (2131, 2182), "2025-04": (6506, 6554),
    "2025-05": (9076.4, 9076.4),
}  # fmt: skip
SUMS = {"2023-01": (21933, 22200, 6), "2024-03": (11254, 11664, 2)}


@pytest.fixture(scope="module")
def statements() -> tuple[Statement, ...]:
    return shipped_statements()


@pytest.fixture(scope="module")
def found(statements: tuple[Statement, ...]) -> Reconciled:
    return reconcile(statements)


def by_month(series: pd.DataFrame) -> dict[str, tuple[float, float]]:
    return {
        f"{row['month']:%Y-%m}": (row["low"], row["high"])
        for row in series.to_dict("records")
        if row["identified"]
    }


def test_as_printed_the_statements_contradict_each_other(found: Reconciled) -> None:
    assert not found.feasible
    assert found.slack["P20"] == pytest.approx(4659, abs=1)
    assert set(found.slack) == {"P16", "P20", "P22"}


def test_the_repairs_name_the_misprint_first_and_the_swap_next(found: Reconciled) -> None:
    first, second, *_ = found.repairs
    assert (first.suspects, first.kind) == (("P20",), "drop")
    assert (second.suspects, second.kind) == (("P24", "P25"), "swap")
    assert found.left_out == ("P20",)
    assert found.in_force == ("P24", "P25")


def test_the_bounds_are_those_known(found: Reconciled) -> None:
    bounds = by_month(found.series)
    assert set(bounds) == set(BOUNDS)
    for month, (low, high) in BOUNDS.items():
        assert bounds[month] == pytest.approx((low, high), abs=1), month


def test_months_of_which_only_a_sum_is_known_are_given_as_sums(found: Reconciled) -> None:
    for row in found.sums.to_dict("records"):
        low, high, count = SUMS[f"{row['months'][0]:%Y-%m}"]
        assert (row["low"], row["high"]) == pytest.approx((low, high), abs=1)
        assert len(row["months"]) == count
    assert len(found.sums) == len(SUMS)


def test_the_year_2024_is_known_to_twenty_tonnes(
    statements: tuple[Statement, ...], found: Reconciled
) -> None:
    assert "the rest allows 48865.5 to 48885.8 t" in found.repairs[0].change
    year = next(one for one in statements if one.id == "P20")
    fitting = [replace(one, value=48876.0) if one is year else one for one in statements]
    assert [mend.suspects for mend in reconcile(fitting).repairs if mend.rank == 1] == [("P24", "P25")]


def test_without_the_three_all_months_but_two_are_as_known(statements: tuple[Statement, ...]) -> None:
    left = reconcile([one for one in statements if one.id not in {"P20", "P24", "P25"}])
    assert left.feasible
    bounds = by_month(left.series)
    assert set(BOUNDS) - set(bounds) == {"2024-01", "2024-02"}
    for month, ends in bounds.items():
        assert ends == pytest.approx(BOUNDS[month], abs=1), month


def test_the_swap_alone_does_not_do_and_neither_does_the_misprint(statements: tuple[Statement, ...]) -> None:
    settings = ReconcileSettings()
    system = build(statements, settings)
    at = {one.id: place for place, one in enumerate(statements)}
    yoy, mom = statements[at["P24"]], statements[at["P25"]]
    meant = (replace(yoy, value=mom.value), replace(mom, value=yoy.value))
    change = Change("swap", (at["P24"], at["P25"]), meant, 0.0, 0.0, 0.0)
    swapped = applied(system, [change], settings)
    assert system.conflict([at["P20"]], 0.001) is not None
    assert swapped.conflict([], 0.001) is not None
    assert swapped.conflict([at["P20"]], 0.001) is None


def test_nothing_looks_at_status_and_note(statements: tuple[Statement, ...], found: Reconciled) -> None:
    blank = reconcile([replace(one, status="", note="") for one in statements])
    turned = reconcile(
        [replace(one, status="misprint" if one.status == "ok" else "ok") for one in statements]
    )
    assert blank.as_dict() == found.as_dict() == turned.as_dict()


def test_the_order_of_the_statements_does_not_matter(
    statements: tuple[Statement, ...], found: Reconciled
) -> None:
    other = reconcile(statements[::-1])
    ends, known = by_month(other.series), by_month(found.series)
    assert all(ends[month] == pytest.approx(known[month], abs=0.01) for month in BOUNDS)
    assert [mend.suspects for mend in other.repairs[:2]] == [("P20",), ("P25", "P24")]


def test_what_partners_sent_is_bounded_and_its_contradictions_are_shown() -> None:
    known = reconcile(shipped_statements("partner_statements.csv"))
    best = [mend for mend in known.repairs if mend.rank == 1]
    assert {mend.suspects for mend in best} >= {("C04",), ("A19",)}
    rivals = [{mend.suspects for mend in known.repairs if mend.conflict == one.conflict} for one in best]
    assert {("A19",), ("A16",)} in rivals  # two totals of one article
    assert {("A30",), ("A30-other",)} in rivals  # two agencies, one period
    assert {"A16", "A19", "A30", "A30-other", "C04"} <= set(known.left_out)
    rows = known.series[(known.series["hs"] == "28469048") & (known.series["partner"] == "MMR")]
    closed = {f"{row['month']:%Y-%m}": (row["low"], row["high"]) for row in rows.to_dict("records")}
    assert closed["2021-08"] == (0, 0)  # a true zero
    assert closed["2022-03"] == (0, 0)


def test_both_files_together_bound_one_partner_by_all(statements: tuple[Statement, ...]) -> None:
    both = reconcile([*statements, *shipped_statements("partner_statements.csv")])
    rows = both.series[(both.series["hs"] == "28469019") & (both.series["partner"] == "MMR")]
    august = next(row for row in rows.to_dict("records") if f"{row['month']:%Y-%m}" == "2024-08")
    assert (august["low"], august["high"]) == pytest.approx((1993, 2025), abs=1)  # 62.5 to 63.5 % of 3,189 t
    assert {"P20", "C04"} <= set(both.left_out)
    assert both.in_force == ("P24", "P25")


def test_of_each_doubted_figure_it_is_said_what_the_rest_allows(found: Reconciled) -> None:
    """P25 counts P24 as mended; P24 alone could be what was printed: the rest does not limit it."""
    fits = {one.statement: one for mend in found.repairs if mend.rank == 1 for one in mend.fits}
    assert (fits["P20"].printed, fits["P20"].unit) == (43855, "t")
    assert (fits["P20"].low, fits["P20"].high) == pytest.approx((48865.5, 48885.8), abs=0.1)
    assert (fits["P25"].low, fits["P25"].high) == pytest.approx((-56.13, -56.07), abs=0.01)
    assert (fits["P24"].printed, fits["P24"].high) == (-56, None)

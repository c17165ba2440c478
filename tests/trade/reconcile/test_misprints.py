from __future__ import annotations

from dataclasses import replace

import pytest

from leachwatch.trade.reconcile import Reconciled, reconcile
from leachwatch.trade.statement import Statement
from trade.printing import change, share, total

TRUTH = [100, 120, 90, 150, 130, 80, 60, 110, 140, 170, 160, 190]


def year(number: int, factor: float = 1.0) -> list[Statement]:
    """Every month, two sums and the changes of a year, all right."""
    months = [round(tonnes * factor) for tonnes in TRUTH]
    names = [f"{number}-{month:02}" for month in range(1, 13)]
    told = [total(f"T{number}{at + 1:02}", name, months[at]) for at, name in enumerate(names)]
    told.append(total(f"H{number}", f"{number}-01/{number}-06", sum(months[:6])))
    told.append(total(f"Y{number}", f"{number}-01/{number}-12", sum(months)))
    for at in range(1, 12):
        percent = round(100 * (months[at] / months[at - 1] - 1))
        told.append(
            change(f"M{number}{at + 1:02}", names[at], names[at - 1], percent, source=f"r{names[at]}")
        )
    return told


def changed(statements: list[Statement], **values: float) -> list[Statement]:
    return [replace(one, value=values.get(one.id, one.value)) for one in statements]


def best(found: Reconciled) -> dict[tuple[str, ...], str]:
    return {mend.suspects: mend.kind for mend in found.repairs if mend.rank == 1}


@pytest.mark.parametrize(
    ("id_", "value", "kind"),
    [
        ("T202404", 170, "digit"),
        ("T202405", 310, "neighbours"),
        ("Y2024", 1050, "neighbours"),
        ("H2024", 60, "lost"),
        ("M202408", -83, "sign"),
        ("T202403", 9, "scale"),
    ],
)
def test_one_misprint_is_named_first_with_its_kind(id_: str, value: float, kind: str) -> None:
    found = reconcile(changed(year(2024), **{id_: value}))
    assert best(found) == {(id_,): kind}
    assert (*found.in_force, *found.left_out) == (id_,)


def test_a_repaired_value_counts_only_where_little_else_would_do() -> None:
    sure = reconcile(changed(year(2024), T202405=310))
    assert (sure.in_force, sure.left_out) == (("T202405",), ())
    open_ = reconcile(changed(year(2024), T202404=170))  # 150 t fits, with 0.77 of the weight
    assert (open_.in_force, open_.left_out) == ((), ("T202404",))


def test_a_misprint_that_nothing_explains_is_left_out() -> None:
    found = reconcile(changed(year(2024), Y2024=1234))
    assert best(found) == {("Y2024",): "drop"}
    assert found.left_out == ("Y2024",)


def test_several_misprints_at_once_are_all_named() -> None:
    found = reconcile(changed(year(2024), T202402=210, Y2024=5100, M202411=60, T202409=1400))
    assert set(best(found)) == {("T202402",), ("Y2024",), ("M202411",), ("T202409",)}


def test_a_figure_under_the_wrong_year_is_sent_back() -> None:
    told = [one for one in [*year(2023, 1.3), *year(2024)] if one.id != "T202305"]
    moved = [replace(one, value=169, period_start=one.period_start, period_end=one.period_end)
             if one.id == "T202405" else one for one in told]  # fmt: skip
    assert best(reconcile(moved)) == {("T202405",): "year"}


def test_two_percentages_in_each_others_place_are_named_together() -> None:
    told = [*year(2023, 1.3), *year(2024)]
    told.append(change("X", "2024-05", "2023-05", round(100 * (130 / 169 - 1)), source="r2024-05"))
    mom = next(one.value for one in told if one.id == "M202405")
    yoy = told[-1].value
    found = reconcile(changed(told, X=mom, M202405=yoy))
    assert best(found) == {("M202405", "X"): "swap"}
    assert found.in_force == ("M202405", "X")


def test_two_statements_of_one_thing_leave_both_in_doubt() -> None:
    found = reconcile([total("A", "2024-01", 17512), total("B", "2024-01", 21519), total("C", "2024-02", 5)])
    assert {mend.suspects for mend in found.repairs} == {("A",), ("B",)}
    assert found.left_out == ("A", "B")
    assert found.contradictions["tonnes"].tolist() == pytest.approx([4006, 4006])


def test_a_share_above_all_is_impossible_by_itself() -> None:
    found = reconcile([total("A", "2024-01", 500), share("B", "2024-01", "MMR", 630)])
    assert best(found) == {("B",): "scale"}


def test_bounds_without_any_suspect_are_no_narrower() -> None:
    found = reconcile(changed(year(2024), T202404=170))
    assert found.left_out_cautious == ("T202404",)
    assert (found.cautious["low"] <= found.series["low"]).all()
    assert (found.cautious["high"] >= found.series["high"]).all()


def test_the_words_say_what_was_printed_and_what_fits() -> None:
    (mend,) = [one for one in reconcile(changed(year(2024), T202404=170)).repairs if one.rank == 1]
    assert mend.change == "T202404 printed 170 t, 150 t fits: one digit differs"

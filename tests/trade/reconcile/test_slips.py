from __future__ import annotations

from leachwatch.trade.reconcile.slips import exchanged, may_be_exchanged, printed, shifted, values
from trade.printing import change, share, total


def kinds(value: float) -> dict[float, str]:
    return {one.statement.value: one.slip for one in values(total("A", "2024-01", value))}


def test_one_slip_of_the_finger_is_undone() -> None:
    found = kinds(4385)
    assert found[4885] == "digit"
    assert found[4358] == "neighbours"
    assert found[43855] == "lost"
    assert found[435] == "added"
    assert 4385 not in found


def test_point_thousands_and_sign_are_put_right() -> None:
    found = kinds(3.189)
    assert found[3189] == "scale"
    assert found[31.89] == "scale"
    assert {one.statement.value: one.slip for one in values(change("A", "2024-02", "2024-01", -17))}[
        17
    ] == "sign"


def test_a_figure_with_its_point_back_is_no_more_exact_than_its_digits() -> None:
    thousands = next(
        one for one in values(total("A", "2024-01", 3.2, half_width=0.05)) if one.statement.value == 3200
    )
    assert thousands.statement.half_width == 50


def test_no_slip_leads_to_what_cannot_be() -> None:
    assert all(one.statement.value >= 0 for one in values(total("A", "2024-01", 5)))
    assert all(one.statement.value >= -100 for one in values(change("A", "2024-02", "2024-01", -95)))


def test_the_chances_of_one_kind_are_at_most_one() -> None:
    for value in (0, 7, 23, 43855):
        found = values(total("A", "2024-01", value))
        for kind in {one.slip for one in found}:
            assert sum(one.chance for one in found if one.slip == kind) <= 1.0001


def test_digits_are_those_printed() -> None:
    assert printed(total("A", "2024-01", 23, half_width=0.05)) == "23.0"
    assert printed(total("A", "2024-01", 35651.5)) == "35651.5"
    assert printed(change("A", "2024-02", "2024-01", -17)) == "17"


def test_a_figure_may_be_of_the_year_before_or_after() -> None:
    assert [one.statement.period_start.year for one in shifted(total("A", "2024-01", 5))] == [2023, 2025]


def test_only_percentages_of_one_report_and_month_take_each_others_place() -> None:
    yoy, mom = change("A", "2025-02", "2024-02", -56), change("B", "2025-02", "2025-01", -60)
    assert may_be_exchanged(yoy, mom)
    assert [one.value for one in exchanged(yoy, mom)] == [-60, -56]
    assert not may_be_exchanged(yoy, change("B", "2025-02", "2025-01", -60, source="other"))
    assert not may_be_exchanged(yoy, change("B", "2025-01", "2024-12", -60))
    assert not may_be_exchanged(yoy, share("B", "2025-02", "MMR", 60))

from __future__ import annotations

import json

from leachwatch.bench.press import MISPRINTS, PressSize, misprinted, press
from leachwatch.bench.reconciling import measure_reconciling, measure_scaling


def test_equal_seeds_print_the_same_press() -> None:
    one, other = press(4, PressSize(18)), press(4, PressSize(18))
    assert one.statements == other.statements
    assert misprinted(one, 4, MISPRINTS) == misprinted(other, 4, MISPRINTS)


def test_a_misprint_changes_just_the_statements_it_names() -> None:
    simulated = press(5)
    statements, made = misprinted(simulated, 5, MISPRINTS)
    pairs = zip(simulated.statements, statements, strict=True)
    changed = [now.id for was, now in pairs if was != now]
    assert sorted(changed) == sorted(id_ for one in made for id_ in one.ids)
    assert len(changed) == len(set(changed))


def test_reconciling_is_measured() -> None:
    found = measure_reconciling([0], sizes=(PressSize(18, 1, 1),)).as_dict()
    assert found["inside_without_misprints"]["share"] == 1
    assert found["detectable"] <= found["misprints"]
    assert found["first"]["of"] == found["detectable"]
    json.dumps(found)


def test_scaling_is_measured() -> None:
    (row,) = measure_scaling([PressSize(14, 1, 1)])
    assert row["months"] == 14
    assert row["statements"] > 0

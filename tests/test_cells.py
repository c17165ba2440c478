"""A text never becomes a formula, and a number stays a number."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from leachwatch.cells import guarded, written

RISKY = "=+-@\t\r\n＝＋－＠"


@given(st.text(" \u00a0\u3000"), st.sampled_from(RISKY), st.text())
def test_no_text_begins_as_a_formula(space: str, sign: str, rest: str) -> None:
    cell = guarded(space + sign + rest)
    assert not cell.strip() or cell[0] not in RISKY
    assert cell in {space + sign + rest, f"'{space}{sign}{rest}"}
    if sign in "=+-@":
        assert cell.startswith("'")


@given(st.text())
def test_other_texts_stay_as_they_are(text: str) -> None:
    if text.lstrip()[:1] not in set(RISKY) and text[:1] not in set(RISKY):
        assert guarded(text) == text


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_can_be_read_back_as_it_was(number: float) -> None:
    assert float(written(number)) == number

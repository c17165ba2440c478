"""What the page on claims shows is what may be written."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from pydantic import TypeAdapter

from leachwatch.case import ClaimSettings
from leachwatch.case.records.claim_tests import Quantifier, Test

PAGE = (Path(__file__).parents[2] / "docs" / "method" / "claims.md").read_text(encoding="utf-8")
EXAMPLES = [
    "".join(line[4:] for line in one.splitlines(keepends=True))
    for one in re.findall(r"^(    kind: .*\n(?:    .*\n)*)", PAGE, re.MULTILINE)
]
KINDS = {
    "ratio", "share", "change", "level", "count", "area", "rank", "overlap", "date", "before_after",
    "corroborate", "python",
}  # fmt: skip


@pytest.mark.parametrize("text", EXAMPLES, ids=lambda text: text.split("\n")[0])
def test_every_example_is_a_test(text: str) -> None:
    TypeAdapter(Test).validate_python(yaml.safe_load(text))


def test_every_kind_has_its_example() -> None:
    assert {yaml.safe_load(text)["kind"] for text in EXAMPLES} == KINDS


def test_every_quantifier_is_described() -> None:
    described = re.findall(r"`(\w+)`", PAGE.split("| word | allows |")[1].split("\n\n")[0])
    assert set(Quantifier.__args__) <= set(described)  # type: ignore[attr-defined]


def test_the_settings_shown_are_the_defaults() -> None:
    shown = yaml.safe_load(re.search(r"^    claims:\n(?:    .*\n)+", PAGE, re.MULTILINE)[0])["claims"]  # type: ignore[index]
    defaults = ClaimSettings().model_dump()
    assert {name: defaults[name] for name in shown} == {
        name: tuple(value) if isinstance(value, list) else value for name, value in shown.items()
    }

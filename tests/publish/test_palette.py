"""Colours of the page: for eyes that see fewer of them, and for text in light and dark."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from leachwatch.publish import assets, symbols
from leachwatch.publish.model import MONTH_STATES

KINDS = {
    "protanopia": [
        [0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881],
    ],
    "tritanopia": [
        [1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900],
    ],
}  # fmt: skip
"""Machado, Oliveira and Fernandes 2009, severity 1, on linear red, green and blue."""

YEARS = [f"y{number}" for number in range(8)]
TEXT = [("ink", "paper"), ("soft", "paper"), ("accent", "paper"), ("ink", "sheet"), ("soft", "sheet")]


def palettes() -> dict[str, dict[str, str]]:
    """Variables by scheme: those of light, and what dark changes of them."""
    light, dark = re.findall(r":root\{(.*?)\}", assets.own("page.css"), flags=re.DOTALL)[:2]
    found = [dict(re.findall(r"--([\w-]+):(#[0-9a-f]{6}|#[0-9a-f]{3})\b", text)) for text in (light, dark)]
    return {"light": found[0], "dark": found[0] | found[1]}


def linear(colour: str) -> Any:
    digits = colour[1:] if len(colour) == 7 else "".join(sign * 2 for sign in colour[1:])
    value = np.array([int(digits[at : at + 2], 16) for at in (0, 2, 4)]) / 255
    return np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)


def seen(colour: str, kind: str) -> Any:
    return linear(colour) if kind == "all" else np.clip(np.array(KINDS[kind]) @ linear(colour), 0, 1)


def luminance(light: Any) -> float:
    return float(light @ np.array([0.2126, 0.7152, 0.0722]))


def contrast(one: float, other: float) -> float:
    low, high = sorted((one, other))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("pair", TEXT, ids="-on-".join)
def test_text_stands_out(scheme: str, pair: tuple[str, str]) -> None:
    one, other = (luminance(linear(palettes()[scheme][name])) for name in pair)
    assert contrast(one, other) >= 4.5


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("kind", ["all", *KINDS])
def test_years_are_a_ramp_of_lightness_for_every_eye(scheme: str, kind: str) -> None:
    steps = [luminance(seen(palettes()[scheme][name], kind)) for name in YEARS]
    if scheme == "light":
        steps.reverse()
    assert all(contrast(one, other) >= 1.1 for one, other in pairwise(steps)), steps
    assert steps == sorted(steps)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("kind", ["all", *KINDS])
def test_signs_stand_out_from_the_ground(scheme: str, kind: str) -> None:
    colours = palettes()[scheme]
    ground = luminance(seen(colours["ground"], kind))
    for state in MONTH_STATES:
        least = 2.5 if state == "idle" else 3  # its sign has an outline and is half filled
        assert contrast(luminance(seen(colours[state], kind)), ground) >= least, state


def test_no_two_states_and_no_two_tiers_share_a_shape() -> None:
    shapes = [(shape.fill, shape.stroke) for shape in symbols.SHAPES.values()]
    assert len(set(shapes)) == len(shapes) == len(MONTH_STATES)
    rings = [(ring.width, ring.dash) for ring in symbols.RINGS.values()]
    assert len(set(rings)) == len(rings)


def test_no_two_verdicts_share_a_shape() -> None:
    drawn = dict(re.findall(r'<g id="verdict-(\w+)">(.*?)</g>', assets.own("case.html.j2")))
    assert len(drawn) >= 8
    assert len(set(drawn.values())) == len(drawn)

"""Styles for QGIS, as QML: how layers look, what their columns are called, when rows are shown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import NAMESPACE_URL, uuid5
from xml.etree import ElementTree as ET

from leachwatch.exchange.colours import INK, STATES, TIERS, appeared, year_colours
from leachwatch.exchange.documents import xml_bytes
from leachwatch.exchange.public import Shown
from leachwatch.tables import Column

__all__ = ["alias", "style"]

_DOCTYPE = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"
_WORDS = {"low": "5th percentile", "high": "95th percentile", "earliest": "not before", "latest": "not after"}
_SPANS = {"sites": "pools_from_latest", "patches": "first_seen_latest"}
_SHARES = ((0.0, 0.0), (0.0, 0.25), (0.25, 0.5), (0.5, 0.75), (0.75, 1.0))


@dataclass(frozen=True)
class _Rule:
    """What is drawn how: a fill colour or none, and an outline."""

    label: str
    where: str
    fill: str
    outline: str
    width: float
    line: str
    opacity: float


def alias(column: Column) -> str:
    """Name a column for people.

    Examples
    --------
    >>> alias(Column("pool_area_m2_low", "number", "")), alias(Column("pools_from_latest", "date", ""))
    ('pool area m², 5th percentile', 'pools from, not after')
    """
    *words, last = column.name.replace("_m2", " m²").split("_")
    return f"{' '.join(words)}, {_WORDS[last]}" if last in _WORDS else " ".join([*words, last])


def style(shown: Shown) -> str | None:
    """Write the style of a layer; None for a table without a style of its own."""
    rules = {"sites": _sites, "patches": _patches, "coverage": _coverage}
    if shown.name not in rules:
        return None
    root = ET.Element(
        "qgis", version="3.28.0", styleCategories="Symbology|Fields|Temporal", labelsEnabled="0"
    )
    _temporal(root, shown)
    _renderer(root, shown, rules[shown.name](shown))
    aliases = ET.SubElement(root, "aliases")
    for number, column in enumerate(shown.plain, start=1):  # the row's number is column 0
        ET.SubElement(aliases, "alias", field=column.name, index=str(number), name=alias(column))
    return xml_bytes(root, _DOCTYPE).decode().split("\n", 1)[1]


def _sites(_shown: Shown) -> list[_Rule]:
    fills = [
        _Rule(state, f"\"state\" = '{state}'", colour, INK, 0, "no", 0.75) for state, colour in STATES.items()
    ]
    lines = [
        _Rule(tier, f"\"tier\" = '{tier}'", "", INK, width, line, 1) for tier, (width, line) in TIERS.items()
    ]
    return [*fills, *lines]


def _patches(shown: Shown) -> list[_Rule]:
    colours = year_colours(appeared(row) for row in shown.rows())
    return [
        _Rule(
            "there at the first look" if year is None else str(year),
            '"first_seen_earliest" IS NULL'
            if year is None
            else f'"first_seen_earliest" IS NOT NULL AND year("first_seen_latest") = {year}',
            colour,
            INK,
            0,
            "no",
            1,
        )
        for year, colour in colours.items()
    ]


def _coverage(_shown: Shown) -> list[_Rule]:
    return [
        _Rule(
            f"seen: {low:.0%} to {high:.0%}" if high else "not seen",
            f'"clear_share" > {low} AND "clear_share" <= {high}' if high else '"clear_share" = 0',
            "#a9a49a",
            "#d9d4ca",
            0.2,
            "solid",
            0.5 * (1 - high) + 0.02,
        )
        for low, high in _SHARES
    ]


def _temporal(root: ET.Element, shown: Shown) -> None:
    """Tell the temporal controller when a row is there: from a day on, or for its month."""
    monthly = shown.name == "coverage"
    start = "month" if monthly else _SPANS[shown.name]
    temporal = ET.SubElement(
        root, "temporal", enabled="1", mode="1" if monthly else "2", startField=start, endField="",
        startExpression="", endExpression="", durationField="", durationUnit="months" if monthly else "min",
        fixedDuration="1" if monthly else "0", accumulate="0", limitMode="0",
    )  # fmt: skip
    fixed = ET.SubElement(temporal, "fixedRange")
    ET.SubElement(fixed, "start")
    ET.SubElement(fixed, "end")


def _renderer(root: ET.Element, shown: Shown, rules: Iterable[_Rule]) -> None:
    renderer = ET.SubElement(
        root, "renderer-v2", type="RuleRenderer", symbollevels="0", enableorderby="0", forceraster="0",
        referencescale="-1",
    )  # fmt: skip
    tree = ET.SubElement(renderer, "rules", key=_key(shown.name))
    symbols = ET.SubElement(renderer, "symbols")
    for number, rule in enumerate(rules):
        ET.SubElement(
            tree, "rule", key=_key(f"{shown.name}/{rule.label}"), filter=rule.where, label=rule.label,
            symbol=str(number),
        )  # fmt: skip
        _symbol(symbols, number, rule)


def _symbol(symbols: ET.Element, number: int, rule: _Rule) -> None:
    symbol = ET.SubElement(
        symbols, "symbol", name=str(number), type="fill", alpha=f"{rule.opacity:.2f}", clip_to_extent="1",
        force_rhr="0",
    )  # fmt: skip
    layer = ET.SubElement(symbol, "layer", {"class": "SimpleFill"}, enabled="1", locked="0")
    layer.set("pass", "0")
    options = ET.SubElement(layer, "Option", type="Map")
    values = {
        "color": _rgba(rule.fill or INK),
        "style": "solid" if rule.fill else "no",
        "outline_color": _rgba(rule.outline),
        "outline_style": rule.line,
        "outline_width": f"{rule.width}",
        "outline_width_unit": "MM",
        "joinstyle": "bevel",
    }
    for name, value in values.items():
        ET.SubElement(options, "Option", name=name, type="QString", value=value)


def _rgba(colour: str) -> str:
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return f"{red},{green},{blue},255"


def _key(name: str) -> str:
    """Identify a rule, the same every time."""
    return f"{{{uuid5(NAMESPACE_URL, f'leachwatch/{name}')}}}"

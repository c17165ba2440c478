"""Small cases written by hand: ids by number, files by name."""

from __future__ import annotations

from pathlib import Path

ACTOR, ACTOR_2, ACTOR_3 = (f"act-{number:010d}" for number in (1, 2, 3))
SOURCE, CITATION, TERRITORY, EVENT, CLAIM, SPELL, EVIDENCE, GRADE, RELATION = (
    f"{prefix}-0000000001" for prefix in ("src", "cit", "ter", "evt", "clm", "spl", "evd", "grd", "rel")
)

WHOLE = {
    "sources.yaml": f"- {{id: {SOURCE}, tlp: CLEAR, kind: media, public_descriptor: a weekly}}\n",
    "citations.yaml": f"- {{id: {CITATION}, tlp: CLEAR, source: {SOURCE}, locator: p. 3}}\n",
    "actors.yaml": (
        f"- {{id: {ACTOR}, tlp: CLEAR, kind: armed_group, name: The First, short: ONE}}\n"
        f"- {{id: {ACTOR_2}, tlp: CLEAR, kind: company, name: The Second}}\n"
    ),
    "territories.geojson": (
        '{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"name": "North"}, '
        '"geometry": {"type": "Point", "coordinates": [98, 25]}}]}'
    ),
    "territories.yaml": (
        f"- id: {TERRITORY}\n  tlp: CLEAR\n  kind: area\n  name: The North\n  versions:\n"
        "  - version: '2020'\n    outline: {file: territories.geojson, where: {name: [North]}}\n"
    ),
    "control.yaml": (
        f"- id: {SPELL}\n  tlp: CLEAR\n  territory: {TERRITORY}\n  controllers: [{ACTOR}]\n  control: sole\n"
        "  dated: {first_precise: 2024-10-18, starting: true}\n"
    ),
    "relations.yaml": (
        f"- {{id: {RELATION}, tlp: CLEAR, kind: taxes, subject: {ACTOR}, object: {ACTOR_2}}}\n"
    ),
    "events.yaml": (
        f"- id: {EVENT}\n  tlp: CLEAR\n  kind: town_seized\n  title: A town is taken\n  actors: [{ACTOR}]\n"
        "  place: {name: Pangwa, lon: 98.63, lat: 25.6, precision: 1}\n"
        "  dated: {first_precise: 2024-10-18, last_precise: 2024-10-18, starting: true, ending: true}\n"
        f"  citations: [{CITATION}]\n"
    ),
    "claims.yaml": (
        f"- id: {CLAIM}\n  tlp: CLEAR\n  text: Imports rose tenfold.\n  kind: numeric\n  author: {SOURCE}\n"
        f"  about: [{EVENT}, {TERRITORY}]\n"
        "  test:\n    kind: ratio\n    readings:\n    - id: weight\n"
        "      numerator: {of: trade, partner: MMR, hs: ['284690'], period: 2025-04}\n"
        "      denominator: {of: trade, partner: MMR, hs: ['284690'], period: 2025-03}\n"
        "    expect: {quantifier: about, value: 10}\n"
    ),
    "grades.yaml": (
        f"- {{id: {GRADE}, tlp: CLEAR, subject: {SOURCE}, reliability: B, basis: past work, "
        "graded_by: desk, graded: 2025-05-01}\n"
    ),
}
"""A case with a record of nearly every kind and no fault."""


def written(folder: Path, files: dict[str, str] | None = None, **more: str) -> Path:
    """Write a case: these files, or the whole one, with others in their place by name without ending."""
    folder.mkdir(parents=True, exist_ok=True)
    changed = {f"{name}.yaml": text for name, text in more.items()}
    for name, text in {**(WHOLE if files is None else files), **changed}.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder

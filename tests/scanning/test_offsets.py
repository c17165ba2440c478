"""A provider that lies about offsets, on scenes of a simulator that is not ours."""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path

from leachwatch import tables
from leachwatch.case import Period, read_areas
from leachwatch.scanning import scan


def test_half_the_offsets_unannounced_are_refused_by_name_and_never_silently_wrong(
    test_data: Path, tmp_path: Path
) -> None:
    foreign, lying = test_data / "foreign", tmp_path / "lying"
    shutil.copytree(foreign, lying)
    liars = set()
    for path in lying.glob("items/*/item.json"):
        described = json.loads(path.read_text(encoding="utf-8"))
        if described["properties"]["earthsearch:boa_offset_applied"] is False:
            described["properties"]["earthsearch:boa_offset_applied"] = True
            path.write_text(json.dumps(described), encoding="utf-8")
            liars.add(described["id"])
    areas = read_areas(foreign / "aoi.geojson")
    period = Period(date(2022, 6, 1), date(2024, 5, 31))
    report = scan(lying, areas, period, tmp_path / "out")
    assert {skipped.scene for skipped in report.skipped} == liars
    assert len(liars) == 12
    assert f"12 of {12 + report.scenes} scenes could not be used" in " ".join(report.caveats)
    honest = tmp_path / "honest"
    shutil.copytree(foreign, honest)
    for name in liars:
        shutil.rmtree(honest / "items" / name)
    scan(honest / "items", areas, period, tmp_path / "expected")
    for table in tables.TABLES:
        assert (tmp_path / "out" / table.file_name).read_bytes() == (
            tmp_path / "expected" / table.file_name
        ).read_bytes()

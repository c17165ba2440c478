"""Items made to do harm: whatever one says, it is a scene or a named refusal."""

from __future__ import annotations

import copy
import json
import math
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalogs import item
from leachwatch.errors import SceneError
from leachwatch.imagery.scene import Band, Scene, scene_from_item
from leachwatch.network import Hosts

BANDS: tuple[Band, ...] = ("red", "scl")
HOST = "https://data.example.org"

WICKED = [
    ".",
    "..",
    "../../etc/passwd",
    "/etc/passwd",
    "file:///etc/passwd",
    "/vsicurl/http://10.0.0.1/",
    "s3://bucket/key",
    "http://169.254.169.254/latest",
    "http://localhost:22",
    "https://data.example.org@10.0.0.1/a.tif",
    "https://data.example.org.evil.org/a.tif",
    "//evil.org/a.tif",
    "javascript:alert(1)",
    "%2e%2e%2f",
    "<script>",
    "=cmd|'/C'!A0",
    "NaN",
    "1e400",
    "-0",
    "9999-99-99T00:00:00Z",
    "0000-01-01",
    "2022-02-30T00:00:00Z",
    "EPSG:4326",
    "EPSG:32647",
    "32661",
    "MGRS-47RNJ",
    "",
    "\0",
    "\n",
    "a" * 5000,
    "'; drop table sites; --",
    "\u202e\0\ud800",
]

scalars = st.one_of(
    st.none(), st.booleans(), st.integers(), st.sampled_from([2**31, -(2**31), 2**63, 10**400, 0, -1]),
    st.floats(), st.text(max_size=20), st.sampled_from(WICKED),
)  # fmt: skip
anything = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=6) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)
grids = st.lists(st.one_of(st.floats(), st.integers(-(10**9), 10**9), scalars), min_size=2, max_size=9)
NAMES = [
    "id",
    "type",
    "stac_version",
    "geometry",
    "bbox",
    "properties",
    "assets",
    "links",
    "stac_extensions",
    "collection",
    "datetime",
    "start_datetime",
    "end_datetime",
    "proj:epsg",
    "proj:code",
    "proj:shape",
    "proj:transform",
    "href",
    "bands",
    "raster:bands",
    "raster:offset",
    "offset",
    "scale",
    "file:size",
    "red",
    "scl",
    "grid:code",
    "s2:mgrs_tile",
    "s2:processing_baseline",
    "earthsearch:boa_offset_applied",
    "coordinates",
    "leachwatch:simulated",
]


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    path = item(tmp_path_factory.mktemp("good"), bands=BANDS, size=8)
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return content


def places(content: Any, so_far: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in a document where something stands."""
    found = [so_far] if so_far else []
    inside = (
        content.items()
        if isinstance(content, dict)
        else enumerate(content)
        if isinstance(content, list)
        else ()
    )
    for key, value in inside:
        found += places(value, (*so_far, key))
    return found


def spoilt(content: dict[str, Any], data: st.DataObject) -> dict[str, Any]:
    """Change, add or take away some of what an item says."""
    content = copy.deepcopy(content)
    for _ in range(data.draw(st.integers(1, 4))):
        *way, last = data.draw(st.sampled_from(places(content)))
        part: Any = content
        for step in way:
            part = part[step]
        kind = data.draw(st.sampled_from(["change", "change", "add", "take"]))
        if kind == "take":
            part.pop(last)
        elif kind == "add" and isinstance(part, dict):
            part[data.draw(st.sampled_from(NAMES))] = data.draw(anything | grids)
        else:
            part[last] = data.draw(anything | grids)
        if not places(content):
            break
    return content


def read(content: dict[str, Any], where: str) -> tuple[Scene | None, str]:
    try:
        return scene_from_item(content, where, BANDS, hosts=Hosts.of([HOST])), ""
    except SceneError as error:
        return None, str(error)


@pytest.mark.slow
@pytest.mark.faults
@given(data=st.data())
@settings(max_examples=5000, deadline=None, suppress_health_check=list(HealthCheck))
def test_no_item_however_hostile_does_more_than_be_refused(good: dict[str, Any], data: st.DataObject) -> None:
    where = data.draw(st.sampled_from([f"{HOST}/items/a.json", "items/a.json"]))
    content = spoilt(good, data)
    scene, reason = read(content, where)
    if scene is None:
        assert "\n" not in reason
        assert 0 < len(reason) < 350
        return
    assert re.fullmatch(r"[\w.:+\-]{1,200}", scene.id)
    assert not scene.id.startswith(".")
    assert all(math.isfinite(bound) for bound in scene.bounds)
    assert scene.footprint.area > 0
    assert scene.offset_dn in (0, 1000)
    for asset in scene.assets.values():
        assert asset.href.startswith(f"{HOST}/") or Path(asset.href).is_file()

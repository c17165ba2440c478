from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, get_args

import cv2
import numpy as np
import pystac
import pytest
import rasterio
from numpy.typing import NDArray
from pystac.validation import validate_dict
from rasterio.features import geometry_mask
from rasterio.warp import transform_geom

from leachwatch.simulate import Faults, district
from leachwatch.simulate.faults import Fault, jump

FINE = ("blue", "green", "red", "nir")
NAMES = (*FINE, "rededge1", "rededge2", "rededge3", "nir08", "swir16", "swir22", "scl")
FLAG = "earthsearch:boa_offset_applied"
EVERYTHING = Faults(0.4, 0.4, 0.6, 0.6, 0.6, 0.6, 0.6)


@dataclass(frozen=True)
class Made:
    """A small district as it was written."""

    folder: Path
    truth: dict[str, Any]
    items: dict[str, pystac.Item]

    def main(self) -> list[pystac.Item]:
        return [item for item in self.items.values() if "_47RM" in item.id and "_0_L2A" in item.id]


Make = Callable[[Faults | None], Made]


@pytest.fixture(scope="module")
def make(tmp_path_factory: pytest.TempPathFactory) -> Make:
    done: dict[Faults | None, Made] = {}

    def make(faults: Faults | None) -> Made:
        if faults not in done:
            folder = tmp_path_factory.mktemp("faulty")
            made = district(folder, seed=8, size=96, looks=10, months=12, faults=faults)
            items = pystac.Catalog.from_file(str(made.catalog)).get_items(recursive=True)
            truth = json.loads(made.truth.read_text(encoding="utf-8"))
            done[faults] = Made(folder, truth, {item.id: item for item in items})
        return done[faults]

    return make


def _pixels(item: pystac.Item, name: str) -> NDArray[Any]:
    with rasterio.open(str(item.assets[name].get_absolute_href())) as source:
        pixels: NDArray[Any] = source.read(1)
    return pixels


def _offsets(item: pystac.Item) -> set[float | None]:
    return {
        asset.extra_fields["raster:bands"][0].get("offset")
        for name, asset in item.assets.items()
        if name != "scl"
    }


def _hashes(folder: Path, names: Sequence[str]) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for name in names
        for path in sorted(folder.rglob(name))
    }


@pytest.mark.parametrize("name", get_args(Fault))
@pytest.mark.parametrize("share", [-0.1, 1.1, float("nan")])
def test_a_share_outside_nought_to_one_is_refused(name: str, share: float) -> None:
    with pytest.raises(ValueError, match=name):
        Faults(**{name: share})


def test_no_scene_can_lie_and_be_silent_at_once() -> None:
    with pytest.raises(ValueError, match="together"):
        Faults(lying=0.6, unannounced=0.6)
    rng = np.random.default_rng(0)
    drawn = [Faults(lying=0.3, unannounced=0.7).drawn(rng) for _ in range(200)]
    assert all(len(found) == 1 for found in drawn)


def test_every_fault_has_a_share_of_its_own() -> None:
    assert {field.name for field in fields(Faults)} == set(get_args(Fault))


@pytest.mark.parametrize("name", get_args(Fault))
def test_a_fault_befalls_its_share_of_the_looks(name: str) -> None:
    rng = np.random.default_rng(1)
    drawn = [Faults(**{name: 0.3}).drawn(rng) for _ in range(2000)]
    assert np.mean([name in found for found in drawn]) == pytest.approx(0.3, abs=0.04)
    assert set().union(*drawn) == {name}


def test_without_faults_the_truth_does_not_speak_of_them(make: Make) -> None:
    assert "faults" not in make(None).truth
    assert make(Faults()).truth["faults"] == {}
    assert _hashes(make(None).folder, ["*.tif"]) == _hashes(make(Faults()).folder, ["*.tif"])


def test_the_ground_is_the_same_with_and_without_faults(make: Make) -> None:
    good, bad = make(None).truth, make(EVERYTHING).truth
    assert {key: value for key, value in bad.items() if key != "faults"} == good


def test_the_same_seed_gives_the_same_faults_and_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        district(tmp_path / name, seed=4, size=64, looks=5, months=6, faults=EVERYTHING)
    one, two = (_hashes(tmp_path / name, ["*.tif", "*.json", "*.geojson"]) for name in ("one", "two"))
    assert one == two


def test_another_share_of_one_fault_leaves_the_others_where_they_were(make: Make) -> None:
    few, many = make(Faults(lying=0.3, jumps=0.5)).truth, make(Faults(jumps=0.5)).truth
    jumped = [{name for name, found in made["faults"].items() if "jumps" in found} for made in (few, many)]
    assert jumped[0] == jumped[1]


def test_all_items_stay_valid_stac_and_the_truth_names_only_items_that_are_there(make: Make) -> None:
    made = make(EVERYTHING)
    for item in made.items.values():
        assert validate_dict(item.to_dict(), extensions=[])
        assert "simulated" in json.dumps(item.to_dict()).lower()
    assert set(made.truth["faults"]) <= set(made.items)
    assert {name for found in made.truth["faults"].values() for name in found} == set(get_args(Fault))


def test_a_lying_item_says_the_opposite_of_what_its_pixels_have(make: Make) -> None:
    good, bad = make(None), make(Faults(lying=1.0))
    assert _hashes(good.folder, ["*.tif"]) == _hashes(bad.folder, ["*.tif"])
    for name, item in bad.items.items():
        assert bad.truth["faults"][name] == ["lying"]
        assert item.properties[FLAG] is not good.items[name].properties[FLAG]
        assert _offsets(item) == ({0} if item.properties[FLAG] else {-0.1})


def test_an_unannounced_offset_is_off_the_pixels_and_not_spoken_of(make: Make) -> None:
    good, bad = make(None), make(Faults(unannounced=1.0))
    for name, item in bad.items.items():
        assert FLAG not in item.properties
        assert _offsets(item) == {None}
        assert item.properties["s2:processing_baseline"].startswith("05.")
        before, after = _pixels(good.items[name], "red"), _pixels(item, "red")
        added = 0 if good.items[name].properties[FLAG] else 1000
        expected = np.where(before > 0, np.maximum(before.astype(int) - added, 1), 0)
        assert np.array_equal(after, expected)


def test_a_duplicate_is_an_older_processing_of_the_same_look_with_a_coding_of_its_own(make: Make) -> None:
    made, codings = make(Faults(duplicates=1.0)), set()
    assert len(made.items) == 20
    for item in made.main():
        again = made.items[item.id.replace("_0_L2A", "_1_L2A")]
        assert made.truth["faults"][again.id] == ["duplicates"]
        assert item.id not in made.truth["faults"]
        assert (again.datetime, again.geometry) == (item.datetime, item.geometry)
        assert again.properties["s2:processing_baseline"] == "04.00"
        applied = again.properties[FLAG]
        assert _offsets(again) == ({0} if applied else {-0.1})
        codings.add((applied, item.properties[FLAG]))
        numbers, old = (
            _pixels(one, "nir") + (1000.0 if one.properties[FLAG] else 0.0) for one in (item, again)
        )
        seen = _pixels(item, "nir") > 0
        assert np.array_equal(seen, _pixels(again, "nir") > 0)
        assert 4 < (old - numbers)[seen].std() < 12
        assert abs((old - numbers)[seen].mean()) < 2
    assert len(codings) >= 3


def test_an_overlap_is_the_eastern_part_in_the_next_granule_with_the_same_numbers(make: Make) -> None:
    made = make(Faults(overlaps=1.0))
    for item in made.main():
        beside = made.items.get(item.id.replace("_47RM", "_47RN"))
        if beside is None:  # the satellite did not see the eastern part
            assert not _pixels(item, "scl")[:, -19:].any()
            continue
        assert made.truth["faults"][beside.id] == ["overlaps"]
        assert beside.properties["grid:code"] == f"MGRS-{beside.id.split('_')[1]}"
        assert beside.properties["s2:processing_baseline"] == item.properties["s2:processing_baseline"]
        for name in NAMES:
            here, there = (_pixels(one, name) for one in (item, beside))
            assert 0.3 < there.shape[1] / here.shape[1] < 0.5
            assert np.array_equal(here[:, -there.shape[1] :], there)
    assert len(made.items) > len(made.main()) + 5


def test_an_overlap_lies_where_its_item_says_and_ends_where_the_main_granule_ends(make: Make) -> None:
    for beside in (item for name, item in make(Faults(overlaps=1.0)).items.items() if "_47RN" in name):
        for asset in beside.assets.values():
            with rasterio.open(str(asset.get_absolute_href())) as source:
                assert list(source.shape) == asset.extra_fields["proj:shape"]
                assert list(source.transform)[:6] == asset.extra_fields["proj:transform"]
                assert source.transform.c % 20 == source.transform.f % 20 == 0
                bounds = source.bounds
        ring = transform_geom("EPSG:4326", "EPSG:32647", beside.geometry)["coordinates"][0]
        assert min(x for x, _ in ring) == pytest.approx(bounds.left, abs=0.1)
        assert max(x for x, _ in ring) == pytest.approx(bounds.right, abs=0.1)


def test_one_asset_is_missing_from_the_item_or_from_the_disk(make: Make) -> None:
    made, kinds = make(Faults(missing=1.0)), set()
    for item in made.items.values():
        home = Path(str(item.get_self_href())).parent
        (gone,) = [name for name in NAMES if not (home / f"{name}.tif").exists()]
        assert set(NAMES) - set(item.assets) <= {gone}
        kinds.add(gone in item.assets)
    assert kinds == {True, False}


def test_a_partial_look_has_data_only_where_its_geometry_says(make: Make) -> None:
    good, bad = make(None), make(Faults(partial=1.0))
    for name, item in bad.items.items():
        with rasterio.open(str(item.assets["scl"].get_absolute_href())) as source:
            inside = geometry_mask(
                [transform_geom("EPSG:4326", source.crs, item.geometry)],
                source.shape,
                source.transform,
                invert=True,
            )
        seen, before = (_pixels(one, "scl") > 0 for one in (item, good.items[name]))
        assert 0.05 < seen.mean() < 0.95
        assert np.mean(seen != (inside & before)) < 0.01
        for band in FINE:
            assert np.array_equal(_pixels(item, band)[::2, ::2] > 0, seen)
        share = np.isin(_pixels(item, "scl")[seen], (8, 9, 10)).mean() * 100
        assert item.properties["eo:cloud_cover"] == pytest.approx(share, abs=0.01)


def test_the_box_of_a_partial_look_is_that_of_its_geometry(make: Make) -> None:
    for item in make(Faults(partial=1.0)).items.values():
        assert item.geometry is not None
        lon, lat = zip(*item.geometry["coordinates"][0], strict=True)
        assert item.bbox == [min(lon), min(lat), max(lon), max(lat)]


def test_a_jump_displaces_the_ground_by_one_to_two_and_a_half_pixels(make: Make) -> None:
    good, bad, moves = make(None), make(Faults(jumps=1.0)), []
    clear = [name for name, item in good.items.items() if item.properties["eo:cloud_cover"] < 5]
    for name in clear:
        before, after = (
            _pixels(made.items[name], "nir").astype(np.float64)[8:-8, 8:-8] for made in (good, bad)
        )
        window = cv2.createHanningWindow(before.shape, cv2.CV_64F)
        moves.append(cv2.phaseCorrelate(before, after, window)[0])
    lengths = np.hypot(*np.transpose(moves))
    assert len(clear) >= 2
    assert (lengths > 0.8).all()
    assert (lengths < 2.7).all()


def test_jumps_go_in_every_direction() -> None:
    rng = np.random.default_rng(0)
    drawn = np.array([jump(rng) for _ in range(300)])
    lengths = np.hypot(*drawn.T)
    assert 10 <= lengths.min() < 11
    assert 24 < lengths.max() <= 25
    assert np.abs(drawn.mean(axis=0)).max() < 2.5


def test_what_is_made_of_a_cut_or_jumped_look_is_cut_and_jumped_too(make: Make) -> None:
    made = make(Faults(partial=1.0, jumps=1.0, duplicates=1.0, overlaps=1.0))
    for name, found in made.truth["faults"].items():
        assert {"partial", "jumps"} <= set(found)
        if "_1_L2A" in name:
            main = made.items[name.replace("_1_L2A", "_0_L2A")]
            assert made.items[name].geometry == main.geometry
    for item in made.items.values():
        assert (_pixels(item, "scl") > 0).any()

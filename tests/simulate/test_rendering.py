from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from leachwatch.simulate import sensor, shapes, spectra, weather
from leachwatch.simulate.layers import Stroke, constant, greenness, layer, paint
from leachwatch.simulate.sun import overhead

JUNE, MARCH = date(2022, 6, 21), date(2022, 3, 25)


@pytest.mark.parametrize("diameter", [9.0, 13.0, 17.0])
def test_a_disc_covers_its_area(diameter: float) -> None:
    cover = shapes.disc(101.3, 98.7, diameter, cells=40)
    assert cover.share.sum() * 25 == pytest.approx(np.pi * diameter**2 / 4, rel=0.03)


def test_a_turned_rectangle_covers_its_area() -> None:
    cover = shapes.rectangle((97.0, 104.0), (19.0, 11.0), 0.7, cells=40)
    assert cover.share.sum() * 25 == pytest.approx(19 * 11, rel=0.03)


def test_a_shape_at_the_edge_is_cut_not_moved() -> None:
    cover = shapes.disc(0.0, 50.0, 20.0, cells=40)
    assert cover.left == 0
    assert cover.share.sum() * 25 == pytest.approx(np.pi * 100 / 2, rel=0.05)


def test_mixing_is_linear_in_the_share_of_a_cell() -> None:
    image, level = np.zeros((10, 4, 4), np.float32), np.zeros((4, 4), np.float32)
    half = shapes.Cover(0, 0, np.full((4, 4), 0.5, np.float32))
    paint([layer(half, constant(np.full(10, 0.4, np.float32)), level=1.0)], 738_000, image, level)
    assert image == pytest.approx(0.2)
    assert level == pytest.approx(0.5)


def test_a_colour_changes_in_a_straight_line_between_its_strokes() -> None:
    dark, pale = np.full(10, 0.1, np.float32), np.full(10, 0.3, np.float32)
    item = layer(shapes.disc(50, 50, 20, cells=20), [Stroke(10, dark, 0.0), Stroke(20, pale, 1.0)])
    spectrum, opacity = item.at(15)
    assert spectrum == pytest.approx(0.2)
    assert opacity == pytest.approx(0.5)
    assert item.at(5)[1] == 0.0
    assert item.at(25)[1] == 1.0


def test_the_point_spread_keeps_the_light_and_widens_with_the_pixel() -> None:
    ground = np.zeros((10, 128, 128), np.float32)
    ground[:, 64, 64] = 1.0
    look = sensor.observe(ground, sensor.Capture(0.0, 0.0, noise=0.0, gain=1.0))
    assert look.fine[0].sum() * 4 == pytest.approx(1.0, rel=0.02)
    assert look.coarse[0].sum() * 16 == pytest.approx(1.0, rel=0.02)
    assert look.fine.max() > look.coarse.max()


def test_no_digital_number_of_a_seen_pixel_is_the_nodata_value() -> None:
    rng = np.random.default_rng(0)
    dark = np.zeros((4, 32, 32), np.float32)
    assert sensor.digital(rng, dark, 0.006, 0).min() >= 1
    assert 900 < np.median(sensor.digital(rng, dark, 0.006, 1000)) < 1100


def test_misregistration_stays_within_half_a_pixel() -> None:
    rng = np.random.default_rng(0)
    drawn = [sensor.Capture.drawn(rng) for _ in range(300)]
    assert max(abs(one.east) for one in drawn) <= 5.0
    assert np.std([one.south for one in drawn]) == pytest.approx(2.5, rel=0.2)


def test_the_monsoon_is_cloudy_and_the_dry_season_mostly_clear() -> None:
    rng, sun = np.random.default_rng(0), overhead(JUNE.toordinal(), 25.6)
    cloudy = {
        month: np.median([weather.cover(rng, 64, date(2022, month, 15), sun).cloud.mean() for _ in range(40)])
        for month in (1, 7)
    }
    assert cloudy[1] < 0.1
    assert cloudy[7] > 0.5


def test_a_shadow_lies_on_the_far_side_of_its_cloud_from_the_sun() -> None:
    rng, winter = np.random.default_rng(4), overhead(date(2022, 12, 20).toordinal(), 25.6)
    assert 130 < winter.azimuth < 180
    sky = weather.cover(rng, 64, JUNE, winter)
    assert float((sky.shadow * sky.cloud).mean()) <= float(sky.shadow.mean())


def test_a_thick_cloud_hides_the_ground() -> None:
    ones = np.ones((8, 8), np.float32)
    sky = weather.Sky(cloud=ones, shadow=ones * 0, bright=ones, haze=ones * 0)
    bright, dark = (
        weather.through(sky, np.full((4, 8, 8), value, np.float32), [0, 1, 2, 6]) for value in (0.5, 0.02)
    )
    assert bright == pytest.approx(dark)


def test_the_season_is_driest_in_march_and_greenest_in_september() -> None:
    days = range(JUNE.toordinal(), JUNE.toordinal() + 365, 5)
    assert date.fromordinal(min(days, key=greenness)).month == 3
    assert date.fromordinal(max(days, key=greenness)).month == 9


def test_more_precipitate_is_brighter_and_whiter() -> None:
    thin, thick = spectra.suspension(5.0, 0.1), spectra.suspension(300.0, 0.1)
    assert (thick[:8] > thin[:8]).all()
    assert thick[2] / thick[0] > thin[2] / thin[0]


@pytest.mark.parametrize("name", sorted(spectra.MATERIALS))
def test_every_material_varies_and_stays_a_reflectance(name: str) -> None:
    rng = np.random.default_rng(0)
    drawn = np.stack([spectra.draw(rng, name) for _ in range(50)])
    assert (drawn > 0).all()
    assert (drawn < 1).all()
    assert (drawn.std(axis=0) > 0).all()


def test_materials_have_other_colours_for_a_while_and_plants_move_less() -> None:
    def moved(names: tuple[str, ...]) -> float:
        far = []
        for seed in range(20):
            usual = np.array([spectra.draw(np.random.default_rng(seed), name) for name in names])
            with spectra.recoloured(np.random.default_rng(seed), 0.2):
                other = np.array([spectra.draw(np.random.default_rng(seed), name) for name in names])
            far.append(np.abs(np.log(other / usual)).mean())
        return float(np.mean(far))

    before = spectra.draw(np.random.default_rng(3), "pad")
    soils, plants = moved(("pad", "grey", "scar")), moved(("forest wet", "weeds"))
    assert 0.1 < soils < 0.3
    assert 0 < plants < soils / 2
    np.testing.assert_array_equal(spectra.draw(np.random.default_rng(3), "pad"), before)


def test_no_move_leaves_colours_as_they_are() -> None:
    usual = spectra.draw(np.random.default_rng(3), "pad")
    with spectra.recoloured(np.random.default_rng(0), 0.0):
        np.testing.assert_array_equal(spectra.draw(np.random.default_rng(3), "pad"), usual)

"""Reflectance of what covers the ground, and the ranges it is drawn from.

Spectra have ten bands in the order of `BANDS`. Unless another source is named, a median is set between
published values for the class (USGS and ICRAF soils, HyMap Berlin roofs, PROSAIL canopies) and the yearly
medians of 375 chips of Kachin at 4.8 m in near infrared, red and green.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace

import numpy as np

from leachwatch.simulate.noise import FloatArray

__all__ = ["BANDS", "MATERIALS", "Material", "draw", "recoloured", "suspension"]

BANDS = (
    "blue",
    "green",
    "red",
    "rededge1",
    "rededge2",
    "rededge3",
    "nir",
    "nir08",
    "swir16",
    "swir22",
)

_WAVELENGTH = np.array([492, 560, 665, 704, 740, 783, 833, 865, 1614, 2202])  # nm, band centres
_WATER_ABSORPTION = np.array(  # 1/m; Pope and Fry 1997, Kou et al. 1993
    [0.0145, 0.0619, 0.429, 0.69, 2.45, 2.5, 3.2, 4.6, 640, 2100]
)
_IRON = np.array([1.7, 1.0, 0, 0, 0, 0, 0, 0, 0, 0])  # by band; absorption edge of goethite and haematite
_WATER_BACKSCATTER = 0.0011 * (_WAVELENGTH / 560.0) ** -4.3  # 1/m; Morel 1974


@dataclass(frozen=True)
class Material:
    """A class of ground and how much it varies from place to place.

    Attributes
    ----------
    spectrum : tuple of float
        Median reflectance in the order of `BANDS`, 0 to 1.
    spread : float
        Standard deviation of the logarithm of brightness, all bands together.
    tilt : float
        Standard deviation of the logarithm of short-wave infrared over blue.
    swir : tuple of float or None
        Range of the 1.6 µm band where it is not known from the rest.
    iron : float
        Standard deviation of the logarithm of red over green; iron oxides take blue and green away.
    """

    spectrum: tuple[float, ...]
    spread: float = 0.12
    tilt: float = 0.10
    swir: tuple[float, float] | None = None
    iron: float = 0.0


MATERIALS = {
    # vegetation: wettest and driest month
    "forest wet": Material(
        (0.0152, 0.0295, 0.0190, 0.058, 0.178, 0.216, 0.246, 0.256, 0.106, 0.045), 0.10, 0.04
    ),
    "forest dry": Material(
        (0.0168, 0.0288, 0.0222, 0.060, 0.158, 0.193, 0.220, 0.230, 0.118, 0.054), 0.10, 0.04
    ),
    "shrub wet": Material((0.024, 0.050, 0.031, 0.094, 0.245, 0.297, 0.325, 0.337, 0.165, 0.076), 0.12, 0.06),
    "shrub dry": Material((0.038, 0.060, 0.061, 0.105, 0.182, 0.214, 0.240, 0.254, 0.215, 0.122), 0.18, 0.06),
    "weeds": Material((0.030, 0.060, 0.042, 0.105, 0.225, 0.268, 0.295, 0.307, 0.190, 0.098), 0.10, 0.08),
    # bare ground
    "pad": Material(
        (0.080, 0.115, 0.149, 0.177, 0.207, 0.236, 0.275, 0.298, 0.370, 0.306), 0.16, 0.10, iron=0.07
    ),
    "earth road": Material(
        (0.074, 0.102, 0.129, 0.151, 0.178, 0.200, 0.228, 0.245, 0.320, 0.268), 0.16, 0.10, iron=0.06
    ),
    "scar": Material(
        (0.068, 0.101, 0.148, 0.175, 0.196, 0.212, 0.235, 0.250, 0.325, 0.272), 0.16, 0.12, iron=0.08
    ),
    "rock": Material((0.128, 0.150, 0.165, 0.174, 0.181, 0.187, 0.195, 0.200, 0.236, 0.212), 0.16, 0.10),
    "grey rock": Material((0.085, 0.093, 0.098, 0.105, 0.116, 0.124, 0.136, 0.142, 0.178, 0.160), 0.14, 0.12),
    "sand": Material((0.112, 0.138, 0.160, 0.174, 0.188, 0.199, 0.213, 0.222, 0.262, 0.236), 0.14, 0.08),
    "yard": Material(
        (0.066, 0.092, 0.113, 0.138, 0.178, 0.200, 0.226, 0.240, 0.285, 0.228), 0.14, 0.08, iron=0.06
    ),
    "slash": Material((0.058, 0.083, 0.110, 0.136, 0.176, 0.198, 0.222, 0.238, 0.315, 0.222), 0.12, 0.08),
    "ash": Material((0.030, 0.036, 0.041, 0.047, 0.057, 0.063, 0.072, 0.079, 0.122, 0.122), 0.20, 0.10),
    # fields
    "flooded field": Material(
        (0.044, 0.060, 0.054, 0.060, 0.068, 0.074, 0.079, 0.080, 0.032, 0.020), 0.16, 0.12
    ),
    "green rice": Material(
        (0.029, 0.062, 0.035, 0.106, 0.280, 0.345, 0.372, 0.385, 0.160, 0.072), 0.08, 0.05
    ),
    "stubble": Material(
        (0.060, 0.088, 0.109, 0.138, 0.188, 0.210, 0.234, 0.248, 0.300, 0.210), 0.14, 0.08, iron=0.06
    ),
    # still and running water
    "clear water": Material(
        (0.021, 0.029, 0.015, 0.011, 0.008, 0.008, 0.007, 0.007, 0.004, 0.003), 0.18, 0.12
    ),
    "brown water": Material(
        (0.048, 0.077, 0.102, 0.101, 0.066, 0.068, 0.056, 0.042, 0.006, 0.004), 0.16, 0.10
    ),
    "fish water": Material(
        (0.021, 0.039, 0.031, 0.029, 0.015, 0.014, 0.013, 0.011, 0.005, 0.004), 0.25, 0.15
    ),
    "fed water": Material((0.050, 0.080, 0.072, 0.074, 0.046, 0.046, 0.042, 0.034, 0.006, 0.005), 0.20, 0.12),
    # roofs and film
    "tin roof": Material((0.140, 0.148, 0.145, 0.146, 0.150, 0.152, 0.155, 0.158, 0.185, 0.172), 0.25, 0.08),
    "white roof": Material(
        (0.360, 0.390, 0.410, 0.415, 0.415, 0.415, 0.415, 0.415, 0.390, 0.300), 0.20, 0.06
    ),
    "blue roof": Material((0.205, 0.172, 0.108, 0.112, 0.160, 0.200, 0.230, 0.235, 0.230, 0.190), 0.18, 0.08),
    "rusty roof": Material(
        (0.055, 0.070, 0.115, 0.140, 0.165, 0.178, 0.188, 0.195, 0.240, 0.225), 0.18, 0.10
    ),
    "film": Material((0.185, 0.208, 0.208, 0.226, 0.272, 0.302, 0.314, 0.324, 0.262, 0.190), 0.16, 0.08),
    # pools, pure; short-wave infrared of real ones is not known, so it is drawn widely
    "grey": Material(
        (0.057, 0.069, 0.063, 0.074, 0.099, 0.113, 0.134, 0.141, 0.0, 0.0), 0.22, 0.06, (0.02, 0.24)
    ),
    "teal": Material(
        (0.070, 0.090, 0.057, 0.066, 0.086, 0.098, 0.116, 0.118, 0.0, 0.0), 0.18, 0.08, (0.01, 0.18)
    ),
    "bottle": Material(
        (0.024, 0.038, 0.023, 0.034, 0.044, 0.049, 0.058, 0.060, 0.0, 0.0), 0.20, 0.10, (0.005, 0.10)
    ),
    "brown": Material(
        (0.050, 0.074, 0.090, 0.094, 0.086, 0.090, 0.090, 0.080, 0.0, 0.0), 0.16, 0.08, (0.008, 0.14)
    ),
    "dry": Material(
        (0.072, 0.094, 0.100, 0.116, 0.140, 0.160, 0.188, 0.198, 0.240, 0.205), 0.16, 0.08, (0.14, 0.32)
    ),
}
"""Median and spread of every class of ground, by name."""

_IN_FORCE: ContextVar[Mapping[str, Material]] = ContextVar("_IN_FORCE", default=MATERIALS)

_PLANTS = ("forest", "shrub", "weeds", "green")
_PLANTS_MOVE = 0.3  # plants are much the same everywhere


@contextmanager
def recoloured(rng: np.random.Generator, far: float) -> Iterator[None]:
    """Draw from materials of other colours while this lasts: no two countries have the same soils.

    Parameters
    ----------
    rng : Generator
        Source of chance.
    far : float
        Standard deviation of the logarithm of each material's brightness; half of it along the spectrum, a
        fifth in each band. Plants move less.
    """
    along = np.linspace(-1, 1, len(BANDS))

    def moved(name: str, material: Material) -> Material:
        log = rng.normal() + along * 0.5 * rng.normal() + 0.2 * rng.standard_normal(len(BANDS))
        most = far * (_PLANTS_MOVE if name.startswith(_PLANTS) else 1.0)
        return replace(material, spectrum=tuple(np.minimum(material.spectrum * np.exp(most * log), 0.95)))

    kept = _IN_FORCE.set({name: moved(name, material) for name, material in MATERIALS.items()})
    try:
        yield
    finally:
        _IN_FORCE.reset(kept)


def draw(rng: np.random.Generator, name: str) -> FloatArray:
    """One specimen of a material.

    Returns
    -------
    ndarray of float32, shape (band,)
        Reflectance, 0 to 1.
    """
    material = _IN_FORCE.get()[name]
    spectrum = np.array(material.spectrum)
    if material.swir is not None:
        spectrum[8] = np.exp(rng.uniform(*np.log(material.swir)))
        spectrum[9] = spectrum[8] * rng.uniform(0.55, 1.0)
    lean = np.linspace(-0.5, 0.5, len(BANDS)) * material.tilt * rng.standard_normal()
    log = material.spread * rng.standard_normal() + lean + 0.025 * rng.standard_normal(len(BANDS))
    if material.iron:
        log = log - _IRON * material.iron * rng.standard_normal()
    return np.asarray(spectrum * np.exp(log), np.float32)


def suspension(particles: float, dissolved: float) -> FloatArray:
    """Reflectance of deep water with fine white precipitate in it.

    Parameters
    ----------
    particles : float
        White precipitate, g/m³.
    dissolved : float
        Absorption by dissolved matter at 440 nm, 1/m.

    Returns
    -------
    ndarray of float32, shape (band,)
        Reflectance, 0 to 1.

    Notes
    -----
    Semi-analytical model of Lee et al. 2002: u = bb / (a + bb); remote-sensing reflectance below the
    surface is (0.089 + 0.1245 u) u; 0.4 % is added for the surface.
    """
    absorption = _WATER_ABSORPTION + dissolved * np.exp(-0.015 * (_WAVELENGTH - 440.0))
    backscatter = _WATER_BACKSCATTER / 2 + 0.015 * particles
    u = backscatter / (absorption + backscatter)
    below = (0.089 + 0.1245 * u) * u
    return np.asarray(np.pi * 0.52 * below / (1 - 1.7 * below) + 0.004, np.float32)

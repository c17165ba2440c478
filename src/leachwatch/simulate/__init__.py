"""Scenes with known truth, for the demo, the tests and the benchmark.

`district` draws a piece of mountain country with leach mines and with what they may be taken for, looks at it
through a simulated satellite, and writes what a provider would deliver, beside the truth. Nothing in it is a
real place, and every file says so. `Faults` says how often the provider gets something wrong.
"""

from leachwatch.simulate.districts import District, district
from leachwatch.simulate.faults import Faults
from leachwatch.simulate.liquids import LIQUIDS, Liquid

__all__ = ["LIQUIDS", "District", "Faults", "Liquid", "district"]

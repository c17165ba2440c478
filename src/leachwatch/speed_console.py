"""What ``leachwatch bench speed`` and ``leachwatch bench cost`` print."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from leachwatch.bench import Contender, Cost, Prices, Speed

__all__ = ["print_costs", "print_speed"]


def print_costs(costs: Mapping[str, Cost], prices: Prices) -> None:
    """Print what regions take, one beside the other."""
    lines: tuple[tuple[str, Callable[[Cost], str]], ...] = (
        ("land, km²", lambda one: f"{one.km2:,.0f}"),
        ("granules of 110 km", lambda one: f"{one.granules:,}"),
        ("tiles of 5 km", lambda one: f"{one.tiles:,}"),
        ("tiles times looks", lambda one: f"{one.looks:,.0f}"),
        ("processor hours", lambda one: f"{one.core_hours:,.0f}"),
        (f"  dollars, at {prices.core_hour:g} an hour", lambda one: f"{one.dollars:,.2f}"),
        ("  days on two processors", lambda one: f"{one.days_two_cores:,.1f}"),
        ("  hours on a hundred", lambda one: f"{one.hours_hundred_cores:,.1f}"),
        ("terabytes to fetch", lambda one: f"{one.terabytes:,.1f}"),
        (f"  days on a line of {prices.gigabit:g} Gbit/s", lambda one: f"{one.days_line:,.1f}"),
    )
    widths = {name: max(len(name), 12) for name in costs}
    print(f"{'':<29}" + "".join(f"  {name:>{width}}" for name, width in widths.items()))
    for said, value in lines:
        row = "".join(f"  {value(costs[name]):>{width}}" for name, width in widths.items())
        print(f"{said:<29}{row}")
    print("processors and line work at the same time: the longer of the two is what it takes")


def print_speed(result: Speed) -> None:
    """Print how long each way of doing it takes, over floor and scan, and where the time goes."""
    ground = f"{result.megapixels:.2f} Mpx of ground, {result.looks} looks, {result.bands} bands"
    print(f"{ground}; {result.tiles} tiles, {result.threads} threads; medians of {result.repeats}")
    print(
        f"{'':<27} {'elapsed':>9} {'floor':>8} {'scan':>8} {'processor':>10} {'floor':>8} {'Mpx/s':>6}  peak"
    )
    for name, one in result.contenders.items():
        print(f"{name:<27} {_line(one, result)}")
    print("  Mpx/s: ground times looks; peak: most memory, in a process of its own")
    total = sum(result.stages.values())
    print("processor seconds of the scan by stage, in one thread")
    for stage, seconds in result.stages.items():
        print(f"  {stage:<31} {seconds:6.2f} s  {seconds / total:4.0%}")
    if result.distant:
        (what, whole), (base, alone) = result.distant.items()
        over = f"{whole.seconds:.2f} s, {_times(whole.seconds, alone.seconds).strip()}"
        print(f"{what}, answers 30 ms later: {over} of {base}, {alone.seconds:.2f} s")
    if result.growth:
        area, looks = result.growth
        print(f"processor seconds grow as area to the power of {area:.2f}, as looks to that of {looks:.2f}")


def _line(one: Contender, result: Speed) -> str:
    floor, whole = result.floor, result.whole
    elapsed = (
        f"{one.seconds:7.2f} s {_times(one.seconds, floor.seconds)} {_times(one.seconds, whole.seconds)}"
    )
    processor = " " * 19
    if one.processor is not None and floor.processor:
        processor = f"{one.processor:8.2f} s {_times(one.processor, floor.processor)}"
    peak = "" if one.peak is None else f"{one.peak / 2**30:.2f} GiB"
    return f"{elapsed} {processor} {result.rate(one):6.1f}  {peak}".rstrip()


def _times(one: float, other: float) -> str:
    return f"{one / other:6.2f} x"

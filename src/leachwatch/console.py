"""What the command line prints. Answers go to the output stream, what went wrong to the error stream."""

from __future__ import annotations

import json
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from leachwatch.bench import (
        Ablation,
        Accuracy,
        ChipAccuracy,
        FiredChips,
        Level,
        Rate,
        Recall,
        Score,
    )
    from leachwatch.case import Review
    from leachwatch.detect import Model
    from leachwatch.imagery import Skipped
    from leachwatch.scanning import Plan, Report

__all__ = [
    "one_line",
    "print_ablation",
    "print_accuracy",
    "print_card",
    "print_chips",
    "print_fired",
    "print_plan",
    "print_rates",
    "print_recall",
    "print_report",
    "print_reviews",
    "print_score",
    "progress_bar",
    "size_of",
    "tell",
]

_MOST_LINES = 10
"""Scenes named one by one; the manifest names all."""


def print_plan(plan: Plan) -> None:
    """Print what a scan would fetch, from whom, and what each host would learn."""
    where = "from hosts" if plan.hosts else "from this disk"
    scenes, tiles = _many(len(plan.scenes), "scene"), _many(plan.tiles, "tile")
    print(f"{scenes} over {tiles}: about {size_of(plan.bytes)} {where}")
    if plan.scenes:
        print("  day         granule  about     scene")
    for one in plan.scenes:
        print(f"  {one.day}  {one.granule or '-':<7}  {size_of(one.bytes):>8}  {one.scene}")
    if plan.skipped:
        print(f"{_many(plan.skipped, 'scene')} could not be used, whatever is fetched")
    if not plan.hosts:
        print("no host is asked; nobody learns anything")
    for host in plan.hosts:
        print(f"{host.host}{f': about {size_of(host.bytes)}' if host.bytes else ''}\n  learns {host.learns}")
    if any(host.bytes for host in plan.hosts):
        hide = "" if plan.whole else "; --whole-scenes hides which parts are looked at"
        print(f"no picture was fetched{hide}")


def print_skipped(skipped: Sequence[Skipped]) -> None:
    """Name what could not be used: scene by scene, or by reason where there are many."""
    if len(skipped) <= _MOST_LINES:
        for one in skipped:
            print(one_line(f"skipped {one.scene}: {one.reason}"), file=sys.stderr)
        return
    for reason, count in Counter(one.reason for one in skipped).most_common(_MOST_LINES):
        named = next(one.scene for one in skipped if one.reason == reason)
        line = f"skipped {_many(count, 'scene')}, such as {named}: {reason}"
        print(one_line(line), file=sys.stderr)


def print_report(report: Report, *, quiet: bool) -> None:
    """Print what a scan did, and what to know before believing it."""
    tiers = ", ".join(f"{report.tiers.get(tier, 0)} {tier}" for tier in ("confirmed", "probable", "possible"))
    tell(f"{_many(report.rows['sites'], 'site')}: {tiers}", quiet=quiet)
    if report.rejected:
        names = ", ".join(f"{count} {name}" for name, count in sorted(report.rejected.items()))
        tell(f"rejected as look-alikes: {names}", quiet=quiet)
    if report.reviewed:
        decided = ", ".join(f"{count} {decision}" for decision, count in report.reviewed.items())
        off = " (not on the page)" if "rejected" in report.reviewed else ""
        tell(f"reviewed by people: {decided}{off}", quiet=quiet)
    tell(f"{_many(report.scenes, 'scene')} on {_many(report.looks, 'day')}", quiet=quiet)
    tell(f"seen in a month: {report.clear_share:.0%} of the ground (mean)", quiet=quiet)
    for caveat in report.caveats:
        tell(f"note: {caveat}", quiet=quiet)
    print_skipped(report.skipped)
    if report.simulated:
        tell("SIMULATED: these scenes show no real place", quiet=quiet)
    for host, (requests, received) in sorted(report.traffic.items()):
        tell(f"fetched from {host}: {size_of(received)} in {_many(requests, 'request')}", quiet=quiet)
    tell(f"read: {size_of(report.read)} of pixels, unpacked{_worked(report)}", quiet=quiet)
    tell(f"tables: {report.place}", quiet=quiet)


def _worked(report: Report) -> str:
    """Say for how many tiles, and how many had been done."""
    many, worked = _many(report.tiles, "tile"), report.tiles - report.kept
    if not report.kept:
        return f", for {many}"
    if not worked:
        return f"; all of {many} had been done before"
    return f", for {worked} of {many}; {report.kept} had been done before"


def print_reviews(reviews: Sequence[Review], *, as_json: bool) -> None:
    """Print what people decided, first to last."""
    if as_json:
        names = ("day", "site_id", "decision", "reason", "note")
        print(json.dumps([{name: getattr(one, name) for name in names} for one in reviews], default=str))
        return
    if not reviews:
        print("nothing was reviewed yet")
    for one in reviews:
        why = f" ({one.reason})" if one.reason else ""
        print(one_line(f"{one.day}  {one.site_id}  {one.decision}{why}{'  ' if one.note else ''}{one.note}"))


def print_score(result: Score, *, quiet: bool) -> None:
    """Print how found sites compare with known ones."""
    found = f"{_many(result.found, 'mine')} found, {result.missed} missed, {result.false} false"
    rates = f"precision {result.precision:.2f}, recall {result.recall:.2f}, F1 {result.f1:.2f}"
    lines = [f"against the truth: {found}; {rates}"]
    if result.confirmed_precision is not None:
        lines.append(f"confirmed alone: {result.confirmed}, precision {result.confirmed_precision:.2f}")
    if result.uncounted:
        lines.append(f"not counted: {_many(result.uncounted, 'possible site')}")
    if result.false_by_lookalike:
        names = ", ".join(f"{count} {name}" for name, count in result.false_by_lookalike.items())
        lines.append(f"false alarms: {names} ({result.false_per_100_km2:.1f} on 100 km² outside mines)")
    for line in [*lines, *_history_lines(result)]:
        tell(line, quiet=quiet)


def _history_lines(result: Score) -> Iterator[str]:
    """Say how well dates, states and areas agree, as far as there is anything to compare."""
    if result.onset_error_days is not None:
        often = result.onset_error_often_days
        yield (
            f"first pools: median error {result.onset_error_days:.0f} days"
            + (f" ({often:.0f} where seen twice a month)" if often is not None else "")
            + f"; the interval holds the true day in {result.onset_covered:.0%}"
        )
    if result.activity is not None:
        yield f"active or idle: right in {result.activity:.0%} of the months seen"
    seen, hidden = result.pauses_found + result.pauses_missed, result.pauses_hidden
    if seen or hidden:
        yield f"pauses of three months or more: {result.pauses_found} of {seen} found" + (
            f"; {hidden} more could not be seen" if hidden else ""
        )
    if result.area_ratio is not None:
        yield (
            f"pool area: {result.area_ratio:.2f} of the true (median of sites); "
            f"the interval holds the true area in {result.area_covered:.0%} of months"
        )


_COLUMNS = (
    ("precision", "prec.", 2),
    ("recall", "recall", 2),
    ("f1", "F1", 2),
    ("confirmed_precision", "conf.", 2),
    ("onset_error_days", "onset d", 0),
    ("onset_error_often_days", "often d", 0),
    ("onset_covered", "within", 2),
    ("activity", "active", 2),
    ("pauses", "pauses", 2),
    ("area_ratio", "area", 2),
    ("area_covered", "within", 2),
)
"""Measure, heading and digits of each column of the table of districts."""


def print_accuracy(result: Accuracy) -> None:
    """Print the scores of many districts as a table, and what holds for all of them together."""
    print("simulated districts: these numbers are not to be ranked against real-world ones")
    print("  seed  " + "  ".join(f"{title:>6}" for _, title, _ in _COLUMNS) + "  false alarms")
    for seed, one in zip(result.seeds, result.scores, strict=True):
        false = ", ".join(f"{count} {name}" for name, count in one.false_by_lookalike.items()) or "none"
        print(f"{seed:6d}  {_cells(partial(getattr, one))}  {false}")
    for title, of in (("median", result.median), ("worst", result.worst)):
        print(f"{title:>6}  {_cells(of)}  {_cell(of('false_per_100_km2'), 0, 1)} on 100 km²")
    print(
        "prec., recall, F1: confirmed and probable sites; conf.: precision of confirmed ones alone\n"
        "onset d: median error of the first pools, days; often d: where seen twice a month or more\n"
        "within: share of intervals that hold the truth; pauses: share found of those that could be seen"
    )
    for line in _together(result):
        print(line)


def _together(result: Accuracy) -> Iterator[str]:
    """Say what holds for all districts together."""
    kinds = ", ".join(f"{share:.2f} {kind}" for kind, share in result.false_per_100_km2_by_lookalike.items())
    yield f"together: {result.false_per_100_km2:.2f} false alarms on 100 km² outside mines" + (
        f" ({kinds})" if kinds else ""
    )
    if result.confirmed_precision is not None:
        yield f"together: precision of confirmed {result.confirmed_precision:.3f}"
    found, missed, hidden = (
        sum(getattr(one, f"pauses_{what}") for one in result.scores) for what in ("found", "missed", "hidden")
    )
    yield f"together: {found} of {found + missed} pauses found; {hidden} more could not be seen"
    if result.calibration_error is not None:
        sites = sum(len(one.judged) for one in result.scores)
        yield f"together: calibration error of score {result.calibration_error:.3f} over {sites} sites"


def _cells(value: Callable[[str], float | None]) -> str:
    """One line of the table of districts."""
    return "  ".join(_cell(value(name), max(6, len(title)), digits) for name, title, digits in _COLUMNS)


def print_card(model: Model, *, quiet: bool) -> None:
    """Print how good a model is on districts that it has not seen, and on what it was not shown."""
    pixel, site = model.grey.card, model.site.card
    looks, wholes = pixel["unseen districts"], site["unseen districts"]
    lines = [
        "on simulated districts that it has not seen; not to be ranked against real-world numbers",
        f"one look at a pixel: AUC {looks['AUC']:.3f}, calibration error {looks['calibration error']:.3f}",
        f"a group of pixels: AUC {wholes['AUC']:.3f}, calibration error {wholes['calibration error']:.3f}",
        f"  at 0.5 precision {wholes['precision at 0.5']:.2f} and recall {wholes['recall at 0.5']:.2f}",
        "share of a kind taken for mines, shown and held out (groups):",
        *(
            f"  {kind:<14} {one['shown']:.2f}  {one['held out']:.2f}  ({one['groups']})"
            for kind, one in site["held out"]["look-alikes"].items()
        ),
        "share of looks at pools that speak for one, liquid shown and held out (looks):",
        *(
            f"  {liquid:<14} {one['shown']:.2f}  {one['held out']:.2f}  ({one['pixels']})"
            for liquid, one in pixel["held out"].items()
        ),
        "terrain held out, recall and share of look-alikes taken for mines:",
        *(
            f"  {name:<14} {one['recall']:.2f}  {one['look-alikes taken for mines']:.2f}"
            for name, one in site["held out"]["terrain"].items()
        ),
    ]
    for line in lines:
        tell(line, quiet=quiet)


def print_ablation(result: Ablation) -> None:
    """Print what each stage of detection buys."""
    print(f"{len(result.seeds)} simulated districts, confirmed and probable sites; not to be ranked against")
    print("real-world numbers")
    print(f"{'':<30}{'precision':>9}  {'recall':>6}  {'median F1':>9}  {'worst F1':>8}")
    for name, precision, recall, middle, worst in result.rows():
        print(f"{name:<30}{precision:9.2f}  {recall:6.2f}  {middle:9.2f}  {worst:8.2f}")


def print_chips(result: ChipAccuracy) -> None:
    """Print how well chips with pools are told from those without."""
    print(f"{result.rows} rows: {_many(result.pools, 'chip')} with pools, {result.none} without")
    rows = (
        ("all without", result.none, result.auc, result.auc_interval, result.baseline),
        (
            "brightest quarter",
            result.bright,
            result.auc_bright,
            result.auc_bright_interval,
            result.baseline_bright,
        ),
    )
    print("against             chips   AUC  5-95 %      spread of red alone")
    for name, count, auc, (low, high), baseline in rows:
        print(f"{name:<18}  {count:5d}  {auc:.3f}  {low:.2f} to {high:.2f}  {baseline:.3f}")


def print_fired(result: FiredChips) -> None:
    """Print on which classes of chips the rule for red, green and blue fires."""
    print("chips  fired  pixels  label  class")
    for kind, label, count, share, pixels in result.kinds:
        print(f"{count:5d}  {share:5.0%}  {pixels:6.1%}  {'yes' if label else 'no':<5}  {one_line(kind)}")


def print_rates(result: Mapping[str, Any], indent: str = "") -> None:
    """Print a measurement, a line each; rates with their count and interval."""
    for name, value in result.items():
        words = name.replace("_", " ")
        if isinstance(value, Mapping) and "share" in value:
            print(f"{indent}{words:<44} {_share(value)}")
        elif isinstance(value, Mapping):
            print(f"{indent}{words}")
            print_rates(value, indent + "  ")
        elif isinstance(value, float):
            print(f"{indent}{words:<44} {value:,.3f}")
        elif not isinstance(value, list):
            print(f"{indent}{words:<44} {value}")


def _share(rate: Mapping[str, Any]) -> str:
    if rate["share"] is None:
        return "none"
    return f"{rate['share']:.3f}  ({rate['low']:.2f} to {rate['high']:.2f}; {rate['hits']} of {rate['of']})"


def print_recall(result: Recall) -> None:
    """Print how much of a list of known points was found, and how much of it could not be seen."""
    if result.simulated:
        print("SIMULATED: the scanned scenes show no real place")
    left = ", ".join(f"{count} {one_line(kind)}" for kind, count in result.left_out.items())
    shapes = f"; {_many(result.no_points, 'feature')} without a point" if result.no_points else ""
    print(f"known: {_many(result.listed, 'point')}{f'; left out: {left}' if left else ''}{shapes}")
    print(
        f"could not be seen: {result.unseen.share or 0:.0%} ({result.outside} outside the watched ground, "
        f"{result.points.unclear} without a clear month around their date)"
    )
    if result.points.later:
        print(f"not yet: {_many(result.points.later, 'point')} that may be younger than the scan")
    if result.before:
        print(f"older than the scan: {_many(result.before, 'point')}; some pools may have gone since")
    print(f"{'recall':<24}{'of points':<32}of sites (points linked within 150 m)")
    for name, points, sites in _recall_rows(result.points, result.sites):
        print(f"  {name:<22}{_rate(points):<32}{_rate(sites)}")
    print("points of one site stand or fall together: trust the intervals of sites")
    if result.agrees.of:
        print(f"dates agree: {_rate(result.agrees)} points found have no first pools after their day")
    print("no precision: no list is complete, so a found site that is not on it may be a mine")


def _recall_rows(points: Level, sites: Level) -> Iterator[tuple[str, Rate | None, Rate | None]]:
    """Rows of the table: all, then each class of points; those of sites are among them."""
    yield "all", points.found, sites.found
    for kind, some, others in (
        ("diameter", points.by_size, sites.by_size),
        ("seen", points.by_year, sites.by_year),
        ("state", points.by_state, sites.by_state),
    ):
        for name, rate in some.items():
            yield f"{kind} {name}", rate, others.get(name)


def _rate(rate: Rate | None) -> str:
    if rate is None or rate.share is None or rate.interval is None:
        return "-"
    low, high = rate.interval
    return f"{rate.hits} of {rate.of}, {rate.share:.2f} ({low:.2f}-{high:.2f})"


def size_of(count: int) -> str:
    """Bytes as people write them."""
    size, units = float(count), ["bytes", "kB", "MB", "GB", "TB"]
    while size >= 1000 and len(units) > 1:  # noqa: PLR2004 - kilo
        size /= 1000
        units.pop(0)
    return f"{size:.0f} {units[0]}" if units[0] == "bytes" or size >= 100 else f"{size:.1f} {units[0]}"  # noqa: PLR2004 - three digits


def _many(count: int, thing: str) -> str:
    return f"{count} {thing}{'' if count == 1 else 's'}"


def _cell(value: float | None, width: int, digits: int = 2) -> str:
    return f"{'-':>{width}}" if value is None else f"{value:{width}.{digits}f}"


def one_line(text: str) -> str:
    r"""Write text from outside so that it can neither break the line nor steer the terminal.

    Examples
    --------
    >>> one_line("a\nb\x1b]0;title\x07")
    'a?b?]0;title?'
    """
    return "".join(sign if sign.isprintable() else "?" for sign in text)


def tell(text: str, *, quiet: bool) -> None:
    """Print a line unless it was asked not to."""
    if not quiet:
        print(text)


@contextmanager
def progress_bar(*, quiet: bool) -> Iterator[Callable[[str, int, int], None]]:
    """Show a bar, the rate and the time left for each thing that is counted, where a person watches."""
    if quiet or not sys.stderr.isatty():
        yield lambda _what, _done, _total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

    columns = (
        *(TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn()),
        *(TextColumn("{task.fields[rate]}"), TimeRemainingColumn()),
    )
    tasks: dict[str, tuple[TaskID, float]] = {}
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:

        def show(what: str, done: int, total: int) -> None:
            counted, now = what.partition(" from ")[0], time.monotonic()
            if counted not in tasks:
                tasks[counted] = bar.add_task(what, total=total, rate=""), now
            task, begun = tasks[counted]
            said = rate(done, now - begun)
            bar.update(task, description=what, completed=done, total=total, rate=said)

        yield show


def rate(done: int, seconds: float) -> str:
    """Say how fast something goes; nothing while nobody can tell.

    Examples
    --------
    >>> rate(120, 60.0), rate(5, 60.0), rate(0, 60.0)
    ('2.0/s', '300/h', '')
    """
    if not done or seconds < 1:
        return ""
    return f"{done / seconds:.1f}/s" if done >= seconds else f"{done / seconds * 3600:.0f}/h"

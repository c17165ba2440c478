"""Simulated chips beside real ones: percentiles of what counts, as numbers and as a picture."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import altair as alt
import numpy as np
import vl_convert
from numpy.typing import NDArray

from leachwatch.bench.chips import read_chips
from leachwatch.detect.chips import PIXEL_FEATURES, pixel_features, reflectance
from leachwatch.errors import OutputError, RecordError
from leachwatch.simulate.chips import chips as simulated_chips
from leachwatch.writing import write_whole

__all__ = ["Summary", "draw_chips", "summarise"]

Summary = dict[str, list[float]]
"""5th, 25th, 50th, 75th and 95th percentile by name of what was measured."""

_PERCENTILES = (5, 25, 50, 75, 95)
_SEEDS = range(1, 9)  # of the simulated districts
_BARE = 1.0  # ln(near infrared / red), as the sibling has it
_LEAVES = 1.5
_ENOUGH = 60  # bare pixels from which a chip has ground to describe
_VEGA_LITE = ".".join(alt.SCHEMA_VERSION.removeprefix("v").split(".")[:2])
_COLOURS = {"real": "#b23a12", "simulated": "#2f6f8f", "simulated before": "#a9a49b"}

_OF_BARE = (
    "ln G/R",
    "ln N/R",
    "ln G/R less pad",
    "ln N/R less pad",
    "ln R less pad",
    "texture of R, 3 px",
    "texture of R, 5 px",
    "texture of G/R, 3 px",
)


def draw_chips(
    path: Path,
    folder: Path,
    *,
    before: Path | None = None,
    seeds: Sequence[int] = _SEEDS,
    progress: Callable[[str, int, int], None] = lambda _what, _done, _total: None,
) -> tuple[Path, Path]:
    """Draw percentiles of the even rows of real chips and of simulated ones.

    Nothing but percentiles over all chips leaves: no picture and no value of a chip.

    Parameters
    ----------
    path : Path
        Chips in near infrared, red and green, as `read_chips` takes them.
    folder : Path
        Where ``chips.json`` and ``chips.svg`` go.
    before : Path, optional
        A ``chips.json`` of an earlier simulator, drawn too.
    seeds : sequence of int
        Simulated districts.
    progress : callable
        Told how many of how many are done.

    Returns
    -------
    tuple of Path
        The numbers and the picture.
    """
    real = read_chips(path, "even")
    found = []
    for done, seed in enumerate(seeds):
        progress("districts", done, len(seeds))
        found += simulated_chips(seed)
    pixels, pools = np.stack([one.pixels for one in found]), np.array([one.kind == "pools" for one in found])
    anywhere = np.array([one.kind == "anywhere" for one in found])
    content = {"real": summarise(real.pixels[real.label], real.pixels[~real.label])}
    if before is not None:
        content["simulated before"] = _earlier(before)
    content["simulated"] = summarise(pixels[pools], pixels[anywhere])
    numbers, picture = folder / "chips.json", folder / "chips.svg"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_whole(numbers, json.dumps(content, indent=1).encode() + b"\n")
        write_whole(picture, _svg(content).encode())
    except OSError as error:
        raise OutputError(f"{folder}: cannot be written ({error.strerror}); give another folder") from error
    return numbers, picture


def summarise(pools: NDArray[np.uint8], none: NDArray[np.uint8]) -> Summary:
    """Describe chips with pools and chips without.

    Parameters
    ----------
    pools, none : ndarray of uint8, shape (n, y, x, 3)
        Near infrared, red and green.
    """
    result = {f"pools: {name}": values for name, values in _of_mines(reflectance(pools)).items()}
    red = reflectance(none)[..., 1]
    result["none: mean of red"] = red.mean(axis=(1, 2))
    result["none: spread of red"] = red.std(axis=(1, 2))
    return {name: _percentiles(values) for name, values in result.items()}


def _of_mines(chips: NDArray[np.float32]) -> dict[str, NDArray[np.float32]]:
    near, red, green = np.moveaxis(chips, -1, 0)
    described = np.stack([pixel_features(chip) for chip in chips], axis=1)
    known = dict(zip(PIXEL_FEATURES, described, strict=True))
    bare = known["ln N/R"] < _BARE
    leaves = (known["ln N/R"] > _LEAVES).reshape(red.shape)
    ground = bare & (bare.sum(axis=1) >= _ENOUGH)[:, None]
    picture = bare.reshape(red.shape)
    return {
        "bare share of a chip": bare.mean(axis=1),
        "spread of red in a chip": red.std(axis=(1, 2)),
        "bare: near infrared": near[picture],
        "bare: red": red[picture],
        "bare: green": green[picture],
        **{f"bare: {name}": known[name][ground] for name in _OF_BARE},
        "leaves: near infrared": near[leaves],
        "leaves: red": red[leaves],
    }


def _percentiles(values: NDArray[np.float32]) -> list[float]:
    return [round(float(value), 4) for value in np.nanpercentile(values, _PERCENTILES)]


def _earlier(path: Path) -> Summary:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))["simulated"]
        return {str(name): [float(value) for value in values] for name, values in content.items()}
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        raise RecordError(f"{path}: no summary of chips ({error}); give a chips.json") from error


def _svg(content: Mapping[str, Summary]) -> str:
    rows = [
        {"of": source, "what": name} | {f"p{q}": value for q, value in zip(_PERCENTILES, values, strict=True)}
        for source, summary in content.items()
        for name, values in summary.items()
    ]
    colour = alt.Color(
        "of:N", legend=None, scale=alt.Scale(domain=list(_COLOURS), range=list(_COLOURS.values()))
    )
    base = alt.Chart().encode(y=alt.Y("of:N", title=None, sort=list(_COLOURS)), color=colour)
    scale = alt.Scale(zero=False)
    layers = alt.layer(
        base.mark_rule(strokeWidth=1.5).encode(x=alt.X("p5:Q", title=None, scale=scale), x2="p95:Q"),
        base.mark_rule(strokeWidth=7).encode(x="p25:Q", x2="p75:Q"),
        base.mark_tick(color="#fff", thickness=2, height=9).encode(x="p50:Q", color=alt.value("#ffffff")),
    ).properties(width=230, height=20 * len(content))
    chart = (
        layers.facet(
            facet=alt.Facet("what:N", title=None, sort=list(next(iter(content.values())))),
            columns=3,
            data=alt.InlineData(values=rows),
        )
        .resolve_scale(x="independent")
        .configure(background="#fdfcfa")
        .configure_view(stroke=None)
    )
    svg: str = vl_convert.vegalite_to_svg(chart.to_dict(), vl_version=_VEGA_LITE, allowed_base_urls=[])
    return svg

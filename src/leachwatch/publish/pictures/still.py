"""One picture that stands alone: drawn, told in words, and with its data."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pandas as pd
import vl_convert
from markupsafe import escape

from leachwatch.cells import guarded
from leachwatch.publish.charts import INK, VEGA_LITE
from leachwatch.publish.raster import png
from leachwatch.publish.sheet import Chart

__all__ = ["Still", "of_chart"]

_SCALE = 2.0
_AROUND = {"left": 28, "right": 28, "top": 24, "bottom": 20}


@dataclass(frozen=True, eq=False)
class Still:
    """A picture.

    Attributes
    ----------
    name : str
        For its files.
    title : str
        What it shows.
    told : str
        The same in words, from its data, for those who do not see it.
    svg : str
        The drawing, with title and words in it.
    data : DataFrame
        What is drawn.
    """

    name: str
    title: str
    told: str
    svg: str
    data: pd.DataFrame

    def files(self) -> dict[str, bytes]:
        """Give SVG, PNG at twice the size, words and CSV, by file name."""
        return {
            f"{self.name}.svg": self.svg.encode(),
            f"{self.name}.png": png(self.svg, _SCALE),
            f"{self.name}.txt": f"{self.told}\n".encode(),
            f"{self.name}.csv": _csv(self.data),
        }


def of_chart(chart: Chart, told: str) -> Still:
    """Draw a chart so that it can stand alone: on paper, with air around it, and its words inside."""
    spec = {**chart.spec, "background": INK["paper"], "padding": _AROUND}
    svg: str = vl_convert.vegalite_to_svg(spec, vl_version=VEGA_LITE, allowed_base_urls=[])
    svg = re.sub(r' aria-[a-z]+="[^"]*"| role="[^"]*"', "", svg)
    head, rest = svg.split(">", 1)
    said = f'<title id="title">{escape(chart.title)}</title><desc id="words">{escape(told)}</desc>'
    svg = f'{head} role="img" aria-labelledby="title words">{said}{rest}'
    return Still(chart.name, chart.title, told, svg, chart.data)


def _csv(data: pd.DataFrame) -> bytes:
    """Write the data; a text that a spreadsheet would run has an apostrophe before it."""
    safe = data.map(lambda value: guarded(value) if isinstance(value, str) else value)
    return safe.to_csv(index=False, lineterminator="\n").encode()

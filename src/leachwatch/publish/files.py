"""Film strips as picture files, one a site."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from leachwatch import films
from leachwatch.publish.film import SCALE, draw
from leachwatch.publish.model import PublicSite
from leachwatch.publish.projection import Frames, project
from leachwatch.publish.raster import png
from leachwatch.writing import write_whole

__all__ = ["draw_strips"]

_AT_A_TIME = 2
"""Strips: drawing is done by one thread of its library, packing by ours."""


def draw_strips(
    out: Path, *, progress: Callable[[str, int, int], None] = lambda _what, _done, _total: None
) -> Path | None:
    """Draw the film strip of every site in an ``out`` folder: ``strips/SITE.png``.

    A person checks a detection by it: the looks in true colour, what each says of pools, and what the site
    was taken for. Sites that a person rejected, and those of which no look could be read, have none.

    Parameters
    ----------
    out : Path
        Folder of a scan.
    progress : callable
        Told how many ``pictures`` are drawn, of how many.

    Returns
    -------
    Path or None
        Their folder; None if there are none.

    Raises
    ------
    TableError
        If a table is missing or does not keep the contract.
    OutputError
        If a picture cannot be written.
    """
    account = project(Frames.read(out), title="", simulated=False, made=None)

    def drawn(site: PublicSite) -> Path | None:
        film, path = films.read(out, site.site_id), films.path_of(out, site.site_id, ".png")
        if film is None or path is None:
            return None
        svg = draw(film, site, name="pools", simulated=account.simulated, packing="exact")
        return write_whole(path, png(svg, SCALE)).parent

    folder = None
    # one is drawn while another is packed
    with ThreadPoolExecutor(_AT_A_TIME) as pool:
        for done, one in enumerate(pool.map(drawn, account.sites), start=1):
            folder = one or folder
            progress("pictures", done, len(account.sites))
    return folder

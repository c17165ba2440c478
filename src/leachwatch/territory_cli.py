"""The command ``leachwatch boundaries``: parse, call, print."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from leachwatch.console import one_line
from leachwatch.errors import RecordError
from leachwatch.options import AsJson, Quiet
from leachwatch.territory_console import print_boundaries

__all__ = ["boundaries"]


def boundaries(
    country: Annotated[str, typer.Argument(help="ISO 3166 alpha-3, such as MMR.", metavar="ISO3")],
    level: Annotated[str, typer.Argument(help="ADM0 (country) to ADM5.", metavar="LEVEL")],
    *,
    out: Annotated[Path | None, typer.Option("--out", help="File to write, GeoJSON.", metavar="FILE")] = None,
    case: Annotated[
        Path | None,
        typer.Option("--case", help="Case folder to write it into, as ISO3-LEVEL.geojson.", metavar="DIR"),
    ] = None,
    offline: Annotated[bool, typer.Option("--offline", help="Ask no host; refuse.")] = False,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Fetch the boundaries of a whole country from geoBoundaries, with their licence and source.

    Example: leachwatch boundaries MMR ADM3 --case kachin
    """
    from leachwatch.territory import Service, fetch_boundaries
    from leachwatch.trade import by_iso

    if (out is None) == (case is None):
        raise RecordError("give --out FILE or --case DIR, one of the two")
    if case is not None and not (case / "case.yaml").is_file():
        raise RecordError(f"{case}: is no case folder; name one with --case, or a file with --out")
    file = out or Path(case or ".") / f"{country.strip().upper()}-{level.strip().upper()}.geojson"

    def tell(line: str) -> None:
        if not quiet:
            print(one_line(line), file=sys.stderr)

    service = Service(known=frozenset(by_iso()) - {"WLD"}, offline=offline)
    today = datetime.now(UTC).date()
    got = fetch_boundaries(country, level, file, today=today, tell=tell, service=service)
    print_boundaries(got, quiet=quiet, as_json=as_json)

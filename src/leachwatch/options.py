"""Options that many commands have."""

from __future__ import annotations

from typing import Annotated

import typer

__all__ = ["AsJson", "Quiet", "Scheduler"]

Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing but errors.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]
Scheduler = Annotated[
    str,
    typer.Option(
        "--scheduler",
        envvar="LEACHWATCH_SCHEDULER",
        show_envvar=False,
        help="Work tiles on the Dask cluster of this scheduler, tcp://HOST:PORT; also LEACHWATCH_SCHEDULER.",
        metavar="ADDRESS",
    ),
]

"""What many commands have: options, the day, and the key that signs."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

__all__ = ["AsJson", "Quiet", "Scheduler", "signing_key", "today"]

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


def today() -> date:
    """Today, UTC."""
    return datetime.now(UTC).date()


def signing_key(path: Path | None) -> Ed25519PrivateKey | None:
    """Read the key to sign with, before anything is written: a wrong one then leaves nothing unsigned."""
    from leachwatch.custody import load_key  # noqa: PLC0415 - cryptography is needed for few commands

    if path is None:
        return None
    return load_key(path, lambda: str(typer.prompt("Passphrase", hide_input=True, err=True)))

"""The commands of ``leachwatch evidence``: parse, call, print."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from leachwatch.options import AsJson, signing_key, today

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

__all__ = ["evidence_app"]

evidence_app = typer.Typer(
    help="Evidence of a case: taken in by its hash, its custody logged and signed.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

_Case = Annotated[Path, typer.Option("--case", help="The case folder.", metavar="DIR")]
_Role = Annotated[str, typer.Option("--role", help="Who does it: a role, never a name.", metavar="WORDS")]
_Reason = Annotated[str, typer.Option("--reason", help="Why, or from where.", metavar="WORDS")]
_Key = Annotated[
    Path | None,
    typer.Option(
        "--key",
        help="Key to sign the log with; without it the log is only chained.",
        metavar="FILE",
        envvar="LEACHWATCH_CUSTODY_KEY",
    ),
]


@evidence_app.command()
def keygen(
    file: Annotated[Path, typer.Argument(help="File to make, outside of any case.", metavar="FILE")],
    *,
    passphrase: Annotated[
        bool, typer.Option("--passphrase", help="Lock the file; you are asked for the passphrase.")
    ] = False,
) -> None:
    """Make a key to sign logs of custody with; print its fingerprint, to be kept elsewhere.

    Example: leachwatch evidence keygen keys/custody.pem
    """
    from leachwatch.custody import make_key

    words = ""
    if passphrase:
        words = typer.prompt("Passphrase", hide_input=True, confirmation_prompt=True, err=True)
    print(make_key(file, words))


@evidence_app.command()
def add(
    file: Annotated[Path, typer.Argument(help="To take in; it stays where it is.", metavar="FILE")],
    title: Annotated[str, typer.Option("--title", help="What it is.", metavar="WORDS")],
    *,
    case: _Case = Path(),
    role: _Role = "researcher",
    reason: _Reason = "",
    url: Annotated[str, typer.Option("--url", help="Where it was had.", metavar="URL")] = "",
    tlp: Annotated[
        str, typer.Option("--tlp", help="Who may see its record: RED to CLEAR.", metavar="WORD")
    ] = "AMBER",
    key: _Key = None,
    as_json: AsJson = False,
) -> None:
    """Copy a file into a case as it is, read-only; write its hash, its record, and the first of its custody.

    Example: leachwatch evidence add scan.pdf --title "Customs notice" --case kachin --key keys/custody.pem
    """
    from leachwatch.custody import take_in

    private = signing_key(key)
    taken = take_in(file, case, title=title, day=today(), role=role, reason=reason, url=url, tlp=tlp)
    sealed = _sealed(case, private)
    if as_json:
        print(json.dumps({"id": taken.record.id, "sha256": taken.record.sha256, "signed_by": sealed}))
        return
    print(f"{taken.record.id}  {taken.record.sha256}  {taken.copy}")
    print(f"custody signed by {sealed}" if sealed else "custody chained, not signed: give --key to sign it")


@evidence_app.command()
def note(
    evidence: Annotated[str, typer.Argument(help="Id of the evidence.", metavar="EVIDENCE")],
    event: Annotated[str, typer.Argument(help="What was done, such as transferred.", metavar="EVENT")],
    *,
    case: _Case = Path(),
    role: _Role = "researcher",
    reason: _Reason = "",
    key: _Key = None,
) -> None:
    """Log what was done with evidence: accessed, transferred, copied, exported, verified, destroyed and more.

    Example: leachwatch evidence note evd-0123456789 transferred --reason "to the lawyer" --case kachin
    """
    from leachwatch.custody import note_evidence

    private = signing_key(key)
    note_evidence(case, event, evidence, day=today(), role=role, reason=reason)
    sealed = _sealed(case, private)
    print(f"{evidence}: {event}" + (f", signed by {sealed}" if sealed else ", not signed"))


@evidence_app.command()
def check(
    *,
    case: _Case = Path(),
    fingerprint: Annotated[
        str, typer.Option("--fingerprint", help="Of the key that must have signed the log.", metavar="TEXT")
    ] = "",
) -> None:
    """Check log, signature and every byte of the evidence; exit 1 and name the first break, if there is one.

    Example: leachwatch evidence check --case kachin
    """
    from leachwatch.custody import read_custody, unsigned, verify_custody

    if broken := verify_custody(case, fingerprint):
        print(broken)
        raise typer.Exit(1)
    many = unsigned(case)
    print(
        f"whole: {len(read_custody(case))} lines of custody"
        + (f", the last {many} not signed" if many else "")
    )


def _sealed(case: Path, private: Ed25519PrivateKey | None) -> str:
    from leachwatch.custody import seal

    return "" if private is None else seal(case, private)

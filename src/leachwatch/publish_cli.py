"""The commands ``leachwatch publish`` and ``leachwatch verify``: parse, call, print."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from leachwatch.console import progress_bar, tell
from leachwatch.errors import ReleaseError
from leachwatch.options import AsJson, Quiet, signing_key, today
from leachwatch.publish_console import print_prepared, print_verified, print_withheld

__all__ = ["publish", "verify"]


def publish(
    folder: Annotated[Path, typer.Argument(help="The case folder.", metavar="CASE")],
    *,
    draft: Annotated[
        bool, typer.Option("--draft", help="Write the page alone, marked as a draft, for your own eyes.")
    ] = False,
    release: Annotated[
        bool, typer.Option("--release", help="Release what was prepared, after you have looked at it.")
    ] = False,
    key: Annotated[
        Path | None,
        typer.Option(
            "--key",
            help="Key to sign the manifest with, of `leachwatch evidence keygen`.",
            metavar="FILE",
            envvar="LEACHWATCH_CUSTODY_KEY",
        ),
    ] = None,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Prepare what of a case may leave, and show how it differs from the last publication; then release it.

    All of it is computed from the CLEAR half of the records alone. Run the case first.

    Example: leachwatch publish kachin
    """
    if draft and release:
        raise ReleaseError("--draft and --release: a draft is never released; say one of the two")
    if release:
        _release(folder, quiet=quiet, as_json=as_json)
    elif draft:
        _draft(folder, quiet=quiet, as_json=as_json)
    else:
        _prepare(folder, key, quiet=quiet, as_json=as_json)


def verify(
    path: Annotated[
        Path, typer.Argument(help="A publication, as a folder or zip; or a case folder.", metavar="PATH")
    ],
    *,
    trade: Annotated[
        Path | None,
        typer.Option(
            "--trade", help="Case folder with the files of trade that could not be passed on.", metavar="CASE"
        ),
    ] = None,
    fingerprint: Annotated[
        str, typer.Option("--fingerprint", help="Of the key that must have signed it.", metavar="TEXT")
    ] = "",
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Check a publication: every byte, its signature, and, offline, whether everything in it comes out again.

    Of a case folder: the log of custody, its signature and every byte of the evidence. Exit 1 where anything
    does not hold.

    Example: leachwatch verify kachin/publications/001-2026-11-27
    """
    from leachwatch.publication import verify as verify_publication

    if (path / "case.yaml").is_file() and not (path / "manifest.json").exists():
        if trade is not None:
            raise ReleaseError(f"--trade: is for publications, and {path} is a case; leave it out")
        _verify_case(path, fingerprint, as_json=as_json)
        return
    if not path.exists():
        raise ReleaseError(f"{path}: there is no such file or folder; name a publication or a case")
    if trade is not None and not (trade / "case.yaml").is_file():
        raise ReleaseError(
            f"--trade: {trade} is no case folder; name one that has the files in its folder trade"
        )
    with progress_bar(quiet=quiet or as_json) as progress:
        found = verify_publication(path, trade=trade, fingerprint=fingerprint, progress=progress)
    if as_json:
        print(json.dumps(found.as_dict()))
    else:
        print_verified(found, quiet=quiet)
    if not found.holds:
        raise typer.Exit(1)


def _prepare(folder: Path, key: Path | None, *, quiet: bool, as_json: bool) -> None:
    from leachwatch.case import open_case
    from leachwatch.publication import prepare

    private = signing_key(key)
    case = open_case(folder, today=today())
    with progress_bar(quiet=quiet or as_json) as progress:
        prepared = prepare(case, day=today(), private=private, progress=progress)
    if as_json:
        print(json.dumps(prepared.as_dict()))
    else:
        print_prepared(prepared, folder, signed=private is not None, quiet=quiet)


def _release(folder: Path, *, quiet: bool, as_json: bool) -> None:
    from leachwatch.publication import release_prepared

    released, packed = release_prepared(folder)
    if as_json:
        print(json.dumps({"folder": str(released), "zip": str(packed)}))
        return
    print(f"released: {released}")
    tell(f"as one file: {packed}", quiet=quiet)


def _draft(folder: Path, *, quiet: bool, as_json: bool) -> None:
    from leachwatch.case import open_case
    from leachwatch.publication import draft

    case = open_case(folder, today=today())
    with progress_bar(quiet=quiet or as_json) as progress:
        page, withheld = draft(case, day=today(), progress=progress)
    if as_json:
        print(json.dumps({"page": str(page), "withheld": {one.record: one.why for one in withheld}}))
        return
    print_withheld(withheld, quiet=quiet)
    print(f"draft: {page}")


def _verify_case(case: Path, fingerprint: str, *, as_json: bool) -> None:
    from leachwatch.publication import verify_case

    wrong, lines = verify_case(case, fingerprint)
    if as_json:
        print(json.dumps({"holds": wrong is None, "broken": [wrong] if wrong else [], "lines": lines}))
    elif wrong:
        print(wrong)
    elif lines:
        print(f"whole: {lines} lines of custody, and every piece of evidence")
    else:
        print(f"nothing to check: {case} has no log of custody; see `leachwatch evidence add --help`")
    if wrong:
        raise typer.Exit(1)

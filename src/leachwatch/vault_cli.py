"""The commands of ``leachwatch vault``: parse, call, print. Nothing else of leachwatch opens the vault."""

from __future__ import annotations

import json
import os
import stat
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from leachwatch.errors import VaultError
from leachwatch.options import AsJson, today

if TYPE_CHECKING:
    from leachwatch.vault import Identity, Unlocked

__all__ = ["vault_app"]

vault_app = typer.Typer(
    help="Identities of protected sources: encrypted, and opened by nothing else.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

_Case = Annotated[Path, typer.Argument(help="The case folder.", metavar="CASE")]
_Source = Annotated[str, typer.Argument(help="Id of the source in sources.yaml.", metavar="SOURCE")]
_Key = Annotated[
    Path,
    typer.Option(
        "--identity", help="Your identity file.", metavar="FILE", envvar="LEACHWATCH_VAULT_IDENTITY"
    ),
]
_Recipients = Annotated[
    list[str], typer.Option("--recipient", help="Public key, age1...; give two or more.", metavar="KEY")
]


@vault_app.callback()
def _in_memory() -> None:
    """Keep what is decrypted out of the file that a crash may leave."""
    with suppress(ImportError, OSError, ValueError):
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


@vault_app.command()
def keygen(
    file: Annotated[Path, typer.Argument(help="File to make, outside of any case.", metavar="FILE")],
    *,
    passphrase: Annotated[
        bool, typer.Option("--passphrase", help="Lock the file; you are asked for the passphrase.")
    ] = False,
) -> None:
    """Make a key that opens vaults; print its public half.

    Example: leachwatch vault keygen keys/vault.txt --passphrase
    """
    from leachwatch.vault import make_identity_file

    words = ""
    if passphrase:
        words = typer.prompt("Passphrase", hide_input=True, confirmation_prompt=True, err=True)
    print(make_identity_file(file, words))
    if not words:
        said = f"{file} opens the vault for whoever has it; make it with --passphrase, or keep it apart"
        print(said, file=sys.stderr)


@vault_app.command()
def init(case: _Case, recipient: _Recipients) -> None:
    """Make an empty vault that each of two or more keys opens.

    Example: leachwatch vault init kachin --recipient age1... --recipient age1...
    """
    from leachwatch.vault import make_vault

    print(f"made {make_vault(case, recipient)}")


@vault_app.command()
def add(
    case: _Case,
    source: _Source,
    identity: _Key,
    *,
    file: Annotated[
        Path | None, typer.Option("--file", help="YAML to read; without it, standard input.", metavar="FILE")
    ] = None,
    replace: Annotated[bool, typer.Option("--replace", help="Take the place of what is there.")] = False,
) -> None:
    """Put an identity into the vault, from YAML; nothing of it is ever part of a command.

    Example: leachwatch vault add kachin src-0123456789 --identity keys/vault.txt --file in.yaml
    """
    from leachwatch.case.records import read_records
    from leachwatch.release import mark_withdrawn
    from leachwatch.vault import change_vault, read_identity

    if source not in read_records(case).sources:
        raise VaultError(f"{case / 'sources.yaml'}: has no source {source}; write its public part first")
    key = _unlocked(identity)
    new = read_identity(_bytes(file))
    withdrew: list[bool] = []

    def put(old: Mapping[str, Identity]) -> Mapping[str, Identity]:
        if source in old and not replace:
            raise VaultError(f"{source}: is in the vault already; say --replace to write it anew")
        before = old[source].consent.withdrawn if source in old else None
        withdrew.append(before is not None)
        after = new.consent.withdrawn or new.consent.given
        if before is not None and new.consent.withdrawn is None and (after is None or after <= before):
            raise VaultError(
                f"{source}: has withdrawn; only a consent given later than {before} says otherwise"
            )
        return {**old, source: new}

    vault = change_vault(case, key, put)
    many = len(vault.identities)
    if any(withdrew):  # and agreed anew, or is still withdrawn
        mark_withdrawn(case, [name for name, one in vault.identities.items() if one.consent.withdrawn])
    print(f"{source} is in the vault, which now holds {many}")
    if file is not None:
        print(f"now destroy {file}: it holds the identity in plain text, and copies of it may be in backups")


@vault_app.command("list")
def list_(case: _Case, identity: _Key, *, as_json: AsJson = False) -> None:
    """List ids and consent; no name.

    Example: leachwatch vault list kachin --identity keys/vault.txt
    """
    from leachwatch.vault import open_vault

    listed = {
        source: {
            "scope": one.consent.scope,
            "given": str(one.consent.given or ""),
            "withdrawn": str(one.consent.withdrawn or ""),
        }
        for source, one in sorted(open_vault(case, _unlocked(identity)).identities.items())
    }
    if as_json:
        print(json.dumps(listed))
        return
    for source, consent in listed.items():
        state = f"withdrawn {consent['withdrawn']}" if consent["withdrawn"] else f"given {consent['given']}"
        print(f"{source}  {consent['scope']:<10}  {state}")


@vault_app.command()
def show(case: _Case, source: _Source, identity: _Key) -> None:
    """Print one identity as YAML, to the screen or a pipe, never into a file.

    Example: leachwatch vault show kachin src-0123456789 --identity keys/vault.txt
    """
    import yaml

    from leachwatch.vault import open_vault

    if stat.S_ISREG(os.fstat(sys.stdout.fileno()).st_mode):
        raise VaultError("show: would write plain text into a file; print it to the screen")
    found = open_vault(case, _unlocked(identity)).identities.get(source)
    if found is None:
        raise VaultError(f"{source}: is not in the vault; see `leachwatch vault list`")
    print(yaml.safe_dump(found.model_dump(mode="json"), allow_unicode=True, sort_keys=False), end="")


@vault_app.command()
def withdraw(case: _Case, source: _Source, identity: _Key) -> None:
    """Record that a source took its consent back; nothing that rests on it is published from now on.

    Example: leachwatch vault withdraw kachin src-0123456789 --identity keys/vault.txt
    """
    from leachwatch.release import mark_withdrawn, take_down
    from leachwatch.vault import change_vault

    def take_back(old: Mapping[str, Identity]) -> Mapping[str, Identity]:
        if source not in old:
            raise VaultError(f"{source}: is not in the vault; see `leachwatch vault list`")
        consent = old[source].consent
        day = consent.withdrawn or today()
        changed = consent.model_copy(update={"withdrawn": day})
        return {**old, source: old[source].model_copy(update={"consent": changed})}

    vault = change_vault(case, _unlocked(identity), take_back)
    path = mark_withdrawn(case, [name for name, one in vault.identities.items() if one.consent.withdrawn])
    print(f"{source} has withdrawn; marked in {path}")
    for gone in take_down(case):
        print(f"removed: {gone}")
    for out in sorted((case / "publications").glob("[0-9][0-9][0-9]-*")):
        print(f"published before, may rest on it: {out}; tell whoever has it")


@vault_app.command()
def scan(
    case: _Case,
    identity: _Key,
    *,
    publication: Annotated[
        Path | None, typer.Option("--publication", help="Folder that is to leave.", metavar="DIR")
    ] = None,
) -> None:
    """Search all that is public for anything of the vault; exit 1 if there is any, and never say what.

    Example: leachwatch vault scan kachin --identity keys/vault.txt --publication kachin/publications/pending
    """
    from leachwatch.case.records import read_records
    from leachwatch.vault import open_vault, scan_case

    if publication is not None and not publication.is_dir():
        raise VaultError(f"{publication}: is no folder; name the folder of the publication")
    found = scan_case(read_records(case), open_vault(case, _unlocked(identity)), publication, today())
    for one in found.findings:
        print("  ".join(part for part in (one.where or "-", one.owner, one.how) if part))
    looked = f"{found.records} public records and {found.files} files"
    if not found.passed:
        print(f"FAIL: {len(found.findings)} to mend in {looked}")
        print("everyday words that are part of a name go into common_words of that identity; search again")
        raise typer.Exit(1)
    print(f"pass: nothing of the vault in {looked}")


@vault_app.command()
def rekey(case: _Case, identity: _Key, recipient: _Recipients) -> None:
    """Encrypt the vault to other keys, two or more; name those that stay, too.

    Example: leachwatch vault rekey kachin --identity keys/old.txt --recipient age1... --recipient age1...
    """
    from leachwatch.vault import rekey_vault

    many = len(rekey_vault(case, _unlocked(identity), recipient).recipients)
    print(f"the vault now opens with {many} keys; old copies still open with the old ones: destroy those")


def _unlocked(path: Path) -> Unlocked:
    from leachwatch.vault import unlock

    return unlock(path, lambda: str(typer.prompt("Passphrase", hide_input=True, err=True)))


def _bytes(file: Path | None) -> bytes:
    if file is None:
        if sys.stdin.isatty():
            print("paste the identity as YAML, then press Ctrl-D", file=sys.stderr)
        return sys.stdin.buffer.read()
    try:
        return file.read_bytes()
    except OSError as error:
        raise VaultError(f"{file}: cannot be read ({error.strerror}); check its name") from error

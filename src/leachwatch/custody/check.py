"""The check: whether log, seal and evidence still say the same."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import rfc8785

from leachwatch.custody.intake import EVIDENCE, digest
from leachwatch.custody.log import CUSTODY, CustodyLine, chain_of
from leachwatch.custody.seal import SEAL, sealed_head
from leachwatch.errors import RecordError

__all__ = ["copy_of", "last_hash", "unsigned", "verify_custody"]


def verify_custody(case: Path, fingerprint: str = "") -> str | None:
    """Find the first thing that does not hold.

    Parameters
    ----------
    case : Path
        The case folder.
    fingerprint : str
        Of the key that the whole log has to be signed with, to its last line; empty takes the one that the
        case names, if any, which a forger would have changed too, and lets lines follow that are not signed.

    Returns
    -------
    str or None
        What does not hold, in a line that begins with the file and the line of the log; None where all does.
    """
    chain = chain_of(case)
    try:
        lines = chain.read()
        heads = chain.heads()
        signed = sealed_head(case, fingerprint)
    except RecordError as error:
        return str(error)
    return (
        _rewritten(case, lines, heads)
        or _unsealed(case, heads, signed)
        or (_beyond(case, heads, signed) if fingerprint else None)
        or _changed(case, lines)
    )


def unsigned(case: Path) -> int:
    """Count the lines at the end of a log that no signature covers; all of them where there is none.

    Raises
    ------
    RecordError
        If log or signature cannot be read.
    """
    signed = sealed_head(case)
    return len(chain_of(case).heads()) - (signed[0] if signed else 0)


def _rewritten(case: Path, lines: list[CustodyLine], heads: tuple[str, ...]) -> str | None:
    """Name the first line that is not written in the one way in which it can be (RFC 8785)."""
    path = case / CUSTODY
    written = path.read_bytes().split(b"\n") if heads else []
    for line, text in zip(lines, written, strict=False):
        if rfc8785.dumps(line.model_dump(mode="json")) != text:
            return f"{path}: line {line.seq}: is not as leachwatch writes it; put the log back from a copy"
    return None


def _unsealed(case: Path, heads: tuple[str, ...], signed: tuple[int, str] | None) -> str | None:
    if signed is None:
        return None
    count, head = signed
    if count > len(heads):
        return f"{case / CUSTODY}: line {len(heads) + 1}: is lost, of {count} signed; put it back from a copy"
    if count < 1 or heads[count - 1] != head:
        return f"{case / SEAL}: line {count} of the log is not the one that was signed; put it back"
    return None


def _beyond(case: Path, heads: tuple[str, ...], signed: tuple[int, str] | None) -> str | None:
    """Name the first line that the key did not sign: whoever takes the seal away, or adds lines, is seen."""
    if signed is None:
        return f"{case / SEAL}: is not there, and the log has to be signed; put it back from a copy"
    if signed[0] < len(heads):
        where = f"{case / CUSTODY}: line {signed[0] + 1}"
        return f"{where}: is not signed, nor is what follows; ask who wrote it, then sign it with --key"
    return None


def _changed(case: Path, lines: list[CustodyLine]) -> str | None:
    last = {line.evidence: line for line in lines}
    files = _copies(case)
    for name, line in last.items():
        where = f"{case / CUSTODY}: line {line.seq}: {name}"
        if line.event == "destroyed":
            if name in files:
                return f"{where}: was destroyed, and is there; ask who put it back"
        elif name not in files:
            return f"{where}: is gone; put it back from a copy, or log that it was destroyed"
        elif (expected := last_hash(lines, name)) and digest(files[name]) != expected:
            return f"{where}: its bytes are not those that were taken in; put it back from a copy"
    if strange := sorted(files.keys() - last.keys()):
        return f"{files[strange[0]]}: was never taken in; use `leachwatch evidence add`, or delete it"
    return None


def last_hash(lines: Sequence[CustodyLine], evidence: str) -> str:
    """SHA-256 of a piece of evidence as the log has it last; empty where it has none."""
    hashes = [line.sha256_after for line in lines if line.evidence == evidence and line.sha256_after]
    return hashes[-1] if hashes else ""


def copy_of(case: Path, evidence: str) -> Path | None:
    """Evidentiary copy in a case; None where it is gone."""
    return _copies(case).get(evidence)


def _copies(case: Path) -> dict[str, Path]:
    return {path.stem: path for path in sorted((case / EVIDENCE).glob("*")) if path.is_file()}

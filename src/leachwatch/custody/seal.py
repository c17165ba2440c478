"""The seal: a signature under the last line of the log, by a key that is kept elsewhere.

A chain of hashes shows that one line was changed; whoever holds the whole log can still write all of it anew.
A signature stops that as long as the key, or the fingerprint of its public half, is kept where they are not.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from leachwatch.case import write_key
from leachwatch.custody.envelope import enveloped, fingerprint_of, opened
from leachwatch.custody.log import CUSTODY, chain_of
from leachwatch.errors import RecordError
from leachwatch.writing import write_whole

__all__ = ["SEAL", "load_key", "make_key", "seal", "sealed_head"]

SEAL = "custody.seal.json"
"""Name of the signature in a case folder: a DSSE envelope round an in-toto statement."""

_LOCKED = b"ENCRYPTED"
_PREDICATE = "https://in-toto.io/attestation/custody-log/v0.1"


def make_key(path: Path, passphrase: str = "") -> str:
    """Write a new key to sign with, readable by its owner alone.

    Parameters
    ----------
    path : Path
        File to make; not in a case folder.
    passphrase : str
        Locks the file; empty leaves it open to whoever can read it.

    Returns
    -------
    str
        Fingerprint of the public half, to be written down elsewhere.

    Raises
    ------
    OutputError
        If there is a file already, or it lies in a case.
    """
    key = Ed25519PrivateKey.generate()
    lock: KeySerializationEncryption = NoEncryption()
    if passphrase:
        lock = BestAvailableEncryption(passphrase.encode())
    write_key(path, key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, lock))
    return fingerprint_of(key.public_key())


def load_key(path: Path, ask: Callable[[], str]) -> Ed25519PrivateKey:
    """Read a key to sign with.

    Parameters
    ----------
    path : Path
        File that `make_key` wrote.
    ask : callable
        Gives the passphrase, if the file is locked.

    Raises
    ------
    RecordError
        If it cannot be used, or the passphrase is wrong.
    """
    if not path.is_file():
        raise RecordError(f"{path}: there is no such file; make a key with `leachwatch evidence keygen`")
    try:
        content = path.read_bytes()
        words = ask().encode() if _LOCKED in content else None
        private = load_pem_private_key(content, words)
    except (OSError, ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise RecordError(f"{path}: cannot be used as a key; check the file and its passphrase") from error
    if not isinstance(private, Ed25519PrivateKey):
        raise RecordError(f"{path}: is no Ed25519 key; make one with `leachwatch evidence keygen`")
    return private


def seal(case: Path, private: Ed25519PrivateKey) -> str:
    """Sign the last line of a case's log.

    Parameters
    ----------
    case : Path
        The case folder.
    private : Ed25519PrivateKey
        From `load_key`.

    Returns
    -------
    str
        Fingerprint of the key.

    Raises
    ------
    RecordError
        If the log was changed, or is empty.
    """
    chain = chain_of(case)
    chain.read()
    heads = chain.heads()
    if not heads:
        raise RecordError(f"{case / CUSTODY}: holds nothing to sign; add evidence first")
    text = enveloped(CUSTODY, heads[-1], _PREDICATE, {"lines": len(heads)}, private)
    write_whole(case / SEAL, text)
    return fingerprint_of(private.public_key())


def sealed_head(case: Path, fingerprint: str = "") -> tuple[int, str] | None:
    """Read what was signed: how many lines, and the SHA-256 of the last; None where nothing was.

    Parameters
    ----------
    case : Path
        The case folder.
    fingerprint : str
        Of the key that it has to be signed with; empty takes the one that the case names.

    Raises
    ------
    RecordError
        If the signature is not good, or by another key.
    """
    path = case / SEAL
    if not path.exists():
        return None
    signed = opened(path, _PREDICATE, fingerprint)
    try:
        return int(signed.predicate["lines"]), signed.digest
    except (KeyError, TypeError, ValueError) as error:
        raise RecordError(f"{path}: cannot be read; put it back from a copy") from error

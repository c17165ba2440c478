"""Keys to the vault: identity files of age, open or locked by a passphrase."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pyrage

from leachwatch.case import write_key
from leachwatch.errors import VaultError

__all__ = ["Unlocked", "make_identity_file", "recipient", "unlock"]

_LOCKED = b"age-encryption.org/"
_SECRET = "AGE-SECRET-KEY-1"  # noqa: S105 - how such a line begins


@dataclass(frozen=True)
class Unlocked:
    """A key in memory; it opens the vault, and never prints itself."""

    key: pyrage.x25519.Identity

    def __repr__(self) -> str:
        return "Unlocked()"

    @property
    def recipient(self) -> str:
        """Public half of it, as others write it."""
        return str(self.key.to_public())


def make_identity_file(path: Path, passphrase: str = "") -> str:
    """Write a new key in a file that its owner alone may read.

    Parameters
    ----------
    path : Path
        File to make; not in a case folder.
    passphrase : str
        Locks the file; empty leaves it open to whoever has it.

    Returns
    -------
    str
        Its public half, ``age1...``: what the vault is made for.

    Raises
    ------
    OutputError
        If there is a file already, or it lies in a case.
    """
    key = pyrage.x25519.Identity.generate()
    public = str(key.to_public())
    content = f"# public key: {public}\n{key}\n".encode()
    if passphrase:
        content = pyrage.passphrase.encrypt(content, passphrase)
    write_key(path, content)
    return public


def unlock(path: Path, ask: Callable[[], str]) -> Unlocked:
    """Read a key.

    Parameters
    ----------
    path : Path
        Identity file, of this program or of any other that writes age.
    ask : callable
        Gives the passphrase, if the file is locked.

    Raises
    ------
    VaultError
        If it cannot be read, or the passphrase is wrong.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise VaultError(f"{path}: cannot be read ({error.strerror}); name your identity file") from error
    if content.startswith(_LOCKED):
        try:
            content = pyrage.passphrase.decrypt(content, ask())
        except pyrage.DecryptError:
            raise VaultError(f"{path}: does not open with that passphrase; try again") from None
    for line in content.decode("utf-8", "replace").splitlines():
        if line.startswith(_SECRET):
            try:
                return Unlocked(pyrage.x25519.Identity.from_str(line.strip()))
            except pyrage.IdentityError:
                break
    raise VaultError(f"{path}: holds no key of age; make one with `leachwatch vault keygen`")


def recipient(text: str) -> pyrage.x25519.Recipient:
    """Read a public key.

    Raises
    ------
    VaultError
        If it is none.
    """
    try:
        return pyrage.x25519.Recipient.from_str(text.strip())
    except pyrage.RecipientError:
        raise VaultError(f"--recipient {text!r}: is no public key of age; it begins with age1") from None

"""The file: read, changed and written in memory alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Annotated, ClassVar, Literal

import pyrage
from filelock import FileLock, Timeout
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from leachwatch.case.records.record import Id
from leachwatch.errors import OutputError, VaultError
from leachwatch.vault.identity import Identity
from leachwatch.vault.keys import Unlocked, recipient
from leachwatch.writing import write_whole

__all__ = ["VAULT", "Vault", "change_vault", "make_vault", "open_vault", "rekey_vault"]

VAULT = "vault.age"
"""Name of the vault in a case folder."""

_FEWEST = 2
_BLOCK = 4_096  # the file's size tells no more than how many of these it holds
_PATIENCE_S = 10.0


class Vault(BaseModel):
    """All identities of a case.

    Attributes
    ----------
    version : int
        Of this form.
    recipients : tuple of str
        Public keys that it is encrypted to.
    identities : mapping of str to Identity
        By the id of the public source.
    """

    model_config: ClassVar[ConfigDict] = ConfigDict(extra="forbid", frozen=True)

    version: Literal[1] = 1
    recipients: Annotated[tuple[str, ...], Field(min_length=_FEWEST)]
    identities: Mapping[Id, Identity] = Field(default_factory=dict)

    def __repr__(self) -> str:
        """Say nothing: a traceback must not tell."""
        return "Vault()"

    __str__ = __repr__


def make_vault(case: Path, recipients: Iterable[str]) -> Path:
    """Make an empty vault.

    Parameters
    ----------
    case : Path
        The case folder.
    recipients : iterable of str
        Two or more public keys, so that one that is lost does not lose the vault.

    Raises
    ------
    VaultError
        If there is one already, fewer than two keys, or a key is none.
    OutputError
        If it cannot be written.
    """
    if not (case / "case.yaml").is_file():
        raise VaultError(f"{case}: is no case folder; make one with `leachwatch new`")
    if (case / VAULT).exists():
        raise VaultError(f"{case / VAULT}: there is a vault already; add to it, or rekey it")
    return _write(case, Vault(recipients=_enough(recipients)))


def open_vault(case: Path, key: Unlocked) -> Vault:
    """Read the vault of a case.

    Raises
    ------
    VaultError
        If there is none, it is not for this key, or it is damaged.
    """
    path = case / VAULT
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise VaultError(f"{path}: there is no vault; make one with `leachwatch vault init`") from None
    except OSError as error:
        raise VaultError(f"{path}: cannot be read ({error.strerror}); check its permissions") from error
    try:
        plain = pyrage.decrypt(content, [key.key])
    except pyrage.DecryptError:
        raise VaultError(
            f"{path}: does not open with this key; use one that it was made for, or a copy"
        ) from None
    try:
        return Vault.model_validate_json(plain, strict=False)
    except ValidationError:
        raise VaultError(f"{path}: opens, and holds no vault of this version; update leachwatch") from None


def change_vault(
    case: Path, key: Unlocked, change: Callable[[Mapping[str, Identity]], Mapping[str, Identity]]
) -> Vault:
    """Change the identities of a vault, whole or not at all; others wait meanwhile.

    Raises
    ------
    VaultError
        If it cannot be opened.
    OutputError
        If it cannot be written.
    """
    return _changed(
        case, key, lambda vault: Vault(recipients=vault.recipients, identities=change(vault.identities))
    )


def rekey_vault(case: Path, key: Unlocked, recipients: Iterable[str]) -> Vault:
    """Encrypt a vault to other keys; whoever kept an old copy and an old key can still read that copy.

    Raises
    ------
    VaultError
        If there are fewer than two keys, or it cannot be opened.
    """
    listed = _enough(recipients)
    return _changed(case, key, lambda vault: Vault(recipients=listed, identities=vault.identities))


def _changed(case: Path, key: Unlocked, change: Callable[[Vault], Vault]) -> Vault:
    try:
        with FileLock(case / f".{VAULT}.lock", timeout=_PATIENCE_S):
            new = change(open_vault(case, key))
            _write(case, new)
    except Timeout as error:
        raise OutputError(f"{case / VAULT}: another process is writing it; try again") from error
    return new


def _write(case: Path, vault: Vault) -> Path:
    plain = vault.model_dump_json().encode()
    padded = plain.ljust(-(-len(plain) // _BLOCK) * _BLOCK)
    content = pyrage.encrypt(padded, [recipient(one) for one in vault.recipients])
    return write_whole(case / VAULT, content, mode=0o600)


def _enough(recipients: Iterable[str]) -> tuple[str, ...]:
    listed = tuple(dict.fromkeys(one.strip() for one in recipients))
    for one in listed:
        recipient(one)
    if len(listed) < _FEWEST:
        raise VaultError(
            "--recipient: names one key only; give two or more, so that a lost key does not lose the vault"
        )
    return listed

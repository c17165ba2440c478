"""The vault: who protected sources are, in one encrypted file that no other part of leachwatch opens."""

from leachwatch.vault.identity import Consent, Contact, Identity, read_identity
from leachwatch.vault.keys import Unlocked, make_identity_file, unlock
from leachwatch.vault.scan import Scanned, scan_case
from leachwatch.vault.store import VAULT, Vault, change_vault, make_vault, open_vault, rekey_vault

__all__ = [
    "VAULT",
    "Consent", "Contact", "Identity", "Scanned", "Unlocked", "Vault", "change_vault", "make_identity_file",
    "make_vault", "open_vault", "read_identity", "rekey_vault", "scan_case", "unlock",
]  # fmt: skip

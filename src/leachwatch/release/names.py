"""Names for one publication: the same record has another name in the next, and nothing links the two."""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass
from hashlib import sha256

from leachwatch.case.records import PREFIXES
from leachwatch.errors import ReleaseError

__all__ = ["PublicationKey", "new_key"]

_SIGNS = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's base 32, as in the ids of records
_LENGTH = 10
_KEY_BYTES = 32


def new_key() -> PublicationKey:
    """Make the key of one publication, at random."""
    return PublicationKey(secrets.token_bytes(_KEY_BYTES))


@dataclass(frozen=True)
class PublicationKey:
    """Secret of one publication; whoever has two of them can link their names.

    Attributes
    ----------
    secret : bytes
        32 random bytes.
    """

    secret: bytes

    def __post_init__(self) -> None:
        if len(self.secret) != _KEY_BYTES:
            raise ReleaseError(
                f"key of the publication: has {len(self.secret)} bytes, not {_KEY_BYTES}; make a new one"
            )

    def __repr__(self) -> str:
        return "PublicationKey()"

    def name(self, record: str) -> str:
        """Give a record its name in this publication; it looks like any other id."""
        number = int.from_bytes(self._mark("name", record)[:8], "big")
        return record[:4] + "".join(_SIGNS[number >> 5 * place & 31] for place in range(_LENGTH))

    def item_key(self, evidence: str) -> bytes:
        """Key that opens the commitment to one piece of evidence, and to no other."""
        return self._mark("evidence", evidence)

    def _mark(self, purpose: str, record: str) -> bytes:
        if record[:3] not in PREFIXES.values() and purpose == "name":
            raise ReleaseError(f"{record}: is no id of a record; see the prefixes of ids")
        return hmac.digest(self.secret, f"{purpose}\0{record}".encode(), sha256)

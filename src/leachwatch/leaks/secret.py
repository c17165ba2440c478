"""What must not come out, as its keeper knows it."""

from __future__ import annotations

from dataclasses import dataclass, field

__all__ = ["Secret"]


@dataclass(frozen=True)
class Secret:
    """Strings and places that belong to one record; a finding names the record, and nothing else of this.

    Attributes
    ----------
    owner : str
        Id of the record.
    names : tuple of str
        Of people and of anything that they are known by; searched whole, and word by word.
    handles : tuple of str
        Addresses and accounts; searched whole, and word by word.
    wholes : tuple of str
        Such as postal and mail addresses; searched whole only, since their words may be anybody's.
    numbers : tuple of str
        Of telephones; searched whole, and by their last digits.
    prose : tuple of str
        Sentences; searched five words at a time.
    places : tuple of (float, float)
        Longitude and latitude, searched as numbers of three and more decimals, in degrees, minutes and
        seconds, as cells of H3, and as bytes.
    common : frozenset of str
        Words of the names that may be read anywhere, since they are words of the language too.
    """

    owner: str
    names: tuple[str, ...] = ()
    handles: tuple[str, ...] = ()
    wholes: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    prose: tuple[str, ...] = ()
    places: tuple[tuple[float, float], ...] = ()
    common: frozenset[str] = field(default_factory=frozenset)

    def __repr__(self) -> str:
        """Say whose it is, and no more: a traceback must not tell."""
        return f"Secret(owner={self.owner!r})"

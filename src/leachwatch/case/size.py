"""Sizes in bytes, as people write them."""

from __future__ import annotations

from pydantic import ByteSize, TypeAdapter, ValidationError

from leachwatch.errors import RecordError

__all__ = ["parse_size"]

_SIZE = TypeAdapter(ByteSize)


def parse_size(text: str | int) -> int:
    """Read a size such as ``20GB`` or ``500 MiB``.

    Raises
    ------
    RecordError
        If it is none.

    Examples
    --------
    >>> parse_size("20GB"), parse_size(1024)
    (20000000000, 1024)
    """
    if isinstance(text, bool):
        raise RecordError(f"{text!r} is no size; give one such as 500MB or 20GB")
    try:
        return int(_SIZE.validate_python(text))
    except ValidationError as error:
        raise RecordError(f"{text!r} is no size; give one such as 500MB or 20GB") from error

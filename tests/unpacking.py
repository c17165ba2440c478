"""What a page holds packed, as its browser opens it."""

from __future__ import annotations

import re
from base64 import b64decode
from gzip import decompress

__all__ = ["unpacked"]

_PACKED = re.compile(r'(<script type="text/plain" data-packed="[^>]+>)([^<]+)')


def unpacked(text: str) -> str:
    """Put every packed text in its place."""
    return _PACKED.sub(lambda found: found[1] + opened(found[2]), text)


def opened(content: str) -> str:
    return decompress(b64decode(content)).decode()

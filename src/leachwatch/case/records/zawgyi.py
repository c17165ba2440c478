"""Burmese that is not Unicode: Zawgyi puts other letters on the same code points."""

from __future__ import annotations

import re
import warnings
from functools import lru_cache
from typing import Any

__all__ = ["is_zawgyi"]

_BURMESE = re.compile("[\u1000-\u109f]")
_SURE = 0.95
"""Probability from which on a text is called Zawgyi; words of one or two letters are the same in both."""


def is_zawgyi(text: str) -> bool:
    """Whether text looks like Zawgyi; Burmese, Shan, Mon and Karen in Unicode do not.

    Examples
    --------
    >>> is_zawgyi("မြန်မာ"), is_zawgyi("ျမန္မာ"), is_zawgyi("Myanmar")
    (False, True, False)
    """
    if not _BURMESE.search(text):
        return False
    return bool(_detector().get_zawgyi_probability(text) > _SURE)


@lru_cache(maxsize=1)
def _detector() -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of how it opens its own data
        from myanmartools import ZawgyiDetector  # noqa: PLC0415 - only where there is Burmese

        return ZawgyiDetector()

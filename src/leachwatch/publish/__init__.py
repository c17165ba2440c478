"""Tables to a page that can be sent around: one file, no requests, nothing in it that was not let out."""

from __future__ import annotations

from leachwatch.publish.files import draw_strips
from leachwatch.publish.page import page

__all__ = ["draw_strips", "page"]

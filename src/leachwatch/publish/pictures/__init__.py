"""Pictures for print and for social media: SVG, PNG, what each shows in words, and its data."""

from __future__ import annotations

from leachwatch.publish.pictures.files import draw_pictures

__all__ = ["draw_pictures"]

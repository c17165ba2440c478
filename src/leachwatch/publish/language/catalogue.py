"""The catalogues: each English sentence in the other languages, as people write and correct them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from io import BytesIO
from pathlib import Path

from babel.messages.extract import extract
from babel.messages.pofile import read_po

from leachwatch.case import Language
from leachwatch.publish.language.text import Message

__all__ = ["KEYWORDS", "LANGUAGES", "LOCALE", "catalogue", "messages_of"]

LANGUAGES: Mapping[Language, str] = {"en": "English", "my": "မြန်မာ", "zh": "中文"}
"""Each language by its own name; English is that of the messages."""

LOCALE = Path(__file__).parent.parent / "locale"

KEYWORDS: Mapping[str, tuple[int, ...] | None] = {"say": None, "sentence": None, "many": (1, 2)}
"""Functions whose first arguments are messages, in Python, templates and scripts alike."""


@cache
def catalogue(language: Language) -> Mapping[Message, str]:
    """Read what each message is in a language; nothing for English, and no message that is not done."""
    path = LOCALE / language / "LC_MESSAGES" / "leachwatch.po"
    if language == "en":
        return {}
    with path.open("rb") as file:
        read = read_po(file, locale=language)
    entries = ((entry.id, entry.string or "") for entry in read if entry.id and not entry.fuzzy)
    said = ((_message(of), text if isinstance(text, str) else text[0]) for of, text in entries)
    return {message: text for message, text in said if text}


@cache
def messages_of(script: str) -> tuple[Message, ...]:
    """Find the messages of a script of the page."""
    found = extract("javascript", BytesIO(script.encode()), keywords=KEYWORDS)
    return tuple(dict.fromkeys(_message(said) for _, said, _, _ in found))


def _message(said: str | tuple[str, ...] | list[str]) -> Message:
    return Message(said) if isinstance(said, str) else Message(*said)

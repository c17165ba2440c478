"""What one page says: its texts in its own language, with numbers by which a script says them in another."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from markupsafe import Markup

from leachwatch.case import Language
from leachwatch.publish.language.catalogue import LANGUAGES, catalogue
from leachwatch.publish.language.text import Message, Name, Text, filled, names

__all__ = ["Speech"]

_IN_SINGLE_QUOTES = {ord("&"): "&amp;", ord("'"): "&#39;", ord("<"): "&lt;"}


class Speech:
    """The texts of one page.

    A text on the page carries a note for the script: the number of its message in `book`, alone, or in a
    list with its values in the order of the places in the English sentence. A message that counts has its
    number of things before the values. A value that is a text is a note itself.

    Parameters
    ----------
    language : {"en", "my", "zh"}
        Of the page with scripts off.
    """

    def __init__(self, language: Language) -> None:
        self.language = language
        self._numbers: dict[Message, int] = {}

    def filters(self) -> Mapping[str, Callable[..., Any]]:
        """Give what the templates need: a text in a tag of its own, its note alone, or its words alone."""
        return {"noted": self.noted, "plain": self.plain, "named": self.named}

    def shown(self, value: Any) -> Any:
        """Write a text in an element of its own; leave everything else as it is."""
        if not isinstance(value, Text):
            return value
        return Markup("<span{}>{}</span>").format(self.noted(value), self.plain(value))

    def noted(self, text: str) -> Markup:
        """Write the note of a text as an attribute of the element that holds nothing else."""
        if not isinstance(text, Text):
            return Markup("")
        foreign = "" if self._knows(text) else ' lang="en"'
        return Markup(f" data-t={_quoted(self._note(text))}{foreign}")  # noqa: S704 - quoted

    def attributes(self, **texts: str) -> Markup:
        """Write attributes that are read or heard, with their notes."""
        said = Markup("").join(
            Markup(' {}="{}"').format(name.replace("_", "-"), self.plain(text))
            for name, text in texts.items()
        )
        notes = {
            name.replace("_", "-"): self._note(text) for name, text in texts.items() if isinstance(text, Text)
        }
        return said + Markup(f" data-a={_quoted(notes)}") if notes else said  # noqa: S704 - quoted

    def named(self, drawing: Markup, text: str) -> Markup:
        """Give a drawing with English letters in it a name in the language of the page."""
        named = re.sub(
            r' aria-label="[^"]*"', lambda _: str(self.attributes(aria_label=text)), drawing, count=1
        )
        return Markup(named.replace("<g", '<g lang="en"', 1))  # noqa: S704 - it was markup, and is

    def plain(self, text: str) -> str:
        """Say a text in the language of the page."""
        if isinstance(text, Name):
            return text.names.get(self.language) or str(text)
        if not isinstance(text, Text):
            return str(text)
        said = catalogue(self.language).get(text.message) or text.message.english(text.things)
        return filled(said, {name: self.plain(value) for name, value in text.values.items()})

    def notes(self, value: Any) -> Any:
        """Put notes in the place of the texts of a value for the script."""
        if isinstance(value, (Text, Name)):
            return self._note(value)
        if isinstance(value, dict):
            return {name: self.notes(one) for name, one in value.items()}
        return [self.notes(one) for one in value] if isinstance(value, list) else value

    def book(self, messages: Iterable[Message] = ()) -> dict[str, Any]:
        """Give every message that was used so far, and some more, in all languages.

        Returns
        -------
        dict
            ``languages``, and ``messages`` by number: in the order of the languages, English as a pair where
            it has a plural, and null where a language has it not.
        """
        for message in messages:
            self._number(message)
        others = [catalogue(language) for language in LANGUAGES if language != "en"]
        table: list[list[Any]] = [
            [
                [message.one, message.other] if message.other else message.one,
                *(other.get(message) for other in others),
            ]
            for message in self._numbers
        ]
        return {"languages": list(LANGUAGES), "messages": table}

    def _knows(self, text: Text) -> bool:
        return self.language == "en" or text.message in catalogue(self.language)

    def _number(self, message: Message) -> int:
        return self._numbers.setdefault(message, len(self._numbers))

    def _note(self, text: str) -> Any:
        if isinstance(text, Name):
            others = (language for language in LANGUAGES if language != "en")
            return [str(text), *(text.names.get(one, "") for one in others)] if text.names else str(text)
        if not isinstance(text, Text):
            return str(text)
        number = self._number(text.message)
        values = [self._note(text.values[name]) for name in names(text.message.one + text.message.other)]
        counted = [text.things] if text.message.other else []
        return [number, *counted, *values] if counted or values else number


def _quoted(note: Any) -> str:
    if isinstance(note, int):
        return str(note)
    written = json.dumps(note, ensure_ascii=False, separators=(",", ":"))
    return f"'{written.translate(_IN_SINGLE_QUOTES)}'"

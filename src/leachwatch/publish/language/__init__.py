"""The page in several languages: texts that can be said in each, and the catalogues that say how."""

from leachwatch.publish.language.catalogue import LANGUAGES, messages_of
from leachwatch.publish.language.speech import Speech
from leachwatch.publish.language.text import Name, Text, either, joined, listed, many, say, sentence

__all__ = [
    "LANGUAGES",
    "Name",
    "Speech",
    "Text",
    "either",
    "joined",
    "listed",
    "many",
    "messages_of",
    "say",
    "sentence",
]

"""Custody: what happened to each piece of evidence, in a record that cannot be changed unseen."""

from leachwatch.custody.check import unsigned, verify_custody
from leachwatch.custody.intake import Taken, take_in
from leachwatch.custody.log import CUSTODY, EVENTS, CustodyLine, read_custody
from leachwatch.custody.manifest import Difference, Manifest, difference, manifest
from leachwatch.custody.note import note_evidence
from leachwatch.custody.seal import load_key, make_key, seal

__all__ = [
    "CUSTODY", "EVENTS", "CustodyLine", "Difference", "Manifest", "Taken",
    "difference", "load_key", "make_key", "manifest",
    "note_evidence", "read_custody", "seal", "take_in", "unsigned", "verify_custody",
]  # fmt: skip

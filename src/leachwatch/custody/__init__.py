"""Custody: what happened to each piece of evidence, in a record that cannot be changed unseen."""

from leachwatch.custody.check import unsigned, verify_custody
from leachwatch.custody.envelope import Signed, enveloped, opened
from leachwatch.custody.intake import Taken, digest, take_in
from leachwatch.custody.log import CUSTODY, EVENTS, CustodyLine, custody_heads, read_custody
from leachwatch.custody.manifest import Difference, Manifest, difference, manifest
from leachwatch.custody.note import note_evidence
from leachwatch.custody.seal import load_key, make_key, seal

__all__ = [
    "CUSTODY", "EVENTS", "CustodyLine", "Difference", "Manifest", "Signed", "Taken",
    "custody_heads", "difference", "digest", "enveloped", "load_key", "make_key", "manifest",
    "note_evidence", "opened", "read_custody", "seal", "take_in", "unsigned", "verify_custody",
]  # fmt: skip

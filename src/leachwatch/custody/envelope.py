"""A signed statement: a DSSE envelope round an in-toto statement, with the key that opens it beside it."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import rfc8785
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from leachwatch.errors import RecordError

__all__ = ["Signed", "enveloped", "fingerprint_of", "opened"]

_PAYLOAD = "application/vnd.in-toto+json"
_TYPE = "https://in-toto.io/Statement/v1"


@dataclass(frozen=True)
class Signed:
    """What was signed.

    Attributes
    ----------
    digest : str
        SHA-256 of the file that it is about.
    predicate : mapping
        What is stated of it.
    fingerprint : str
        Of the key.
    """

    digest: str
    predicate: Mapping[str, Any]
    fingerprint: str


def fingerprint_of(public: Ed25519PublicKey) -> str:
    """Write what stands for a key where people compare it."""
    return f"SHA256:{sha256(_raw(public)).hexdigest()[:32]}"


def enveloped(
    name: str, digest: str, kind: str, predicate: Mapping[str, Any], private: Ed25519PrivateKey
) -> str:
    """Sign a statement about a file.

    Parameters
    ----------
    name, digest : str
        Of the file, and its SHA-256.
    kind : str
        Type of the predicate, an address.
    predicate : mapping
        What is stated.
    private : Ed25519PrivateKey
        From `leachwatch.custody.load_key`.

    Returns
    -------
    str
        JSON of the envelope.
    """
    statement: dict[str, Any] = {
        "_type": _TYPE,
        "subject": [{"name": name, "digest": {"sha256": digest}}],
        "predicateType": kind,
        "predicate": dict(predicate),
    }
    payload = rfc8785.dumps(statement)
    public = private.public_key()
    signature = private.sign(_to_sign(payload))
    envelope = {
        "payloadType": _PAYLOAD,
        "payload": base64.b64encode(payload).decode(),
        "signatures": [{"keyid": fingerprint_of(public), "sig": base64.b64encode(signature).decode()}],
        "publicKey": base64.b64encode(_raw(public)).decode(),
    }
    return json.dumps(envelope, indent=1) + "\n"


def opened(path: Path, kind: str, fingerprint: str = "") -> Signed:
    """Read what was signed.

    Parameters
    ----------
    path : Path
        File with an envelope.
    kind : str
        Type that the predicate has to have: a signature under one thing is none under another.
    fingerprint : str
        Of the key that it has to be signed with; empty takes the one that stands beside it.

    Returns
    -------
    Signed

    Raises
    ------
    RecordError
        If the signature is not good, or by another key.
    """
    try:
        envelope: dict[str, Any] = json.loads(path.read_bytes())
        payload = base64.b64decode(envelope["payload"], validate=True)
        public = Ed25519PublicKey.from_public_bytes(base64.b64decode(envelope["publicKey"], validate=True))
        public.verify(base64.b64decode(envelope["signatures"][0]["sig"], validate=True), _to_sign(payload))
        statement = json.loads(payload)
        digest, told = str(statement["subject"][0]["digest"]["sha256"]), dict(statement["predicate"])
        same = statement["predicateType"] == kind
    except InvalidSignature as error:
        raise RecordError(f"{path}: is not what was signed; put it back from a copy") from error
    except (OSError, ValueError, KeyError, IndexError, TypeError) as error:
        raise RecordError(f"{path}: cannot be read; put it back from a copy") from error
    if not same:
        raise RecordError(f"{path}: was signed for something else; put it back from a copy")
    if fingerprint and fingerprint_of(public) != fingerprint:
        raise RecordError(
            f"{path}: is signed by {fingerprint_of(public)}, not by {fingerprint}; ask who wrote it"
        )
    return Signed(digest, told, fingerprint_of(public))


def _to_sign(payload: bytes) -> bytes:
    """Join type and payload so that neither is taken for the other (pre-authentication encoding of DSSE)."""
    kind = _PAYLOAD.encode()
    return b"DSSEv1 %d %b %d %b" % (len(kind), kind, len(payload), payload)


def _raw(public: Ed25519PublicKey) -> bytes:
    return public.public_bytes(Encoding.Raw, PublicFormat.Raw)

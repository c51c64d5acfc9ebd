"""Envelopes that only the server can open, and the signatures of tablets.

The same as static/js/tablet/seal.js. A key pair follows from the secret, so a lost server
needs nothing but its settings; what was sealed for an earlier secret opens as long as that
one is among the former ones.
"""

import base64
import binascii
import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from cryptography.exceptions import InvalidSignature, InvalidTag, UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from surveyapp.errors import N_, CannotAccept, CollectingError

FORMAT = b"surveyapp envelope 1"
SIZE = 2048  # bytes: the content is padded to whole ones, so its length tells nothing
POINT = 65  # bytes of a public key, uncompressed
HALF = 32  # bytes of each of the two numbers in a signature
CURVE = ec.SECP256R1()
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # of the curve

NO_ENVELOPE = N_("What came is not an envelope.")
NO_KEY = N_("It is sealed for a key that the server does not have.")
BROKEN = N_("The seal is broken: it was changed on the way, or sealed wrongly.")


@dataclass(frozen=True)
class Key:
    """A key pair; `id` names it in the envelopes that are sealed for it."""

    private: ec.EllipticCurvePrivateKey = field(repr=False)
    public: bytes
    id: str

    @classmethod
    def of(cls, secret: str) -> "Key":
        """The key pair that follows from a secret."""
        # Some bits more than a private key holds: the remainder then favours no key.
        seed = HKDF(SHA256(), 48, salt=None, info=b"surveyapp envelope key").derive(
            secret.encode()
        )
        number = int.from_bytes(seed) % (ORDER - 1) + 1
        private = ec.derive_private_key(number, CURVE)
        public = _raw(private.public_key())
        return cls(private, public, hashlib.sha256(public).hexdigest()[:16])


def seal(content: Mapping[str, Any], key_id: str, public: bytes) -> bytes:
    """An envelope that only the holder of the private key opens, as a tablet makes it."""
    ours = ec.generate_private_key(CURVE)
    epk, iv = _raw(ours.public_key()), os.urandom(12)
    theirs = ec.EllipticCurvePublicKey.from_encoded_point(CURVE, public)
    cipher = _cipher(ours.exchange(ec.ECDH(), theirs), epk, public)
    plain = json.dumps(content).encode()
    padded = plain.ljust(-(-len(plain) // SIZE) * SIZE)
    envelope = {
        "v": 1,
        "key": key_id,
        "epk": base64url(epk),
        "iv": base64url(iv),
        "ct": base64url(cipher.encrypt(iv, padded, _beside(key_id))),
    }
    return json.dumps(envelope, separators=(",", ":")).encode()


@dataclass(frozen=True)
class Sealer:
    """Seals with the first of its keys and opens with any of them."""

    keys: Sequence[Key]

    @property
    def key(self) -> Key:
        """What is sealed for from now on."""
        return self.keys[0]

    def seal(self, content: Mapping[str, Any]) -> bytes:
        """An envelope around the content, as a tablet makes it."""
        return seal(content, self.key.id, self.key.public)

    def open(self, envelope: bytes) -> Any:
        """The content of an envelope; CannotAccept says why it cannot be opened."""
        try:
            parts = json.loads(envelope)
            if parts["v"] != 1:
                raise ValueError("another format")
            key_id = str(parts["key"])
            epk, iv, ct = (from_base64url(parts[name]) for name in ("epk", "iv", "ct"))
        except (KeyError, TypeError, ValueError, RecursionError) as error:
            raise CannotAccept(NO_ENVELOPE) from error
        key = next((each for each in self.keys if each.id == key_id), None)
        if key is None:
            raise CannotAccept(NO_KEY)
        try:
            theirs = ec.EllipticCurvePublicKey.from_encoded_point(CURVE, epk)
            shared = key.private.exchange(ec.ECDH(), theirs)
            cipher = _cipher(shared, epk, key.public)
            return json.loads(cipher.decrypt(iv, ct, _beside(key.id)))
        except (InvalidTag, ValueError, RecursionError) as error:
            raise CannotAccept(BROKEN) from error


@cache
def sealer(secret: str, former: tuple[str, ...] = ()) -> Sealer:
    """The sealer of an installation with this secret, and those that it had before."""
    return Sealer([Key.of(each) for each in (secret, *former)])


def digest(body: bytes) -> str:
    """SHA-256 in hexadecimal: what an envelope is known by."""
    return hashlib.sha256(body).hexdigest()


def content_digest(body: bytes) -> str:
    """The header that says what a body is (RFC 9530)."""
    return f"sha-256=:{base64.b64encode(hashlib.sha256(body).digest()).decode()}:"


def read_public_key(text: str) -> bytes:
    """A tablet's public key out of what it sent; CollectingError if it is not one."""
    try:
        der = from_base64url(text)
        key = serialization.load_der_public_key(der)
        is_ours = isinstance(key, ec.EllipticCurvePublicKey) and key.curve.name == CURVE.name
    except (TypeError, ValueError, UnsupportedAlgorithm):
        is_ours = False
    if not is_ours:
        raise CollectingError(N_("The tablet sent no key that can be used."))
    return der


def is_signed(public_key: bytes, signature: str, path: str, body: bytes) -> bool:
    """Whether the holder of the key signed this body for this path."""
    key = serialization.load_der_public_key(public_key)
    assert isinstance(key, ec.EllipticCurvePublicKey)  # noqa: S101 - read_public_key saw to it
    try:
        raw = from_base64url(signature)
        if len(raw) != 2 * HALF:
            return False
        halves = (int.from_bytes(raw[:HALF]), int.from_bytes(raw[HALF:]))
        signed = path.encode() + b"\n" + body
        key.verify(encode_dss_signature(*halves), signed, ec.ECDSA(SHA256()))
    except (InvalidSignature, ValueError):
        return False
    return True


def base64url(content: bytes) -> str:
    """As text for JSON and headers, without padding."""
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def from_base64url(text: str) -> bytes:
    """What `base64url` wrote; ValueError or TypeError if it is something else."""
    if not isinstance(text, str):
        raise TypeError("base64 is text")
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except binascii.Error as error:
        raise ValueError("not base64") from error


def _raw(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(
        serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
    )


def _cipher(shared: bytes, epk: bytes, public: bytes) -> AESGCM:
    return AESGCM(HKDF(SHA256(), 32, salt=epk + public, info=FORMAT).derive(shared))


def _beside(key_id: str) -> bytes:
    """What is not secret, but is told by the seal if it is changed."""
    return FORMAT + b" " + key_id.encode()

"""A tablet without a screen: it enrols, seals, signs and sends as static/js/tablet/ does."""

import http.client
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from surveyapp import delivering, sealing
from surveyapp.bench.processes import HOST
from surveyapp.collecting import Submission

# Posts a body with headers to a path; gives the status and what the answer's JSON says.
Post = Callable[[str, bytes, Mapping[str, str]], tuple[int, Any]]
ENROL, STATE = "/platta/koppla", "/platta/lage"


def over_http(port: int) -> Post:
    """Post over a connection of its own each time, as after a while without network."""

    def post(path: str, body: bytes, headers: Mapping[str, str]) -> tuple[int, Any]:
        connection = http.client.HTTPConnection(HOST, port, timeout=30)
        try:
            connection.request("POST", path, body, dict(headers))
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read())
        finally:
            connection.close()

    return post


def _nowhere(_path: str, _body: bytes, _headers: Mapping[str, str]) -> tuple[int, Any]:
    raise ConnectionError("the tablet has no network")


def _new_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(sealing.CURVE)


@dataclass
class Tablet:
    """What a tablet keeps of itself, and how it reaches the server."""

    post: Post = _nowhere
    key: ec.EllipticCurvePrivateKey = field(default_factory=_new_key)
    number: int = 0
    state: dict[str, Any] = field(default_factory=dict)  # the last answer about how things are

    @property
    def public_key(self) -> str:
        """As it is sent at enrolment."""
        return sealing.base64url(
            self.key.public_key().public_bytes(
                serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
            )
        )

    def enrol(self, code: str) -> int:
        """Enrol with a code and hear what there is to know; the status of the enrolment."""
        content = {"code": code, "public_key": self.public_key}
        status, told = self.post(ENROL, json.dumps(content).encode(), {})
        if status == 200:
            self.number = told["tablet"]
            self.report()
        return status

    def report(
        self,
        undelivered: int = 0,
        oldest: date | None = None,
        persisted: bool | None = True,
        app: str = "1",
    ) -> int:
        """Say how the tablet is and keep the answer; the status."""
        content: dict[str, Any] = {
            "undelivered": undelivered,
            "oldest": oldest.isoformat() if oldest else None,
            "app": app,
            "persisted": persisted,
            "moves": [],
        }
        status, told = self.send(STATE, json.dumps(content).encode())
        if status == 200:
            self.state = told
        return status

    def seal(self, submission: Submission) -> bytes:
        """An envelope for the key that the server told."""
        key = self.state["sealing_key"]
        public = sealing.from_base64url(key["public"])
        return sealing.seal(submission.as_dict(), key["id"], public)

    def deliver(self, envelope: bytes) -> bool:
        """Send an envelope; whether its copy may go."""
        status, told = self.send(delivering.PATH, envelope)
        return status == 200 and told == {"received": sealing.digest(envelope)}

    def send(self, path: str, body: bytes, **headers: str) -> tuple[int, Any]:
        """Sign a body and post it; headers given here replace those that belong to it."""
        changed = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.post(path, body, self.signed(path, body) | changed)

    def signed(self, path: str, body: bytes) -> dict[str, str]:
        """The headers that belong to a body."""
        return {
            "Tablet": str(self.number),
            "Tablet-Signature": self.signature(path, body),
            "Content-Digest": sealing.content_digest(body),
        }

    def signature(self, path: str, body: bytes) -> str:
        """The two numbers of the signature one after the other, as WebCrypto writes it."""
        signed = self.key.sign(path.encode() + b"\n" + body, ec.ECDSA(SHA256()))
        halves = decode_dss_signature(signed)
        return sealing.base64url(b"".join(n.to_bytes(sealing.HALF) for n in halves))

    def rescue_file(self, envelopes: list[bytes]) -> bytes:
        """The sealed outbox as a file."""
        rows = [
            {"body": each.decode(), "signature": self.signature(delivering.PATH, each)}
            for each in envelopes
        ]
        content = {"format": delivering.RESCUE, "tablet": self.number, "envelopes": rows}
        return json.dumps(content).encode()

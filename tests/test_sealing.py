"""Envelopes that only the server opens, and signatures that only the tablet makes."""

import json

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from surveyapp import sealing
from surveyapp.bench.tablets import Tablet
from surveyapp.errors import CannotAccept, CollectingError

SECRET, OTHER = "a secret that only the tests know", "another secret than this one"
SEALER = sealing.sealer(SECRET)
CONTENT = {"answers": {"hel_fritext": "Hon ringer alltid tillbaka. Äntligen!"}}


def altered(envelope, **parts):
    return json.dumps(json.loads(envelope) | parts).encode()


def test_what_was_sealed_is_opened_and_cannot_be_read_before():
    envelope = SEALER.seal(CONTENT)

    assert SEALER.open(envelope) == CONTENT
    assert b"hel_fritext" not in envelope


def test_every_envelope_is_another_and_as_long_as_the_next():
    short, long = SEALER.seal({}), SEALER.seal({"text": "x" * 2000})

    assert len(short) == len(long)
    assert SEALER.seal({}) != short
    assert len(SEALER.seal({"text": "x" * 2100})) > len(long)


def test_key_follows_from_the_secret_for_ever():
    """Were it another one day, tablets would hold what nobody can open."""
    assert SEALER.key.id == "870eed3b06803c33"
    assert len(SEALER.key.public) == sealing.POINT


def test_former_secret_opens_and_is_not_sealed_for():
    old = sealing.sealer(OTHER)
    both = sealing.sealer(SECRET, (OTHER,))

    assert both.open(old.seal(CONTENT)) == CONTENT
    assert both.key.id == SEALER.key.id


def test_unknown_key_is_told_from_a_broken_seal():
    with pytest.raises(CannotAccept, match="key that the server does not have"):
        SEALER.open(sealing.sealer(OTHER).seal(CONTENT))


@pytest.mark.parametrize("part", ["epk", "iv", "ct"])
def test_every_changed_part_breaks_the_seal(part):
    envelope, another = SEALER.seal(CONTENT), json.loads(SEALER.seal(CONTENT))

    with pytest.raises(CannotAccept, match="seal is broken"):
        SEALER.open(altered(envelope, **{part: another[part]}))


@pytest.mark.parametrize(
    "parts",
    [{"ct": ""}, {"ct": "AAAA"}, {"iv": ""}, {"epk": "AAAA"}, {"epk": "BA" + "A" * 85}],
)
def test_parts_of_the_wrong_size_break_the_seal(parts):
    with pytest.raises(CannotAccept, match="seal is broken"):
        SEALER.open(altered(SEALER.seal(CONTENT), **parts))


def test_key_id_is_under_the_seal():
    """An envelope cannot be passed off as sealed for another of the server's keys."""
    twice = sealing.Sealer(
        [SEALER.key, sealing.Key(SEALER.key.private, SEALER.key.public, "x")]
    )

    with pytest.raises(CannotAccept, match="seal is broken"):
        twice.open(altered(SEALER.seal(CONTENT), key="x"))


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b"{}",
        b"\xff\xfe",
        b"[" * 60_000,
        b'{"v": 1, "key": "870eed3b06803c33", "epk": 1, "iv": 2, "ct": 3}',
        altered(SEALER.seal(CONTENT), v=2),
        altered(SEALER.seal(CONTENT), ct="not base64 at all!"),
        altered(SEALER.seal(CONTENT), ct="åäö"),
    ],
)
def test_what_is_no_envelope_is_told_so(body):
    with pytest.raises(CannotAccept, match="not an envelope"):
        SEALER.open(body)


def test_signature_holds_for_its_body_and_path_alone():
    tablet, other = Tablet(), Tablet()
    key = sealing.read_public_key(tablet.public_key)
    signature = tablet.signature("/platta/kuvert", b"body")

    assert sealing.is_signed(key, signature, "/platta/kuvert", b"body")
    assert not sealing.is_signed(key, signature, "/platta/kuvert", b"bodx")
    assert not sealing.is_signed(key, signature, "/platta/lage", b"body")
    theirs = other.signature("/platta/kuvert", b"body")
    assert not sealing.is_signed(key, theirs, "/platta/kuvert", b"body")


@pytest.mark.parametrize("signature", ["", "AAAA", "A" * 86, "å" * 86, "!" * 86])
def test_faulty_signature_is_none(signature):
    key = sealing.read_public_key(Tablet().public_key)

    assert not sealing.is_signed(key, signature, "/platta/kuvert", b"body")


def der(key):
    return sealing.base64url(
        key.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
    )


@pytest.mark.parametrize(
    "text", ["", "AAAA", "!", "å", der(ec.generate_private_key(ec.SECP384R1()))]
)
def test_what_is_no_key_of_a_tablet_is_refused(text):
    with pytest.raises(CollectingError, match="no key"):
        sealing.read_public_key(text)

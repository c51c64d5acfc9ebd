"""Tablets: enrolled once with a code, then known by a key of their own, until revoked."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import date

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from surveyapp import access_codes, organising
from surveyapp.errors import N_, CollectingError
from surveyapp.models import Device, DeviceUnit, Unit

N_RANDOM = 9  # of the enrolment code, typed once by staff

_CODES_OF_HOLDER = (  # built once: it is asked for with every answer from a tablet
    select(Unit.code)
    .join(DeviceUnit, DeviceUnit.unit_id == Unit.id)
    .join(Device, Device.id == DeviceUnit.device_id)
    .where(Device.key_sha256 == bindparam("key"), ~Device.is_revoked)
)


def create(
    session: Session, name: str, unit_ids: Sequence[int], *, secret: str
) -> tuple[Device, str]:
    """Make a tablet for these units and the code it is enrolled with, inside `writing`.

    The code is returned only here.
    """
    name = " ".join(name.split())
    if not name:
        raise CollectingError(N_("Give the tablet a name, for example Tablet 4."))
    if not unit_ids:
        raise CollectingError(N_("Say which unit the tablet belongs to."))
    if session.scalar(select(Device.id).where(Device.name == name, ~Device.is_revoked)):
        raise CollectingError(
            N_("There already is a tablet called %(name)s. Choose another name."), name=name
        )
    characters = access_codes.new_characters(N_RANDOM)
    device = Device(name=name, enrolment_hmac=_hash(secret, characters))
    session.add(device)
    session.flush()
    session.add_all(
        DeviceUnit(device_id=device.id, unit_id=unit_id) for unit_id in dict.fromkeys(unit_ids)
    )
    session.flush()
    return device, access_codes.written(characters)


def enrol(session: Session, typed: str, *, secret: str) -> str | None:
    """Use up an enrolment code, inside `writing`; the tablet's key, or None."""
    characters = access_codes.read(typed, N_RANDOM)
    device = session.scalar(
        select(Device).where(
            Device.enrolment_hmac == _hash(secret, characters or ""), ~Device.is_revoked
        )
    )
    if device is None or characters is None:
        return None
    key = secrets.token_urlsafe(32)
    device.enrolment_hmac = None
    device.key_sha256 = _sha256(key)
    session.flush()
    return key


def device_with(session: Session, key: str) -> Device | None:
    """The tablet that holds this key, unless it is revoked."""
    return session.scalar(
        select(Device).where(Device.key_sha256 == _sha256(key), ~Device.is_revoked)
    )


def units_of(session: Session, device: Device) -> list[Unit]:
    """The units the tablet collects for, by name."""
    statement = select(Unit).join(DeviceUnit, DeviceUnit.unit_id == Unit.id)
    return organising.by_name(
        session.scalars(statement.where(DeviceUnit.device_id == device.id))
    )


def unit_codes(session: Session, key: str) -> frozenset[str] | None:
    """The codes of the units that the holder of this key collects for; none if revoked.

    None where the key is nobody's: a tablet that has lost it in the middle of a visit still
    holds a ticket that was issued for its unit, and the answer must not be lost.
    """
    codes = frozenset(session.scalars(_CODES_OF_HOLDER, {"key": _sha256(key)}))
    if codes or session.scalar(select(Device.id).where(Device.key_sha256 == _sha256(key))):
        return codes
    return None


def note_contact(session: Session, device_id: int, day: date) -> None:
    """Remember the day, inside a `writing` that never holds an answer."""
    device = session.get_one(Device, device_id)
    device.last_contact_on = day


def revoke(session: Session, device_id: int) -> Device:
    """Shut a tablet out, inside `writing`; what it has not sent will lie in quarantine."""
    device = session.get(Device, device_id)
    if device is None:
        raise CollectingError(N_("There is no tablet %(number)s."), number=device_id)
    device.is_revoked = True
    device.enrolment_hmac = None
    session.flush()
    return device


def devices(session: Session) -> list[tuple[Device, list[str]]]:
    """Every tablet with the codes of its units, by name."""
    rows = session.execute(
        select(Device, Unit.code)
        .join(DeviceUnit, DeviceUnit.device_id == Device.id)
        .join(Unit, Unit.id == DeviceUnit.unit_id)
        .order_by(Device.name, Device.id, Unit.code)
    )
    found: dict[int, tuple[Device, list[str]]] = {}
    for device, code in rows:
        found.setdefault(device.id, (device, []))[1].append(code)
    return list(found.values())


def _hash(secret: str, characters: str) -> str:
    return access_codes.keyed_hash(secret, "enrolment", characters)


def _sha256(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()

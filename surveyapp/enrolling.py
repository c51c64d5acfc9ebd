"""Tablets: enrolled once with a code, then known by a key of their own, until revoked.

What a tablet says of itself is written in transactions that never hold an answer.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import bindparam, or_, select, update
from sqlalchemy.orm import Session

from surveyapp import access_codes, organising, sealing
from surveyapp.errors import N_, CollectingError
from surveyapp.models import Device, DeviceUnit, Unit, UnitSuccession

LARGEST = 2**31 - 1  # number of a tablet that the databases take
N_RANDOM = 9  # of the enrolment code, typed once by staff

# The tablet's own units, and those that they became or went into.
_own = (
    select(DeviceUnit.unit_id)
    .where(DeviceUnit.device_id == bindparam("device_id"))
    .cte("own", recursive=True)
)
_reached = _own.union(
    select(UnitSuccession.new_id).join(_own, UnitSuccession.old_id == _own.c.unit_id)
)
_UNITS_OF = select(Unit).where(Unit.id.in_(select(_reached.c.unit_id)))
_CODES_OF = select(Unit.code).where(Unit.id.in_(select(_reached.c.unit_id)))


@dataclass(frozen=True)
class Said:
    """How a tablet says that it is."""

    undelivered: int
    oldest_on: date | None  # the day of the oldest that it has not delivered
    app_version: str
    is_storage_persisted: bool | None


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


def renew(session: Session, device_id: int, *, secret: str) -> str:
    """A new code for a tablet, inside `writing`. Its old key holds until the code is used."""
    device = _device(session, device_id)
    if device.is_revoked:
        raise CollectingError(
            N_("%(name)s is revoked. Make a new tablet instead."), name=device.name
        )
    characters = access_codes.new_characters(N_RANDOM)
    device.enrolment_hmac, device.used_code_hmac = _hash(secret, characters), None
    session.flush()
    return access_codes.written(characters)


def enrol(session: Session, typed: str, public_key: str, *, secret: str) -> Device | None:
    """Use up an enrolment code for this key, inside `writing`; the tablet, or None.

    A tablet that did not hear that its code was taken says it again, with the same key. Until
    its first contact that is a success; with another key the code is used up.
    CollectingError if the key is none: then the code can be used again.
    """
    characters = access_codes.read(typed, N_RANDOM)
    hmac = _hash(secret, characters or "")
    device = session.scalar(
        select(Device).where(
            or_(Device.enrolment_hmac == hmac, Device.used_code_hmac == hmac),
            ~Device.is_revoked,
        )
    )
    if device is None or characters is None:
        return None
    key = sealing.read_public_key(public_key)
    if device.enrolment_hmac != hmac:
        return device if device.public_key == key else None
    device.public_key, device.enrolment_hmac, device.used_code_hmac = key, None, hmac
    session.flush()
    return device


def device(session: Session, device_id: int) -> Device | None:
    """The tablet with this number, revoked or not; none has one beyond what is stored."""
    return session.get(Device, device_id) if 0 < device_id <= LARGEST else None


def units_of(session: Session, device_id: int) -> list[Unit]:
    """The units the tablet collects for, by name: its own, and those that they became."""
    return organising.by_name(session.scalars(_UNITS_OF, {"device_id": device_id}))


def codes_of(session: Session, device_id: int) -> frozenset[str]:
    """The codes of those units."""
    return frozenset(session.scalars(_CODES_OF, {"device_id": device_id}))


def has_said(device: Device, day: date, said: Said) -> bool:
    """Whether this is what is remembered of the tablet already."""
    if device.used_code_hmac is not None:
        return False  # its first contact with this key
    return said == Said(
        device.undelivered_count,
        device.oldest_undelivered_on,
        device.app_version or "",
        device.is_storage_persisted,
    ) and (device.last_contact_on == day)


def report(session: Session, device_id: int, day: date, said: Said) -> None:
    """Remember how the tablet is and that it was heard of, inside a `writing` that never
    holds an answer."""
    device = session.get_one(Device, device_id)
    device.used_code_hmac = None
    device.last_contact_on = day
    device.undelivered_count = said.undelivered
    device.oldest_undelivered_on = said.oldest_on
    device.app_version = said.app_version
    device.is_storage_persisted = said.is_storage_persisted


def note_quarantined(session: Session, device_id: int) -> None:
    """Count that something the tablet sent was put aside, in a `writing` after that one's."""
    statement = update(Device).where(Device.id == device_id)
    session.execute(
        statement.values(quarantined_count=Device.quarantined_count + 1),
        execution_options={"synchronize_session": False},
    )


def revoke(session: Session, device_id: int) -> Device:
    """Shut a tablet out, inside `writing`; what it has not sent will lie in quarantine."""
    device = _device(session, device_id)
    device.is_revoked = True
    device.enrolment_hmac = device.used_code_hmac = None
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


def _device(session: Session, device_id: int) -> Device:
    known = device(session, device_id)
    if known is None:
        raise CollectingError(N_("There is no tablet %(number)s."), number=device_id)
    return known


def _hash(secret: str, characters: str) -> str:
    return access_codes.keyed_hash(secret, "enrolment", characters)

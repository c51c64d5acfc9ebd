"""What a tablet delivers: over the network, or in a rescue file that somebody carries.

Every function commits by itself: what becomes of an answer, and what is noted about the tablet
that sent it, never share a transaction.
"""

import json
from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from surveyapp import collecting, enrolling, sealing
from surveyapp.collecting import Sender, Taken
from surveyapp.db import writing
from surveyapp.errors import N_, CollectingError
from surveyapp.models import Device
from surveyapp.sealing import Sealer

PATH = "/platta/kuvert"  # what an envelope is signed for
RESCUE = "surveyapp rescue 1"


@dataclass(frozen=True)
class Rescued:
    """What became of the envelopes in a rescue file."""

    n_stored: int
    n_repeated: int
    n_put_aside: int
    n_refused: int  # not signed by the tablet


def deliver(
    session: Session, device: Device, body: bytes, *, today: date, sealer: Sealer
) -> Taken:
    """Take one envelope whose signature has been checked."""
    device_id = device.id
    sender = Sender(enrolling.codes_of(session, device_id), device.is_revoked)
    delivered = collecting.unsealed(body, sealer)
    with writing(session):
        taken = collecting.submit_sealed(session, delivered, sender, today=today)
    if taken is Taken.QUARANTINED:
        with writing(session):
            enrolling.note_quarantined(session, device_id)
    return taken


def rescue(session: Session, content: bytes, *, today: date, sealer: Sealer) -> Rescued:
    """Take the sealed outbox of a tablet out of the file that was saved on it.

    The file can be loaded again and again: what came before is only counted as that.
    """
    device_id, envelopes = _read(content)
    device = enrolling.device(session, device_id)
    if device is None or device.public_key is None:
        raise CollectingError(N_("There is no tablet %(number)s."), number=device_id)
    key, became = device.public_key, Counter[Taken]()
    for body, signature in envelopes:
        if body and sealing.is_signed(key, signature, PATH, body):
            device = session.get_one(Device, device_id)
            became[deliver(session, device, body, today=today, sealer=sealer)] += 1
    return Rescued(
        became[Taken.STORED],
        became[Taken.REPEATED],
        became[Taken.QUARANTINED],
        len(envelopes) - became.total(),
    )


def _read(content: bytes) -> tuple[int, list[tuple[bytes, str]]]:
    """The number of the tablet, and each envelope with its signature."""
    try:
        file: dict[str, Any] = json.loads(content)
        if file["format"] != RESCUE:
            raise ValueError("another format")
        number = file["tablet"]
        if type(number) is not int or not 0 < number <= enrolling.LARGEST:
            raise ValueError("not the number of a tablet")
        return number, [
            (str(each["body"]).encode(), str(each["signature"])) for each in file["envelopes"]
        ]
    except (KeyError, TypeError, ValueError, RecursionError) as error:
        raise CollectingError(N_("The file is not a rescue file from a tablet.")) from error

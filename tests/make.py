"""What tests need to exist; each test states what matters to it, the rest is made up."""

from datetime import date
from functools import cache
from itertools import count
from pathlib import Path
from uuid import uuid4

from surveyapp import accounts, publishing
from surveyapp.access import Role
from surveyapp.db import writing
from surveyapp.models import (
    Account,
    Answer,
    Channel,
    Device,
    DeviceUnit,
    FollowupType,
    FormLength,
    Grant,
    HandedOverBy,
    Response,
    ResponseStatus,
    ServiceGroup,
    Unit,
    UnitAttribute,
)
from surveyapp.questionnaire import load

QUESTIONNAIRES = Path(__file__).parent.parent / "questionnaires"
PASSWORD = "tolv tecken räcker"
VALID_FROM = {1: date(2022, 1, 1), 2: date(2025, 1, 1)}


@cache
def password_hash(password):
    """One hash for the whole run: each takes a tenth of a second."""
    return accounts.hash_password(password)


@cache
def shipped(key, version):
    """A shipped questionnaire, read once: that takes longer than most of what is made."""
    return load(publishing.file_of(QUESTIONNAIRES, key, version))


class Make:
    """Makes rows and stores them at once."""

    def __init__(self, session):
        self.session = session
        self.numbers = count(1)

    def store(self, *rows):
        with writing(self.session):
            self.session.add_all(rows)
        return rows[0]

    def unit(self, code=None, name=None, valid_from=date(2007, 1, 1), valid_to=None, **fields):
        n = next(self.numbers)
        values = {"district": name or f"Stadsdel {n}"} | fields
        return self.store(
            Unit(
                code=code or f"unit{n}",
                name=name or f"Enhet {n}",
                valid_from=valid_from,
                valid_to=valid_to,
                **values,
            )
        )

    def attribute(self, unit, attribute, value, valid_from, valid_to=None):
        return self.store(
            UnitAttribute(
                unit_id=unit.id,
                attribute=attribute,
                value=value,
                valid_from=valid_from,
                valid_to=valid_to,
            )
        )

    def account(self, role=Role.REGISTRAR, units=(), password=PASSWORD, name=None, **fields):
        """An account with one role in some units, or in the whole city when none is named."""
        n = next(self.numbers)
        where = [unit.id for unit in units] or [None]
        values = {"full_name": f"Person {n}"} | fields
        return self.store(
            Account(
                name=name or f"person{n}",
                password_hash=password_hash(password),
                grants=[Grant(role=role, unit_id=unit_id) for unit_id in where],
                **values,
            )
        )

    def published(self, version=1, valid_from=None, key=publishing.KEY):
        """The shipped questionnaire, published with every version before it."""
        made = None
        with writing(self.session):
            for number in range(1, version + 1):
                starts_on = VALID_FROM[number]
                if number == version and valid_from is not None:
                    starts_on = valid_from
                made = publishing.publish(
                    self.session,
                    shipped(key, number),
                    valid_from=starts_on,
                    author="Anna Berg",
                    publisher="Birgit Ek",
                )
        return made

    def device(self, units, name=None, **fields):
        """A tablet for some units, waiting to be enrolled unless the fields say otherwise."""
        device = self.store(Device(name=name or f"Surfplatta {next(self.numbers)}", **fields))
        self.store(*[DeviceUnit(device_id=device.id, unit_id=unit.id) for unit in units])
        return device

    def response(self, unit, month, answers, missing=None, version=None, **fields):
        """A stored response: `answers` has a value per question, `missing` a reason."""
        values = {
            "language": "sv",
            "channel": Channel.TABLET,
            "followup_type": FollowupType.HOME_VISIT,
            "service_group": ServiceGroup.HOME_CARE,
            "handed_over_by": HandedOverBy.OTHER_OFFICER,
            "form_length": FormLength.FULL,
            "status": ResponseStatus.COMPLETE,
        } | fields
        version = version or publishing.opened(self.session, publishing.KEY, month)
        response = Response(
            id=uuid4(), unit_id=unit.id, month=month, version_id=version.id, **values
        )
        with writing(self.session):
            self.session.add(response)
            self.session.flush()
            self.session.add_all(
                Answer(response_id=response.id, question=question, value=value)
                for question, value in answers.items()
            )
            self.session.add_all(
                Answer(response_id=response.id, question=question, missing=why)
                for question, why in (missing or {}).items()
            )
        return response

"""What waits for one account today, in words."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from babel.lists import format_list
from flask import url_for
from sqlalchemy import func, select

from surveyapp import organising, publishing, releasing
from surveyapp.access import Permission
from surveyapp.db import db
from surveyapp.i18n import gettext as _
from surveyapp.i18n import ngettext, period_name, staff_language
from surveyapp.models import AccessCode, Account, Device, DeviceUnit, Unit

LONG_SILENCE = timedelta(days=7)  # a tablet in use is heard from every working day


@dataclass(frozen=True)
class Waiting:
    """One thing to do, and where (empty when it is not done on a page)."""

    sentence: str
    address: str = ""
    action: str = ""


def waiting_for(account: Account, today: date) -> list[Waiting]:
    """The most pressing first."""
    return [
        *_questionnaire(account, today),
        *_releases(account, today),
        *_tablets(account, today),
        *_codes(account),
    ]


def _questionnaire(account: Account, today: date) -> Iterator[Waiting]:
    if not account.may(Permission.PUBLISH_QUESTIONNAIRE):
        return
    if not organising.units_on(db.session, today):
        yield Waiting(_("There are no units yet. They are read from a file at installation."))
    if publishing.opened(db.session, publishing.KEY, today) is None:
        yield Waiting(_("No questionnaire is published for today, so nobody can answer."))


def _releases(account: Account, today: date) -> Iterator[Waiting]:
    if not account.may_in_city(Permission.RELEASE):
        return
    periods = releasing.waiting(db.session, today)
    if periods:
        sentence = ngettext(
            "Results are ready to be released for %(periods)s.",
            "Results are ready to be released for %(num)s periods: %(periods)s.",
            len(periods),
            periods=format_list([period_name(p) for p in periods], locale=staff_language()),
        )
        yield Waiting(sentence, url_for("results.release"), _("Release results"))


def _tablets(account: Account, today: date) -> Iterator[Waiting]:
    if not account.may(Permission.MANAGE_DEVICES):
        return
    query = (
        select(Device)
        .join(DeviceUnit, DeviceUnit.device_id == Device.id)
        .where(Device.is_revoked.is_(False))
        .distinct()
        .order_by(Device.name, Device.id)
    )
    if not account.may_in_city(Permission.MANAGE_DEVICES):
        query = query.where(DeviceUnit.unit_id.in_(account.unit_ids(Permission.MANAGE_DEVICES)))
    for device in db.session.scalars(query):
        if device.last_contact_on is None:
            yield Waiting(_("%(tablet)s has not been started yet.", tablet=device.name))
        elif today - device.last_contact_on > LONG_SILENCE:
            yield Waiting(
                _(
                    "%(tablet)s has not been heard from since %(day)s.",
                    tablet=device.name,
                    day=device.last_contact_on.isoformat(),
                )
            )


def _codes(account: Account) -> Iterator[Waiting]:
    if not account.may(Permission.CREATE_CODES):
        return
    query = (
        select(Unit.name, func.count(), func.min(AccessCode.month))
        .join(AccessCode, AccessCode.unit_id == Unit.id)
        .group_by(Unit.name)
        .order_by(Unit.name)
    )
    if not account.may_in_city(Permission.CREATE_CODES):
        query = query.where(Unit.id.in_(account.unit_ids(Permission.CREATE_CODES)))
    for name, n, month in db.session.execute(query):
        yield Waiting(
            ngettext(
                "%(unit)s has %(num)s letter code that nobody has used, from %(month)s.",
                "%(unit)s has %(num)s letter codes that nobody has used, the oldest from "
                "%(month)s.",
                n,
                unit=name,
                month=f"{month:%Y-%m}",
            )
        )

"""What waits for one account today, in words."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from babel.lists import format_list
from flask import url_for
from sqlalchemy import func, select

from surveyapp import collecting, moving, organising, publishing, releasing
from surveyapp.access import Permission
from surveyapp.db import db
from surveyapp.i18n import gettext as _
from surveyapp.i18n import ngettext, period_name, staff_language
from surveyapp.models import AccessCode, Account, MoveState, Unit
from surveyapp.web.devices import tablets


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
        *_moves(account),  # after a release it is too late for them
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
    way = {"address": url_for("devices.index"), "action": _("See the tablets")}
    for tablet in tablets.tablets_of(account, today):
        if tablet.alarm:
            yield Waiting(tablet.alarm, **way)
        elif tablet.waits_for_code and not tablet.device.is_revoked:
            sentence = _("%(tablet)s has not been started yet.", tablet=tablet.device.name)
            yield Waiting(sentence, **way)
    unit_ids = tablets.managed_ids(account)
    if n := sum(parked.n for parked in collecting.parked_in(db.session, unit_ids)):
        yield Waiting(
            ngettext(
                "%(num)s answer has been put aside and is not counted.",
                "%(num)s answers have been put aside and are not counted.",
                n,
            ),
            url_for("devices.index", _anchor="aside"),
            _("See why"),
        )
    if n := moving.n_in(db.session, MoveState.REQUESTED, unit_ids=unit_ids):
        yield Waiting(
            ngettext(
                "%(num)s request to move answers waits for you to confirm it.",
                "%(num)s requests to move answers wait for you to confirm them.",
                n,
            ),
            url_for("devices.index", _anchor="moves"),
            _("Look and confirm"),
        )


def _moves(account: Account) -> Iterator[Waiting]:
    if not account.may_in_city(Permission.MOVE_ANSWERS):
        return
    if n := moving.n_in(db.session, MoveState.CONFIRMED):
        yield Waiting(
            ngettext(
                "%(num)s move of answers waits for your decision.",
                "%(num)s moves of answers wait for your decision.",
                n,
            ),
            url_for("moves.decisions"),
            _("Look and decide"),
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

"""The tablets of an account's units, and what presses about them, in words."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from surveyapp import enrolling
from surveyapp.access import Permission
from surveyapp.db import db
from surveyapp.i18n import gettext as _
from surveyapp.i18n import ngettext
from surveyapp.models import Account, Device, Unit
from surveyapp.organising import Successions, by_name

STUCK_AFTER = timedelta(days=2)  # a tablet sends whenever it has a network
SILENT_AFTER = timedelta(days=14)


@dataclass(frozen=True)
class Tablet:
    """A tablet, the units that it collects for, and the day on which it is looked at."""

    device: Device
    units: list[Unit]
    today: date

    @property
    def waits_for_code(self) -> bool:
        return self.device.public_key is None

    @property
    def is_stuck(self) -> bool:
        """Whether it has had time to send what it last said that it had."""
        days = (self.device.last_contact_on, self.device.oldest_undelivered_on)
        known = [day for day in days if day is not None]
        if not self.device.undelivered_count or not known:
            return False
        return self.today - min(known) >= STUCK_AFTER

    @property
    def is_silent(self) -> bool:
        heard = self.device.last_contact_on
        return heard is not None and self.today - heard >= SILENT_AFTER

    @property
    def urgency(self) -> int:
        """What presses most comes first."""
        for number, presses in enumerate((self.is_stuck, self.is_silent, self.waits_for_code)):
            if presses:
                return number
        return 3

    @property
    def alarm(self) -> str:
        """What is the matter, or nothing."""
        if self.device.is_revoked or not (self.is_stuck or self.is_silent):
            return ""
        heard = self.device.last_contact_on
        day = heard.isoformat() if heard else ""
        if not self.is_stuck:
            return _(
                "%(tablet)s has not been heard from since %(day)s.",
                tablet=self.device.name,
                day=day,
            )
        if heard is None or self.today - heard < STUCK_AFTER:
            return self.undelivered
        since = _("It has not been heard from since %(day)s.", day=day)
        return f"{self.undelivered} {since}"

    @property
    def undelivered(self) -> str:
        """What it last said that it had not sent."""
        n, oldest = self.device.undelivered_count, self.device.oldest_undelivered_on
        if not oldest:
            return ngettext(
                "%(tablet)s has %(num)s answer that has not been sent.",
                "%(tablet)s has %(num)s answers that have not been sent.",
                n,
                tablet=self.device.name,
            )
        return ngettext(
            "%(tablet)s has %(num)s answer that has not been sent, from %(day)s.",
            "%(tablet)s has %(num)s answers that have not been sent, the oldest from %(day)s.",
            n,
            tablet=self.device.name,
            day=oldest.isoformat(),
        )


def tablets_of(account: Account, today: date) -> list[Tablet]:
    """Every tablet that collects for a unit of theirs, revoked ones too, in the order in
    which they press."""
    successions = Successions.read(db.session)
    ids = {unit.code: unit.id for unit in successions.units.values()}
    found = []
    for device, codes in enrolling.devices(db.session):
        reached = {
            unit.id: unit
            for code in codes
            for unit in (successions.units[ids[code]], *successions.after(ids[code]))
        }
        if manages(account, reached):
            found.append(Tablet(device, by_name(reached.values()), today))
    return sorted(found, key=lambda tablet: (tablet.urgency, _natural(tablet.device.name)))


def _natural(name: str) -> list[tuple[int, str]]:
    """So that Tablet 9 comes before Tablet 12."""
    parts = re.findall(r"\d+|\D+", name.casefold())
    return [(int(part), "") if part.isdecimal() else (0, part) for part in parts]


def tablet_of(account: Account, number: int, today: date) -> Tablet | None:
    """The tablet with this number, if it is theirs."""
    device = enrolling.device(db.session, number)
    units = enrolling.units_of(db.session, number) if device else []
    if device is None or not manages(account, [unit.id for unit in units]):
        return None
    return Tablet(device, units, today)


def manages(account: Account, unit_ids: Iterable[int]) -> bool:
    """Whether the tablets of one of these units are theirs to manage."""
    return any(account.may(Permission.MANAGE_DEVICES, unit_id) for unit_id in unit_ids)


def managed_ids(account: Account) -> set[int] | None:
    """The units whose tablets are theirs to manage; None for all."""
    if account.may_in_city(Permission.MANAGE_DEVICES):
        return None
    return account.unit_ids(Permission.MANAGE_DEVICES)

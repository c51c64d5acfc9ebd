"""Answers whose receipts a tablet still has, and requests to move them."""

from datetime import date, timedelta
from uuid import uuid4

from surveyapp import moving
from surveyapp.db import writing
from surveyapp.models import ReceiptWeek
from surveyapp.moving import Wish
from tests.released import answered

APRIL = date(2026, 4, 1)
MAY_4 = date(2026, 5, 4)
WHY = "Fel enhet var vald på plattan."


def sent(session, unit, month, forms, day=MAY_4, **fields):
    """Store forms that came on a day; their receipts."""
    receipts = [uuid4() for _ in forms]
    for receipt, form in zip(receipts, forms, strict=True):
        answered(session, unit, month, [form], receipt=receipt, **fields)
    week = day - timedelta(days=day.weekday())
    with writing(session):
        session.add_all(ReceiptWeek(receipt=receipt, week=week) for receipt in receipts)
    return receipts


def wish(old, new, receipts, reason=WHY, id=None):
    return Wish(id or uuid4(), old.code, new.code, receipts, reason)


def requested(session, old, new, receipts, **changes):
    """A request as a tablet of both units makes it."""
    made = wish(old, new, receipts, **changes)
    with writing(session):
        moving.request(session, made, units=[old.code, new.code])
    return made.id


def confirmed(session, old, new, receipts, **changes):
    id = requested(session, old, new, receipts, **changes)
    with writing(session):
        moving.confirm(session, id, by="kvalitet")
    return id


def moved(session, old, new, receipts, day=MAY_4):
    """Through all three hands."""
    id = confirmed(session, old, new, receipts)
    return moving.approve(session, id, by="analytiker", today=day)

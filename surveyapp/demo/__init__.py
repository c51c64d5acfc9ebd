"""Simulated answers of 2022-01 to 2026-10, so that every page has something to show.

Everything about the answers is made up, and so is which unit works in which way. What is real
are the units and their mergers. Skärholmen has few answers: some twenty-five in a tertial, so
that its figures are marked as few, and seven in 2024-T2 and in 2025-T1, so that they are hidden
there, and with them what they could be worked out from.

The same seed gives the same answers on every database: each unit and month has random numbers
of its own. Closed periods are released on the day they could be, and 2026-T3 stays open.
"""

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any, cast

from sqlalchemy import Table, insert, select
from sqlalchemy.orm import Session

from surveyapp import organising, publishing, questionnaire, releasing
from surveyapp.db import writing
from surveyapp.demo.answers import Respondents
from surveyapp.demo.forms import Filling, Form, offers
from surveyapp.demo.organisation import Place, chance, invent, months, places
from surveyapp.demo.staff import (
    AUTHOR,
    DEMO_ACCOUNTS,
    LETTER_CODES,
    PUBLISHER,
    TABLET_CODE,
    employ,
    equip,
)
from surveyapp.errors import N_, SurveyError
from surveyapp.models import Account, Answer, OfferTally, Release, Response, Setting
from surveyapp.periods import month_of

SEED = 2026
LAST = date(2026, 10, 1)
VALID_FROM = {1: date(2022, 1, 1), 2: date(2025, 1, 1)}
LOADED_ON = "demo_loaded_on"  # the setting that says until when its periods are released
AT_ONCE = 2000  # forms in one insert
# Tables, not models: a model's insert is one statement for each run of rows with equal gaps.
RESPONSE, ANSWER = cast(Table, Response.__table__), cast(Table, Answer.__table__)
DRAWN, STORED, RELEASED = 15, 40, 100  # how far along the whole each part ends

Progress = Callable[[int, int], None]


def load(
    session: Session,
    *,
    folder: Path,
    secret: str,
    today: date,
    seed: int = SEED,
    progress: Progress | None = None,
) -> None:
    """Load the demo into an empty database; over a complete demo it does nothing.

    `folder` holds the questionnaire files, `secret` is the installation's. Everything but the
    releases is one transaction, so a run that was killed is finished by the next one.
    SurveyError if somebody's own answers, results or accounts are there.
    """
    if not may_load(session):
        raise SurveyError(
            N_("The database is in use. Simulated answers go into an empty one only.")
        )
    report = progress or _nobody_watches
    if (loaded_on := _loaded_on(session)) is None:
        loaded_on = today
        with writing(session):
            version_ids = _prepare(session, folder)
            forms = _drawn(session, today, seed, report)
            _store(session, forms, version_ids, report)
            equip(session, secret=secret, today=today)
            session.add(Setting(key="demo", value="1"))
            session.add(Setting(key=LOADED_ON, value=today.isoformat()))
    waiting = releasing.waiting(session, loaded_on)
    for number, period in enumerate(waiting):
        report(STORED + (RELEASED - STORED) * number // len(waiting), RELEASED)
        releasing.release(
            session, period, today=period.releasable_from, person=PUBLISHER.full_name
        )
    report(RELEASED, RELEASED)


def may_load(session: Session) -> bool:
    """Whether nobody works here yet, or what is here is the demo."""
    if _loaded_on(session) is not None:
        return True
    keys = (Response.id, Release.id, Account.id)
    return all(session.scalar(select(key).limit(1)) is None for key in keys)


def _loaded_on(session: Session) -> date | None:
    day = session.scalar(select(Setting.value).where(Setting.key == LOADED_ON))
    return None if day is None else date.fromisoformat(day)


def _nobody_watches(_done: int, _total: int) -> None:
    pass


def _prepare(session: Session, folder: Path) -> dict[int, int]:
    """Units, both versions and accounts; the key of each version."""
    organising.load_shipped(session)
    version_ids = {}
    for number, valid_from in VALID_FROM.items():
        path = publishing.file_of(folder, publishing.KEY, number)
        version_ids[number] = publishing.publish(
            session,
            questionnaire.load(path),
            valid_from=valid_from,
            author=AUTHOR.full_name,
            publisher=PUBLISHER.full_name,
        ).id
    employ(session)
    return version_ids


def _drawn(session: Session, today: date, seed: int, report: Progress) -> list[Form]:
    """Every form until today, and the offers and figures that belong to them stored."""
    here = places(session)
    due = invent(session, here, seed)
    latest_first = [
        (valid_from, publishing.document(session, publishing.KEY, number))
        for number, valid_from in reversed(VALID_FROM.items())
    ]
    filling = Filling(latest_first, seed)
    people = _respondents(here, seed)
    drawn = list(months(min(month_of(today), LAST)))
    forms: list[Form] = []
    for number, month in enumerate(drawn):
        for each in people:
            if each.place.unit.existed_in(month):
                filled = filling.forms(each, month, due[each.place.code][number])
                _store_offers(session, each.place, month, filled, seed)
                forms += filled
        report(DRAWN * (number + 1) // len(drawn), RELEASED)
    return forms


def _respondents(here: Sequence[Place], seed: int) -> list[Respondents]:
    """The people of each unit, those of predecessors first."""
    made: dict[str, Respondents] = {}
    for place in sorted(here, key=lambda place: len(place.predecessors)):
        before = tuple(made[code] for code in place.predecessors)
        made[place.code] = Respondents(place, seed, before)
    return list(made.values())


def _store_offers(
    session: Session, place: Place, month: date, forms: list[Form], seed: int
) -> None:
    rng = chance(seed, place.code, month, "offers")
    key = {"unit_id": place.unit.id, "month": month}
    if rows := [key | row for row in offers(forms, rng)]:
        session.execute(insert(OfferTally), rows)


def _store(
    session: Session, forms: list[Form], version_ids: dict[int, int], report: Progress
) -> None:
    """Store the forms in the order of their random keys, as settling leaves them."""
    forms.sort(key=lambda form: form.id)
    for start in range(0, len(forms), AT_ONCE):
        report(DRAWN + (STORED - DRAWN) * start // len(forms), RELEASED)
        some = forms[start : start + AT_ONCE]
        session.execute(
            insert(RESPONSE), [_response(form, version_ids[form.version]) for form in some]
        )
        session.execute(
            insert(ANSWER),
            [
                {
                    "response_id": form.id,
                    "question": entry.question,
                    "value": entry.value,
                    "missing": entry.missing,
                }
                for form in some
                for entry in form.entries
            ],
        )


def _response(form: Form, version_id: int) -> dict[str, Any]:
    return {
        "id": form.id,
        "receipt": None,
        "unit_id": form.unit_id,
        "month": form.month,
        "version_id": version_id,
        "language": form.language,
        "channel": form.channel,
        "followup_type": form.followup_type,
        "service_group": form.service_group,
        "handed_over_by": form.handed_over_by,
        "form_length": form.form_length,
        "status": form.status,
        "is_settled": True,
    }


__all__ = ["DEMO_ACCOUNTS", "LETTER_CODES", "SEED", "TABLET_CODE", "load", "may_load"]

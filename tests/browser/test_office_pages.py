"""The pages about tablets are for everybody too: see test_every_page.py."""

import json
from datetime import date
from uuid import uuid4

import pytest

from surveyapp import collecting, delivering, sealing
from surveyapp.access import Role
from surveyapp.i18n import LANGUAGES
from surveyapp.models import Quarantine
from tests.browser.looking import pages_of
from tests.browser.test_every_page import MOVE, OFFICE
from tests.moves import APRIL, confirmed, requested, sent
from tests.released import happy

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("app", ["sqlite"], indirect=True),
]
ASIDE = (collecting.REVOKED, sealing.NO_KEY, "The year of the follow-up has been released.")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_of_the_office_is_for_everybody(walk, rendered, session, make, tmp_path):
    make.published(1)
    units = [make.unit(code=name.lower(), name=name) for name in ("Bromma", "Skärholmen")]
    manager = make.account(role=Role.UNIT_MANAGER, units=units)
    analyst = make.account(role=Role.CITY_ANALYST)
    walk.sign_in(manager)
    for path in ("/surfplattor", "/surfplattor/slapp-in"):
        walk.look(path)
    walk.sign_in(analyst)
    walk.look("/surfplattor/beslut")

    fill(session, make, units)
    walk.sign_in(manager)
    for path in OFFICE:
        walk.look(path, status=403 if "beslut" in path else 200)
    for path in ("/", *OFFICE[2:4]):
        walk.look(path.replace("1", "2"))
    walk.look("/surfplattor/ny", add_a_tablet)
    walk.look("/surfplattor/slapp-in", let_in_without_reason)
    walk.look("/surfplattor/raddning", load(tmp_path))
    walk.look("/surfplattor/4/sparra")
    walk.sign_in(analyst)
    walk.look("/")
    for path in OFFICE[-2:]:
        walk.look(path)
    walk.look(f"/surfplattor/beslut/{MOVE}", approve_too_early)
    walk.look("/surfplattor/99/kod", status=403)

    assert pages_of("devices/*") - rendered == set()


def fill(session, make, units):
    """Tablets in every state, something put aside for each reason, and moves."""
    in_use = {"public_key": b"a key", "app_version": "1f3a9c20"}
    make.device(
        units,
        last_contact_on=date(2026, 5, 6),
        undelivered_count=2,
        oldest_undelivered_on=date(2026, 5, 5),
        is_storage_persisted=False,
        **in_use,
    )
    make.device(units[:1], last_contact_on=date(2026, 5, 9), **in_use)
    make.device(units[:1], name="Ovanligtlångtnamnutanmellanslag" * 2, enrolment_hmac="a" * 64)
    make.device(units[1:], is_revoked=True, last_contact_on=date(2026, 4, 1), **in_use)
    make.store(
        *[
            Quarantine(
                receipt_sha256=uuid4().hex * 2,
                envelope=b"sealed",
                unit_id=None if reason is sealing.NO_KEY else units[0].id,
                sender_units=["bromma"],
                reason=reason,
                month=APRIL,
            )
            for reason in ASIDE
        ]
    )
    requested(session, *units, sent(session, units[0], APRIL, happy(1, of=2)), id=MOVE)
    confirmed(session, *units, sent(session, units[0], APRIL, happy(1, of=2)))


def add_a_tablet(page):
    page.locator("main form button").click()
    yield "nothing filled in"
    page.locator("#name").fill("Ny surfplatta")
    page.locator("main input[type=checkbox]").first.check()
    page.locator("main form button").click()
    yield "the code"


def let_in_without_reason(page):
    page.locator("main form button").click()
    yield "no reason"


def load(folder):
    """First no file, then one without answers."""
    file = folder / "svar.json"
    content = {"format": delivering.RESCUE, "tablet": 1, "envelopes": []}
    file.write_text(json.dumps(content), encoding="utf-8")

    def load(page):
        page.locator("main form button").click()
        yield "no file"
        page.locator("#file").set_input_files(file)
        page.locator("main form button").click()
        yield "loaded"

    return load


def approve_too_early(page):
    page.locator("main form button").evaluate("button => button.value = 'yes'")
    page.locator("main form button").click()
    yield "not confirmed"

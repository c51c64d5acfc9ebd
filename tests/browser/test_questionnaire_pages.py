"""The pages where questionnaires are written are for everybody too, and lose nothing."""

from dataclasses import replace
from datetime import date

import pytest
from playwright.sync_api import expect

from surveyapp import drafting, publishing
from surveyapp.access import Role
from surveyapp.db import writing
from surveyapp.i18n import LANGUAGES
from surveyapp.questionnaire.editing import read
from tests.browser.conftest import TODAY
from tests.browser.looking import pages_of
from tests.browser.test_every_page import QUESTIONNAIRES, TRIED
from tests.browser.test_tablet_app import eventually

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("app", ["sqlite"], indirect=True),
]
KEY = publishing.KEY
QUESTION = f"/formular/{KEY}/utkast/fraga/bem_respekt"
TEXT = "questions/bem_respekt/text/sv"
SAVED = "Allt är sparat."


@pytest.fixture
def analyst(make):
    return make.account(role=Role.CITY_ANALYST)


@pytest.fixture
def draft(session, make):
    """A draft of version 3 in which one text is missing and one question has changed."""
    make.published(2)
    with writing(session):
        drafting.begin(session, KEY, actor="Anna Berg", today=date.fromisoformat(TODAY))
    change(session, "questions/bem_respekt/text/fi", "")
    change(session, "questions/bem_info/text/sv", "Förstår du vad handläggaren skriver?")


def stored(session, place):
    session.rollback()
    session.expire_all()
    return read(drafting.source_of(drafting.draft_of(session, KEY)), place)


def change(session, place, becomes):
    """Somebody writes into a field."""
    edit = drafting.Edit(place, stored(session, place), becomes)
    with writing(session):
        drafting.edit(session, KEY, [edit], actor="Bo", today=date.fromisoformat(TODAY))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_about_questionnaires_is_for_everybody(
    walk, rendered, session, make, analyst, draft, app
):
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], today=TODAY)
    walk.sign_in(analyst)
    for path in QUESTIONNAIRES:
        walk.look(path.format("", KEY))
    walk.look(f"/formular/{KEY}/utkast/fraga/bem_respekt", conflict(session))
    with writing(session):
        drafting.discard(
            session, KEY, seen=drafting.draft_of(session, KEY).revision, actor="Anna Berg"
        )
    walk.look(f"/formular/{KEY}/utkast", status=404)
    walk.look("/formular")

    elsewhere = ("edit_layout", "preview", "sheet", "try", "tried", "workbook")
    names = {f"questionnaires/{name}.html" for name in (*elsewhere, "compare_later")}
    assert pages_of("questionnaires/*") - rendered <= names


def conflict(session):
    """Somebody else writes into the field while one is writing there."""

    def act(page):
        change(session, TEXT, "Deras ord?")
        page.locator(f'[name="f:{TEXT}"]').fill("Mina ord?")
        expect(page.locator("[data-part=mine]")).to_be_visible()
        yield "a conflict"

    return act


@pytest.mark.parametrize("language", ["sv"])
def test_trying_a_draft_is_for_everybody(walk, analyst, draft, session):
    walk.sign_in(analyst)
    for language in ("sv", "sv-LL", "fi", "en"):
        walk.language = language
        for path in TRIED:
            walk.look(path.format(language, KEY))


def test_draft_is_answered_as_it_will_be(page, sign_in, analyst, draft, session):
    sign_in(page, analyst)
    page.goto(f"/formular/{KEY}/utkast/prova?sprak=sv&form=kort")
    expect(page.get_by_text("Svaren sparas inte.")).to_be_visible()
    page.get_by_role("button", name="Nästa").click()
    page.get_by_role("button", name="Börja").click()
    page.get_by_text("Blå", exact=True).click()
    for _ in range(2):
        page.get_by_role("button", name="Nästa").click()
    page.get_by_text("Jag svarar själv", exact=True).click()
    page.get_by_role("button", name="Nästa").click()
    for _ in range(6):
        page.get_by_role("button", name="Hoppa över", exact=True).click()
    page.get_by_role("button", name="Skicka mina svar").click()
    expect(page.get_by_role("heading", name="Vad som skulle ha sparats")).to_be_visible()
    expect(page.get_by_role("row", name="Vem svarar på frågorna?")).to_contain_text("sjalv")


def test_page_saves_while_one_writes_and_asks_when_two_do(
    page, sign_in, analyst, draft, session
):
    sign_in(page, analyst)
    page.goto(QUESTION)
    status = page.locator("[data-part=status]")
    field, english = (page.locator(f'[name="f:{TEXT[:-2]}{code}"]') for code in ("sv", "en"))
    preview = page.frame_locator("iframe")

    field.fill("Möts du med respekt?")
    expect(status).to_have_text(SAVED)
    expect(preview.get_by_text("Möts du med respekt?")).to_be_visible()
    assert stored(session, TEXT) == "Möts du med respekt?"
    missing = page.locator(f'[data-fault="{TEXT[:-2]}fi"]')
    expect(missing).to_contain_text("saknas")
    page.locator(f'[name="f:{TEXT[:-2]}fi"]').fill("Kohdellaanko sinua hyvin?")
    expect(missing).to_be_empty()

    change(session, TEXT, "Deras ord?")
    field.fill("Mina ord?")
    english.fill("My words?")
    expect(page.get_by_text("Någon annan har skrivit: Deras ord?")).to_be_visible()
    expect(status).to_have_text("Någon annan har ändrat ett fält som du också har ändrat.")
    assert stored(session, TEXT) == "Deras ord?"
    eventually(lambda: stored(session, f"{TEXT[:-2]}en") == "My words?")
    page.get_by_role("button", name="Behåll mitt").click()
    expect(status).to_have_text(SAVED)
    assert stored(session, TEXT) == "Mina ord?"

    change(session, TEXT, "Deras igen?")
    field.fill("Mina igen?")
    page.get_by_role("button", name="Ta den andras").click()
    expect(field).to_have_value("Deras igen?")
    expect(status).to_have_text(SAVED)

    page.context.set_offline(True)
    field.fill("Utan nät?")
    expect(status).to_have_text("Inte sparat än. Försöker igen.")
    page.context.set_offline(False)
    expect(status).to_have_text(SAVED)
    assert stored(session, TEXT) == "Utan nät?"

    with writing(session):
        drafting.discard(
            session, KEY, seen=drafting.draft_of(session, KEY).revision, actor="Bo"
        )
    field.fill("Till ingen?")
    expect(status).to_have_text("Utkastet finns inte längre.")
    expect(field).to_have_value("Till ingen?")


def typed_while_a_save_is_under_way(page):
    """The server has the first words and its answer never comes; then more is typed."""
    came = []

    def keep(route):
        if route.request.method == "POST":
            came.append(route.fetch())
        else:
            route.continue_()

    page.goto(QUESTION)
    page.route("**/fraga/bem_respekt", keep, times=1)
    field = page.locator(f'[name="f:{TEXT}"]')
    field.fill("Mitten?")
    eventually(lambda: page.wait_for_timeout(50) or came)
    field.fill("Slutet?")


def test_what_is_typed_while_a_save_is_under_way_is_not_lost(
    page, sign_in, analyst, draft, session
):
    sign_in(page, analyst)
    typed_while_a_save_is_under_way(page)
    assert stored(session, TEXT) == "Mitten?"
    page.evaluate("location.href = '/formular'")
    page.wait_for_url("**/formular")
    eventually(lambda: stored(session, TEXT) == "Slutet?")

    change(session, TEXT, "Början?")
    typed_while_a_save_is_under_way(page)
    page.get_by_role("button", name="Spara").last.click()
    expect(page.get_by_text("Sparat.")).to_be_visible()
    assert stored(session, TEXT) == "Slutet?"


def test_leaving_with_an_open_conflict_is_asked_about(page, sign_in, analyst, draft, session):
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    sign_in(page, analyst)
    page.goto(QUESTION)
    change(session, TEXT, "Deras ord?")
    field = page.locator(f'[name="f:{TEXT}"]')
    field.click()
    field.fill("Mina ord?")
    expect(page.locator("[data-part=mine]")).to_be_visible()
    page.goto("/formular")

    assert asked == ["beforeunload"]

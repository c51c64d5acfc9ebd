"""What /tillganglighet promises, on every page, in every language, narrow, zoomed and wide."""

from datetime import date
from uuid import UUID, uuid4

import pytest
from playwright.sync_api import expect
from sqlalchemy import text

from surveyapp import occasions, publishing
from surveyapp.access import Role
from surveyapp.collecting import Occasion
from surveyapp.db import writing
from surveyapp.i18n import LANGUAGES
from surveyapp.models import Channel, FollowupType, FormLength, HandedOverBy, ServiceGroup
from surveyapp.occasions import Ticket
from surveyapp.periods import Period
from tests.browser.looking import pages_of
from tests.released import answered, due, release

# How it looks is the same on every database.
pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("app", ["sqlite"], indirect=True),
]
in_staff_languages = pytest.mark.parametrize("language", LANGUAGES)
in_respondents_languages = pytest.mark.parametrize("language", ["sv", "sv-LL", "fi", "en"])

SECRET = "a secret that only the tests know"
OF_THE_HOUSE = {"respond/problem.html", "respond/kept.html"}  # not of a questionnaire
MOVE = UUID(int=7)
NOT_A_PAGE = {"start.health", "tablet.worker", "tablet.manifest"}  # for machines
NOT_A_PAGE |= {  # files, and what is shown inside a page
    *(f"questionnaire_files.{name}" for name in ("yaml", "draft", "xlsform", "ddi")),
    "editor.preview",
}
SHEET = (
    f"/papper/bromma/{publishing.KEY}/2?month=2026-04&language=sv&form_length=full"
    "&followup_type=care_home&service_group=care_home&handed_over_by=unknown"
)


RELEASED = ["2025-T1", "2025-T2", "2025-T3", "2025", "2026-T1"]
STRANGER = ["/", "/logga-in", "/tillganglighet"]
BEFORE_ANYTHING = [
    "/",
    "/resultat",
    "/resultat/utveckling",
    "/resultat/bromma",
    "/resultat/slapp",
    "/metod",
]
RESULTS = [
    "/resultat",
    "/resultat?period=2025",
    "/resultat/alvik",
    "/resultat/bromma",
    "/resultat/centrum",
    "/resultat/centrum?period=2025",
    "/resultat/fraga/hel_nojd?utjamnat=1",
    "/resultat/fraga/hel_nojd?period=2025",
    "/resultat/samband",
    "/resultat/samband?fraga=hel_nojd&med=organisationsform&period=2025",
    "/resultat/fraga/til_vag?period=2025",
    "/resultat/samband?fraga=hel_nojd&med=rorlighet&period=2025",
    "/resultat/jamfor",
    "/resultat/jamfor?period=2026-T1&enhet=centrum&med=resten&fraga=",
    "/resultat/jamfor?period=2025&enhet=&med=resten&fraga=hel_nojd",
    "/resultat/jamfor?period=2026-T1&enhet=centrum&med=forra-aret&fraga=hel_nojd",
    "/resultat/jamfor?period=2026-T1&enhet=&med=samma-arbetssatt&fraga=",
    "/resultat/utveckling",
    "/resultat/utveckling?fraga=kon_vet_namn&visa=ar",
    "/resultat/utveckling?enhet=centrum&fraga=hel_nojd",
    "/resultat/slapp",
    "/metod",
]
PAPER = ["/papper", "/papper?begin=1", SHEET]
CODES = ["/kod/nya"]
RESPONDENTS = ["/kod", "/kod/{0}", "/svara/{1}/2/{0}", "/svara/klart/{1}/2/{0}"]
OFFICE = [
    "/surfplattor",
    "/surfplattor/ny",
    "/surfplattor/1/kod",
    "/surfplattor/1/sparra",
    "/surfplattor/slapp-in",
    "/surfplattor/raddning",
    f"/surfplattor/flytt/{MOVE}",
    "/surfplattor/beslut",
    f"/surfplattor/beslut/{MOVE}",
]
QUESTIONNAIRES = [
    "/formular",
    "/formular/fil",
    "/formular/{1}/1",
    "/formular/{1}/1?sprak=fi",
    "/formular/{1}/1/avsluta",
    "/formular/{1}/1/andra-program",
    "/formular/{1}/jamfor?fran=1&till=2",
    "/formular/{1}/utkast",
    "/formular/{1}/utkast/fraga/til_vag",
    "/formular/{1}/utkast/fraga/bak_hjalpare",
    "/formular/{1}/utkast/fraga/hel_fritext",
    "/formular/{1}/utkast/inledning",
    "/formular/{1}/utkast/texter",
    "/formular/{1}/utkast/skalor",
    "/formular/{1}/utkast/skalor/frekvens5",
    "/formular/{1}/utkast/jamfor",
    "/formular/{1}/utkast/publicera",
]
TRIED = ["/formular/{1}/utkast/prova?sprak={0}", "/formular/{1}/utkast/papper?sprak={0}"]
TABLETS = ["/platta", "/platta/fragor/{1}/2/{0}", "/platta/klart/{1}/2/{0}"]
ALL = [
    *STRANGER,
    *BEFORE_ANYTHING,
    *RESULTS,
    *PAPER,
    *CODES,
    *RESPONDENTS,
    *TABLETS,
    *OFFICE,  # walked in test_office_pages.py
    *QUESTIONNAIRES,  # and these in test_questionnaire_pages.py
    *TRIED,
]


def test_no_page_is_forgotten(app):
    """A new address belongs in one of the lists above, where the walks go."""
    routes = app.url_map.bind("localhost")
    paths = [path.partition("?")[0].format("sv", publishing.KEY) for path in ALL]
    walked = {routes.match(path, "GET")[0] for path in paths}

    shown = {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in rule.methods}
    assert sorted(shown - walked - NOT_A_PAGE) == []


@in_staff_languages
def test_every_page_of_the_staff_is_for_everybody(walk, rendered, session, make):
    units = [make.unit(code=name.lower(), name=name) for name in ("Alvik", "Bromma", "Centrum")]
    analyst = make.account(role=Role.CITY_ANALYST)
    registrar = make.account(role=Role.REGISTRAR, units=units)
    for path in STRANGER:
        walk.look(path)
    walk.look("/logga-in", fail_to_sign_in)
    walk.look("/finns-inte", status=404)
    walk.sign_in(analyst)
    for path in BEFORE_ANYTHING:
        walk.look(path)
    walk.sign_in(registrar)
    walk.look("/papper")

    fill(session, make, units)
    walk.sign_in(analyst)
    walk.look("/")
    walk.look("/resultat/slapp", fail_to_release)
    release(session, *RELEASED)
    for path in RESULTS:
        walk.look(path)
    walk.look("/resultat?period=2024-T1", status=404)
    walk.look("/resultat/fraga/hel_trygg?period=2025", status=404)
    walk.look("/resultat/samband?fraga=hel_nojd&med=rorlighet&med=kontaktvag", status=400)
    walk.sign_in(make.account(role=Role.UNIT_MANAGER, units=units[1:2]))
    walk.look("/resultat")
    walk.look("/resultat/slapp", status=403)
    for role in Role:
        walk.sign_in(make.account(role=role, units=units[1:2]))
        walk.look("/")

    walk.sign_in(registrar)
    for path in PAPER:
        walk.look(path)
    walk.look("/papper", fail_to_count)
    walk.look(SHEET, key_and_change)
    walk.look("/kod/nya", make_codes)
    walk.sign_in(make.account(role=Role.CASE_OFFICER, units=units))
    walk.look(SHEET)
    walk.look(f"{SHEET}&contact=yes")

    folders = ("auth/*", "errors/*", "paper/*", "results/*", "start/*", "respond/codes_*")
    assert pages_of(*folders) - rendered == set()


@in_respondents_languages
def test_every_page_of_the_respondent_is_for_everybody(walk, rendered, session, make):
    unit = make.unit(code="bromma")
    document = publishing.parsed(make.published(2))
    assert walk.language in document.languages
    code, codes, questions, done = (p.format(walk.language, document.key) for p in RESPONDENTS)

    if walk.language == document.languages[0]:
        walk.look(code)
    walk.look(codes, fail_to_enter)
    handed_over, by_letter = (
        f"{questions}?o={token(unit, document, channel, length)}"
        for channel, length in (
            (Channel.TABLET, FormLength.SHORT),
            (Channel.OWN_DEVICE, FormLength.FULL),
        )
    )
    walk.look(handed_over)
    walk.look(by_letter, step_through)
    for path in (done, f"{done}?brev=1", f"{done}?redan=1"):
        walk.look(path)

    without_script(walk)
    lose(session, "answer")
    walk.look(by_letter, send)

    assert (
        pages_of("respond/*") - pages_of("respond/codes_*") - OF_THE_HOUSE - rendered == set()
    )


@pytest.mark.parametrize("language", ["sv"])
def test_page_that_cannot_know_the_respondents_language_is_for_everybody(
    walk, rendered, session, make
):
    unit = make.unit(code="bromma")
    walk.look("/kod", status=404)
    document = publishing.parsed(make.published(2))
    questions = RESPONDENTS[2].format(walk.language, document.key)
    walk.look(questions, status=400)
    without_script(walk)
    lose(session, "access_code")
    ticket = token(unit, document, Channel.OWN_DEVICE, FormLength.FULL, code="a keyed hash")
    walk.look(f"{questions}?o={ticket}", send)

    assert rendered >= OF_THE_HOUSE


@in_staff_languages
def test_every_page_of_the_tablet_is_for_everybody(walk, rendered, enrolment):
    walk.look("/platta", use_tablet(enrolment("Bromma", "Farsta")))

    assert pages_of("tablet/*") - rendered == set()


def fill(session, make, units):
    """Four tertials: a small unit that is not shown, one withheld with it, and a large one."""
    document = publishing.parsed(make.published(2))
    choices = {q.id: q.options_for(1) for q in document.questions if q.type == "single"}

    def form(i):
        return {id: given[i % 7 * i % len(given)].code for id, given in choices.items()}

    for unit, n in zip(units, (3, 17, 41), strict=True):
        for months in (Period.parse(name).months for name in RELEASED if "T" in name):
            answered(session, unit, months[0], [form(i) for i in range(n)])
            due(session, unit, months, n)


def lose(session, table):
    """Let the database fail in earnest."""
    with writing(session):
        session.execute(text(f"ALTER TABLE {table} RENAME TO elsewhere"))


def without_script(walk):
    walk.page.route("**/respond.js", lambda way: way.fulfill(content_type="text/javascript"))


def token(unit, document, channel, length, code=""):
    occasion = Occasion(
        receipt=uuid4(),
        unit=unit.code,
        month=date(2026, 5, 1),
        questionnaire=document.key,
        version=document.version,
        language="sv",
        channel=channel,
        followup_type=FollowupType.HOME_VISIT,
        service_group=ServiceGroup.HOME_CARE,
        handed_over_by=HandedOverBy.OTHER_OFFICER,
        form_length=length,
    )
    return occasions.issue(Ticket(occasion, 1, 10, code), secret=SECRET)


# What is done on a page to see the next one; each gives the name of what there is to look at.


def fail_to_sign_in(page):
    page.locator("main form button").click()
    yield "nothing filled in"


def fail_to_release(page):
    page.locator("main form").evaluate("form => form.noValidate = true")
    page.locator("main form button").click()
    yield "sent"


def fail_to_count(page):
    page.locator("main form").last.evaluate("form => form.noValidate = true")
    page.locator("#out-n").fill("många")
    page.locator("main form").last.locator("button").click()
    yield "wrong number"


def key_and_change(page):
    """A wrong key, then a sheet sent once more with something else in it."""
    receipt = page.locator("[name=receipt]").get_attribute("value")
    page.locator("[data-part=save]").click()
    yield "nothing keyed"
    page.locator("#q_bak_svarar").fill("1")
    page.locator("[data-part=save]").click()
    yield "saved"
    page.locator("[name=receipt]").evaluate("(field, value) => field.value = value", receipt)
    page.locator("#q_bak_svarar").fill("2")
    page.locator("[data-part=save]").click()
    yield "sent before"


def make_codes(page):
    page.locator("main form button").click()
    yield "no number"
    page.locator("#number").fill("12")
    page.locator("main form button").click()
    yield "the list"


def fail_to_enter(page):
    page.locator("#code").fill("FEL")
    page.locator("form button").click()
    yield "wrong code"


def step_through(page):
    """With script: from the first screen to the last, with a stop in between."""
    kinds = set()
    here, following = page.locator("html"), page.locator("[data-part=next]")
    while (kind := here.get_attribute("data-kind")) != "review":
        is_new = kind not in kinds or page.locator(".is-here textarea").count() > 0
        kinds.add(kind)
        if is_new:
            yield kind
        if page.locator(".is-here input").count():
            page.locator(".is-here .option").nth(1).click()
        following.click()
        if here.get_attribute("data-kind") == "practice":
            following.click()
    yield "review"
    page.locator("[data-part=stop]").click()
    yield "stop"
    page.locator("[data-part=resume]").click()


def send(page):
    page.locator(".step:not([hidden]) .option").first.click()
    page.locator("button[value=send]").click()
    yield "not stored"


def use_tablet(code):
    """From the enrolment to a start screen where something is missing."""

    def use(page):
        page.locator("#code").fill(code)
        page.locator("[data-part=enrol] button").click()
        expect(page.locator("[data-part=units] button")).to_have_count(2)
        yield "units"
        page.locator("[data-part=units] button").first.click()
        page.locator("[data-hand-over]:visible").first.click()
        expect(page.locator("[data-offer]:visible .fault")).not_to_be_empty()
        yield "nothing chosen"

    return use

"""Answering: what is stored, what the person sees, and what happens to faulty input."""

import gzip
from dataclasses import replace
from datetime import date
from hashlib import sha256
from uuid import uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select, text

from surveyapp import access_codes, occasions
from surveyapp.access import Role
from surveyapp.collecting import Occasion
from surveyapp.db import writing
from surveyapp.models import (
    AccessCode,
    Answer,
    AuditEvent,
    Channel,
    FollowupType,
    FormLength,
    FreeText,
    HandedOverBy,
    OfferTally,
    Outcome,
    Quarantine,
    Response,
    ResponseStatus,
    ServiceGroup,
)
from surveyapp.occasions import Ticket
from surveyapp.publishing import KEY
from surveyapp.web.respond import code_views
from surveyapp.web.respond.throttle import PER_ADDRESS, Throttle
from tests.client import hidden_value, tree, words

SECRET = "a secret that only the tests know"
MARCH = date(2024, 3, 1)
FORM = "application/x-www-form-urlencoded"
TABLET_KEY = "the key that a tablet holds"
ANSWERS = {"q_bak_svarar": "sjalv", "q_bem_respekt": "alltid", "q_hel_nojd": "mycket_nojd"}


def token(code_hmac="", named_officers=1, **changes):
    """A signed occasion, as the start screen of a tablet makes it."""
    known = Occasion(
        receipt=uuid4(),
        unit="farsta",
        month=MARCH,
        questionnaire=KEY,
        version=1,
        language="sv",
        channel=Channel.TABLET,
        followup_type=FollowupType.HOME_VISIT,
        service_group=ServiceGroup.HOME_CARE,
        handed_over_by=HandedOverBy.OWN_OFFICER,
        form_length=FormLength.FULL,
    )
    ticket = Ticket(replace(known, **changes), named_officers, 10, code_hmac)
    return occasions.issue(ticket, secret=SECRET)


@pytest.fixture
def farsta(session, make):
    """A unit with a published questionnaire."""
    make.published(1)
    return make.unit(code="farsta", name="Farsta")


@pytest.fixture
def client(client, make, farsta):
    """A browser on a tablet that collects for the unit."""
    make.device([farsta], key_sha256=sha256(TABLET_KEY.encode()).hexdigest())
    client.set_cookie("platta", TABLET_KEY)
    return client


def page_of(language="sv", version=1):
    return f"/svara/{KEY}/{version}/{language}"


@pytest.fixture
def send(client):
    """Send a form the way a browser does."""

    def post(signed, language="sv", outcome="send", script="1", **answers):
        data = {"o": signed, "script": script, "outcome": outcome} | (answers or ANSWERS)
        return client.post(page_of(language), data=data, with_token=False)

    return post


def count(session, table):
    session.rollback()
    return session.scalar(select(func.count()).select_from(table))


def given(session):
    """Question to value or reason, of the only response."""
    session.rollback()
    rows = session.execute(select(Answer.question, Answer.value, Answer.missing))
    return {question: value or missing for question, value, missing in rows}


# The page


@pytest.mark.parametrize(
    ("language", "html_language", "words_there"),
    [
        ("sv", "sv", "Bemöter biståndshandläggaren dig med respekt?"),
        ("sv-LL", "sv", "Visar handläggaren respekt för dig?"),
        ("fi", "fi", "Kohteleeko käsittelijä sinua kunnioittavasti?"),
        ("en", "en", "Does the case officer treat you with respect?"),
    ],
)
def test_page_is_wholly_in_its_language(client, language, html_language, words_there):
    page = client.get(page_of(language) + "?o=" + token())
    promised = "10" in words(page)

    assert tree(page.text).get("lang") == html_language
    assert words_there in words(page)
    assert promised is (language != "sv-LL")
    assert "{" not in words(page)


def test_page_holds_all_questions_and_chooses_nothing(client):
    page = tree(client.get(page_of() + "?o=" + token()).text)
    names = {e.get("name") for e in page.iter() if (e.get("name") or "").startswith("q_")}

    assert len(names) == 19
    assert [e for e in page.iter("input") if "checked" in e.attrib] == []


def test_short_form_holds_its_seven_questions(client):
    page = tree(client.get(page_of() + "?o=" + token(form_length=FormLength.SHORT)).text)

    assert len([e for e in page.iter() if e.get("data-step") == "question"]) == 7


@pytest.mark.parametrize(("named_officers", "is_there"), [(1, False), (3, True)])
def test_option_for_several_officers_is_only_where_there_are_several(
    client, named_officers, is_there
):
    page = client.get(page_of() + "?o=" + token(named_officers=named_officers))

    assert ("Jag har flera och vet vad minst en heter" in page.text) is is_there


def test_page_carries_the_token_of_its_visitor_only(client):
    first, second = token(), token()
    for signed in (first, second):
        page = client.get(page_of() + "?o=" + signed)
        assert hidden_value(page, "o") == signed
    assert first not in page.text


@pytest.mark.usefixtures("farsta")
def test_first_page_is_small_and_takes_four_requests(app):
    browser = FlaskClient(app)
    browser.environ_base["HTTP_ACCEPT_ENCODING"] = "gzip"
    page = browser.get(page_of() + "?o=" + token())
    plain = tree(gzip.decompress(page.data).decode())
    files = [e.get("href") or e.get("src") for e in plain.iter() if e.tag in ("link", "script")]
    n_bytes = len(page.data)
    for file in files:
        with browser.get(file) as answer:
            n_bytes += len(answer.data)

    assert len(files) == 3
    assert n_bytes <= 15_000
    assert "Set-Cookie" not in page.headers


# What is stored


def test_answers_are_stored_with_their_occasion(client, session, send):
    response = send(token(month=MARCH), language="fi")

    stored = session.scalars(select(Response)).one()
    assert response.status_code == 303
    assert (stored.language, stored.month, stored.channel) == ("fi", MARCH, Channel.TABLET)
    assert stored.status is ResponseStatus.COMPLETE
    assert given(session)["bem_respekt"] == "alltid"
    assert given(session)["bak_hjalpare"] == "not_shown"
    assert given(session)["bem_lyssnar"] == "skipped"


def test_stopping_and_keeping_is_a_partial_response(session, send):
    send(token(), outcome="keep", q_bak_svarar="sjalv")

    assert session.scalars(select(Response.status)).one() is ResponseStatus.PARTIAL
    assert given(session)["hel_nojd"] == "stopped"


@pytest.mark.parametrize(
    ("outcome", "answers"), [("drop", ANSWERS), ("keep", {"q_bak_svarar": ""})]
)
def test_stopping_without_answers_leaves_only_a_count(session, send, outcome, answers):
    send(token(), outcome=outcome, **answers)

    assert count(session, Answer) == 0
    assert session.scalars(select(OfferTally.outcome)).all() == [Outcome.STOPPED]


def test_long_form_lets_a_follow_up_that_did_not_apply_be_set_aside(session, send):
    send(token(), script="", q_bak_svarar="sjalv", q_bak_hjalpare="tolk", q_hel_nojd="varken")

    assert given(session)["bak_hjalpare"] == "not_shown"
    assert given(session)["hel_nojd"] == "varken"


def test_sent_twice_is_stored_once(session, send):
    signed = token()

    assert [send(signed).status_code for _ in range(2)] == [303, 303]
    assert count(session, Response) == 1


def test_other_answers_under_the_same_receipt_meet_sent_already(client, session, send):
    signed = token()
    send(signed)
    page = client.get(send(signed, q_bak_svarar="annan").location)

    assert "Svaren är redan skickade." in words(page)
    assert count(session, Response) == 1


@pytest.mark.parametrize("outcome", ["send", "keep", "drop"])
def test_end_is_the_same_whatever_happened_and_so_is_the_way_back(client, send, outcome):
    signed = token()
    ended = send(signed, outcome=outcome)
    back = client.get(page_of() + "?o=" + signed)

    assert (ended.location, back.location) == (f"/svara/klart/{KEY}/1/sv",) * 2
    assert "Lämna nu tillbaka surfplattan." in words(client.get(ended.location))


def test_free_text_is_kept_apart_and_freed_from_what_cannot_be_seen(session, send):
    send(token(), q_hel_fritext="Hon\x00 lyssnar.\r\nTack!\x1b")

    assert session.scalars(select(FreeText.text)).all() == ["Hon lyssnar.\nTack!"]


# Faulty input


@pytest.mark.parametrize(
    "answers",
    [
        {"q_bem_respekt": "jättebra"},  # no such option
        {"q_finns_ej": "ja"},  # no such question
        {"q_bak_svarar": "sjalv", "q_bak_hjalpare": "tolk"},  # was not shown
        {"q_kon_vet_namn": "ja_nagon"},  # an option that the unit does not show
    ],
)
def test_what_cannot_be_accepted_is_parked_and_thanked_for(client, session, send, answers):
    ended = send(token(), **answers)

    assert "Tack för dina svar!" in words(client.get(ended.location))
    assert (count(session, Response), count(session, Quarantine)) == (0, 1)


def test_tablet_of_another_unit_is_parked(session, make, send):
    make.unit(code="alvsjo")
    send(token(unit="alvsjo"))

    assert (count(session, Response), count(session, Quarantine)) == (0, 1)


def test_revoked_tablet_is_parked(session, send):
    with writing(session):
        session.execute(text("UPDATE device SET is_revoked = true"))
    send(token())

    assert (count(session, Response), count(session, Quarantine)) == (0, 1)


def test_1001_characters_come_back_with_everything_kept(session, send):
    page = send(token(), script="", q_bak_svarar="annan", q_hel_fritext="å" * 1001)
    root = tree(page.text)
    area = root.find(".//textarea")
    kept = [e.get("value") for e in root.iter("input") if "checked" in e.attrib]

    assert page.status_code == 422
    assert area.text == "å" * 1001
    assert area.get("aria-invalid") == "true"
    assert "Den får ha högst 1000 tecken." in words(page)
    assert kept == ["annan"]
    assert count(session, Response) == 0


def test_enter_in_a_field_sends_nothing_and_keeps_everything(session, send):
    page = send(token(), outcome="again", script="", q_bak_svarar="annan", q_hel_fritext="Hej")
    root = tree(page.text)

    assert page.status_code == 200
    assert root.find(".//textarea").text == "Hej"
    assert [e.get("value") for e in root.iter("input") if "checked" in e.attrib] == ["annan"]
    assert count(session, OfferTally) == 0


def test_1000_characters_with_line_ends_are_stored(session, send):
    send(token(), q_hel_fritext="\r\n".join(["å" * 99] * 10))

    assert len(session.scalars(select(FreeText.text)).one()) == 999


@pytest.mark.parametrize(
    ("body", "content_type", "status", "sentence"),
    [
        (b"", FORM, 400, "Frågorna behöver öppnas på nytt"),
        (b"q_bak_svarar=sjalv", FORM, 400, "Frågorna behöver öppnas på nytt"),
        (b"{}", "application/json", 415, "Svaren kom inte fram"),
        (b"q_hel_fritext=" + b"x" * 65536, FORM, 413, "korta texten och skicka igen"),
    ],
)
def test_faulty_body_is_told_in_swedish(client, session, body, content_type, status, sentence):
    page = client.post(page_of(), data=body, content_type=content_type)

    assert page.status_code == status
    assert sentence in words(page)
    assert count(session, Response) + count(session, Quarantine) == 0


def test_forged_token_is_refused(client, send):
    signed = token()

    assert send(signed[:-1] + ("A" if signed[-1] != "A" else "B")).status_code == 400
    assert client.get(page_of() + "?o=" + signed[1:]).status_code == 400
    assert client.get(page_of()).status_code == 400


@pytest.mark.parametrize(
    ("path", "status"),
    [(page_of(version=2), 400), (page_of("de"), 404), (f"/svara/klart/{KEY}/1/de", 404)],
)
def test_address_that_does_not_belong_to_the_token_is_refused(client, path, status):
    page = client.get(f"{path}?o={token()}")

    assert page.status_code == status
    assert "Fråga den som gav dig surfplattan" in words(page)


def test_version_that_is_not_published_is_not_found(client):
    page = client.get(page_of(version=2) + "?o=" + token(version=2))

    assert page.status_code == 404


def test_answers_that_could_not_be_stored_stay_in_the_page(client, session, send):
    signed = token()
    client.get(page_of("fi") + "?o=" + signed)
    rename(session, "offer_tally", "offer_tally_away")
    page = send(signed, language="fi", q_bem_respekt="oftast", q_hel_fritext='"Hyvä" & <hyvä>')
    rename(session, "offer_tally_away", "offer_tally")
    fields = {
        e.get("name"): e.get("value")
        for e in tree(page.text).iter("input")
        if e.get("type") == "hidden"
    }

    assert page.status_code == 503
    assert "Pyydä apua laitteen antajalta. Vastauksesi ovat tallessa." in words(page)
    assert count(session, Response) == 0
    again = client.post(page_of("fi"), data=fields, with_token=False)
    assert again.status_code == 303
    assert given(session)["bem_respekt"] == "oftast"
    assert session.scalars(select(FreeText.text)).all() == ['"Hyvä" & <hyvä>']


def test_database_that_does_not_answer_asks_for_patience(client, session):
    rename(session, "seen_receipt", "seen_receipt_away")
    page = client.get(page_of() + "?o=" + token())

    assert page.status_code == 503
    assert "Vänta en minut och ladda sidan igen." in words(page)


def test_fault_of_ours_keeps_the_answers_too(app, client, session, send):
    app.config["PROPAGATE_EXCEPTIONS"] = False
    client.get(page_of() + "?o=" + token())
    app.config["SETTINGS"] = None  # whatever is wrong, the answers must stay
    page = send(token(), q_bem_respekt="oftast")

    assert page.status_code == 500 or page.status_code == 503
    assert 'value="oftast"' in page.text


def rename(session, old, new):
    session.rollback()
    session.execute(text(f"ALTER TABLE {old} RENAME TO {new}"))
    session.commit()


# The code from a letter


@pytest.fixture
def codes(session, farsta):
    with writing(session):
        return access_codes.create(session, farsta, MARCH, 2, secret=SECRET)


def enter(client, code, language="sv"):
    return client.post(f"/kod/{language}", data={"code": code}, with_token=False)


def letter_token(response):
    return response.location.partition("?o=")[2]


def test_code_opens_the_questions_in_the_language_of_the_page(client, codes):
    opened = enter(client, codes[0].lower().replace("-", " "), "fi")

    assert opened.location.startswith(page_of("fi"))
    assert "Kuka vastaa kysymyksiin?" in words(client.get(opened.location))


def test_code_works_once(client, session, codes, send):
    opened = enter(client, codes[0])
    ended = send(letter_token(opened))
    stored = session.scalars(select(Response)).one()

    assert (stored.channel, stored.handed_over_by) == (
        Channel.OWN_DEVICE,
        HandedOverBy.LETTER,
    )
    assert (stored.unit_id, stored.month) == (1, MARCH)
    assert "Du kan stänga sidan." in words(client.get(ended.location))
    assert "platta" not in client.get(ended.location).text
    assert count(session, AccessCode) == 1


def test_used_and_unknown_code_look_the_same(client, codes, send):
    send(letter_token(enter(client, codes[0])))
    used = enter(client, codes[0])
    unknown = enter(client, "K7Q2M4-5")
    mistyped = enter(client, "hej")

    assert {used.status_code, unknown.status_code, mistyped.status_code} == {422}
    assert used.text.replace(codes[0], "") == unknown.text.replace("K7Q2M4-5", "")
    assert mistyped.text.replace("hej", "") == used.text.replace(codes[0], "")
    assert "Koden går inte att använda." in words(used)


def test_two_devices_with_one_code_are_one_answer(client, session, codes, send):
    first, second = (letter_token(enter(client, codes[0])) for _ in range(2))
    send(first)
    page = client.get(send(second, q_bak_svarar="annan").location)

    assert "Svaren är redan skickade." in words(page)
    assert count(session, Response) == 1


def test_code_withdrawn_meanwhile_is_told_so(client, session, codes, send):
    opened = letter_token(enter(client, codes[0]))
    with writing(session):
        session.execute(text("DELETE FROM access_code"))
    page = send(opened)

    assert "Koden går inte att använda." in words(page)
    assert count(session, Response) == 0


def test_code_left_by_a_crash_cannot_be_used_again(client, session, codes, send):
    opened = letter_token(enter(client, codes[0]))
    send(opened)
    row = session.scalars(select(AccessCode)).one()
    hmac = access_codes.keyed_hash(SECRET, "code", codes[0].replace("-", ""))
    with writing(session):
        session.add(AccessCode(code_hmac=hmac, unit_id=row.unit_id, month=row.month))

    assert enter(client, codes[0]).status_code == 422
    assert send(opened).status_code == 303
    assert count(session, Response) == 1


def test_guessing_is_slowed_down(client, codes, monkeypatch):
    monkeypatch.setattr(code_views, "throttle", Throttle())
    for _ in range(PER_ADDRESS):
        enter(client, "K7Q2M4-5")
    page = enter(client, codes[0])

    assert page.status_code == 429
    assert "Vänta en minut" in words(page)


def test_code_page_before_anything_is_published(app, make):
    page = app.test_client().get("/kod")

    assert page.status_code == 404


def test_staff_make_codes_for_their_own_unit(client, session, make, farsta):
    client.log_in(make.account(Role.REGISTRAR, units=[farsta]))
    listed = client.post("/kod/nya", data={"unit": "farsta", "month": "2024-03", "number": "2"})
    made = [e.text for e in tree(listed.text).iter("li") if e.get("class") == "codes__code"]

    assert len(made) == 2
    assert "/kod" in words(listed)
    assert enter(client, made[1]).status_code == 303
    assert count(session, AuditEvent) == 1


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"number": "501"}, "Skriv ett tal mellan 1 och 500."),
        ({"number": ""}, "Skriv ett tal mellan 1 och 500."),
        ({"month": "mars"}, "Skriv månaden som år-månad"),
        ({"month": "2006-12"}, "fanns inte 2006-12"),
        ({"unit": "alvsjo"}, "Enhet"),  # not theirs
    ],
)
def test_faulty_order_for_codes_comes_back(client, session, make, farsta, changes, sentence):
    make.unit(code="alvsjo", name="Älvsjö")
    client.log_in(make.account(Role.REGISTRAR, units=[farsta]))
    order = {"unit": "farsta", "month": "2024-03", "number": "2"} | changes
    page = client.post("/kod/nya", data=order)

    assert sentence in words(page)
    assert count(session, AccessCode) == 0

"""Answering: what is stored, what the person sees, and what happens to faulty input."""

import gzip
from functools import partial

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, text

from surveyapp.db import writing
from surveyapp.models import (
    Answer,
    Channel,
    FormLength,
    FreeText,
    OfferTally,
    Outcome,
    Quarantine,
    Response,
    ResponseStatus,
)
from surveyapp.publishing import KEY
from tests.client import hidden_value, tree, words
from tests.web.answering import (
    ANSWERS,
    MARCH,
    count,
    page_of,
    sent,
    token,
)

FORM = "application/x-www-form-urlencoded"


@pytest.fixture(autouse=True)
def farsta(make):
    """A unit with a published questionnaire."""
    make.published(1)
    return make.unit(code="farsta", name="Farsta")


@pytest.fixture
def send(client):
    """Send a form the way a browser does."""
    return partial(sent, client)


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
    assert (stored.language, stored.month, stored.channel) == ("fi", MARCH, Channel.OWN_DEVICE)
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
    assert "Du kan stänga sidan." in words(client.get(ended.location))


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
    middle = len(signed) // 2  # the last sign holds bits that nothing is written in
    forged = signed[:middle] + ("A" if signed[middle] != "A" else "B") + signed[middle + 1 :]

    assert send(forged).status_code == 400
    assert client.get(page_of() + "?o=" + signed[1:]).status_code == 400
    assert client.get(page_of()).status_code == 400


@pytest.mark.parametrize(
    ("path", "status"),
    [(page_of(version=2), 400), (page_of("de"), 404), (f"/svara/klart/{KEY}/1/de", 404)],
)
def test_address_that_does_not_belong_to_the_token_is_refused(client, path, status):
    page = client.get(f"{path}?o={token()}")

    assert page.status_code == status
    assert "Skriv koden från ditt brev igen" in words(page)


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
    assert "Odota hetki. Vastauksia tallennetaan." in words(page)
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


def test_answers_stay_in_the_page_when_not_even_the_questionnaire_can_be_read(
    app, session, send
):
    with writing(session):
        session.execute(text("ALTER TABLE questionnaire_version RENAME TO gone"))
    page = send(token(), q_bak_svarar="annan")
    session.rollback()

    kept = {e.get("name"): e.get("value") for e in tree(page.text).iter("input")}
    assert page.status_code == 503
    assert kept["q_bak_svarar"] == "annan"
    assert "o" in kept

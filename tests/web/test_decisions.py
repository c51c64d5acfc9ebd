"""Deciding what became of each changed question, beside others who decide too."""

import json
from dataclasses import replace

import pytest

from surveyapp import drafting, publishing
from surveyapp.access import Role
from surveyapp.db import writing
from surveyapp.questionnaire import structure
from tests.client import hidden_value, tree, words
from tests.web.test_questionnaires import (
    DRAFT,
    HOME,
    KEY,
    TODAY,
    V1,
    V2,
    fresh,
    hand_in,
    once,
)


@pytest.fixture
def app(app):
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], today=TODAY.isoformat())
    return app


def test_what_became_of_a_question_is_decided_and_taken_back(client, analyst, session, draft):
    sent = {"change_key": "bem_respekt", "act": "undecide"}
    client.post(f"{DRAFT}/jamfor", data=sent)
    assert "bem_respekt" not in [
        c.get("id") for c in drafting.source_of(fresh(session))["changes"]
    ]
    assert "1 fråga är inte beslutad." in words(client.get(f"{DRAFT}/jamfor"))

    sent |= {"act": "decide", "comparability": "break"}
    assert client.post(f"{DRAFT}/jamfor", data=sent).status_code == 400
    sent |= {"comparability": "equivalent", "note": " Samma \r\n sak ", "change": "Nya ord"}
    client.post(f"{DRAFT}/jamfor", data=sent)

    entry = drafting.source_of(fresh(session))["changes"][-1]
    assert entry == {
        "type": "reword",
        "id": "bem_respekt",
        "change": "Nya ord",
        "comparability": "equivalent",
        "note": "Samma sak",
    }
    assert drafting.decided_by(fresh(session)) == {"bem_respekt": analyst.name}


@once
def test_what_is_gone_is_shown_in_the_first_language(client, analyst, draft):
    page = words(client.get(f"{DRAFT}/jamfor"))

    assert V1.question("kon_byte").text["sv"] in page
    assert V1.question("kon_byte").text["en"] not in page
    assert "Varken trygg eller otrygg" in page


def test_of_two_who_decide_the_second_is_told(client, analyst, session, draft):
    entry = {"type": "reword", "id": "bem_respekt", "comparability": "equivalent"}
    sent = {"change_key": "bem_respekt", "act": "decide", "comparability": "equivalent"}
    page = client.get(f"{DRAFT}/jamfor")
    forms = tree(page.text).findall(".//form[@data-change='bem_respekt']//input[@name='was']")
    sent |= {"was": forms[0].get("value"), "note": "Mitt", "change": "Mitt skäl"}
    with writing(session):
        theirs = entry | {"note": "Deras"}
        drafting.decide(session, KEY, theirs, actor="Bo", today=TODAY)
    page = client.post(f"{DRAFT}/jamfor", data=sent)

    assert page.status_code == 422
    assert "Mitt skäl" in page.text
    assert drafting.decided_by(fresh(session)) == {"bem_respekt": "Bo"}
    sent["was"] = json.dumps(theirs)
    assert client.post(f"{DRAFT}/jamfor", data=sent).status_code == 303
    assert drafting.decided_by(fresh(session)) == {"bem_respekt": analyst.name}


def test_decision_about_what_is_as_before_again_can_be_taken_back(
    client, analyst, session, draft
):
    with writing(session):
        for language, text in V1.question("bem_respekt").text.items():
            place = f"questions/bem_respekt/text/{language}"
            edit = drafting.Edit(place, V2.question("bem_respekt").text[language], text)
            drafting.edit(session, KEY, [edit], actor="Anna Berg", today=TODAY)
    assert "Ta tillbaka beslutet om den" in words(client.get(f"{DRAFT}/publicera"))
    sent = {"change_key": "bem_respekt", "act": "undecide"}
    assert "det har bestämts något om den" in words(client.get(f"{DRAFT}/jamfor"))
    client.post(f"{DRAFT}/jamfor", data=sent)

    assert "Ta tillbaka beslutet" not in words(client.get(f"{DRAFT}/publicera"))


def test_gone_and_new_can_be_put_together(client, analyst, session, draft):
    sent = {"change_key": "kon_byte", "act": "replace", "new": "kon_betydelse"}
    assert client.post(f"{DRAFT}/jamfor", data=sent | {"new": "x"}).status_code == 422
    assert client.post(f"{DRAFT}/jamfor", data=sent | {"new": "bem_info"}).status_code == 400
    client.post(f"{DRAFT}/jamfor", data=sent | {"change": "Annan fråga"})

    changes = drafting.source_of(fresh(session))["changes"]
    keys = [structure.change_key(each) for each in changes]
    assert keys[-1] == "kon_byte>kon_betydelse"
    assert not {"kon_byte", "kon_betydelse"} & {*keys}
    assert drafting.look_through(fresh(session)).faults == ()


def test_draft_is_published_as_it_was_looked_at(client, analyst, session, draft):
    hand_in(session)
    seen = hidden_value(client.get(f"{DRAFT}/publicera"), "seen")
    with writing(session):
        drafting.undecide(session, KEY, "bem_respekt", today=TODAY)
    sent = {"valid_from": "2026-06-01", "seen": seen}
    page = client.post(f"{DRAFT}/publicera", data=sent)

    assert page.status_code == 422
    assert "Någon har ändrat utkastet under tiden." in words(page)
    assert publishing.published(session, KEY, 2) is None


@once
def test_analyst_of_one_unit_is_not_the_citys(client, make, draft):
    client.log_in(make.account(Role.CITY_ANALYST, units=[make.unit()]))

    for address in (HOME, DRAFT, f"{DRAFT}/jamfor", f"{DRAFT}/publicera"):
        assert client.get(address).status_code == 403
    assert client.post(f"{DRAFT}/publicera", data={"seen": "1"}).status_code == 403

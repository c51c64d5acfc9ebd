"""The editor of a draft: fields, buttons, and two people who write at once."""

from dataclasses import replace
from datetime import date

import pytest

from surveyapp import drafting, publishing
from surveyapp.access import Role
from surveyapp.db import writing
from surveyapp.questionnaire import text_rows
from surveyapp.questionnaire.editing import read
from surveyapp.web.questionnaires.names import GROUPS
from tests.client import tree, words

KEY = publishing.KEY
DRAFT = f"/formular/{KEY}/utkast"
QUESTION = f"{DRAFT}/fraga/bem_respekt"
TEXT = "questions/bem_respekt/text/sv"
TODAY = date(2026, 5, 9)
JSON = {"Accept": "application/json"}
# What pages show is the same on every database.
once = pytest.mark.parametrize("app", ["sqlite"], indirect=True)
PAGES = ["", "/fraga/til_vag", "/fraga/hel_fritext", "/inledning", "/texter", "/skalor",
         "/skalor/frekvens5", "/fraga/bem_respekt/visa",
         "/fraga/bem_respekt/visa?sprak=fi&pa=papper"]  # fmt: skip


@pytest.fixture
def app(app):
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], today=TODAY.isoformat())
    return app


@pytest.fixture
def analyst(client, make):
    return client.log_in(make.account(Role.CITY_ANALYST))


@pytest.fixture
def draft(session, make):
    make.published(1)
    with writing(session):
        return drafting.begin(session, KEY, actor="Anna Berg", today=TODAY)


def source(session):
    session.rollback()
    session.expire_all()
    return drafting.source_of(drafting.draft_of(session, KEY))


def change(session, place, becomes):
    """Somebody else writes into a field."""
    with writing(session):
        was = read(drafting.source_of(drafting.draft_of(session, KEY)), place)
        drafting.edit(
            session, KEY, [drafting.Edit(place, was, becomes)], actor="Bo", today=TODAY
        )


def fields(page):
    """Every field of the page's form, as it is sent if nothing is changed."""
    form = tree(page.text).find(".//form[@data-module='draft']")
    sent = {}
    for field in form.iter():
        name = field.get("name")
        if not name or field.tag == "button":
            continue
        if field.tag == "textarea":
            sent[name] = field.text or ""
        elif field.tag == "select":
            chosen = field.find("option[@selected]")
            chosen = field.find("option") if chosen is None else chosen
            sent[name] = chosen.get("value", chosen.text)
        elif field.get("type") != "checkbox" or field.get("checked") is not None:
            sent[name] = field.get("value", "")
    return sent


@once
@pytest.mark.parametrize("page", PAGES)
def test_pages_open_for_who_may_edit_questionnaires(client, make, analyst, draft, page):
    assert client.get(f"{DRAFT}{page}").status_code == 200
    client.log_in(make.account(Role.QUALITY_STAFF))
    assert client.get(f"{DRAFT}{page}").status_code == 403


@pytest.mark.parametrize("page", ["", "/fraga/bem_respekt", "/texter"])
def test_without_a_draft_there_is_nothing_to_edit(client, analyst, page):
    found = client.get(f"{DRAFT}{page}")

    assert found.status_code == 404
    assert "Det finns inget utkast" in words(found)


def test_what_is_not_in_the_draft_is_not_found(client, analyst, draft):
    for page in ("/fraga/nix", "/skalor/nix", "/fraga/bem_respekt/visa?sprak=de"):
        assert client.get(f"{DRAFT}{page}").status_code == 404


@once
@pytest.mark.parametrize("page", [page for page in PAGES if "visa" not in page])
def test_page_sent_as_it_was_changes_nothing(client, session, analyst, draft, page):
    before = source(session)

    assert client.post(f"{DRAFT}{page}", data=fields(client.get(f"{DRAFT}{page}"))).status == (
        "303 SEE OTHER"
    )
    assert source(session) == before
    assert drafting.authors(drafting.draft_of(session, KEY)) == ["Anna Berg"]


def test_fields_are_saved(client, session, analyst, draft):
    sent = fields(client.get(QUESTION))
    sent[f"f:{TEXT}"] = "Bemöts du väl?\r\n"
    del sent["f:questions/bem_respekt/short_form"]  # a box that is not ticked
    client.post(QUESTION, data=sent)

    found = source(session)["questions"][2]
    assert found["text"]["sv"] == "Bemöts du väl?"
    assert "short_form" not in found
    assert drafting.authors(drafting.draft_of(session, KEY)) == ["Anna Berg", analyst.name]


def test_texts_of_a_large_questionnaire_are_saved(client, session, analyst, draft):
    arabic = "هل تعرف اسم موظف المساعدة؟ " * 40
    with writing(session):
        for language in ("ar", "fa"):
            drafting.change(
                session,
                KEY,
                lambda source, language=language: drafting.structure.add_language(
                    source, language
                ),
                actor="Anna Berg",
                today=TODAY,
            )
    sent = fields(client.get(f"{DRAFT}/texter"))
    for name in sent:
        if name.startswith("f:") and "/ar" in name:
            sent[name] = arabic
    client.post(f"{DRAFT}/texter", data=sent)

    assert source(session)["texts"]["title"]["ar"] == arabic.strip()


def test_what_somebody_else_wrote_meanwhile_is_shown_and_not_lost(
    client, session, analyst, draft
):
    sent = fields(client.get(QUESTION))
    change(session, TEXT, "Deras ord?")
    sent[f"f:{TEXT}"] = "Mina ord?"
    sent["f:questions/bem_respekt/text/en"] = "My words?"
    page = client.post(QUESTION, data=sent)

    assert page.status_code == 422
    assert "Någon annan har skrivit: Deras ord?" in words(page)
    again = fields(page)
    assert (again[f"w:{TEXT}"], again[f"f:{TEXT}"]) == ("Deras ord?", "Mina ord?")
    assert read(source(session), TEXT) == "Deras ord?"
    assert read(source(session), "questions/bem_respekt/text/en") == "My words?"
    client.post(QUESTION, data=again)
    assert read(source(session), TEXT) == "Mina ord?"


def test_script_hears_what_was_saved_and_what_was_not(client, session, analyst, draft):
    seen = read(source(session), TEXT)
    change(session, TEXT, "Deras ord?")
    owner = "äldreförvaltningen"
    sent = {
        f"w:{TEXT}": seen,
        f"f:{TEXT}": "Mina ord?",
        "w:owner": owner,
        "f:owner": " staden ",
        f"w:{TEXT[:-2]}fi": read(source(session), f"{TEXT[:-2]}fi"),
    }
    answer = client.post(QUESTION, data=sent, headers=JSON).get_json()

    assert answer["conflicts"] == [{"place": TEXT, "theirs": "Deras ord?"}]
    assert answer["saved"] == {"owner": "staden", "questions/bem_respekt/text/fi": ""}
    assert list(answer["faults"]) == ["questions/bem_respekt/text/fi"]


def test_what_is_wrong_is_said_at_its_field_and_in_the_list(client, session, analyst, draft):
    change(session, "questions/bem_respekt/text/fi", "")

    assert "texten på &#34;fi&#34; saknas" in client.get(QUESTION).text
    page = client.get(DRAFT)
    assert "1 sak saknas eller är fel" in words(page)
    link = tree(page.text).find(".//ul[@class='faults']//a").get("href")
    assert link == f"{QUESTION}#at-questions-bem_respekt-text-fi"
    assert 'id="at-questions-bem_respekt-text-fi"' in client.get(QUESTION).text


def test_other_fields_cannot_be_written(client, session, analyst, draft):
    before = source(session)

    for place in ("version", "key", "questions/bem_respekt/id", "x"):
        sent = {f"w:{place}": "", f"f:{place}": "9"}
        assert client.post(DRAFT, data=sent).status_code == 422
        assert client.post(DRAFT, data=sent, headers=JSON).status_code == 422
    assert source(session) == before


def test_buttons_that_are_not_there_do_nothing(client, session, analyst, draft):
    before = source(session)

    for act in ("", "decide|x", "next_version", "add_option", "own_options|a|b"):
        assert client.post(DRAFT, data={"act": act}).status_code == 422
    assert source(session) == before


def test_post_without_token_is_refused(client, session, analyst, draft):
    sent = {"w:owner": "äldreförvaltningen", "f:owner": "x"}

    assert client.post(DRAFT, data=sent, with_token=False).status_code == 400
    assert source(session)["owner"] == "äldreförvaltningen"


@once
@pytest.mark.parametrize(
    ("page", "act", "typed", "place"),
    [
        ("", "add_question", "ny_fraga", "/fraga/ny_fraga"),
        ("/fraga/kon_antal", "replace_question|kon_antal", "kon_ny", "/fraga/kon_ny"),
        ("/fraga/kon_antal", "remove_question|kon_antal", "", "/utkast"),
        ("", "move_question|kon_antal|-1", "", "#at-questions-kon_antal"),
        ("/fraga/til_vag", "add_option|questions/til_vag", "brev", ""),
        ("/fraga/til_vag", "move_option|questions/til_vag|skriftligt|1", "", ""),
        ("/fraga/til_vag", "remove_option|questions/til_vag|skriftligt", "", ""),
        ("/fraga/hel_nojd", "own_options|hel_nojd", "", ""),
        ("/fraga/hel_nojd", "use_scale|hel_nojd", "", ""),
        ("/skalor", "add_scale", "ny_skala", "/skalor/ny_skala"),
        ("/inledning", "add_language", "ar", ""),
        ("/inledning", "remove_language|fi", "", ""),
        ("/inledning", "add_area", "nytt", ""),
    ],
)
def test_button_saves_what_was_typed_and_does_its_own(
    client, session, analyst, draft, page, act, typed, place
):
    before = source(session)
    sent = fields(client.get(f"{DRAFT}{page}"))
    sent |= {"act": act, f"n:{act}": typed, "new_scale": "latt5"}
    sent |= {"w:owner": "äldreförvaltningen", "f:owner": "staden"}
    done = client.post(f"{DRAFT}{page}", data=sent)

    assert done.status_code == 303
    assert place in done.location
    assert source(session)["owner"] == "staden"
    assert source(session) != before | {"owner": "staden"}
    assert client.get(done.location).status_code == 200


def test_new_question_can_be_renamed_and_a_published_one_cannot(client, analyst, draft):
    act = "add_question"
    client.post(
        DRAFT,
        data={"act": act, f"n:{act}": "ny", "new_area": "bakgrund", "new_kind": "text"},
    )
    act = "rename_question|ny"
    done = client.post(f"{DRAFT}/fraga/ny", data={"act": act, f"n:{act}": "nyare"})
    assert done.location.endswith("/fraga/nyare")
    act = "rename_question|bem_respekt"
    page = client.post(QUESTION, data={"act": act, f"n:{act}": "x"})
    assert page.status_code == 422
    assert "behåller sitt id" in words(page)


def test_refused_button_says_why_and_keeps_what_was_typed(client, session, analyst, draft):
    act = "add_option|questions/til_vag"
    sent = fields(client.get(f"{DRAFT}/fraga/til_vag"))
    sent |= {"act": act, f"n:{act}": "min kod", "f:questions/til_vag/text/sv": "Hur?"}
    page = client.post(f"{DRAFT}/fraga/til_vag", data=sent)

    assert "En svarskod har små bokstäver" in words(page)
    assert read(source(session), "questions/til_vag/text/sv") == "Hur?"


def test_draft_in_review_is_shown_and_not_edited(client, session, analyst, draft):
    seen = fields(client.get(QUESTION))
    with writing(session):
        drafting.hand_in(session, KEY, actor="Anna Berg")
    page = client.get(QUESTION)

    assert "Utkastet granskas" in words(page)
    assert not tree(page.text).findall(".//button[@name='act']")
    seen[f"f:{TEXT}"] = "Ändrat?"
    assert client.post(QUESTION, data=seen).status_code == 422
    answer = client.post(QUESTION, data=seen, headers=JSON)
    assert "Utkastet granskas" in answer.get_json()["message"]


def test_draft_that_went_away_is_told(client, session, analyst, draft):
    sent = fields(client.get(QUESTION)) | {f"f:{TEXT}": "Ändrat?"}
    with writing(session):
        drafting.discard(session, KEY, seen=1, actor="Anna Berg")

    assert "inget utkast" in words(client.post(QUESTION, data=sent))
    assert client.post(QUESTION, data=sent, headers=JSON).status_code == 404


def test_preview_shows_missing_texts_as_gaps(client, session, analyst, draft):
    change(session, "questions/bem_respekt/text/fi", "")
    page = client.get(f"{QUESTION}/visa?sprak=fi")

    assert "[texten saknas]" in words(page)
    assert "frame-ancestors 'self'" in page.headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in client.get(QUESTION).headers["Content-Security-Policy"]
    paper = client.get(f"{QUESTION}/visa?sprak=sv&pa=papper")
    assert "3. Bemöter biståndshandläggaren dig med respekt?" in words(paper)


def test_preview_waits_until_the_draft_has_its_shape(client, session, analyst, draft):
    change(session, "questions/hel_fritext/max_chars", "många")

    assert "rättat" in words(client.get(f"{QUESTION}/visa"))


def test_every_text_has_a_name():
    named = [name for names in GROUPS.values() for name in names]

    assert sorted(named) == sorted(name for name, _ in text_rows())

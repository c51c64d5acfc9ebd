"""The life of a questionnaire in the browser: versions, the gate, files, trying, retiring."""

import io
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import func, select

from surveyapp import drafting, publishing
from surveyapp.access import Role
from surveyapp.db import Base, writing
from surveyapp.models import AuditEvent, Release, VersionStatus
from surveyapp.questionnaire import find_all
from surveyapp.web.questionnaires import file_views
from tests.client import tree, words

KEY = publishing.KEY
HOME, DRAFT = "/formular", f"/formular/{KEY}/utkast"
TODAY = date(2026, 5, 9)
V1, V2 = find_all(Path("questionnaires"))
FILE = Path(f"questionnaires/{KEY}/v2.yaml").read_bytes()
# What pages show is the same on every database.
once = pytest.mark.parametrize("app", ["sqlite"], indirect=True)


@pytest.fixture
def app(app):
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], today=TODAY.isoformat())
    return app


def publish_second(session, day):
    with writing(session):
        publishing.publish(session, V2, valid_from=day, author="Anna", publisher="Bo")


def fresh(session):
    session.rollback()
    session.expire_all()
    return drafting.draft_of(session, KEY)


def upload(client, content, name="v2.yaml", **sent):
    return client.post(
        f"{HOME}/fil",
        data={"file": (io.BytesIO(content), name)} | sent,
        content_type="multipart/form-data",
    )


def hand_in(session):
    with writing(session):
        drafting.hand_in(session, KEY, actor="Anna Berg")


def test_versions_are_listed_with_what_they_are(client, analyst, session, draft):
    publish_second(session, date(2026, 6, 1))
    page = words(client.get(HOME))

    assert "Version 1 öppen sedan 2026-01-01" in page
    assert "Version 2 öppnar 2026-06-01" in page
    assert "Utkast till version 2 · skrivs · skrivet av Anna Berg" in page
    assert "Jämför med version 1" in page


def test_nothing_is_there_at_first(client, analyst):
    assert "Det finns inget formulär än." in words(client.get(HOME))


def test_draft_is_begun_once(client, analyst, session, first):
    for _ in range(2):
        done = client.post(f"{DRAFT}/nytt")
        assert done.status_code == 303
        assert done.location.endswith(DRAFT)

    assert fresh(session).author == analyst.name


@once
@pytest.mark.parametrize("language", ["sv", "sv-LL", "fi", "en"])
def test_version_is_shown_in_each_language(client, analyst, first, language):
    page = words(client.get(f"{HOME}/{KEY}/1?sprak={language}"))

    for question in V1.questions:
        assert " ".join(question.text[language].split()) in page
    assert client.get(f"{HOME}/{KEY}/1?sprak=de").status_code == 404
    assert client.get(f"{HOME}/{KEY}/9").status_code == 404


def test_file_goes_in_and_comes_out_as_it_was(client, analyst, session, first):
    done = upload(client, FILE)

    assert done.status_code == 303
    assert client.get(f"{DRAFT}.yaml").data == FILE
    shipped = Path(f"questionnaires/{KEY}/v1.yaml").read_bytes()
    assert client.get(f"{HOME}/{KEY}/1.yaml").data == shipped


def test_file_takes_the_place_of_the_draft_that_was_seen(client, analyst, session, draft):
    assert upload(client, FILE, **{f"seen:{KEY}": "0"}).status_code == 422
    assert "har ändrats" in words(upload(client, FILE))
    seen = fresh(session).revision
    assert upload(client, FILE, **{f"seen:{KEY}": str(seen)}).status_code == 303
    assert fresh(session).revision == seen + 1


BOMB = "a: &a [x, x]\n" + "".join(
    f"{b}: &{b} [*{a}, *{a}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "fil"),
        (b"\xff\xfe", "inte text i UTF-8"),
        (b"key: prov\nkey: prov\n", "is given twice"),
        (BOMB.encode(), "anchors and aliases"),
        (FILE.replace(b"Ja, alltid", b"<b>Ja</b>"), "HTML"),
        (FILE.replace(b"version: 2", b"version: 3"), "måste vara version 2"),
        (b"[" * 200_000, "deep"),
    ],
    ids=["empty", "binary", "keys", "bomb", "html", "version", "nested"],
)
def test_file_that_is_no_next_version_is_refused_in_words(
    client, analyst, session, first, content, said
):
    page = upload(client, content)

    assert page.status_code == 422
    assert said in words(page)
    assert fresh(session) is None


def test_huge_file_is_told(client, analyst, first, monkeypatch):
    monkeypatch.setattr(file_views, "LARGEST_FILE", 20_000)

    page = upload(client, FILE)
    assert (page.status_code, "Filen är för stor" in words(page)) == (422, True)


def test_workbook_is_looked_at_before_it_is_the_draft(client, analyst, session, draft):
    seen = fresh(session).revision
    workbook = client.get(f"{HOME}/{KEY}/1.xlsx").data
    page = upload(client, workbook, "v2.xlsx", base=KEY, **{f"seen:{KEY}": str(seen)})
    assert page.status_code == 200
    assert fresh(session).revision == seen
    sent = {
        each.get("name"): each.get("value")
        for each in tree(page.text).findall(".//main//form//input[@type='hidden']")
    }
    form = {"content_type": "multipart/form-data"}
    assert client.post(f"{HOME}/fil", data=sent, **form).status_code == 303
    assert drafting.look_through(fresh(session)).document.questions == V1.questions
    assert client.post(f"{HOME}/fil", data=sent, **form).status_code == 422
    for source in ("{", "[]", "{}"):
        assert client.post(f"{HOME}/fil", data={"source": source}, **form).status_code == 400


def test_workbook_that_cannot_be_taken_is_refused(client, analyst, session, first):
    assert "Välj vilket formulär" in words(upload(client, b"PK", "x.xlsx", base="x"))
    page = upload(client, b"PK\3\4 not a workbook", "x.xlsm", base=KEY)
    assert page.status_code == 422
    assert fresh(session) is None


@once
def test_version_goes_to_other_programs_and_archives(client, analyst, first):
    assert client.get(f"{HOME}/{KEY}/1.xlsx").data.startswith(b"PK")
    assert b"<codeBook" in client.get(f"{HOME}/{KEY}/1.xml").data
    assert "XLSForm" in words(client.get(f"{HOME}/{KEY}/1/andra-program"))


def test_draft_whose_shape_is_wrong_is_not_written_to_a_file(client, analyst, session, draft):
    edit = drafting.Edit("questions/hel_fritext/max_chars", "1000", "många")
    with writing(session):
        drafting.edit(session, KEY, [edit], actor="Anna Berg", today=TODAY)

    assert client.get(f"{DRAFT}.yaml").status_code == 302
    assert "rättat" in words(client.get(f"{DRAFT}/jamfor"))


def test_gate_says_what_hinders_and_what_it_does_to_the_series(client, analyst, session, draft):
    page = words(client.get(f"{DRAFT}/publicera"))
    assert "Inget hindrar." in page
    assert "hel_trygg → hel_trygg_4 Brott: kan inte jämföras bryts" in page
    assert "til_latt_kontakt Likvärdig, med anmärkning fortsätter, med anmärkning ja 0" in page
    edit = drafting.Edit(
        "questions/bem_info/text/sv", V2.question("bem_info").text["sv"], "Ny?"
    )
    with writing(session):
        drafting.edit(session, KEY, [edit], actor=analyst.name, today=TODAY)
    page = client.get(f"{DRAFT}/publicera")

    assert "Beslut, bem_info : Bestäm vad som har hänt med bem_info." in words(page)
    assert "så någon annan måste publicera den" in words(page)
    links = [each.get("href") for each in tree(page.text).findall(".//ul[@class='faults']//a")]
    assert links == [f"{DRAFT}/jamfor#at-changes-bem_info"]


def test_draft_is_handed_in_sent_back_and_published_by_another(client, analyst, session, draft):
    sent = {"valid_from": "2026-06-01", "seen": str(fresh(session).revision)}
    assert (
        client.post(f"{DRAFT}/publicera", data={"valid_from": "2026-06-01"}).status_code == 422
    )
    client.post(f"{DRAFT}/lamna-in")
    assert fresh(session).state == "review"
    client.post(f"{DRAFT}/skicka-tillbaka")
    assert fresh(session).state == "draft"
    client.post(f"{DRAFT}/lamna-in")
    for day in ("", "i morgon", "2026-01-01"):
        refused = client.post(f"{DRAFT}/publicera", data=sent | {"valid_from": day})
        assert refused.status_code == 422
    assert client.post(f"{DRAFT}/publicera", data=sent).status_code == 303

    assert fresh(session) is None
    assert publishing.published(session, KEY, 2).publisher == analyst.name
    again = client.post(f"{DRAFT}/publicera", data=sent)
    assert again.location.endswith(HOME)
    assert "publicerats" in words(client.get(HOME))


def test_day_in_a_released_period_is_refused(client, analyst, session, draft):
    with writing(session):
        session.add(Release(period="2026-T1", released_on=TODAY, released_by="Bo"))
    hand_in(session)
    sent = {"valid_from": "2026-04-30", "seen": str(fresh(session).revision)}
    page = client.post(f"{DRAFT}/publicera", data=sent)

    assert page.status_code == 422
    assert "Resultaten till och med 2026-04-30 är släppta." in words(page)


def test_draft_that_is_not_finished_is_not_handed_in(client, analyst, session, draft):
    place = "questions/bem_info/text/fi"
    edit = drafting.Edit(place, V2.question("bem_info").text["fi"], "")
    with writing(session):
        drafting.edit(session, KEY, [edit], actor="Anna Berg", today=TODAY)
    client.post(f"{DRAFT}/lamna-in")

    assert fresh(session).state == "draft"
    assert "Utkastet är inte klart" in words(client.get(f"{DRAFT}/publicera"))


def test_draft_is_thrown_away_as_it_was_seen(client, analyst, session, draft):
    client.post(f"{DRAFT}/kasta", data={"seen": "0"})
    assert fresh(session) is not None
    client.post(f"{DRAFT}/kasta", data={"seen": str(fresh(session).revision)})
    assert fresh(session) is None


@once
def test_two_versions_are_shown_word_by_word(client, session, analyst, first):
    publish_second(session, date(2026, 6, 1))
    page = client.get(f"{HOME}/{KEY}/jamfor?fran=1&till=2")

    gone = [each.text for each in tree(page.text).iter("del")]
    new = [each.text for each in tree(page.text).iter("ins")]
    assert "med respekt" in gone
    assert "på ett respektfullt sätt" in new
    assert "Skalan har inte längre något mellansteg" in words(page)
    for query in ("fran=1&till=1", "fran=1", "fran=1&till=9", "fran=x&till=2"):
        assert client.get(f"{HOME}/{KEY}/jamfor?{query}").status_code == 404


def n_rows(session):
    session.rollback()
    return {
        table.name: session.scalar(select(func.count()).select_from(table))
        for table in Base.metadata.sorted_tables
    }


def test_trying_a_draft_stores_nothing(client, analyst, session, draft):
    before = n_rows(session)
    page = client.get(f"{DRAFT}/prova?sprak=fi&form=kort")
    assert "Utkast. Svaren sparas inte." in page.text
    assert tree(page.text).find(".//form").get("action").startswith(f"{DRAFT}/prova?sprak=fi")
    sent = {"outcome": "send", "q_bak_svarar": "sjalv", "q_bem_respekt": "oftast"}
    came = words(client.post(f"{DRAFT}/prova?form=kort", data=sent))
    client.post(f"{DRAFT}/prova", data=sent | {"outcome": "keep"})
    client.post(f"{DRAFT}/prova", data={"outcome": "drop"})

    assert "bem_respekt oftast Oftast" in came
    assert "hel_nojd skipped hoppade över" in came
    assert "kon_beratta_om not_asked ställs inte i kortversionen" in came
    assert client.post(f"{DRAFT}/prova", data={"q_bem_respekt": "x"}).status_code == 422
    assert n_rows(session) == before


@once
def test_draft_is_shown_as_a_sheet_in_every_language(client, analyst, draft):
    for language in V2.languages:
        page = words(client.get(f"{DRAFT}/papper?sprak={language}"))
        assert " ".join(V2.question("hel_trygg_4").text[language].split()) in page
    assert client.get(f"{DRAFT}/papper?sprak=de").status_code == 404


def test_version_is_retired_once(client, analyst, session, first):
    publish_second(session, date(2026, 5, 1))
    address = f"{HOME}/{KEY}/1/avsluta"
    assert 'value="2027-03-31"' in client.get(address).text
    assert client.post(address, data={"paper_until": "2026-05-08"}).status_code == 422
    assert client.post(address, data={"paper_until": "2026-05-31"}).status_code == 303
    assert client.post(address, data={"paper_until": "2026-06-30"}).status_code == 422
    latest = client.post(f"{HOME}/{KEY}/2/avsluta", data={"paper_until": "2027-01-01"})
    assert latest.status_code == 422

    row = publishing.published(session, KEY, 1)
    session.refresh(row)
    assert (row.status, row.paper_until) == (VersionStatus.RETIRED, date(2026, 5, 31))
    assert "knappas in till och med 2026-05-31" in words(client.get(HOME))
    actions = session.scalars(select(AuditEvent.action)).all()
    assert actions.count("questionnaire.retire") == 1


@pytest.mark.parametrize(
    "address",
    [
        *("", "/fil", f"/{KEY}/1", f"/{KEY}/1/avsluta", f"/{KEY}/1/andra-program"),
        *(f"/{KEY}/1.{ending}" for ending in ("yaml", "xlsx", "xml")),
        f"/{KEY}/utkast.yaml",
        *(f"/{KEY}/utkast/{page}" for page in ("prova", "papper", "publicera", "jamfor")),
    ],
)
@once
def test_only_who_may_edit_questionnaires_comes_there(client, make, draft, address):
    client.log_in(make.account(Role.QUALITY_STAFF))
    assert client.get(f"{HOME}{address}").status_code == 403
    client.log_in(make.account(Role.CITY_ANALYST))
    assert client.get(f"{HOME}{address}").status_code == 200


@pytest.mark.parametrize("address", ["jamfor", "publicera", "prova", "papper", "utkast.yaml"])
@once
def test_without_a_draft_there_is_nothing(client, analyst, first, address):
    path = f"{DRAFT}/{address}" if "." not in address else f"{HOME}/{KEY}/{address}"
    assert client.get(path).status_code == 404
    assert client.get(f"{HOME}/{KEY}/1").status_code == 200

"""Questionnaires on the command line: from a draft to retired."""

from datetime import date
from pathlib import Path

from sqlalchemy import select

from surveyapp import drafting, publishing
from surveyapp.db import writing
from surveyapp.models import AuditEvent
from surveyapp.questionnaire import find_all

KEY = publishing.KEY
PUBLISH = ("publish", KEY, "1", "--author", "Ann", "--publisher", "Bo")
FROM = ("--valid-from", "2022-01-01")
V2 = find_all(Path("questionnaires"))[1]


def test_draft_goes_from_its_beginning_to_published(stored, session, folder):
    stored(*PUBLISH, *FROM)
    on = ("questionnaires",)
    file = ("--file", str(folder / "v2.yaml"))
    assert "nothing" not in stored(*on, "draft", KEY, "--by", "Ann", *file).output
    assert "already" in stored(*on, "draft", KEY, "--by", "Bo", code=1).output
    publish = (*on, "publish", KEY, "--valid-from", "2027-01-01", "--by")
    assert "Hand the draft in" in stored(*publish, "Cia", code=1).output
    stored(*on, "hand-in", KEY, "--by", "Ann")
    stored(*on, "send-back", KEY, "--by", "Bo")
    stored(*on, "hand-in", KEY, "--by", "Ann")
    assert "another person must publish it" in stored(*publish, "Ann", code=1).output

    said = stored(*publish, "Cia").output
    assert said == f"{KEY} version 2 is published, valid from 2027-01-01.\n"
    assert publishing.document(session, KEY, 2) == V2
    assert "no draft any more" in stored(*publish, "Cia", code=1).output


def test_versions_are_listed_and_retired(stored, session):
    stored(*PUBLISH, *FROM)
    second = [*PUBLISH[:2], "2", *PUBLISH[3:]]
    stored(*second, "--valid-from", "2025-01-01")
    with writing(session):
        drafting.begin(session, KEY, actor="Ann", today=date(2026, 11, 22))
    retire = ("questionnaires", "retire", KEY)
    by = ("--paper-until", "2027-03-31", "--by", "Bo")
    assert "can be retired when a later one is open" in stored(*retire, "2", *by, code=1).output
    stored(*retire, "1", *by)
    assert "retired already" in stored(*retire, "1", *by, code=1).output

    assert stored("questionnaires", "list").output.splitlines() == [
        f"{KEY} version 1: retired, valid from 2022-01-01, paper through 2027-03-31",
        f"{KEY} version 2: published, valid from 2025-01-01 (open now)",
        f"{KEY} version 3: draft, written by Ann",
    ]
    log = session.scalars(select(AuditEvent.subject).order_by(AuditEvent.id.desc()))
    assert log.first() == f"{KEY} version 1"


def test_check_writes_the_file_of_a_version_that_has_none(stored, folder):
    stored(*PUBLISH, *FROM)
    file = folder / "v1.yaml"
    text = file.read_bytes()
    file.unlink()

    assert "v1.yaml: only in the database" in stored("check").output
    assert not file.exists()
    assert "v1.yaml: written out of the database" in stored("check", "--write").output
    assert file.read_bytes() == text

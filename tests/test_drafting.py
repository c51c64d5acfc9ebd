"""A draft of the next version: made once, written by several, published by another."""

import json
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from surveyapp import drafting, publishing
from surveyapp.db import writing
from surveyapp.errors import DraftError, PublishingError
from surveyapp.models import AuditEvent, Comparability, DraftState, QuestionnaireDraft
from surveyapp.questionnaire import Edit, as_source, find_all, structure, write
from surveyapp.questionnaire.editing import read
from tests.questionnaire.second_version import steps

KEY = publishing.KEY
TODAY = date(2026, 5, 9)
WRITER, OTHER, PUBLISHER = "Anna Berg", "Bo Ek", "Cia Ask"
V1, V2 = find_all(Path("questionnaires"))


@pytest.fixture
def draft(session, make):
    """A draft of version 2, not changed yet."""
    make.published(1)
    with writing(session):
        return drafting.begin(session, KEY, actor=WRITER, today=TODAY)


def change(session, act, *given, actor=WRITER):
    with writing(session):
        drafting.change(
            session, KEY, lambda source: act(source, *given), actor=actor, today=TODAY
        )


def write_field(session, place, becomes, was=None, actor=WRITER):
    with writing(session):
        source = drafting.source_of(drafting.draft_of(session, KEY))
        was = read(source, place) if was is None else was
        edits = [Edit(place, was, becomes)]
        return drafting.edit(session, KEY, edits, actor=actor, today=TODAY)


def hand_in(session):
    with writing(session):
        drafting.hand_in(session, KEY, actor=WRITER)


def publish(session, by=PUBLISHER, valid_from=date(2026, 6, 1)):
    with writing(session):
        seen = drafting.draft_of(session, KEY).revision
        return drafting.publish(session, KEY, valid_from=valid_from, publisher=by, seen=seen)


def second(session):
    """Everything that makes version 2 out of version 1."""
    for step in steps(as_source(V2)):
        match step.what, step.given:
            case "write", (place, text):
                assert write_field(session, place, text) == []
            case "decide", (entry,):
                with writing(session):
                    drafting.decide(session, KEY, entry, actor=OTHER, today=TODAY)
            case name, given:
                change(session, getattr(structure, name), *given)


def test_draft_begins_as_a_copy_and_there_is_one(session, draft):
    found = drafting.draft_of(session, KEY)

    assert (found.version, found.based_on, found.state) == (2, 1, DraftState.DRAFT)
    assert (found.author, drafting.authors(found)) == (WRITER, [WRITER])
    assert drafting.look_through(found).faults == ()
    assert drafting.before(session, found) == V1
    with pytest.raises(DraftError, match="already"), writing(session):
        drafting.begin(session, KEY, actor=OTHER, today=TODAY)
    assert [each.id for each in drafting.drafts(session)] == [found.id]


def test_nothing_to_begin_from_is_told(session):
    with pytest.raises(DraftError, match="published yet"), writing(session):
        drafting.begin(session, KEY, actor=WRITER, today=TODAY)


def test_second_version_is_written_reviewed_and_published(session, draft):
    second(session)
    hand_in(session)

    assert publish(session) == 2
    assert write(publishing.document(session, KEY, 2)) == write(V2)
    assert drafting.draft_of(session, KEY) is None
    row = publishing.published(session, KEY, 2)
    assert (row.author, row.publisher) == (WRITER, PUBLISHER)
    decided = {
        (each.question_old, each.question_new): (each.kind, each.decided_by)
        for each in session.scalars(select(Comparability))
    }
    assert decided["bem_respekt", "bem_respekt"] == ("equivalent", "city_analyst")
    assert decided["kon_byte", ""] == ("ended", OTHER)
    assert decided["hel_trygg", "hel_trygg_4"] == ("break", OTHER)
    assert decided["hel_nojd", "hel_nojd"] == ("identical", PUBLISHER)
    log = session.scalars(select(AuditEvent.action).order_by(AuditEvent.id)).all()
    assert [each for each in log if each.startswith("draft")] == [
        *("draft.begin", "draft.hand-in", "draft.publish"),
    ]


@pytest.mark.parametrize("by", [WRITER, OTHER])
def test_who_wrote_it_cannot_publish_it(session, draft, by):
    second(session)
    write_field(session, "owner", "staden", actor=OTHER)
    hand_in(session)

    with pytest.raises(PublishingError):
        publish(session, by=by)
    assert drafting.draft_of(session, KEY).state is DraftState.REVIEW
    assert publish(session) == 2


def test_two_who_write_at_once_lose_nothing(session, draft):
    place = "questions/bem_respekt/text/sv"
    seen = V1.question("bem_respekt").text["sv"]
    write_field(session, place, "Första?", was=seen)

    [conflict] = write_field(session, place, "Andra?", was=seen, actor=OTHER)
    assert (conflict.theirs, conflict.mine) == ("Första?", "Andra?")
    found = drafting.draft_of(session, KEY)
    assert (found.revision, drafting.authors(found)) == (2, [WRITER])
    assert write_field(session, place, "Andra?", was="Första?", actor=OTHER) == []
    assert drafting.authors(drafting.draft_of(session, KEY)) == [WRITER, OTHER]


def test_what_is_not_finished_is_not_handed_in(session, draft):
    write_field(session, "questions/bem_respekt/text/fi", "")

    with pytest.raises(DraftError, match="questions/bem_respekt/text"):
        hand_in(session)


def test_in_review_only_classes_are_decided(session, draft):
    write_field(session, "questions/bem_respekt/text/sv", "Visas du respekt?")
    with pytest.raises(DraftError, match="Hand the draft in"):
        publish(session)
    hand_in(session)

    with pytest.raises(DraftError, match="reviewed"):
        write_field(session, "owner", "staden")
    with pytest.raises(DraftError, match="reviewed"):
        change(session, structure.remove_question, "kon_byte")
    entry = {"type": "reword", "id": "bem_respekt", "comparability": "equivalent"}
    with writing(session):
        drafting.decide(session, KEY, entry | {"note": "Samma."}, actor=OTHER, today=TODAY)
    found = drafting.draft_of(session, KEY)
    assert drafting.decided_by(found) == {"bem_respekt": OTHER}
    with writing(session):
        drafting.undecide(session, KEY, "bem_respekt", today=TODAY)
    assert "changes" not in drafting.source_of(found)
    assert drafting.decided_by(found) == {}
    with writing(session):
        drafting.send_back(session, KEY, actor=OTHER)
    assert write_field(session, "owner", "staden") == []


def test_what_is_decided_in_review_passes_the_gate_too(session, draft):
    write_field(session, "questions/bem_respekt/text/sv", "Visas du respekt?")
    hand_in(session)
    with pytest.raises(PublishingError, match="Decide what became of bem_respekt"):
        publish(session)
    entry = {"type": "reword", "id": "bem_respekt", "comparability": "equivalent_with_note"}
    for more, fault in (({}, "needs a note"), ({"change": "Ord."}, "needs a note")):
        with writing(session):
            drafting.decide(session, KEY, entry | more, actor=OTHER, today=TODAY)
        with pytest.raises(PublishingError, match=fault):
            publish(session)
    with writing(session):
        drafting.decide(session, KEY, entry | {"note": "Ord."}, actor=OTHER, today=TODAY)

    assert publish(session) == 2


def test_published_question_keeps_its_id(session, draft):
    change(session, structure.add_question, "ny", "bakgrund", "single")
    with writing(session):
        drafting.rename_question(session, KEY, "ny", "nyare", actor=WRITER, today=TODAY)
    with pytest.raises(DraftError, match="keeps its id"), writing(session):
        drafting.rename_question(session, KEY, "kon_byte", "x", actor=WRITER, today=TODAY)

    ids = [q["id"] for q in drafting.source_of(drafting.draft_of(session, KEY))["questions"]]
    assert ids[0] == "nyare"
    assert "kon_byte" in ids


def test_file_takes_the_place_of_a_draft_that_was_seen(session, draft):
    source = as_source(V2)
    seen = drafting.draft_of(session, KEY).revision
    write_field(session, "owner", "staden", actor=OTHER)
    with pytest.raises(DraftError, match="has changed"), writing(session):
        drafting.take_in(session, source, actor=WRITER, today=TODAY, seen=seen)
    with writing(session):
        drafting.take_in(session, source, actor=WRITER, today=TODAY, seen=seen + 1)

    found = drafting.draft_of(session, KEY)
    assert write(drafting.look_through(found).document) == write(V2)
    assert json.loads(found.source) == source


def test_file_of_another_place_is_refused(session, make):
    make.published(1)
    for source in (
        as_source(V1),
        as_source(V2) | {"based_on": 3},
        as_source(V2) | {"key": "annat"},
        {},
    ):
        with pytest.raises(DraftError, match="version"), writing(session):
            drafting.take_in(session, source, actor=WRITER, today=TODAY)
    with writing(session):
        drafting.take_in(session, as_source(V1) | {"key": "annat"}, actor=WRITER, today=TODAY)
    assert drafting.draft_of(session, "annat").based_on is None


def test_draft_is_thrown_away_as_it_was_seen(session, draft):
    seen = drafting.draft_of(session, KEY).revision
    write_field(session, "owner", "staden", actor=OTHER)
    with pytest.raises(DraftError, match="meanwhile"), writing(session):
        drafting.discard(session, KEY, seen=seen, actor=WRITER)
    with writing(session):
        drafting.discard(session, KEY, seen=seen + 1, actor=WRITER)

    assert session.scalars(select(QuestionnaireDraft)).all() == []
    with pytest.raises(DraftError, match="no draft any more"):
        change(session, structure.remove_question, "kon_byte")


def test_draft_is_published_as_it_was_seen(session, draft):
    write_field(session, "questions/bem_respekt/text/sv", "Visas du respekt?")
    hand_in(session)
    seen = drafting.draft_of(session, KEY).revision
    entry = {"type": "reword", "id": "bem_respekt", "comparability": "equivalent"}
    with writing(session):
        drafting.decide(session, KEY, entry | {"change": "x"}, actor=OTHER, today=TODAY)

    with pytest.raises(DraftError, match="meanwhile"), writing(session):
        drafting.publish(
            session, KEY, valid_from=date(2026, 6, 1), publisher=PUBLISHER, seen=seen
        )


def test_draft_grows_only_so_large(session, draft):
    with pytest.raises(DraftError, match="too large"):
        write_field(session, "owner", "x" * drafting.LARGEST)

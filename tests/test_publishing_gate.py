"""The gate before publishing: each thing that hinders, in words and where it is mended."""

from datetime import date

import pytest

from surveyapp import publishing
from surveyapp.db import writing
from surveyapp.errors import PublishingError
from surveyapp.models import Release
from surveyapp.publishing.gate import of_document
from surveyapp.questionnaire import Questionnaire, as_source, examined, structure
from tests.questionnaire.edited import (
    V1,
    V2,
    after,
    change,
    decided,
    source_after,
    with_answer,
    with_question,
)

LATER = date(2027, 1, 1)
WRITER, OTHER, PUBLISHER = "Anna Berg", "Bo Ek", "Cia Ask"
FINNISH = change("questions/hel_nojd/text/fi", "Oletko tyytyväinen?")
REWORDED = decided("reword", "equivalent", "hel_nojd", note="Samma.")


def told(document, *earlier):
    """What hinders, whoever publishes: place and sentence."""
    return [(each.place, str(each)) for each in of_document(document, earlier)]


def remove(id):
    return lambda source: structure.remove_question(source, id)


def ended(id):
    return decided("remove", "ended", id, change="Behövs inte.")


def test_shipped_versions_pass(session, make):
    assert told(V1) == []
    assert told(V2, V1) == []
    make.published(1)
    found = examined(as_source(V2))

    assert (
        publishing.obstacles(
            session, found, publisher=PUBLISHER, authors=[WRITER, OTHER], valid_from=LATER
        )
        == []
    )


@pytest.mark.parametrize(
    "place",
    [
        "questions/hel_nojd/text/fi",
        "questions/hel_nojd/help/en",
        "questions/til_vag/options/skriftligt/sv",
        "questions/til_latt_kontakt/extra_option/sv-LL",
        "scales/frekvens5/options/ibland/en",
        "texts/intro_1_who/sv",
        "texts/practice/fi/a/1",
        "texts/stop_choice/sv/keep",
        "texts/buttons/send/en",
    ],
)
def test_text_that_a_voice_cannot_read_hinders_at_its_place(place):
    new = after(V1, change(place, "Ja & nej"))

    assert (place, "a voice that reads aloud cannot read &; write it out") in told(new)


@pytest.mark.parametrize("place", ["texts/progress/sv", "texts/text_size/sv/1"])
def test_text_that_is_only_looked_at_may_have_signs(place):
    assert (
        told(after(V1, change(place, "{n} & {total}" if "progress" in place else "A+"))) == []
    )


def test_id_of_a_question_that_ended_does_not_come_back():
    second = after(V1, remove("bem_info"), ended("bem_info"))
    third = after(second, with_question("ny"), decided("add", "new", "ny"))
    again = after(
        third,
        lambda source: structure.rename_question(source, "ny", "bem_info"),
        ended("ny"),
        decided("add", "new", "bem_info"),
    )

    assert told(third, V1, second) == []
    assert told(again, V1, second, third)[0] == (
        "questions/bem_info",
        "the id was that of a question that has ended; choose a new id",
    )


def test_type_of_a_question_stays():
    act = [
        change("questions/hel_fritext/type", "single"),
        change("questions/hel_fritext/max_chars", ""),
        lambda source: structure.use_scale(source, "hel_fritext", "frekvens5"),
    ]
    hindering = told(after(V1, *act), V1)

    assert (
        "questions/hel_fritext/type",
        "the question was of another type; give it a new id",
    ) in hindering
    assert (
        "changes/hel_fritext",
        "hel_fritext has become another question. Replace it by one of a new id.",
    ) in hindering


def test_kind_of_an_answer_stays_whichever_version_it_was_in():
    second = after(V1, with_answer("bak_kon", "flera"), decided(
        "option_added", "equivalent_with_note", "bak_kon", note="Ett svar till."
    ))  # fmt: skip
    third = after(second, FINNISH, REWORDED)
    act = change("questions/bak_kon/options/flera/kind", "not_applicable")

    assert (
        "questions/bak_kon/options/flera",
        "the answer counted in another way before; give the question a new id",
    ) in told(after(third, act), V1, second, third)


def test_code_of_an_answer_that_is_gone_does_not_come_back():
    source = as_source(V1) | {"version": 2, "based_on": 1}
    second = Questionnaire.model_validate(  # as somebody may once have published it
        structure.remove_option(source, "questions/til_vag", "skriftligt")
    )

    assert (
        "questions/til_vag/options/skriftligt",
        "the code was that of an answer that is gone; choose a new code",
    ) in told(after(second, with_answer("til_vag", "skriftligt")), V1, second)


@pytest.mark.parametrize(
    ("acts", "place", "sentence"),
    [
        ([FINNISH], "hel_nojd", "Decide what became of hel_nojd."),
        ([remove("bem_info")], "bem_info", "Decide what became of bem_info."),
        ([with_question("ny")], "ny", "Decide what became of ny."),
        (
            [REWORDED],
            "hel_nojd",
            "hel_nojd is the same as before. Take the decision about it back.",
        ),
        (
            [FINNISH, decided("reword", "equivalent", "hel_nojd")],
            "hel_nojd",
            "Say why: the decision about hel_nojd has no reason.",
        ),
        (
            [lambda source: structure.replace_question(source, "hel_nojd", "hel_nojd_2")],
            "hel_nojd>hel_nojd_2",
            "Say why: the decision about hel_nojd>hel_nojd_2 has no reason.",
        ),
        (
            [FINNISH, decided("help_text", "equivalent", "hel_nojd", note="Hjälp.")],
            "hel_nojd",
            "hel_nojd has changed since it was decided about. Decide again.",
        ),
        (
            [change("questions/hel_nojd/positive/ganska_nojd", ""), REWORDED],
            "hel_nojd",
            "hel_nojd has become another question. Replace it by one of a new id.",
        ),
    ],
)
def test_change_without_a_decision_that_fits_hinders(acts, place, sentence):
    assert told(after(V1, *acts), V1) == [(f"changes/{place}", sentence)]


def test_new_question_needs_no_reason():
    new = after(V1, with_question("ny"), decided("add", "new", "ny"))

    assert told(new, V1) == []


@pytest.fixture
def hindering(session, make):
    """What hinders the second version, once the first is published."""
    make.published(1)

    def ask(source=None, publisher=PUBLISHER, authors=(WRITER, OTHER), valid_from=LATER):
        found = examined(as_source(V2) if source is None else source)
        return [
            (each.place, str(each))
            for each in publishing.obstacles(
                session, found, publisher=publisher, authors=authors, valid_from=valid_from
            )
        ]

    return ask


@pytest.mark.parametrize("publisher", [WRITER, OTHER, "anna berg"])
def test_nobody_who_wrote_it_publishes_it(hindering, publisher):
    assert hindering(publisher=publisher) == [
        ("publisher", f"{publisher} wrote the version, so another person must publish it.")
    ]


@pytest.mark.parametrize("who", [{"publisher": ""}, {"authors": []}])
def test_two_people_are_named(hindering, who):
    assert hindering(**who) == [
        ("publisher", "Say who wrote the version and who publishes it.")
    ]


def test_number_and_version_before_are_in_order(hindering):
    source = as_source(V2)

    assert hindering(source | {"version": 4}) == [
        ("version", "Version 4 cannot be published now: the next version is 2.")
    ]
    third = source_after(V2)
    assert [place for place, _ in hindering(third)] == ["version"]


def test_day_is_after_the_version_before(hindering):
    ((place, sentence),) = hindering(valid_from=date(2022, 1, 1))

    assert place == "valid_from"
    assert "must be valid from a later day than version 1" in sentence


@pytest.mark.parametrize(
    ("period", "last"), [("2026-T1", "2026-04-30"), ("2026", "2026-12-31")]
)
def test_day_in_or_before_a_closed_period_hinders(session, hindering, period, last):
    last_day = date.fromisoformat(last)
    with writing(session):
        session.add(Release(period=period, released_on=LATER, released_by="Bo"))
        session.add(Release(period="2025-T3", released_on=LATER, released_by="Bo"))
    sentence = f"The results through {last} are released. Choose a later day."

    for day in (date(2026, 1, 31), last_day):
        assert hindering(valid_from=day) == [("valid_from", sentence)]
        with pytest.raises(PublishingError, match="are released"), writing(session):
            publishing.publish(session, V2, valid_from=day, author=WRITER, publisher=OTHER)
    assert hindering(valid_from=date.fromordinal(last_day.toordinal() + 1)) == []


def test_day_may_be_left_for_later(hindering):
    assert hindering(valid_from=None) == []


def test_what_was_published_before_is_looked_at_as_well(session, hindering):
    source = as_source(V2)
    source["changes"][0] = {
        name: value
        for name, value in source["changes"][0].items()
        if name not in {"change", "note"}
    }
    sentence = "Say why: the decision about bem_respekt has no reason."

    assert hindering(source) == [("changes/bem_respekt", sentence)]
    with pytest.raises(PublishingError, match="has no reason"), writing(session):
        publishing.publish(
            session,
            Questionnaire.model_validate(source),
            valid_from=LATER,
            author=WRITER,
            publisher=OTHER,
        )


def test_faults_hinder_with_their_places(hindering):
    source = change("questions/hel_nojd/text/fi", "")(as_source(V2))

    assert ("questions/hel_nojd/text", 'the text in "fi" is missing; add it') in hindering(
        source
    )


def test_what_is_no_questionnaire_yet_hinders(hindering):
    source = as_source(V2)
    del source["questions"]

    assert hindering(source) == [("questions", "is missing; add it")]


def test_first_version_has_nothing_before_it(session):
    found = examined(as_source(V1))

    assert (
        publishing.obstacles(
            session, found, publisher=PUBLISHER, authors=[WRITER], valid_from=LATER
        )
        == []
    )

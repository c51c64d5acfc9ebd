"""Which questions apply, and one entry per question when a response is complete."""

from pathlib import Path

import pytest

from surveyapp.errors import AnswerError
from surveyapp.questionnaire import Given, asked, completed, load


@pytest.fixture(scope="module")
def document():
    """The sample with one question per rule: vem > vem_annan > tolk, and four plain ones."""
    return load(Path("tests/samples/rules.yaml"))


def entries(document, given, **how):
    """What `completed` says, short: the value, or the missing code in brackets."""
    result = completed(document, given, **({"named_officers": 1} | how))
    return [entry.value or f"({entry.missing})" for entry in result.answers.values()]


@pytest.mark.parametrize(
    ("answers", "ids"),
    [
        ({}, "vem lyssnar antal namn mer"),
        ({"vem": "sjalv"}, "vem lyssnar antal namn mer"),
        ({"vem": "annan"}, "vem vem_annan lyssnar antal namn mer"),
        ({"vem": "annan", "vem_annan": "van"}, "vem vem_annan tolk lyssnar antal namn mer"),
        # an answer left behind on a question that no longer applies
        ({"vem": "sjalv", "vem_annan": "van"}, "vem lyssnar antal namn mer"),
    ],
)
def test_questions_that_apply_follow_the_answers(document, answers, ids):
    assert [question.id for question in asked(document, answers, short=False)] == ids.split()


def test_short_form_asks_its_own_questions_only(document):
    assert [question.id for question in asked(document, {}, short=True)] == ["vem", "lyssnar"]


def test_every_question_of_the_version_gets_one_entry_in_its_order(document):
    result = completed(document, {"mer": "Tack", "vem": "sjalv"}, named_officers=1)

    assert tuple(result.answers) == document.question_ids
    assert result.conflicts == ()


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({}, "(skipped) (not_shown) (not_shown) (skipped) (skipped) (skipped) (skipped)"),
        (
            {"vem": "annan", "vem_annan": None, "lyssnar": "vet_ej", "mer": " \n"},
            "annan (skipped) (not_shown) vet_ej (skipped) (skipped) (skipped)",
        ),
        (
            {"vem": "annan", "vem_annan": "tolk", "tolk": "ja", "antal": "0", "mer": " Hej "},
            "annan tolk ja (skipped) 0 (skipped) Hej",
        ),
    ],
)
def test_unanswered_is_skipped_and_routed_away_is_not_shown(document, given, told):
    assert entries(document, given) == told.split(" ")


def test_short_form_leaves_the_others_not_asked(document):
    assert entries(document, {"vem": "annan"}, short=True) == [
        "annan",
        *["(not_asked)"] * 2,
        "(skipped)",
        *["(not_asked)"] * 3,
    ]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        # stopped at once
        ({}, "(stopped) (not_shown) (not_shown) (stopped) (stopped) (stopped) (stopped)"),
        # one skipped before the stop, the words stopped too
        (
            {"vem": "sjalv", "antal": "1"},
            "sjalv (not_shown) (not_shown) (skipped) 1 (stopped) (stopped)",
        ),
        # what would have followed an unanswered question was never shown
        (
            {"vem": "annan"},
            "annan (stopped) (not_shown) (stopped) (stopped) (stopped) (stopped)",
        ),
    ],
)
def test_what_comes_after_a_stop_is_stopped(document, given, told):
    assert entries(document, given, stopped=True) == told.split(" ")


def test_answer_to_an_unknown_question_is_refused(document):
    with pytest.raises(AnswerError, match="no such question") as caught:
        completed(document, {"wem": "sjalv"}, named_officers=1, lenient=True)

    assert caught.value.question == "wem"


def test_answer_that_its_question_does_not_accept_is_refused(document):
    with pytest.raises(AnswerError, match="Choose one") as caught:
        completed(document, {"namn": "ja_nagon"}, named_officers=1)

    assert caught.value.question == "namn"
    assert entries(document, {"namn": "ja_nagon"}, named_officers=3)[5] == "ja_nagon"


@pytest.mark.parametrize(
    ("given", "short"),
    [({"vem": "sjalv", "vem_annan": "van"}, False), ({"antal": "1"}, True)],
)
def test_answer_to_a_question_that_does_not_apply_is_refused(document, given, short):
    with pytest.raises(AnswerError, match="should not be answered"):
        completed(document, given, named_officers=1, short=short)


def test_lenient_sets_aside_what_does_not_apply_and_lists_it(document):
    given = {"vem": "sjalv", "vem_annan": "van", "tolk": "ja"}

    result = completed(document, given, named_officers=1, lenient=True)

    assert result.conflicts == ("vem_annan", "tolk")
    assert str(result.answers["vem_annan"].missing) == "not_shown"


def test_lenient_keeps_an_answer_outside_the_short_form_not_asked(document):
    result = completed(document, {"antal": "1"}, named_officers=1, short=True, lenient=True)

    assert result.conflicts == ("antal",)
    assert str(result.answers["antal"].missing) == "not_asked"


def test_unanswered_on_paper_is_blank(document):
    assert entries(document, {"vem": "sjalv"}, paper=True) == [
        "sjalv",
        *["(not_shown)"] * 2,
        *["(blank)"] * 4,
    ]


def test_marks_on_paper_become_their_codes(document):
    given = {
        "lyssnar": "!invalid",
        "antal": "!illegible",
        "namn": "!blank",
        "mer": "!illegible",
    }

    assert entries(document, given, paper=True)[3:] == [
        "(invalid)",
        "(illegible)",
        "(blank)",
        "(illegible)",
    ]


def test_marks_belong_to_paper_only(document):
    with pytest.raises(AnswerError, match="Choose one"):
        completed(document, {"lyssnar": "!invalid"}, named_officers=1)
    assert entries(document, {"mer": "!invalid"})[6] == "!invalid"


@pytest.mark.parametrize(
    ("vem", "vem_annan", "told", "conflicts"),
    [
        (None, None, ["(blank)", "(not_shown)"], ()),
        ("!invalid", None, ["(invalid)", "(not_shown)"], ()),
        ("!invalid", "!blank", ["(invalid)", "(not_shown)"], ()),
        # the filter stays as it is on the paper
        (None, "van", ["(blank)", "(not_shown)"], ("vem_annan",)),
        ("!invalid", "van", ["(invalid)", "(not_shown)"], ("vem_annan",)),
        ("sjalv", "van", ["sjalv", "(not_shown)"], ("vem_annan",)),
        # somebody did write there
        ("sjalv", "!invalid", ["sjalv", "(not_shown)"], ("vem_annan",)),
        ("annan", "!invalid", ["annan", "(invalid)"], ()),
    ],
)
def test_follow_up_on_paper_yields_to_its_filter(document, vem, vem_annan, told, conflicts):
    given = {"vem": vem, "vem_annan": vem_annan}

    assert entries(document, given, paper=True)[:2] == told
    result = completed(document, given, named_officers=1, paper=True)
    assert result.conflicts == conflicts


@pytest.mark.parametrize("parts", [{}, {"value": "ja", "missing": "skipped"}])
def test_entry_is_either_a_value_or_a_reason(parts):
    with pytest.raises(ValueError, match="either a value or a reason"):
        Given(**parts)

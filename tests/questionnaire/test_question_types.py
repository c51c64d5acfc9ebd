"""The question types: what they accept, and one contract for all of them."""

from pathlib import Path

import pytest

from surveyapp.errors import AnswerError
from surveyapp.questionnaire import TYPES, load


def sample(name):
    """The first question of this type in the type's own sample."""
    document = load(Path(f"tests/samples/{name}.yaml"))
    return next(question for question in document.questions if question.type == name)


@pytest.mark.parametrize("name", TYPES)
def test_type_has_a_sample_that_survives_parse_and_dump(name):
    kind, question = TYPES[name], sample(name)
    values = question.valid_codes if kind.has_options else ("Tack\nså mycket!",)

    assert kind.name == name
    assert values
    for value in values:
        raw = kind.dump(question, value)
        assert kind.parse(question, raw, named_officers=1) == value


@pytest.mark.parametrize("raw", ["", "JA", "ja,nej", "0", "1", "!blank", "kanske"])
def test_choice_refuses_what_is_not_one_of_its_codes(raw):
    with pytest.raises(AnswerError, match="Choose one of the answers") as caught:
        TYPES["single"].parse(sample("single"), raw, named_officers=1)

    assert caught.value.question == "smak"


def test_choice_refuses_an_option_the_unit_does_not_show():
    question = load(Path("tests/samples/rules.yaml")).question("namn")

    assert TYPES["single"].parse(question, "ja_nagon", named_officers=2) == "ja_nagon"
    with pytest.raises(AnswerError, match="Choose one"):
        TYPES["single"].parse(question, "ja_nagon", named_officers=1)


@pytest.mark.parametrize(
    ("raw", "stored"),
    [
        ("  Bra.  ", "Bra."),
        ("ett\r\ntvå\rtre\u2028fyra", "ett\ntvå\ntre\nfyra"),
        ("a\u030a", "å"),  # one letter, however it was typed
        ("ett\ttvå", "ett två"),
        ("😀 \u200d", "😀 \u200d"),
        ("å" * 40, "å" * 40),
        (" " + "a\u030a" * 40, "å" * 40),  # counted as stored
    ],
)
def test_words_are_stored_in_one_form(raw, stored):
    assert TYPES["text"].parse(sample("text"), raw, named_officers=1) == stored


def test_words_over_the_limit_are_refused_with_the_limit():
    with pytest.raises(AnswerError, match="at most 40 characters") as caught:
        TYPES["text"].parse(sample("text"), "å" * 41, named_officers=1)

    assert caught.value.values == {"n": 40}


@pytest.mark.parametrize("sign", ["\x00", "\x07", "\x1b", "\x7f", "\ud800"])
def test_words_with_control_characters_are_refused(sign):
    with pytest.raises(AnswerError, match="cannot be saved"):
        TYPES["text"].parse(sample("text"), f"a{sign}b", named_officers=1)

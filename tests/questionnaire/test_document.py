"""What a question says about itself, and what is stored and hashed."""

import json
from pathlib import Path

import pytest
from pydantic import ValidationError

from surveyapp.errors import AnswerError
from surveyapp.questionnaire import (
    canonical_json,
    content_hash,
    first_difference,
    from_json,
    load,
    parse,
)

PATH = Path("tests/samples/rules.yaml")
RULES = PATH.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def document():
    """The sample with one question per rule."""
    return load(PATH)


def test_extra_option_stands_just_before_dont_know(document):
    assert [option.code for option in document.question("lyssnar").options] == [
        "alltid",
        "ibland",
        "aldrig",
        "ej_aktuellt",
        "vet_ej",
    ]


def test_denominator_holds_substantive_options_only(document):
    assert document.question("lyssnar").valid_codes == ("alltid", "ibland", "aldrig")


def test_option_for_teams_is_shown_from_two_named_officers(document):
    shown = {
        n: [option.code for option in document.question("namn").options_for(n)]
        for n in (1, 2, 3)
    }

    assert shown == {
        1: ["ja", "nej"],
        2: ["ja", "ja_nagon", "nej"],
        3: ["ja", "ja_nagon", "nej"],
    }


def test_question_without_share_has_no_positive_code(document):
    assert not document.question("vem").is_positive("sjalv")
    assert document.question("lyssnar").is_positive("alltid")
    assert not document.question("lyssnar").is_positive("ibland")


@pytest.mark.parametrize(
    ("code", "named_officers", "within"),
    [
        ("0", 1, True),  # nobody met is within
        ("1", 1, True),
        ("2plus", 1, False),
        ("2plus", 2, True),  # counts as the number it begins with
        ("1", 0, True),  # never under one
    ],
)
def test_derived_share_uses_the_units_own_number(document, code, named_officers, within):
    assert document.question("antal").derived.within(code, named_officers) is within


def test_indicators_are_both_plain_and_derived(document):
    found = {code: question.id for code, question in document.indicators.items()}

    assert found == {"IND_LYSSNAR": "lyssnar", "IND_ANTAL": "antal"}


@pytest.mark.parametrize(
    ("box", "named_officers", "code"),
    [(1, 1, "ja"), (2, 1, "nej"), (2, 2, "ja_nagon"), (3, 2, "nej")],
)
def test_box_on_paper_is_counted_among_the_options_shown(document, box, named_officers, code):
    assert document.question("namn").code_for_box(box, named_officers) == code


@pytest.mark.parametrize("box", [-1, 0, 3])
def test_box_that_is_not_printed_is_refused(document, box):
    with pytest.raises(AnswerError, match="Enter a number from 1 to 2") as caught:
        document.question("namn").code_for_box(box, 1)

    assert caught.value.question == "namn"


def test_unknown_question_and_option_are_key_errors(document):
    with pytest.raises(KeyError, match="wem"):
        document.question("wem")
    with pytest.raises(KeyError, match="kanske"):
        document.question("vem").option("kanske")


def test_document_cannot_be_changed(document):
    with pytest.raises(ValidationError, match="frozen"):
        document.owner = "någon annan"


def test_json_gives_the_document_back(document):
    assert from_json(canonical_json(document)) == document


def test_json_has_sorted_keys_and_nothing_that_a_scale_gives(document):
    stored = json.loads(canonical_json(document))

    assert list(stored) == sorted(stored)
    assert "options" not in next(q for q in stored["questions"] if q["id"] == "lyssnar")


def test_hash_follows_the_content_and_not_the_order_of_keys(document):
    turned = RULES.replace(
        '{sv: "Vem är det?", en: "Who is it?"}', '{en: "Who is it?", sv: "Vem är det?"}'
    )
    reworded = RULES.replace("Vem är det?", "Vem är den?")

    assert len(content_hash(document)) == 64
    assert content_hash(parse(turned, "x")) == content_hash(document)
    assert content_hash(parse(reworded, "x")) != content_hash(document)


@pytest.mark.parametrize(
    ("old", "new", "difference"),
    [
        ("Vem är det?", "Vem?", 'questions[vem_annan].text.sv: "Vem är det?" became "Vem?"'),
        ("    max_chars: 40", "    max_chars: 40\n    use: a", "questions[mer].use was added"),
        (
            '    help: {sv: "Tänk på i dag.", en: "Think of today."}\n',
            "",
            "questions[tolk].help was removed",
        ),
        (
            'sv: "Ibland", en: "Sometimes"',
            'sv: "Ibland", en: "At times"',
            'scales.tre.options[ibland].en: "Sometimes" became "At times"',
        ),
        (
            '      - {code: ibland, sv: "Ibland", en: "Sometimes"}\n',
            "",
            "scales.tre.options[ibland] was removed",
        ),
        ("positive: [ja]", "positive: [ja, nej]", "questions[tolk].positive[1] was added"),
        ("areas: [prov]", "areas: [prov, mer]", "areas[1] was added"),
    ],
)
def test_first_difference_is_told_with_its_place(document, old, new, difference):
    assert old in RULES

    assert first_difference(document, parse(RULES.replace(old, new, 1), "x")) == difference


def test_options_in_another_order_differ(document):
    first, second = (
        '      - {code: van, sv: "En vän", en: "A friend"}\n',
        '      - {code: tolk, sv: "En tolk", en: "An interpreter"}\n',
    )
    turned = parse(RULES.replace(first + second, second + first), "x")

    assert (
        first_difference(document, turned) == "questions[vem_annan].options: the order changed"
    )


def test_equal_documents_do_not_differ(document):
    assert first_difference(document, parse(RULES, "x")) is None

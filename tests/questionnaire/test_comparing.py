"""Two versions: what is declared must be so, and what is not declared must be the same."""

from pathlib import Path

import pytest

from surveyapp.errors import QuestionnaireError
from surveyapp.questionnaire import comparability, parse

RULES = Path("tests/samples/rules.yaml").read_text(encoding="utf-8")
FIRST = parse(RULES, "v1.yaml")

FRIEND = '      - {code: van, sv: "En vän", en: "A friend"}\n'
TOLK = RULES[RULES.index("  - id: tolk\n") : RULES.index("  - id: lyssnar\n")]
WITHOUT_TOLK = {
    TOLK: "",
    **{f"nr: {n}\n": f"nr: {n - 1}\n" for n in (4, 5, 6, 7)},
}
RENAMED = {"id: tolk\n": "id: tolk_2\n"}


def second(replacements, *changes):
    """The sample as version 2 with the replacements and declared changes."""
    text = RULES
    for old, new in replacements.items():
        assert old in text, old
        text = text.replace(old, new, 1)
    block = "".join(f"  - {{{change}}}\n" for change in changes)
    head = "version: 2\nbased_on: 1\n" + (f"changes:\n{block}" if changes else "")
    return parse(text.replace("version: 1\n", head), "v2.yaml")


def rows(new):
    """What `comparability` says, short."""
    return [
        (row.question_old, row.question_new, str(row.kind)) for row in comparability(FIRST, new)
    ]


def fault(new):
    with pytest.raises(QuestionnaireError) as caught:
        comparability(FIRST, new)
    return str(caught.value)


def test_questions_that_are_the_same_are_identical():
    assert rows(second({})) == [(id, id, "identical") for id in FIRST.question_ids]


def test_number_area_reason_and_indicator_may_change_without_a_word():
    new = second(
        {
            "areas: [prov]": "areas: [prov, mer]",
            "area: prov\n    type: text": "area: mer\n    type: text",
            "max_chars: 40": 'max_chars: 40\n    rationale: "Another reason"',
            "IND_LYSSNAR:": "IND_HOR:",
            "indicator: IND_LYSSNAR": "indicator: IND_HOR",
        }
    )

    assert {kind for *_, kind in rows(new)} == {"identical"}


def test_declared_changes_become_rows_in_the_new_order():
    new = second(
        WITHOUT_TOLK | {"Vem är det?": "Vem då?"},
        "type: reword, id: vem_annan, comparability: equivalent, decided_by: city_analyst",
        "type: remove, id: tolk, comparability: ended, note: N",
    )
    found = {row.question_old: row for row in comparability(FIRST, new)}

    assert rows(new)[:4] == [
        ("vem", "vem", "identical"),
        ("vem_annan", "vem_annan", "equivalent"),
        ("tolk", None, "ended"),
        ("lyssnar", "lyssnar", "identical"),
    ]
    assert found["vem_annan"].decided_by == "city_analyst"
    assert found["tolk"].note == "N"


def test_two_ended_questions_in_a_row_keep_their_order():
    start, end = RULES.index("  - id: vem\n"), RULES.index("  - id: lyssnar\n")
    new = second(
        {RULES[start:end]: "", **{f"nr: {n}\n": f"nr: {n - 3}\n" for n in (4, 5, 6, 7)}},
        "type: remove, id: tolk, comparability: ended",
        "type: remove, id: vem, comparability: ended",
        "type: remove, id: vem_annan, comparability: ended",
    )

    assert [old for old, _, _ in rows(new)] == list(FIRST.question_ids)


def test_replaced_question_is_a_break_between_two_ids():
    new = second(RENAMED, "type: replace, old: tolk, new: tolk_2, comparability: break")

    assert rows(new)[2] == ("tolk", "tolk_2", "break")


def test_added_question_is_new():
    new = second(
        {
            "    max_chars: 40\n": "    max_chars: 40\n\n"
            + TOLK.replace("tolk\n", "ny\n").replace("3", "8")
        },
        "type: add, id: ny, comparability: new",
    )

    assert rows(new)[-1] == (None, "ny", "new")


@pytest.mark.parametrize(
    ("replacements", "parts"),
    [
        ({"Vem är det?": "Vem då?"}, '"vem_annan" differs in text.sv'),
        ({"Who is it?": "Who then?"}, '"vem_annan" differs in text.en'),
        ({"Think of today.": "Think of now."}, '"tolk" differs in help.en'),
        (
            {'    help: {sv: "Tänk på i dag.", en: "Think of today."}\n': ""},
            '"tolk" differs in help',
        ),
        ({'"En vän"': '"Vän"'}, '"vem_annan" differs in options'),
        ({'en: "Sometimes"': 'en: "At times"'}, '"lyssnar" differs in options'),  # by its scale
        ({'"We have not spoken"': '"Not spoken"'}, '"lyssnar" differs in options'),
        (
            {"named_officers_per_client >= 2": "named_officers_per_client >= 3"},
            '"namn" differs',
        ),
        ({"positive: [ja]": "positive: [nej]"}, '"tolk" differs in positive'),
        ({"vem_annan in [tolk, van]": "vem_annan == van"}, '"tolk" differs in show_if'),
        ({"answers <= max(1": "answers <= max(2"}, '"antal" differs in derived'),
        ({"max_chars: 40": "max_chars: 50"}, '"mer" differs in max_chars'),
        (WITHOUT_TOLK, '"tolk" is gone; add a change of type "remove" or "replace"'),
        (RENAMED, '"tolk_2" is new; add a change of type "add" or "replace"'),
    ],
)
def test_difference_that_is_not_declared_is_an_error(replacements, parts):
    assert parts in fault(second(replacements))


@pytest.mark.parametrize(
    ("replacements", "change", "message"),
    [
        (
            {},
            "type: reword, id: vem_annan, comparability: equivalent",
            'question "vem_annan" is in "changes" but is the same',
        ),
        (
            {},
            "type: option_added, id: vem_annan, comparability: equivalent",
            'question "vem_annan" is in "changes" but is the same',
        ),
        (
            {"positive: [ja]": "positive: [nej]"},
            "type: reword, id: tolk, comparability: equivalent",
            'question "tolk": a "reword" cannot change positive',
        ),
        (
            {"Vem är det?": "Vem då?"},
            "type: help_text, id: vem_annan, comparability: equivalent",
            'question "vem_annan": a "help_text" cannot change text.sv',
        ),
        (
            {
                FRIEND: '      - {code: granne, sv: "En granne", en: "A neighbour"}\n',
                "[tolk, van]": "[tolk, granne]",
            },
            "type: option_added, id: vem_annan, comparability: equivalent",
            'question "vem_annan": the options of before must all stay as they were',
        ),
        (
            {},
            "type: add, id: tolk, comparability: new",
            '"tolk" is called new but the version before has it; choose a new id',
        ),
        (
            {},
            "type: remove, id: tolken, comparability: ended",
            'a change names "tolken", which the version before does not have',
        ),
    ],
)
def test_declared_change_that_is_not_so_is_an_error(replacements, change, message):
    assert message in fault(second(replacements, change))


def test_option_may_be_added_beside_those_of_before():
    new = second(
        {FRIEND: FRIEND + '      - {code: granne, sv: "En granne", en: "A neighbour"}\n'},
        "type: option_added, id: vem_annan, comparability: equivalent_with_note, note: N",
    )

    assert rows(new)[1] == ("vem_annan", "vem_annan", "equivalent_with_note")


@pytest.mark.parametrize("positive", ["[nej]", "null", "[nej, kanske]"])
def test_option_that_is_added_changes_nothing_of_what_counts(positive):
    words = '      - {code: nej, sv: "Nej", en: "No"}\n    positive: [ja]'
    more = '      - {code: kanske, sv: "Kanske", en: "Maybe"}\n'
    new = {words: words.replace("    positive: [ja]", f"{more}    positive: {positive}")}

    change = "type: option_added, id: tolk, comparability: equivalent"
    assert 'a "option_added" cannot change positive' in fault(second(new, change))
    may_count = {
        words: words.replace("    positive: [ja]", f"{more}    positive: [ja, kanske]")
    }
    assert rows(second(may_count, change))[2] == ("tolk", "tolk", "equivalent")


def test_versions_that_do_not_follow_each_other_are_not_compared():
    with pytest.raises(QuestionnaireError, match="based on prov version None"):
        comparability(FIRST, FIRST)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            "type: reword, id: vem, comparability: break",
            'a change of type "reword" cannot be "break"',
        ),
        (
            "type: add, id: vem, comparability: identical",
            'a change of type "add" cannot be "identical". Possible: new',
        ),
        (
            "type: reword, id: vem, comparability: equivalent_with_note",
            '"equivalent_with_note" needs a note',
        ),
        ("type: add, id: wem, comparability: new", 'there is no question "wem"'),
        (
            "type: remove, id: vem, comparability: ended",
            '"vem" should be gone but is still a question',
        ),
        ("type: replace, id: vem, comparability: break", "names the questions as old and new"),
        ("type: add, id: vem, old: mer, comparability: new", "only a replacement has old and"),
    ],
)
def test_change_that_makes_no_sense_is_told_by_the_file_itself(change, message):
    with pytest.raises(QuestionnaireError, match=r"v2\.yaml:5: changes\[") as caught:
        second({}, change)

    assert message in str(caught.value)


def test_question_in_two_changes_is_told():
    with pytest.raises(QuestionnaireError, match='"vem" is in two changes; keep one'):
        second({}, *["type: reword, id: vem, comparability: equivalent"] * 2)


def test_changes_without_a_version_before_are_told():
    text = RULES.replace(
        "version: 1\n",
        "version: 1\nchanges: [{type: reword, id: vem, comparability: equivalent}]\n",
    )

    with pytest.raises(QuestionnaireError, match='changes need "based_on"'):
        parse(text, "v1.yaml")

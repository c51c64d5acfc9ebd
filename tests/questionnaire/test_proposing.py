"""What a rule proposes for each change, and what then must be declared."""

import pytest

from surveyapp.errors import QuestionnaireError
from surveyapp.questionnaire import comparability, due, structure
from surveyapp.questionnaire.checking import COMPARABILITY_OF
from tests.questionnaire.edited import (
    V1,
    V2,
    after,
    change,
    decided,
    with_answer,
    with_question,
)

FREE = "questions/hel_fritext"


def remove(id):
    return lambda source: structure.remove_question(source, id)


def remove_answer(owner, code):
    return lambda source: structure.remove_option(source, owner, code)


def proposed(new, old=V1):
    """Every change that is due: its type, the proposed class, and whether it needs an id."""
    return {
        each.pair.key: (
            str(each.proposal.type),
            str(each.proposal.kind),
            each.proposal.needs_new_id,
        )
        for each in due(old, new)
    }


def test_rule_proposes_what_the_city_decided_about_the_second_version():
    said = {
        structure.change_key({"id": c.id, "old": c.old, "new": c.new}): (
            str(c.type),
            str(c.comparability),
            False,
        )
        for c in V2.changes
    }

    assert proposed(V2) == said


def test_nothing_is_due_where_nothing_changed():
    assert due(V1, after(V1)) == []


@pytest.mark.parametrize(
    ("act", "type", "kind", "reason"),
    [
        (
            change("questions/hel_nojd/help/fi", "Uusi ohje."),
            "help_text",
            "equivalent_with_note",
            "what helps people to answer it is another text",
        ),
        (
            change("questions/hel_nojd/text/fi", "Oletko tyytyväinen?"),
            "reword",
            "equivalent",
            "in other words, with the same answers",
        ),
        (
            change("questions/bak_kon/options/annat/sv", "Något annat"),
            "reword",
            "equivalent_with_note",
            "The words of an answer are changed",
        ),
        (
            with_answer("til_vag", "brev"),
            "option_added",
            "equivalent_with_note",
            "one more answer",
        ),
        (change(f"{FREE}/max_chars", "500"), "reword", "equivalent_with_note", "another room"),
        (remove("bem_info"), "remove", "ended", "not asked any more"),
        (with_question("ny"), "add", "new", "not asked before"),
    ],
)
def test_change_that_keeps_the_question(act, type, kind, reason):
    (only,) = due(V1, after(V1, act))

    assert (str(only.proposal.type), str(only.proposal.kind)) == (type, kind)
    assert not only.proposal.needs_new_id
    assert reason in only.proposal.reason


def test_commas_and_capitals_are_told_apart_from_other_words():
    text = V1.question("hel_nojd").text["sv"]
    (only,) = due(V1, after(V1, change("questions/hel_nojd/text/sv", text.upper() + "!")))

    assert only.proposal.reason == "Only spelling or punctuation is changed."


BREAKING = {
    "answer gone": remove_answer("questions/til_vag", "skriftligt"),
    "answer of another kind": change("questions/bak_kon/options/annat/kind", "not_applicable"),
    "answer in other units": change(
        "questions/kon_vet_namn/options/ja_nagon/visible_if",
        "unit.named_officers_per_client >= 3",
    ),
    "order of the answers": lambda s: structure.move_option(
        s, "questions/bak_kon", "annat", -1
    ),
    "positive": change("questions/bem_lyssnar/positive/ibland", "true"),
    "another scale": lambda s: structure.use_scale(s, "bem_paverka", "frekvens5"),
    "routing": change("questions/bak_hjalpare/show_if/codes/annan", ""),
    "no routing": change("questions/bak_hjalpare/show_if/question", ""),
    "derived": change(
        "questions/kon_antal/derived/share",
        "answers <= max(2, unit.named_officers_per_client)",
    ),
}


@pytest.mark.parametrize("act", BREAKING.values(), ids=BREAKING)
def test_change_that_makes_another_question_needs_another_id(act):
    new = after(V1, act)
    (only,) = due(V1, new)
    declared = after(V1, act, decided("reword", "equivalent", only.pair.key, note="Nej."))

    assert (str(only.proposal.type), str(only.proposal.kind)) == ("replace", "break")
    assert only.proposal.needs_new_id
    assert not due(V1, declared)[0].is_decided
    with pytest.raises(QuestionnaireError, match=f'question "{only.pair.key}"'):
        comparability(V1, declared)


def test_new_answer_may_count_as_positive():
    act = (
        with_answer("kon_byte", "aldrig_haft"),
        change("questions/kon_byte/positive/aldrig_haft", "true"),
    )
    declared = decided(
        "option_added", "equivalent_with_note", "kon_byte", note="Ett svar till."
    )

    assert proposed(after(V1, *act)) == {
        "kon_byte": ("option_added", "equivalent_with_note", False)
    }
    assert comparability(V1, after(V1, *act, declared))


def test_change_to_a_scale_is_due_for_each_of_its_questions():
    new = after(V1, remove_answer("scales/frekvens5", "ibland"))
    questions = [question.id for question in V1.questions if question.scale == "frekvens5"]

    assert proposed(new) == dict.fromkeys(questions, ("replace", "break", True))


def test_every_proposal_is_a_class_that_its_type_may_have():
    acts = [
        change("questions/hel_nojd/help/fi", "Uusi ohje."),
        with_answer("til_vag", "brev"),
        remove("bem_info"),
        with_question("ny"),
        *BREAKING.values(),
    ]

    for each in (each for act in acts for each in due(V1, after(V1, act))):
        assert each.proposal.kind in COMPARABILITY_OF[each.proposal.type]


def test_decision_counts_as_long_as_it_is_about_what_differs():
    help_only = change("questions/hel_nojd/help/fi", "Uusi ohje.")
    said = decided("help_text", "equivalent_with_note", "hel_nojd", note="Ny hjälp.")
    wider = change("questions/hel_nojd/text/fi", "Oletko tyytyväinen?")

    assert not due(V1, after(V1, help_only))[0].is_decided
    assert due(V1, after(V1, help_only, said))[0].is_decided
    assert not due(V1, after(V1, help_only, said, wider))[0].is_decided


def test_length_of_an_answer_in_words_may_be_declared():
    said = decided("reword", "equivalent_with_note", "hel_fritext", note="Kortare.")
    rows = comparability(V1, after(V1, change(f"{FREE}/max_chars", "500"), said))

    assert str(rows[-1].kind) == "equivalent_with_note"

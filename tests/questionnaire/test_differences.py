"""What differs between any two versions: per question, per language, word by word."""

import pytest

from surveyapp.questionnaire import Questionnaire, as_source, differences, structure
from surveyapp.questionnaire.differences import words
from tests.questionnaire.edited import V1, V2, after, change, with_answer

SHARE = "answers <= max(2, unit.named_officers_per_client)"


def found(old, new, between=()):
    """Every question that differs: what of it, in which language, of which answer."""
    return {
        pair.key: [
            ":".join(filter(None, (each.part, each.language, each.name)))
            for each in pair.differences
        ]
        for pair in differences(old, new, between).pairs
        if pair.old is None or pair.new is None or pair.differences
    }


def reordered(source):
    return structure.move_option(source, "questions/til_vag", "skriftligt", -1)


def without_letters(source):
    return structure.remove_option(source, "questions/til_vag", "skriftligt")


def test_shipped_versions_differ_in_what_the_second_declares():
    every = ["text:sv", "text:sv-LL", "text:fi", "text:en"]

    assert found(V1, V2) == {
        "bem_respekt": every,
        "bem_sprak": [],
        "kon_antal>kon_antal_uppf": every,
        "kon_byte": [],
        "kon_betydelse": [],
        "til_latt_kontakt": [each.replace("text", "help") for each in every],
        "til_vag": ["option_added:videosamtal"],
        "hel_trygg>hel_trygg_4": ["option_removed:varken", "scale"],
    }


def test_question_that_ended_stands_where_it_was():
    keys = [pair.key for pair in differences(V1, V2).pairs]

    assert keys.index("kon_byte") == keys.index("kon_antal>kon_antal_uppf") + 1
    assert len(keys) == 21


def test_replacement_that_nobody_has_named_is_an_end_and_a_beginning():
    unnamed = V2.model_copy(update={"changes": ()})

    keys = {pair.key: pair for pair in differences(V1, unnamed).pairs}

    assert keys["hel_trygg"].new is None
    assert keys["hel_trygg_4"].old is None


def test_versions_further_apart_follow_the_replacements_between_them():
    third = after(V2, lambda s: structure.replace_question(s, "hel_trygg_4", "hel_trygg_3"))

    assert "hel_trygg" in found(V1, third)
    assert "hel_trygg>hel_trygg_3" in found(V1, third, [V2])
    assert "kon_antal>kon_antal_uppf" in found(V1, third, [V2])


@pytest.mark.parametrize(
    ("act", "parts"),
    [
        (change("questions/bem_respekt/text/fi", "Kunnioittaako hän?"), ["text:fi"]),
        (change("questions/hel_klagomal/help/sv", "Ny hjälp."), ["help:sv"]),
        (change("questions/bak_kon/options/kvinna/en", "A woman"), ["option_text:en:kvinna"]),
        (
            change("questions/bak_kon/options/annat/kind", "not_applicable"),
            ["option_kind:annat"],
        ),
        (reordered, ["option_order"]),
        (without_letters, ["option_removed:skriftligt"]),
        (change("questions/bem_lyssnar/positive/ibland", "true"), ["positive"]),
        (change("questions/hel_fritext/max_chars", "500"), ["max_chars"]),
        (change("questions/bak_hjalpare/show_if/codes/annan", ""), ["routing"]),
        (change("questions/bak_kon/short_form", "true"), ["short_form"]),
        (change("questions/hel_klagomal/area", "avslutning"), ["area"]),
        (change("questions/kon_antal/derived/share", SHARE), ["derived"]),
        (with_answer("bak_kon", "icke_binar"), ["option_added:icke_binar"]),
        (lambda source: structure.own_options(source, "bem_info"), ["scale"]),
        (lambda source: structure.move_question(source, "hel_nojd", 1), ["moved"]),
    ],
)
def test_what_was_done_to_a_question_is_found_and_nothing_else(act, parts):
    (only,) = found(V1, after(V1, act)).values()

    assert only == parts


def test_answers_of_a_scale_change_for_each_of_its_questions():
    new = after(V1, change("scales/frekvens5/options/ibland/sv", "Då och då"))

    questions = [question.id for question in V1.questions if question.scale == "frekvens5"]
    assert found(V1, new) == {id: ["option_text:sv:ibland"] for id in questions}


def test_order_in_which_codes_are_written_says_nothing():
    source = as_source(V1)
    by_id = {question["id"]: question for question in source["questions"]}
    by_id["bem_respekt"]["positive"].reverse()
    by_id["bak_hjalpare"]["show_if"] = "bak_svarar in [annan, med_hjalp]"

    assert found(V1, Questionnaire.model_validate(source)) == {}


def test_only_the_question_that_was_moved_has_moved():
    new = after(V1, *[lambda source: structure.move_question(source, "hel_klagomal", -1)] * 10)

    assert found(V1, new) == {"hel_klagomal": ["moved"]}


def test_what_is_around_the_questions_is_told_by_language():
    new = after(
        V1,
        change("texts/title/fi", "Otsikko"),
        change("texts/practice/sv/a/0", "Gul"),
        change("owner", "staden"),
        change("recall/months", "6"),
        change("indicator_labels/IND_NOJD", "Andel nöjda"),
    )

    told = [
        (str(each.part), each.name, each.language, each.becomes)
        for each in differences(V1, new).around
    ]

    assert told == [
        ("around", "title", "fi", "Otsikko"),
        ("around", "practice.a.1", "sv", "Gul"),
        ("head", "owner", "", "staden"),
        ("head", "recall.months", "", "6"),
        ("head", "indicator_labels.IND_NOJD", "", "Andel nöjda"),
    ]


def test_language_in_one_version_only_is_told_once():
    less = after(V1, lambda source: structure.remove_language(source, "fi"))

    for old, new in ((V1, less), (less, V1)):
        assert found(old, new) == {}
        assert [(str(d.part), d.language) for d in differences(old, new).around] == [
            ("language", "fi")
        ]


@pytest.mark.parametrize(
    ("was", "becomes"),
    [
        ("Bemöter hon dig med respekt?", "Bemöter hon dig på ett respektfullt sätt?"),
        ("", "Helt ny text."),
        ("Helt gammal text.", ""),
        ("Rad ett.\nRad två.", "Rad ett.\nRad tre, och fyra."),
        ("هل أنت راض؟", "هل أنت راض عن الاتصال؟"),
    ],
)
def test_pieces_of_words_put_together_are_both_texts(was, becomes):
    pieces = words(was, becomes)

    assert "".join(piece.text for piece in pieces if piece.is_old) == was
    assert "".join(piece.text for piece in pieces if piece.is_new) == becomes
    assert all(piece.is_old or piece.is_new for piece in pieces)

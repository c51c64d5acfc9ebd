"""Writing a version field by field and part by part, alone and beside others."""

from copy import deepcopy
from pathlib import Path

import pytest

from surveyapp.errors import DraftError
from surveyapp.questionnaire import (
    Conflict,
    Edit,
    Questionnaire,
    as_source,
    examined,
    find_all,
    structure,
    write,
)
from surveyapp.questionnaire.editing import apply, read, text_rows
from tests.questionnaire.second_version import steps

FOLDER = Path("questionnaires/kontakt-bistandshandlaggare")
V1, V2 = find_all(Path("questionnaires"))
SOURCE = as_source(V1)


def edited(source, place, becomes):
    """The source with one field changed by somebody who saw it as it is."""
    becoming, conflicts = apply(source, [Edit(place, read(source, place), becomes)])
    assert conflicts == []
    return becoming


def done(source, step):
    """The source after one thing that an author does."""
    if step.what == "write":
        return edited(source, *step.given)
    return getattr(structure, step.what)(source, *step.given)


def faults(source):
    return [(fault.place, str(fault)) for fault in examined(source).faults]


def test_second_version_is_made_out_of_the_first_to_the_letter():
    source = structure.next_version(V1)
    for step in steps(as_source(V2)):
        source = done(source, step)

    document = examined(source).document
    assert faults(source) == []
    assert write(document) == (FOLDER / "v2.yaml").read_text(encoding="utf-8")


def test_a_draft_begins_as_the_version_before():
    document = examined(structure.next_version(V2)).document

    assert (document.version, document.based_on, document.changes) == (3, 2, ())
    assert document.questions == V2.questions
    assert document.reason is None


def test_every_text_around_the_questions_has_a_place():
    source = deepcopy(SOURCE)
    for language in V1.languages:
        for _, row in text_rows():
            if language == "sv" or not row.startswith("texts/officer_done"):
                assert read(source, row.format(language))
                source = edited(source, row.format(language), "Ord")
    texts = write(Questionnaire.model_validate(source)).partition("\ntexts:\n")[2]
    texts = texts.partition("\nscales:\n")[0]

    assert set(texts.replace('"', "").split()) & {"Tack", "Kiitos", "Thank", "Börja"} == set()


def test_what_somebody_else_changed_is_not_written_over():
    place = "questions/bem_respekt/text/sv"
    theirs = edited(SOURCE, place, "Deras ord?")
    mine = [
        Edit(place, V1.question("bem_respekt").text["sv"], "Mina ord?"),
        Edit("owner", "äldreförvaltningen", "staden"),
    ]
    both, conflicts = apply(theirs, mine)

    assert conflicts == [Conflict(place, "Deras ord?", "Mina ord?")]
    assert (read(both, place), read(both, "owner")) == ("Deras ord?", "staden")
    assert SOURCE["owner"] == "äldreförvaltningen"


def test_what_was_left_as_it_was_seen_does_not_stand_in_the_way():
    theirs = edited(SOURCE, "owner", "staden")
    seen = Edit("owner", "äldreförvaltningen\r\n", "äldreförvaltningen")

    assert apply(theirs, [seen]) == (theirs, [])


def test_what_one_sent_before_and_nobody_answered_is_ones_own():
    seen, before = "äldreförvaltningen", "staden"
    for now in (seen, before):
        source = edited(SOURCE, "owner", now)
        becoming, conflicts = apply(source, [Edit("owner", seen, "kommunen", before)])
        assert (becoming["owner"], conflicts) == ("kommunen", [])
    back = apply(edited(SOURCE, "owner", before), [Edit("owner", seen, seen, before)])
    assert back[0]["owner"] == seen
    assert apply(edited(SOURCE, "owner", "landet"), [Edit("owner", seen, "x", before)])[1]


def test_what_somebody_else_made_the_same_is_no_conflict():
    theirs = edited(SOURCE, "owner", "staden")

    assert apply(theirs, [Edit("owner", "äldreförvaltningen", "staden")]) == (theirs, [])


def test_a_question_that_is_gone_is_told():
    gone = structure.remove_question(SOURCE, "kon_byte")
    edit = Edit("questions/kon_byte/text/sv", "Har du ...", "Fick du?")

    assert apply(gone, [edit])[1] == [Conflict(edit.place, None, "Fick du?")]
    with pytest.raises(DraftError, match="kon_byte"):
        structure.move_question(gone, "kon_byte", 1)


@pytest.mark.parametrize(
    "place",
    [
        *("version", "key", "based_on", "changes", "questions", "languages", "nonsense"),
        *("questions/bem_respekt/id", "questions/bem_respekt/text/de", "texts/title"),
        *("questions/til_vag/options/telefon/code", "texts/practice/sv/a/2", "texts/x/sv"),
        *("scales/frekvens5", "questions/bem_respekt/nr", "../owner", ""),
    ],
)
def test_only_fields_can_be_written(place):
    with pytest.raises(DraftError):
        apply(SOURCE, [Edit(place, "", "x")])


def test_what_is_emptied_is_left_out():
    source = SOURCE
    for language in V1.languages:
        source = edited(source, f"questions/bem_respekt/help/{language}", "  \r\n ")

    assert "help" not in source["questions"][2]
    assert faults(source) == []


def test_text_is_stored_in_one_form():
    source = edited(SOURCE, "owner", " A\u030aldre \r\n  och  \r\n")

    assert source["owner"] == "Åldre\n  och"


def test_numbers_boxes_lists_and_routes():
    source = edited(SOURCE, "questions/hel_fritext/max_chars", "500")
    source = edited(source, "questions/hel_fritext/max_chars", "500")
    source = edited(source, "questions/bem_info/short_form", "true")
    source = edited(source, "questions/bem_info/source", "S1\r\n\r\n S2 ")
    source = edited(source, "questions/bem_info/show_if/question", "bak_svarar")
    source = edited(source, "questions/bem_info/show_if/codes/annan", "true")
    source = edited(source, "questions/bem_info/show_if/codes/sjalv", "true")
    source = edited(source, "questions/hel_nojd/positive/varken", "true")
    source = edited(source, "recall/only_in/kon_byte", "")
    document = examined(source).document
    info = document.question("bem_info")

    assert document.question("hel_fritext").max_chars == 500
    assert (info.short_form, info.source) == (True, ("S1", "S2"))
    assert str(info.show_if) == "bak_svarar in [sjalv, annan]"
    assert document.question("hel_nojd").positive == ("mycket_nojd", "ganska_nojd", "varken")
    assert document.recall.only_in == ("kon_antal",)
    assert read(source, "questions/bem_info/show_if/codes/annan") == "true"

    source = edited(source, "questions/bem_info/show_if/question", "")
    for code in document.question("hel_nojd").positive:
        source = edited(source, f"questions/hel_nojd/positive/{code}", "")
    assert "show_if" not in source["questions"][5]
    assert source["questions"][15]["positive"] is None


def test_what_cannot_be_right_is_kept_and_told():
    source = edited(SOURCE, "questions/hel_fritext/max_chars", "många")
    source = edited(source, "questions/bem_info/show_if/question", "bak_svarar")

    assert read(source, "questions/hel_fritext/max_chars") == "många"
    assert examined(source).document is None
    assert {place for place, _ in faults(source)} == {
        "questions/bem_info/show_if",
        "questions/hel_fritext/max_chars",
    }


def test_faults_name_their_field():
    source = edited(SOURCE, "questions/til_vag/options/direktnummer/fi", "")
    source = edited(source, "scales/frekvens5/options/oftast/en", "")
    source = edited(source, "texts/title/fi", "A\u200bB")

    assert faults(source) == [
        ("texts/title/fi", "the invisible sign U+200B is not allowed; remove it"),
        ("scales/frekvens5/options/oftast", 'the text in "en" is missing; add it'),
        ("questions/til_vag/options/direktnummer", 'the text in "fi" is missing; add it'),
    ]


def test_removing_a_question_leaves_nothing_of_it():
    source = structure.remove_question(SOURCE, "hel_trygg")
    source = structure.remove_question(source, "kon_byte")
    source = structure.remove_question(source, "kon_antal")

    assert faults(source) == []
    assert not {"recall", "hel_trygg", "IND_TRYGGHET", "IND_ANTAL"} & {
        *source,
        *source["indicator_labels"],
    }
    assert [question["nr"] for question in source["questions"]] == list(range(1, 17))


def test_a_replacement_keeps_place_routes_and_recall():
    source = structure.replace_question(SOURCE, "bak_svarar", "bak_vem")
    source = structure.replace_question(source, "kon_antal", "kon_antal_ny")
    source["based_on"], source["version"] = 1, 2

    assert faults(source) == []
    assert source["questions"][1]["show_if"] == "bak_vem in [med_hjalp, annan]"
    assert source["recall"]["only_in"] == ["kon_antal_ny", "kon_byte"]
    assert [structure.change_key(change) for change in source["changes"]] == [
        "bak_svarar>bak_vem",
        "kon_antal>kon_antal_ny",
    ]
    assert "changes" not in structure.remove_question(
        structure.remove_question(source, "bak_vem"), "kon_antal_ny"
    )


def test_a_new_question_can_be_called_something_else():
    source = structure.add_question(SOURCE, "ny", "bakgrund", "text")
    source = structure.decide(source, {"type": "add", "id": "ny", "comparability": "new"})
    source = structure.rename_question(source, "ny", "nyare")

    assert source["questions"][0]["id"] == source["changes"][0]["id"] == "nyare"
    assert source["questions"][0]["max_chars"] == 1000
    with pytest.raises(DraftError, match="already"):
        structure.rename_question(source, "nyare", "bem_respekt")


def test_moving_stops_at_the_ends():
    first, last = V1.question_ids[0], V1.question_ids[-1]
    source = structure.move_question(SOURCE, first, -1)
    source = structure.move_question(source, last, 1)
    moved = structure.move_question(source, first, 1)
    option = structure.move_option(moved, "scales/frekvens5", "oftast", -1)

    assert source == SOURCE
    assert [question["id"] for question in moved["questions"][:2]] == [
        V1.question_ids[1],
        first,
    ]
    assert [o["code"] for o in option["scales"]["frekvens5"]["options"]][:2] == [
        "oftast",
        "alltid",
    ]


def test_options_of_a_scale_and_of_a_question():
    source = structure.add_scale(SOURCE, "ja_nej")
    source = structure.add_option(source, "scales/ja_nej", "ja")
    source = structure.use_scale(source, "hel_nojd", "ja_nej")
    assert source["questions"][15]["positive"] is None
    with pytest.raises(DraftError, match="hel_nojd"):
        structure.remove_scale(source, "ja_nej")
    source = structure.add_option(source, "questions/hel_nojd", "annat")
    assert source["questions"][15]["extra_option"] == {"code": "annat"}
    source = structure.own_options(source, "hel_nojd")
    assert source["questions"][15]["options"] == [{"code": "ja"}, {"code": "annat"}]
    source = structure.remove_scale(source, "ja_nej")
    source = structure.remove_option(source, "questions/hel_nojd", "ja")

    assert source["questions"][15]["options"] == [{"code": "annat"}]
    assert "ja_nej" not in source["scales"]


def test_an_option_that_is_taken_away_is_not_positive_either():
    source = structure.remove_option(SOURCE, "scales/frekvens5", "oftast")

    positive = [q["positive"] for q in source["questions"] if q.get("scale") == "frekvens5"]
    assert positive.count(["alltid"]) == 2
    assert not any("oftast" in codes for codes in positive)


def test_languages_come_and_go_with_their_texts():
    source = structure.add_language(SOURCE, "ar")
    missing = [place for place, message in faults(source) if '"ar" is missing' in message]
    assert len(missing) > 100
    source = structure.remove_language(source, "ar")
    assert source == SOURCE
    for language in ("sv-LL", "fi", "en"):
        source = structure.remove_language(source, language)

    assert faults(source) == []
    with pytest.raises(DraftError, match="sv"):
        structure.remove_language(source, "sv")


def test_a_language_may_have_the_name_of_a_key():
    source = structure.add_language(structure.add_language(SOURCE, "id"), "no")
    source = structure.remove_language(structure.remove_language(source, "id"), "no")

    assert source == SOURCE


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("add_question", ("Ny fråga", "bakgrund", "single")),
        ("add_question", ("a" * 41, "bakgrund", "single")),
        ("add_question", ("bem_info", "bakgrund", "single")),
        ("add_question", ("ny", "bakgrund", "single", "after")),
        ("add_option", ("questions/til_vag", "min kod")),
        ("add_option", ("questions/til_vag", "direktnummer")),
        ("add_option", ("scales/x", "telefon")),
        ("remove_option", ("questions/til_vag", "x")),
        ("own_options", ("til_vag",)),
        ("add_scale", ("frekvens5",)),
        ("add_language", ("sv",)),
        ("add_language", ("svenska",)),
        ("add_area", ("bakgrund",)),
        ("remove_area", ("bakgrund",)),
        ("remove_area", ("x",)),
    ],
    ids=str,
)
def test_what_cannot_be_done_is_refused_in_words(name, given):
    before = deepcopy(SOURCE)
    with pytest.raises(DraftError):
        getattr(structure, name)(SOURCE, *given)

    assert before == SOURCE


def test_areas_come_and_go():
    source = structure.remove_area(structure.add_area(SOURCE, "ny"), "ny")

    assert source == SOURCE


def test_decisions_are_kept_in_the_order_they_were_made():
    first = {"type": "reword", "id": "bem_respekt", "comparability": "equivalent", "note": ""}
    second = {"type": "reword", "id": "bem_info", "comparability": "equivalent"}
    source = structure.decide(structure.decide(SOURCE, first), second)
    again = structure.decide(source, first | {"note": "Samma."})

    assert [change["id"] for change in again["changes"]] == ["bem_respekt", "bem_info"]
    assert again["changes"][0]["note"] == "Samma."
    assert "note" not in source["changes"][0]
    assert "changes" not in structure.undecide(
        structure.undecide(again, "bem_info"), "bem_respekt"
    )

"""The shipped questionnaire is what the city decided: questions, order, figures, wording."""

from pathlib import Path

import pytest

from surveyapp.questionnaire import (
    OptionKind,
    asked,
    comparability,
    completed,
    content_hash,
    find_all,
)

FIRST, SECOND = find_all(Path("questionnaires"))
BOTH = pytest.mark.parametrize("document", [FIRST, SECOND], ids=["v1", "v2"])

ORDER = {
    1: """
        bak_svarar bak_hjalpare
        bem_respekt bem_lyssnar bem_paverka bem_info
        kon_vet_namn kon_antal kon_byte kon_beratta_om
        til_latt_kontakt til_vag til_aldre_direkt til_ateruppringd
        hel_trygg hel_nojd hel_klagomal
        bak_kon hel_fritext
    """,
    2: """
        bak_svarar bak_hjalpare
        bem_respekt bem_lyssnar bem_sprak bem_paverka bem_info
        kon_vet_namn kon_antal_uppf kon_betydelse kon_beratta_om
        til_latt_kontakt til_vag til_aldre_direkt til_ateruppringd
        hel_trygg_4 hel_nojd hel_klagomal
        bak_kon hel_fritext
    """,
}

POSITIVE = {
    "bem_respekt": "alltid oftast",
    "bem_lyssnar": "alltid oftast",
    "bem_paverka": "ja_helt",
    "bem_info": "mycket_latt ganska_latt",
    "kon_vet_namn": "ja ja_nagon",
    "kon_byte": "nej",
    "kon_beratta_om": "sallan aldrig",  # the reversed question
    "til_latt_kontakt": "mycket_latt ganska_latt",
    "til_aldre_direkt": "ja_helt",
    "til_ateruppringd": "ja",
    "hel_trygg": "mycket_trygg ganska_trygg",
    "hel_nojd": "mycket_nojd ganska_nojd",
    "hel_klagomal": "ja",
}

# Both ids where they differ, the class, and whether people are told something.
COMPARABILITY = """
    bak_svarar identical
    bak_hjalpare identical
    bem_respekt equivalent
    bem_lyssnar identical
    -/bem_sprak new
    bem_paverka identical
    bem_info identical
    kon_vet_namn identical
    kon_antal/kon_antal_uppf break
    kon_byte/- ended
    -/kon_betydelse new
    kon_beratta_om identical
    til_latt_kontakt equivalent_with_note
    til_vag equivalent_with_note
    til_aldre_direkt identical
    til_ateruppringd identical
    hel_trygg/hel_trygg_4 break
    hel_nojd identical
    hel_klagomal identical
    bak_kon identical
    hel_fritext identical
"""

HASHES = {
    1: "8164b45f9ab1e6602b0f87f1498f5584bdbe787a37713b66e326e78b22d7d933",
    2: "fea7ba2f49f534d606a0e65e4e603863e72853e2c408ceb8e5bb3190cf762489",
}


def codes(document, question, named_officers=1):
    return [o.code for o in document.question(question).options_for(named_officers)]


@BOTH
def test_head_is_the_same_in_both_versions(document):
    assert document.key == "kontakt-bistandshandlaggare"
    assert document.owner == "äldreförvaltningen"
    assert document.languages == ("sv", "sv-LL", "fi", "en")
    assert (document.minutes.full, document.minutes.short) == ("6-8", "3")


@BOTH
def test_questions_stand_in_the_decided_order(document):
    assert document.question_ids == tuple(ORDER[document.version].split())


def test_first_version_has_19_questions_and_the_second_20():
    assert (len(FIRST.questions), len(SECOND.questions)) == (19, 20)


@BOTH
def test_17_or_18_questions_are_shown_to_most_people(document):
    assert len(asked(document, {}, short=False)) == len(document.questions) - 2


@BOTH
def test_short_form_has_its_seven_questions(document):
    trygg = "hel_trygg" if document.version == 1 else "hel_trygg_4"

    assert document.short_form == (
        "bak_svarar",
        "bem_respekt",
        "bem_lyssnar",
        "kon_vet_namn",
        "til_latt_kontakt",
        trygg,
        "hel_nojd",
    )


@BOTH
def test_indicators_belong_to_their_questions(document):
    second = document.version == 2

    assert {code: question.id for code, question in document.indicators.items()} == {
        "IND_BEMOTANDE": "bem_respekt",
        "IND_NAMNGIVEN": "kon_vet_namn",
        "IND_ANTAL": "kon_antal_uppf" if second else "kon_antal",
        "IND_TILLGANGLIGHET": "til_latt_kontakt",
        "IND_TVA_DAGAR": "til_ateruppringd",
        "IND_TRYGGHET": "hel_trygg_4" if second else "hel_trygg",
        "IND_NOJD": "hel_nojd",
    }


def test_positive_answers_of_the_first_version():
    found = {q.id: " ".join(q.positive) for q in FIRST.questions if q.positive}

    assert found == POSITIVE


def test_positive_answers_of_the_second_version():
    replaced = {"hel_trygg_4": POSITIVE["hel_trygg"], "bem_sprak": "alltid oftast"}
    gone = {"kon_byte", "hel_trygg"}
    found = {q.id: " ".join(q.positive) for q in SECOND.questions if q.positive}

    assert found == {id: codes for id, codes in POSITIVE.items() if id not in gone} | replaced


@BOTH
def test_follow_ups_are_shown_after_their_answers_only(document):
    routed = {q.id: str(q.show_if) for q in document.questions if q.show_if}

    assert routed == {
        "bak_hjalpare": "bak_svarar in [med_hjalp, annan]",
        "til_aldre_direkt": "til_vag == aldre_direkt",
    }


@BOTH
def test_not_sure_is_a_real_answer_about_what_one_knows(document):
    for id in ("kon_vet_namn", "hel_klagomal"):
        assert "osaker" in document.question(id).valid_codes


@BOTH
def test_dont_know_is_last_and_the_extra_option_just_before(document):
    assert codes(document, "kon_beratta_om")[-3:] == ["aldrig", "ej_aktuellt", "vet_ej"]
    assert codes(document, "til_latt_kontakt")[-3:] == ["mycket_svart", "ej_forsokt", "vet_ej"]


@BOTH
def test_name_of_one_of_several_is_asked_in_teams_only(document):
    assert codes(document, "kon_vet_namn", 1) == ["ja", "nej", "osaker"]
    assert codes(document, "kon_vet_namn", 3) == ["ja", "ja_nagon", "nej", "osaker"]


@pytest.mark.parametrize(("named", "within"), [(1, 9), (3, 58)])
def test_number_of_officers_is_judged_by_the_units_own_number(named, within):
    """The team unit with three named officers: 58 of 63 within, 9 with the rule for one."""
    answers = {"0": 0, "1": 9, "2": 21, "3": 28, "4plus": 5}
    question = FIRST.question("kon_antal")

    assert question.valid_codes == tuple(answers)
    assert sum(n for c, n in answers.items() if question.derived.within(c, named)) == within


def test_second_version_drops_the_middle_step_of_security():
    first, second = (
        {option.code: option.text for option in document.question(id).options}
        for document, id in ((FIRST, "hel_trygg"), (SECOND, "hel_trygg_4"))
    )

    assert first.pop("varken")
    assert second == first


def test_second_version_adds_the_video_call_after_letters():
    added = codes(SECOND, "til_vag")
    added.remove("videosamtal")

    assert codes(SECOND, "til_vag")[3:5] == ["skriftligt", "videosamtal"]
    assert added == codes(FIRST, "til_vag")


def test_twelve_months_are_asked_about_in_the_first_version_only():
    assert (FIRST.recall.months, FIRST.recall.only_in) == (12, ("kon_antal", "kon_byte"))
    assert SECOND.recall is None


def test_comparability_is_the_decided_table():
    rows = []
    for row in comparability(FIRST, SECOND):
        ids = dict.fromkeys((row.question_old or "-", row.question_new or "-"))
        rows.append(f"{'/'.join(ids)} {row.kind}")

    assert rows == [line.strip() for line in COMPARABILITY.strip().splitlines()]


def test_note_and_decision_follow_the_question():
    rows = {row.question_old: row for row in comparability(FIRST, SECOND)}

    assert rows["bem_respekt"].decided_by == "city_analyst"
    assert "Äldre direkt" in rows["til_latt_kontakt"].note
    assert rows["hel_nojd"].note is None


@BOTH
def test_easy_read_keeps_its_lines(document):
    promise = document.texts.intro_2_promise

    assert promise["sv-LL"].splitlines()[:2] == [
        "Du bestämmer om du vill svara.",
        "Du kan hoppa över frågor.",
    ]
    assert "\n" not in promise["sv"]


@BOTH
def test_texts_take_their_numbers(document):
    for language in document.languages:
        texts = document.texts
        assert "10" in texts.intro_2_promise[language].format(min_n=10) or language == "sv-LL"
        assert "3" in texts.progress[language].format(n=3, total=17)
        assert "17" in texts.review[language].format(n=3, total=17)
        assert "4" in texts.few_more[language].q.other.format(n=4)
        assert "1000" in texts.too_long[language].format(n=1000)


@BOTH
def test_right_answer_of_the_practice_is_the_last(document):
    for practice in document.texts.practice.values():
        assert practice.a[1] in practice.q


@BOTH
def test_wishes_not_to_answer_are_outside_the_denominator(document):
    kinds = {o.code: o.kind for q in document.questions for o in q.options}

    for code in ("vet_ej", "minns_ej", "vill_ej"):
        assert kinds[code] is OptionKind.DONT_KNOW
    for code in ("ej_aktuellt", "ej_forsokt", "ej_tagit", "ej_lamnat"):
        assert kinds[code] is OptionKind.NOT_APPLICABLE


def test_visit_of_the_first_scenario_is_stored_as_told():
    """Alone, by own hand: 15 answers, one skipped, the words left empty, 2 not shown."""
    given = {
        question.id: question.options_for(1)[0].code
        for question in asked(FIRST, {}, short=False)
        if question.type == "single" and question.id != "bem_info"
    }
    given["til_vag"] = "enhet_telefon"

    entries = completed(FIRST, given | {"hel_fritext": ""}, named_officers=1).answers.values()

    assert sum(entry.value is not None for entry in entries) == 15
    assert [str(e.missing) for e in entries if e.missing] == [
        "not_shown",
        "skipped",
        "not_shown",
        "skipped",
    ]


def test_stop_after_nine_questions_leaves_eight_stopped():
    given = {
        id: FIRST.question(id).options_for(1)[0].code
        for id in FIRST.question_ids[: FIRST.question_ids.index("til_latt_kontakt")]
        if id != "bak_hjalpare"
    }

    entries = completed(FIRST, given, named_officers=1, stopped=True).answers.values()

    assert len(given) == 9
    assert [str(e.missing) for e in entries].count("stopped") == 8
    assert [str(e.missing) for e in entries].count("not_shown") == 2


@BOTH
def test_file_is_not_changed_by_accident(document):
    """A published version is locked: a change, a spelling too, is a new version."""
    assert content_hash(document) == HASHES[document.version]

"""XLSForms that others made: what is read, what is left out with a word, what is refused."""

import pytest

from surveyapp.errors import ExchangeRefused
from surveyapp.exchange.xlsform import read_xlsform
from surveyapp.questionnaire import Questionnaire
from tests.exchange.books import YES_NO, book, rules, small

ODK = {
    "survey": [
        ["type", "name", "label::Svenska (sv)", "label::English (en)", "hint::English (en)",
         "relevant", "required", "constraint", "appearance", "calculation"],
        ["start", "start"],
        ["deviceid", "device"],
        ["note", "welcome", "Välkommen!", "Welcome!"],
        ["begin_group", "prov", "Kontakten", "The contact"],
        ["select_one yesno", "contact", "Har du haft kontakt?", "Have you had contact?",
         "This year.", None, "yes", None, "minimal"],
        ["begin_group", "more", None, None, None, "${contact} = 'yes'"],
        ["select_one how", "way", "Hur gick det till?", "In which way?"],
        ["end_group"],
        ["end_group"],
        ["calculate", "score", None, None, None, None, None, None, None, "if(1, 2, 3)"],
        ["text", "words", "Något mer?", "Anything more?", None,
         "selected(${way}, 'phone') or ${way} = \"post\"", None, "string-length(.) < 201"],
    ],
    "choices": [
        ["list_name", "name", "label::Svenska (sv)", "label::English (en)", "image"],
        ["yesno", "yes", "Ja", "Yes", "yes.png"],
        ["yesno", "no", "Nej", "No"],
        [],
        ["how", "phone", "Telefon", "Phone"],
        ["how", "post", "Brev", "Letter"],
        ["colour", "red", "Röd", "Red"],
    ],
    "settings": [
        ["form_title", "form_id", "version", "style"],
        ["Kontakt", "contact_2026", 20260101, "pages"],
    ],
}  # fmt: skip

KOBO = {
    "survey": [
        ["type", "name", "label", "hint", "required", "relevant", "$given_name"],
        ["begin group", "grp", None],
        ["select_one yesno", "fritid", "Går du ut?", "Senaste veckan.", True, None, "Fritid"],
        ["end group"],
        ["select_one yesno", "ofta", "Ofta?", None, False, "(${fritid} = 'ja')", "Ofta"],
    ],
    "choices": [
        ["list name", "name", "label"],
        ["yesno", "ja", "Ja"],
        ["yesno", "nej", "Nej"],
        ["yesno", 3, "Vet inte"],
        ["yesno", 4.0, 5],
    ],
}  # fmt: skip


def read(content, base=None):
    source, remarks = read_xlsform(content, base or rules())
    return source, [str(remark) for remark in remarks]


def faults(content):
    with pytest.raises(ExchangeRefused) as refused:
        read_xlsform(content, rules())
    return [str(fault) for fault in refused.value.faults]


def test_form_made_for_odk_is_read():
    source, remarks = read(book(**ODK))

    assert source["questions"] == [
        {
            "id": "contact", "nr": 1, "area": "prov", "type": "single",
            "text": {"sv": "Har du haft kontakt?", "en": "Have you had contact?"},
            "help": {"en": "This year."},
            "options": [
                {"code": "yes", "sv": "Ja", "en": "Yes"},
                {"code": "no", "sv": "Nej", "en": "No"},
            ],
        },
        {
            "id": "way", "nr": 2, "area": "prov", "type": "single",
            "show_if": "contact == yes",
            "text": {"sv": "Hur gick det till?", "en": "In which way?"},
            "options": [
                {"code": "phone", "sv": "Telefon", "en": "Phone"},
                {"code": "post", "sv": "Brev", "en": "Letter"},
            ],
        },
        {
            "id": "words", "nr": 3, "area": "prov", "type": "text",
            "show_if": "way in [phone, post]",
            "text": {"sv": "Något mer?", "en": "Anything more?"},
            "max_chars": 200,
        },
    ]  # fmt: skip
    assert source["texts"]["title"] == {
        "sv": "Kontakt",
        "en": "Your contact with the case officer",
    }
    assert "recall" not in source
    assert "indicator_labels" not in source
    assert "scales" not in source
    assert remarks == [
        'survey!G1: Every question may be skipped here, so "required" is left out.',
        'survey!I1: The column "appearance" is left out.',
        'survey!J1: The column "calculation" is left out.',
        'survey!A2: Rows of the type "start" are left out.',
        'survey!A3: Rows of the type "deviceid" are left out.',
        'survey!A4: Rows of the type "note" are left out.',
        'survey!A5: The heading of the group "prov" is left out.',
        "survey!B6: Nothing says which answers are positive. Decide it in the draft.",
        "survey!B8: Nothing says which answers are positive. Decide it in the draft.",
        'survey!A11: Rows of the type "calculate" are left out.',
        'survey!B12: No area is given, so it is placed in "prov". Check it.',
        'choices!E1: The column "image" is left out.',
        'choices!A7: No question has the list "colour". It is left out.',
        'settings!D1: The column "style" is left out.',
        'settings!A2: The title is new in "sv". Check it in the other languages.',
        'settings!B2: The draft belongs to "prov", whatever the file is called.',
    ]


def test_form_made_for_kobo_is_read():
    """Without a language in the columns, with numbers as codes, and a list used twice."""
    source, remarks = read(book(**KOBO))

    assert source["scales"] == {
        "yesno": {
            "options": [
                {"code": "ja", "sv": "Ja"},
                {"code": "nej", "sv": "Nej"},
                {"code": "3", "sv": "Vet inte"},
                {"code": "4", "sv": "5"},
            ]
        }
    }
    assert [question["scale"] for question in source["questions"]] == ["yesno", "yesno"]
    assert source["questions"][1]["show_if"] == "fritid == ja"
    assert 'survey!G1: The column "$given_name" is left out.' in remarks
    assert remarks[-1].startswith('The file has no texts in "en".')


def test_draft_may_be_made_whole_and_read():
    source, _ = read(book(**ODK))
    for question in source["questions"][:2]:
        question["positive"] = None
    source["questions"][0]["help"]["sv"] = "I år."

    assert Questionnaire.model_validate(source).question_ids == ("contact", "way", "words")


def test_what_the_file_has_no_column_for_stays_where_the_name_is_the_same():
    content = small(
        ["select_one tre", "lyssnar", "Lyssnar hen?"],
        ["select_one svar", "tolk", "Går det bra?"],
        ["text", "mer", "Mer?"],
        choices=[
            ["list_name", "name", "label"],
            ["tre", "alltid", "Ja, alltid"],
            ["tre", "vet_ej", "Vet ej"],
            ["svar", "ja", "Ja"],
            ["svar", "nej", "Nej"],
        ],
    )

    source, _ = read(content)

    assert source["scales"]["tre"]["options"] == [
        {"code": "alltid", "sv": "Ja, alltid", "en": "Yes, always"},
        {"code": "vet_ej", "sv": "Vet ej", "en": "Don't know", "kind": "dont_know"},
    ]
    lyssnar, tolk, mer = source["questions"]
    assert lyssnar["text"] == {"sv": "Lyssnar hen?", "en": "Does the officer listen?"}
    assert (lyssnar["indicator"], lyssnar["positive"]) == ("IND_LYSSNAR", ["alltid"])
    assert lyssnar["short_form"] is True
    assert tolk["help"] == {"sv": "Tänk på i dag.", "en": "Think of today."}
    assert "show_if" not in tolk  # conditions are the file's
    assert mer["max_chars"] == 40
    assert source["indicator_labels"] == {"IND_LYSSNAR": "Andel som blir lyssnade på"}


def test_new_language_gets_its_texts_and_a_word_on_those_around():
    content = small(
        ["text", "mer", "Mer?", "المزيد؟"],
        headers=["type", "name", "label::Svenska", "label::العربية (ar)"],
    )

    source, remarks = read(content)

    assert source["languages"] == ["sv", "en", "ar"]
    assert source["questions"][0]["text"] == {
        "sv": "Mer?",
        "en": "Anything more?",
        "ar": "المزيد؟",
    }
    assert 'The language "ar" is new. Write the texts around the questions.' in remarks


UNSUPPORTED = (
    "select_multiple yesno",
    "integer",
    "decimal",
    "range",
    "date",
    "time",
    "dateTime",
    "geopoint",
    "image",
    "audio",
    "barcode",
    "file",
    "rank yesno",
    "acknowledge",
    "select_one_from_file answers.csv",
    "select_one yesno or_other",
    "select_one",
    "något annat",
)


@pytest.mark.parametrize("kind", UNSUPPORTED)
def test_type_that_cannot_be_asked_is_refused(kind):
    assert faults(small([kind, "a", "Fråga?"])) == [
        f'survey!A2: Questions of the type "{kind}" cannot be asked. '
        "Use select_one with a list, or text."
    ]


CONDITIONS = (
    "${a} != 'yes'",
    "${a} = 'yes' and ${a} = 'no'",
    "${a} = 'yes' or ${b} = 'yes'",
    "not(selected(${a}, 'yes'))",
    "${a} > 3",
    "count-selected(${a}) = 1",
    "regex(${a}, '^y')",
    "pulldata('x', 'y', 'z', ${a})",
    "__import__('os')",
    "(${a} = 'yes'",
    "(" * 500 + "${a} = 'yes'",
    "${a} = ''",
    "or",
    "(" * 16_000 + "${a} = 'yes'" + ")" * 16_000,
    "${a} = 'yes'" + " " * 32_000 + "or",
)


@pytest.mark.parametrize("condition", CONDITIONS, ids=map(str, range(len(CONDITIONS))))
def test_condition_that_cannot_be_read_is_refused(condition):
    content = small(
        ["select_one yesno", "a", "Fråga?"],
        ["select_one yesno", "b", "Fråga?"],
        ["text", "c", "Fråga?", condition],
        headers=["type", "name", "label", "relevant"],
    )

    assert [fault.partition(" Write")[0] for fault in faults(content)] == [
        "survey!D4: The condition cannot be read."
    ]


HTML = (
    "<b>Hur</b> mår du?",
    "Hur<br/>mår du?",
    "<script>alert(1)</script>",
    "Hur&nbsp;mår du?",
)
MARKUP = (
    "Hur **mår** du?",
    "Hur _mår_ du?",
    "# Hur mår du?",
    "Se [här](http://exempel.se)",
)


@pytest.mark.parametrize("text", HTML)
def test_html_is_refused(text):
    found = faults(small(["select_one yesno", "a", text], choices=YES_NO))

    assert [fault.partition(":")[0] for fault in found] == ["survey!C2"]
    assert "this is HTML" in found[0]


@pytest.mark.parametrize("text", MARKUP)
def test_markup_is_refused(text):
    choices = [*YES_NO, ["yesno", "x", text]]
    content = small(["select_one yesno", "a", text], choices=choices)

    assert faults(content) == [
        "survey!C2: Markup is not shown here. Write plain text.",
        "choices!C4: Markup is not shown here. Write plain text.",
    ]


def test_every_fault_is_named_at_once_in_the_order_of_the_sheets():
    choices = [*YES_NO, ["yesno", "My option", "X"]]
    content = small(["integer", "a", "A"], ["select_one yesno", "B", "B"], choices=choices)

    assert [fault.partition(":")[0] for fault in faults(content)] == [
        "survey!A2",
        "survey!B3",
        "choices!B4",
    ]


def test_very_many_faults_are_cut_short():
    content = small(*(["integer", f"a{n}", "A"] for n in range(200)))

    assert len(faults(content)) == 51
    assert faults(content)[-1] == "... and 150 more."


def test_two_hundred_questions_are_read():
    source, _ = read(small(*(["text", f"a{n}", "Fråga?"] for n in range(200))))

    assert [question["nr"] for question in source["questions"]] == list(range(1, 201))

"""An XLSForm with one fault is refused with the cell it stands in, or read whole."""

import io
import random
import zipfile
from contextlib import suppress
from datetime import date
from itertools import chain

import pytest
from openpyxl import load_workbook

from surveyapp.errors import ExchangeRefused
from surveyapp.exchange.xlsform import read_xlsform, write_xlsform
from surveyapp.questionnaire import Questionnaire, write
from tests.exchange.books import (
    YES_NO,
    book,
    changed,
    rules,
    shared_strings,
    sheet_of,
    small,
    with_part,
)

QUESTION = ["select_one yesno", "a", "Fråga?"]
LABEL_3 = ["type", "name", "label", "relevant"]


def faults(content):
    with pytest.raises(ExchangeRefused) as refused:
        read_xlsform(content, rules())
    return [str(fault) for fault in refused.value.faults]


def own(*columns):
    """A question with columns of our own: name and cell after each other."""
    headers = [f"surveyapp_{name}" for name in columns[::2]]
    return small([*QUESTION, *columns[1::2]], headers=["type", "name", "label", *headers])


FAULTY = [
    (small(["begin_repeat", "a", "A"]), "survey!A2: Questions cannot be repeated."),
    (small(QUESTION, ["text", "a", "B"]), 'survey!B3: The name "a" is there twice.'),
    (small(["select_one x", "a", "A"]), 'survey!A2: The sheet "choices" has no list "x".'),
    (small(["text", "My question", "A"]), 'survey!B2: "My question" is no name here.'),
    (small(["text", "A1", "A"]), 'survey!B2: "A1" is no name here.'),
    (small(["text", None, "A"]), "survey!B2: The question has no name."),
    (small(["text", "a" * 41, "A"]), "survey!B2: "),
    (small(["text", "a", None]), "survey!C2: The question has no text."),
    (small([None, "a", "A"]), "survey!A2: The row has no type."),
    (small(["text", "a", "Hej ${b}"]), "survey!C2: A text cannot repeat an earlier answer"),
    (small(["text", "a", "=1+1"]), "survey!C2: A formula stands here."),
    (small(["text", "a", "#N/A"]), "survey!C2: The cell holds an error."),
    (small(["text", "a", "Osynlig\u200b"]), "survey!C2: the invisible sign U+200B"),
    (small(["begin_group", "g", None], QUESTION), "survey!A2: The group is not ended."),
    (small(QUESTION, ["end_group"]), "survey!A3: No group begins before this end."),
    (
        small(QUESTION, choices=[*YES_NO, ["yesno", "My option", "X"]]),
        'choices!B4: "My option" is no code.',
    ),
    (
        small(QUESTION, choices=[*YES_NO, ["yesno", "yes", "X"]]),
        'choices!B4: The code "yes" is in the list "yesno" twice.',
    ),
    (small(QUESTION, choices=[*YES_NO, ["yesno", None, "X"]]), "choices!B4: The answer has"),
    (small(QUESTION, choices=[*YES_NO, ["yesno", "x", None]]), "choices!C4: The answer has"),
    (small(QUESTION, choices=[*YES_NO, [None, "x", "X"]]), "choices!A4: Write the name"),
    (
        small(["text", "b", "B", "${a} = 'yes'"], [*QUESTION, None], headers=LABEL_3),
        'survey!D2: No question "a" comes before this one.',
    ),
    (
        small([*QUESTION, None], ["text", "b", "B", "${a} = 'ja'"], headers=LABEL_3),
        'survey!D3: "a" has no answer "ja".',
    ),
    (
        small(
            [*QUESTION, None],
            ["begin_group", "g", None, "${a} = 'yes'"],
            ["text", "b", "B", "${a} = 'no'"],
            ["end_group"],
            headers=LABEL_3,
        ),
        "survey!D4: The question and its group have a condition each.",
    ),
    (small(QUESTION, headers=["type", "name", "label::Dialekt"]), "survey!C1: Write the"),
    (
        small([*QUESTION, "X"], headers=["type", "name", "label", "label::Svenska (sv)"]),
        'survey!D1: There are two columns for "sv".',
    ),
    (
        small([*QUESTION, "X"], headers=["type", "name", "label", "Label"]),
        'survey!D1: The column "label" is there twice.',
    ),
    (small(["note", "a", "Hej"]), "survey!A2: There is no question. Add"),
    (own("indicator", "nojd"), 'survey!D2: "nojd" cannot be read here.'),
    (own("derived_share", "svar > 2", "derived", "IND_A"), 'survey!D2: "svar > 2" cannot be'),
    (own("derived", "IND_A"), 'survey!A2: The column "surveyapp_derived_share" is missing.'),
    (own("positive", "ja Nej"), 'survey!D2: "Nej" cannot be read here.'),
    (own("short_form", "ja"), 'survey!D2: Write "true" or "false".'),
    (own("area", "Mitt område"), 'survey!D2: "Mitt område" is no name here.'),
    (own("scale", "tre"), 'survey!A2: The list "yesno" is not the scale "tre"'),
    (
        small(QUESTION, choices=[[*YES_NO[0], "surveyapp_kind"], ["yesno", "a", "A", "vet"]]),
        'choices!D2: "vet" cannot be read. Known: substantive, dont_know, not_applicable.',
    ),
    (book(survey=[["type", "name"], ["text", "a"]]), 'survey!A1: The column "label"'),
    (book(survey=[["type", "name", "label"]]), "survey!A2: There is no question."),
    (book(choices=YES_NO), 'The workbook has no sheet "survey"'),
]


@pytest.mark.parametrize(("content", "fault"), FAULTY, ids=[fault for _, fault in FAULTY])
def test_fault_names_the_cell(content, fault):
    assert [line[: len(fault)] for line in faults(content)] == [fault]


BOOK = small(["text", "a", "Fråga?"])
ROW = '<row r="{n}"><c r="A{n}" t="inlineStr"><is><t>note</t></is></c></row>'
LAST = 1_048_576  # rows of a sheet, in Excel
STRINGS = [f"<si><t>{text}</t></si>" for text in ("type", "name", "label", "text", "a")]
IN_TABLE = "".join(
    f'<row r="{row}">'
    + "".join(f'<c r="{at}{row}" t="s"><v>{first + n}</v></c>' for n, at in enumerate("ABC"))
    + "</row>"
    for row, first in ((1, 0), (2, 3))
)
ENTITY = '<!DOCTYPE a [<!ENTITY a "Fråga?"><!ENTITY b "&a;&a;&a;&a;">]>'


def zipped(name):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as made:
        made.writestr(name, "hej")
    return content.getvalue()


DAMAGED = "The workbook is damaged."
NOT_EXCEL = "This is not an Excel workbook."
FETCHES = "The workbook fetches data from elsewhere."
UNSAFE = {
    "nothing": (b"", NOT_EXCEL),
    "csv": (b"type;name;label\n", NOT_EXCEL),
    "old xls or a password": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), NOT_EXCEL),
    "5 MiB": (bytes(5 * 2**20), "The file is too large: at most 2 MiB"),
    "another zip": (zipped("hej.txt"), DAMAGED),
    "bytes missing": (BOOK[:3000] + BOOK[3100:], DAMAGED),
    "broken XML": (with_part(BOOK, "xl/workbook.xml", b"<workbook"), DAMAGED),
    "macros": (with_part(BOOK, "xl/vbaProject.bin"), "The workbook holds macros."),
    "old macros": (with_part(BOOK, "xl/macrosheets/sheet1.xml"), "The workbook holds macros."),
    "links": (with_part(BOOK, "xl/externalLinks/externalLink1.xml"), FETCHES),
    "connections": (with_part(BOOK, "xl/connections.xml"), FETCHES),
    "zip bomb": (
        with_part(BOOK, "xl/media/a.bin", bytes(9 * 2**20)),
        "The workbook unpacks to more",
    ),
    "many rows": (
        sheet_of(BOOK, "".join(ROW.format(n=n) for n in range(1, 20_000))),
        "survey!A5001: There are more than 5000 rows.",
    ),
    "a million rows": (
        sheet_of(BOOK, ROW.format(n=LAST)),
        "survey!A5001: There are more than 5000 rows.",
    ),
    "many columns": (
        sheet_of(BOOK, ROW.format(n=1).replace("A1", "GS1")),
        "survey!GS1: There are more than 200 columns.",
    ),
    "entities": (
        sheet_of(
            BOOK, IN_TABLE, shared_strings(*STRINGS, "<si><t>&b;</t></si>", before=ENTITY)
        ),
        DAMAGED,
    ),
}


@pytest.mark.parametrize(("content", "fault"), UNSAFE.values(), ids=UNSAFE)
def test_file_that_is_no_safe_workbook_is_refused(content, fault):
    assert [line[: len(fault)] for line in faults(content)] == [fault]


def test_table_of_strings_with_letters_in_bold_is_read():
    """As Excel itself stores texts; the look of single letters is passed over."""
    rich = "<si><r><t>Frå</t></r><r><rPr><b/></rPr><t>ga?</t></r></si>"

    source, _ = read_xlsform(sheet_of(BOOK, IN_TABLE, shared_strings(*STRINGS, rich)), rules())

    assert source["questions"][0]["text"] == {"sv": "Fråga?"}


def test_file_cut_short_anywhere_is_refused():
    for end in range(0, len(BOOK), 97):
        assert faults(BOOK[:end])


def test_cells_of_other_kinds_are_named():
    made = book(
        survey=[
            ["type", "name", "label"],
            ["text", "a", date(2026, 1, 1)],
            ["text", "b", True],
            ["text", "c", 1.5],
        ]
    )

    assert faults(made) == ["survey!C2: A date or time stands here. Write it as text."]


NASTY = (None, "", "x", 1.5, True, "=1", "<b>", "${vem}", "null", "::", "(", "label::X (xx-YY)")


@pytest.mark.parametrize("seed", range(4))
def test_any_cell_may_hold_anything(seed):
    """What is read has the shape of a questionnaire; anything else is refused."""
    content, _ = write_xlsform(rules())
    sheets = load_workbook(io.BytesIO(content)).worksheets
    cells = [f"{sheet.title}!{cell.coordinate}" for sheet in sheets for cell in chain(*sheet)]
    chance = random.Random(seed)
    for place in chance.sample(cells, 25):
        with suppress(ExchangeRefused):
            source, _ = read_xlsform(changed(content, place, chance.choice(NASTY)), rules())
            assert write(Questionnaire.model_validate(source))

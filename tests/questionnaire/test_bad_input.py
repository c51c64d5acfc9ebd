"""Questionnaires that nobody could use, or that are sent to do harm: told in words, at once."""

import re
import time
from pathlib import Path

import pytest

from surveyapp.errors import QuestionnaireError
from surveyapp.questionnaire import as_source, examined, load, parse
from tests.questionnaire.edited import V1

RULES = Path("tests/samples/rules.yaml").read_text(encoding="utf-8")
QUESTIONS = RULES.index("questions:\n")
LAST = RULES[RULES.index("  - id: mer\n") :]
WHO = 'sv: "Vem är det?"'
BOMB = "a: &a [x, x]\n" + "".join(
    f"{b}: &{b} [{', '.join([f'*{a}'] * 9)}]\n"
    for a, b in zip("abcdefghijkl", "bcdefghijklm", strict=True)
)


def many(n):
    """The sample with so many questions in all."""
    more = (
        LAST.replace("id: mer", f"id: mer_{nr}").replace("nr: 7", f"nr: {nr}")
        for nr in range(8, n + 1)
    )
    return RULES.rstrip("\n") + "\n" + "\n".join(more)


def replaced(*pairs):
    text = RULES
    for old, new in pairs:
        assert old in text, old
        text = text.replace(old, new, 1)
    return text


CIRCLE = replaced(
    ('show_if: "vem == annan"', 'show_if: "tolk == ja"'),
    ("vem_annan in [tolk, van]", "vem_annan == van"),
)
BAD = {
    "0 questions": (
        RULES[:QUESTIONS] + "questions: []\n",
        "questions: is empty; at least one is needed",
    ),
    "200 questions": (many(200), "questions: has 200 questions, and at most 100 are possible"),
    "circle of show_if": (
        CIRCLE,
        "[vem_annan].show_if: the conditions run in a circle: vem_annan, tolk, and back to",
    ),
    "question that asks itself": (
        replaced(('show_if: "vem == annan"', 'show_if: "vem_annan == van"')),
        "questions[vem_annan].show_if: the conditions run in a circle: vem_annan, and back",
    ),
    "condition on an answer in words": (
        RULES.replace("id: vem\n", "id: mer_0\n", 1).replace(
            "  - id: mer_0\n    nr: 1\n    area: prov\n    type: single\n",
            "  - id: vem\n    nr: 1\n    area: prov\n    type: text\n    max_chars: 9\n",
        ),
        'questions[vem_annan].show_if: "vem" has no answers to choose',
    ),
    "two equal ids": (
        replaced(("id: namn\n", "id: vem\n")),
        'questions[vem].id: the id "vem" is given twice',
    ),
    "option code with a space": (
        replaced(("code: van", "code: en van")),
        '"en van" has a form that is not allowed: use small letters from a to z, numbers and '
        "_, without a space",
    ),
    "id of 41 letters": (
        replaced(("id: mer\n", f"id: {'m' * 41}\n")),
        "is too long; use at most 40 signs",
    ),
    "text with HTML": (
        replaced((WHO, 'sv: "Vem <b>är</b> det?"')),
        "texts are plain, and this is HTML: <b>. Write words only",
    ),
    "text with a script": (
        replaced((WHO, "sv: \"Vem? <img src=x onerror='alert(1)'>\"")),
        "this is HTML: <img src=x onerror='alert(1)'>",
    ),
    "reason with HTML": (
        replaced(("max_chars: 40", 'max_chars: 40\n    rationale: "Så <br/> är det"')),
        "this is HTML: <br/>",
    ),
    "sign written as HTML": (replaced((WHO, 'sv: "Vem&nbsp;är det?"')), "this is HTML: &nbsp;"),
    "alias bomb": (BOMB + RULES, "anchors and aliases are not allowed; write the text out"),
    "lists without end": ("a: " + "[" * 300_000, "stand too deep inside each other"),
    "900 lists inside each other": (
        "a: " + "[" * 900 + "]" * 900,
        "stand too deep inside each other",
    ),
    "keys inside each other": (
        "".join(f"{' ' * n}a:\n" for n in range(1000)),
        "stand too deep inside each other",
    ),
    "5 MiB": (
        RULES + "# " + "x" * 5 * 2**20,
        "prov.yaml:1: the file is larger than 1 MiB, which no questionnaire is",
    ),
}


@pytest.mark.parametrize(("text", "message"), BAD.values(), ids=BAD)
def test_bad_file_is_refused_at_once_with_a_sentence(text, message):
    began = time.process_time()
    with pytest.raises(QuestionnaireError, match=re.escape(message)) as caught:
        parse(text, "prov.yaml")

    assert str(caught.value).startswith("prov.yaml:")
    assert time.process_time() - began < 2  # seconds; without the refusal: minutes, or never


@pytest.mark.parametrize(
    "text", ["Kostar det a < b eller a<b?", "x > y", "5 <3", "R&D; och A&B"]
)
def test_signs_between_words_are_no_html(text):
    assert parse(replaced((WHO, f'sv: "{text}"')), "prov.yaml")


def test_100_questions_are_possible():
    assert len(parse(many(100), "prov.yaml").questions) == 100


def test_large_file_is_not_even_read(tmp_path):
    file = tmp_path / "v1.yaml"
    file.write_bytes(b"\xff" * 5 * 2**20)  # which would be told, if it were read

    with pytest.raises(QuestionnaireError, match="larger than 1 MiB"):
        load(file)


def test_html_in_a_draft_is_told_with_its_place():
    source = as_source(V1)
    source["questions"][0]["text"]["fi"] = "Kuka <script>vastaa?"

    assert [(fault.place, str(fault)) for fault in examined(source).faults] == [
        (
            "questions/bak_svarar/text/fi",
            "texts are plain, and this is HTML: <script>. Write words only",
        )
    ]


def test_draft_without_questions_is_told():
    source = as_source(V1) | {"questions": []}

    assert ("questions", "is empty; at least one is needed") in [
        (fault.place, str(fault)) for fault in examined(source).faults
    ]

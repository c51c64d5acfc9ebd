"""The written form: read back it is the same document, and files are in it to the byte."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveyapp.errors import QuestionnaireError
from surveyapp.questionnaire import canonical_json, from_json, load, parse, write

FILES = [*Path("questionnaires").rglob("*.yaml"), *Path("tests/samples").glob("*.yaml")]
SINGLE = load(Path("tests/samples/single.yaml"))


@pytest.mark.parametrize("path", FILES, ids=str)
def test_file_is_in_its_written_form(path):
    assert write(load(path)) == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", FILES, ids=str)
def test_document_from_json_is_written_the_same(path):
    assert write(from_json(canonical_json(load(path)))) == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", FILES, ids=str)
def test_lines_are_short_enough_to_read(path):
    assert max(len(line) for line in path.read_text(encoding="utf-8").splitlines()) <= 110


def reworded(text):
    """The smallest sample with another text for its question."""
    question = SINGLE.questions[0].model_copy(update={"text": {"sv": text}})
    return SINGLE.model_copy(update={"questions": (question,)})


@pytest.mark.parametrize(
    "text",
    [
        'Ett "citat" och ett \\ streck',
        "# ingen kommentar: ja",
        "no",
        "12:30",
        "rad ett\n\nrad tre\n  indragen",
        "slut på raden \nmed mellanslag",
        "ett  dubbelt mellanslag " * 8 + "slut",
        "ord " * 60 + "slut",
        "o" * 200,
        "- streck\n- i rad",
        "fast\u00a0mellanslag " * 12 + "slut",
        "höger\u200ftill vänster",
        "rad\nmed \u200f osynligt",
        "😀 " * 60 + "slut",
    ],
)
def test_text_survives_being_written(text):
    assert parse(write(reworded(text)), "prov.yaml").questions[0].text["sv"] == text


@given(st.text("ab :#-'\"\\\n{}[]>|&*!%@\u00a0å\u200f\u0085😀", min_size=1, max_size=300))
def test_text_survives_being_written_or_is_refused(text):
    try:
        read = parse(write(reworded(text)), "prov.yaml")
    except QuestionnaireError:
        assert text != text.strip() or {"{", "}", "\u0085"} & set(text)
    else:
        assert read.questions[0].text["sv"] == text


def test_languages_are_written_in_the_questionnaires_order():
    text = Path("tests/samples/rules.yaml").read_text(encoding="utf-8")
    turned = text.replace(
        '{sv: "Vem är det?", en: "Who is it?"}', '{en: "Who is it?", sv: "Vem är det?"}'
    )

    assert turned != text
    assert write(parse(turned, "prov.yaml")) == text

"""Our own XLSForm: what another program reads in it, and that it comes back as it was."""

import io

import pytest
from openpyxl import load_workbook
from pyxform.xls2xform import convert

from surveyapp.exchange.xlsform import read_xlsform, write_xlsform
from surveyapp.questionnaire import Questionnaire, load, write
from surveyapp.questionnaire.canonical import as_source
from tests.exchange.books import ROOT, VERSIONS, changed, rules

EVERY = [*VERSIONS, *sorted((ROOT / "tests/samples").glob("*.yaml"))]
HEAD = ("version", "based_on", "reason", "changes")  # a draft has its own


def without_head(source):
    return {name: value for name, value in source.items() if name not in HEAD}


@pytest.fixture(params=EVERY, ids=lambda path: f"{path.parent.name}-{path.stem}")
def document(request):
    return load(request.param)


def test_pyxform_converts_it(document):
    content, remarks = write_xlsform(document)
    warnings = []
    form = convert(content, warnings=warnings, file_type=".xlsx").xform

    told = [remark for remark in remarks if "do not know the language" in str(remark)]
    assert [warning for warning in warnings if "machine-readable codes" not in warning] == []
    assert len(warnings) == len(told)
    for question in document.questions:
        assert f"<{question.id}/>" in form
        for text in question.text.values():
            assert text.replace("&", "&amp;") in form


def test_comes_back_as_it_was(document):
    content, _ = write_xlsform(document)

    source, remarks = read_xlsform(content, document)

    assert without_head(source) == without_head(as_source(document))
    assert (source["version"], source["based_on"]) == (document.version + 1, document.version)
    assert remarks == []


def test_comes_back_as_the_same_bytes(document):
    content, _ = write_xlsform(document)

    source, _ = read_xlsform(content, document)

    head = {name: value for name, value in as_source(document).items() if name in HEAD}
    back = Questionnaire.model_validate(without_head(source) | head)
    assert write(back) == write(document)


def test_version_2_from_its_file_and_version_1():
    """All that a version asks is in its file: only the texts around come from the other."""
    first, second = map(load, VERSIONS)
    content, _ = write_xlsform(second)

    source, remarks = read_xlsform(content, first)

    assert first.texts == second.texts
    assert without_head(source) == without_head(as_source(second))
    assert remarks == []


def test_what_could_not_be_said_is_told():
    _, remarks = write_xlsform(rules())

    told = "\n".join(map(str, remarks))
    assert "The texts around the questions" in told
    assert 'columns that begin with "surveyapp_"' in told
    assert "the short form's 2 questions" in told
    assert "one title; it is given in Svenska" in told
    assert '"namn": the answer "ja_nagon" is offered only in some units' in told


def test_text_that_begins_with_equals_is_no_formula():
    source = as_source(rules())
    source["questions"][0]["text"]["sv"] = "=1+1"
    source["questions"][0]["help"] = {"sv": "#N/A", "en": "+46"}
    document = Questionnaire.model_validate(source)

    content, _ = write_xlsform(document)

    cells = {c.value: c.data_type for c in load_workbook(io.BytesIO(content))["survey"][2]}
    assert (cells["=1+1"], cells["#N/A"], cells["+46"]) == ("s", "s", "s")
    assert read_xlsform(content, document)[0]["questions"][0]["text"]["sv"] == "=1+1"


def test_a_change_in_the_file_is_a_change_in_the_draft():
    content, _ = write_xlsform(rules())
    content = changed(content, "survey!C2", "Vem är det som svarar?")

    source, _ = read_xlsform(content, rules())

    assert source["questions"][0]["text"]["sv"] == "Vem är det som svarar?"
    expected = as_source(rules())
    expected["questions"][0]["text"]["sv"] = "Vem är det som svarar?"
    assert without_head(source) == without_head(expected)

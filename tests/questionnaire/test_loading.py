"""Reading questionnaire files: all faults at once, and every file in its place."""

from pathlib import Path

import pytest

from surveyapp.errors import QuestionnaireError
from surveyapp.questionnaire import find_all, load, parse

RULES = Path("tests/samples/rules.yaml").read_text(encoding="utf-8")


def faults(text):
    with pytest.raises(QuestionnaireError) as caught:
        parse(text, "prov.yaml")
    return str(caught.value).split("\n")


def test_all_faults_are_told_in_the_order_of_the_file():
    text = RULES.replace("scale: tre", "scale: fyra").replace("nr: 6", "nr: 9")

    told = faults(text.replace("areas: [prov]", "areas: [prov, prov2]"))

    assert [fault.split(": ", 2)[1] for fault in told] == [
        "questions[lyssnar].scale",
        "questions[namn].nr",
    ]


def test_faults_of_shape_are_told_together():
    told = faults(RULES.replace("nr: 6", "nr: sex").replace("minutes:", "minuts:"))

    assert [fault.split(": ", 2)[1] for fault in told] == [
        "minutes",
        "minuts",
        "questions[namn].nr",
    ]


@pytest.mark.parametrize("text", ["", "- a\n", "ord\n"])
def test_text_without_keys_is_told(text):
    assert faults(text) == [
        "prov.yaml:1: the file must hold keys and values, such as: key: prov"
    ]


def test_number_that_looks_like_a_number_stays_a_code():
    question = parse(RULES, "prov.yaml").question("antal")

    assert [option.code for option in question.options] == ["0", "1", "2plus", "minns_ej"]


def test_easy_read_may_promise_without_a_number():
    shipped = load(Path("questionnaires/kontakt-bistandshandlaggare/v1.yaml"))

    assert "{min_n}" in shipped.texts.intro_2_promise["sv"]
    assert "{min_n}" not in shipped.texts.intro_2_promise["sv-LL"]


def test_file_that_is_not_utf8_is_told_with_its_line(tmp_path):
    path = tmp_path / "v1.yaml"
    path.write_bytes(RULES.encode("latin-1", errors="replace"))

    with pytest.raises(QuestionnaireError, match=r"v1\.yaml:3: this is not UTF-8"):
        load(path)


def test_file_that_is_not_there_is_told(tmp_path):
    with pytest.raises(QuestionnaireError, match=r"v1\.yaml:1: the file cannot be read"):
        load(tmp_path / "v1.yaml")


@pytest.fixture
def folder(tmp_path):
    """A folder of questionnaires with one version."""
    path = tmp_path / "prov" / "v1.yaml"
    path.parent.mkdir()
    path.write_text(RULES, encoding="utf-8")
    return tmp_path


def test_all_versions_are_found(folder):
    assert [(found.key, found.version) for found in find_all(folder)] == [("prov", 1)]


def test_version_in_a_file_of_another_name_is_told(folder):
    (folder / "prov" / "v1.yaml").rename(folder / "prov" / "v2.yaml")

    with pytest.raises(QuestionnaireError, match=r'v2\.yaml:2: version: must be "2"'):
        find_all(folder)


def test_key_in_a_folder_of_another_name_is_told(folder):
    (folder / "prov").rename(folder / "annat")

    with pytest.raises(QuestionnaireError, match=r'v1\.yaml:1: key: must be "annat"'):
        find_all(folder)


@pytest.mark.parametrize("name", ["v01.yaml", "v2.yml", "utkast.yaml", "gammalt/v1.yaml"])
def test_stray_file_is_told(folder, name):
    path = folder / "prov" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(RULES, encoding="utf-8")

    with pytest.raises(QuestionnaireError, match="name it <key>/v<number>"):
        find_all(folder)

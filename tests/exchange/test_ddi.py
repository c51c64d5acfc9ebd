"""DDI-Codebook 2.5: valid in form, whole in content."""

from functools import cache

import pytest
import xmlschema
from defusedxml import ElementTree

from surveyapp.exchange.ddi import NAMESPACE, write_ddi
from surveyapp.questionnaire import comparability, load
from tests.exchange.books import ROOT, VERSIONS, rules

EVERY = [*VERSIONS, *sorted((ROOT / "tests/samples").glob("*.yaml"))]
LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"


@cache
def schema():
    return xmlschema.XMLSchema(ROOT / "tests/exchange/ddi_codebook_2_5_part.xsd")


def faults(content):
    root = ElementTree.fromstring(content)
    return [f"{error.path}: {error.reason}" for error in schema().iter_errors(root)]


def parts(content, path):
    """The elements at a path such as dataDscr/var, without their namespace in it."""
    steps = "/".join(
        f"{{{NAMESPACE}}}{step}" if step[0].isalpha() else step for step in path.split("/")
    )
    return ElementTree.fromstring(content).findall(steps)


def texts(elements):
    return {element.get(LANGUAGE): element.text for element in elements}


def variable(content, name):
    (found,) = [each for each in parts(content, "dataDscr/var") if each.get("name") == name]
    return found


def inside(element, tag):
    return element.findall(f"{{{NAMESPACE}}}{tag}")


@pytest.mark.parametrize("path", EVERY, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_is_valid(path):
    assert faults(write_ddi(load(path))) == []


def test_is_valid_with_every_class():
    first, second = map(load, VERSIONS)

    assert faults(write_ddi(second, comparability(first, second))) == []


def test_is_the_same_each_time():
    assert write_ddi(rules()) == write_ddi(rules())


PLANTED = {
    "another order": ("<catValu>sjalv</catValu>", "", "missing"),
    "no name": (' name="vem"', "", "name"),
    "an unknown element": ("<varFormat ", "<varForm ", "varForm"),
    "a reference to nothing": ('var="var_vem ', 'var="var_ingen ', "var_ingen"),
    "two equal ids": ('ID="var_tolk"', 'ID="var_vem"', "var_vem"),
    "a word that is none": ('missing="Y"', 'missing="kanske"', "kanske"),
    "another version": ('version="2.5"', 'version="3.0"', "2.5"),
}


@pytest.mark.parametrize(("was", "becomes", "told"), PLANTED.values(), ids=PLANTED)
def test_planted_fault_is_found(was, becomes, told):
    content = write_ddi(rules()).decode()
    assert was in content
    if not becomes and was.startswith("<"):  # to after the texts of the answer
        content = content.replace(was, "").replace("</catgry>", f"{was}</catgry>", 1)
        told = "catValu"
    else:
        content = content.replace(was, becomes)

    assert told in "\n".join(faults(content.encode()))


def test_study_has_its_titles_and_version():
    content = write_ddi(load(VERSIONS[1]))

    assert texts(parts(content, "stdyDscr/citation/titlStmt/titl")) == {
        "sv": "Din kontakt med biståndshandläggaren"
    }
    assert texts(parts(content, "stdyDscr/citation/titlStmt/parTitl")) == {
        "sv-LL": "Frågor om din handläggare",
        "fi": "Yhteydenpitosi avuntarpeenkäsittelijään",
        "en": "Your contact with the case officer",
    }
    (version,) = parts(content, "stdyDscr/citation/verStmt/version")
    (producer,) = parts(content, "stdyDscr/citation/prodStmt/producer")
    assert (version.text, producer.text) == ("2", "äldreförvaltningen")


def test_question_has_its_wording_and_its_answers():
    document = rules()
    content = write_ddi(document)

    for question in document.questions:
        found = variable(content, question.id)
        (asked,) = inside(found, "qstn")
        assert texts(inside(asked, "qstnLit")) == question.text
        assert texts(inside(asked, "ivuInstr")) == (question.help or {})
        assert [
            (inside(each, "catValu")[0].text, each.get("missType"), texts(inside(each, "labl")))
            for each in inside(found, "catgry")
        ] == [
            (option.code, None if option.kind == "substantive" else option.kind, option.text)
            for option in question.options
        ]


def test_condition_is_told_in_every_language():
    found = variable(write_ddi(rules()), "tolk")

    assert texts(inside(found, "universe")) == {
        "sv": "Vem är det? = En tolk / En vän",
        "en": "Who is it? = An interpreter / A friend",
    }


def test_areas_and_short_form_are_groups():
    document = load(VERSIONS[0])
    groups = {
        group.get("name"): group.get("var").split()
        for group in parts(write_ddi(document), "dataDscr/varGrp")
    }

    assert list(groups) == [*document.areas, "short_form"]
    assert groups["short_form"] == [f"var_{id}" for id in document.short_form]


def test_classes_say_what_may_be_compared():
    first, second = map(load, VERSIONS)
    content = write_ddi(second, comparability(first, second))

    told = {}
    for each in parts(content, "dataDscr/var"):
        for note in inside(each, "notes"):
            if note.get("type") == "comparability":
                told[each.get("name")] = note.get("subject")
    assert set(told) == set(second.question_ids)
    assert told["bem_respekt"] == "equivalent"
    assert told["til_vag"] == "equivalent_with_note"
    assert told["hel_trygg_4"] == "break; replaces hel_trygg"
    assert told["kon_betydelse"] == "new"
    assert told["bak_svarar"] == "identical"
    (ended,) = parts(content, "dataDscr/notes")
    assert (ended.get("subject"), ended.text.split(",")[0]) == (
        "kon_byte ended",
        "Frågan liknade den om antal handläggare",
    )


def test_without_classes_the_declared_changes_are_told():
    notes = inside(variable(write_ddi(load(VERSIONS[1])), "bem_respekt"), "notes")

    assert [note.get("resp") for note in notes if note.get("type") == "comparability"] == [
        "city_analyst"
    ]

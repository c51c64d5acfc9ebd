"""A questionnaire version as DDI-Codebook 2.5, the XML that archives of survey data keep.

The standard fixes the order of elements, so every function here adds them in that order. The
file describes what was asked, not a file of answers: it has no fileDscr.
"""

from collections.abc import Iterable, Mapping, Sequence
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from surveyapp.questionnaire import (
    Comparison,
    Option,
    OptionKind,
    Question,
    Questionnaire,
)

NAMESPACE = "ddi:codebook:2_5"
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
_SCHEMA = "{http://www.w3.org/2001/XMLSchema-instance}schemaLocation"
_SCHEMA_PLACE = "https://ddialliance.org/Specification/DDI-Codebook/2.5/XMLSchema/codebook.xsd"
_ENGLISH = {_LANGUAGE: "en"}  # what we say ourselves
_HOW = "self-administered: tablet handed over at a follow-up, own device by code, or paper"


def write_ddi(document: Questionnaire, classes: Sequence[Comparison] | None = None) -> bytes:
    """The version as XML in UTF-8, always the same for the same version.

    Parameters
    ----------
    document : Questionnaire
        A version without faults.
    classes : sequence of Comparison, optional
        What became of each question since the version before, as `comparability` gives it or
        as it was decided when the version was published. Without it, the changes that the
        version declares.

    Examples
    --------
    >>> from pathlib import Path
    >>> from surveyapp.questionnaire import load
    >>> content = write_ddi(load(Path("tests/samples/single.yaml")))
    >>> content.decode().splitlines()[0]
    "<?xml version='1.0' encoding='utf-8'?>"
    """
    if classes is None:
        classes = [
            Comparison(
                change.question_old,
                change.question_new,
                change.comparability,
                change.note or change.change,
                change.decided_by,
            )
            for change in document.changes
        ]
    root = Element(
        "codeBook",
        {
            "xmlns": NAMESPACE,
            "version": "2.5",
            _LANGUAGE: document.languages[0],
            _SCHEMA: f"{NAMESPACE} {_SCHEMA_PLACE}",
        },
    )
    _describe_document(root, document)
    _describe_study(root, document)
    _describe_data(root, document, classes)
    indent(root)
    content: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return content


def _add(parent: Element, tag: str, text: str | None = None, **attributes: str) -> Element:
    element = SubElement(parent, tag, attributes)
    element.text = text
    return element


def _in_english(parent: Element, tag: str, text: str, **attributes: str) -> None:
    _add(parent, tag, text, **attributes, **_ENGLISH)


def _in_languages(
    parent: Element, tag: str, texts: Mapping[str, str], **attributes: str
) -> None:
    for language, text in texts.items():
        _add(parent, tag, text, **attributes, **{_LANGUAGE: language})


def _citation(parent: Element, document: Questionnaire) -> Element:
    """Title in every language, number, owner and version."""
    citation = _add(parent, "citation")
    titles = dict(document.texts.title)
    first = document.languages[0]
    statement = _add(citation, "titlStmt")
    _in_languages(statement, "titl", {first: titles.pop(first)})
    _in_languages(statement, "parTitl", titles)
    _add(statement, "IDNo", f"{document.key}/{document.version}")
    _add(_add(citation, "rspStmt"), "AuthEnty", document.owner)
    production = _add(citation, "prodStmt")
    _add(production, "producer", document.owner)
    _add(production, "software", "surveyapp")
    _add(_add(citation, "serStmt"), "serName", document.key)
    version = _add(citation, "verStmt")
    _add(version, "version", str(document.version), type="version")
    if document.based_on is not None:
        _in_english(version, "notes", f"Based on version {document.based_on}.")
    if document.reason is not None:
        _add(version, "notes", document.reason, type="reason")
    return citation


def _describe_document(root: Element, document: Questionnaire) -> None:
    description = _add(root, "docDscr")
    _citation(description, document)
    names = document.texts.language_name
    languages = ", ".join(f"{code}: {names[code]}" for code in document.languages)
    _in_english(description, "notes", f"Languages: {languages}.", type="languages")


def _describe_study(root: Element, document: Questionnaire) -> None:
    study = _add(root, "stdyDscr")
    _citation(study, document)
    scope = _add(study, "stdyInfo")
    _in_languages(scope, "abstract", document.texts.intro_1_who)
    _in_english(_add(scope, "sumDscr"), "dataKind", "survey data")
    _in_languages(scope, "notes", document.texts.intro_2_promise, type="promise")
    collection = _add(_add(study, "method"), "dataColl")
    _in_english(collection, "collMode", _HOW)
    _in_english(collection, "resInstru", "structured")


def _describe_data(
    root: Element, document: Questionnaire, classes: Sequence[Comparison]
) -> None:
    data = _add(root, "dataDscr")
    for area in document.areas:
        ids = [question.id for question in document.questions if question.area == area]
        _group(data, area, ids, kind="subject", label=area)
    _group(data, "short_form", document.short_form, kind="pragmatic", label="Short form")
    by_question = {row.question_new: row for row in classes if row.question_new}
    for question in document.questions:
        _variable(data, document, question, by_question.get(question.id))
    for row in classes:
        if row.question_new is None:
            _comparison(data, document, row)


def _group(data: Element, name: str, ids: Iterable[str], *, kind: str, label: str) -> None:
    """A group of variables, if there are any in it."""
    members = " ".join(_reference(id) for id in ids)
    if members:
        group = _add(data, "varGrp", ID=f"group_{name}", type=kind, var=members, name=name)
        _add(group, "labl", label)


def _reference(id: str) -> str:
    """The ID of a variable in the file: one of its own beside those of groups."""
    return f"var_{id}"


def _variable(
    data: Element, document: Questionnaire, question: Question, row: Comparison | None
) -> None:
    kind = "code" if question.options else "text"
    variable = _add(
        data,
        "var",
        ID=_reference(question.id),
        name=question.id,
        intrvl="discrete",
        representationType=kind,
    )
    _in_languages(variable, "labl", question.text)
    asked = _add(variable, "qstn", seqNo=str(question.nr), responseDomainType=kind)
    _in_languages(asked, "qstnLit", question.text)
    _in_languages(asked, "ivuInstr", question.help or {})
    _in_languages(variable, "universe", _asked_of(document, question), clusion="I")
    for option in question.options:
        _category(variable, option)
    if question.indicator is not None:
        _indicator(variable, document, question.indicator)
    if question.derived is not None:
        _indicator(variable, document, question.derived.id)
    _add(variable, "varFormat", type="character")
    if question.max_chars is not None:
        limit = f"At most {question.max_chars} characters."
        _in_english(variable, "notes", limit, type="length")
    if question.positive:
        _add(variable, "notes", " ".join(question.positive), type="positive")
    if question.derived is not None:
        rule = f"{question.derived.id}: {question.derived.share}"
        _add(variable, "notes", rule, type="share")
    if row is not None:
        _comparison(variable, document, row)


def _indicator(variable: Element, document: Questionnaire, code: str) -> None:
    label = document.indicator_labels[code]
    _add(variable, "concept", f"{code}: {label}", vocab="indicators")


def _asked_of(document: Questionnaire, question: Question) -> dict[str, str]:
    """Whom the question is put to, by the answer they gave; empty if to everybody."""
    if question.show_if is None:
        return {}
    earlier = document.question(question.show_if.question)
    answers = [earlier.option(code).text for code in question.show_if.codes]
    return {
        language: f"{text} = {' / '.join(answer[language] for answer in answers)}"
        for language, text in earlier.text.items()
    }


def _category(variable: Element, option: Option) -> None:
    outside = {} if option.kind is OptionKind.SUBSTANTIVE else _missing(option)
    category = _add(variable, "catgry", **outside)
    _add(category, "catValu", option.code)
    _in_languages(category, "labl", option.text)
    if option.visible_if is not None:
        _in_english(category, "txt", f"Offered where {option.visible_if}.")


def _missing(option: Option) -> dict[str, str]:
    """How an answer outside the denominator is marked."""
    return {"missing": "Y", "missType": str(option.kind)}


def _comparison(parent: Element, document: Questionnaire, row: Comparison) -> None:
    """Whether answers may be compared with those to the version before, and why."""
    if row.question_new is None:
        subject = f"{row.question_old} ended"
    elif row.question_old in (None, row.question_new):
        subject = str(row.kind)
    else:
        subject = f"{row.kind}; replaces {row.question_old}"
    who = {} if row.decided_by is None else {"resp": row.decided_by}
    text = row.note or f"Compared with version {document.based_on}."
    _add(parent, "notes", text, type="comparability", subject=subject, level="variable", **who)

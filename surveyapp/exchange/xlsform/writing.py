"""A questionnaire to the sheets of an XLSForm."""

import io
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from surveyapp.errors import N_, Remark
from surveyapp.exchange.xlsform import relevance
from surveyapp.exchange.xlsform.columns import (
    CHOICES,
    DERIVED_COLUMNS,
    HINT,
    LABEL,
    LABEL_COLUMNS,
    NO_SHARE,
    OWN,
    SETTINGS,
    SURVEY,
    TEXT_COLUMNS,
    language_column,
)
from surveyapp.questionnaire import Option, Question, Questionnaire
from surveyapp.questionnaire.canonical import as_source
from surveyapp.questionnaire.texts import is_easy_read

if TYPE_CHECKING:
    from openpyxl import Workbook

Line = dict[str, str]  # header to text

_WIDTH = 36  # of columns with sentences, in letters


def write_xlsform(document: Questionnaire) -> tuple[bytes, list[Remark]]:
    """The questionnaire as an .xlsx file, and what could not be said in it.

    Parameters
    ----------
    document : Questionnaire
        A version without faults.

    Examples
    --------
    >>> from pathlib import Path
    >>> from surveyapp.questionnaire import load
    >>> content, remarks = write_xlsform(load(Path("tests/samples/single.yaml")))
    >>> content[:2], len(remarks)
    (b'PK', 2)
    """
    from openpyxl import Workbook

    names = {code: document.texts.language_name[code] for code in document.languages}
    book = Workbook()
    book.remove(book.worksheets[0])
    columns = {
        kind: {code: language_column(kind, name, code) for code, name in names.items()}
        for kind in (LABEL, HINT)
    }
    survey = [_question(document, question, columns) for question in document.questions]
    first = ["type", "name", *columns[LABEL].values(), *columns[HINT].values()]
    _fill(book, SURVEY, [*first, "relevant", "constraint"], survey)
    choices = list(_choices(document, columns[LABEL]))
    _fill(book, CHOICES, ["list_name", "name", *columns[LABEL].values()], choices)
    settings = {
        "form_title": document.texts.title[document.languages[0]],
        "form_id": document.key,
        "version": str(document.version),
        "default_language": columns[LABEL][document.languages[0]].removeprefix(f"{LABEL}::"),
    }
    _fill(book, SETTINGS, list(settings), [settings])
    content = io.BytesIO()
    book.save(content)
    return content.getvalue(), list(_remarks(document))


def _question(
    document: Questionnaire, question: Question, columns: dict[str, dict[str, str]]
) -> Line:
    source = as_source(question)
    has_options = bool(question.options)
    line = {
        "type": f"select_one {_list_name(document, question)}" if has_options else "text",
        "name": question.id,
    }
    line |= {columns[LABEL][code]: text for code, text in question.text.items()}
    line |= {columns[HINT][code]: text for code, text in (question.help or {}).items()}
    if question.show_if is not None:
        line["relevant"] = relevance.written(question.show_if)
    if question.max_chars is not None:
        line["constraint"] = f"string-length(.) <= {question.max_chars}"
    return line | {OWN + name: text for name, text in _own(document, source)}


def _own(document: Questionnaire, source: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """What XLSForm has no word for: name and text of the columns of our own."""
    for name in TEXT_COLUMNS:
        if name in source:
            yield name, source[name]
    if "short_form" in source:
        yield "short_form", str(source["short_form"]).lower()
    if "extra_option" in source:
        yield "scale", source["scale"]
    if "positive" in source:
        codes = source["positive"]
        yield "positive", NO_SHARE if codes is None else " ".join(codes)
    derived = source.get("derived", {})
    for name, part in DERIVED_COLUMNS.items():
        if part in derived:
            yield name, derived[part]
    codes = {"indicator": source.get("indicator", ""), "derived": derived.get("id", "")}
    for name, code in codes.items():
        if code in document.indicator_labels:
            yield LABEL_COLUMNS[name], document.indicator_labels[code]
    if "source" in source:
        yield "source", "\n".join(source["source"])


def _list_name(document: Questionnaire, question: Question) -> str:
    if question.scale is not None and question.extra_option is None:
        return question.scale
    return f"{question.id}_options" if question.id in document.scales else question.id


def _choices(document: Questionnaire, labels: dict[str, str]) -> Iterator[Line]:
    for name, scale in document.scales.items():
        for option in scale.options:
            yield _choice(name, option, labels) | {OWN + "scale": "true"}
    for question in document.questions:
        name = _list_name(document, question)
        if name not in document.scales:
            for option in question.options:
                yield _choice(name, option, labels)


def _choice(list_name: str, option: Option, labels: dict[str, str]) -> Line:
    line = {"list_name": list_name, "name": option.code}
    line |= {labels[code]: text for code, text in option.text.items()}
    for name in ("kind", "visible_if"):
        if name in option.model_fields_set:
            line[OWN + name] = str(getattr(option, name))
    return line


def _fill(book: "Workbook", name: str, headers: list[str], lines: list[Line]) -> None:
    """A sheet with these columns first and then those of our own that any line has."""
    from openpyxl.styles import Alignment, Font

    own = {header: None for line in lines for header in line if header not in headers}
    sheet = book.create_sheet(name)
    sheet.freeze_panes = "A2"
    for column, header in enumerate([*headers, *own], start=1):
        sheet.cell(1, column, header).font = Font(bold=True)
        for row, line in enumerate(lines, start=2):
            if header in line:
                cell = sheet.cell(row, column, line[header])
                cell.data_type = "s"  # text that begins with = is no formula
                cell.alignment = Alignment(wrap_text=True, vertical="top")
        letters = sheet.cell(1, column).column_letter
        sheet.column_dimensions[letters].width = _WIDTH if "::" in header else _WIDTH // 2


def _remarks(document: Questionnaire) -> Iterator[Remark]:
    """What another program does not get, or passes over."""
    yield Remark(
        "",
        N_(
            "The texts around the questions (welcome, buttons, thanks) are not in the file, "
            "nor are the owner, the times and the changes from the version before."
        ),
    )
    yield Remark(
        "",
        N_(
            "Areas, positive answers, indicators and the kinds of answers stand in columns "
            'that begin with "%(start)s". Other programs pass over them: to these, '
            '"don\'t know" is an answer like any other.'
        ),
        {"start": OWN},
    )
    if document.short_form:
        yield Remark(
            "",
            N_("Other programs ask the whole form: the short form's %(n)s questions are marked "
               "in a column."),
            {"n": len(document.short_form)},
        )  # fmt: skip
    if len(document.languages) > 1:
        yield Remark(
            "",
            N_("XLSForm has one title; it is given in %(language)s."),
            {"language": document.texts.language_name[document.languages[0]]},
        )
    for code in filter(is_easy_read, document.languages):
        yield Remark(
            "",
            N_('Other programs warn that they do not know the language "%(code)s".'),
            {"code": code},
        )
    for question in document.questions:
        for option in question.options:
            if option.visible_if is not None:
                yield Remark(
                    "",
                    N_('"%(question)s": the answer "%(option)s" is offered only in some units. '
                       "Other programs offer it always."),
                    {"question": question.id, "option": option.code},
                )  # fmt: skip

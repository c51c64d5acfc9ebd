"""Trying a draft: it is answered as it will be, and nothing of it is stored."""

from flask import Blueprint, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from surveyapp import drafting
from surveyapp.access import Permission
from surveyapp.db import db
from surveyapp.errors import AnswerError
from surveyapp.i18n import error_text
from surveyapp.i18n import gettext as _
from surveyapp.limits import limits
from surveyapp.questionnaire import Given, Question, Questionnaire, completed
from surveyapp.web import csrf
from surveyapp.web.access import requires
from surveyapp.web.answer_form import answers_in
from surveyapp.web.questionnaires import words
from surveyapp.web.questionnaires.views import draft_or_404
from surveyapp.web.respond.pages import PROXY_QUESTION, language_ways, render

bp = Blueprint("trying", __name__, url_prefix="/formular/<key>/utkast")
csrf.exempt(bp)  # the respondent's form has no session, and nothing is stored
Tried = tuple[Question, str, Given, str]  # a question, its words, what came of it, in words
SHORT = "kort"


@bp.route("/prova", methods=["GET", "POST"])
@requires(Permission.EDIT_QUESTIONNAIRE)
def answer(key: str) -> ResponseReturnValue:
    """The respondent's own pages over the draft; then what would have been stored."""
    document, language = _document(key)
    if request.method == "POST":
        return _what_came(key, document)
    is_short = request.args.get("form") == SHORT

    def here(to: str) -> str:
        form, officers = request.args.get("form"), request.args.get("namngivna")
        return url_for(".answer", key=key, sprak=to, form=form, namngivna=officers)

    return render(
        "questionnaires/try.html",
        document,
        language,
        address=here(language),
        back=url_for("editor.index", key=key),
        done=here(language),
        faults={},
        languages=language_ways(document, language, here),
        named_officers=_officers(),
        on_tablet=False,
        promised_n=str(limits(db.session).any_figure),
        proxy_question=PROXY_QUESTION,
        questions=[q for q in document.questions if q.short_form or not is_short],
        short=is_short,
        token="",
        trouble=document.texts.not_saved_yet[language],
        values={},
    )


@bp.get("/papper")
@requires(Permission.EDIT_QUESTIONNAIRE)
def paper(key: str) -> ResponseReturnValue:
    """The whole draft as a sheet."""
    document, language = _document(key)
    is_short = request.args.get("form") == SHORT
    return render(
        "questionnaires/sheet.html",
        document,
        language,
        named_officers=_officers(),
        questions=[q for q in document.questions if q.short_form or not is_short],
    )


def _document(key: str) -> tuple[Questionnaire, str]:
    """The draft as far as it can be shown, and the language that was asked for."""
    held = draft_or_404(key)
    document = drafting.in_all_languages(held, gap=_("[the text is missing]")) or abort(404)
    language = request.args.get("sprak", document.languages[0])
    if language not in document.languages:
        abort(404)
    return document, language


def _what_came(key: str, document: Questionnaire) -> ResponseReturnValue:
    """What would have been stored: nothing is."""
    wish = request.form.get("outcome", "")
    given = {} if wish == "drop" else answers_in(request.form)
    try:
        done = completed(
            document,
            given,
            named_officers=_officers(),
            short=request.args.get("form") == SHORT,
            stopped=wish == "keep",
            lenient=True,
        )
    except AnswerError as error:
        fault = error_text(error)
        return _tried_page(key, [], fault=fault), 422
    language = document.languages[0]
    rows = [
        (
            question,
            question.text[language],
            done.answers[question.id],
            question.option(value).text[language]
            if (value := done.answers[question.id].value) and question.options
            else value or "",
        )
        for question in document.questions
    ]
    return _tried_page(key, rows, is_removed=wish == "drop")


def _tried_page(
    key: str, rows: list[Tried], *, fault: str = "", is_removed: bool = False
) -> str:
    return render_template(
        "questionnaires/tried.html",
        key=key,
        rows=rows,
        fault=fault,
        is_removed=is_removed,
        missing=words.MISSING,
    )


def _officers() -> int:
    number = request.args.get("namngivna", "1")
    return min(max(int(number), 1), 9) if number.isdecimal() else 1

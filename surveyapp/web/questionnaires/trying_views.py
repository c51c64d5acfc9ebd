"""Trying a draft: it is answered as it will be, and nothing of it is stored."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
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
from surveyapp.web.questionnaires.editor_views import MOST_OFFICERS
from surveyapp.web.questionnaires.views import draft_or_404
from surveyapp.web.respond.pages import PROXY_QUESTION, language_ways, render

bp = Blueprint("trying", __name__, url_prefix="/formular/<key>/utkast")
csrf.exempt(bp)  # the respondent's form has no session, and nothing is stored
Tried = tuple[Question, str, Given, str]  # a question, its words, what came of it, in words
SHORT = "kort"


@bp.route("/prova", methods=["GET", "POST"])
@requires(Permission.EDIT_QUESTIONNAIRE, in_city=True)
def answer(key: str) -> ResponseReturnValue:
    """The respondent's own pages over the draft; then what would have been stored."""
    document = _document(key)
    if document is None:
        return _not_yet(key)
    language = _language(document)
    if request.method == "POST":
        return _what_came(key, document, language)

    def here(to: str) -> str:
        return _here(key, to)

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
        questions=_asked(document),
        short=_is_short(),
        token="",
        trouble=document.texts.not_saved_yet[language],
        values={},
    )


@bp.get("/papper")
@requires(Permission.EDIT_QUESTIONNAIRE, in_city=True)
def paper(key: str) -> ResponseReturnValue:
    """The whole draft as a sheet."""
    document = _document(key)
    if document is None:
        return _not_yet(key)
    return render(
        "questionnaires/sheet.html",
        document,
        _language(document),
        back=url_for("editor.index", key=key),
        named_officers=_officers(),
        questions=_asked(document),
    )


def _document(key: str) -> Questionnaire | None:
    """The draft as far as it can be shown; None while its shape is wrong."""
    return drafting.in_all_languages(draft_or_404(key), gap=_("[the text is missing]"))


def _not_yet(key: str) -> ResponseReturnValue:
    flash(_("The draft can be tried when what is wrong is mended."), "error")
    return redirect(url_for("editor.index", key=key))


def _language(document: Questionnaire) -> str:
    """The language that was asked for, or the first one."""
    language = request.args.get("sprak", document.languages[0])
    return language if language in document.languages else abort(404)


def _is_short() -> bool:
    return request.args.get("form") == SHORT


def _asked(document: Questionnaire) -> list[Question]:
    return [each for each in document.questions if each.short_form or not _is_short()]


def _here(key: str, language: str) -> str:
    """The same try in a language."""
    form, officers = request.args.get("form"), request.args.get("namngivna")
    return url_for(".answer", key=key, sprak=language, form=form, namngivna=officers)


def _what_came(key: str, document: Questionnaire, language: str) -> ResponseReturnValue:
    """What would have been stored: nothing is."""
    wish = request.form.get("outcome", "")
    given = {} if wish == "drop" else answers_in(request.form)
    try:
        done = completed(
            document,
            given,
            named_officers=_officers(),
            short=_is_short(),
            stopped=wish == "keep",
            lenient=True,
        )
    except AnswerError as error:
        fault = error_text(error)
        return _tried_page(key, language, [], fault=fault), 422
    first = document.languages[0]
    rows = [
        (
            question,
            question.text[first],
            done.answers[question.id],
            question.option(value).text[first]
            if (value := done.answers[question.id].value) and question.options
            else value or "",
        )
        for question in document.questions
    ]
    return _tried_page(key, language, rows, is_removed=wish == "drop")


def _tried_page(
    key: str, language: str, rows: list[Tried], *, fault: str = "", is_removed: bool = False
) -> str:
    return render_template(
        "questionnaires/tried.html",
        key=key,
        again=_here(key, language),
        rows=rows,
        fault=fault,
        is_removed=is_removed,
        missing=words.MISSING,
    )


def _officers() -> int:
    return min(max(request.args.get("namngivna", 1, type=int), 1), MOST_OFFICERS)

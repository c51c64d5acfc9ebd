"""The respondent's pages on a tablet: the same for everybody, so that it can keep them."""

from flask import abort, url_for

from surveyapp.counting import HELPER_QUESTION, OFFICER, WHO_QUESTION
from surveyapp.db import db
from surveyapp.i18n import staff_language
from surveyapp.limits import limits
from surveyapp.questionnaire import Questionnaire
from surveyapp.web import holds_simulated_answers
from surveyapp.web.respond.pages import document_or_404, language_ways, once, render
from surveyapp.web.respond.rendered import Rendered


def questions(key: str, version: int, language: str) -> Rendered:
    """All questions of the version; the script leaves out what the occasion does not ask."""
    promised_n = limits(db.session).any_figure

    def make() -> Rendered:
        document = _document_or_404(key, version, language)
        return Rendered(
            render(
                "respond/questions.html",
                document,
                language,
                done=url_for("answering.done", key=key, version=version, language=language),
                faults={},
                helped_by_officer=(HELPER_QUESTION, OFFICER),
                languages=language_ways(
                    document,
                    language,
                    lambda to: url_for(
                        "answering.questions", key=key, version=version, language=to
                    ),
                ),
                on_tablet=True,
                promised_n=promised_n,
                proxy_question=WHO_QUESTION,
                questions=document.questions,
                start=url_for("tablet.start"),
                trouble=document.texts.tell_officer[language],
                values={},
            )
        )

    return once(("tablet questions", key, version, language, promised_n, _banner()), make)


def done(key: str, version: int, language: str) -> Rendered:
    """The end: the same whatever was answered, until the officer has the tablet again."""

    def make() -> Rendered:
        document = _document_or_404(key, version, language)
        return Rendered(
            render(
                "respond/done.html",
                document,
                language,
                on_tablet=True,
                tablet_start=url_for("tablet.start"),
                text=document.texts.thanks[language],
            )
        )

    return once(("tablet done", key, version, language, _banner()), make)


def _banner() -> str:
    """What stands above a page beside the questionnaire's own words: every process must make
    the same page, whoever asked first, or a tablet would not take it for the right one."""
    return staff_language() if holds_simulated_answers() else ""


def _document_or_404(key: str, version: int, language: str) -> Questionnaire:
    document = document_or_404(key, version)
    if language not in document.languages:
        abort(404)
    return document

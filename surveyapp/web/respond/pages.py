"""The respondent's pages, each rendered once in the life of the application where it can be."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from flask import Response, abort, current_app, g, render_template, url_for

from surveyapp import publishing
from surveyapp.db import db
from surveyapp.errors import PublishingError
from surveyapp.models import FormLength
from surveyapp.occasions import Ticket
from surveyapp.questionnaire import Question, Questionnaire, direction, html_language
from surveyapp.web.respond.rendered import PLACE, Rendered, page
from surveyapp.web.respond.wording import filled

T = TypeVar("T")

PROXY_QUESTION = "bak_svarar"  # the banner for who answers in another's place stands after it


@dataclass(frozen=True)
class LanguageWay:
    """A page in another language."""

    address: str
    code: str
    name: str
    html_language: str
    direction: str
    is_current: bool


@dataclass(frozen=True)
class Shape:
    """Everything that decides how a page of questions looks, beside its token."""

    questionnaire: str
    version: int
    language: str
    form_length: FormLength
    named_officers: int
    promised_n: int

    @classmethod
    def of(cls, ticket: Ticket, language: str) -> "Shape":
        """The page that belongs to a ticket, in one of its languages."""
        occasion = ticket.occasion
        return cls(
            occasion.questionnaire,
            occasion.version,
            language,
            occasion.form_length,
            ticket.named_officers,
            ticket.promised_n,
        )


def document_or_404(key: str, version: int) -> Questionnaire:
    """The published document. Published versions never change, so it is fetched once."""

    def fetch() -> Questionnaire:
        return publishing.document(db.session, key, version)

    try:
        return once(("document", key, version), fetch)
    except PublishingError:
        abort(404)


def questions(shape: Shape) -> Rendered:
    """The empty form; put the token in with `response`."""
    return once(shape, lambda: Rendered(_questions(shape, PLACE)))


def questions_again(
    shape: Shape,
    token: str,
    answers: Mapping[str, str],
    too_long: Mapping[str, int] | None = None,
) -> Response:
    """The form with everything that was answered still in it, and what has to be mended."""
    document = document_or_404(shape.questionnaire, shape.version)
    sentence = document.texts.too_long[shape.language]
    faults = {id: filled(sentence, shape.language, n=n) for id, n in (too_long or {}).items()}
    return page(_questions(shape, token, answers, faults), 422 if faults else 200)


def _questions(
    shape: Shape,
    token: str,
    answers: Mapping[str, str] | None = None,
    faults: Mapping[str, str] | None = None,
) -> str:
    document = document_or_404(shape.questionnaire, shape.version)
    is_short = shape.form_length is FormLength.SHORT
    return render(
        "respond/questions.html",
        document,
        shape.language,
        address=address(shape, shape.language),
        done=done_address(shape),
        faults=faults or {},
        languages=language_ways(
            document, shape.language, lambda to: f"{address(shape, to)}?o={token}"
        ),
        named_officers=shape.named_officers,
        on_tablet=False,
        promised_n=shape.promised_n,
        proxy_question=PROXY_QUESTION,
        questions=_asked(document, is_short=is_short),
        short=is_short,
        token=token,
        trouble=document.texts.not_saved_yet[shape.language],
        values=answers or {},
    )


def done(key: str, version: int, language: str, *, was_sent_before: bool) -> Rendered:
    """The end: the same whatever was answered."""

    def make() -> Rendered:
        document = document_or_404(key, version)
        texts = document.texts
        if language not in document.languages:
            abort(404)
        words = texts.sent_already if was_sent_before else texts.thanks_own_device
        return Rendered(
            render(
                "respond/done.html",
                document,
                language,
                on_tablet=False,
                text=words[language],
            )
        )

    return once(("done", key, version, language, was_sent_before), make)


def trouble(shape: Shape, fields: Sequence[tuple[str, str]]) -> Response:
    """The answers are not stored yet: they stay in the page, to be sent again as they are."""
    document = document_or_404(shape.questionnaire, shape.version)
    g.without_database = True
    return page(
        render(
            "respond/trouble.html",
            document,
            shape.language,
            address=address(shape, shape.language),
            fields=fields,
            text=document.texts.not_saved_yet[shape.language],
        ),
        503,
    )


def code_entry(
    document: Questionnaire, language: str, *, typed: str = "", is_unknown: bool = False
) -> Response:
    """Where the code from the letter is written; 422 if the one typed cannot be used."""
    if language not in document.languages:
        abort(404)
    return page(
        render(
            "respond/code.html",
            document,
            language,
            address=url_for("codes.begin", language=language),
            fault=document.texts.code_entry[language].unknown if is_unknown else "",
            languages=language_ways(
                document, language, lambda to: url_for("codes.enter", language=to)
            ),
            typed=typed,
        ),
        422 if is_unknown else 200,
    )


def kept(address: str, fields: Sequence[tuple[str, str]]) -> Response:
    """Like `trouble`, where not even the questionnaire can be read."""
    g.without_database = True
    html = render_template(
        "respond/kept.html",
        address=address,
        direction="ltr",
        fields=fields,
        html_language="sv",
    )
    return page(html, 503)


def problem(heading: str, text: str, status: int) -> Response:
    """A page in the language of the interface, for an address or a body that does not hold."""
    g.without_database = True
    return page(
        render_template(
            "respond/problem.html",
            html_language="sv",
            direction="ltr",
            heading=heading,
            text=text,
        ),
        status,
    )


def render(template: str, document: Questionnaire, language: str, **context: object) -> str:
    """A page in a language of the questionnaire."""
    return render_template(
        template,
        document=document,
        language=language,
        html_language=html_language(language),
        direction=direction(language),
        **context,
    )


def language_ways(
    document: Questionnaire, language: str, address: Callable[[str], str]
) -> list[LanguageWay]:
    """A way to the same page in every language that the version has."""
    return [
        LanguageWay(
            address(other),
            other,
            document.texts.language_name[other],
            html_language(other),
            direction(other),
            other == language,
        )
        for other in document.languages
    ]


def address(shape: Shape, language: str) -> str:
    """Where the form is in a language."""
    return url_for(
        "respond.questions",
        key=shape.questionnaire,
        version=shape.version,
        language=language,
    )


def done_address(shape: Shape, *, was_sent_before: bool = False) -> str:
    """Where the end is."""
    return url_for(
        "respond.done",
        key=shape.questionnaire,
        version=shape.version,
        language=shape.language,
        redan=1 if was_sent_before else None,
    )


def _asked(document: Questionnaire, *, is_short: bool) -> list[Question]:
    return [question for question in document.questions if question.short_form or not is_short]


def once(key: Hashable, make: Callable[[], T]) -> T:
    """What `make` made the first time it was asked for under this key."""
    made: dict[Hashable, T] = current_app.extensions.setdefault("respond_pages", {})
    if key not in made:
        made[key] = make()
    return made[key]

"""From draft to published: what hinders, what it does to the series, and who does it."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from surveyapp import drafting, publishing
from surveyapp.access import Permission
from surveyapp.db import db, writing
from surveyapp.errors import DraftError, PublishingError, QuestionnaireError
from surveyapp.i18n import error_text
from surveyapp.i18n import gettext as _
from surveyapp.models import DraftState, QuestionnaireDraft
from surveyapp.publishing import Obstacle
from surveyapp.web.access import current_account, requires
from surveyapp.web.questionnaires import words
from surveyapp.web.questionnaires.editor_views import page_of
from surveyapp.web.questionnaires.forms import PublishForm
from surveyapp.web.questionnaires.names import place_name
from surveyapp.web.questionnaires.views import draft_or_404

bp = Blueprint("gate", __name__, url_prefix="/formular/<key>/utkast")


@bp.get("/publicera")
@requires(Permission.EDIT_QUESTIONNAIRE, in_city=True)
def index(key: str) -> ResponseReturnValue:
    """What hinders the draft, and what it would do to every series."""
    return _page(draft_or_404(key), PublishForm())


@bp.post("/lamna-in")
@requires(Permission.EDIT_QUESTIONNAIRE, in_city=True)
def hand_in(key: str) -> ResponseReturnValue:
    """Give the draft to another person to look through."""
    try:
        with writing(db.session):
            drafting.hand_in(db.session, key, actor=current_account().name)
    except DraftError as error:
        flash(error_text(error), "error")
    else:
        flash(_("The draft is handed in for review."))
    return redirect(url_for(".index", key=key), 303)


@bp.post("/skicka-tillbaka")
@requires(Permission.EDIT_QUESTIONNAIRE, in_city=True)
def send_back(key: str) -> ResponseReturnValue:
    """Let the draft be edited again."""
    try:
        with writing(db.session):
            drafting.send_back(db.session, key, actor=current_account().name)
    except DraftError as error:
        flash(error_text(error), "error")
    return redirect(url_for("editor.index", key=key), 303)


@bp.post("/kasta")
@requires(Permission.EDIT_QUESTIONNAIRE, in_city=True)
def discard(key: str) -> ResponseReturnValue:
    """Throw the draft away, as it was seen."""
    try:
        with writing(db.session):
            drafting.discard(db.session, key, seen=_seen(), actor=current_account().name)
    except DraftError as error:
        flash(error_text(error), "error")
        return redirect(url_for(".index", key=key), 303)
    flash(_("The draft is thrown away."))
    return redirect(url_for("questionnaires.index"), 303)


@bp.post("/publicera")
@requires(Permission.PUBLISH_QUESTIONNAIRE, in_city=True)
def publish(key: str) -> ResponseReturnValue:
    """Publish the draft for good."""
    held = drafting.draft_of(db.session, key)
    if held is None:
        flash(_("There is no draft any more: it was published or thrown away."), "error")
        return redirect(url_for("questionnaires.index"), 303)
    form = PublishForm()
    if not form.validate_on_submit() or form.valid_from.data is None:
        return _page(held, form), 422
    day, version = form.valid_from.data, held.version
    try:
        with writing(db.session):
            drafting.publish(
                db.session,
                key,
                valid_from=day,
                publisher=current_account().name,
                seen=_seen(),
            )
    except (DraftError, PublishingError) as error:
        form.valid_from.errors = [error_text(error)]
    except QuestionnaireError as error:
        form.valid_from.errors = str(error).splitlines()[:1]
    else:
        flash(_("Version %(version)s is published, from %(day)s.", version=version, day=day))
        return redirect(url_for("questionnaires.index"), 303)
    if drafting.draft_of(db.session, key) is None:
        flash(_("There is no draft any more: it was published or thrown away."), "error")
        return redirect(url_for("questionnaires.index"), 303)
    return _page(draft_or_404(key), form), 422


def _seen() -> int:
    """The revision that the person looked at."""
    return request.form.get("seen", -1, type=int)


def _page(held: QuestionnaireDraft, form: PublishForm) -> str:
    found = drafting.look_through(held)
    old = drafting.before(db.session, held)
    hindering = publishing.obstacles(
        db.session,
        found,
        publisher=current_account().name,
        authors=(held.author, *drafting.authors(held)),
        valid_from=form.valid_from.data,
    )
    return render_template(
        "questionnaires/gate.html",
        draft=held,
        authors=drafting.authors(held),
        form=form,
        is_in_review=held.state is DraftState.REVIEW,
        may_publish=current_account().may_in_city(Permission.PUBLISH_QUESTIONNAIRE),
        hindering=[(_place(held, each), _(each.message, **each.values)) for each in hindering],
        languages=[
            (code, found.document.texts.language_name.get(code, code))
            for code in found.document.languages
        ]
        if found.document
        else [],
        impact=publishing.impact(db.session, old, found.document)
        if old is not None and found.document is not None
        else [],
        words=words,
    )


def _place(held: QuestionnaireDraft, obstacle: Obstacle) -> tuple[str, str]:
    """Where it is mended: the name of the place, and its address; none of the page itself."""
    if obstacle.place in ("valid_from", "publisher", "version"):
        return "", ""
    return place_name(obstacle.place), page_of(held.questionnaire, obstacle.place)

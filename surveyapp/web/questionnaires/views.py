"""The life of a questionnaire: its versions and its draft, and what was said in each."""

from dataclasses import dataclass
from datetime import date

from flask import (
    Blueprint,
    abort,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue

from surveyapp import drafting, publishing
from surveyapp.access import Permission
from surveyapp.db import db, writing
from surveyapp.errors import DraftError, PublishingError
from surveyapp.i18n import error_text
from surveyapp.i18n import gettext as _
from surveyapp.models import QuestionnaireDraft, QuestionnaireVersion, VersionStatus
from surveyapp.questionnaire import Questionnaire, as_source, direction, html_language
from surveyapp.questionnaire.editing import read
from surveyapp.web import today
from surveyapp.web.access import current_account, requires
from surveyapp.web.questionnaires import names
from surveyapp.web.questionnaires.forms import RetireForm

bp = Blueprint("questionnaires", __name__, url_prefix="/formular")


@dataclass(frozen=True)
class Row:
    """A version in the list, and what it is on this day."""

    version: int
    state: str
    author: str
    publisher: str
    is_open: bool
    may_retire: bool


@bp.get("")
@requires(Permission.EDIT_QUESTIONNAIRE, in_city=True)
def index() -> ResponseReturnValue:
    """Every questionnaire with its versions, and the draft of the next one."""
    drafts = {draft.questionnaire: draft for draft in drafting.drafts(db.session)}
    keys = sorted({*publishing.keys(db.session), *drafts})
    return render_template(
        "questionnaires/index.html",
        questionnaires=[(key, _rows(key), drafts.get(key)) for key in keys],
        authors=drafting.authors,
    )


@bp.post("/<key>/utkast/nytt")
@requires(Permission.EDIT_QUESTIONNAIRE, in_city=True)
def begin(key: str) -> ResponseReturnValue:
    """A draft of the next version, or the one there is."""
    try:
        with writing(db.session):
            drafting.begin(db.session, key, actor=current_account().name, today=today())
    except DraftError as error:
        flash(error_text(error), "error")
    return redirect(url_for("editor.index", key=key), 303)


@bp.get("/<key>/<int:version>")
@requires(Permission.EDIT_QUESTIONNAIRE, in_city=True)
def version(key: str, version: int) -> ResponseReturnValue:
    """A published version as it was put, in one language."""
    row = published_or_404(key, version)
    document = publishing.parsed(row)
    language = request.args.get("sprak", document.languages[0])
    if language not in document.languages:
        abort(404)
    others = [each.version for each in publishing.versions(db.session, key)]
    return render_template(
        "questionnaires/version.html",
        key=key,
        document=document,
        row=next(each for each in _rows(key) if each.version == version),
        language=language,
        html_language=html_language(language),
        direction=direction(language),
        others=[each for each in others if each != version],
        around=_around(document, language),
    )


@bp.route("/<key>/<int:version>/avsluta", methods=["GET", "POST"])
@requires(Permission.PUBLISH_QUESTIONNAIRE, in_city=True)
def retire(key: str, version: int) -> ResponseReturnValue:
    """Retire a version that another has taken over from."""
    published_or_404(key, version)
    form = RetireForm(data={"paper_until": date(today().year + 1, 3, 31)})
    if not form.validate_on_submit() or form.paper_until.data is None:
        status = 422 if form.errors else 200
        return render_template(
            "questionnaires/retire.html", key=key, version=version, form=form
        ), status
    try:
        with writing(db.session):
            publishing.retire(
                db.session,
                key,
                version,
                paper_until=form.paper_until.data,
                today=today(),
                actor=current_account().name,
            )
    except PublishingError as error:
        form.paper_until.errors = [error_text(error)]
        return render_template(
            "questionnaires/retire.html", key=key, version=version, form=form
        ), 422
    flash(_("Version %(version)s is retired.", version=version))
    return redirect(url_for(".index"), 303)


def _around(document: Questionnaire, language: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """The texts around the questions in a language, in groups, with what each is."""
    source = as_source(document)
    return [
        (group, [(name, read(source, row.format(language)) or "") for name, row in rows])
        for group, rows in names.groups()
    ]


def published_or_404(key: str, version: int) -> QuestionnaireVersion:
    """The published version."""
    return publishing.published(db.session, key, version) or abort(404)


def _rows(key: str) -> list[Row]:
    """The versions of a questionnaire, the newest first."""
    day = today()
    now_open = publishing.opened(db.session, key, day)
    return [
        Row(
            each.version,
            _state(each, now_open, day),
            each.author,
            each.publisher,
            is_open=each == now_open,
            may_retire=now_open is not None
            and each.version < now_open.version
            and each.status is VersionStatus.PUBLISHED,
        )
        for each in reversed(publishing.versions(db.session, key))
    ]


def _state(row: QuestionnaireVersion, now_open: QuestionnaireVersion | None, day: date) -> str:
    if row == now_open:
        return _("open since %(day)s", day=row.valid_from)
    if row.valid_from > day:
        return _("opens on %(day)s", day=row.valid_from)
    if row.status is VersionStatus.RETIRED:
        return _("retired; paper forms are keyed through %(day)s", day=row.paper_until)
    return _("another version has taken over; it was open from %(day)s", day=row.valid_from)


def draft_or_404(key: str) -> QuestionnaireDraft:
    """The draft of the questionnaire."""
    return drafting.draft_of(db.session, key) or abort(404)

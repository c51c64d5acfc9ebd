"""The life of a questionnaire: its versions and its draft, and what was said in each."""

from dataclasses import dataclass
from datetime import date

from flask import (
    Blueprint,
    Response,
    abort,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from werkzeug.exceptions import RequestEntityTooLarge

from surveyapp import drafting, publishing
from surveyapp.access import Permission
from surveyapp.db import db, writing
from surveyapp.errors import DraftError, PublishingError, QuestionnaireError
from surveyapp.i18n import error_text
from surveyapp.i18n import gettext as _
from surveyapp.models import QuestionnaireDraft, QuestionnaireVersion, VersionStatus
from surveyapp.questionnaire import (
    Questionnaire,
    as_source,
    direction,
    html_language,
    parse,
    write,
)
from surveyapp.web import csrf, today
from surveyapp.web.access import current_account, note, requires
from surveyapp.web.questionnaires.forms import FileForm, RetireForm

bp = Blueprint("questionnaires", __name__, url_prefix="/formular")
LARGEST_FILE = 1024 * 1024  # bytes


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
@requires(Permission.EDIT_QUESTIONNAIRE)
def index() -> ResponseReturnValue:
    """Every questionnaire with its versions, and the draft of the next one."""
    published = db.session.scalars(select(QuestionnaireVersion.questionnaire).distinct())
    drafts = {draft.questionnaire: draft for draft in drafting.drafts(db.session)}
    keys = sorted({*published, *drafts})
    return render_template(
        "questionnaires/index.html",
        questionnaires=[(key, _rows(key), drafts.get(key)) for key in keys],
        authors=drafting.authors,
    )


@bp.post("/<key>/utkast/nytt")
@requires(Permission.EDIT_QUESTIONNAIRE)
def begin(key: str) -> ResponseReturnValue:
    """A draft of the next version, or the one there is."""
    try:
        with writing(db.session):
            drafting.begin(db.session, key, actor=current_account().name, today=today())
    except DraftError as error:
        flash(error_text(error), "error")
    return redirect(url_for("editor.index", key=key), 303)


@bp.get("/<key>/<int:version>")
@requires(Permission.EDIT_QUESTIONNAIRE)
def version(key: str, version: int) -> ResponseReturnValue:
    """A published version as it was put, in one language."""
    row = _published_or_404(key, version)
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
    )


@bp.route("/<key>/<int:version>/avsluta", methods=["GET", "POST"])
@requires(Permission.PUBLISH_QUESTIONNAIRE)
def retire(key: str, version: int) -> ResponseReturnValue:
    """Retire a version that another has taken over from."""
    _published_or_404(key, version)
    form = RetireForm(data={"paper_until": date(today().year + 1, 3, 31)})
    if not form.validate_on_submit() or form.paper_until.data is None:
        status = 422 if form.errors else 200
        return render_template(
            "questionnaires/retire.html", key=key, version=version, form=form
        ), status
    try:
        with writing(db.session):
            publishing.retire(
                db.session, key, version, paper_until=form.paper_until.data, today=today()
            )
    except PublishingError as error:
        form.paper_until.errors = [error_text(error)]
        return render_template(
            "questionnaires/retire.html", key=key, version=version, form=form
        ), 422
    note("questionnaire.retire", f"{key} version {version}")
    flash(_("Version %(version)s is retired.", version=version))
    return redirect(url_for(".index"), 303)


@bp.get("/<key>/<int:version>.yaml")
@requires(Permission.EDIT_QUESTIONNAIRE)
def download(key: str, version: int) -> ResponseReturnValue:
    """The version as its file."""
    return _as_file(publishing.parsed(_published_or_404(key, version)))


@bp.get("/<key>/utkast.yaml")
@requires(Permission.EDIT_QUESTIONNAIRE)
def download_draft(key: str) -> ResponseReturnValue:
    """The draft as a file, as far as it has its shape."""
    draft = drafting.draft_of(db.session, key) or abort(404)
    document = drafting.look_through(draft).document
    if document is None:
        flash(
            _("The draft cannot be written to a file until what is wrong is mended."), "error"
        )
        return redirect(url_for("editor.index", key=key))
    return _as_file(document)


@bp.route("/fil", methods=["GET", "POST"])
@csrf.exempt  # checked below: it reads the form, which must not happen before its limit is set
@requires(Permission.EDIT_QUESTIONNAIRE)
def upload() -> ResponseReturnValue:
    """A file as the draft: of a new questionnaire, or of the next version of one."""
    request.max_content_length = LARGEST_FILE
    try:
        form = FileForm()
        csrf.protect()
    except RequestEntityTooLarge:
        return _upload_page([_("The file is too large to be a questionnaire.")], 422)
    if not form.validate_on_submit():
        return _upload_page([error for field in form for error in field.errors], form=form)
    try:
        document = parse(form.file.data.read().decode(), form.file.data.filename or "")
    except UnicodeDecodeError:
        return _upload_page([_("The file is not text in UTF-8.")], 422)
    except QuestionnaireError as error:
        return _upload_page(str(error).splitlines(), 422)
    draft = drafting.draft_of(db.session, document.key)
    seen = request.form.get(f"seen:{document.key}", "")
    try:
        with writing(db.session):
            drafting.take_in(
                db.session,
                as_source(document),
                actor=current_account().name,
                today=today(),
                seen=int(seen) if draft is not None and seen.isdecimal() else None,
            )
    except DraftError as error:
        return _upload_page([error_text(error)], 422)
    flash(_("The file is now the draft."))
    return redirect(url_for("editor.index", key=document.key), 303)


def _upload_page(
    faults: list[str], status: int = 200, form: FileForm | None = None
) -> ResponseReturnValue:
    return render_template(
        "questionnaires/upload.html",
        form=form or FileForm(formdata=None),
        faults=faults,
        drafts=drafting.drafts(db.session),
    ), 422 if faults else status


def _as_file(document: Questionnaire) -> Response:
    response = Response(write(document), mimetype="application/yaml")
    name = f"{document.key}-v{document.version}.yaml"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _published_or_404(key: str, version: int) -> QuestionnaireVersion:
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

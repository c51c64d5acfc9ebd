"""Questionnaires as files: ours, and those of other programs, out and in."""

import json

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import RequestEntityTooLarge

from surveyapp import drafting, publishing
from surveyapp.access import Permission
from surveyapp.db import db, writing
from surveyapp.errors import DraftError, ExchangeRefused, QuestionnaireError
from surveyapp.i18n import error_text
from surveyapp.i18n import gettext as _
from surveyapp.questionnaire import Questionnaire, Source, as_source, examined, parse, write
from surveyapp.web import csrf, today
from surveyapp.web.access import current_account, requires
from surveyapp.web.questionnaires.forms import FileForm
from surveyapp.web.questionnaires.views import draft_or_404, published_or_404

bp = Blueprint("questionnaire_files", __name__, url_prefix="/formular")
LARGEST_FILE = 1024 * 1024  # bytes
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
A_WORKBOOK = b"PK"  # how one begins


@bp.get("/<key>/<int:version>.yaml")
@requires(Permission.EDIT_QUESTIONNAIRE, in_city=True)
def yaml(key: str, version: int) -> ResponseReturnValue:
    """The version as its file."""
    return _yaml(publishing.parsed(published_or_404(key, version)))


@bp.get("/<key>/utkast.yaml")
@requires(Permission.EDIT_QUESTIONNAIRE, in_city=True)
def draft(key: str) -> ResponseReturnValue:
    """The draft as a file, as far as it has its shape."""
    document = drafting.look_through(draft_or_404(key)).document
    if document is None:
        flash(_("The draft can be written to a file when what is wrong is mended."), "error")
        return redirect(url_for("editor.index", key=key))
    return _yaml(document)


@bp.get("/<key>/<int:version>/andra-program")
@requires(Permission.EDIT_QUESTIONNAIRE, in_city=True)
def others(key: str, version: int) -> ResponseReturnValue:
    """The version for other programs, and what they cannot be told."""
    from surveyapp.exchange.xlsform import write_xlsform

    _content, remarks = write_xlsform(publishing.parsed(published_or_404(key, version)))
    return render_template(
        "questionnaires/others.html", key=key, version=version, remarks=remarks
    )


@bp.get("/<key>/<int:version>.xlsx")
@requires(Permission.EDIT_QUESTIONNAIRE, in_city=True)
def xlsform(key: str, version: int) -> ResponseReturnValue:
    """The version as an XLSForm."""
    from surveyapp.exchange.xlsform import write_xlsform

    content, _remarks = write_xlsform(publishing.parsed(published_or_404(key, version)))
    return _file(content, f"{key}-v{version}.xlsx", XLSX)


@bp.get("/<key>/<int:version>.xml")
@requires(Permission.EDIT_QUESTIONNAIRE, in_city=True)
def ddi(key: str, version: int) -> ResponseReturnValue:
    """The version as DDI-Codebook, for archives."""
    from surveyapp.exchange.ddi import write_ddi

    classes = publishing.decided(db.session, key, version) or None
    content = write_ddi(publishing.parsed(published_or_404(key, version)), classes)
    return _file(content, f"{key}-v{version}.xml", "application/xml")


@bp.route("/fil", methods=["GET", "POST"])
@csrf.exempt  # checked below: it reads the form, which must not happen before its limit is set
@requires(Permission.EDIT_QUESTIONNAIRE, in_city=True)
def upload() -> ResponseReturnValue:
    """A file as the draft: of a new questionnaire, or of the next version of one.

    What another program's file holds is shown before it becomes the draft.
    """
    request.max_content_length = LARGEST_FILE
    try:
        form = FileForm()
        csrf.protect()
    except RequestEntityTooLarge:
        return _page([_("The file is too large to be a questionnaire.")])
    if request.method == "POST" and "source" in request.form:
        return _take_in(_looked_at())
    if not form.validate_on_submit():
        return _page([error for field in form for error in field.errors], form)
    content = form.file.data.read()
    if content.startswith(A_WORKBOOK):
        return _show_workbook(content)
    try:
        document = parse(content.decode(), form.file.data.filename or "")
    except UnicodeDecodeError:
        return _page([_("The file is not text in UTF-8.")])
    except QuestionnaireError as error:
        return _page(str(error).splitlines())
    return _take_in(as_source(document))


def _show_workbook(content: bytes) -> ResponseReturnValue:
    """What an XLSForm would make of the version before, and what was left out of it."""
    from surveyapp.exchange.xlsform import read_xlsform

    latest = publishing.versions(db.session, request.form.get("base", ""))
    if not latest:
        return _page([_("Choose which questionnaire the file is the next version of.")])
    try:
        source, remarks = read_xlsform(content, publishing.parsed(latest[-1]))
    except ExchangeRefused as error:
        return _page(
            [f"{each.place}: {_(each.message, **each.values)}" for each in error.faults]
        )
    return render_template(
        "questionnaires/workbook.html",
        key=source["key"],
        remarks=remarks,
        seen=request.form.get(f"seen:{source['key']}", ""),
        source=json.dumps(source, ensure_ascii=False),
    )


def _looked_at() -> Source:
    """What was shown of another program's file, sent back to become the draft."""
    try:
        source = json.loads(request.form["source"])
    except ValueError:
        abort(400)
    if not isinstance(source, dict) or examined(source).document is None:
        abort(400)
    return source


def _take_in(source: Source) -> ResponseReturnValue:
    key = str(source["key"])
    seen = request.form.get(f"seen:{key}", "")
    try:
        with writing(db.session):
            drafting.take_in(
                db.session,
                source,
                actor=current_account().name,
                today=today(),
                seen=int(seen) if seen.isdecimal() else None,
            )
    except DraftError as error:
        return _page([error_text(error)])
    flash(_("The file is now the draft."))
    return redirect(url_for("editor.index", key=key), 303)


def _page(faults: list[str], form: FileForm | None = None) -> ResponseReturnValue:
    return render_template(
        "questionnaires/upload.html",
        form=form or FileForm(formdata=None),
        faults=faults,
        drafts=drafting.drafts(db.session),
        keys=publishing.keys(db.session),
    ), 422 if faults else 200


def _yaml(document: Questionnaire) -> Response:
    name = f"{document.key}-v{document.version}.yaml"
    return _file(write(document).encode(), name, "application/yaml")


def _file(content: bytes, name: str, mimetype: str) -> Response:
    response = Response(content, mimetype=mimetype)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response

"""What was put aside: tried again, let in by a person's decision, or carried in as a file."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import RequestEntityTooLarge

from surveyapp import collecting, delivering
from surveyapp.access import Permission
from surveyapp.collecting import REVOKED, Parked
from surveyapp.db import db, writing
from surveyapp.delivering import Rescued
from surveyapp.errors import CollectingError
from surveyapp.i18n import error_text, ngettext
from surveyapp.i18n import gettext as _
from surveyapp.web import csrf, sealer, today
from surveyapp.web.access import current_account, note, own_unit_or_404, requires
from surveyapp.web.devices import tablets
from surveyapp.web.devices.aside_words import aside_rows
from surveyapp.web.devices.forms import LetInForm, RescueForm

bp = Blueprint("aside", __name__, url_prefix="/surfplattor")

LARGEST_RESCUE_FILE = 16 * 1024 * 1024  # bytes: more than two thousand envelopes


@bp.post("/prova-igen")
@requires(Permission.MANAGE_DEVICES)
def retry() -> ResponseReturnValue:
    """Let in what holds now."""
    with writing(db.session):
        n = collecting.retry_quarantine(db.session, today=today(), sealer=sealer())
    note("quarantine.retry", str(n))
    flash(
        ngettext("%(num)s answer was let in.", "%(num)s answers were let in.", n)
        if n
        else _("Nothing could be let in yet.")
    )
    return redirect(url_for("devices.index", _anchor="aside"), 303)


@bp.route("/slapp-in", methods=["GET", "POST"])
@requires(Permission.MANAGE_DEVICES)
def let_in() -> ResponseReturnValue:
    """Trust what revoked tablets sent: a person says why."""
    unit_ids = tablets.managed_ids(current_account())
    waiting = [p for p in collecting.parked_in(db.session, unit_ids) if p.reason == REVOKED]
    form = LetInForm().offer({p.unit.code: p.unit.name for p in waiting if p.unit})
    if not waiting or not form.validate_on_submit():
        return _let_in_page(form, waiting), 422 if form.errors else 200
    codes, reason = form.units.chosen, form.reason.data or ""
    if codes:
        unit_ids = {own_unit_or_404(code, Permission.MANAGE_DEVICES).id for code in codes}
    with writing(db.session):
        n = collecting.let_in(db.session, unit_ids, today=today(), sealer=sealer())
    note("quarantine.let_in", f"{' '.join(codes)} {n}. {reason}")
    flash(ngettext("%(num)s answer was let in.", "%(num)s answers were let in.", n))
    return redirect(url_for("devices.index", _anchor="aside"), 303)


@bp.route("/raddning", methods=["GET", "POST"])
@csrf.exempt  # checked below: it reads the form, which must not happen before its limit is set
@requires(Permission.MANAGE_DEVICES)
def rescue() -> ResponseReturnValue:
    """Take in the answers of a tablet out of a file that was saved on it."""
    request.max_content_length = LARGEST_RESCUE_FILE
    try:
        form = RescueForm()
        csrf.protect()
    except RequestEntityTooLarge:
        return _refused(_("The file is too large to be a rescue file from a tablet."))
    if not form.validate_on_submit():
        return render_template("devices/rescue.html", form=form), 422 if form.errors else 200
    content = form.file.data.read()
    try:
        done = delivering.rescue(db.session, content, today=today(), sealer=sealer())
    except CollectingError as error:
        return _refused(error_text(error))
    note("devices.rescue", f"{done.n_stored} {done.n_put_aside} {done.n_refused}")
    return render_template("devices/rescued.html", done=done, said=_became(done))


def _refused(fault: str) -> ResponseReturnValue:
    form = RescueForm(formdata=None)
    form.file.errors = [fault]
    return render_template("devices/rescue.html", form=form), 422


def _became(done: Rescued) -> list[str]:
    """What became of the envelopes, in words."""
    return [
        sentence
        for n, sentence in (
            (
                done.n_stored,
                ngettext(
                    "%(num)s answer was stored.", "%(num)s answers were stored.", done.n_stored
                ),
            ),
            (
                done.n_repeated,
                ngettext(
                    "%(num)s had come before and is counted once.",
                    "%(num)s had come before and are counted once.",
                    done.n_repeated,
                ),
            ),
            (
                done.n_put_aside,
                ngettext("%(num)s was put aside.", "%(num)s were put aside.", done.n_put_aside),
            ),
            (
                done.n_refused,
                ngettext(
                    "%(num)s was refused: the tablet did not sign it.",
                    "%(num)s were refused: the tablet did not sign them.",
                    done.n_refused,
                ),
            ),
        )
        if n
    ]


def _let_in_page(form: LetInForm, waiting: list[Parked]) -> str:
    return render_template("devices/let_in.html", form=form, rows=aside_rows(waiting))

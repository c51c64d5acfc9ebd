"""The office view of tablets: how they are, new ones, new codes, shutting lost ones out."""

from flask import (
    Blueprint,
    abort,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue

from surveyapp import collecting, enrolling, moving
from surveyapp.access import Permission
from surveyapp.db import db, writing
from surveyapp.errors import CollectingError
from surveyapp.i18n import error_text
from surveyapp.i18n import gettext as _
from surveyapp.web import today
from surveyapp.web.access import current_account, note, own_unit_or_404, own_units, requires
from surveyapp.web.devices import tablets
from surveyapp.web.devices.aside_words import aside_rows
from surveyapp.web.devices.forms import TabletForm
from surveyapp.web.devices.tablets import Tablet

bp = Blueprint("devices", __name__, url_prefix="/surfplattor")


@bp.get("")
@requires(Permission.MANAGE_DEVICES)
def index() -> ResponseReturnValue:
    """Every tablet of the account's units, what was put aside, and what is to be moved."""
    account = current_account()
    unit_ids = tablets.managed_ids(account)
    found = tablets.tablets_of(account, today())
    return render_template(
        "devices/index.html",
        tablets=[tablet for tablet in found if not tablet.device.is_revoked],
        revoked=[tablet for tablet in found if tablet.device.is_revoked],
        aside=aside_rows(collecting.parked_in(db.session, unit_ids)),
        moves=moving.moves(db.session, unit_ids),
    )


@bp.route("/ny", methods=["GET", "POST"])
@requires(Permission.MANAGE_DEVICES)
def create() -> ResponseReturnValue:
    """Make a tablet; its code is shown this once."""
    units = [u for u in own_units(Permission.MANAGE_DEVICES) if u.is_valid_on(today())]
    form = TabletForm().offer({unit.code: unit.name for unit in units})
    if not form.validate_on_submit():
        return render_template("devices/new.html", form=form), 422 if form.errors else 200
    chosen = [own_unit_or_404(code, Permission.MANAGE_DEVICES) for code in form.units.chosen]
    codes, unit_ids = [unit.code for unit in chosen], [unit.id for unit in chosen]
    try:
        with writing(db.session):
            device, code = enrolling.create(
                db.session,
                form.name.data or "",
                unit_ids,
                secret=current_app.config["SECRET_KEY"],
            )
            number, name = device.id, device.name
    except CollectingError as error:
        form.name.errors = [error_text(error)]
        return render_template("devices/new.html", form=form), 422
    note("devices.create", f"{number} {' '.join(codes)}")
    return _code_page(name, code)


@bp.route("/<int:number>/kod", methods=["GET", "POST"])
@requires(Permission.MANAGE_DEVICES)
def renew(number: int) -> ResponseReturnValue:
    """Make a new code for a tablet, after saying what it has not sent."""
    tablet = _tablet_or_404(number)
    if tablet.device.is_revoked:
        flash(_("%(tablet)s is revoked. Make a new tablet instead.", tablet=tablet.device.name))
        return redirect(url_for(".index"))
    if request.method == "GET":
        return render_template("devices/renew.html", tablet=tablet)
    name = tablet.device.name
    with writing(db.session):
        code = enrolling.renew(db.session, number, secret=current_app.config["SECRET_KEY"])
    note("devices.renew", str(number))
    return _code_page(name, code)


@bp.route("/<int:number>/sparra", methods=["GET", "POST"])
@requires(Permission.MANAGE_DEVICES)
def revoke(number: int) -> ResponseReturnValue:
    """Shut a lost tablet out, after saying what that means for what it has not sent."""
    tablet = _tablet_or_404(number)
    if request.method == "GET" or tablet.device.is_revoked:
        return render_template("devices/revoke.html", tablet=tablet)
    with writing(db.session):
        name = enrolling.revoke(db.session, number).name
    note("devices.revoke", str(number))
    flash(_("%(tablet)s is revoked. What it sends from now on is put aside.", tablet=name))
    return redirect(url_for(".index"), 303)


def _tablet_or_404(number: int) -> Tablet:
    return tablets.tablet_of(current_account(), number, today()) or abort(404)


def _code_page(name: str, code: str) -> str:
    address = url_for("tablet.start", _external=True)
    return render_template("devices/code.html", name=name, code=code, address=address)

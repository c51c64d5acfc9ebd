"""Paper forms: choose the pile, note what went out, key sheet after sheet."""

from datetime import date
from typing import Any

from flask import (
    Blueprint,
    abort,
    flash,
    g,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import OperationalError, ProgrammingError
from werkzeug.datastructures import MultiDict

from surveyapp import collecting, organising, publishing
from surveyapp.access import Permission, Role
from surveyapp.collecting import Taken
from surveyapp.db import db, writing
from surveyapp.errors import (
    AnswerError,
    CannotAccept,
    ReceiptConflict,
    StorageError,
    SurveyError,
)
from surveyapp.i18n import error_text, month_name
from surveyapp.i18n import gettext as _
from surveyapp.models import Account, Unit
from surveyapp.web import sealer, today
from surveyapp.web.access import current_account, note, own_unit_or_404, own_units, requires
from surveyapp.web.paper import handed_out
from surveyapp.web.paper.forms import STICKY, HandedOutForm, PileForm, month_for
from surveyapp.web.paper.keyed import Faults, Keyed, Pile
from surveyapp.web.paper.sheet import LONG_NUMBER, ONLY_DIGITS, is_blank, points_out

bp = Blueprint("paper", __name__, url_prefix="/papper")

KEYED_TODAY = "paper_keyed"  # in the session: the day, and how many sheets since it began
JUST_SAVED = "paper_saved"  # in the session: the questions set aside in the sheet just saved


@bp.get("")
@requires(Permission.ENTER_PAPER)
def index() -> ResponseReturnValue:
    """What the sheets of the pile have in common; with `begin`, on to the first sheet."""
    form = _pile_form()
    if form is not None and "begin" in request.args and form.validate():
        unit = own_unit_or_404(form.unit.data, Permission.ENTER_PAPER)
        if (month := _month(form, unit)) is not None:
            sticky = form.sticky | {"month": month_name(month)}
            return redirect(_sheet_address(unit.code, form.version.data, sticky))
    return _index_page(form, _handed_out_form(None))


@bp.post("/utdelade")
@requires(Permission.ENTER_PAPER)
def count() -> ResponseReturnValue:
    """Note how many forms went out: the denominator of the response rate."""
    form = _handed_out_form(request.form)
    if form.validate():
        unit = own_unit_or_404(form.unit.data, Permission.ENTER_PAPER)
        if (month := _month(form, unit)) is not None:
            unit_id, n = unit.id, int(form.n.data or 0)
            subject = f"{unit.code} {month_name(month)}: {n}"
            with writing(db.session):
                handed_out.set_handed_out(db.session, unit_id, month, n)
            note("paper_handed_out", subject)
            flash(_("The number of forms handed out is saved."))
            return redirect(url_for("paper.index"), 303)
    return _index_page(_pile_form(), form), 400


@bp.route("/<unit_code>/<key>/<int:version>", methods=["GET", "POST"])
@requires(Permission.ENTER_PAPER)
def sheet(unit_code: str, key: str, version: int) -> ResponseReturnValue:
    """Key one sheet. The address names the version printed on it and carries the pile."""
    unit = own_unit_or_404(unit_code, Permission.ENTER_PAPER)
    published = publishing.published(db.session, key, version)
    if published is None or published.valid_from > today():
        abort(404)
    if not published.is_keyed_on(today()) and request.method == "GET":
        flash(
            _("Paper forms of version %(version)s are not keyed any more.", version=version),
            "error",
        )
        return redirect(url_for("paper.index"))
    document = publishing.parsed(published)
    form = PileForm(MultiDict({**request.args, "unit": unit.code, "version": str(version)}))
    form.offer({unit.code: unit.name}, {str(version): ""}, document)
    month = _month(form, unit) if form.validate() else None
    if month is None:
        known: dict[str, Any]
        known = {name: request.args[name] for name in STICKY if name in request.args}
        known |= {"unit": unit.code, "version": str(version), "begin": "1"}
        return redirect(url_for("paper.index", **known))
    pile = Pile.of(unit, document, form, month)
    if _has_cases_of_their_own(current_account()) and request.args.get("contact") != "no":
        return _contact_page(pile)
    if request.method == "GET":
        return _sheet_page(pile, Keyed.fresh(month, _officers(pile, month)))
    return _save(pile, unit, Keyed.sent(document))


def _save(pile: Pile, unit: Unit, keyed: Keyed) -> ResponseReturnValue:
    """Store the sheet, or give the page back with all that was keyed and what to mend."""
    faults = Faults()
    try:
        month = month_for(unit, keyed.month, today())
        officers = _officers(pile, month)
        if officers != keyed.officers:
            faults.month = _(
                "In that month the forms had other boxes. Compare the digits with the sheet."
            )
    except SurveyError as error:
        month, officers = pile.month, keyed.officers
        faults.month = error_text(error)
    keyed = keyed.with_officers(officers)
    answers, wrong = pile.sheet(officers).read(keyed.keys)
    faults.questions = {question: error_text(error) for question, error in wrong.items()}
    if not wrong and is_blank(answers):
        faults.sheet = _(
            "Nothing is keyed. A sheet without any answer is put aside and not keyed."
        )
    if not keyed.is_checked:
        texts = [keyed.keys[question] for question in pile.text_questions]
        faults.numbers = [number for text in texts for number in points_out(text)]
    submission = pile.submission(keyed.receipt, month, answers)
    aside: tuple[str, ...] = ()
    try:
        aside = collecting.conflicts(db.session, submission, today=today())
    except AnswerError as error:
        faults.questions[error.question] = error_text(error)
    except CannotAccept as error:
        faults.month = faults.month or error_text(error)
    except (OperationalError, ProgrammingError):
        return _stuck(pile, keyed)
    if faults:
        return _sheet_page(pile, keyed, faults), 400
    try:
        with writing(db.session):
            taken = collecting.submit(
                db.session, submission, today=today(), units=[pile.unit], sealer=sealer()
            )
    except StorageError:
        return _stuck(pile, keyed)
    except ReceiptConflict:
        return render_template("paper/known.html", next_sheet=pile.address(month)), 409
    session[KEYED_TODAY] = [today().isoformat(), _n_keyed() + (taken is Taken.STORED)]
    session[JUST_SAVED] = list(aside)
    return redirect(pile.address(month), 303)


def _stuck(pile: Pile, keyed: Keyed) -> ResponseReturnValue:
    """The database does not answer: everything that was keyed stays in the page."""
    db.session.rollback()
    g.without_database = True  # the page must not ask it again
    return _sheet_page(pile, keyed, is_stuck=True), 503


def _sheet_page(
    pile: Pile, keyed: Keyed, faults: Faults | None = None, *, is_stuck: bool = False
) -> str:
    faults = faults or Faults()
    rows = pile.sheet(keyed.officers).rows()
    unsure = pile.text_questions if faults.numbers else []
    wrong = [row.question.id for row in rows if row.question.id in faults.questions]
    return render_template(
        "paper/sheet.html",
        pile=pile,
        rows=rows,
        keyed=keyed,
        faults=faults,
        is_stuck=is_stuck,
        begin_at="" if is_stuck else next(iter([*wrong, *unsure]), rows[0].question.id),
        long_number=LONG_NUMBER,
        only_digits=ONLY_DIGITS,
        **_just_saved(pile),
    )


def _contact_page(pile: Pile) -> ResponseReturnValue:
    """Somebody with cases of their own first says whether this one may be theirs."""
    return render_template(
        "paper/contact.html",
        pile=pile,
        is_put_aside=request.args.get("contact") == "yes",
        **_just_saved(pile),
    )


def _has_cases_of_their_own(account: Account) -> bool:
    """Not what they may do but who they are: only case officers meet those who answer."""
    return any(grant.role is Role.CASE_OFFICER for grant in account.grants)


def _just_saved(pile: Pile) -> dict[str, Any]:
    """Whether a sheet was just saved, which of its answers were set aside, and how many."""
    aside = session.pop(JUST_SAVED, None)
    texts = [
        (row, question.text[pile.language])
        for row, question in enumerate(pile.sheet(1).questions, start=1)
        if question.id in (aside or ())
    ]
    return {"is_saved": aside is not None, "set_aside": texts, "n_keyed": _n_keyed()}


def _n_keyed() -> int:
    day, n = session.get(KEYED_TODAY, ["", 0])
    return int(n) if day == today().isoformat() else 0


def _officers(pile: Pile, month: date) -> int:
    return organising.named_officers(db.session, pile.unit_id, month)


def _month(form: PileForm | HandedOutForm, unit: Unit) -> date | None:
    """The month of the form; None, with the error in its place, if it does not hold."""
    try:
        return month_for(unit, form.month.data or "", today())
    except SurveyError as error:
        form.month.errors = [error_text(error)]
        return None


def _sheet_address(unit: str, version: str, sticky: dict[str, Any]) -> str:
    return url_for("paper.sheet", unit_code=unit, key=publishing.KEY, version=version, **sticky)


def _index_page(form: PileForm | None, handed_out_form: HandedOutForm) -> str:
    units = _units()
    return render_template(
        "paper/index.html",
        form=form,
        handed_out_form=handed_out_form,
        counts=handed_out.counts(db.session, units, today()),
        n_keyed=_n_keyed(),
    )


def _pile_form() -> PileForm | None:
    """The pile as the address has it; None while no questionnaire is published."""
    versions = [
        row
        for row in reversed(publishing.versions(db.session, publishing.KEY))
        if row.valid_from <= today() and row.is_keyed_on(today())
    ]
    if not versions:
        return None
    names = {
        str(row.version): _(
            "Version %(version)s, from %(day)s", version=row.version, day=row.valid_from
        )
        for row in versions
    }
    return PileForm(request.args).offer(_unit_names(), names, publishing.parsed(versions[0]))


def _handed_out_form(sent: Any) -> HandedOutForm:
    return HandedOutForm(sent, prefix="out-").offer(_unit_names())


def _units() -> list[Unit]:
    """The account's units: those that exist first, then those whose late forms may come."""
    day = today()
    return sorted(own_units(Permission.ENTER_PAPER), key=lambda unit: not unit.is_valid_on(day))


def _unit_names() -> dict[str, str]:
    """Units by code; beside one that does not exist today stands when it did."""
    day = today()
    return {
        unit.code: unit.name
        if unit.is_valid_on(day)
        else _(
            "%(unit)s (%(first)s to %(last)s)",
            unit=unit.name,
            first=unit.valid_from,
            last=unit.valid_to or "",
        )
        for unit in _units()
    }

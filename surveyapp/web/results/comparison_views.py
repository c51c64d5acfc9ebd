"""Comparisons: one unit or all, in one question or all, against the same thing."""

from urllib.parse import urlencode

from flask import Blueprint, abort, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from surveyapp import organising, reporting
from surveyapp.access import Permission
from surveyapp.db import db
from surveyapp.i18n import gettext as _
from surveyapp.i18n import period_name
from surveyapp.models import Unit
from surveyapp.periods import Period
from surveyapp.reporting import Against, Comparing, Way
from surveyapp.reporting.ways import FORM
from surveyapp.web.access import current_account, requires
from surveyapp.web.results import comparison_pages, comparison_words, wording
from surveyapp.web.results.address import chosen_period, not_released
from surveyapp.web.results.comparison_pages import View
from surveyapp.web.results.sources import source

bp = Blueprint("comparison", __name__)

ADDRESSES = {
    "resten": Against.REST,
    "forra-aret": Against.YEAR_BEFORE,
    "samma-arbetssatt": Against.SAME_WAY,
}
Select = tuple[str, str, list[tuple[str, str]], str]
NOTHING = View(Against.REST, None, None, None)
PARTS = ("period", "enhet", "med", "fraga")


@bp.get("/resultat/jamfor")
@requires(Permission.SEE_RESULTS)
def index() -> ResponseReturnValue:
    """What the address says is compared; it always says everything, so it can be passed on."""
    periods = reporting.released_products(db.session)
    if not periods:
        return render_template("results/nothing.html")
    comparing = Comparing.read(db.session, chosen_period(periods))
    if comparing is None:
        return not_released(periods, url_for(".index"))
    if not request.args.keys() >= set(PARTS):
        return redirect(f"{url_for('.index')}?{urlencode(_complete(comparing))}")
    if (missing := _missing(comparing)) is not None:
        page = render_template(
            "results/comparison.html",
            period=comparing.period,
            view=NOTHING,
            missing=missing,
            selects=_selects(comparing, periods, NOTHING),
        )
        return page, 404
    view = _view(comparing)
    own_ids = current_account().unit_ids(Permission.SEE_RESULTS)
    g.has_charts = view.is_chosen
    if not view.is_chosen:
        return render_template(
            "results/comparison.html",
            period=comparing.period,
            view=view,
            missing=_("Choose a unit or a question."),
            selects=_selects(comparing, periods, view),
        )
    compared = comparing.compared(
        view.against, way=view.way, unit=view.unit, question=view.question
    )
    return render_template(
        "results/comparison.html",
        period=comparing.period,
        view=view,
        selects=_selects(comparing, periods, view),
        compared=compared,
        sections=comparison_pages.sections(compared, view, own_ids),
        unclear=comparison_pages.unclear_notes(compared),
        other=comparison_words.against_words(view.against, view.way, comparing.period),
        words=comparison_words,
        source=source(
            compared.source,
            compared.limits,
            name=view.unit.name if view.unit else "",
            code=view.unit.code if view.unit else "",
        ),
    )


def _complete(comparing: Comparing) -> dict[str, str]:
    """The address with what it leaves out: the reader's own unit, or the last question."""
    own_ids = current_account().unit_ids(Permission.SEE_RESULTS)
    own = [unit.code for unit in comparing.units if unit.id in own_ids]
    given = {name: value for name, value in request.args.items() if name in PARTS}
    unit = given.get("enhet", own[0] if own and not given.get("fraga") else "")
    usual = {
        "period": str(comparing.period),
        "enhet": unit,
        "med": next(iter(ADDRESSES)),
        "fraga": "" if unit else comparing.questions[-1].question.id,
    }
    return usual | given


def _missing(comparing: Comparing) -> str | None:
    """What the form can ask for but the period does not have: chosen for another period."""
    code, way = request.args["enhet"], request.args["med"]
    is_here = code in {unit.code for unit in comparing.units}
    if not is_here and organising.unit_by_code(db.session, code) is not None:
        return _("The unit did not exist in this period. Choose another.")
    forms = organising.ATTRIBUTES[FORM]
    if way.rpartition("-")[0] in forms and way not in map(str, comparing.ways):
        return _("No unit worked that way through the whole of this period. Choose another.")
    return None


def _view(comparing: Comparing) -> View:
    """What the address says; what does not exist is not found."""
    against, way = _against(request.args["med"], comparing.ways)
    question = request.args["fraga"]
    if question and question not in {each.question.id for each in comparing.questions}:
        abort(404)
    return View(against, way, _unit(request.args["enhet"], comparing.units), question or None)


def _against(text: str, ways: list[Way]) -> tuple[Against, Way | None]:
    if text in ADDRESSES:
        return ADDRESSES[text], None
    way = next((way for way in ways if str(way) == text), None) or abort(404)
    return Against.WAY, way


def _unit(code: str, units: list[Unit]) -> Unit | None:
    if not code:
        return None
    return next((unit for unit in units if unit.code == code), None) or abort(404)


def _selects(comparing: Comparing, periods: list[Period], view: View) -> list[Select]:
    """The choices of the form: name, label, values with words, and what is chosen."""
    chosen_way = next(
        (text for text, against in ADDRESSES.items() if against is view.against),
        str(view.way),
    )
    return [
        (
            "period",
            _("Period"),
            [(str(p), period_name(p)) for p in periods],
            str(comparing.period),
        ),
        (
            "enhet",
            _("Unit"),
            [("", _("All units")), *((unit.code, unit.name) for unit in comparing.units)],
            view.unit.code if view.unit else "",
        ),
        (
            "med",
            _("Compared with"),
            [
                *(
                    (
                        text,
                        wording.begun(
                            comparison_words.against_words(against, None, comparing.period)
                        ),
                    )
                    for text, against in ADDRESSES.items()
                ),
                *(
                    (
                        str(way),
                        wording.begun(
                            comparison_words.against_words(Against.WAY, way, comparing.period)
                        ),
                    )
                    for way in comparing.ways
                ),
            ],
            chosen_way,
        ),
        (
            "fraga",
            _("Question"),
            [
                ("", _("All indicators")),
                *(
                    (each.question.id, wording.measure_name(each))
                    for each in comparing.questions
                ),
            ],
            view.question or "",
        ),
    ]

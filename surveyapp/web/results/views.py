"""Results of the city and of each unit, how they are made, and releasing them."""

from flask import Blueprint, abort, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from surveyapp import moving, organising, publishing, releasing, reporting
from surveyapp.access import Permission
from surveyapp.db import db
from surveyapp.errors import ReleaseRefused
from surveyapp.i18n import error_text, number, period_name
from surveyapp.i18n import gettext as _
from surveyapp.limits import limits
from surveyapp.models import MoveState
from surveyapp.periods import Period
from surveyapp.stats import FEWEST_UNITS
from surveyapp.web import today
from surveyapp.web.access import current_account, requires
from surveyapp.web.results import breakdown_words, method_pages, pages, trend_words, wording
from surveyapp.web.results.address import chosen_period, not_released
from surveyapp.web.results.forms import ReleaseForm
from surveyapp.web.results.nonresponse_pages import panel
from surveyapp.web.results.overview_pages import overview
from surveyapp.web.results.sources import source
from surveyapp.web.results.ways import ways

bp = Blueprint("results", __name__)
bp.add_app_template_global(ways, "result_ways")


@bp.get("/resultat")
@requires(Permission.SEE_RESULTS)
def city() -> ResponseReturnValue:
    """The city: every indicator, all units in one table, who answered and how many did."""
    periods = reporting.released_products(db.session)
    if not periods:
        return render_template("results/nothing.html")
    results = reporting.city_results(db.session, chosen_period(periods))
    if results is None:
        return not_released(periods, url_for(".city"))
    account = current_account()
    own_ids = account.unit_ids(Permission.SEE_RESULTS)
    forms = pages.forms_rows(results, own_ids)
    g.has_charts = True
    return render_template(
        "results/city.html",
        results=results,
        periods=periods,
        summary=pages.city_summary(results),
        overview=overview(results, own_ids),
        panel=panel(
            results.nonresponse, results.limits, name=_("The whole city"), period=results.period
        ),
        forms=forms,
        who_rows=pages.who_rows(forms),
        uncounted=pages.uncounted_rows(forms),
        source=source(results.source, results.limits),
        wording=wording,
    )


@bp.get("/resultat/<code>")
@requires(Permission.SEE_RESULTS)
def unit(code: str) -> ResponseReturnValue:
    """One unit: a period in full, and the indicators over time."""
    found = organising.unit_by_code(db.session, code) or abort(404)
    periods = reporting.unit_periods(db.session, found)
    if not periods:
        return render_template("results/nothing.html", unit=found)
    results = reporting.unit_results(db.session, found, chosen_period(periods))
    if results is None:
        return not_released(periods, url_for(".unit", code=code))
    summary, rows = pages.unit_summary(results)
    g.has_charts = True
    return render_template(
        "results/unit.html",
        results=results,
        periods=periods,
        summary=summary,
        rows=rows,
        areas=pages.question_sections(results),
        breakdowns=reporting.breakdowns_by_gender(db.session, results),
        histories=pages.history_sections(results),
        panel=panel(
            results.nonresponse, results.limits, name=found.name, period=results.period
        ),
        source=source(results.source, results.limits, name=found.name, code=code),
        source_over_time=results.source_over_time
        and source(results.source_over_time, results.limits, name=found.name, code=code),
        wording=wording,
        trend_words=trend_words,
        breakdown_words=breakdown_words,
    )


@bp.get("/metod")
@requires(Permission.SEE_RESULTS)
def method() -> ResponseReturnValue:
    """How the numbers are made, and what they cannot say."""
    return render_template(
        "results/method.html",
        limits=limits(db.session),
        coverage=method_pages.coverage_rows(),
        coverage_words=method_pages.coverage_words,
        example=method_pages.example_words(),
        icc=number(method_pages.assumed_similarity(), 2),
        nearly_everybody=number(1.1, 1),
        fewest_units=FEWEST_UNITS,
        least_coverage=reporting.LEAST_COVERAGE,
        smoothed_up_to=[n for _spread, n in reporting.SMOOTHED_UP_TO],
        versions=publishing.versions(db.session, publishing.KEY),
    )


@bp.route("/resultat/slapp", methods=["GET", "POST"])
@requires(Permission.RELEASE)
def release() -> ResponseReturnValue:
    """Release a closed period, after a confirmation."""
    account = current_account()
    if not account.may_in_city(Permission.RELEASE):
        abort(403)
    form = ReleaseForm()
    waiting = releasing.waiting(db.session, today())
    form.period.choices = [(str(period), period_name(period)) for period in waiting]
    if not form.validate_on_submit():
        status = 422 if form.is_submitted() else 200
        return _release_page(form, waiting), status
    period = Period.parse(form.period.data)
    try:
        releasing.release(db.session, period, today=today(), person=account.name)
    except ReleaseRefused as error:
        flash(error_text(error), "error")
        return _release_page(form, waiting), 409
    flash(_("The results for %(period)s are released.", period=period_name(period)))
    return redirect(url_for(".city", period=str(period)))


def _release_page(form: ReleaseForm, waiting: list[Period]) -> str:
    return render_template(
        "results/release.html",
        form=form,
        waiting=waiting,
        n_moves=moving.n_in(db.session, MoveState.REQUESTED, MoveState.CONFIRMED),
    )

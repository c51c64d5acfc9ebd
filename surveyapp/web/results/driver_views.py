"""What goes with a result: one indicator against one fact about the units."""

from flask import Blueprint, abort, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

from surveyapp import reporting
from surveyapp.access import Permission
from surveyapp.db import db
from surveyapp.reporting import Driver, Measure
from surveyapp.web.access import current_account, requires
from surveyapp.web.results import driver_pages, driver_words, wording
from surveyapp.web.results.address import chosen_period, not_released
from surveyapp.web.results.sources import source

bp = Blueprint("drivers", __name__)


@bp.get("/resultat/samband")
@requires(Permission.SEE_RESULTS)
def driver() -> ResponseReturnValue:
    """One indicator against one fact: the units as dots, and how they go together."""
    periods = reporting.released_products(db.session)
    if not periods:
        return render_template("results/nothing.html")
    period = chosen_period(periods)
    if str(period) not in map(str, periods):
        return not_released(periods, url_for(".driver"))
    measure = _measure(reporting.measures_with_share(db.session))
    indicators = reporting.indicators_held(db.session, period)
    is_too_much = len(request.args.getlist("med")) > 1
    chosen = None if is_too_much else _driver()
    results = None
    if measure is not None and chosen is not None:
        value = request.args.get("varde", "")
        results = reporting.driver_results(db.session, measure, chosen, period, value)
    own_ids = current_account().unit_ids(Permission.SEE_RESULTS)
    g.has_charts = results is not None
    page = render_template(
        "results/driver.html",
        period=period,
        periods=periods,
        indicators=indicators,
        measure=measure,
        driver=chosen,
        is_too_much=is_too_much,
        results=results,
        source=source(results.source, results.limits) if results else None,
        drawing_of_units=driver_pages.driver_drawing(results, own_ids) if results else None,
        lines=driver_pages.driver_lines(results, own_ids) if results else [],
        wording=wording,
        driver_words=driver_words,
    )
    return page, 400 if is_too_much else 200


def _measure(known: list[Measure]) -> Measure | None:
    """The question in the address; None where none is chosen."""
    asked = request.args.get("fraga", "")
    if not asked:
        return None
    return next((m for m in known if asked in m.question_ids), None) or abort(404)


def _driver() -> Driver | None:
    """The fact in the address; None where none is chosen."""
    text = request.args.get("med", "")
    try:
        return Driver(text) if text else None
    except ValueError:
        abort(404)

"""One question across all units."""

from flask import Blueprint, abort, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

from surveyapp import reporting
from surveyapp.access import Permission
from surveyapp.db import db
from surveyapp.web.access import current_account, requires
from surveyapp.web.results import question_pages, question_words, unit_chart_words, wording
from surveyapp.web.results.address import chosen_period, not_released
from surveyapp.web.results.sources import source

bp = Blueprint("questions", __name__)


@bp.get("/resultat/fraga/<question_id>")
@requires(Permission.SEE_RESULTS)
def question(question_id: str) -> ResponseReturnValue:
    """A question: the city and every unit, and how far apart chance alone takes them; of one
    without a share how it was put."""
    known = reporting.measures(db.session)
    measure = next((m for m in known if question_id in m.question_ids), None) or abort(404)
    periods = reporting.released_products(db.session)
    if not periods:
        return render_template("results/nothing.html")
    period = chosen_period(periods)
    address = url_for(".question", question_id=question_id)
    if str(period) not in map(str, periods):
        return not_released(periods, address)
    put = reporting.wordings(db.session, question_id, period)
    if put is None:
        page = render_template(
            "results/not_asked.html",
            measure=measure,
            period=period,
            periods=periods,
            address=address,
            wording=wording,
        )
        return page, 404
    results = reporting.question_across_units(db.session, question_id, period)
    if results is None:
        return render_template(
            "results/put.html",
            found=put,
            periods=periods,
            address=address,
            wording=wording,
            words=question_words,
        )
    own_ids = current_account().unit_ids(Permission.SEE_RESULTS)
    chart = results.unit_chart
    g.has_charts = True
    return render_template(
        "results/question.html",
        results=results,
        source=source(results.source, results.limits),
        periods=periods,
        address=address,
        drawing_of_shares=question_pages.question_drawing(results, own_ids),
        lines=question_pages.question_lines(results, own_ids),
        no_marks=question_pages.no_mark_notes(results),
        notes=wording.city_notes(
            results.measure, results.city, results.units, results.source.versions
        ),
        shows_smoothed=request.args.get("utjamnat") == "1",
        unit_chart=question_pages.unit_chart_drawing(chart, own_ids) if chart else None,
        chart_lines=question_pages.chart_lines(chart, own_ids) if chart else [],
        wordings=put,
        words=question_words,
        wording=wording,
        chart_wording=unit_chart_words,
    )

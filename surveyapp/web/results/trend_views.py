"""The page of questions over time: a unit or the city, one question or all indicators."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, abort, g, render_template, request
from flask.typing import ResponseReturnValue

from surveyapp import organising, reporting
from surveyapp.access import Permission
from surveyapp.db import db
from surveyapp.i18n import gettext as _
from surveyapp.models import Unit
from surveyapp.periods import Parts
from surveyapp.reporting import Chain, History, Records, Turnover
from surveyapp.web.access import requires
from surveyapp.web.results import comparison_words, trend_pages, trend_words, wording
from surveyapp.web.results.drawings import Drawing
from surveyapp.web.results.sources import source, staff_source

bp = Blueprint("trends", __name__)

YEARS = "ar"
PART_NAMES = {Parts.TERTIAL: "tertial", Parts.QUARTER: "kvartal", Parts.MONTH: "manad"}
CONTINUITY = "kontinuitet"  # the area of the questions that turnover is shown beside
CORONA = 2020


@dataclass(frozen=True)
class TurnoverStrip:
    """The city's turnover under the trend of a question."""

    drawing: Drawing
    years: Sequence[Turnover]

    @property
    def has_corona(self) -> bool:
        return any(each.year == CORONA for each in self.years)


@bp.get("/resultat/utveckling")
@requires(Permission.SEE_RESULTS)
def index() -> ResponseReturnValue:
    """How it has gone, in parts of years or in years."""
    if not reporting.released_products(db.session):
        return render_template("results/nothing.html")
    unit = _unit()
    records = Records(db.session, unit)
    chains = reporting.chains(records.measures)
    views = _views(records)
    visa = _chosen("visa", views) or next(iter(views))
    chain = _chain(chains)
    asked = [chain] if chain else [each for each in chains if each[-1].indicator]
    histories = reporting.histories(records, asked, in_years=visa == YEARS)
    limits = records.limits
    section = turnover = change = None
    may_show_turnover = bool(chain and unit is None and chain[-1].question.area == CONTINUITY)
    years: Sequence[Turnover] = []
    if chain and histories:
        years = reporting.turnover(db.session) if may_show_turnover else []
        axis = None
        if years and visa == YEARS:
            axis = trend_pages.turnover_axis(histories[0], years)
            turnover = TurnoverStrip(
                trend_pages.turnover_drawing(years, axis, "turnover"), years
            )
        section = trend_pages.section(histories[0], limits, axis)
        change = reporting.since_year_before(records, histories[0])
    made = records.source(in_years=visa == YEARS)
    g.has_charts = True
    return render_template(
        "results/trend.html",
        unit=unit,
        visa=visa,
        section=section,
        change=change,
        sections=[]
        if chain
        else [trend_pages.section(h, limits, is_small=True) for h in histories],
        mergers=_mergers(histories) if not chain else [],
        turnover=turnover,
        turnover_is_in_years=bool(section and may_show_turnover and years),
        selects=_selects(unit, chain, visa, chains, views, records),
        limits=limits,
        source=made
        and source(
            made, limits, name=unit.name if unit else "", code=unit.code if unit else ""
        ),
        turnover_source=staff_source(years),
        chosen=chain[-1].question.id if chain else "",
        comparison_words=comparison_words,
        trend_words=trend_words,
        trend_pages=trend_pages,
        wording=wording,
    )


def _unit() -> Unit | None:
    """The unit in the address; None stands for the city."""
    code = request.args.get("enhet", "")
    return (organising.unit_by_code(db.session, code) or abort(404)) if code else None


def _chain(chains: Sequence[Chain]) -> Chain | None:
    """The question in the address, by what it is called in any version; None is all of them."""
    asked = request.args.get("fraga", "")
    if not asked:
        return None
    found = (chain for chain in chains if any(asked in m.question_ids for m in chain))
    return next(found, None) or abort(404)


def _views(records: Records) -> dict[str, str]:
    """What the time may be divided into, with its words: the parts of the city, and years."""
    parts = {
        PART_NAMES[product.period.parts]: {
            Parts.TERTIAL: _("Tertials"),
            Parts.QUARTER: _("Quarters"),
            Parts.MONTH: _("Months"),
        }[product.period.parts]
        for product in records.products
        if not product.period.is_year
    }
    return parts | {YEARS: _("Years")}


def _chosen(name: str, known: dict[str, str]) -> str:
    """A choice in the address; one that does not exist is not found."""
    value = request.args.get(name, "")
    if value and value not in known:
        abort(404)
    return value


def _mergers(histories: Sequence[History]) -> list[organising.Merger]:
    """What happened to the units in any of the histories, once."""
    found = {(m.takes_effect_on, m.new.id): m for h in histories for m in h.mergers}
    return [found[place] for place in sorted(found)]


def _selects(
    unit: Unit | None,
    chain: Chain | None,
    visa: str,
    chains: Sequence[Chain],
    views: dict[str, str],
    records: Records,
) -> list[tuple[str, str, list[tuple[str, str]], str]]:
    """The choices of the page: name, label, options and what is chosen."""
    first = min(product.period.starts_on for product in records.products)
    units = [
        each
        for each in organising.by_name(records.successions.units.values())
        if each.valid_to is None or each.valid_to >= first or each == unit
    ]
    questions = [(each[-1].question.id, wording.measure_name(each[-1])) for each in chains]
    return [
        (
            "enhet",
            _("Unit"),
            [("", _("The whole city")), *((each.code, each.name) for each in units)],
            unit.code if unit else "",
        ),
        (
            "fraga",
            _("Question"),
            [("", _("All indicators")), *questions],
            chain[-1].question.id if chain else "",
        ),
        ("visa", _("Divided into"), list(views.items()), visa),
    ]

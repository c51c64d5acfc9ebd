"""How a result is put in words: one place for every sentence about a figure."""

from collections.abc import Mapping, Sequence
from datetime import date

from surveyapp import withholding
from surveyapp.errors import N_
from surveyapp.i18n import gettext as _
from surveyapp.i18n import (
    ngettext,
    number,
    percent,
    period_name,
    rounded,
    staff_language,
)
from surveyapp.limits import Limits
from surveyapp.models import Channel
from surveyapp.periods import Period
from surveyapp.questionnaire import Missing, Option, Question
from surveyapp.reporting import (
    Basis,
    Figure,
    Measure,
    Others,
    Point,
    Status,
    UnitRow,
)

STATUS_WORDS = {  # translated where they are shown: a region's table asks for hundreds
    Status.FEW: N_("Fewer than %(n)s answers - not shown."),
    Status.WITHHELD: N_("Not shown, so that the answers of other units cannot be worked out."),
    Status.ALIKE: N_("All answered the same - not shown."),
    Status.NO_ANSWERS: N_("No answers."),
    Status.NOT_ASKED: N_("The question was not asked."),
}
MOST_NAMES = 12  # of units in one sentence


def begun(words: str) -> str:
    """Words as they begin a sentence or stand alone in a list."""
    return f"{words[:1].upper()}{words[1:]}"


def status_words(status: Status, limit: int) -> str:
    """Why there is nothing to show. `limit` is the number of answers that it takes."""
    return _(STATUS_WORDS[status], n=limit)


def gap_words(status: Status) -> str:
    """The same in two words, for a chart. Nothing where there is a dot."""
    return {
        Status.SHOWN: "",
        Status.NO_ANSWERS: _("no answers"),
        Status.NOT_ASKED: _("not asked"),
    }.get(status, _("not shown"))


def distribution_status_words(status: Status, limits: Limits) -> str:
    """Why a distribution is not shown though its share may be."""
    if status is Status.FEW:
        return _(
            "Fewer than %(n)s answers, or too few in a group - the distribution is not shown.",
            n=limits.distribution,
        )
    return status_words(status, limits.any_figure)


def who_status_words(status: Status, limits: Limits) -> str:
    """Why it is not shown who answered."""
    if status is Status.FEW:
        return _(
            "Fewer than %(all)s forms, or fewer than %(n)s in a group - not shown.",
            all=limits.distribution,
            n=limits.any_figure,
        )
    return status_words(status, limits.any_figure)


def no_unit_shows_who(limits: Limits) -> str:
    """Why the city stands alone in the table of who answered."""
    why = who_status_words(Status.FEW, limits)
    return _("For the units it is not shown: %(why)s", why=why)


def share_words(figure: Figure) -> str:
    """A shown share with its interval: `84 % [66–95]`."""
    if figure.interval is None:
        raise ValueError(f"a figure that is {figure.status} has no share")
    return f"{percent(figure.interval.estimate)} {interval_words(figure)}"


def interval_words(figure: Figure) -> str:
    """The limits of the interval in whole per cent: `[66–95]`."""
    if figure.interval is None:
        raise ValueError(f"a figure that is {figure.status} has no interval")
    _estimate, low, high = figure.interval
    return f"[{rounded(100 * low)}–{rounded(100 * high)}]"


def answers_words(n: int) -> str:
    return ngettext("%(n)s answer", "%(n)s answers", n, n=number(n))


def figure_words(figure: Figure, limits: Limits) -> str:
    """Everything about a figure in one line, or why it is not shown."""
    if not figure.is_shown or figure.n is None:
        return status_words(figure.status, limits.any_figure)
    parts = [share_words(figure), answers_words(figure.n)]
    if figure.is_few:
        parts.append(_("few answers"))
    return ", ".join(parts)


def city_words(figure: Figure) -> str:
    """The city's share with its interval, and the mark of one without weights."""
    words = share_words(figure)
    return (
        _("%(share)s, without weights", share=words) if figure.basis is Basis.UNKNOWN else words
    )


def question_words(question: Question) -> str:
    """The question as it was put, in the language of the page."""
    return in_page_language(question.text)


def measure_name(measure: Measure) -> str:
    """What a question is called: the label of its indicator, or the question itself."""
    return _marked(measure.label or question_words(measure.question), measure)


def asked_words(measure: Measure) -> str:
    """The question as it was put in the period."""
    return _marked(question_words(measure.question), measure)


def _marked(name: str, measure: Measure) -> str:
    """A name, and which of two questions that cannot be added together it is."""
    if measure.apart is None:
        return name
    return f"{name} ({in_use_words(measure.apart.versions, measure.apart.months)})"


def in_use_words(versions: Sequence[int], months: Sequence[date]) -> str:
    """Versions and the months in which they were in use: `version 1, 2026-01–2026-04`."""
    said = _("version %(versions)s", versions=" + ".join(map(str, versions)))
    if not months:
        return said
    first, last = f"{months[0]:%Y-%m}", f"{months[-1]:%Y-%m}"
    return f"{said}, {first if first == last else f'{first}–{last}'}"


def in_page_language(words: Mapping[str, str]) -> str:
    return words.get(staff_language()) or next(iter(words.values()))


def options_words(options: Sequence[Option]) -> str:
    """One answer, or several that were merged."""
    return " / ".join(in_page_language(option.text) for option in options)


def at_most(officers: Sequence[int]) -> str:
    """The number that a derived indicator is judged by: `högst 3`."""
    return _("at most %(n)s", n=" / ".join(str(max(1, n)) for n in officers))


def named_units(rows: Sequence[UnitRow]) -> str:
    """Units by name; of very many the first ones, and how many there are beside them."""
    names = ", ".join(row.unit.name for row in rows[:MOST_NAMES])
    if len(rows) <= MOST_NAMES:
        return names
    return _("%(names)s and %(n)s more", names=names, n=number(len(rows) - MOST_NAMES))


def others_words(measure: Measure, others: Others) -> str:
    """Why forms have no valid answer to a question; several reasons that are only a sum."""
    if len(others.codes) > 1:
        return _("Don't know, skipped and other reasons together")
    code = others.codes[0]
    texts = {
        Missing.SKIPPED.value: _("Skipped"),
        Missing.NOT_SHOWN.value: _("Not put, because of an earlier answer"),
        Missing.NOT_ASKED.value: _("Not asked: not in the short form"),
        Missing.INVALID.value: _("More than one cross on paper"),
        Missing.ILLEGIBLE.value: _("Illegible on paper"),
        Missing.BLANK.value: _("Left blank on paper"),
        Missing.STOPPED.value: _("Stopped before the question"),
    }
    return texts.get(code) or in_page_language(measure.option(code).text)


def who_words() -> dict[str, str]:
    """The groups of who answered."""
    return {
        "sjalv": _("Answered alone"),
        "med_hjalp": _("Answered with help"),
        "annan": _("Somebody else answered"),
        withholding.REST: _("With the case officer's help, or not stated"),
    }


def area_words(area: str) -> str:
    return {
        "bemotande": _("Treatment"),
        "kontinuitet": _("Continuity"),
        "tillganglighet": _("Availability"),
        "trygghet_helhet": _("Security and the whole"),
        "avslutning": _("At the end"),
    }.get(area, area)


def channel_words(channel: Channel) -> str:
    return {
        Channel.PAPER: _("paper"),
        Channel.OWN_DEVICE: _("letter with a code"),
        Channel.TABLET: _("tablet"),
    }[channel]


def uncounted_words(channels: Sequence[Channel]) -> str:
    """Why there is no response rate."""
    return _(
        "No response rate: it is not noted how many forms were handed out (%(channels)s).",
        channels=", ".join(channel_words(channel) for channel in channels),
    )


def city_finding(
    city: Figure, rows: Sequence[UnitRow], own_ids: set[int], limits: Limits
) -> str:
    """What the chart of one indicator says, in one to three sentences."""
    if city.interval is None:
        return figure_words(city, limits)
    said = [_("In the city the share is %(share)s.", share=city_words(city))]
    shown = [
        row.figure.interval
        for row in rows
        if row.figure.interval is not None and not row.figure.is_few
    ]
    if len(shown) > 1:
        said.append(
            _(
                "The units with at least %(n)s answers lie between %(low)s and %(high)s.",
                n=limits.distribution,
                low=percent(min(each.estimate for each in shown)),
                high=percent(max(each.estimate for each in shown)),
            )
        )
    said += [
        f"{row.unit.name}: {figure_words(row.figure, limits).rstrip('.')}."
        for row in rows
        if row.unit.id in own_ids
    ]
    return " ".join(said)


def range_finding(named: Sequence[tuple[str, Figure]]) -> str:
    """Which of several indicators is highest and which lowest."""
    shown = [
        (figure.interval.estimate, name)
        for name, figure in named
        if figure.interval is not None
    ]
    if not shown:
        return _("No indicator has enough answers to be shown.")
    high, low = max(shown), min(shown)
    if len(shown) == 1:
        return _("“%(name)s”: %(share)s.", name=high[1], share=percent(high[0]))
    return _(
        "Highest is “%(high_name)s”, %(high)s. Lowest is “%(low_name)s”, %(low)s.",
        high_name=high[1],
        high=percent(high[0]),
        low_name=low[1],
        low=percent(low[0]),
    )


def latest_finding(point: Point, limits: Limits) -> str:
    """The newest point of an indicator over time; no comparison with earlier ones."""
    return _(
        "Latest, %(period)s: %(figure)s",
        period=period_name(point.period),
        figure=figure_words(point.figure, limits).rstrip(".") + ".",
    )


def part_label(period: Period) -> str:
    """A part of a year as the axis has it: T1, Q3. A year has none."""
    return "" if period.is_year else f"{period.parts.value}{period.number}"


def city_notes(
    measure: Measure, city: Figure, rows: Sequence[UnitRow], versions: Sequence[int]
) -> list[str]:
    """What must be known to read one indicator of a period with these versions."""
    notes = []
    if measure.question.derived is not None:
        numbers = sorted({max(1, n) for row in rows for n in row.officers})
        notes.append(
            _(
                "Named officers per person: %(numbers)s. Each unit is judged by its own "
                "number.",
                numbers=" / ".join(map(str, numbers)),
            )
        )
        if changed := [row for row in rows if len(row.officers) > 1]:
            notes.append(
                _(
                    "Way of working changed during the period: %(units)s.",
                    units=named_units(changed),
                )
            )
    if city.basis is Basis.CLIENTS:
        notes.append(
            _(
                "How many were due a follow-up is not known for every unit. In the city's "
                "figure the units weigh by their clients of the year."
            )
        )
    elif city.basis is Basis.UNKNOWN:
        notes.append(
            _(
                "The city's figure is without weights: neither the number due a follow-up nor "
                "the number of clients is known for every unit."
            )
        )
    if city.covered is not None and city.covered < 1:
        notes.append(
            _(
                "The city's figure covers %(share)s of the eligible: units without answers are "
                "not in it.",
                share=percent(min(city.covered, 0.99)),
            )
        )
    contradicted = [row for row in rows if row.has_more_answers_than_due]
    notes += [
        _(
            "%(unit)s has more answers than follow-ups due (%(due)s). Its share is shown as if "
            "the number due were not known. Correct the number.",
            unit=row.unit.name,
            due=number(row.due or 0),
        )
        for row in contradicted
    ]
    unknown = [
        row for row in rows if row.figure.basis is Basis.UNKNOWN and row not in contradicted
    ]
    if unknown and city.basis is not Basis.DUE:
        notes.append(
            _("Number due a follow-up not known: %(units)s.", units=named_units(unknown))
        )
    return [*notes, *measure_notes(measure, versions)]


def measure_notes(measure: Measure, versions: Sequence[int]) -> list[str]:
    """What was decided about comparing the versions of a question, up to these."""
    return [
        _("Version %(version)s: %(note)s", version=number, note=note)
        for number, note in measure.noted(0, max(versions, default=0))
    ]

"""The panel of those who did not answer, in words: of a unit or the city."""

from collections.abc import Iterator
from dataclasses import dataclass

from surveyapp.i18n import gettext as _
from surveyapp.i18n import month_name, number, percent, rounded
from surveyapp.limits import Limits
from surveyapp.models import Channel
from surveyapp.periods import Period
from surveyapp.reporting import (
    LEAST_COVERAGE,
    Channels,
    ItemResponse,
    NonResponse,
    Offers,
    Responses,
)
from surveyapp.web.results import wording
from surveyapp.withholding import REST


@dataclass(frozen=True)
class Panel:
    """Facts by their names, what must be known beside them, and a row for each question.

    `channels` is how the forms came; `fault` what staff must correct, if anything.
    """

    facts: tuple[tuple[str, str], ...]
    channels: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]
    fault: str
    rows: tuple[tuple[str, ...], ...]


def panel(found: NonResponse, limits: Limits, *, name: str, period: Period) -> Panel:
    """The panel of a unit, or of the city, of this name."""
    responses = found.responses
    notes = []
    if not responses.is_shown:
        why = wording.status_words(responses.status, limits.any_figure)
        notes.append(_("Number of forms and response rate: %(why)s", why=why))
    else:
        if responses.offers is None:
            notes.append(
                _(
                    "Offers and response rate are not shown: they would tell how many answered "
                    "in a part of the year where that is not shown."
                )
            )
        elif responses.offers.uncounted:
            notes.append(wording.uncounted_words(responses.offers.uncounted))
        if not found.channels.is_shown:
            why = wording.who_status_words(found.channels.status, limits)
            notes.append(_("By which channel the forms came: %(why)s", why=why))
    if not found.may_be_marked:
        notes.append(_not_marked(responses))
    return Panel(
        tuple(_facts(responses)),
        tuple(_by_channel(found.channels)),
        tuple(notes),
        _fault(responses, name, period) if responses.is_more_than_due else "",
        tuple(map(_row, found.items)),
    )


def _facts(responses: Responses) -> Iterator[tuple[str, str]]:
    if responses.n_forms is None:
        return
    yield _("Forms"), number(responses.n_forms)
    yield (
        _("Follow-ups due"),
        _("not known") if responses.due is None else number(responses.due),
    )
    if responses.coverage is not None:
        yield _("Coverage"), percent(responses.coverage)
    if responses.offers is not None:
        yield from _of_offers(responses.offers)


def _of_offers(offers: Offers) -> Iterator[tuple[str, str]]:
    if not offers.uncounted:
        yield _("Offered"), number(offers.offered)
    if offers.rate is not None:
        yield _("Response rate"), _rate(offers, offers.rate)
    yield _("Answered"), number(offers.answered)
    yield _("Partly answered"), number(offers.partly)
    yield _("Stopped"), number(offers.stopped)
    yield _("Declined"), number(offers.declined)
    yield _("Could not"), number(offers.could_not)


def _by_channel(found: Channels) -> Iterator[tuple[str, str]]:
    """Each channel's forms and their part: `812 (68 %)`."""
    names = {
        Channel.TABLET.value: _("On a tablet"),
        Channel.PAPER.value: _("On paper"),
        Channel.OWN_DEVICE.value: _("On an own screen, with a code"),
        REST: _("With the case officer's help"),
    }
    groups = found.groups or {}
    for group, n in groups.items():
        yield names[group], f"{number(n)} ({percent(n / sum(groups.values()))})"


def _rate(offers: Offers, rate: float) -> str:
    if not offers.partly or offers.rate_with_partly is None:
        return percent(rate)
    partly = _("with partly answered %(share)s", share=percent(offers.rate_with_partly))
    return f"{percent(rate)}, {partly}"


def _fault(responses: Responses, name: str, period: Period) -> str:
    """Which figure staff must correct where more answered than were due."""
    return _(
        "%(unit)s has more forms (%(forms)s) than follow-ups due (%(due)s), so the shares are "
        "shown as if it were not known how many were due. Correct the number due in "
        "%(months)s, or find out why.",
        unit=name,
        forms=number(responses.n_forms or 0),
        due=number(responses.due or 0),
        months=months_words(period),
    )


def months_words(period: Period) -> str:
    """The first and the last month: `2026-01–2026-04`."""
    ends = dict.fromkeys(month_name(month) for month in (period.months[0], period.months[-1]))
    return "–".join(ends)


def _not_marked(responses: Responses) -> str:
    """Why no difference is marked."""
    if responses.coverage is None:
        return _(
            "No difference is marked here: how large a part of those due have answered is not "
            "known or not shown."
        )
    return _(
        "No difference is marked here: fewer than %(least)s of those due have answered.",
        least=percent(LEAST_COVERAGE),
    )


def _row(item: ItemResponse) -> tuple[str, ...]:
    """The question, its answers, the part of the forms, and the worst case: `32–94 %`."""
    worst = "–"
    if item.worst is not None:
        low, high = item.worst
        worst = f"{rounded(100 * low)}–{percent(high)}"
    question = wording.question_words(item.measure.question)
    return question, number(item.n), percent(item.share), worst

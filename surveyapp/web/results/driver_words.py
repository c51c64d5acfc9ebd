"""What goes with a result, in words: covariation, and never a cause."""

from collections.abc import Sequence

from surveyapp.i18n import gettext as _
from surveyapp.i18n import ngettext, number, percent
from surveyapp.reporting import (
    STEP,
    Driver,
    DriverResults,
    DriverUnit,
    Effect,
    Fact,
    Known,
)
from surveyapp.stats import FEWEST_UNITS
from surveyapp.web.results import wording
from surveyapp.web.results.attribute_words import category_words
from surveyapp.web.results.comparison_words import points_words

SMALLEST_P = 0.01  # below it a p-value is only said to be smaller


def driver_words(driver: Driver) -> str:
    return {
        Driver.ORGANISATION_FORM: _("Form of organisation"),
        Driver.CONTACT_ROUTE: _("Way of contact"),
        Driver.CLIENTS_PER_OFFICER: _("Clients per case officer in service"),
        Driver.TURNOVER: _("Case officers who left, per cent of the year"),
    }[driver]


def all_drivers() -> list[tuple[str, str]]:
    """Every fact that can be chosen, with its words."""
    return [(driver.value, driver_words(driver)) for driver in Driver]


def fact_words(fact: Fact) -> str:
    """What is true of a unit."""
    return category_words(fact.category) if fact.number is None else number(fact.number, 1)


def unit_words(each: DriverUnit) -> str:
    """Everything about a unit in one line."""
    share = "" if each.figure.interval is None else percent(each.figure.interval.estimate)
    return ", ".join((share, wording.answers_words(each.figure.n or 0), fact_words(each.fact)))


def finding(results: DriverResults) -> str:
    """What the chart says: the change with its interval, or why nothing is reckoned."""
    effect = results.effect
    if effect is None:
        return _refusal(results)
    points = points_words(effect.points)
    if results.value is not None:
        said = _(
            "Covariation: units with “%(value)s” (%(k)s of %(n)s) against the others, "
            "%(points)s.",
            value=category_words(results.value),
            k=effect.n_having,
            n=results.n_compared,
            points=points,
        )
    elif results.driver is Driver.TURNOVER:
        said = _(
            "Covariation: for each %(step)s percentage points more who left, %(points)s.",
            step=STEP,
            points=points,
        )
    else:
        said = _(
            "Covariation: for each %(step)s clients more per case officer, %(points)s.",
            step=STEP,
            points=points,
        )
    return f"{said} {certain_words(effect)}"


def certain_words(effect: Effect) -> str:
    """Whether the change stands out among all that can be looked at."""
    if effect.is_certain:
        return _(
            "It is statistically certain, also when account is taken of all %(n)s "
            "comparisons that can be made here.",
            n=effect.n_tests,
        )
    return _("It is not statistically certain. That does not mean that there is none.")


def _refusal(results: DriverResults) -> str:
    if results.n_compared < FEWEST_UNITS:
        return _(
            "%(n)s units can be compared. With fewer than %(least)s nothing is reckoned; the "
            "units are only shown.",
            n=results.n_compared,
            least=FEWEST_UNITS,
        )
    if results.driver.attribute and results.value is None and len(results.categories) > 1:
        return _("Choose which way of working to set against the others.")
    return _(
        "The units that can be compared do not differ in this. There is nothing to reckon."
    )


def p_words(p: float) -> str:
    if p < SMALLEST_P:
        return _("less than %(p)s", p=number(SMALLEST_P, 2))
    return number(p, 2)


def notes(results: DriverResults) -> list[str]:
    """What must be known to read it, what is left out, and what cannot be said."""
    found = _effect_notes(results.effect) if results.effect else []
    found.append(
        _(
            "A covariation between units is not a cause, and it says nothing certain about "
            "persons: units that work in one way may differ in other ways too. With so few "
            "units, differences below about 10 percentage points are usually missed."
        )
    )
    if invented := [each.unit.name for each in results.units if each.fact.is_invented]:
        found.append(
            _("How these units work is invented: %(units)s.", units=", ".join(invented))
        )
    for known, words in (
        (Known.CHANGED, _("Left out, since it changed during the period: %(units)s.")),
        (Known.UNKNOWN, _("Left out, since nobody has said it: %(units)s.")),
    ):
        if names := [unit.name for unit, why in results.left_out if why is known]:
            found.append(words % {"units": ", ".join(names)})
    if few := [each.unit.name for each in results.units if not each.is_compared]:
        found.append(
            _(
                "Shown as a ring and not part of the reckoning, with fewer than %(n)s answers: "
                "%(units)s.",
                n=results.limits.distribution,
                units=", ".join(few),
            )
        )
    return found


def effect_lines(results: DriverResults) -> list[tuple[str, str]]:
    """The table of what was reckoned."""
    effect = results.effect
    if effect is None:
        return []
    return [
        (_("Difference"), points_words(effect.points)),
        (_("p-value of the difference"), p_words(effect.p_value)),
        (_("p-value when the units are divided at random"), p_words(effect.p_permutation)),
        (_("Units compared"), number(results.n_compared)),
        (_("Comparisons taken account of"), number(effect.n_tests)),
    ]


def _effect_notes(effect: Effect) -> list[str]:
    found = [
        _(
            "One point for each unit, however many have answered. p-value %(p)s; if the units "
            "are divided at random instead, a difference at least as large comes with the "
            "probability %(permuted)s.",
            p=p_words(effect.p_value),
            permuted=p_words(effect.p_permutation),
        ),
        _(
            "%(n)s comparisons can be made here, of the indicators and the facts. The words "
            "“statistically certain” take account of all of them (Holm's method).",
            n=effect.n_tests,
        ),
    ]
    if effect.least_p is not None and effect.least_p >= SMALLEST_P:
        found.append(
            ngettext(
                "With %(k)s such unit the second probability can never be less than %(p)s.",
                "With %(k)s such units the second probability can never be less than %(p)s.",
                effect.n_having,
                k=effect.n_having,
                p=number(effect.least_p, 2),
            )
        )
    return found


def categories_words(categories: Sequence[str]) -> list[tuple[str, str]]:
    """The choices of what to set against the others."""
    return [(each, category_words(each)) for each in categories]

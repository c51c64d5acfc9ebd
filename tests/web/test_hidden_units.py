"""What no results page may depend on: how the answers lie among units that are hidden.

Two periods have the same answers but for two hidden units, in which the sums are the same. All
that is printed or drawn of the one must be printed and drawn of the other, to the last digit of
every attribute and of what the charts are made of.
"""

import re
from datetime import date

import pytest

from surveyapp import reporting
from surveyapp.models import UnitYear
from surveyapp.periods import Period
from surveyapp.reporting import Driver
from tests.released import answered, due, figure_of, happy, release

PERIODS = ("2023-T1", "2025-T1")  # not years after each other: nothing is set against either
SHOWN = ((120, 150), (171, 200), (130, 160), *((35 + i, 45 + i) for i in range(6)))
SIZES = (10, 60, 100, 150, 110, *(30 for _ in range(6)))
# Favourable answers and all of them in the hidden units, in each period. Of the first pair the
# sums are the same; of the second the city's share and its limits, in whole per cent.
WITHOUT_WEIGHTS = (((5, 8), (15, 20)), ((1, 2), (19, 26)))
WEIGHTED = (((0, 5), (18, 23)), ((8, 9), (12, 19)))


def fill(session, make, pairs, *, is_weighted):
    """Two periods of units with everything that a page can set them against."""
    make.published(version=1)
    counts = [(*pair, *SHOWN) for pair in pairs]
    units = [make.unit(code=f"u{i}", name=f"Enhet {i:02}") for i, _ in enumerate(SIZES)]
    for number, unit in enumerate(units):
        form = "team" if number == 0 else ("single_named", "daily_allocation")[number % 2]
        make.attribute(unit, "organisation_form", form, date(2017, 1, 1))
        make.attribute(unit, "contact_route", "aldre_direkt_all", date(2017, 1, 1))
    for text, of_units in zip(PERIODS, counts, strict=True):
        period = Period.parse(text)
        for number, (unit, (x, n)) in enumerate(zip(units, of_units, strict=True)):
            answered(session, unit, period.months[0], happy(x, of=n))
            make.store(
                UnitYear(
                    unit_id=unit.id,
                    year=period.year,
                    clients=100 * (number + 3) if is_weighted else None,
                    officers_in_service=10,
                    turnover_pct=10 + number,
                )
            )
            if is_weighted:
                due(session, unit, period.months, SIZES[number])
        release(session, text)
    return units


def addresses(units, text):
    """Every page of results of a period."""
    yield f"/resultat?period={text}"
    yield from (f"/resultat/{unit.code}?period={text}" for unit in units)
    for question in ("hel_nojd", "bem_respekt", "hel_klagomal"):
        yield f"/resultat/fraga/{question}?period={text}"
        yield f"/resultat/fraga/{question}?period={text}&utjamnat=1"
    compare = f"/resultat/jamfor?period={text}&"
    for against in ("resten", "forra-aret", "samma-arbetssatt", "team-1", "single_named-1"):
        yield f"{compare}enhet=&med={against}&fraga=hel_nojd"
        yield from (f"{compare}enhet={u.code}&med={against}&fraga=" for u in units[1:4])
        yield f"{compare}enhet={units[2].code}&med={against}&fraga=hel_nojd"
    yield f"{compare}enhet={units[0].code}&med=resten&fraga="  # alone it is set against itself
    for driver in Driver:
        yield f"/resultat/samband?period={text}&fraga=hel_nojd&med={driver.value}&varde=team"


def without_period(page):
    """A page without what tells its period: choices and the year."""
    html = re.sub(r"<select.*?</select>", "", page.text, flags=re.DOTALL)
    html = re.sub(r'<input[^>]*name="csrf_token"[^>]*>|nonce="[^"]*"', "", html)
    return re.sub("202[2-5]", "ÅR", html)


@pytest.mark.usefixtures("reader")
@pytest.mark.parametrize(("pairs", "is_weighted"), [(WITHOUT_WEIGHTS, False), (WEIGHTED, True)])
def test_pages_do_not_depend_on_how_answers_lie_among_hidden_units(
    client, session, make, pairs, is_weighted
):
    units = fill(session, make, pairs, is_weighted=is_weighted)
    for text in PERIODS:
        results = reporting.city_results(session, Period.parse(text))
        hidden = [u.code for u in units if not figure_of(results, u).is_shown]
        assert hidden == ["u0", "u1"]

    one, other = (list(addresses(units, text)) for text in PERIODS)
    n_found = 0
    for first, second in zip(one, other, strict=True):
        pages = client.get(first), client.get(second)
        assert pages[0].status_code == pages[1].status_code, first
        n_found += pages[0].status_code == 200
        lines = [without_period(page).splitlines() for page in pages]
        assert lines[0] == lines[1], first
    assert n_found > 30

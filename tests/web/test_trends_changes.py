"""What the page of a question over time says of the change since the year before."""

from datetime import date

import pytest

from surveyapp import stats
from surveyapp.i18n import rounded
from surveyapp.web.results import comparison_words
from tests.client import words
from tests.over_time import MARCH, MERGED, succeed
from tests.released import answered, happy, mix, release

# What the pages make of the results: test_results_edges asks them on both databases.
pytestmark = [
    pytest.mark.usefixtures("reader"),
    pytest.mark.parametrize("app", ["sqlite"], indirect=True),
]


def get(client, **choices):
    return client.get("/resultat/utveckling", query_string=choices)


@pytest.fixture
def next_year(make, session):
    """Tertial 1 of the year of a merger and of the next."""
    make.published(version=1)
    norrmalm, ostermalm = (
        make.unit(code=code, name=name, valid_to=date(2023, 6, 30))
        for code, name in (("norrmalm", "Norrmalm"), ("ostermalm", "Östermalm"))
    )
    new = make.unit(code="norra-innerstaden", name="Norra innerstaden", valid_from=MERGED)
    succeed(make, new, norrmalm, ostermalm)
    for month, *counts in (
        (MARCH, (norrmalm, 44, 55), (ostermalm, 66, 75)),
        (date(2023, 9, 1), (new, 101, 120)),
        (date(2024, 1, 1), (new, 120, 150)),
    ):
        for unit, favourable, n in counts:
            answered(session, unit, month, happy(favourable, of=n))
    release(session, "2023-T1", "2023-T2", "2023-T3", "2023", "2024-T1")


@pytest.mark.usefixtures("next_year")
def test_one_question_tells_the_change_by_the_rule_of_comparisons(client):
    page = words(get(client, enhet="norra-innerstaden", fraga="hel_nojd", visa="tertial"))

    found = share_of(120, 150, (44, 55), (66, 75))
    assert (
        "Norra innerstaden jämfört med tertial 1 2023 (Norrmalm och Östermalm sammanräknade): "
        f"{found} Skillnaden är inte statistiskt säkerställd." in page
    )
    address = "period=2024-T1&enhet=norra-innerstaden&med=forra-aret&fraga=hel_nojd"
    link = client.get(f"/resultat/jamfor?{address}")
    assert found.rstrip(".") in words(link)
    assert "Norrmalm och Östermalm sammanräknade (tertial 1 2023)." in words(link)
    assert (
        address.replace("&", "&amp;")
        in get(client, enhet="norra-innerstaden", fraga="hel_nojd", visa="tertial").text
    )


@pytest.mark.usefixtures("next_year")
def test_many_questions_or_a_year_alone_make_no_claim(client):
    for choices in (
        {"enhet": "norra-innerstaden"},  # many questions
        {"enhet": "norra-innerstaden", "fraga": "hel_nojd", "visa": "ar"},  # 2022 is not out
        {},  # many questions of the city
    ):
        page = words(get(client, **choices))
        assert "säkerställd" not in page
        assert "procentenhet" not in page


def test_break_of_the_question_is_told_and_never_compared(client, session, make):
    make.published(version=2, valid_from=date(2024, 1, 1))
    units = [make.unit(name="Alvik", code="alvik"), make.unit(name="Bromma")]
    for unit in units:
        before = mix(40, "hel_trygg", ("mycket_trygg", 30), ("varken", 10))
        answered(session, unit, MARCH, before)
        after = mix(40, "hel_trygg_4", ("mycket_trygg", 10), ("ganska_otrygg", 30))
        answered(session, unit, date(2024, 1, 1), after)
    release(session, "2023-T1", "2024-T1")

    page = words(get(client, enhet="alvik", fraga="hel_trygg_4"))

    assert "Alvik: Frågan är ändrad så mycket att åren inte kan jämföras." in page
    assert "säkerställd" not in page
    assert "procentenhet" not in page


def share_of(x, n, *before):
    """The difference between a unit and those it came from, of whom nobody knows how many
    were due, as it is printed."""
    ns = [each[1] for each in before]
    found = stats.weighted_difference(
        [n], [n], [x], ns, ns, [each[0] for each in before],
        deffs1=[stats.assumed_design_effect(n, None)],
        deffs2=[stats.assumed_design_effect(each, None) for each in ns],
    )  # fmt: skip
    estimate, low, high = (comparison_words.signed(rounded(100 * each)) for each in found[:3])
    return f"{estimate} procentenheter [{low}; {high}]."

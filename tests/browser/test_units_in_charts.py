"""Charts of many units as dots: on every width, with the library and without it."""

from datetime import date
from decimal import Decimal

import pytest

from surveyapp.access import Role
from surveyapp.models import UnitYear
from tests.browser.looking import NARROW, Walk, draw
from tests.released import answered, happy, release

# How it looks is the same on every database.
pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("app", ["sqlite"], indirect=True),
]

NAMES = ("Bromma", "Enskede-Årsta-Vantör", "Farsta", "Hägersten-Älvsjö", "Järva", "Kungsholmen",
         "Norra innerstaden", "Skarpnäck", "Södermalm")  # fmt: skip
QUESTION = "/resultat/fraga/hel_nojd"
GROUPS = "/resultat/samband?fraga=hel_nojd&med=organisationsform"
NUMBERS = "/resultat/samband?fraga=hel_nojd&med=rorlighet"
DRAWN = "svg.scatter"
OUTSIDE = """() => [...document.querySelectorAll("svg.scatter text")].filter((e) => {
  const [r, s] = [e.getBoundingClientRect(), e.ownerSVGElement.getBoundingClientRect()];
  return r.width && (r.left < s.left - 16 || r.right > s.right + 16);
}).map((e) => e.textContent)"""


@pytest.fixture
def released(session, make):
    """Nine units of different size, two of which work in teams."""
    make.published(version=1)
    units = [make.unit(code=f"u{place}", name=name) for place, name in enumerate(NAMES)]
    for place, unit in enumerate(units):
        n = 34 + 4 * place
        answered(session, unit, date(2026, 1, 1), happy(n - 9 + place % 3, of=n))
        form = "team" if place < 2 else "single_named"
        make.attribute(unit, "organisation_form", form, date(2017, 1, 1))
        make.store(
            UnitYear(unit_id=unit.id, year=2026, turnover_pct=Decimal(60 + 9 * place) / 10)
        )
    release(session, "2026-T1")
    return units


@pytest.fixture
def walk(page, client, make, released):
    """The walk of somebody whose own unit is among the others."""
    walk = Walk(page, client, "sv")
    walk.sign_in(make.account(role=Role.UNIT_MANAGER, units=released[3:4]))
    yield walk
    assert not walk.faults, "\n".join(walk.faults)


def test_pages_with_units_as_dots_are_for_everybody_and_name_every_unit(walk):
    walk.look(f"{QUESTION}?utjamnat=1")
    assert walk.page.locator(DRAWN).count() == 1
    for path in (QUESTION, GROUPS, NUMBERS):
        walk.look(path)
        assert walk.page.locator(DRAWN).count() == 1, path
        check_names(walk, path)


def check_names(walk, path):
    """Every unit is named beside its dot or in the list, inside the drawing."""
    for size in (NARROW, (800, 1280)):
        walk.page.set_viewport_size(dict(zip(("width", "height"), size, strict=True)))
        drawing = walk.page.locator(".chart--scatter .chart__drawn")
        if not drawing.is_visible():  # the library has drawn it
            walk.page.evaluate(
                "document.querySelector('.chart--scatter').classList.remove('chart--ready')"
            )
        named = drawing.locator(".scatter__name, .scatter__list li").all()
        shown = [
            each.text_content().lstrip("123456789 ") for each in named if each.is_visible()
        ]
        assert sorted(shown) == sorted(NAMES), path
        assert walk.page.evaluate(OUTSIDE) == [], path


def test_library_draws_the_same_dots_and_names(walk):
    walk.look(QUESTION)

    walk.page.set_viewport_size({"width": 1280, "height": 800})
    assert draw(walk.page) == 2
    chart = walk.page.locator(".chart--scatter .chart__library")
    names = chart.locator("text", has_text="Hägersten-Älvsjö")
    assert names.first.is_visible()
    assert chart.locator(".scatterlayer .points path").count() == 9 + 4 * 9

"""Pages of results on A4 paper, in black and white."""

from datetime import date

import pytest

from surveyapp.access import Role
from tests.browser.looking import draw
from tests.released import answered, happy, release

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("app", ["sqlite"], indirect=True),
]
A4 = {"width": 680, "height": 970}  # CSS pixels within margins of 15 mm
PAGES = (
    "/resultat",
    "/resultat/farsta",
    "/resultat/fraga/hel_nojd?utjamnat=1",
    "/resultat/jamfor?period=2026-T1&enhet=farsta&med=resten&fraga=",
    "/resultat/jamfor?period=2026-T1&enhet=&med=resten&fraga=hel_nojd",
    "/metod",
)
SHOWN = """(selector) => [...document.querySelectorAll(selector)].filter(
  (each) => each.checkVisibility() && each.getClientRects().length).length"""


@pytest.mark.parametrize("path", PAGES)
def test_paper_has_everything_but_what_is_pressed(page, session, make, sign_in, path):
    make.published(1)
    for name in ("Farsta", "Enskede-Årsta-Vantör"):
        unit = make.unit(code=name.lower()[:7].strip("-"), name=name)
        answered(session, unit, date(2026, 1, 1), happy(31, of=41))
    release(session, "2026-T1")
    sign_in(page, make.account(role=Role.CITY_ANALYST))
    page.goto(path)
    n_charts = draw(page)

    page.emulate_media(media="print")
    page.set_viewport_size(A4)

    for pressed in ("header", "footer", ".local", ".choose", ".chart button", "summary"):
        assert page.evaluate(SHOWN, pressed) == 0, pressed
    assert page.evaluate(SHOWN, ".chart__drawn") == n_charts
    assert page.evaluate(SHOWN, ".chart__library") == 0
    assert page.evaluate(SHOWN, ".chart__source") == n_charts
    assert page.evaluate(SHOWN, "table") == page.locator("table").count() > 0
    wide = page.evaluate(
        "() => [...document.querySelectorAll('main *')]"
        ".filter((e) => e.getBoundingClientRect().right > innerWidth + 1)"
        ".map((e) => e.outerHTML.slice(0, 80))"
    )
    assert wide == []

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
SCREEN = {"width": 1280, "height": 800}
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


def test_paper_has_everything_but_what_is_pressed(page, session, make, sign_in):
    make.published(1)
    for name in ("Farsta", "Enskede-Årsta-Vantör"):
        unit = make.unit(code=name.lower()[:7].strip("-"), name=name)
        answered(session, unit, date(2026, 1, 1), happy(31, of=41))
    release(session, "2026-T1")
    sign_in(page, make.account(role=Role.CITY_ANALYST))
    for path in PAGES:
        page.emulate_media(media="screen")
        page.set_viewport_size(SCREEN)
        page.goto(path)
        n_charts = draw(page)
        page.emulate_media(media="print")
        page.set_viewport_size(A4)
        check_paper(page, path, n_charts)


def check_paper(page, path, n_charts):
    """What the printed page shows, and that nothing is cut off."""
    for pressed in ("header", "footer", ".local", ".choose", ".chart button", "summary"):
        assert page.evaluate(SHOWN, pressed) == 0, (path, pressed)
    assert page.evaluate(SHOWN, ".chart__drawn") == n_charts, path
    assert page.evaluate(SHOWN, ".chart__library") == 0, path
    assert page.evaluate(SHOWN, ".chart__source") == n_charts, path
    assert page.evaluate(SHOWN, "table") == page.locator("table").count() > 0, path
    wide = page.evaluate(
        "() => [...document.querySelectorAll('main *')]"
        ".filter((e) => e.getBoundingClientRect().right > innerWidth + 1)"
        ".map((e) => e.outerHTML.slice(0, 80))"
    )
    assert wide == [], path

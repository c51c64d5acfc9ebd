"""How answering on a tablet looks, screen by screen, in every language and size."""

import pytest
from playwright.sync_api import expect

from surveyapp.publishing import KEY
from tests.browser.answering import (
    FAIL,
    LANGUAGES,
    answer,
    answer_and_go_on,
    hand_over,
    is_wider_than_the_window,
    press,
    reload,
    skip_to_the_end,
    start_answering,
    violations,
)
from tests.browser.test_respond_looks import VOICES
from tests.browser.test_tablet_looks import too_near, too_small

# How it looks is the same on every database.
pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("app", ["sqlite"], indirect=True),
]
QUESTIONS = f"/platta/fragor/{KEY}/1/sv"
SIZES = ((800, 1280, 1), (1280, 800, 1), (360, 740, 1), (360, 740, 3))
TARGETS = """() => [...document.querySelectorAll("button, a, .option, textarea")]
  .filter((each) => each.checkVisibility({ visibilityProperty: true }))
  .map((each) => ({ ...each.getBoundingClientRect().toJSON(), words: each.textContent }))"""
# A voice for every language, so that the button for listening takes its room.
EVERY_VOICE = (
    VOICES
    + """speechSynthesis.getVoices = () =>
  ["sv", "fi", "en"].map((lang) => ({ lang, localService: true }));"""
)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_screen_is_clear_in_every_size(tablet, language):
    page = tablet(script=EVERY_VOICE, has_touch=True)
    hand_over(page, LANGUAGES[language])

    def look(name):
        for width, height, size in SIZES:
            page.evaluate("(size) => { document.documentElement.dataset.size = size; }", size)
            page.set_viewport_size({"width": width, "height": 3000})  # nothing lies under
            targets = page.evaluate(TARGETS)
            page.set_viewport_size({"width": width, "height": height})
            assert not is_wider_than_the_window(page), (name, width, size)
            assert (too_small(targets), too_near(targets)) == ([], []), (name, width, size)
        page.evaluate("document.documentElement.dataset.size = 1")
        page.set_viewport_size({"width": 360, "height": 2400})  # so that nothing is covered
        assert violations(page) == [], name

    look("first")
    start_answering(page)
    look("who")
    answer_and_go_on(page, 2, 0)
    answer(page, 0)
    look("banner")
    press(page, "stop")
    look("few")
    expect(page.locator("[data-part=proxy]")).to_be_hidden()
    press(page, "no")
    look("stop")
    press(page, "resume")
    press(page, "someone")
    look("asked-again")
    reload(page)
    look("hidden")
    press(page, "end")
    look("ending")
    reload(page)
    press(page, "go")
    answer_and_go_on(page, 0)
    skip_to_the_end(page)
    look("review")
    page.evaluate(FAIL, "outbox")
    page.locator(".is-here button").click()
    expect(page.locator(".is-here[data-step=trouble]")).to_be_visible()
    look("trouble")
    page.evaluate("mend()")
    page.wait_for_url("**/klart/**")
    look("end")


def test_page_whose_script_never_comes_says_whom_to_ask(open_page, make):
    make.published(1)
    page = open_page("/tillganglighet", width=360, height=740)
    page.route("**/answer.js", lambda route: route.abort())
    page.goto(QUESTIONS)
    expect(page.locator(".unopened")).to_be_visible()
    assert page.locator("button:visible, .option:visible").count() == 0
    assert violations(page) == []


def test_short_form_shows_dots_and_no_numbers(tablet):
    page = tablet(width=360, height=740)
    hand_over(page, "Lättläst svenska", "Kort formulär")
    start_answering(page)
    answer_and_go_on(page, 2)
    progress = page.locator("[data-part=progress]")
    assert progress.locator("i").count() == 7
    assert progress.locator("span:not(.visually-hidden)").inner_text() == ""
    assert violations(page) == []

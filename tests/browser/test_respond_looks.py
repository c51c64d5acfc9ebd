"""How answering looks and sounds: axe on every screen, sizes, zoom, reading aloud."""

import pytest
from playwright.sync_api import expect

from tests.browser.answering import (
    LANGUAGES,
    answer,
    is_wider_than_the_window,
    kind,
    press,
    start_answering,
    violations,
)
from tests.browser.test_respond import once

pytestmark = pytest.mark.browser

VOICES = """
  window.spoken = [];
  speechSynthesis.getVoices = () => [
    {lang: "fi-FI", localService: false}, {lang: "sv-SE", localService: true}];
  window.SpeechSynthesisUtterance = class extends EventTarget {
    constructor(text) { super(); this.text = text; } };
  speechSynthesis.speak = (utterance) => spoken.push([utterance.text, utterance.lang]);
"""


@once
def test_long_form_appears_and_passes_axe_when_the_script_never_comes(letter):
    page = letter()
    page.route("**/respond.js", lambda route: route.abort())
    page.reload()
    expect(page.get_by_role("group", name="Vem svarar på frågorna?")).to_be_visible()

    assert violations(page) == []


@once
def test_question_is_read_aloud_with_a_voice_of_the_device(letter):
    page = letter(script=VOICES)
    start_answering(page)
    page.get_by_role("button", name="Lyssna").click()
    expect(page.get_by_role("button", name="Sluta läsa")).to_be_visible()
    spoken = page.evaluate("spoken")

    assert spoken[0] == ["Vem svarar på frågorna?", "sv-SE"]
    assert spoken[-1] == ["Någon annan svarar åt mig", "sv-SE"]
    assert len(spoken) == 5


@once
def test_without_a_voice_of_the_device_nothing_offers_to_read(letter):
    page = letter("fi", script=VOICES)  # its only Finnish voice lives elsewhere

    expect(page.locator("[data-part=listen]")).to_be_hidden()


@once
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_screen_passes_axe_and_fits(letter, language):
    """At 360 px, at 200 % zoom of a laptop (640 x 400), and with the largest text."""
    page = letter(language, width=360, height=740, script=VOICES)
    seen = set()

    def look(name):
        for width, height, size in ((360, 740, 1), (640, 400, 1), (320, 640, 3)):
            page.set_viewport_size({"width": width, "height": height})
            page.locator(f"button[data-size='{size}']").click()
            assert not is_wider_than_the_window(page), (name, width, size)
        page.locator("button[data-size='1']").click()
        page.set_viewport_size({"width": 360, "height": 2400})  # so that nothing is covered
        assert violations(page) == [], name
        seen.add(name)

    look("first")
    press(page, "next")
    look("promise")
    press(page, "next")
    look("practice")
    answer(page, 1)
    press(page, "next")
    press(page, "next")
    answer(page, 2)
    look("chosen")
    press(page, "next")
    look("with banner")
    while kind(page) == "question":
        if page.locator(".is-here .option").count() in (0, 7):
            look(page.locator(".is-here").get_attribute("id"))
        press(page, "skip")
    look("review")
    press(page, "stop")
    look("stop")
    press(page, "resume")
    page.locator(".is-here .button--primary").click()
    page.wait_for_url("**/svara/klart/**")
    assert violations(page) == []
    assert {"til_vag", "hel_fritext"} <= seen


@once
def test_targets_and_texts_are_large_enough(letter):
    page = letter(width=360, height=740, script=VOICES)
    start_answering(page)
    measure = """(selector) => [...document.querySelectorAll(selector)]
      .filter((e) => e.checkVisibility({visibilityProperty: true}))
      .map((e) => [e.className, e.offsetWidth, e.offsetHeight,
                   parseFloat(getComputedStyle(e).fontSize)])"""
    found = page.evaluate(measure, "button, .is-here .option, .is-here p, .is-here h2")

    assert len(found) > 10
    assert [each for each in found if each[3] < 20] == []
    targets = page.evaluate(measure, "button, .is-here .option")
    assert [each for each in targets if each[1] < 60 or each[2] < 60] == []


@once
@pytest.mark.parametrize("language", LANGUAGES)
def test_code_page_passes_axe_and_fits(open_page, make, language):
    make.published(1)
    page = open_page(f"/kod/{language}", width=320, height=640)
    page.locator("#code").fill("fel")
    page.locator("form button").click()

    assert violations(page) == []
    assert not is_wider_than_the_window(page)

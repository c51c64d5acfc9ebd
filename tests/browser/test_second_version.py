"""An analyst makes version 2 out of version 1 in the browser alone; another publishes it."""

from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from surveyapp import drafting, publishing
from surveyapp.access import Role
from surveyapp.models import Comparability
from surveyapp.questionnaire import as_source, find_all, structure, write
from tests.browser.conftest import axe_faults
from tests.questionnaire.second_version import steps

KEY = publishing.KEY
DRAFT = f"/formular/{KEY}/utkast"
V1, V2 = find_all(Path("questionnaires"))
SAVED = "Allt är sparat."
# What part 3 of the questionnaire's description decides.
CLASSES = {
    "bak_svarar": "identical",
    "bak_hjalpare": "identical",
    "bem_respekt": "equivalent",
    "bem_lyssnar": "identical",
    "bem_sprak": "new",
    "bem_paverka": "identical",
    "bem_info": "identical",
    "kon_vet_namn": "identical",
    "kon_antal>kon_antal_uppf": "break",
    "kon_byte": "ended",
    "kon_betydelse": "new",
    "kon_beratta_om": "identical",
    "til_latt_kontakt": "equivalent_with_note",
    "til_vag": "equivalent_with_note",
    "til_aldre_direkt": "identical",
    "til_ateruppringd": "identical",
    "hel_trygg>hel_trygg_4": "break",
    "hel_nojd": "identical",
    "hel_klagomal": "identical",
    "bak_kon": "identical",
    "hel_fritext": "identical",
}

pytestmark = pytest.mark.browser


class Author:
    """Does each step with the controls of the pages."""

    def __init__(self, page):
        self.page = page

    def go(self, path):
        if self.page.url.partition("/utkast")[2].partition("#")[0] != path:
            self.settle()
            self.page.goto(f"{DRAFT}{path}")

    def reveal(self, field):
        """Open what the field is folded in."""
        for summary in self.page.locator("summary").all():
            if not field.is_visible():
                summary.click()

    def page_of(self, place):
        kind, *rest = place.split("/")
        if kind in ("questions", "scales"):
            return f"/{'fraga' if kind == 'questions' else 'skalor'}/{rest[0]}"
        return "/texter" if kind == "texts" else "" if kind == "reason" else "/inledning"

    def write(self, place, text):
        self.go(self.page_of(place))
        field = self.page.locator(f'[name="f:{place}"]')
        self.reveal(field)
        if field.get_attribute("type") == "checkbox":
            field.set_checked(bool(text))
        elif field.evaluate("each => each.localName") == "select":
            field.select_option(text)
        else:
            field.fill(text)

    def press(self, act):
        self.page.locator(f'button[name=act][value="{act}"]').click()

    def typed(self, act, name):
        field = self.page.locator(f'[name="n:{act}"]')
        self.reveal(field)
        field.fill(name)
        self.press(act)

    def add_question(self, id, area, kind, after):
        self.go("")
        self.page.locator("[name=after]").select_option(after)
        self.page.locator("[name=new_area]").select_option(area)
        self.page.locator("[name=new_kind]").select_option(kind)
        self.typed("add_question", id)
        self.page.wait_for_url(f"**/fraga/{id}")

    def replace_question(self, old, new):
        self.go(f"/fraga/{old}")
        self.typed(f"replace_question|{old}", new)
        self.page.wait_for_url(f"**/fraga/{new}")

    def remove_question(self, id):
        self.go(f"/fraga/{id}")
        self.page.locator("summary", has_text="Ta bort frågan").click()
        self.press(f"remove_question|{id}")
        self.page.wait_for_url("**/utkast")

    def add_option(self, owner, code):
        self.go(self.page_of(owner))
        self.typed(f"add_option|{owner}", code)
        expect(self.page.locator("legend", has_text=code)).to_be_visible()

    def move_option(self, owner, code, step):
        legends = self.page.locator(".part > legend > code")
        place = legends.all_inner_texts().index(code)
        self.press(f"move_option|{owner}|{code}|{step}")
        expect(legends.nth(place + step)).to_have_text(code)

    def remove_option(self, owner, code):
        self.press(f"remove_option|{owner}|{code}")
        expect(self.page.locator("legend", has_text=code)).to_have_count(0)

    def own_options(self, id):
        self.press(f"own_options|{id}")
        expect(self.page.locator(".part > legend > code").first).to_be_visible()

    def use_scale(self, id, scale):
        self.page.locator("summary", has_text="Använd en skala").click()
        self.page.locator("[name=new_scale]").select_option(scale)
        self.press(f"use_scale|{id}")
        expect(self.page.get_by_text("Svaren är de i skalan")).to_be_visible()

    def remove_scale(self, name):
        self.go("/skalor")
        self.press(f"remove_scale|{name}")
        expect(self.page.locator("code", has_text=name)).to_have_count(0)

    def decide(self, change):
        self.settle()
        self.page.goto(f"{DRAFT}/jamfor")
        form = self.page.locator(f'form[data-change="{structure.change_key(change)}"]')
        form.locator(f'[name=comparability][value="{change["comparability"]}"]').check()
        for name in ("change", "note", "decided_by"):
            form.locator(f"[name={name}]").fill(change.get(name, ""))
        form.get_by_role("button", name="Spara beslutet").click()
        expect(form.get_by_role("button", name="Ta tillbaka det")).to_be_visible()

    def settle(self):
        """Wait until the page has saved by itself what was written last."""
        status = self.page.locator("form.draft [data-part=status]")
        if status.count() and status.inner_text():
            expect(status).to_have_text(SAVED)


def test_second_version_is_made_and_published_in_the_browser(page, make, sign_in, session):
    make.published(1, valid_from=date(2026, 1, 1))
    sign_in(page, make.account(role=Role.CITY_ANALYST))
    page.goto("/formular")
    assert axe_faults(page) == []
    page.get_by_role("button", name="Gör ett utkast till nästa version").click()
    author = Author(page)
    for step in steps(as_source(V2)):
        getattr(author, step.what)(*step.given)
    author.settle()

    page.goto(f"{DRAFT}/publicera")
    assert axe_faults(page) == []
    page.get_by_role("button", name="Lämna in för granskning").click()
    expect(page.get_by_text("så någon annan måste publicera den")).to_be_visible()
    with page.expect_download() as started:
        page.get_by_role("link", name="Hämta filen (YAML)").click()
    shipped = Path(f"questionnaires/{KEY}/v2.yaml").read_bytes()
    assert Path(started.value.path()).read_bytes() == shipped

    page.get_by_role("button", name="Logga ut").click()
    sign_in(page, make.account(role=Role.CITY_ANALYST))
    page.goto(f"{DRAFT}/publicera")
    expect(page.get_by_text("Inget hindrar.")).to_be_visible()
    page.get_by_label("Första dag").fill("2026-06-01")
    page.get_by_role("button", name="Publicera för gott").click()
    expect(page.get_by_text("Version 2 är publicerad")).to_be_visible()

    session.rollback()
    assert write(publishing.document(session, KEY, 2)).encode() == shipped
    assert drafting.draft_of(session, KEY) is None
    rows = session.scalars(select(Comparability)).all()
    assert {
        row.question_new or row.question_old
        if row.question_old in ("", row.question_new) or not row.question_new
        else f"{row.question_old}>{row.question_new}": row.kind
        for row in rows
    } == CLASSES

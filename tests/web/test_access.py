"""Who gets to which page: every page says what it asks, every role gets what it may."""

import pytest
from flask import Blueprint

from surveyapp.access import ROLE_PERMISSIONS, Permission, Role
from surveyapp.web.access import own_unit_or_404, own_units, requires

# Pages without `requires`, and why.
OPEN = {
    "start.index": "shows the doors to whoever is not signed in",
    "start.choose_language": "the sign-in page has a language too",
    "start.accessibility": "the law wants it open",
    "start.health": "asked by whoever watches the server; holds no data",
    "auth.sign_in": "nobody is signed in yet",
    "auth.sign_out": "does nothing for whoever is not signed in",
}
# The same for whole features: who comes there has no account.
OPEN_FEATURES = {
    "respond": "the occasion in the address is signed",
    "codes": "a code from a letter is the key",
    "tablet": "the pages hold nothing; answers stay on the tablet until they are sealed",
    "tablet_moves": "the tablet signs what it asks for",
    "tablet_api": "the tablet signs with its own key",
}
PLAIN = {"Content-Type": "text/plain"}


@pytest.fixture
def app(app):
    """With one page that asks for a permission, and one of a unit."""
    bp = Blueprint("probe", __name__, url_prefix="/prov")

    @bp.get("/<permission>")
    def probe(permission):
        return requires(Permission(permission))(lambda: ("let in", PLAIN))()

    @bp.route("/enhet/<code>", methods=["GET", "POST"])
    @requires(Permission.ENTER_PAPER)
    def unit(code):
        return own_unit_or_404(code, Permission.ENTER_PAPER).name, PLAIN

    @bp.get("/enheter")
    @requires(Permission.ENTER_PAPER)
    def units():
        return ", ".join(unit.name for unit in own_units(Permission.ENTER_PAPER)), PLAIN

    app.register_blueprint(bp)
    return app


def test_every_page_asks_for_a_permission_or_is_open_for_a_reason(app):
    unguarded = {
        endpoint
        for endpoint, view in app.view_functions.items()
        if not hasattr(view, "permission")
        and endpoint.partition(".")[0] not in {"probe", *OPEN_FEATURES}
    }

    assert unguarded == set(OPEN)
    assert all(len(reason) > 10 for reason in (OPEN | OPEN_FEATURES).values())


@pytest.mark.parametrize(
    ("role", "let_in"),
    [
        (Role.CASE_OFFICER, {"see_results", "enter_paper"}),
        (Role.REGISTRAR, {"see_results", "enter_paper", "create_codes"}),
        (Role.UNIT_MANAGER, {"see_results", "create_codes", "manage_devices"}),
        (Role.QUALITY_STAFF, {"see_results", "create_codes", "manage_devices"}),
        (
            Role.CITY_ANALYST,
            {
                "see_results",
                "move_answers",
                "release",
                "edit_questionnaire",
                "publish_questionnaire",
                "set_limits",
                "manage_units",
            },
        ),
        (Role.RECORDS_OFFICER, {"see_results", "read_log"}),
        (Role.ADMIN, {"see_results", "manage_units", "manage_accounts"}),
        (Role.READER, {"see_results"}),
    ],
)
def test_role_is_let_in_where_it_may_and_nowhere_else(client, make, role, let_in):
    client.log_in(make.account(role))

    answers = {p.value: client.get(f"/prov/{p.value}").status_code for p in Permission}

    assert {name for name, status in answers.items() if status == 200} == let_in
    assert {status for name, status in answers.items() if name not in let_in} == {403}


def test_every_role_has_a_row_above():
    rows = test_role_is_let_in_where_it_may_and_nowhere_else.pytestmark[0].args[1]

    assert {row[0] for row in rows} == set(Role) == set(ROLE_PERMISSIONS)


def test_refusal_says_whom_to_ask(client, make):
    client.log_in(make.account(Role.READER))

    page = client.get("/prov/release")

    assert "Den här sidan är inte för ditt konto" in page.text


def test_whoever_is_not_signed_in_goes_to_sign_in_and_comes_back(client):
    answer = client.get("/prov/enheter?sida=2")

    assert answer.status_code == 302
    assert answer.location == "/logga-in?next=/prov/enheter?sida%3D2"


def test_form_sent_after_the_sign_in_ended_says_what_became_of_it(client, make):
    unit = make.unit()

    page = client.post(f"/prov/enhet/{unit.code}")

    assert page.status_code == 401
    assert "Du är inte inloggad längre" in page.text


def test_unit_of_others_and_unit_that_does_not_exist_look_the_same(client, make):
    own, other = make.unit(name="Egen"), make.unit(name="Andras")
    client.log_in(make.account(Role.REGISTRAR, units=[own]))

    assert client.get(f"/prov/enhet/{own.code}").text == "Egen"
    pages = [client.get(f"/prov/enhet/{code}") for code in (other.code, "no-such-unit")]
    assert [page.status_code for page in pages] == [404, 404]
    assert pages[0].text.replace(other.code, "") == pages[1].text.replace("no-such-unit", "")
    assert "Andras" not in pages[0].text


def test_permission_in_one_unit_opens_no_other(client, make):
    own, other = make.unit(), make.unit()
    account = make.account(Role.REGISTRAR, units=[own])
    make.account(Role.UNIT_MANAGER, units=[other])
    client.log_in(account)

    assert client.get("/prov/enheter").text == own.name


def test_permission_in_the_city_opens_every_unit_in_swedish_order(client, make):
    for name in ("Östermalm", "Ängby", "Bromma"):
        make.unit(name=name)
    client.log_in(make.account(Role.REGISTRAR))

    assert client.get("/prov/enheter").text == "Bromma, Ängby, Östermalm"

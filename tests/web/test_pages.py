"""What surrounds every page: headers, error pages, static files, the client's own checks."""

import gzip
import re

import pytest
from flask import Blueprint, abort, g, request
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from surveyapp import create_app
from surveyapp.db import db
from surveyapp.errors import N_, StorageError
from surveyapp.web import csrf
from surveyapp.web.static_files import STATIC, content, static
from tests.client import page_faults


@pytest.fixture
def app(app):
    """With pages that go wrong in the ways there are."""
    bp = Blueprint("probe", __name__, url_prefix="/prov")

    @bp.get("/fel/<int:code>")
    def fail(code):
        abort(code)

    @bp.get("/krasch")
    def crash():
        raise RuntimeError("a secret of the inside")

    @bp.get("/lager")
    def storage():
        raise StorageError(N_("Somebody else is saving right now. Try again."))

    @bp.get("/databas")
    def database():
        db.session.execute(text("SELECT secret FROM no_such_table"))

    @bp.get("/upptagen")
    def locked():
        raise OperationalError("SELECT 1", {"name": "a secret"}, Exception("locked"))

    @bp.get("/diagram")
    def chart():
        g.has_charts = True
        return "chart", {"Content-Type": "text/plain"}

    @bp.post("/emot")
    @csrf.exempt
    def receive():
        return {"received": len(request.get_data())}

    app.register_blueprint(bp)
    return app


@pytest.fixture
def production(tmp_path):
    app = create_app(
        {
            "SURVEYAPP_INSTANCE": str(tmp_path),
            "SURVEYAPP_SECRET_KEY": "a secret that only the tests know",
            "SURVEYAPP_PRODUCTION": "1",
            "SURVEYAPP_PROXIES": "1",
        }
    )
    yield app
    with app.app_context():
        db.engine.dispose()


def policy(answer):
    parts = answer.headers["Content-Security-Policy"].split(";")
    return {part.split()[0]: part.split()[1:] for part in parts}


def test_page_may_run_and_show_only_own_files(client):
    found = policy(client.get("/"))

    assert found["default-src"] == found["frame-ancestors"] == found["base-uri"] == ["'none'"]
    assert found["script-src"] == found["style-src"] == found["img-src"] == ["'self'"]
    assert not any("unsafe" in source for sources in found.values() for source in sources)


def test_page_with_charts_may_also_draw_them(client):
    found = policy(client.get("/prov/diagram"))

    assert found["img-src"] == ["'self'", "data:", "blob:"]
    assert len(found["style-src"]) == 2
    assert found["style-src"][1].startswith("'sha256-47DEQpj8")
    assert found["script-src"] == ["'self'"]


@pytest.mark.parametrize("path", ["/", "/logga-in", "/finns-inte", "/halsa", "/prov/fel/500"])
def test_no_page_is_kept_by_the_browser(client, path):
    headers = client.get(path).headers

    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "Strict-Transport-Security" not in headers


def test_production_asks_for_https_and_keeps_the_cookie_to_it(production):
    answer = production.test_client().get(
        "/logga-in", headers={"X-Forwarded-Proto": "https", "X-Forwarded-Host": "svar.example"}
    )

    assert answer.headers["Strict-Transport-Security"].startswith("max-age=31536000")
    assert answer.headers["Set-Cookie"].startswith("__Host-session=")
    assert "Secure" in answer.headers["Set-Cookie"]


def test_forwarded_address_counts_only_behind_the_proxies_that_are_set(app, production):
    def seen(app):
        with app.test_request_context():
            pass
        addresses = []
        app.before_request_funcs.setdefault(None, []).append(
            lambda: addresses.append(request.remote_addr)
        )
        app.test_client().get("/finns-inte", headers={"X-Forwarded-For": "10.9.8.7"})
        return addresses

    assert seen(app) == ["127.0.0.1"]
    assert seen(production) == ["10.9.8.7"]


ERRORS = [
    ("/prov/fel/400", 400, "Sidan kunde inte läsa det som skickades"),
    ("/prov/fel/403", 403, "Den här sidan är inte för ditt konto"),
    ("/finns-inte", 404, "Sidan finns inte här"),
    ("/logga-ut", 405, "Sidan kan inte öppnas så här"),
    ("/prov/fel/413", 413, "Det var för mycket på en gång"),
    ("/prov/fel/415", 415, "Sidan kunde inte läsa det som skickades"),
    ("/prov/fel/418", 418, "Sidan kunde inte läsa det som skickades"),
    ("/prov/fel/429", 429, "För många försök"),
    ("/prov/fel/500", 500, "Något gick fel hos oss"),
    ("/prov/krasch", 500, "Något gick fel hos oss"),
    ("/prov/fel/502", 502, "Något gick fel hos oss"),
    ("/prov/fel/503", 503, "Det går inte att spara eller hämta just nu"),
    ("/prov/lager", 503, "Det går inte att spara eller hämta just nu"),
    ("/prov/databas", 503, "Det går inte att spara eller hämta just nu"),
    ("/prov/upptagen", 503, "Det går inte att spara eller hämta just nu"),
]


@pytest.mark.parametrize(("path", "status", "title"), ERRORS)
def test_error_is_told_in_swedish_with_a_way_on(app, client, path, status, title):
    app.config["PROPAGATE_EXCEPTIONS"] = False

    page = client.get(path)

    assert page.status_code == status
    assert f"<h1>{title}</h1>" in page.text
    assert 'class="button" href="/"' in page.text
    assert not re.search(r"Traceback|Error|secret|SELECT|sqlite|psycopg", page.text)
    assert ("Retry-After" in page.headers) == (status == 503)


def test_error_of_whoever_chose_english_is_in_english(client):
    client.post("/sprak/en")

    assert "<h1>The page is not here</h1>" in client.get("/finns-inte").text


def test_wrong_method_names_the_right_one(client):
    assert set(client.get("/logga-ut").allow) == {"OPTIONS", "POST"}


def test_database_without_tables_gives_the_page_that_says_so(tmp_path):
    app = create_app(
        {"SURVEYAPP_INSTANCE": str(tmp_path), "SURVEYAPP_SECRET_KEY": "x" * 32, "TESTING": True}
    )
    client = app.test_client()

    answers = [client.get(path) for path in ("/", "/finns-inte", "/logga-in")]
    health = client.get("/halsa")
    with app.app_context():
        db.engine.dispose()

    assert [answer.status_code for answer in answers] == [503] * 3
    assert all("Det går inte att spara eller hämta just nu" in a.text for a in answers)
    assert (health.status_code, health.json["migrations"]) == (503, False)


@pytest.mark.parametrize(("size", "status"), [(64 * 1024, 200), (64 * 1024 + 1, 413)])
def test_body_over_64_kib_is_refused(client, size, status):
    assert client.post("/prov/emot", data=b"x" * size).status_code == status


def test_style_sheets_are_kept_for_good_and_compressed(client):
    links = re.findall(r'(?:href|src)="(/s/[^"]+)"', client.get("/").text)

    assert len(links) >= 8
    for link in links:
        plain = client.get(link)
        packed = client.get(link, headers={"Accept-Encoding": "gzip"})
        assert gzip.decompress(packed.data) == plain.data
        assert "immutable" in plain.headers["Cache-Control"]
        assert plain.headers["X-Content-Type-Options"] == "nosniff"


def test_scripts_are_served_without_their_comments(client):
    served = client.get(static("js/respond.js")).data

    assert served == content("js/respond.js")
    assert (STATIC / "js/respond.js").read_text(encoding="utf-8").startswith("//")
    assert b"//" not in served
    assert b'form=document.querySelector("[data-respond]");' in served


def test_chart_library_comes_from_the_installed_package(app, client):
    address = app.jinja_env.globals["plotly_script"]
    packed = client.get(address, headers={"Accept-Encoding": "gzip"})
    plain = client.get(address)

    assert gzip.decompress(packed.data) == plain.data
    assert b"plotly.js v" in plain.data[:200]
    assert "immutable" in packed.headers["Cache-Control"]
    assert packed.headers["Vary"] == "Accept-Encoding"


def test_misspelt_static_file_is_an_error(app):
    with pytest.raises(FileNotFoundError, match="formm"):
        app.jinja_env.globals["static"]("css/formm.css")


GOOD = (
    '<!doctype html><html lang="sv"><head><meta name="viewport" content="w"><title>T</title>'
    "</head><body><main><h1>H</h1>%s</main></body></html>"
)


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ("<h1>A second</h1>", "2 h1"),
        ("<p id=a></p><p id=a></p>", "id 'a' twice"),
        ("<input name=n>", "no label on <input name='n'>"),
        ("<textarea name=n></textarea>", "no label on <textarea name='n'>"),
        ("<label for=x>L</label>", "for='x' points at nothing"),
        ('<p style="color:red">', "<p style> is inline"),
        ('<p onclick="x()">', "<p onclick> is inline"),
        ("<script>x()</script>", "inline <script>"),
        ("<style>p{}</style>", "inline <style>"),
        ("<button></button>", "a button without words"),
        ("<p aria-describedby=gone>", "aria-describedby='gone' points at nothing"),
        (
            "<ul><li>x</ol></ul>",
            "faulty HTML: End tag (ol) seen too early. Expected other end tag.",
        ),
    ],
)
def test_client_finds_a_planted_fault(content, fault):
    assert page_faults(GOOD % content) == [fault]


@pytest.mark.parametrize(
    "content",
    [
        "",
        "<label>L <input name=n></label>",
        '<script type="application/json">{}</script><script src="/s/x.js"></script>',
        "<input type=hidden name=n><button>Ok</button>",
    ],
)
def test_client_lets_a_good_page_pass(content):
    assert page_faults(GOOD % content) == []

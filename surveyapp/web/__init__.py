"""The only folder that knows HTTP: pages, and what every request and response goes through."""

from datetime import date
from typing import TYPE_CHECKING

from flask import Flask, current_app, g
from flask_wtf import CSRFProtect
from jinja2 import StrictUndefined
from sqlalchemy import select
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.utils import import_string

from surveyapp import config
from surveyapp.db import db
from surveyapp.models import Setting

if TYPE_CHECKING:
    from surveyapp.sealing import Sealer

BLUEPRINTS = [
    "surveyapp.web.start.views:bp",
    "surveyapp.web.auth.views:bp",
    "surveyapp.web.results.views:bp",
    "surveyapp.web.results.trend_views:bp",
    "surveyapp.web.results.question_views:bp",
    "surveyapp.web.results.driver_views:bp",
    "surveyapp.web.results.comparison_views:bp",
    "surveyapp.web.respond.views:bp",
    "surveyapp.web.respond.code_views:bp",
    "surveyapp.web.tablet.views:bp",
    "surveyapp.web.tablet.answer_views:bp",
    "surveyapp.web.tablet.api_views:bp",
    "surveyapp.web.tablet.move_views:bp",
    "surveyapp.web.devices.views:bp",
    "surveyapp.web.devices.aside_views:bp",
    "surveyapp.web.devices.move_views:bp",
    "surveyapp.web.paper.views:bp",
    "surveyapp.web.questionnaires.views:bp",
    "surveyapp.web.questionnaires.file_views:bp",
    "surveyapp.web.questionnaires.editor_views:bp",
    "surveyapp.web.questionnaires.comparing_views:bp",
    "surveyapp.web.questionnaires.gate_views:bp",
    "surveyapp.web.questionnaires.trying_views:bp",
]
LARGEST_BODY = 64 * 1024  # a form with every answer and 1,000 characters of text is under 10 kB

csrf = CSRFProtect()


def install(app: Flask) -> None:
    """Give the application its pages and what surrounds them."""
    from surveyapp.web import access, error_pages, headers, navigation, static_files
    from surveyapp.web.auth import sessions

    settings: config.Settings = app.config["SETTINGS"]
    app.config.update(
        MAX_CONTENT_LENGTH=LARGEST_BODY,
        SESSION_COOKIE_NAME="__Host-session" if settings.production else "session",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.production,
        WTF_CSRF_TIME_LIMIT=None,  # a page may be left open all day
        WTF_I18N_ENABLED=False,  # or WTForms' own Swedish messages are never reached
    )
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(
        current_account=access.account_or_none,
        holds_simulated_answers=holds_simulated_answers,
        ways=navigation.ways,
        footer_ways=navigation.footer_ways,
    )
    csrf.init_app(app)
    sessions.install(app)
    headers.install(app)
    error_pages.install(app)
    for path in BLUEPRINTS:
        app.register_blueprint(import_string(path))
    static_files.install(app)
    if settings.proxies:
        n = settings.proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=n, x_proto=n, x_host=n)  # type: ignore[method-assign]


def today() -> date:
    """The date in Stockholm: the only clock that pages read."""
    return config.today(current_app.config["SETTINGS"])


def sealer() -> "Sealer":
    """What opens envelopes from tablets, and closes those of the server's own."""
    from surveyapp import sealing

    settings: config.Settings = current_app.config["SETTINGS"]
    return sealing.sealer(current_app.config["SECRET_KEY"], settings.former_secrets)


def holds_simulated_answers() -> bool:
    """Whether the database holds the demo, which every page must say. Asked once a request."""
    if g.get("without_database"):
        return False
    if "is_demo" not in g:
        value = db.session.scalar(select(Setting.value).where(Setting.key == "demo"))
        g.is_demo = value == "1"
    return bool(g.is_demo)

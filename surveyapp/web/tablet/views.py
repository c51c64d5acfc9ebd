"""The tablet's pages, the same for every tablet and everybody, and what installs them."""

import json

from flask import Blueprint, Response, url_for
from flask.typing import ResponseReturnValue

from surveyapp.i18n import gettext as _
from surveyapp.i18n import staff_language
from surveyapp.web.respond.rendered import page
from surveyapp.web.static_files import static
from surveyapp.web.tablet import app

bp = Blueprint("tablet", __name__)

ICONS = (  # file, size, purpose
    ("icon.svg", "any", "any"),
    ("icon-192.png", "192x192", "any"),
    ("icon-512.png", "512x512", "any"),
    ("icon-maskable-512.png", "512x512", "maskable"),
)


@bp.get("/platta")
def start() -> ResponseReturnValue:
    """Where the officer begins: enrolment, the unit of the day, handing over."""
    return page(app.current().shell)


@bp.get("/service-worker.js")
def worker() -> ResponseReturnValue:
    """At the root, so that it may serve `/platta`."""
    return Response(app.current().worker, mimetype="text/javascript")


@bp.get("/platta.webmanifest")
def manifest() -> ResponseReturnValue:
    """What the browser needs to install the app."""
    answer = {
        "id": url_for(".start"),
        "name": _("The questions on the tablet"),
        "short_name": _("The questions"),
        "lang": staff_language(),
        "start_url": url_for(".start"),
        "scope": url_for(".start"),
        "display": "standalone",
        "background_color": "#ffffff",
        "theme_color": "#143d7a",
        "icons": [
            {"src": static(file), "sizes": sizes, "purpose": purpose}
            for file, sizes, purpose in ICONS
        ],
    }
    return Response(json.dumps(answer), mimetype="application/manifest+json")

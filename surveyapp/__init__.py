"""surveyapp: how older people find the contact with their case officers."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flask import Flask


def create_app(overrides: Mapping[str, Any] | None = None) -> Flask:
    """The application: settings, database, languages, pages; nothing else.

    `overrides` are `SURVEYAPP_...` settings (then the environment is not read) and Flask's own.
    """
    from surveyapp import config, i18n, web
    from surveyapp.db import db, prepare_engine

    given = dict(overrides or {})
    named = {name: given.pop(name) for name in list(given) if name.startswith("SURVEYAPP_")}
    settings = config.settings_from(named or os.environ)
    Path(settings.instance).mkdir(parents=True, exist_ok=True)

    app = Flask(__name__, static_folder=None)
    app.config.update(
        SETTINGS=settings,
        SECRET_KEY=config.secret_key(settings),
        SQLALCHEMY_DATABASE_URI=settings.sqlalchemy_url,
        # A database error goes into the log: without the answers it was about.
        SQLALCHEMY_ENGINE_OPTIONS={"hide_parameters": True},
        **given,
    )
    db.init_app(app)
    with app.app_context():
        prepare_engine(db.engine)
    i18n.install(app)
    web.install(app)
    return app

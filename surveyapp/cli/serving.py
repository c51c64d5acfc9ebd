"""Starting the application to serve: it does not start if a published file was changed."""

import socket
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask import Flask
from gunicorn.app.base import BaseApplication
from sqlalchemy.exc import DBAPIError

from surveyapp import create_app, publishing
from surveyapp.config import Settings
from surveyapp.db import db, is_current
from surveyapp.errors import SurveyError

if TYPE_CHECKING:
    from collections.abc import Callable

HOST = "127.0.0.1"
GIVE_UP = 4  # gunicorn starts a worker over and over unless it ends with this


def served_app() -> Flask:
    """The application for a WSGI server; one clear line and the end if it must not start."""
    try:
        app = create_app()
        with app.app_context():
            try:
                if is_current():  # if not, the pages say what to do
                    verify_published(app)
            finally:
                db.session.close()
                db.engine.dispose()  # a connection must not be carried into workers
    except (SurveyError, DBAPIError) as error:
        reason = str(error if isinstance(error, SurveyError) else error.orig).strip()
        print(f"surveyapp does not start. {reason}", file=sys.stderr, flush=True)
        raise SystemExit(GIVE_UP) from error
    return app


def verify_published(app: Flask) -> None:
    """PublishingError if a published version is not what its file says."""
    settings: Settings = app.config["SETTINGS"]
    publishing.verify(db.session, Path(settings.questionnaires))


def taken_port(port: int) -> socket.socket:
    """The port, held from now on; OSError if somebody else has it."""
    holder = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        holder.bind((HOST, port))
        holder.listen()
    except OSError:
        holder.close()
        raise
    return holder


class Server(BaseApplication):  # type: ignore[misc]  # gunicorn carries no types
    """Gunicorn around an application that is ready, on a socket that is held already."""

    def __init__(
        self, app: Flask, holder: socket.socket, *, workers: int, ready: "Callable[[], None]"
    ) -> None:
        self.app = app
        self.settings: dict[str, Any] = {
            "bind": f"fd://{holder.detach()}",
            "control_socket_disable": True,
            "loglevel": "warning",
            "preload_app": True,
            "threads": 4,
            "when_ready": lambda _arbiter: ready(),
            "worker_class": "gthread",
            "workers": workers,
        }
        super().__init__()

    def load_config(self) -> None:
        for name, value in self.settings.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        return self.app

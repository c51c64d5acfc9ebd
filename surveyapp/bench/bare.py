"""What a web framework and a disk cannot do without: a form, one row, one commit.

No languages, no versions, no routing, no token: the floor that the real door is compared with.
"""

import fcntl
import sqlite3
import threading
from pathlib import Path

from flask import Flask, redirect, render_template_string, request
from flask.typing import ResponseReturnValue

QUESTIONS = [f"q{number}" for number in range(1, 19)]
CHOICES = ["1", "2", "3", "4", "5"]
PAGE = """<!doctype html><html lang="sv"><title>Frågor</title><form method="post">
{% for question in questions %}<fieldset><legend>Fråga {{ question }}</legend>
{% for choice in choices %}<label><input type="radio" name="{{ question }}"
 value="{{ choice }}"> {{ choice }}</label>{% endfor %}</fieldset>{% endfor %}
<button>Skicka</button></form></html>"""


def prepare(path: str) -> None:
    """Make the file and its one table."""
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute(f"CREATE TABLE answered ({', '.join(QUESTIONS)})")
    connection.close()


def create(path: str) -> Flask:
    """The application, writing to a prepared SQLite file."""
    app = Flask(__name__, static_folder=None)
    columns = ", ".join(QUESTIONS)
    statement = f"INSERT INTO answered ({columns}) VALUES ({', '.join('?' * len(QUESTIONS))})"  # noqa: S608 - our own names
    local = threading.local()
    turn = threading.Lock()
    lock = Path(f"{path}-writer").open("ab")  # noqa: SIM115 - held as long as the process

    @app.get("/")
    def form() -> str:
        return render_template_string(PAGE, questions=QUESTIONS, choices=CHOICES)

    @app.post("/")
    def send() -> ResponseReturnValue:
        values = [request.form.get(question, "") for question in QUESTIONS]
        if not set(values) <= set(CHOICES):
            return "", 400
        if not hasattr(local, "connection"):
            local.connection = sqlite3.connect(path, isolation_level=None)
            local.connection.execute("PRAGMA synchronous=FULL")
        with turn:
            fcntl.flock(lock, fcntl.LOCK_EX)
            try:
                local.connection.execute(statement, values)
            finally:
                fcntl.flock(lock, fcntl.LOCK_UN)
        return redirect("/tack", 303)

    @app.get("/tack")
    def thanks() -> str:
        return render_template_string("<!doctype html><title>Tack</title><h1>Tack!</h1>")

    return app

"""Whether answers can be taken: database reachable, tables newest, questionnaires unchanged."""

from pathlib import Path

from flask import current_app
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from surveyapp import publishing
from surveyapp.config import Settings
from surveyapp.db import db, is_current
from surveyapp.errors import SurveyError
from surveyapp.models import QuestionnaireVersion


def checked() -> dict[str, bool]:
    """What was looked at, and whether it is as it should be."""
    state = {"database": False, "migrations": False, "questionnaires": False}
    try:
        state["migrations"] = is_current()
        state["database"] = True
        state["questionnaires"] = _questionnaires_unchanged()
    except SQLAlchemyError:
        db.session.rollback()
    return state


def _questionnaires_unchanged() -> bool:
    """Read files only when one of them, or what is published, is another than last time."""
    settings: Settings = current_app.config["SETTINGS"]
    folder = Path(settings.questionnaires)
    published = db.session.execute(
        select(QuestionnaireVersion.questionnaire, QuestionnaireVersion.version).order_by(
            QuestionnaireVersion.id
        )
    ).all()
    files = [(str(p), p.stat().st_mtime_ns) for p in sorted(folder.glob("*/*.yaml"))]
    seen = (tuple(map(tuple, published)), tuple(files))
    if current_app.extensions.get("questionnaires_verified") == seen:
        return True
    try:
        publishing.verify(db.session, folder)
    except SurveyError as error:
        current_app.logger.error("%s", error)
        return False
    current_app.extensions["questionnaires_verified"] = seen
    return True

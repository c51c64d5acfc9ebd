"""The addresses of the respondent's pages on a tablet. What is answered never comes here."""

from flask import Blueprint, Response

from surveyapp.web.tablet import pages

bp = Blueprint("answering", __name__, url_prefix="/platta")


@bp.get("/fragor/<key>/<int:version>/<language>")
def questions(key: str, version: int, language: str) -> Response:
    """The questions, without anything of any occasion."""
    return pages.questions(key, version, language).response()


@bp.get("/klart/<key>/<int:version>/<language>")
def done(key: str, version: int, language: str) -> Response:
    """The end of an occasion, for the officer to take over."""
    return pages.done(key, version, language).response()

"""The cookie that a tablet is known by."""

from flask import Response, current_app, request

NAME = "platta"
LIFE = 400 * 24 * 3600  # seconds; browsers keep no cookie longer


def cookie_name() -> str:
    """With HTTPS the browser is told to take it from nobody else."""
    return f"__Host-{NAME}" if _is_production() else NAME


def key_in_request() -> str:
    """The tablet's key, or nothing."""
    return request.cookies.get(cookie_name(), "")


def remember(response: Response, key: str) -> None:
    """Let the tablet keep its key."""
    response.set_cookie(
        cookie_name(),
        key,
        max_age=LIFE,
        httponly=True,
        samesite="Strict",
        secure=_is_production(),
    )


def _is_production() -> bool:
    return bool(current_app.config["SETTINGS"].production)

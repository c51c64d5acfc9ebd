"""Every setting: its environment variable, its default and one line of why."""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from surveyapp.errors import SurveyError

PACKAGE = Path(__file__).parent


def shipped_folder(name: str) -> Path:
    """A folder that stands beside the package in a source tree and inside it in a wheel."""
    beside = PACKAGE.parent / name
    return beside if beside.is_dir() else PACKAGE / f"_{name}"


@dataclass(frozen=True)
class Settings:
    """One field per environment variable `SURVEYAPP_<FIELD>`; `why` says what it is for."""

    instance: str = field(
        default="instance",
        metadata={"why": "folder for the SQLite database and the generated secret"},
    )
    database_url: str = field(
        default="",
        metadata={"why": "SQLAlchemy address; empty is SQLite in the instance folder"},
    )
    secret_key: str = field(
        default="",
        metadata={"why": "signs sessions, occasions and codes; required in production"},
    )
    former_secret_keys: str = field(
        default="",
        metadata={
            "why": "earlier secrets, with commas between: what was sealed for them, by tablets "
            "or into quarantine, can still be opened"
        },
    )
    production: bool = field(
        default=False,
        metadata={"why": "behind HTTPS: secure cookies, HSTS, and a secret must be given"},
    )
    proxies: int = field(
        default=0,
        metadata={"why": "number of proxies in front whose X-Forwarded headers are trusted"},
    )
    questionnaires: str = field(
        default=str(shipped_folder("questionnaires")),
        metadata={"why": "folder with <key>/v<n>.yaml, the source of every questionnaire"},
    )
    today: str = field(
        default="",
        metadata={"why": "a fixed date (2026-05-09) for rehearsals; empty is the real one"},
    )

    @property
    def former_secrets(self) -> tuple[str, ...]:
        """The secrets before this one."""
        return tuple(filter(None, map(str.strip, self.former_secret_keys.split(","))))

    @property
    def sqlalchemy_url(self) -> str:
        """The address of the database; PostgreSQL is reached through psycopg."""
        if not self.database_url:
            return f"sqlite:///{Path(self.instance).resolve() / 'surveyapp.sqlite3'}"
        return self.database_url.replace("postgresql://", "postgresql+psycopg://", 1)


def settings_from(values: Mapping[str, str]) -> Settings:
    """Settings out of environment variables; an unknown `SURVEYAPP_` name is a mistake."""
    prefix = "SURVEYAPP_"
    known = {prefix + f.name.upper(): f for f in fields(Settings)}
    unknown = sorted(k for k in values if k.startswith(prefix) and k not in known)
    if unknown:
        raise SurveyError(f"Unknown setting {unknown[0]}. Known: {', '.join(sorted(known))}.")
    given: dict[str, object] = {}
    for name, spec in known.items():
        if (text := values.get(name, "")) == "":
            continue
        if spec.type is bool:
            if text not in ("0", "1"):
                raise SurveyError(f"{name} must be 0 or 1, not {text!r}.")
            given[spec.name] = text == "1"
        elif spec.type is int:
            if not text.isdigit():
                raise SurveyError(f"{name} must be a whole number, not {text!r}.")
            given[spec.name] = int(text)
        else:
            given[spec.name] = text
    if day := given.get("today"):
        try:
            date.fromisoformat(str(day))
        except ValueError:
            raise SurveyError(
                f"SURVEYAPP_TODAY must be a date like 2026-05-09, not {day!r}."
            ) from None
    settings = Settings(**given)  # type: ignore[arg-type]  # types were checked above
    if settings.production and not settings.secret_key:
        raise SurveyError(
            "SURVEYAPP_SECRET_KEY is missing. Give at least 32 random characters, for example "
            "from: python3 -c 'import secrets; print(secrets.token_urlsafe(32))'"
        )
    if settings.secret_key and len(settings.secret_key) < 32:
        raise SurveyError("SURVEYAPP_SECRET_KEY is too short: give at least 32 characters.")
    return settings


def secret_key(settings: Settings) -> str:
    """The given secret, or one kept in the instance folder (never in production)."""
    if settings.secret_key:
        return settings.secret_key
    kept = Path(settings.instance) / "secret_key"
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(kept, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(48))
    return kept.read_text().strip()


def today(settings: Settings) -> date:
    """The date in Stockholm; only the web and the command line ask for it."""
    if settings.today:
        return date.fromisoformat(settings.today)
    return datetime.now(ZoneInfo("Europe/Stockholm")).date()

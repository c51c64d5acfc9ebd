"""The command line. A command's module is loaded when the command is used, not before."""

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from importlib import import_module
from typing import TYPE_CHECKING, ParamSpec, TypeVar

import click

from surveyapp.errors import SurveyError

if TYPE_CHECKING:
    from flask import Flask

P = ParamSpec("P")
R = TypeVar("R")

# Name, where it is, and what the list of commands says about it.
COMMANDS = {
    "init": ("surveyapp.cli.operation:init", "Prepare the database."),
    "run": ("surveyapp.cli.operation:run", "Serve on this machine."),
    "demo": ("surveyapp.cli.operation:demo", "Load simulated answers."),
    "check": ("surveyapp.cli.instruments:check", "Check the questionnaire files."),
    "publish": ("surveyapp.cli.instruments:publish", "Publish a questionnaire version."),
    "questionnaires": (
        "surveyapp.cli.instruments:questionnaires",
        "Draft, publish, retire, export and import questionnaires.",
    ),
    "settle": ("surveyapp.cli.operation:settle", "Sweep traces of the day's answers."),
    "release": ("surveyapp.cli.operation:release", "Release the results of a closed period."),
    "accounts": ("surveyapp.cli.people:accounts", "Manage staff accounts."),
    "codes": ("surveyapp.cli.collection:codes", "Make access codes for letters."),
    "devices": ("surveyapp.cli.collection:devices", "Enrol and revoke tablets."),
    "units": ("surveyapp.cli.organisation:units", "Import and list units and their figures."),
    "bench": ("surveyapp.bench:bench", "Measure speed."),
}


class Failure(click.ClickException):
    """One clear line on standard error, and exit code 1."""


class LazyGroup(click.Group):
    """Finds its commands in COMMANDS."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, name = COMMANDS[cmd_name][0].split(":")
        command = getattr(import_module(module), name)
        assert isinstance(command, click.Command)  # noqa: S101 - for the type checker
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without loading them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])


@click.group(cls=LazyGroup)
@click.version_option(package_name="surveyapp")
def main() -> None:
    """How older people find the contact with their case officers.

    Settings are environment variables SURVEYAPP_...; surveyapp/config.py explains each.
    """


@contextmanager
def clear_failures() -> Iterator[None]:
    """What goes wrong as expected becomes one clear line; the rest stays a traceback."""
    from sqlalchemy.exc import DBAPIError, SQLAlchemyError

    try:
        yield
    except SurveyError as error:
        raise Failure(str(error)) from error
    except DBAPIError as error:
        raise Failure(f"The database answers: {_first_line(error.orig)}") from error
    except SQLAlchemyError as error:
        raise Failure(f"The database cannot be used: {_first_line(error)}") from error
    except BrokenPipeError:
        raise  # the reader has gone; click ends quietly
    except OSError as error:
        raise Failure(_first_line(error)) from error


@contextmanager
def application(*, migrated: bool = True) -> "Iterator[Flask]":
    """The application with its context, for a command; unless told, on a ready database."""
    from surveyapp import create_app
    from surveyapp.db import db, is_current

    with clear_failures():
        app = create_app()
        with app.app_context():
            try:
                if migrated and not is_current():
                    raise Failure("The database is not prepared. Type: surveyapp init")
                yield app
            finally:
                db.session.close()
                db.engine.dispose()


def with_app(command: Callable[P, R]) -> Callable[P, R]:
    """Let a command run inside `application()`."""

    @functools.wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        with application():
            return command(*args, **kwargs)

    return run


def today() -> date:
    """The date for the running command."""
    from flask import current_app

    from surveyapp import config

    return config.today(current_app.config["SETTINGS"])


Progress = Callable[[int, int], None]


@contextmanager
def progress_bar(label: str) -> Iterator[Progress]:
    """A bar on a terminal and nothing in a pipe; call what it gives with done and total."""
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Bar(*columns, console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task(label, total=None)

        def report(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        yield report


def _first_line(error: BaseException | None) -> str:
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__

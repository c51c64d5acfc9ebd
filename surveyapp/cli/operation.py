"""Commands that run the application: prepare, serve, load the demo, settle, release."""

from pathlib import Path

import click
from flask import current_app
from sqlalchemy import select

from surveyapp import auditing, limits, organising, releasing, settling
from surveyapp.cli import Failure, application, progress_bar, today, with_app
from surveyapp.config import Settings
from surveyapp.db import db, is_current, upgrade, writing
from surveyapp.models import Setting, Unit
from surveyapp.periods import Parts, Period
from surveyapp.web import sealer

PARTS = {"tertial": Parts.TERTIAL, "quarter": Parts.QUARTER, "month": Parts.MONTH}


@click.command()
@click.option(
    "--year-parts",
    type=click.Choice(list(PARTS)),
    help="Into what years are divided for release; tertials unless chosen. Stays once "
    "results are released.",
)
def init(year_parts: str | None) -> None:
    """Prepare the database: newest tables, and Stockholm's units if there are none.

    Run it at installation and after every new version; what is stored stays.
    """
    with application(migrated=False):
        prepare()
        if year_parts:
            with writing(db.session):
                limits.choose_year_parts(db.session, PARTS[year_parts])
                auditing.record(
                    db.session, auditing.COMMAND_LINE, "choose year parts", year_parts
                )
        n_units = len(organising.units_on(db.session, today()))
        click.echo(f"The database is ready. {n_units} units exist today.")


def prepare() -> None:
    """Newest tables and the shipped units, where they are missing."""
    if not is_current():
        upgrade()
    if db.session.scalar(select(Unit.id).limit(1)) is None:
        with writing(db.session):
            organising.load_shipped(db.session)
            auditing.record(db.session, auditing.COMMAND_LINE, "load shipped units")


@click.command()
@click.option("--seed", type=int, help="Another seed gives other answers.")
@with_app
def demo(seed: int | None) -> None:
    """Load simulated answers from 2022-01 to 2026-10 into an empty database.

    Every page then says that its answers are simulated. Killed half-way, the next run finishes
    it; over a complete demo it changes nothing.
    """
    load_demo(seed)
    print_demo_accounts()


def load_demo(seed: int | None = None) -> None:
    """Load the demo, with a bar where somebody watches."""
    from surveyapp import demo as simulated

    settings: Settings = current_app.config["SETTINGS"]
    with progress_bar("Simulating answers") as progress:
        simulated.load(
            db.session,
            folder=Path(settings.questionnaires),
            secret=current_app.config["SECRET_KEY"],
            today=today(),
            seed=simulated.SEED if seed is None else seed,
            progress=progress,
        )


def may_load_demo() -> bool:
    """Whether nobody works here yet, or what is here is the demo."""
    from surveyapp import demo as simulated

    return simulated.may_load(db.session)


def print_demo_accounts() -> None:
    """How to sign in to the demo, enrol its tablet and use its letters."""
    from surveyapp import demo as simulated

    click.echo("Simulated answers. Sign in as:")
    for account in simulated.DEMO_ACCOUNTS:
        click.echo(f"  {account.name:<14} {account.password:<18} {account.what}")
    click.echo(f"Code for a tablet at /platta: {simulated.TABLET_CODE}")
    click.echo(f"Codes of letters at /kod, each for once: {', '.join(simulated.LETTER_CODES)}")


@click.command()
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--demo", "with_demo", is_flag=True, help="Load the demo if nothing is stored.")
def run(port: int, with_demo: bool) -> None:
    """Serve on this machine, http://127.0.0.1:8000, and prepare what is missing first."""
    from surveyapp.cli import serving

    try:
        holder = serving.taken_port(port)
    except OSError as error:
        raise Failure(
            f"Port {port} cannot be used: {error.strerror}. Choose another with --port."
        ) from error
    with holder:
        with application(migrated=False) as app:
            prepare()
            if with_demo and may_load_demo():
                load_demo()
            serving.verify_published(app)
            holds_demo = db.session.get(Setting, "demo") is not None
            workers = 2  # on SQLite their writers queue on one lock

        def ready() -> None:
            click.echo(f"surveyapp is at http://{serving.HOST}:{port}   (Ctrl+C stops it)")
            if holds_demo:
                print_demo_accounts()

        serving.Server(app, holder, workers=workers, ready=ready).run()


@click.command()
@with_app
def settle() -> None:
    """Rewrite new answers in random order and sweep their traces. Run it every night."""
    done = settling.settle(db.session, today=today(), sealer=sealer())
    click.echo(
        f"{done.n_new} answers settled, {done.n_let_in} let in from quarantine, "
        f"{done.n_receipts_erased} receipts erased. "
        f"Still in quarantine: {done.n_in_quarantine}."
    )


@click.command()
@click.argument("period")
@click.option("--person", default=auditing.COMMAND_LINE, help="Who makes the release.")
@with_app
def release(period: str, person: str) -> None:
    """Release the results of a closed PERIOD, such as 2026-T1 or 2026. Figures never move.

    A period can be released from the 9th of the month after it. Releasing it again changes
    nothing.
    """
    made = releasing.release(db.session, Period.parse(period), today=today(), person=person)
    click.echo(f"{made.period} is released since {made.released_on}, by {made.released_by}.")

"""The command line: what it does, exit codes, and one clear line when something is wrong."""

import shutil
import signal
import socket
import subprocess
import sys
import urllib.request
from datetime import date
from importlib import import_module

import click
import pytest
from sqlalchemy import select

from surveyapp import organising, publishing
from surveyapp.cli import COMMANDS, progress_bar, serving
from surveyapp.config import shipped_folder
from surveyapp.db import writing
from surveyapp.models import Account, AuditEvent, Release, Setting, Unit

SHIPPED = shipped_folder("questionnaires")
UNITS = "kind;code;name;district;valid_from;valid_to;successor;attribute;value\n"
SOUTH = "unit;soder;Söder;Söder;2007-01-01;;;;\n"
PUBLISH = ("publish", publishing.KEY, "1", "--author", "Ann", "--publisher", "Bo")
FROM = ("--valid-from", "2022-01-01")
PROGRAM = [sys.executable, "-c", "from surveyapp.cli import main; main()"]


def test_help_lists_every_command_without_loading_any():
    asked = "import sys; main(['--help'], standalone_mode=False)"
    seen = "print({'sqlalchemy', 'gunicorn', 'rich'} & set(sys.modules))"
    code = f"from surveyapp.cli import main; {asked}; {seen}"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)

    assert done.stdout.splitlines()[-1] == "set()"
    assert [name for name in COMMANDS if f"\n  {name} " not in done.stdout] == []


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_where_the_list_says(name):
    module, _, attribute = COMMANDS[name][0].partition(":")

    assert isinstance(getattr(import_module(module), attribute), click.Command)


def test_unknown_command_is_bad_usage(command):
    assert "No such command 'fly'" in command("fly", code=2).stderr


def test_init_prepares_a_database_with_the_shipped_units(command, environment):
    assert command("init").stdout == "The database is ready. 11 units exist today.\n"
    assert (environment / "surveyapp.sqlite3").is_file()


def test_init_again_keeps_what_is_stored(stored, session):
    stored("units", "import", "-", given=UNITS + SOUTH)

    assert "1 units exist today" in stored("init").stdout
    assert session.scalars(select(Unit.code)).all() == ["soder"]


def test_init_chooses_the_parts_of_the_year_until_results_are_released(stored, session):
    stored("init", "--year-parts", "quarter")
    assert session.get(Setting, "year_parts").value == "Q"
    with writing(session):
        session.add(Release(period="2026-Q1", released_on=date(2026, 5, 9), released_by="Ann"))

    assert (
        "so the parts of the year stay"
        in stored("init", "--year-parts", "month", code=1).stderr
    )


@pytest.mark.parametrize("arguments", [("units", "list"), ("settle",), (*PUBLISH, *FROM)])
def test_database_that_is_not_prepared_is_said(command, arguments):
    assert command(*arguments, code=1).stderr == (
        "Error: The database is not prepared. Type: surveyapp init\n"
    )


@pytest.mark.parametrize(
    ("setting", "value", "line"),
    [
        ("DATABASE_URL", "postgresql://t@127.0.0.1:1/t", "Error: The database answers: "),
        ("DATABASE_URL", "nonsense", "Error: The database cannot be used: "),
        ("SECRET_KEY", "short", "Error: SURVEYAPP_SECRET_KEY is too short"),
        ("NONSENSE", "1", "Error: Unknown setting SURVEYAPP_NONSENSE"),
        ("INSTANCE", "/proc/none", "Error: [Errno 2] No such file or directory"),
    ],
)
def test_faulty_setting_is_one_clear_line(command, monkeypatch, setting, value, line):
    monkeypatch.setenv(f"SURVEYAPP_{setting}", value)

    said = command("init", code=1).stderr
    assert said.startswith(line)
    assert said.count("\n") == 1


def test_file_that_is_no_database_is_one_clear_line(command, environment):
    environment.mkdir()
    (environment / "surveyapp.sqlite3").write_bytes(bytes(5000))

    assert (
        command("init", code=1).stderr
        == "Error: The database answers: file is not a database\n"
    )


def test_units_import_says_what_it_did_and_the_log_keeps_it(stored, session, tmp_path):
    file = tmp_path / "units.csv"
    file.write_bytes(b"\xef\xbb\xbf" + (UNITS + SOUTH).encode())

    assert stored("units", "import", str(file)).stdout == "1 added, 0 changed, 0 unchanged.\n"
    assert stored("units", "import", str(file)).stdout == "0 added, 0 changed, 1 unchanged.\n"
    events = session.execute(select(AuditEvent.action, AuditEvent.subject)).all()
    assert events == [("import units", str(file))]


def test_units_import_names_every_faulty_line(stored, session):
    said = stored("units", "import", "-", given=UNITS + SOUTH + "flat;;\nx" * 2, code=1).stderr

    assert said.splitlines()[0] == "Error: <stdin>: nothing was stored"
    assert [line.split(":")[0] for line in said.splitlines()[1:]] == [
        "line 3",
        "line 4",
        "line 5",
    ]
    assert session.scalars(select(Unit)).all() == []


def test_units_import_of_no_file_is_bad_usage(command):
    assert "No such file" in command("units", "import", "/tmp/none.csv", code=2).stderr  # noqa: S108


def test_units_figures_are_stored(stored, session):
    stored("units", "import", "-", given=UNITS + SOUTH)
    stored("units", "figures", "-", given="unit;month;followups_due\nsoder;2026-03;41\n")

    unit = organising.unit_by_code(session, "soder")
    assert organising.followups_due(session, [unit.id], [date(2026, 3, 1)]) == {unit.id: 41}


def test_units_list_shows_a_day_and_what_units_were_before(command):
    command("init")

    now, before = command("units", "list"), command("units", "list", "--on", "2020-06-30")
    assert "before: Rinkeby-Kista, Spånga-Tensta" in now.stdout
    assert (len(now.stdout.splitlines()), len(before.stdout.splitlines())) == (11, 14)
    assert "2007-01-01 to 2020-06-30" in before.stdout


def test_publish_stores_a_version_once(stored, session):
    said = stored(*PUBLISH, *FROM).stdout
    assert said == f"{publishing.KEY} version 1 is published, valid from 2022-01-01.\n"

    assert "is already published" in stored(*PUBLISH, *FROM).stdout
    assert session.scalars(select(AuditEvent.action)).all() == ["publish"]


def test_publish_takes_the_path_of_the_file(stored, folder):
    path = str(folder / "v1.yaml")

    assert "is published" in stored("publish", path, *PUBLISH[3:], *FROM).stdout


def test_publish_refuses_a_file_that_the_start_does_not_read(stored, folder, tmp_path):
    path = shutil.copy(folder / "v1.yaml", tmp_path / "draft.yaml")

    said = stored("publish", str(path), *PUBLISH[3:], *FROM, code=1).stderr
    assert "is read at every start. Move the file there" in said


@pytest.mark.parametrize(
    ("arguments", "code", "line"),
    [
        (
            ("publish", publishing.KEY, "9", *PUBLISH[3:], *FROM),
            1,
            "v9.yaml:1: the file cannot",
        ),
        ((*PUBLISH[:-1], "ann", *FROM), 1, "another person must publish it"),
        (PUBLISH, 2, "Missing option '--valid-from'"),
        ((*PUBLISH, "--valid-from", "1/1 2022"), 2, "does not match the format"),
        (
            ("publish", publishing.KEY, "one", *PUBLISH[3:], *FROM),
            2,
            "Give the file, or the key",
        ),
        (("publish", *PUBLISH[3:], *FROM), 2, "Missing argument"),
    ],
)
def test_publish_that_is_asked_wrongly_says_why(stored, arguments, code, line):
    assert line in stored(*arguments, code=code).stderr


def test_check_without_a_database_looks_at_the_files_only(command, environment):
    said = command("check").stdout

    assert said.count(": in order\n") == 2
    assert "nothing is published yet" in said
    assert not environment.exists()


def test_check_names_faults_with_file_and_line(command, folder):
    (folder / "v1.yaml").write_text("key: a\nkey: b\n")

    assert f"{folder}/v1.yaml:2: the key " in command("check", code=1).stderr


def test_check_write_lays_a_file_out_anew(command, folder):
    right = (folder / "v1.yaml").read_bytes()
    (folder / "v1.yaml").write_bytes(b"# a note\r\n" + right)

    assert "v1.yaml: in order; surveyapp check --write" in command("check").stdout
    assert "v1.yaml: rewritten" in command("check", "--write").stdout
    assert (folder / "v1.yaml").read_bytes() == right


def test_check_compares_with_what_was_published(stored, folder):
    stored(*PUBLISH, *FROM)
    assert "What is published is what the files say." in stored("check").stdout

    file = folder / "v1.yaml"
    file.write_text(file.read_text().replace("Nästa", "Vidare"))
    assert "v1.yaml was changed after it was published" in stored("check", code=1).stderr


def test_check_of_a_folder_that_is_not_there_is_said(command, monkeypatch):
    monkeypatch.setenv("SURVEYAPP_QUESTIONNAIRES", "/tmp/none")  # noqa: S108

    assert "/tmp/none is not a folder" in command("check", code=1).stderr  # noqa: S108


def test_settle_says_what_it_did(stored):
    assert stored("settle").stdout.startswith("0 answers settled")


def test_release_of_a_period_that_is_not_closed_is_refused(stored):
    assert (
        "2026-T3 can be released from 2027-01-09" in stored("release", "2026-T3", code=1).stderr
    )


def test_release_names_how_a_period_is_written(stored):
    assert "Write the period as 2026-T1" in stored("release", "autumn", code=1).stderr


def test_demo_does_not_go_into_a_database_in_use(stored, session):
    with writing(session):
        session.add(Account(name="ann", full_name="Ann", password_hash="!"))

    assert "The database is in use" in stored("demo", code=1).stderr


def test_progress_bar_is_silent_in_a_pipe(capsys):
    with progress_bar("Simulating answers") as progress:
        progress(1, 2)

    assert capsys.readouterr() == ("", "")


def test_run_says_that_the_port_is_taken_before_anything_else(command, environment):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        said = command("run", "--port", str(port), code=1).stderr

    assert said == (
        f"Error: Port {port} cannot be used: Address already in use. "
        "Choose another with --port.\n"
    )
    assert not environment.exists()


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def test_run_prepares_and_serves_until_it_is_stopped(command, environment):
    port = free_port()
    run = [*PROGRAM, "run", "--port", str(port)]
    with subprocess.Popen(run, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert f"http://127.0.0.1:{port}" in server.stdout.readline()
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/halsa") as answer:
                assert answer.status == 200
        finally:
            server.send_signal(signal.SIGINT)
    assert server.returncode == 0
    assert (environment / "surveyapp.sqlite3").is_file()


def test_changed_published_file_stops_the_run(stored, folder):
    stored(*PUBLISH, *FROM)
    file = folder / "v1.yaml"
    file.write_text(file.read_text().replace("Nästa", "Vidare"))

    run = [*PROGRAM, "run", "--port", str(free_port())]
    done = subprocess.run(run, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1
    assert "v1.yaml was changed after it was published" in done.stderr
    assert done.stderr.count("\n") == 1


def test_changed_published_file_stops_a_wsgi_server(stored, folder, capsys):
    stored(*PUBLISH, *FROM)
    text = (folder / "v1.yaml").read_text(encoding="utf-8")
    (folder / "v1.yaml").write_text(text.replace("Ja, alltid", "Jo, alltid"), encoding="utf-8")

    with pytest.raises(SystemExit) as end:
        serving.served_app()
    assert end.value.code == serving.GIVE_UP
    assert "surveyapp does not start." in (said := capsys.readouterr().err)
    assert "v1.yaml was changed after it was published" in said


@pytest.mark.usefixtures("environment")
def test_wsgi_server_starts_on_a_database_that_is_not_prepared():
    assert serving.served_app().name == "surveyapp"

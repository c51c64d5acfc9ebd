"""Export and import on the command line."""

import pytest
from click.testing import CliRunner

from surveyapp import publishing
from surveyapp.cli import main
from surveyapp.db import writing
from surveyapp.questionnaire import load, write
from tests.exchange.books import VERSIONS, changed, small
from tests.make import VALID_FROM

KEY = publishing.KEY


@pytest.fixture
def command(app, tmp_path, monkeypatch):
    """Run a command of the group on the database of the test."""
    monkeypatch.setenv("SURVEYAPP_INSTANCE", str(tmp_path / "instance"))
    monkeypatch.setenv("SURVEYAPP_DATABASE_URL", app.config["SQLALCHEMY_DATABASE_URI"])

    def run(*arguments, code=0):
        asked = ["questionnaires", *map(str, arguments)]
        result = CliRunner().invoke(main, asked, catch_exceptions=False)
        assert result.exit_code == code, result.output
        return result

    return run


def test_export_as_yaml_is_the_shipped_file(command, tmp_path):
    command("export", KEY, 2, "--as", "yaml", tmp_path / "v2.yaml")

    assert (tmp_path / "v2.yaml").read_bytes() == VERSIONS[1].read_bytes()


def test_export_as_xlsform_says_what_it_cannot_hold(command, tmp_path):
    said = command("export", KEY, 1, "--as", "xlsform", tmp_path / "v1.xlsx").stdout

    assert "XLSForm has one title; it is given in Svenska." in said.splitlines()
    assert said.endswith(f"{tmp_path / 'v1.xlsx'} holds {KEY} version 1.\n")


def test_import_of_an_export_is_the_next_version(command, tmp_path):
    command("export", KEY, 1, "--as", "xlsform", tmp_path / "v1.xlsx")
    form = tmp_path / "v1.xlsx"
    form.write_bytes(changed(form.read_bytes(), "survey!C2", "Vem är det som svarar?"))

    said = command("import", form, "--base", KEY, 1, "--out", tmp_path / "v2.yaml").stdout

    written = load(tmp_path / "v2.yaml")
    assert said.endswith("v2.yaml is whole. The changes from version 1 are to be added.\n")
    assert (written.version, written.based_on) == (2, 1)
    assert written.questions[0].text["sv"] == "Vem är det som svarar?"
    assert (tmp_path / "v2.yaml").read_text(encoding="utf-8") == write(written)


def test_import_says_what_is_still_to_be_written(command, tmp_path):
    form = tmp_path / "form.xlsx"
    form.write_bytes(small(["select_one yesno", "ny", "Fråga?"]))

    said = command("import", form, "--base", KEY, 1, "--out", tmp_path / "v2.yaml").stdout

    lines = said.splitlines()
    assert lines[0] == 'survey!B2: No area is given, so it is placed in "bakgrund". Check it.'
    assert "The new file is written. To be mended in it:" in lines
    assert any(
        'questions[ny].text: the text in "fi" is missing; add it' in line for line in lines
    )


def test_refused_import_names_cells_and_writes_nothing(command, tmp_path):
    form = tmp_path / "form.xlsx"
    form.write_bytes(small(["integer", "a", "A"], ["text", "B", "B"]))

    refused = command("import", form, "--base", KEY, 1, "--out", tmp_path / "v2.yaml", code=1)

    assert [line.partition(":")[0] for line in refused.stderr.splitlines()] == [
        "Error",
        "survey!B3",
    ]
    assert "survey!A2: Questions of the type" in refused.stderr
    assert not (tmp_path / "v2.yaml").exists()


def test_version_that_is_not_there_is_said(command, tmp_path):
    asked = ("export", KEY, 9, "--as", "ddi", tmp_path / "v9.xml")

    assert command(*asked, code=1).stderr == f"Error: There is no version 9 of {KEY}.\n"


def test_published_classes_are_told_in_ddi(command, session, tmp_path):
    for path, author in zip(VERSIONS, ("Ann", "Bo"), strict=True):
        document = load(path)
        with writing(session):
            publishing.publish(
                session,
                document,
                valid_from=VALID_FROM[document.version],
                author=author,
                publisher="Cia",
            )

    command("export", KEY, 2, "--as", "ddi", tmp_path / "v2.xml")

    text = (tmp_path / "v2.xml").read_text(encoding="utf-8")
    assert 'subject="identical" level="variable" resp="Cia"' in text
    assert 'subject="equivalent" level="variable" resp="city_analyst"' in text

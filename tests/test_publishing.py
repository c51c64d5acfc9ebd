"""Publishing: who, when, in which order, what is comparable, and that nothing changes after."""

import shutil
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from threading import Barrier

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from surveyapp import publishing
from surveyapp.config import shipped_folder
from surveyapp.db import db, is_postgresql, writing
from surveyapp.errors import PublishingError, QuestionnaireError
from surveyapp.models import Comparability, QuestionnaireVersion, Release
from surveyapp.questionnaire import canonical_json, find_all

SHIPPED = shipped_folder("questionnaires")
FIRST, SECOND = date(2022, 1, 1), date(2025, 1, 1)


@pytest.fixture(scope="module")
def documents():
    """Version 1 and version 2 as shipped."""
    return find_all(SHIPPED)


@pytest.fixture
def folder(tmp_path):
    """A copy of the questionnaire folder that a test may change."""
    return Path(shutil.copytree(SHIPPED, tmp_path / "questionnaires"))


def publish(session, document, valid_from=FIRST, author="Ann", publisher="Bo"):
    with writing(session):
        return publishing.publish(
            session, document, valid_from=valid_from, author=author, publisher=publisher
        )


@pytest.fixture
def both(session, documents):
    """Both versions, published."""
    return publish(session, documents[0]), publish(session, documents[1], SECOND)


def n_versions(session):
    return session.scalar(select(func.count()).select_from(QuestionnaireVersion))


def test_published_version_is_locked_with_hash_and_two_names(session, documents):
    version = publish(session, documents[0])

    assert version.document == canonical_json(documents[0])
    assert len(version.sha256) == 64
    assert (version.author, version.publisher, version.valid_from) == ("Ann", "Bo", FIRST)


def test_document_comes_back_as_it_was_published(session, both, documents):
    assert publishing.document(session, publishing.KEY, 2) == documents[1]


def test_document_that_is_not_published_is_an_error(session, documents):
    with pytest.raises(PublishingError, match=r"Version 1 of kontakt-\S+ is not published"):
        publishing.document(session, publishing.KEY, 1)


@pytest.mark.parametrize(
    ("day", "version"),
    [
        (date(2021, 12, 31), None),
        (FIRST, 1),
        (date(2024, 12, 31), 1),  # published, but not valid yet
        (SECOND, 2),
    ],
)
def test_one_version_is_open_each_day(session, both, day, version):
    document = publishing.open_document(session, publishing.KEY, day)

    assert (document and document.version) == version


def test_same_content_again_changes_nothing(session, documents):
    first = publish(session, documents[0])

    assert publish(session, documents[0], author="Cy", publisher="Di").id == first.id
    assert (first.author, n_versions(session)) == ("Ann", 1)


def test_other_content_under_the_same_number_names_the_difference(session, documents):
    publish(session, documents[0])

    with pytest.raises(PublishingError, match='owner: "äldreförvaltningen" became "staden"'):
        publish(session, documents[0].model_copy(update={"owner": "staden"}))


def test_published_date_does_not_move(session, documents):
    publish(session, documents[0])

    with pytest.raises(PublishingError, match=r"valid from 2022-01-01\. That stays"):
        publish(session, documents[0], SECOND)


@pytest.mark.parametrize("publisher", ["Ann", " ann ", ""])
def test_author_cannot_publish(session, documents, publisher):
    with pytest.raises(PublishingError):
        publish(session, documents[0], publisher=publisher)

    assert n_versions(session) == 0


def test_versions_come_in_order(session, documents):
    with pytest.raises(PublishingError, match="the next version is 1"):
        publish(session, documents[1])


def test_version_is_based_on_the_one_before(session, documents):
    publish(session, documents[0])

    with pytest.raises(PublishingError, match="must be based on the version before it"):
        publish(session, documents[1].model_copy(update={"based_on": None}), SECOND)


@pytest.mark.parametrize("day", [FIRST, date(2021, 1, 1)])
def test_version_is_valid_later_than_the_one_before(session, documents, day):
    publish(session, documents[0])

    with pytest.raises(PublishingError, match="from a later day than version 1"):
        publish(session, documents[1], day)


def test_undeclared_change_is_not_published(session, documents):
    publish(session, documents[0])
    silent = documents[1].model_copy(update={"changes": documents[1].changes[1:]})

    with pytest.raises(QuestionnaireError, match="bem_respekt"):
        publish(session, silent, SECOND)
    assert n_versions(session) == 1


def test_comparability_is_what_the_file_declares(session, both):
    rows = session.scalars(select(Comparability)).all()

    found = {(row.question_old, row.question_new): row.kind for row in rows}
    assert found["bem_respekt", "bem_respekt"] == "equivalent"
    assert found["til_latt_kontakt", "til_latt_kontakt"] == "equivalent_with_note"
    assert found["hel_trygg", "hel_trygg_4"] == "break"
    assert found["", "bem_sprak"] == "new"
    assert found["kon_byte", ""] == "ended"
    assert found["bem_lyssnar", "bem_lyssnar"] == "identical"
    assert {(row.version_old, row.version_new) for row in rows} == {(1, 2)}
    assert all(row.decided_by for row in rows)


def test_series_follows_what_may_be_added_together(session, both, documents):
    series = publishing.series_of(session, publishing.KEY)

    assert set(series) == {(d.version, q) for d in documents for q in d.question_ids}
    joined = {q for q in documents[1].question_ids if series[2, q] == series.get((1, q))}
    assert {"bem_respekt", "bem_lyssnar", "til_latt_kontakt", "til_vag"} <= joined
    own = {"bem_sprak", "kon_betydelse", "kon_antal_uppf", "hel_trygg_4"}
    assert joined == set(documents[1].question_ids) - own
    assert series[1, "hel_trygg"] != series[2, "hel_trygg_4"]
    assert len(set(series.values())) == len(documents[0].question_ids) + len(own)


def test_untouched_files_are_verified(session, both, folder):
    publishing.verify(session, folder)


def test_changed_file_is_named_with_its_difference(session, both, folder):
    file = folder / publishing.KEY / "v2.yaml"
    file.write_text(file.read_text().replace("Nästa", "Vidare"))

    with pytest.raises(PublishingError, match=r"v2\.yaml was changed .*\"Nästa\" became"):
        publishing.verify(session, folder)


def test_file_laid_out_otherwise_is_the_same(session, both, folder):
    file = folder / publishing.KEY / "v1.yaml"
    file.write_text("# a note\n\n" + file.read_text())

    publishing.verify(session, folder)


def test_version_without_a_file_is_the_one_in_the_database(session, both, folder):
    (folder / publishing.KEY / "v2.yaml").unlink()

    publishing.verify(session, folder)
    assert [each.version for each in publishing.without_file(session, folder)] == [2]


def test_file_that_cannot_be_read_is_named(session, both, folder):
    (folder / publishing.KEY / "v1.yaml").write_text("key: a\nkey: b\n")

    with pytest.raises(PublishingError, match=r"can no longer be read. .*v1\.yaml:2: "):
        publishing.verify(session, folder)


def test_text_changed_in_the_database_is_found(session, both, folder):
    of_table = " ON questionnaire_version" if is_postgresql(session) else ""
    with writing(session):  # by somebody who may take the lock away
        session.execute(text(f"DROP TRIGGER questionnaire_version_no_update{of_table}"))
        session.execute(text("UPDATE questionnaire_version SET document = document || ' '"))

    with pytest.raises(PublishingError, match=r"Version 1 of \S+ was changed in the database"):
        publishing.verify(session, folder)


def test_draft_beside_published_versions_is_left_alone(session, documents, folder):
    publish(session, documents[0])
    (folder / publishing.KEY / "v2.yaml").write_text("not: ready\n")

    publishing.verify(session, folder)


def test_of_two_who_publish_at_once_one_does(app, session, documents):
    """The other is told, or finds it published as they wanted it."""

    def try_it(day):
        with app.app_context(), Session(db.engine) as own:
            ready.wait()
            try:
                return publish(own, documents[0], day).valid_from
            except PublishingError as error:
                return str(error)

    ready = Barrier(4)
    with ThreadPoolExecutor(4) as pool:
        came = list(pool.map(try_it, [FIRST, FIRST, SECOND, SECOND]))

    [version] = session.scalars(select(QuestionnaireVersion)).all()
    assert came.count(version.valid_from) == 2
    assert [each for each in came if isinstance(each, str)] == [
        f"Version 1 is already published and valid from {version.valid_from}. That stays."
    ] * 2


def test_day_in_a_released_period_is_refused(session, documents, both):
    with writing(session):
        session.add(Release(period="2025-T1", released_on=date(2025, 5, 9), released_by="Bo"))
    third = documents[1].model_copy(update={"version": 3, "based_on": 2, "changes": ()})

    for day in (date(2025, 3, 1), date(2025, 4, 30)):
        with pytest.raises(PublishingError, match="through 2025-04-30 are released"):
            publish(session, third, day)
    assert publish(session, third, date(2025, 5, 1)).version == 3


def test_version_is_retired_when_another_is_open(session, both):
    until = date(2026, 3, 31)

    def retire(version, today, paper_until=until):
        with writing(session):
            return publishing.retire(
                session,
                publishing.KEY,
                version,
                paper_until=paper_until,
                today=today,
                actor="Bo",
            )

    for version, today in ((2, SECOND), (1, date(2024, 12, 31)), (3, SECOND)):
        with pytest.raises(PublishingError):
            retire(version, today)
    with pytest.raises(PublishingError, match="passed"):
        retire(1, SECOND, date(2024, 12, 31))
    assert retire(1, SECOND).paper_until == until
    with pytest.raises(PublishingError, match="already"):
        retire(1, SECOND)

    assert publishing.opened(session, publishing.KEY, FIRST).version == 1
    assert publishing.opened(session, publishing.KEY, SECOND).version == 2
    offered = publishing.offered(session, publishing.KEY, SECOND)
    assert [each.document.version for each in offered] == [2]

"""A questionnaire with a version that is out, and the next one as a draft."""

from datetime import date
from pathlib import Path

import pytest

from surveyapp import drafting
from surveyapp.access import Role
from surveyapp.db import writing
from surveyapp.questionnaire import as_source, find_all


@pytest.fixture
def analyst(client, make):
    return client.log_in(make.account(Role.CITY_ANALYST))


@pytest.fixture
def first(make):
    return make.published(1, valid_from=date(2026, 1, 1))


@pytest.fixture
def draft(session, first):
    """Version 2 as a draft, written by somebody else."""
    second = find_all(Path("questionnaires"))[1]
    with writing(session):
        return drafting.take_in(
            session, as_source(second), actor="Anna Berg", today=date(2026, 5, 9)
        )

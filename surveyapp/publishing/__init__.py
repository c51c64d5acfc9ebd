"""Questionnaire versions for good: locked, hashed, by two people; and what was published.

A published version never changes. If it came from a file, that stays in the questionnaire
folder, and `verify` compares the two whenever the application starts.
"""

from surveyapp.publishing.gate import Obstacle, obstacles
from surveyapp.publishing.impact import Impact, Line, impact
from surveyapp.publishing.locking import publish, retire
from surveyapp.publishing.verifying import verify, without_file
from surveyapp.publishing.versions import (
    AHEAD,
    KEY,
    SAME_SERIES,
    Offered,
    decided,
    document,
    file_of,
    keys,
    last_days,
    offered,
    open_document,
    opened,
    parsed,
    published,
    series_of,
    versions,
)

__all__ = [
    "AHEAD",
    "KEY",
    "SAME_SERIES",
    "Impact",
    "Line",
    "Obstacle",
    "Offered",
    "decided",
    "document",
    "file_of",
    "impact",
    "keys",
    "last_days",
    "obstacles",
    "offered",
    "open_document",
    "opened",
    "parsed",
    "publish",
    "published",
    "retire",
    "series_of",
    "verify",
    "versions",
    "without_file",
]

"""The instrument: what is asked, in which order, what answers are accepted and compared.

Plain Python without a web and without tables. Import from here, not from the modules.
"""

from surveyapp.questionnaire import structure
from surveyapp.questionnaire.canonical import (
    as_source,
    canonical_json,
    content_hash,
    first_difference,
    from_json,
)
from surveyapp.questionnaire.comparing import Comparison, comparability
from surveyapp.questionnaire.conditions import AtLeastOfficers, AtMostOfficers, Condition
from surveyapp.questionnaire.differences import Difference, Differences, Pair, Part, differences
from surveyapp.questionnaire.document import (
    Change,
    ChangeType,
    ComparabilityKind,
    Derived,
    Option,
    OptionKind,
    Question,
    Questionnaire,
    Scale,
)
from surveyapp.questionnaire.editing import Conflict, Edit, Source, text_rows
from surveyapp.questionnaire.examining import Examined, SourceFault, examined
from surveyapp.questionnaire.loading import find_all, load, parse
from surveyapp.questionnaire.proposing import Due, Proposal, due
from surveyapp.questionnaire.question_types import TYPES, QuestionType
from surveyapp.questionnaire.routing import (
    PAPER_BLANK,
    PAPER_ILLEGIBLE,
    PAPER_INVALID,
    PAPER_MARKS,
    Completed,
    Given,
    Missing,
    asked,
    completed,
)
from surveyapp.questionnaire.speaking import unreadable
from surveyapp.questionnaire.texts import Texts, direction, html_language
from surveyapp.questionnaire.writing import write

__all__ = [
    "PAPER_BLANK",
    "PAPER_ILLEGIBLE",
    "PAPER_INVALID",
    "PAPER_MARKS",
    "TYPES",
    "AtLeastOfficers",
    "AtMostOfficers",
    "Change",
    "ChangeType",
    "ComparabilityKind",
    "Comparison",
    "Completed",
    "Condition",
    "Conflict",
    "Derived",
    "Difference",
    "Differences",
    "Due",
    "Edit",
    "Examined",
    "Given",
    "Missing",
    "Option",
    "OptionKind",
    "Pair",
    "Part",
    "Proposal",
    "Question",
    "QuestionType",
    "Questionnaire",
    "Scale",
    "Source",
    "SourceFault",
    "Texts",
    "as_source",
    "asked",
    "canonical_json",
    "comparability",
    "completed",
    "content_hash",
    "differences",
    "direction",
    "due",
    "examined",
    "find_all",
    "first_difference",
    "from_json",
    "html_language",
    "load",
    "parse",
    "structure",
    "text_rows",
    "unreadable",
    "write",
]

"""The expressions of XLSForm that say the same as a rule of ours; read, never evaluated."""

import re

from surveyapp.questionnaire.conditions import Condition

_EQUALS = re.compile(r"\$\{\s*(\w+)\s*\}\s*=\s*(?:'(\w+)'|\"(\w+)\"|(\d+))")
_SELECTED = re.compile(r"selected\(\s*\$\{\s*(\w+)\s*\}\s*,\s*(?:'(\w+)'|\"(\w+)\")\s*\)")
_LONGEST = 2000  # signs; ten times what a condition on twenty answers takes
_AT_MOST = re.compile(r"string-length\(\s*\.\s*\)\s*(<=|<)\s*([1-9][0-9]{0,5})")


def written(condition: Condition) -> str:
    """The condition as XLSForm writes it.

    >>> written(Condition("vem", ("annan", "van")))
    "${vem} = 'annan' or ${vem} = 'van'"
    """
    return " or ".join(f"${{{condition.question}}} = '{code}'" for code in condition.codes)


def read(expression: str) -> Condition:
    """The condition an expression says; ValueError if no condition of ours says the same.

    Examples
    --------
    >>> str(read("(${vem} = 'annan') or selected(${vem}, 'van')"))
    'vem in [annan, van]'
    """
    if len(expression) > _LONGEST:
        raise ValueError(expression)
    codes: dict[str, None] = {}
    questions = set()
    for part in _bare(" ".join(expression.split())).split(" or "):
        test = _EQUALS.fullmatch(_bare(part)) or _SELECTED.fullmatch(_bare(part))
        if test is None:
            raise ValueError(expression)
        question, *code = (group for group in test.groups() if group is not None)
        questions.add(question)
        codes[code[0]] = None
    if len(questions) != 1:
        raise ValueError(expression)
    return Condition(questions.pop(), tuple(codes))


def length_limit(constraint: str) -> int | None:
    """How long a text may be, if that is all the constraint says.

    >>> length_limit("string-length(.) <= 40"), length_limit("string-length(.) < 40")
    (40, 39)
    """
    limit = _AT_MOST.fullmatch(_bare(constraint))
    return int(limit[2]) - (limit[1] == "<") if limit else None


def _bare(expression: str) -> str:
    """The expression without blanks and brackets around the whole of it."""
    text = expression.strip()
    while text.startswith("(") and _closing(text) == len(text) - 1:
        text = text[1:-1].strip()
    return text


def _closing(text: str) -> int:
    """Where the bracket that the text begins with is closed, or -1."""
    depth = 0
    for position, sign in enumerate(text):
        depth += (sign == "(") - (sign == ")")
        if depth == 0:
            return position
    return -1

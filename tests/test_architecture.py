"""Who may import whom, what is imported late, how long a file may be, what is explained."""

import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest

from surveyapp.config import Settings

ROOT = Path(__file__).parent.parent
LONGEST = 400  # lines

# A layer imports itself and the layers above it in this table, never below.
LAYERS = {
    "core": "errors access periods questionnaire stats",
    "tables": "db models migrations",
    "use cases": "limits publishing drafting organising sealing collecting counting "
    "withholding late_answers moving settling releasing reporting accounts access_codes "
    "enrolling delivering occasions auditing charts exchange exports demo",
    "edge": "web cli i18n config bench",
}
# What a layer may use from others, beside what the layers above it may use.
LIBRARIES = {
    "core": "yaml pydantic pydantic_core numpy scipy",
    "tables": "sqlalchemy",
    "use cases": "plotly argon2 cryptography openpyxl",
    "edge": "flask flask_babel flask_login flask_wtf wtforms werkzeug jinja2 markupsafe babel "
    "whitenoise rjsmin gunicorn click rich",
}
ONLY_IN = {"flask_sqlalchemy": {"db"}, "alembic": {"db", "migrations"}, "playwright": {"bench"}}
STRANGERS = {("questionnaire", "stats"), ("stats", "questionnaire")}
HEAVY = {
    "scipy",
    "plotly",
    "alembic",
    "pandas",
    "typst",
    "openpyxl",
}  # each costs a start 0.05 to 0.7 s

ORDER = list(LAYERS)
LAYER_OF = {module: layer for layer, names in LAYERS.items() for module in names.split()}


def imports(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Line and full name of everything imported; a relative name starts with a dot."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            module = "." * node.level + (node.module or "")
            names = (
                [f"{module}.{a.name}" for a in node.names]
                if module == "surveyapp"
                else [module]
            )
            yield from ((node.lineno, name) for name in names)


def at_start(tree: ast.Module) -> ast.Module:
    """The tree without what waits for a call or is only there for the type checker."""

    class Pruner(ast.NodeTransformer):
        def visit_FunctionDef(self, node):
            return None

        visit_AsyncFunctionDef = visit_Lambda = visit_FunctionDef  # noqa: N815 - the name is ast's

        def visit_If(self, node):
            return (
                None if "TYPE_CHECKING" in ast.unparse(node.test) else self.generic_visit(node)
            )

    return Pruner().visit(tree)


def why_not(module: str, name: str) -> str | None:
    """Why `module` may not import `name`; None when it may."""
    if name.startswith("."):
        return "imports are absolute"
    library, _, rest = name.partition(".")
    layer = LAYER_OF[module]
    allowed = ORDER[: ORDER.index(layer) + 1]
    if library == "surveyapp":
        other = rest.split(".")[0]
        if other in ("", "create_app"):
            return None if layer == "edge" else f"{layer} may not import the application"
        if other not in LAYER_OF:
            return f"{other} is in no layer"
        if LAYER_OF[other] not in allowed:
            return f"{layer} may not import {LAYER_OF[other]}"
        return "they do not know each other" if (module, other) in STRANGERS else None
    if library in sys.stdlib_module_names or module in ONLY_IN.get(library, ()):
        return None
    usable = " ".join(LIBRARIES[each] for each in allowed).split()
    return None if library in usable else f"{layer} may not use {library}"


def faults(root: Path) -> list[str]:
    """Every import of the package in `root` that the table does not allow."""
    found = []
    for path in sorted((root / "surveyapp").rglob("*.py")):
        place = path.relative_to(root)
        module = place.parts[1].removesuffix(".py")
        if module == "__init__":
            continue  # it wires everything together
        if module not in LAYER_OF:
            found.append(f"{place}: {module} is in no layer of tests/test_architecture.py")
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for line, name in imports(tree):
            if reason := why_not(module, name):
                found.append(f"{place}:{line}: imports {name}: {reason}")
        for line, name in imports(at_start(tree)):
            if name.partition(".")[0] in HEAVY and module != "migrations":
                found.append(
                    f"{place}:{line}: imports {name}: do it in the function that uses it"
                )
    return found


def test_package_keeps_to_its_layers():
    assert faults(ROOT) == []


@pytest.mark.parametrize(
    ("path", "line", "complaint"),
    [
        ("questionnaire/routing.py", "import flask", "core may not use flask"),
        (
            "questionnaire/routing.py",
            "from surveyapp.stats import intervals",
            "know each other",
        ),
        ("stats/intervals.py", "from surveyapp import questionnaire", "know each other"),
        (
            "stats/intervals.py",
            "from surveyapp.models import Unit",
            "core may not import tables",
        ),
        (
            "stats/intervals.py",
            "from scipy.special import ndtri",
            "in the function that uses it",
        ),
        ("stats/intervals.py", "if a:\n    import scipy", "in the function that uses it"),
        ("models/people.py", "from flask_sqlalchemy import SQLAlchemy", "tables may not use"),
        ("models/people.py", "import surveyapp.collecting", "tables may not import use cases"),
        ("collecting.py", "def f():\n    from surveyapp import web", "may not import edge"),
        ("collecting.py", "from surveyapp.config import today", "may not import edge"),
        ("collecting.py", "from surveyapp import create_app", "may not import the application"),
        ("collecting.py", "import requests", "use cases may not use requests"),
        ("web/views.py", "from .access import requires", "imports are absolute"),
        ("web/views.py", "def f():\n    import alembic", "edge may not use alembic"),
        ("web/views.py", "from surveyapp.drawer import thing", "drawer is in no layer"),
        ("drawer.py", "import os", "drawer is in no layer"),
    ],
)
def test_planted_import_is_found(tmp_path, path, line, complaint):
    file = tmp_path / "surveyapp" / path
    file.parent.mkdir(parents=True)
    file.write_text(line)

    assert [complaint in fault and path in fault for fault in faults(tmp_path)] == [True]


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("__init__.py", "from surveyapp import cli"),  # it wires everything together
        ("stats/intervals.py", "def f():\n    from scipy import special"),
        ("charts.py", "if TYPE_CHECKING:\n    import plotly"),  # never runs
        ("charts.py", "if a:\n    def f():\n        import plotly"),
        ("migrations/env.py", "from alembic import context"),  # only Alembic loads it
        ("db.py", "from flask_sqlalchemy import SQLAlchemy"),
        ("cli.py", "from surveyapp import create_app"),
        ("web/views.py", "import flask\nfrom surveyapp import collecting, models, stats"),
    ],
)
def test_rightful_import_passes(tmp_path, path, line):
    file = tmp_path / "surveyapp" / path
    file.parent.mkdir(parents=True)
    file.write_text(line)

    assert faults(tmp_path) == []


def test_no_file_is_too_long():
    files = [
        path
        for folder in ("surveyapp", "tests")
        for path in (ROOT / folder).rglob("*")
        if path.suffix in {".py", ".js", ".css", ".html"}
        and not {"vendor", "versions"} & set(path.parts)  # written by others, by Alembic
    ]
    lengths = {str(path.relative_to(ROOT)): path.read_text().count("\n") for path in files}

    assert {path: n for path, n in lengths.items() if n > LONGEST} == {}


def test_every_setting_is_explained():
    unexplained = [f.name for f in fields(Settings) if len(f.metadata.get("why", "")) < 15]

    assert unexplained == []


def test_locks_agree_and_hold_no_address():
    texts = [
        (ROOT / name).read_text() for name in ("requirements.lock", "requirements-dev.lock")
    ]
    run, dev = (set(re.findall(r"^\S+==.*(?= \\$)", text, re.MULTILINE)) for text in texts)

    assert run
    assert run <= dev
    assert not re.search(r"://|^-|file:", "".join(texts), re.MULTILINE)

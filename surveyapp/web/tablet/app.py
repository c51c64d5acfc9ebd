"""The installed app of the tablet: its pages, and the list of what it keeps without network."""

import json
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from flask import current_app, render_template, url_for

from surveyapp import publishing
from surveyapp.db import db
from surveyapp.i18n import staff_language
from surveyapp.limits import limits
from surveyapp.models import Outcome
from surveyapp.publishing import Offered
from surveyapp.web import holds_simulated_answers, today
from surveyapp.web.static_files import STATIC, content, static
from surveyapp.web.tablet import pages, start_form

WORKER = "js/tablet/service-worker.js"
ENOUGH = 8  # apps kept by a process: one for each language and state is in use at a time


@dataclass(frozen=True)
class App:
    """Everything in one language, as one state of the database makes it."""

    shell: str
    worker: str


def current() -> App:
    """The app as it is now. Every process of the server makes it the same, byte for byte."""
    offered = publishing.offered(db.session, publishing.KEY, today())
    state: Hashable = (
        staff_language(),
        holds_simulated_answers(),
        limits(db.session).any_figure,
        tuple((each.sha256, each.valid_from, each.valid_to) for each in offered),
    )
    made: dict[Hashable, App] = current_app.extensions.setdefault("tablet_apps", {})
    if state not in made:
        if len(made) >= ENOUGH:
            made.clear()
        made[state] = _made(offered)
    return made[state]


def _made(offered: Sequence[Offered]) -> App:
    shell = _shell(offered)
    contents = {url_for("tablet.start"): shell.encode()}
    for path in _static_paths():
        contents[static(path)] = content(path)
    for each in offered:
        key, version = each.document.key, each.document.version
        for language in each.document.languages:
            for name, page in (("questions", pages.questions), ("done", pages.done)):
                url = url_for(f"answering.{name}", key=key, version=version, language=language)
                contents[url] = bytes(page(key, version, language))
    return App(shell, _worker(contents))


def _static_paths() -> list[str]:
    scripts = sorted(path.name for path in (STATIC / "js/tablet").glob("*.js"))
    return [
        "css/respond.css",
        "css/tablet.css",
        "icon.svg",
        "js/respond.js",
        *[path for name in scripts if (path := f"js/tablet/{name}") != WORKER],
    ]


def _worker(contents: dict[str, bytes]) -> str:
    """The service worker with the list of what it has to fetch, each file with its hash."""
    script = content(WORKER).decode()
    files = [{"url": url, "sha256": sha256(body).hexdigest()} for url, body in contents.items()]
    version = sha256(json.dumps([script, files]).encode()).hexdigest()[:8]
    kept = json.dumps({"version": version, "files": files}, indent=1)
    return f"const LIST = {kept};\n{script}"


def _shell(offered: Sequence[Offered]) -> str:
    return render_template(
        "tablet/shell.html",
        could_not=start_form.reasons(Outcome.COULD_NOT),
        declined=start_form.reasons(Outcome.DECLINED),
        direction="ltr",
        followup_types=start_form.followup_types(),
        handing_over=start_form.handing_over(),
        html_language=staff_language(),
        offers=[_offer(each) for each in offered],
        service_groups=start_form.service_groups(),
    )


def _offer(offered: Offered) -> dict[str, Any]:
    document = offered.document
    return {
        "key": document.key,
        "version": document.version,
        "sha256": offered.sha256,
        "valid_from": offered.valid_from,
        "valid_to": offered.valid_to,
        "languages": {each: document.texts.language_name[each] for each in document.languages},
        "lengths": start_form.form_lengths(document),
    }

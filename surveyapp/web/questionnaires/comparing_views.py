"""Two versions side by side, and deciding what became of each changed question."""

import json

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from surveyapp import drafting, publishing
from surveyapp.access import Permission
from surveyapp.db import db, writing
from surveyapp.errors import N_, DraftError
from surveyapp.i18n import error_text
from surveyapp.models import QuestionnaireDraft
from surveyapp.questionnaire import (
    ChangeType,
    ComparabilityKind,
    Comparison,
    Due,
    Questionnaire,
    Source,
    as_source,
    differences,
    due,
    structure,
)
from surveyapp.questionnaire.checking import COMPARABILITY_OF
from surveyapp.web import today
from surveyapp.web.access import current_account, requires
from surveyapp.web.questionnaires import words
from surveyapp.web.questionnaires.views import draft_or_404

bp = Blueprint("comparing", __name__, url_prefix="/formular/<key>")
TYPED = ("comparability", "change", "note", "decided_by")


@bp.get("/jamfor")
@requires(Permission.EDIT_QUESTIONNAIRE, in_city=True)
def versions(key: str) -> ResponseReturnValue:
    """Two published versions."""
    first, second = _document_or_404(key, "fran"), _document_or_404(key, "till")
    old, new = sorted((first, second), key=lambda document: document.version)
    if old.version == new.version:
        abort(404)
    between = [
        publishing.parsed(row)
        for row in publishing.versions(db.session, key)
        if old.version < row.version < new.version
    ]
    return render_template(
        "questionnaires/compare.html",
        key=key,
        old=old,
        new=new,
        found=differences(old, new, between),
        decided=_decided(key, old.version, new.version),
        reasons=_reasons(new) if not between else {},
        words=words,
    )


@bp.route("/utkast/jamfor", methods=["GET", "POST"])
@requires(Permission.EDIT_QUESTIONNAIRE, in_city=True)
def draft(key: str) -> ResponseReturnValue:
    """The draft beside the version it is based on, and what became of each question."""
    held, typed = draft_or_404(key), dict[str, dict[str, str]]()
    if request.method == "POST":
        try:
            _decide(key, held)
            return redirect(url_for(".draft", key=key), 303)
        except DraftError as error:
            flash(error_text(error), "error")
            held = draft_or_404(key)
            typed[request.form.get("change_key", "")] = request.form.to_dict()
    old, new = drafting.before(db.session, held), drafting.look_through(held).document
    if old is None or new is None:
        return render_template("questionnaires/compare_later.html", draft=held), 200
    changed = due(old, new)
    was = {each.pair.key: as_source(each.declared) if each.declared else {} for each in changed}
    return render_template(
        "questionnaires/compare_draft.html",
        draft=held,
        old=old,
        found=differences(old, new),
        changed=sorted(changed, key=lambda each: each.is_decided),
        new_ones=[each.pair.key for each in changed if each.pair.old is None],
        n_open=sum(not each.is_decided for each in changed),
        left_over=_left_over(new, {each.pair.key for each in changed}),
        was={change_key: json.dumps(entry) for change_key, entry in was.items()},
        said={
            change_key: dict.fromkeys(TYPED, "") | entry | typed.get(change_key, {})
            for change_key, entry in was.items()  # what somebody typed in vain is not lost
        },
        decided_by=drafting.decided_by(held),
        allowed={
            each.pair.key: sorted(COMPARABILITY_OF[each.proposal.type]) for each in changed
        },
        words=words,
    ), 422 if typed else 200


def _decide(key: str, held: QuestionnaireDraft) -> None:
    """Keep what was decided of one question, or take it back."""
    old, new = drafting.before(db.session, held), drafting.look_through(held).document
    change_key = request.form.get("change_key", "")
    if old is None or new is None:
        abort(404)
    each = next((each for each in due(old, new) if each.pair.key == change_key), None)
    if request.form.get("act") == "undecide":
        with writing(db.session):
            drafting.undecide(db.session, key, change_key, today=today())
        return
    if each is None:
        raise DraftError(N_("Somebody has changed the question meanwhile. Look at it again."))
    actor, day = current_account().name, today()
    with writing(db.session):
        if request.form.get("act") == "replace":
            drafting.pair(db.session, key, _replacement(each, old), actor=actor, today=day)
        else:
            drafting.decide(db.session, key, _entry(each), actor=actor, today=day, was=_was())


def _replacement(gone: Due, old: Questionnaire) -> Source:
    """That a question which is gone was replaced by one which is new."""
    new = request.form.get("new", "")
    if gone.pair.new is not None or new in old.question_ids:
        abort(400)
    return {
        "type": ChangeType.REPLACE.value,
        "old": gone.pair.key,
        "new": new,
        "change": _typed("change"),
        "comparability": ComparabilityKind.BREAK.value,
    }


def _entry(each: Due) -> Source:
    """What was decided, as the document says it; the class must be one that fits."""
    kind = request.form.get("comparability", "")
    if each.proposal.needs_new_id or kind not in COMPARABILITY_OF[each.proposal.type]:
        abort(400)
    old, new = each.pair.old, each.pair.new
    names: Source
    if old is not None and new is not None and old.id != new.id:
        names = {"old": old.id, "new": new.id}
    else:
        names = {"id": each.pair.key}
    return {
        "type": each.proposal.type.value,
        **names,
        "change": _typed("change"),
        "comparability": kind,
        "decided_by": _typed("decided_by"),
        "note": _typed("note"),
    }


def _was() -> Source:
    """What was decided about the question when it was looked at."""
    try:
        was: Source = json.loads(request.form.get("was", "{}"))
    except ValueError:
        abort(400)
    return was


def _typed(name: str) -> str:
    return " ".join(request.form.get(name, "").split())


def _document_or_404(key: str, name: str) -> Questionnaire:
    number = request.args.get(name, 0, type=int)
    return publishing.parsed(publishing.published(db.session, key, number) or abort(404))


def _decided(key: str, old: int, new: int) -> dict[str, Comparison]:
    """What was decided between two versions, if they follow each other."""
    if new != old + 1:
        return {}
    return {_key(each): each for each in publishing.decided(db.session, key, new)}


def _left_over(document: Questionnaire, changed: set[str]) -> list[str]:
    """What was decided about questions that are the same as before again."""
    keys = [structure.change_key(as_source(each)) for each in document.changes]
    return [key for key in keys if key not in changed]


def _reasons(document: Questionnaire) -> dict[str, str]:
    """What was said to have changed, and why, by the key of the change."""
    return {
        structure.change_key(as_source(each)): each.change
        for each in document.changes
        if each.change
    }


def _key(each: Comparison) -> str:
    """How the change is called, as `structure.change_key` does."""
    old, becomes = each.question_old, each.question_new
    return f"{old}>{becomes}" if old and becomes and old != becomes else becomes or old or ""

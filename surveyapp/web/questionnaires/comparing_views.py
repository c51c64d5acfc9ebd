"""Two versions side by side, and deciding what became of each changed question."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from surveyapp import drafting, publishing
from surveyapp.access import Permission
from surveyapp.db import db, writing
from surveyapp.errors import DraftError
from surveyapp.i18n import error_text
from surveyapp.models import QuestionnaireDraft
from surveyapp.questionnaire import Comparison, Due, Questionnaire, Source, differences, due
from surveyapp.questionnaire.checking import COMPARABILITY_OF
from surveyapp.web import today
from surveyapp.web.access import current_account, requires
from surveyapp.web.questionnaires import words
from surveyapp.web.questionnaires.views import draft_or_404

bp = Blueprint("comparing", __name__, url_prefix="/formular/<key>")


@bp.get("/jamfor")
@requires(Permission.EDIT_QUESTIONNAIRE)
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
        words=words,
    )


@bp.route("/utkast/jamfor", methods=["GET", "POST"])
@requires(Permission.EDIT_QUESTIONNAIRE)
def draft(key: str) -> ResponseReturnValue:
    """The draft beside the version it is based on, and what became of each question."""
    held = draft_or_404(key)
    if request.method == "POST":
        try:
            return redirect(_decide(key, held), 303)
        except DraftError as error:
            flash(error_text(error), "error")
            held = draft_or_404(key)
    old, new = drafting.before(db.session, held), drafting.look_through(held).document
    if old is None or new is None:
        return render_template("questionnaires/compare_later.html", draft=held), 200
    changed = due(old, new)
    return render_template(
        "questionnaires/compare_draft.html",
        draft=held,
        old=old,
        found=differences(old, new),
        changed=sorted(changed, key=lambda each: each.is_decided),
        n_open=sum(not each.is_decided for each in changed),
        decided_by=drafting.decided_by(held),
        allowed={
            each.pair.key: sorted(COMPARABILITY_OF[each.proposal.type]) for each in changed
        },
        words=words,
    )


def _decide(key: str, held: QuestionnaireDraft) -> str:
    """Keep what was decided of one question, or take it back; gives where to go then."""
    old, new = drafting.before(db.session, held), drafting.look_through(held).document
    change_key = request.form.get("change_key", "")
    if old is None or new is None:
        abort(404)
    each = next((each for each in due(old, new) if each.pair.key == change_key), None)
    with writing(db.session):
        if request.form.get("act") == "undecide":
            drafting.undecide(db.session, key, change_key, today=today())
        elif each is not None:
            actor = current_account().name
            drafting.decide(db.session, key, _entry(each), actor=actor, today=today())
    return url_for(".draft", key=key)


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
    texts = {
        name: " ".join(request.form.get(name, "").split())
        for name in ("change", "decided_by", "note")
    }
    return {
        "type": each.proposal.type.value,
        **names,
        "change": texts["change"],
        "comparability": kind,
        "decided_by": texts["decided_by"],
        "note": texts["note"],
    }


def _document_or_404(key: str, name: str) -> Questionnaire:
    number = request.args.get(name, "")
    row = publishing.published(db.session, key, int(number)) if number.isdecimal() else None
    return publishing.parsed(row or abort(404))


def _decided(key: str, old: int, new: int) -> dict[str, Comparison]:
    """What was decided between two versions, if they follow each other."""
    if new != old + 1:
        return {}
    return {_key(each): each for each in publishing.decided(db.session, key, new)}


def _key(each: Comparison) -> str:
    """How the change is called, as `structure.change_key` does."""
    old, becomes = each.question_old, each.question_new
    return f"{old}>{becomes}" if old and becomes and old != becomes else becomes or old or ""

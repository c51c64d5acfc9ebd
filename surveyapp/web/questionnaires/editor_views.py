"""Writing a draft: its questions, scales, texts and head, field by field."""

from collections.abc import Callable
from functools import partial

from flask import (
    Blueprint,
    Response,
    abort,
    flash,
    g,
    jsonify,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue

from surveyapp import drafting
from surveyapp.access import Permission
from surveyapp.db import db, writing
from surveyapp.errors import DraftError
from surveyapp.i18n import error_text
from surveyapp.i18n import gettext as _
from surveyapp.models import DraftState, QuestionnaireDraft
from surveyapp.questionnaire import Conflict, Edit, Source, direction, html_language
from surveyapp.web import csrf, today
from surveyapp.web.access import current_account, requires
from surveyapp.web.questionnaires import names
from surveyapp.web.questionnaires.acts import act_of
from surveyapp.web.questionnaires.fields import Fields, conflicts_by_place, edits, in_words
from surveyapp.web.respond.pages import render

bp = Blueprint("editor", __name__, url_prefix="/formular/<key>/utkast")
csrf.exempt(
    bp
)  # checked below: it reads the form, which must not happen before its limit is set
LARGEST_PAGE = 512 * 1024  # bytes: every text of a questionnaire, twice
JSON = "application/json"
MOST_OFFICERS = 9  # so many named officers that every option is shown


@bp.before_request
def read_large_forms() -> None:
    """A page with all texts is larger than other forms."""
    request.max_content_length = LARGEST_PAGE
    csrf.protect()


@bp.route("", methods=["GET", "POST"])
@requires(Permission.EDIT_QUESTIONNAIRE, in_city=True)
def index(key: str) -> ResponseReturnValue:
    """The draft: its questions in order, what is wrong with it, and the ways on."""
    return _page(key, "questionnaires/edit_index.html", lambda _source: {})


@bp.route("/fraga/<id>", methods=["GET", "POST"])
@requires(Permission.EDIT_QUESTIONNAIRE, in_city=True)
def question(key: str, id: str) -> ResponseReturnValue:
    """One question with its answers, in all languages side by side."""

    def context(source: Source) -> dict[str, object]:
        ids = [each["id"] for each in source["questions"]]
        if id not in ids:
            abort(404)
        place = ids.index(id)
        asked = source["questions"][place]
        return {
            "question": asked,
            "options": _options(source, asked),
            "owner": f"questions/{id}",
            "earlier": [each for each in source["questions"][:place] if _options(source, each)],
            "before": ids[place - 1] if place else None,
            "after": ids[place + 1] if place + 1 < len(ids) else None,
        }

    return _page(key, "questionnaires/edit_question.html", context)


@bp.route("/inledning", methods=["GET", "POST"])
@requires(Permission.EDIT_QUESTIONNAIRE, in_city=True)
def head(key: str) -> ResponseReturnValue:
    """What the version is: owner, reason, time it takes, areas, languages, indicators."""

    def context(source: Source) -> dict[str, object]:
        asked = source["questions"]
        codes = {
            code
            for each in asked
            for code in (each.get("indicator"), each.get("derived", {}).get("id"))
            if code
        }
        return {"indicators": sorted(codes | {*source.get("indicator_labels", {})})}

    return _page(key, "questionnaires/edit_head.html", context)


@bp.route("/texter", methods=["GET", "POST"])
@requires(Permission.EDIT_QUESTIONNAIRE, in_city=True)
def texts(key: str) -> ResponseReturnValue:
    """Every text around the questions."""
    return _page(
        key, "questionnaires/edit_texts.html", lambda _source: {"groups": list(names.groups())}
    )


@bp.route("/skalor", methods=["GET", "POST"])
@requires(Permission.EDIT_QUESTIONNAIRE, in_city=True)
def scales(key: str) -> ResponseReturnValue:
    """The scales that questions share, and which have them."""

    def context(source: Source) -> dict[str, object]:
        users = {
            name: [each["id"] for each in source["questions"] if each.get("scale") == name]
            for name in source.get("scales", {})
        }
        return {"users": users}

    return _page(key, "questionnaires/edit_scales.html", context)


@bp.route("/skalor/<name>", methods=["GET", "POST"])
@requires(Permission.EDIT_QUESTIONNAIRE, in_city=True)
def scale(key: str, name: str) -> ResponseReturnValue:
    """One scale with its options."""

    def context(source: Source) -> dict[str, object]:
        held = source.get("scales", {}).get(name) or abort(404)
        return {"name": name, "options": held["options"], "owner": f"scales/{name}"}

    return _page(key, "questionnaires/edit_scale.html", context)


@bp.get("/fraga/<id>/visa")
@requires(Permission.EDIT_QUESTIONNAIRE, in_city=True)
def preview(key: str, id: str) -> ResponseReturnValue:
    """The question as it is met: on a tablet, or on paper."""
    draft = drafting.draft_of(db.session, key) or abort(404)
    g.may_be_framed = True
    document = drafting.in_all_languages(draft, gap=_("[the text is missing]"))
    if document is None or id not in document.question_ids:
        return render_template("questionnaires/no_preview.html")
    language = request.args.get("sprak", document.languages[0])
    if language not in document.languages:
        abort(404)
    return render(
        "questionnaires/preview.html",
        document,
        language,
        faults={},
        named_officers=MOST_OFFICERS,
        on_paper=request.args.get("pa") == "papper",
        on_tablet=False,
        question=document.question(id),
        values={},
    )


def _page(
    key: str, template: str, context: Callable[[Source], dict[str, object]]
) -> ResponseReturnValue:
    """Save what was sent, do what the pressed button does, and show the page."""
    draft = drafting.draft_of(db.session, key)
    if draft is None:
        return _gone()
    if request.method == "GET":
        return _shown(draft, template, context)
    conflicts: list[Conflict] = []
    sent = edits(request.form)
    is_script = request.accept_mimetypes.best == JSON
    try:
        with writing(db.session):
            actor = current_account().name
            conflicts = drafting.edit(db.session, key, sent, actor=actor, today=today())
        if is_script:
            return _as_json(key, sent, conflicts)
        if not conflicts:
            return redirect(_do(key) or request.full_path, 303)
        flash(_("Somebody else has changed a field that you have changed too."), "error")
    except DraftError as error:
        if is_script:
            return jsonify(message=error_text(error)), 422
        flash(error_text(error), "error")
    draft = drafting.draft_of(db.session, key)
    if draft is None:
        return _gone()
    return _shown(draft, template, context, conflicts), 422


def _do(key: str) -> str | None:
    """What the pressed button does, if it is one that does anything but save; gives where to
    go then, if not to the same page."""
    if "act" not in request.form:
        flash(_("Saved."))
        return None
    actor, day = current_account().name, today()
    name, *given = request.form["act"].split("|")
    if name == "rename_question" and len(given) == 1:
        new = request.form.get(f"n:{request.form['act']}", "").strip()
        with writing(db.session):
            drafting.rename_question(db.session, key, given[0], new, actor=actor, today=day)
        return url_for("editor.question", key=key, id=new)
    act, address = act_of(request.form, key)
    with writing(db.session):
        drafting.change(db.session, key, act, actor=actor, today=day)
    return address


def _shown(
    draft: QuestionnaireDraft,
    template: str,
    context: Callable[[Source], dict[str, object]],
    conflicts: list[Conflict] | None = None,
) -> str:
    source = drafting.source_of(draft)
    found = drafting.look_through(draft)
    fields = Fields(source, in_words(found), conflicts_by_place(conflicts or []))
    g.shows_frames = True
    return render_template(
        template,
        draft=draft,
        authors=drafting.authors(draft),
        fields=fields,
        is_open=draft.state is DraftState.DRAFT,
        kinds=[(value, _(label)) for value, label in names.OPTION_KINDS.items()],
        languages=[
            (code, html_language(code), direction(code)) for code in source.get("languages", ())
        ],
        names=names,
        options_in=partial(_options, source),
        page_of=partial(page_of, draft.questionnaire),
        published=_published_ids(draft),
        same=lambda values: [(value, value) for value in values],
        source=source,
        **context(source),
    )


def _as_json(key: str, sent: list[Edit], conflicts: list[Conflict]) -> Response:
    """What came of a save by the page's script."""
    draft = drafting.draft_of(db.session, key)
    if draft is None:
        return jsonify(message=_("There is no draft any more."))
    fields = Fields(drafting.source_of(draft), in_words(drafting.look_through(draft)))
    open_places = {each.place for each in conflicts}
    saved = [each.place for each in sent if each.place not in open_places]
    return jsonify(
        saved={place: fields.seen(place) for place in saved},
        conflicts=[{"place": each.place, "theirs": each.theirs} for each in conflicts],
        faults=dict(fields.faults),
    )


def _published_ids(draft: QuestionnaireDraft) -> frozenset[str]:
    """The questions that keep their id."""
    earlier = drafting.before(db.session, draft)
    return frozenset(earlier.question_ids if earlier else ())


def _options(source: Source, question: Source) -> list[Source]:
    """The options of a question as they are shown, its scale's too."""
    scale = source.get("scales", {}).get(question.get("scale"))
    options = list(scale["options"] if scale else question.get("options", ()))
    if extra := question.get("extra_option"):
        options.append(extra)
    return options


def _gone() -> ResponseReturnValue:
    """The draft was published or thrown away, perhaps by somebody else."""
    if request.accept_mimetypes.best == JSON:
        return jsonify(message=_("There is no draft any more.")), 404
    return render_template("questionnaires/no_draft.html"), 404


def page_of(key: str, place: str) -> str:
    """Where a field is edited."""
    kind, _, rest = place.partition("/")
    anchor = Fields.anchor(place)
    match kind:
        case "questions" if rest:
            id = rest.partition("/")[0]
            return url_for("editor.question", key=key, id=id, _anchor=anchor)
        case "scales" if rest:
            name = rest.partition("/")[0]
            return url_for("editor.scale", key=key, name=name, _anchor=anchor)
        case "texts":
            return url_for("editor.texts", key=key, _anchor=anchor)
        case "changes":
            return url_for("comparing.draft", key=key, _anchor=anchor)
        case "questions" | "scales":
            return url_for("editor.index", key=key)
        case _:
            return url_for("editor.head", key=key, _anchor=anchor)

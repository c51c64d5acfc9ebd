"""Drafts of questionnaires, and locks on what is published

A batch change of a table on SQLite makes it anew, without its triggers: a later migration that
needs one on a table named here calls `lock` again.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

VERSION, COMPARABILITY = "questionnaire_version", "comparability"
FIXED = ("id", "questionnaire", "version", "document", "sha256", "valid_from", "author",
         "publisher")  # fmt: skip
# The one change that a published version may see.
RETIRES = (
    "old.status = 'published' and new.status = 'retired' "
    "and old.paper_until is null and new.paper_until is not null"
)
IS_PUBLISHED = (
    "exists (select 1 from questionnaire_version where questionnaire = new.questionnaire "
    "and version = new.version_new)"
)


IS_THERE = (
    "exists (select 1 from questionnaire_version where id = new.id or (questionnaire = "
    "new.questionnaire and (version = new.version or valid_from = new.valid_from)))"
)


def upgrade() -> None:
    op.create_table(
        "questionnaire_draft",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("questionnaire", sa.String(length=60), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("based_on", sa.Integer(), nullable=True),
        sa.Column(
            "state",
            sa.Enum("draft", "review", name="draftstate", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("authors", sa.Text(), nullable=False),
        sa.Column("decisions", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("changed_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_questionnaire_draft")),
        sa.UniqueConstraint("questionnaire", name=op.f("uq_questionnaire_draft_questionnaire")),
    )
    op.add_column(VERSION, sa.Column("paper_until", sa.Date(), nullable=True))
    lock()


def downgrade() -> None:
    unlock()
    op.drop_column(VERSION, "paper_until")
    op.drop_table("questionnaire_draft")


def lock() -> None:
    """Let the database refuse what would change something published."""
    if op.get_bind().dialect.name == "sqlite":
        _lock_sqlite()
    else:
        _lock_postgresql()


def unlock() -> None:
    for table in (VERSION, COMPARABILITY):
        for what in ("update", "delete", "insert", "truncate"):
            if op.get_bind().dialect.name == "sqlite":
                op.execute(f"drop trigger if exists {table}_no_{what}")
            else:
                op.execute(f"drop trigger if exists {table}_no_{what} on {table}")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("drop function refuse_published()")
        op.execute("drop function refuse_late_comparability()")


def _lock_sqlite() -> None:
    same = " and ".join(f"old.{name} is new.{name}" for name in FIXED)
    refuse = "begin select raise(abort, 'what is published never changes'); end"
    for name, when in (
        (f"{VERSION}_no_update", f"update on {VERSION} when not ({RETIRES} and {same})"),
        (f"{VERSION}_no_delete", f"delete on {VERSION}"),
        # "insert or replace" takes the old row away without asking the trigger above
        (f"{VERSION}_no_insert", f"insert on {VERSION} when {IS_THERE}"),
        (f"{COMPARABILITY}_no_update", f"update on {COMPARABILITY}"),
        (f"{COMPARABILITY}_no_delete", f"delete on {COMPARABILITY}"),
        (f"{COMPARABILITY}_no_insert", f"insert on {COMPARABILITY} when {IS_PUBLISHED}"),
    ):
        op.execute(f"create trigger {name} before {when} {refuse}")


def _lock_postgresql() -> None:
    op.execute(
        "create function refuse_published() returns trigger language plpgsql as "
        "$$ begin raise exception 'what is published never changes'; end $$"
    )
    refuse = "execute function refuse_published()"
    same = " and ".join(f"old.{name} is not distinct from new.{name}" for name in FIXED)
    op.execute(
        f"create trigger {VERSION}_no_update before update on {VERSION} for each row "
        f"when (not ({RETIRES} and {same})) {refuse}"
    )
    op.execute(
        f"create trigger {VERSION}_no_delete before delete on {VERSION} for each row {refuse}"
    )
    op.execute(
        f"create trigger {COMPARABILITY}_no_update before update or delete on {COMPARABILITY} "
        f"for each row {refuse}"
    )
    # A condition of a trigger cannot look into another table: its function does.
    op.execute(
        "create function refuse_late_comparability() returns trigger language plpgsql as "
        f"$$ begin if {IS_PUBLISHED} then raise exception 'what is published never changes'; "
        "end if; return new; end $$"
    )
    op.execute(
        f"create trigger {COMPARABILITY}_no_insert before insert on {COMPARABILITY} "
        "for each row execute function refuse_late_comparability()"
    )
    for table in (VERSION, COMPARABILITY):
        op.execute(f"create trigger {table}_no_truncate before truncate on {table} {refuse}")

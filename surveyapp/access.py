"""Who may do what: permissions, roles, and the one map between them.

A role is held for a unit or for the whole city (`Grant.unit_id` is None).
"""

import enum


class Permission(enum.StrEnum):
    """One thing a member of staff may do."""

    SEE_RESULTS = "see_results"
    ENTER_PAPER = "enter_paper"
    CREATE_CODES = "create_codes"
    MANAGE_DEVICES = "manage_devices"
    MOVE_ANSWERS = "move_answers"
    RELEASE = "release"
    EDIT_QUESTIONNAIRE = "edit_questionnaire"
    PUBLISH_QUESTIONNAIRE = "publish_questionnaire"
    SET_LIMITS = "set_limits"
    MANAGE_UNITS = "manage_units"
    MANAGE_ACCOUNTS = "manage_accounts"
    READ_LOG = "read_log"


class Role(enum.StrEnum):
    """What a person is at work; the person may be several things in several units."""

    CASE_OFFICER = "case_officer"
    REGISTRAR = "registrar"
    UNIT_MANAGER = "unit_manager"
    QUALITY_STAFF = "quality_staff"
    CITY_ANALYST = "city_analyst"
    RECORDS_OFFICER = "records_officer"
    ADMIN = "admin"
    READER = "reader"


ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.CASE_OFFICER: frozenset({Permission.SEE_RESULTS, Permission.ENTER_PAPER}),
    Role.REGISTRAR: frozenset(
        {Permission.SEE_RESULTS, Permission.ENTER_PAPER, Permission.CREATE_CODES}
    ),
    Role.UNIT_MANAGER: frozenset(
        {Permission.SEE_RESULTS, Permission.CREATE_CODES, Permission.MANAGE_DEVICES}
    ),
    Role.QUALITY_STAFF: frozenset(
        {Permission.SEE_RESULTS, Permission.CREATE_CODES, Permission.MANAGE_DEVICES}
    ),
    Role.CITY_ANALYST: frozenset(
        {
            Permission.SEE_RESULTS,
            Permission.MOVE_ANSWERS,
            Permission.RELEASE,
            Permission.EDIT_QUESTIONNAIRE,
            Permission.PUBLISH_QUESTIONNAIRE,
            Permission.SET_LIMITS,
            Permission.MANAGE_UNITS,
        }
    ),
    Role.RECORDS_OFFICER: frozenset({Permission.SEE_RESULTS, Permission.READ_LOG}),
    Role.ADMIN: frozenset(
        {Permission.SEE_RESULTS, Permission.MANAGE_UNITS, Permission.MANAGE_ACCOUNTS}
    ),
    Role.READER: frozenset({Permission.SEE_RESULTS}),
}

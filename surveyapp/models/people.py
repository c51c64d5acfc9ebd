"""Staff: accounts, what they may do where, what they did, and the city-wide settings."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from surveyapp.access import ROLE_PERMISSIONS, Permission, Role
from surveyapp.db import Base, Code, Digest


class Account(Base):
    """A member of staff. Raising `epoch` ends every session of theirs."""

    __tablename__ = "account"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[Code] = mapped_column(unique=True)  # what they sign in with
    full_name: Mapped[str]
    password_hash: Mapped[str]
    epoch: Mapped[int] = mapped_column(default=0)
    is_closed: Mapped[bool] = mapped_column(default=False)

    grants: Mapped[list["Grant"]] = relationship(cascade="all, delete-orphan", lazy="selectin")

    def may(self, permission: Permission, unit_id: int | None = None) -> bool:
        """Whether a grant for the city, or for this unit, holds the permission.

        Without a unit: whether it is held anywhere.
        """
        return any(
            permission in ROLE_PERMISSIONS[grant.role]
            and (unit_id is None or grant.unit_id in (None, unit_id))
            for grant in self.grants
        )

    def may_in_city(self, permission: Permission) -> bool:
        """Whether the permission is held for the whole city."""
        return any(
            permission in ROLE_PERMISSIONS[grant.role] and grant.unit_id is None
            for grant in self.grants
        )

    def unit_ids(self, permission: Permission) -> set[int]:
        """The units it is held for by name; a grant for the city names none."""
        return {
            grant.unit_id
            for grant in self.grants
            if grant.unit_id is not None and permission in ROLE_PERMISSIONS[grant.role]
        }


class Grant(Base):
    """A role held in a unit, or in the whole city."""

    __tablename__ = "grant"
    __table_args__ = (UniqueConstraint("account_id", "role", "unit_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    role: Mapped[Role]
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))


class LoginThrottle(Base):
    """Failed attempts to sign in under one name, as a hash: it may be no account at all."""

    __tablename__ = "login_throttle"

    name_sha256: Mapped[Digest] = mapped_column(primary_key=True)
    n_failures: Mapped[int]
    blocked_until_at: Mapped[datetime | None]


class AuditEvent(Base):
    """Who did or opened what, chained by hash. No row names a response."""

    __tablename__ = "audit_event"
    __table_args__ = (CheckConstraint("action <> ''", name="action_given"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    happened_at: Mapped[datetime]
    actor: Mapped[str]
    action: Mapped[Code]
    subject: Mapped[str] = mapped_column(Text)
    sha256: Mapped[Digest]  # of this row and the one before it


class Setting(Base):
    """A city-wide setting; changes are in the audit log."""

    __tablename__ = "setting"

    key: Mapped[Code] = mapped_column(primary_key=True)
    value: Mapped[str]

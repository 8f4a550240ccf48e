"""The code that only the worker knows."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from resume.db import Model, UtcTime


class PersonalCode(Model):
    """The code (查看密码) a worker of a firm has set for himself, hashed. Without it nobody reads his health.

    `set_at` is real time: pages that were opened with an earlier code end.
    """

    __tablename__ = "personal_code"

    person_key: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    firm_id: Mapped[int] = mapped_column(ForeignKey("firm.id"), primary_key=True)
    code_hash: Mapped[str] = mapped_column(String(200))
    set_at: Mapped[datetime] = mapped_column(UtcTime)

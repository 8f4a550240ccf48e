"""What HR sends: a file, and what it asks the table of workers for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField, FileRequired

from resume.policy import REASONS, Answer
from resume.web.fields import Form

ERRORS = "errors"
_SAMPLING = re.compile(r"now|[0-9]{4}-[0-9]{2}-[0-9]{2}T(?:08|20):00")
_TABS = frozenset([ERRORS, *(answer.value for answer in Answer)])


class UploadForm(Form):
    """One worker list as a file."""

    file = FileField(_("名单文件"), validators=[FileRequired(_("请选择要上传的文件"))])


@dataclass(frozen=True, slots=True)
class Filters:
    """What of a list is shown. `tab` is an outcome, `errors` or "" for all workers; `page` counts from 1.

    `sample`: those who have to be sampled by then, as `outlook.sampling_key` writes it, or "" for all.
    """

    tab: str = ""
    code: str = ""
    key_only: bool = False
    search: str = ""
    page: int = 1
    sample: str = ""

    @classmethod
    def searching(cls, form: Mapping[str, str]) -> Filters:
        """A search as it is posted: names and numbers have no place in an address."""
        typed = "".join(c for c in form.get("q", "") if c.isprintable()).strip()[:40]
        return cls(search=typed, page=cls.of(form).page)

    @classmethod
    def of(cls, args: Mapping[str, str]) -> Filters:
        """From a query string; what it does not know is ignored."""
        tab, code, page = args.get("tab", ""), args.get("code", ""), args.get("page", "")
        sample = args.get("sample", "")
        return cls(
            tab=tab if tab in _TABS else "",
            code=code if code in REASONS else "",
            key_only=args.get("key") == "1",
            page=int(page) if page.isdecimal() and 0 < len(page) < 6 and int(page) else 1,
            sample=sample if _SAMPLING.fullmatch(sample) else "",
        )

    def query(self, **changed: object) -> dict[str, object]:
        """The query string's values, with what differs; empty ones are left out."""
        values: dict[str, object] = {
            "tab": self.tab,
            "code": self.code,
            "key": "1" if self.key_only else "",
            "sample": self.sample,
        }
        return {name: value for name, value in (values | changed).items() if value}

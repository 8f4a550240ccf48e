"""E-mail addresses: plain ones (RFC 5321 without quotes), as mail servers of today take them."""

import re
from dataclasses import dataclass

from resume.people.problem import Problem

MAX_LENGTH = 120
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ADDRESS = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@(?:{_LABEL}\.)+{_LABEL}")
_FULL_WIDTH = {0xFF01 + i: 0x21 + i for i in range(0x5E)} | {ord("。"): "."}


@dataclass(frozen=True, slots=True)
class EmailProblem(Problem):
    """Why a text is no address. Codes: empty, format."""


def parse_email(text: str) -> str | EmailProblem:
    """An address as typed -> half-width, in lower case; or why it is none."""
    address = "".join(text.translate(_FULL_WIDTH).split()).lower()
    if not address:
        return EmailProblem("empty", "请填写电子邮箱。", "Fill in the e-mail address.")
    if len(address) > MAX_LENGTH or not _ADDRESS.fullmatch(address) or len(address.split("@")[0]) > 64:
        return EmailProblem(
            "format",
            "电子邮箱格式不对，例如 name@example.cn。",
            "This is no e-mail address; one looks like name@example.cn.",
        )
    return address


def mask_email(address: str) -> str:
    """``wangming@example.cn`` -> ``wa***@example.cn``; of a short name the first letter alone."""
    name, _at, domain = address.partition("@")
    return f"{name[: 2 if len(name) > 3 else 1]}***@{domain}"

"""`check_paper`: a file of a person -> what may be kept of it, or the reason why not."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass

from resume.limited_child import run_limited
from resume.papers.kinds import (
    IMAGES,
    LIMITS,
    Limits,
    fits,
    is_path,
    kept_name,
    name_of_other,
    type_of,
)
from resume.papers.refused import PaperRefused

_MB = 2**20


@dataclass(frozen=True, slots=True)
class CheckedPaper:
    """What is kept: bytes (a picture's are new), their type and SHA-256 in hex, a harmless name."""

    name: str
    media_type: str
    data: bytes
    sha256: str


def check_paper(data: bytes, name: str, limits: Limits = LIMITS) -> CheckedPaper:
    """Find out by its content what a file is, and open it in a child process.

    `name` is the one it was given; it is only compared with the content. Raises PaperRefused.
    """
    if not name.strip() or is_path(name):
        raise PaperRefused("name")
    if not data:
        raise PaperRefused("empty")
    if len(data) > limits.max_bytes:
        raise PaperRefused("too_large", size=-(-len(data) // _MB), limit=limits.max_bytes // _MB)
    media = type_of(data)
    shown = kept_name(name, media or IMAGES[0])
    if media is None:
        raise PaperRefused("type", actual=name_of_other(data) or "?")
    if not fits(name, media):
        raise PaperRefused("renamed", name=_as_given(name), actual=media.rpartition("/")[2].upper())
    kept = _kept(data, media, limits)
    if len(kept) > limits.max_bytes:
        raise PaperRefused("too_large", size=-(-len(kept) // _MB), limit=limits.max_bytes // _MB)
    return CheckedPaper(shown, media, kept, hashlib.sha256(kept).hexdigest())


def _kept(data: bytes, media: str, limits: Limits) -> bytes:
    written = run_limited("resume.papers.child", "pypdfium2" if media not in IMAGES else "PIL", data, limits)
    if written is None:
        raise PaperRefused("gave_up")
    line, _end, rest = written.partition(b"\n")
    said = json.loads(line)
    if "refused" in said:
        code = said["refused"]
        raise PaperRefused(code, **({"limit": limits.max_pages} if code == "pages" else {}))
    return rest if media in IMAGES else data


def _as_given(name: str) -> str:
    return "".join(c for c in name if c.isprintable())[-60:]

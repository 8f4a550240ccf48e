"""The files of the gate's page under one version: modules that import each other are of one release, always.

Their address holds a digest of them all, so a page of yesterday that is still open never mixes with the
modules of today, and a browser may keep them for a year.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from flask import current_app, url_for

from resume.web.pages import asset

_KINDS = {".js": "text/javascript", ".css": "text/css", ".png": "image/png", ".svg": "image/svg+xml"}
#: Of the public check page, and the worker, which has an address of its own.
_NOT_OURS = {"verify.js", "worker.js"}
#: What the page uses beside its own files; what a module imports by its plain name is asked for by it.
_SHARED = (
    "img/icon.svg",
    "vendor/govuk/govuk-frontend.min.css",
    "resume.css",
    "components.css",
    "tables.css",
    "print.css",
    "vendor/htmx.min.js",
    "resume.js",
    "vendor/zxing/zxing-reader.js",
    "vendor/zxing/zxing_reader.wasm",
)
_BY_PLAIN_NAME = ("vendor/govuk/govuk-frontend.min.js",)


def folder() -> Path:
    """Where the gate's own files are."""
    return Path(current_app.static_folder or "") / "gate"


def names() -> list[str]:
    """The gate's own files, by their names below its folder, in order."""
    found = (path for path in folder().rglob("*") if path.suffix in _KINDS and path.name not in _NOT_OURS)
    return sorted(path.relative_to(folder()).as_posix() for path in found)


def version() -> str:
    """The digest of all of them, as their addresses say it."""
    return _digest(tuple((folder() / name) for name in names()))


def gate_file(name: str) -> str:
    """The address of one of the gate's own files."""
    return url_for("gate.app_file", app_version=version(), name=name)


def kind_of(name: str) -> str:
    """The media type of one of them."""
    return _KINDS[Path(name).suffix]


def addresses() -> list[str]:
    """Everything the page needs with the server gone, but the page itself."""
    own = [gate_file(name) for name in names()]
    plain = [url_for("static", filename=name) for name in _BY_PLAIN_NAME]
    return [*own, *(asset(name) for name in _SHARED), *plain]


def fingerprint(texts: Iterable[str]) -> str:
    """A digest of what is cached: addresses that carry their own, plain ones by content, and `texts`."""
    plain = _digest(tuple(Path(current_app.static_folder or "") / name for name in _BY_PLAIN_NAME))
    return sha256("\n".join([*addresses(), plain, *texts]).encode()).hexdigest()[:16]


def _digest(paths: tuple[Path, ...]) -> str:
    return _digest_as_of(paths, tuple(path.stat().st_mtime_ns for path in paths))


@lru_cache(maxsize=16)
def _digest_as_of(paths: tuple[Path, ...], _changed_ns: tuple[int, ...]) -> str:
    whole = sha256()
    for path in paths:
        whole.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return whole.hexdigest()[:12]

"""The page without network: which files the phone keeps, and the service worker that serves them.

The worker is our own script with the list of files before it, so that a changed file makes a changed worker
and a browser takes all of them anew.
"""

from __future__ import annotations

import json
from hashlib import sha256

from flask import url_for

from resume.settings import ROOT
from resume.web.pages import asset

#: What the page asks for by its content's digest: the frame's files, and its own first ones.
_BY_DIGEST = (
    "vendor/govuk/govuk-frontend.min.css",
    "resume.css",
    "components.css",
    "tables.css",
    "print.css",
    "phone/phone.css",
    "vendor/htmx.min.js",
    "resume.js",
    "phone/page.js",
    "img/icon.svg",
)
#: What modules import from each other, by plain addresses.
_IMPORTED = ("phone", "gate/check")
_OF_VENDOR = ("vendor/lean-qr/lean-qr.js", "vendor/govuk/govuk-frontend.min.js")
SCRIPT = "phone/worker.js"


def worker_script() -> str:
    """The service worker of `/p`."""
    static = ROOT / "static"
    imported = [
        f"{folder}/{path.name}" for folder in _IMPORTED for path in sorted((static / folder).glob("*.js"))
    ]
    plain = [name for name in [*imported, *_OF_VENDOR] if name not in (SCRIPT, *_BY_DIGEST)]
    files = [asset(name) for name in _BY_DIGEST] + [url_for("static", filename=name) for name in plain]
    contents = b"".join((static / name).read_bytes() for name in [*_BY_DIGEST, *plain, SCRIPT])
    told = {"shell": url_for("phone.show"), "version": sha256(contents).hexdigest()[:12], "files": files}
    return f"const KEPT = {json.dumps(told)};\n{(static / SCRIPT).read_text('utf-8')}"

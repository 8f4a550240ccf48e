"""The gate's page as an application that works with the server gone: its service worker, what that caches.

Nothing here is about a person or a session, so all of it is open to everybody, as static files are.
"""

from __future__ import annotations

import json
from typing import Any

from flask import Response, abort, g, jsonify, make_response, render_template, send_from_directory, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from resume.gate.app_files import addresses, fingerprint, folder, gate_file, kind_of, names, version
from resume.gate.forms import PresentedForm
from resume.gate.routes import bp
from resume.gate.wording import GUARD_TONES
from resume.passes.press import HOTLINE
from resume.passes.sheets import DOCUMENT_NAMES
from resume.web.access import open_to_everybody
from resume.web.headers import allow_wasm
from resume.web.language import html_lang
from resume.web.layout import write_bare

_YEAR = 365 * 24 * 3600
_ICONS = (("gate.svg", "any"), ("gate-192.png", "192x192"), ("gate-512.png", "512x512"))


@bp.context_processor
def page_words() -> dict[str, Any]:
    """What every page of the gate is written with."""
    tones = {tone.name: tone for tone in GUARD_TONES.values()}
    return {"gate_file": gate_file, "tones": tones, "documents": DOCUMENT_NAMES, "hotline": HOTLINE}


@bp.get("/gate/shell")
@open_to_everybody
@allow_wasm
def shell() -> BaseResponse:
    """The page as a device keeps it: in the reader's language, without organisation, token or number."""
    return make_response(_shell())


@bp.get("/gate/worker.js")
@open_to_everybody
def worker_script() -> BaseResponse:
    """The service worker with the list of what it keeps: another file, text or language is another worker."""
    text = _shell()
    told = {
        "version": fingerprint([text, html_lang()]),
        "files": addresses(),
        "shell": url_for("gate.shell"),
        "page": url_for("gate.check"),
    }
    script = f"const GATE = {json.dumps(told)};\n" + (folder() / "worker.js").read_text(encoding="utf-8")
    response = Response(script, mimetype="text/javascript")
    response.headers["Service-Worker-Allowed"] = url_for("gate.check")
    response.headers["Cache-Control"] = "no-cache"
    return response


@bp.get("/gate/app/<app_version>/<path:name>")
@open_to_everybody
def app_file(app_version: str, name: str) -> BaseResponse:
    """One of the gate's own files, of this version and of no other."""
    if app_version != version() or name not in names():
        abort(404)
    response = send_from_directory(folder(), name, mimetype=kind_of(name))
    response.headers["Cache-Control"] = f"public, max-age={_YEAR}, immutable"
    return response


@bp.get("/gate/manifest.webmanifest")
@open_to_everybody
def manifest() -> BaseResponse:
    """What a phone shows of the page once it is installed."""
    response = jsonify(
        id=url_for("gate.check"),
        name=_("复工通查验"),
        short_name=_("查验"),
        lang=html_lang(),
        start_url=url_for("gate.check"),
        scope=url_for("gate.check"),
        display="standalone",
        background_color="#10141a",
        theme_color="#10141a",
        icons=[
            {"src": gate_file(f"icons/{name}"), "sizes": sizes, "type": kind_of(name), "purpose": purpose}
            for name, sizes in _ICONS
            for purpose in ("any", "maskable")
        ],
    )
    response.mimetype = "application/manifest+json"
    response.headers["Cache-Control"] = "no-cache"
    return response


def _shell() -> str:
    """The same text for every reader of one language: no session is asked, none is begun."""
    write_bare()
    g.csrf_token = ""  # as if it had been made: a page that is kept must not hold one
    form = PresentedForm(formdata=None)
    return render_template("gate/check.html", form=form, nonce="", lanes=[], chosen_lane="", is_kept=True)

"""Chinese first: zh_Hans is the source language, so its texts are the msgids; English is a catalog.

The reader's choice (a cookie) goes before the browser's Accept-Language, which is read by its primary
language: werkzeug's `best_match` would give English to a browser that asks for `zh-CN,en`.
"""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import urlsplit

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from flask import Blueprint, Flask, current_app, g, has_request_context, redirect, request
from flask_babel import Babel, LazyString, get_locale
from werkzeug.wrappers import Response

from resume.web.access import open_to_everybody

DEFAULT = "zh_Hans"
#: Locale of the catalog, and what the page's `lang` says.
HTML_LANG = {"zh_Hans": "zh-Hans", "en": "en"}
_BY_PRIMARY = {"zh": "zh_Hans", "en": "en"}
_YEAR = 365 * 24 * 3600

blueprint = Blueprint("language", __name__)


def init_language(app: Flask, translations: Path) -> None:
    """Flask-Babel on the catalogs in `translations`, the switch at POST /language, and its globals."""
    compile_catalogs(translations)
    _escape_lazy_texts()
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(translations)
    Babel(app, default_locale=DEFAULT, default_timezone="Asia/Shanghai", locale_selector=choose_locale)
    app.register_blueprint(blueprint)
    app.jinja_env.globals.update(html_lang=html_lang, current_language=current_language)

    @app.after_request
    def vary(response: Response) -> Response:
        if response.mimetype == "text/html":
            response.vary.update(["Accept-Language", "Cookie"])
            response.headers["Content-Language"] = html_lang()
        return response


def _escape_lazy_texts() -> None:
    """Let templates escape lazy texts as they escape others.

    Flask-Babel's LazyString calls itself safe HTML, so what a user typed and a lazy text quotes (a refusal's
    message, say) would reach the page as markup.
    """
    if hasattr(LazyString, "__html__"):
        delattr(LazyString, "__html__")


def choose_locale() -> str:
    """The cookie's choice if it is one of ours, else the browser's, else Chinese."""
    if not has_request_context():
        return DEFAULT
    chosen = g.get("chosen_locale") or request.cookies.get(cookie_name(), "")
    return chosen if chosen in HTML_LANG else accepted_locale()


def accepted_locale() -> str:
    """The first language we speak in the order of the browser's Accept-Language."""
    for tag, quality in request.accept_languages:
        locale = _BY_PRIMARY.get(tag.replace("_", "-").split("-")[0].lower())
        if locale and quality > 0:
            return locale
    return DEFAULT


def html_lang() -> str:
    """`zh-Hans` or `en`: the language of the page being written."""
    return HTML_LANG.get(str(get_locale() or DEFAULT), HTML_LANG[DEFAULT])


def current_language() -> str:
    """`zh` or `en`: the key of texts that pure packages keep as {"zh": ..., "en": ...}."""
    return html_lang()[:2]


def cookie_name() -> str:
    return "__Host-lang" if current_app.config.get("IS_HTTPS") else "lang"


@blueprint.post("/language")
@open_to_everybody
def switch() -> Response:
    """Remember the language for a year and go back to the page the reader was on."""
    locale = request.form.get("lang", "")
    response = redirect(own_path(request.form.get("next", "")), 303)
    if locale in HTML_LANG:
        response.set_cookie(
            cookie_name(),
            locale,
            max_age=_YEAR,
            secure=bool(current_app.config.get("IS_HTTPS")),
            httponly=True,
            samesite="Lax",
            path="/",
        )
    return response


def own_path(target: str) -> str:
    """`target` if it is a path on this site, else `/`: no redirect leaves the site."""
    is_plain = target.startswith("/") and not target.startswith("//") and "\\" not in target
    if not is_plain or any(ord(character) < 33 for character in target):
        return "/"
    parts = urlsplit(target)
    return "/" if parts.scheme or parts.netloc else target


def compile_catalogs(translations: Path) -> None:
    """Write each `messages.mo` that is older than its `messages.po`; safe in several processes at once."""
    for source in sorted(translations.glob("*/LC_MESSAGES/messages.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns:
            continue
        with source.open("rb") as file:
            catalog = read_po(file, locale=source.parent.parent.name)
        fresh = target.with_suffix(f".mo.{os.getpid()}")
        with fresh.open("wb") as file:
            write_mo(file, catalog)
        fresh.replace(target)

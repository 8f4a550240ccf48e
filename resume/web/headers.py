"""Response headers: a Content-Security-Policy per route, and what else keeps a page to itself.

Our own after_request, since the gate alone may compile WebAssembly and open the camera.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, current_app, request
from werkzeug.wrappers import Response

View = TypeVar("View", bound=Callable[..., Any])

STRICT = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "connect-src": "'self'",
    "font-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
GATE = STRICT | {
    "script-src": "'self' 'wasm-unsafe-eval'",
    "worker-src": "'self'",
    "media-src": "'self' blob:",
    "manifest-src": "'self'",
}
#: For a file that somebody uploaded: whatever it is taken for, it runs nothing and reaches nothing of ours.
SANDBOX = {"sandbox": "", "default-src": "'none'", "frame-ancestors": "'none'"}
_NO_DEVICES = "camera=(), microphone=(), geolocation=(), payment=(), usb=()"
_OWN_CAMERA = _NO_DEVICES.replace("camera=()", "camera=(self)")
_YEAR = 365 * 24 * 3600


def allow_wasm(view: View) -> View:
    """Mark a view whose page scans: WebAssembly and the camera are allowed there, and only there."""
    view._allows_wasm = True  # type: ignore[attr-defined]
    return view


def sandboxed(view: View) -> View:
    """Mark a view that hands out what somebody uploaded."""
    view._is_sandboxed = True  # type: ignore[attr-defined]
    return view


def configure_cookies(app: Flask, *, https: bool) -> None:
    """Names and flags of the cookies: `__Host-` and Secure when served by https.

    Sets IS_HTTPS, which also decides HSTS and the language cookie's name. SameSite is Lax: a QR opens `/v`
    from another application.
    """
    app.config.update(
        IS_HTTPS=https,
        PREFERRED_URL_SCHEME="https" if https else "http",
        SESSION_COOKIE_NAME="__Host-resume" if https else "resume",
        SESSION_COOKIE_SECURE=https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_PATH="/",
        SESSION_COOKIE_DOMAIN=None,
    )


def init_headers(app: Flask) -> None:
    """Put the headers on every response."""
    app.after_request(add_headers)


def add_headers(response: Response) -> Response:
    view = current_app.view_functions.get(request.endpoint or "")
    scans = getattr(view, "_allows_wasm", False)
    policy = GATE if scans else SANDBOX if getattr(view, "_is_sandboxed", False) else STRICT
    headers = response.headers
    headers["Content-Security-Policy"] = policy_text(policy)
    headers["Permissions-Policy"] = _OWN_CAMERA if scans else _NO_DEVICES
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Referrer-Policy"] = "same-origin"  # Flask-WTF wants the referrer of our own forms under https
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
    if current_app.config.get("IS_HTTPS") or request.is_secure:
        headers["Strict-Transport-Security"] = f"max-age={_YEAR}; includeSubDomains"
    _set_caching(response)
    return response


def policy_text(policy: dict[str, str]) -> str:
    return "; ".join(f"{name} {sources}".strip() for name, sources in policy.items())


def _set_caching(response: Response) -> None:
    """Versioned static files for a year, other static files after asking; everything else is never kept."""
    if request.endpoint == "static" and response.status_code in (200, 206, 304):
        response.cache_control.clear()
        response.headers["Cache-Control"] = (
            f"public, max-age={_YEAR}, immutable" if "v" in request.args else "public, no-cache"
        )
    elif "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = "no-store"

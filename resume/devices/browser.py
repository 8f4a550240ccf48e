"""The phone's cookie: whom a request comes from where no account is signed in. Real time throughout.

`__Host-device` under https, HttpOnly, 90 days, given again while it is used. SameSite is Lax, not Strict:
a page of ours that was opened from another application (the camera, a chat of the street's) would come
without a Strict cookie, and the guard would stand before a sign-in for which he has no password; nothing is
changed by GET, and every POST has its token (docs/adr/0027-a-phone-of-the-gate.md).
"""

from __future__ import annotations

from flask import Flask, current_app, g, request
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from werkzeug.wrappers import Response

from resume.accounts import scopes, sessions
from resume.clock import real_now
from resume.devices.lifecycle import SILENCE, TOUCH_EVERY
from resume.devices.operations import actor_of, note_use
from resume.devices.queries import find_by_token, find_in_use
from resume.refusals import Refusal
from resume.roles import Actor
from resume.web.access import explain_nobody_by

_TO_WRITE = "device_token"


class DeviceEnded(Refusal):
    """This phone was enrolled, and is not any more: nothing of the gate opens, nothing is written."""

    status = 401
    code = "device_ended"
    message = _("这部手机的门岗登记已停用，不能查验，也不能上传")
    advice = _(
        "手机里没有上传的记录仍在，请不要清除。请街镇值班台或系统管理员在本门岗重新登记这部手机，"
        "登记后会自动上传；有账号的，可以先登录"
    )


def cookie_name() -> str:
    return "__Host-device" if current_app.config.get("IS_HTTPS") else "device"


def token() -> str:
    """The token of this browser; empty where it has none."""
    return request.cookies.get(cookie_name(), "")[:100]


def load_actor() -> Actor | None:
    """Who makes this request, for `web.access`: a signed-in account first, else an enrolled phone."""
    return sessions.load_actor() or _load_device()


def organisation_of(actor: Actor) -> str:
    """What an actor belongs to, as the header says it; a phone's gate and the phone's number."""
    place = scopes.organisation_of(actor)
    if actor.device_id is None:
        return place
    number = actor.name.rpartition(":")[2]
    return str(gettext("%(gate)s · 设备 %(number)s", gate=place, number=number))


def remember(secret: str) -> None:
    """Give this browser a phone's token, with the response that is being made."""
    setattr(g, _TO_WRITE, secret)


def init_devices(app: Flask) -> None:
    """Write the cookie where it is due, and tell a phone that is no longer enrolled what to do."""
    app.after_request(_write_cookie)
    explain_nobody_by(app, _find_ended)


def _load_device() -> Actor | None:
    secret, now = token(), real_now()
    device = find_in_use(secret, at=now) if secret else None
    if device is None:
        return None
    actor = actor_of(device)
    if now - device.last_seen_at > TOUCH_EVERY:
        note_use(device.id, real_at=now)
        remember(secret)
    return actor


def _find_ended() -> Refusal | None:
    """A token that once opened something: revoked, or silent for too long."""
    return None if find_by_token(token()) is None else DeviceEnded()


def _write_cookie(response: Response) -> Response:
    secret = g.get(_TO_WRITE)
    if secret:
        response.set_cookie(
            cookie_name(),
            secret,
            max_age=int(SILENCE.total_seconds()),
            secure=bool(current_app.config.get("IS_HTTPS")),
            httponly=True,
            samesite="Lax",
            path="/",
        )
    return response

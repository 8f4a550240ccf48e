"""How letters leave: by SMTP, or as .eml files in a folder of the home, which is the default."""

from __future__ import annotations

import os
import smtplib
import ssl
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import unquote, urlsplit

from resume.settings import Settings

TIMEOUT = 20.0


def deliver(message: EmailMessage, settings: Settings, *, name: str) -> None:
    """Send one letter. `name` is the file's name where letters are files. Raises OSError or SMTPException."""
    if settings.mail_url:
        _send(message, settings.mail_url)
    else:
        _keep(message, settings.home / "mail", name)


def _keep(message: EmailMessage, folder: Path, name: str) -> None:
    """A second attempt writes the same file again: nothing is there twice."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = folder / f".{name}.{os.getpid()}"
    fresh.touch(mode=0o600)
    fresh.write_bytes(message.as_bytes())
    fresh.replace(folder / f"{name}.eml")


def _send(message: EmailMessage, url: str) -> None:
    parts = urlsplit(url)
    host, context = parts.hostname or "", ssl.create_default_context()
    if parts.scheme == "smtps":
        with smtplib.SMTP_SSL(host, parts.port or 465, timeout=TIMEOUT, context=context) as server:
            _hand_over(server, message, parts.username, parts.password)
        return
    with smtplib.SMTP(host, parts.port or 25, timeout=TIMEOUT) as server:
        server.ehlo()
        if server.has_extn("starttls"):
            server.starttls(context=context)
        _hand_over(server, message, parts.username, parts.password)


def _hand_over(server: smtplib.SMTP, message: EmailMessage, user: str | None, password: str | None) -> None:
    if user:
        server.login(unquote(user), unquote(password or ""))
    server.send_message(message)

"""`resume run`: serve the web application and a worker."""

from __future__ import annotations

from urllib.parse import urlsplit

import click
from flask import current_app

from resume import clock
from resume.cli.home_app import in_home


@click.command()
@click.option("--tls", is_flag=True, help="Serve https with a certificate of our own, for phones nearby.")
@click.option("--host", default=None, help="Address to listen on (127.0.0.1; with --tls: all).")
@click.option("--port", type=int, default=None, help="Port (that of RESUME_PUBLIC_URL, or 8000).")
@in_home
def run(tls: bool, host: str | None, port: int | None) -> int:
    """Serve the web application and a worker; prints the address."""
    from resume.serving import Server, is_free
    from resume.tls import certificate_for, own_address

    settings = current_app.config["RESUME_SETTINGS"]
    named = urlsplit(settings.public_url)
    port = port or named.port or 8000
    listen_on = host or ("0.0.0.0" if tls else "127.0.0.1")  # noqa: S104 - phones nearby must reach it
    if not is_free(listen_on, port):
        raise click.UsageError(f"cannot listen on {listen_on}:{port}: another server does, or it is not ours")
    public_url, certificate = settings.public_url, None
    if tls:
        address = own_address()
        public_url = f"https://{address}:{port}"
        certificate = certificate_for(settings.keys_folder, address, at=clock.real_now())
    elif named.hostname in ("127.0.0.1", "localhost") and named.port != port:
        public_url = f"http://{named.hostname}:{port}"
    click.echo(f"复工通 · {public_url}")
    sign_ins = settings.home / "demo-sign-ins.txt"
    if sign_ins.exists():
        click.echo(sign_ins.read_text(encoding="utf-8"))
    return Server(listen_on, port, public_url, certificate).serve()

"""`resume run`: serve the web application and a worker."""

from __future__ import annotations

from urllib.parse import urlsplit

import click

from resume import clock


@click.command()
@click.option("--tls", is_flag=True, help="Serve https with a certificate of our own, for phones nearby.")
@click.option("--host", default=None, help="Address to listen on (127.0.0.1; with --tls: all).")
@click.option("--port", type=int, default=None, help="Port (that of RESUME_PUBLIC_URL, or 8000).")
def run(tls: bool, host: str | None, port: int | None) -> int:
    """Serve the web application and a worker; prints the address."""
    from resume.app import create_app
    from resume.serving import Server
    from resume.settings import BadSetting, Settings
    from resume.tls import certificate_for, own_address

    try:
        settings = Settings.from_environment()
    except BadSetting as error:
        raise click.UsageError(str(error)) from None
    port = port or urlsplit(settings.public_url).port or 8000
    public_url, certificate = settings.public_url, None
    if tls:
        address = own_address()
        public_url = f"https://{address}:{port}"
        certificate = certificate_for(settings.keys_folder, address, at=clock.real_now())
    elif urlsplit(public_url).port != port:
        public_url = f"http://127.0.0.1:{port}"
    app = create_app(settings)
    _require_home(app)
    click.echo(f"复工通 · {public_url}")
    sign_ins = settings.home / "demo-sign-ins.txt"
    if sign_ins.exists():
        click.echo(sign_ins.read_text(encoding="utf-8"))
    server = Server(app, host or ("0.0.0.0" if tls else "127.0.0.1"), port, public_url, certificate)  # noqa: S104
    return server.serve()


def _require_home(app: object) -> None:
    """Say what to do where there is no home yet, or one of an older version."""
    from flask import Flask

    from resume.home import is_ready

    assert isinstance(app, Flask)
    with app.app_context():
        if not is_ready():
            raise click.UsageError("no home here, or an older one: run `resume init` first")

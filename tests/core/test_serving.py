"""Where a home is served."""

from __future__ import annotations

import socket

import pytest
from click.testing import CliRunner

from resume.cli import cli
from resume.serving import is_free
from resume.settings import Settings


def test_a_port_of_another_server_is_not_shared(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RESUME_HOME", str(settings.home))
    monkeypatch.setenv("RESUME_DATABASE_URL", settings.database_url)
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)  # as the web processes of another home do
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        assert not is_free("127.0.0.1", port)
        said = CliRunner().invoke(cli, ["run", "--port", str(port)])
        assert said.exit_code == 2
        assert f"127.0.0.1:{port}" in said.output
    assert is_free("127.0.0.1", port)

"""What a gate's device carries, and the page that works with the server gone."""

from __future__ import annotations

import json
import re
from base64 import b64decode
from datetime import datetime

import pytest
from cryptography.hazmat.primitives.serialization import load_der_public_key
from flask import Flask
from flask.testing import FlaskClient

from resume.credential.keys import open_key_list
from resume.gate.app_files import names
from resume.passes.operations import revoke
from resume.roles import Actor, Role
from resume.settings import ROOT
from tests.conftest import SignIn
from tests.gate.conftest import Way

REVIEWER = Actor("reviewer", Role.REVIEWER, district_code="310115")


@pytest.fixture
def guard(sign_in: SignIn, way: Way) -> FlaskClient:
    return sign_in(Role.GUARD, gate_id=way.home)


def test_the_package_proves_its_lists(guard: FlaskClient, way: Way, at: datetime) -> None:
    response = guard.get("/gate/package")
    package = response.get_json()
    assert package["gate"]["building_ids"] == [way.city.building_id]
    assert [lane["direction"] for lane in package["lanes"]] == ["out", "in"]
    anchor = load_der_public_key(b64decode(package["anchor"]))
    keys, issued_at = open_key_list(
        guard.get(package["key_list"]).data,
        anchor,  # type: ignore[arg-type]
        issuer=package["issuer"],
        at=at,
    )
    assert keys.entries
    assert issued_at <= at
    for listed in package["status_lists"]:
        assert guard.get(listed["url"]).status_code == 200
    # The words of every code a device can come to, and none of a person's health.
    assert {"OK", "USED", "REVOKED", "SUSPENDED", "OFFLINE_STALE", "MALFORMED"} <= package["words"].keys()
    assert {"POSITIVE", "CONTACT"}.isdisjoint(package["words"])
    assert not [name for name in ("王小明", way.first().number) if name in response.get_data(as_text=True)]


def test_the_package_is_taken_once(guard: FlaskClient, way: Way, at: datetime) -> None:
    first = guard.get("/gate/package")
    again = guard.get("/gate/package", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    # What changes with each call is told all the same.
    assert again.headers["Resume-Time"]
    assert again.headers["Resume-Token"]
    revoke(way.first().id, reason="test", by=REVIEWER, at=at)
    # A status that changed is the list's to say.
    assert guard.get("/gate/package").headers["ETag"] == first.headers["ETag"]
    english = guard.get("/gate/package", headers={"Accept-Language": "en"})
    assert english.headers["ETag"] != first.headers["ETag"]


def test_the_kept_page_knows_nobody(guard: FlaskClient, client: FlaskClient) -> None:
    kept = guard.get("/gate/shell")
    assert "Set-Cookie" not in kept.headers
    assert kept.data == client.get("/gate/shell").data
    html = kept.get_data(as_text=True)
    assert "春晓苑" not in html
    assert re.findall(r'name="csrf_token" value="(.+?)"', html) == []
    assert 'lang="en"' in client.get("/gate/shell", headers={"Accept-Language": "en"}).get_data(as_text=True)


def test_the_worker_keeps_what_is_there(app: Flask, client: FlaskClient) -> None:
    response = client.get("/gate/worker.js")
    assert response.headers["Service-Worker-Allowed"] == "/gate"
    assert response.mimetype == "text/javascript"
    told = json.loads(re.match(r"const GATE = (.+);", response.get_data(as_text=True)).group(1))  # type: ignore[union-attr]
    for address in (*told["files"], told["shell"], *(icon["src"] for icon in manifest(client)["icons"])):
        assert client.get(address).status_code == 200, address
    # Every module that another imports is among them, and the same worker is told every reader of a language.
    own = {address.rsplit("/app/", 1)[1].split("/", 1)[1] for address in told["files"] if "/app/" in address}
    assert own == set(names())
    assert client.get("/gate/worker.js").data == response.data
    english = client.get("/gate/worker.js", headers={"Accept-Language": "en"}).get_data(as_text=True)
    assert told["version"] not in english
    version = told["files"][0].split("/")[3]
    assert client.get(f"/gate/app/{version}/worker.js").status_code == 404
    assert client.get("/gate/app/000000000000/gate.js").status_code == 404


def manifest(client: FlaskClient) -> dict[str, list[dict[str, str]]]:
    found = client.get("/gate/manifest.webmanifest").get_json(force=True)
    assert found["start_url"] == found["scope"] == "/gate"
    return found  # type: ignore[no-any-return]


def test_modules_import_what_is_there() -> None:
    folder = ROOT / "static/gate"
    for path in folder.rglob("*.js"):
        for target in re.findall(r'from "(\.[^"]+)"', path.read_text(encoding="utf-8")):
            assert (path.parent / target).exists(), f"{path.name}: {target}"

"""Photographs of documents: what is kept of a file, who sees it, and where it is gone."""

from __future__ import annotations

import io

import pytest
from PIL import Image
from sqlalchemy import func, select

from resume.db import new_id, reading
from resume.papers.refused import PaperRefused
from resume.portraits.models import Portrait
from resume.portraits.operations import give_portrait
from resume.portraits.queries import read_portrait
from resume.refusals import NotFound
from resume.roles import Actor, Role
from tests.gate.conftest import Way

HR = Actor("hr", Role.HR)
PLACE = b"GPS of the place"


def picture(kind: str = "JPEG", size: tuple[int, int] = (1600, 1200)) -> bytes:
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = PLACE.decode()
    Image.new("RGB", size, (120, 80, 60)).save(out, kind, exif=exif)
    return out.getvalue()


def give(way: Way, data: bytes, name: str = "photo.jpg", **other: object) -> Portrait:
    named = {"firm_id": way.city.firm_id, "by": HR, "at": way.city.at} | other
    return give_portrait(way.city.worker_ids[0], data, name, **named)  # type: ignore[arg-type]


@pytest.mark.parametrize(("kind", "name"), [("JPEG", "a.jpg"), ("PNG", "a.png")])
def test_a_picture_is_kept_small_without_its_place_and_sealed(way: Way, kind: str, name: str) -> None:
    given = picture(kind)
    made = give(way, given, name)
    media, data = read_portrait(way.city.person_keys[0], firm_id=way.city.firm_id)
    assert media == f"image/{kind.lower()}"
    assert max(Image.open(io.BytesIO(data)).size) == 640
    assert PLACE in given
    assert PLACE not in data
    assert data[:40] not in reading().scalar(select(Portrait.sealed).where(Portrait.id == made.id))


def test_a_new_one_takes_the_place_of_the_one_before(way: Way) -> None:
    give(way, picture())
    second = give(way, picture("PNG"), "b.png")
    assert list(reading().scalars(select(Portrait.id))) == [second.id]


@pytest.mark.parametrize(
    ("data", "name", "code"),
    [
        (b"%PDF-1.7\n", "a.pdf", "damaged"),
        (b"GIF89a", "a.gif", "type"),
        (picture()[:400], "a.jpg", "damaged"),
        (picture(), "a.pdf", "renamed"),
        (b"", "a.jpg", "empty"),
        (b"\xff\xd8\xff" + b"\0" * (6 * 2**20), "a.jpg", "too_large"),
    ],
)
def test_what_is_no_picture_is_refused_with_words(way: Way, data: bytes, name: str, code: str) -> None:
    with pytest.raises(PaperRefused) as caught:
        give(way, data, name)
    assert caught.value.code == f"paper_{code}"
    assert caught.value.advice
    assert reading().scalar(select(func.count()).select_from(Portrait)) == 0


def test_another_firms_worker_is_not_found(way: Way) -> None:
    with pytest.raises(NotFound):
        give(way, picture(), firm_id=way.city.firm_id + 1)


def test_hr_gives_it_and_the_guard_sees_it_beside_his_own_scan_alone(way: Way, sign_in) -> None:
    hr = sign_in(Role.HR, firm_id=way.city.firm_id)
    guard, other = sign_in(Role.GUARD, gate_id=way.home), sign_in(Role.GUARD, gate_id=way.elsewhere)
    where = f"/list/workers/{way.city.worker_ids[0]}/photo"
    nonce = new_id()
    page = guard.post("/gate", data={"presented": way.token(), "nonce": str(nonce)}).get_data(as_text=True)
    assert "gate-photo" not in page
    assert guard.get(f"/gate/{nonce}/photo").status_code == 404
    assert hr.post(where, data={"file": (io.BytesIO(b"no"), "a.jpg")}).status_code == 415
    assert hr.post(where, data={"file": (io.BytesIO(picture()), "a.jpg")}).status_code == 303
    assert "img" in hr.get(where).get_data(as_text=True)
    assert hr.get(f"{where}/image").mimetype == "image/jpeg"
    second = new_id()
    page = guard.post("/gate", data={"presented": way.token(), "nonce": str(second)}).get_data(as_text=True)
    assert f"/gate/{second}/photo" in page
    shown = guard.get(f"/gate/{second}/photo")
    assert (shown.mimetype, shown.headers["Cache-Control"]) == ("image/jpeg", "no-store")
    assert other.get(f"/gate/{second}/photo").status_code == 404
    assert hr.post(f"{where}/remove").status_code == 303
    assert guard.get(f"/gate/{second}/photo").status_code == 404

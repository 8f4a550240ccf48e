"""Changed, foreign and hostile files: read-back answers, and never says good."""

import hashlib
import random
import re
import zlib
from datetime import UTC, datetime
from pathlib import Path

import pytest

from resume.passes.authority import Authority, make_authority
from resume.passes.sheet.facts import printed_fields
from resume.passes.sheet.readback import read_back
from resume.passes.sheet.render import SheetPress
from resume.passes.sheet.sign import SheetSigner
from resume.passes.sheet.signature import read_signature
from tests.passes.sheet_samples import FILES, facts

AT = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return make_authority(tmp_path_factory.mktemp("keys"), at=AT)


@pytest.fixture(scope="module")
def press() -> SheetPress:
    return SheetPress(FILES)


@pytest.fixture(scope="module")
def pdf(authority: Authority, press: SheetPress) -> bytes:
    return SheetSigner(authority.private_key, authority.certificate).sign(press.render(facts()), at=AT)


def flipped(pdf: bytes, at: int, bit: int = 1) -> bytes:
    return pdf[:at] + bytes([pdf[at] ^ bit]) + pdf[at + 1 :]


def test_a_flipped_byte_anywhere_is_found(pdf: bytes, authority: Authority) -> None:
    draw = random.Random(7)
    places = {*draw.sample(range(len(pdf)), 120), *range(12), *range(len(pdf) - 12, len(pdf))}
    good = [at for at in places if read_signature(flipped(pdf, at), [authority.root]).answer == "good"]
    assert good == []


def test_every_digit_of_the_signature_and_its_padding_counts(pdf: bytes, authority: Authority) -> None:
    start = pdf.index(b"/Contents<") + len(b"/Contents<")
    end = pdf.index(b">", start)
    assert pdf[end - 8 : end] == b"0" * 8  # there is padding
    places = [*range(start, end, 61), *range(end - 16, end)]
    good = [at for at in places if read_signature(flipped(pdf, at), [authority.root]).answer == "good"]
    assert good == []
    upper = pdf[:start] + pdf[start:end].upper() + pdf[end:]
    assert read_signature(upper, [authority.root]).answer == "broken"


def test_layers_say_which_one_disagrees(pdf: bytes, authority: Authority, press: SheetPress) -> None:
    expected = printed_fields(facts())
    whole = read_back(pdf, trust_roots=[authority.root])
    assert whole.layers(qr_text=facts().qr_text, fields=expected) == {
        "signature": "good",
        "qr": "good",
        "text": "good",
    }
    # Somebody prints another name over the same code, and keeps the old signature's bytes.
    other = SheetSigner(authority.private_key, authority.certificate).sign(
        press.render(facts(name="李大海")), at=AT
    )
    start = other.index(b"/Contents<") + len(b"/Contents<")
    forged = other[:start] + b"30820001" + other[start + 8 :]
    found = read_back(forged, trust_roots=[authority.root])
    assert found.layers(qr_text=facts().qr_text, fields=expected) == {
        "signature": "broken",
        "qr": "good",
        "text": "differs",
    }
    assert found.fields["name"] == "李大海"


def test_another_authority_is_untrusted(pdf: bytes, tmp_path: Path) -> None:
    stranger = make_authority(tmp_path, at=AT)
    assert read_back(pdf, trust_roots=[stranger.root]).signature == "untrusted"
    assert read_back(pdf, trust_roots=[]).signature == "untrusted"


def test_the_hash_of_the_file_is_compared(pdf: bytes, authority: Authority) -> None:
    digest = hashlib.sha256(pdf).hexdigest()
    assert read_back(pdf, trust_roots=[authority.root], expected_sha256=digest).hash_matches is True
    assert read_back(pdf, trust_roots=[authority.root], expected_sha256="0" * 64).hash_matches is False


def test_a_later_revision_is_broken(pdf: bytes, authority: Authority) -> None:
    start = int(re.findall(rb"startxref\n(\d+)", pdf)[0])
    later = (
        pdf
        + b"9999 0 obj\n<<>>\nendobj\nxref\n0 0\ntrailer\n<</Size 9/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n"
        % start
    )
    for changed in (later, pdf + b"\n", pdf + bytes(100)):
        assert read_back(changed, trust_roots=[authority.root]).signature == "broken"


HOSTILE = {
    "nothing": b"",
    "a word": b"hello",
    "only a head": b"%PDF-1.7\n",
    "a zip": b"PK\x03\x04" + bytes(100),
    "too large": b"%PDF-1.7\n" + bytes(300_000),
    "deep arrays": b"%PDF-1.7\n1 0 obj\n" + b"[" * 50_000 + b"\nendobj\nstartxref\n9\n%%EOF\n",
    "bomb": b"%PDF-1.7\n1 0 obj\n<</Type/ObjStm/Filter/FlateDecode>>stream\n"
    + zlib.compress(bytes(20_000_000))
    + b"\nendstream\nendobj\n%%EOF\n",
    "encrypted": b"%PDF-1.7\ntrailer\n<</Encrypt 1 0 R>>\n%%EOF\n",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_anything_gets_an_answer(name: str, authority: Authority) -> None:
    found = read_back(HOSTILE[name], trust_roots=[authority.root])
    assert found.signature in ("missing", "broken")
    assert found.qr_text is None
    assert found.layers(qr_text="x", fields={"name": "x"})["text"] in ("missing", "differs")


def test_truncated_and_shuffled_sheets_get_an_answer(pdf: bytes, authority: Authority) -> None:
    draw = random.Random(11)
    for _ in range(40):
        cut = draw.randrange(len(pdf))
        mutant = bytearray(pdf[:cut] + pdf[cut + draw.randrange(1, 500) :])
        for _ in range(draw.randrange(20)):
            mutant[draw.randrange(len(mutant))] = draw.randrange(256)
        assert read_back(bytes(mutant), trust_roots=[authority.root]).signature != "good"

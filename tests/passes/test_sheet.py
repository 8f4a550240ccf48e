"""The pass sheet as a file: judged by tools that did not make it."""

import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from resume.passes.authority import Authority, KeysExist, kid_of, load_authority, make_authority
from resume.passes.sheet.facts import GlyphsMissing, SheetFacts, TextTooLong, printed_fields
from resume.passes.sheet.qr import QrTooLarge
from resume.passes.sheet.readback import read_back
from resume.passes.sheet.render import SheetPress
from resume.passes.sheet.sign import SheetSigner
from resume.passes.sheet.template import TemplatePress
from resume.printing import ForeignFile
from tests.passes.sheet_samples import EXTREMES, FILES, facts, qr_text

AT = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
ALL = {"plain": facts(), **EXTREMES}


@pytest.fixture(scope="module")
def press() -> SheetPress:
    return SheetPress(FILES)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return make_authority(tmp_path_factory.mktemp("home") / "keys", at=AT)


@pytest.fixture(scope="module")
def signer(authority: Authority) -> SheetSigner:
    return SheetSigner(authority.private_key, authority.certificate)


def output(*command: object) -> str:
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(params=ALL, scope="module")
def made(
    request: pytest.FixtureRequest,
    press: SheetPress,
    signer: SheetSigner,
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[SheetFacts, Path]:
    given = ALL[request.param]
    path = tmp_path_factory.mktemp("sheet") / "sheet.pdf"
    path.write_bytes(signer.sign(press.render(given), at=AT))
    return given, path


def test_other_tools_find_the_file_whole(made: tuple[SheetFacts, Path]) -> None:
    _, path = made
    assert "No syntax or stream encoding errors" in output("qpdf", "--check", path)
    seen = output("pdfsig", path)
    assert "Signature Validation: Signature is Valid." in seen
    assert "Total document signed" in seen
    assert "ETSI.CAdES.detached" in seen
    info = output("pdfinfo", path)
    assert "Pages:           1\n" in info
    assert "419.53 x 595.28 pts" in info  # A5


def test_every_font_is_embedded_and_maps_to_unicode(made: tuple[SheetFacts, Path]) -> None:
    rows = output("pdffonts", made[1]).splitlines()[2:]
    assert rows
    for row in rows:
        assert row.split()[-5:-2] == ["yes", "yes", "yes"], row


@pytest.mark.parametrize("dpi", [100, 200])
def test_the_printed_code_decodes_to_the_very_text(made: tuple[SheetFacts, Path], dpi: int) -> None:
    given, path = made
    output("pdftoppm", "-r", dpi, "-png", "-singlefile", path, path.with_name(f"page{dpi}"))
    picture = path.with_name(f"page{dpi}.png")
    assert output("zbarimg", "-q", "--raw", "-Sdisable", "-Sqrcode.enable", picture).strip() == given.qr_text


def test_read_back_gives_what_was_printed(made: tuple[SheetFacts, Path], authority: Authority) -> None:
    given, path = made
    found = read_back(path.read_bytes(), trust_roots=[authority.root])
    assert (found.signature, found.reason) == ("good", "")
    assert found.signed_at == AT
    assert found.qr_text == given.qr_text
    assert found.fields == printed_fields(given)


def test_another_reader_finds_the_text_too(made: tuple[SheetFacts, Path]) -> None:
    given, path = made
    seen = "".join(output("pdftotext", "-raw", path, "-").split())
    for key in ("name", "firm", "document", "valid_to"):
        assert "".join(printed_fields(given)[key].split()) in seen


def test_a_sheet_is_small(press: SheetPress, signer: SheetSigner) -> None:
    assert len(signer.sign(press.render(facts()), at=AT)) <= 40 * 1024


def test_the_same_facts_give_the_same_page(press: SheetPress) -> None:
    assert press.render(facts()) == press.render(facts()) == SheetPress(FILES).render(facts())


def test_a_character_without_glyph_is_refused_by_number(press: SheetPress) -> None:
    with pytest.raises(GlyphsMissing) as refused:
        press.render(facts(name="王\U000e0001\x07明\ue000\U000e0001"))
    assert refused.value.code_points == (0xE0001, 0x7, 0xE000)
    assert "U+E0001 U+0007" in refused.value.text["zh"]
    assert press.missing_code_points("王小明") == ()


def test_what_does_not_fit_is_refused_not_cut(press: SheetPress) -> None:
    with pytest.raises(TextTooLong):
        press.render(facts(hotline="0" * 200))
    with pytest.raises(QrTooLarge):
        press.render(facts(qr_text=qr_text(320) + "A" * 200))


def test_the_template_fetches_nothing(press: SheetPress) -> None:
    regular, bold = press.fonts.files[:2]
    templates = TemplatePress(FILES, (regular, bold))
    for address in ("http://127.0.0.1:9/x.png", "file:///etc/hostname", "data:image/png;base64,AAAA"):
        with pytest.raises(ForeignFile):
            templates.pdf(f'<html><body><img src="{address}"></body></html>')


def test_keys_are_private_and_never_overwritten(tmp_path: Path) -> None:
    made = make_authority(tmp_path, at=AT)
    files = sorted(tmp_path.iterdir())
    assert {path.stat().st_mode & 0o777 for path in files} == {0o600}
    with pytest.raises(KeysExist):
        make_authority(tmp_path, at=AT)
    loaded = load_authority(tmp_path)
    assert loaded.certificate == made.certificate
    assert loaded.root == made.root
    assert loaded.kid == kid_of(made.certificate)
    assert len(made.kid) == 8
    assert "演示" in made.certificate.subject.rfc4514_string()
    made.certificate.verify_directly_issued_by(made.root)

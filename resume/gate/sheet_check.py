"""A pass sheet read back and held against its own QR, against the pass and the file that was handed out.

Three layers that must agree: the printed text, the QR, the signature; and the file itself, where it is kept
here. Whatever disagrees is named. A sheet that anybody changed is red, however good its QR.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cryptography import x509
from flask import current_app

from resume.credential.keys import KeyState
from resume.credential.payload import ELLIPSIS, Claims
from resume.credential.views import Advice, Answer, GateView, Verdict
from resume.db import reading
from resume.gate.answer import Check, answer_for
from resume.passes.authority import kid_of, load_authority
from resume.passes.keys import key_set
from resume.passes.models import Pass, Sheet
from resume.passes.sheet.facts import printed_date, printed_number, printed_time
from resume.passes.sheet.readback import SheetReading, read_back
from resume.passes.sheet.reading import page_of
from resume.passes.sheets import read_sheets, token_text

ALTERED = "ALTERED"
_UNPROVEN = ("MALFORMED", "KEY_UNKNOWN", "KEY_DISTRUSTED", "KEY_RETIRED", "FORGED")


@dataclass(frozen=True, slots=True)
class SheetCheck:
    """The answer for a sheet. `layers`: signature, qr, text, file, then those of the token's check.

    `claims`: what its QR says, where that is proven, whatever the other layers come to.
    """

    answer: Answer
    layers: Mapping[str, str]
    claims: Claims | None = None


def check_sheet(
    pdf: bytes, *, gate: GateView, at: datetime, read: Callable[..., SheetReading] = read_back
) -> SheetCheck:
    """Every layer of any bytes at all: red with ALTERED where one is not as issued, else the token's answer.

    Layers say good, broken, missing, untrusted or differs; `file` is unknown where no sheet is kept here.
    `read` is `read_back`, or `read_in_child` where a server is handed a stranger's file.
    """
    # A retired or distrusted key is the token's to say; the root vouches for all of them.
    found = read(pdf, trust_roots=[_root()])
    if found.qr_text is None:
        return _altered(found.layers(qr_text=None, fields={}) | {"file": "unknown"}, None)
    checked = answer_for(found.qr_text, gate=gate, at=at, by_number=False)
    layers = _layers(found, checked)
    if all(layer in ("good", "unknown") for layer in layers.values()):
        return SheetCheck(checked.answer, layers | _of_token(checked.answer), checked.answer.claims)
    return _altered(layers, checked.answer)


def _root() -> x509.Certificate:
    return load_authority(Path(current_app.config["RESUME_KEYS_FOLDER"])).root


def _is_distrusted(certificate: x509.Certificate | None) -> bool:
    """Whether a key signed the sheet that nobody may trust any longer; the root still vouches for it."""
    entry = None if certificate is None else key_set().find_entry(kid_of(certificate))
    return entry is not None and entry.state is KeyState.DISTRUSTED


def _layers(found: SheetReading, checked: Check) -> dict[str, str]:
    claims = checked.answer.claims
    layers = found.layers(qr_text=None, fields=_expected(checked))
    if claims is None:
        layers["qr"] = "broken" if checked.answer.code in _UNPROVEN else "differs"
        layers["file"] = "unknown"
        return layers
    if layers["signature"] == "good" and _is_distrusted(found.certificate):
        layers["signature"] = "untrusted"  # the token is of another key; its own would have said it
    if layers["text"] == "good" and not _names_agree(claims, found.fields):
        layers["text"] = "differs"
    if checked.found is not None and found.qr_text != token_text(checked.found):
        layers["qr"] = "differs"
    layers["file"] = _file(found, checked.found)
    return layers


def _expected(checked: Check) -> dict[str, str]:
    """Printed texts as they must be: all of those of the sheet handed out, or those that the QR says."""
    issued = None if checked.found is None else _issued(checked.found)
    if issued is not None:
        return issued
    if checked.answer.claims is None:
        return {}
    claims, payload = checked.answer.claims, checked.answer.claims.payload
    since = payload.building_clear_from
    return {
        "number": printed_number(payload.number),
        "pcr_sampled_at": printed_time(payload.pcr_sampled_at),
        "building_clear_since": printed_date(since) if since else "无在案阳性",
        "valid_from": printed_time(claims.nbf),
        "valid_to": printed_time(claims.exp),
        "good_until": printed_time(payload.good_until),
    }


def _issued(found: Pass) -> dict[str, str] | None:
    """What is printed on the sheet that was handed out, read the same way; None where none is kept."""
    for kept in read_sheets([(found.id, found.number)]):
        return page_of(kept.pdf)[1]
    return None


def _names_agree(claims: Claims, fields: Mapping[str, str]) -> bool:
    """The name and last four of the QR against the printed ones; the QR may cut a name."""
    payload = claims.payload
    said, printed = ("".join(text.split()) for text in (payload.name, fields.get("name", "")))
    agrees = printed.startswith(said.removesuffix(ELLIPSIS)) if said.endswith(ELLIPSIS) else printed == said
    return agrees and fields.get("document", "").endswith(payload.last_four)


def _file(found: SheetReading, stored: Pass | None) -> str:
    sheet = None if stored is None else reading().get(Sheet, stored.id)
    if sheet is None:
        return "unknown"
    return "good" if sheet.sha256 == found.sha256 else "differs"


def _altered(layers: Mapping[str, str], answer: Answer | None) -> SheetCheck:
    """Red; what the token's check says stands after it, for it is not the reason any more."""
    others = () if answer is None else tuple(code for code in answer.reasons if code != "OK")
    refused = Answer(Verdict.RED, ALTERED, (ALTERED, *others), None, {}, Advice.REFUSE)
    of_token = {} if answer is None else _of_token(answer)
    return SheetCheck(refused, {**layers, **of_token}, None if answer is None else answer.claims)


def _of_token(answer: Answer) -> dict[str, str]:
    """The layers of the token's check; its shape and signature are the sheet's layer `qr`."""
    return {name: state for name, state in answer.layers.items() if name not in ("shape", "signature")}

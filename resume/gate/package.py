"""What a gate's device carries to judge by itself when the server does not answer: no person, no secret.

Keys and status lists are public and signed; the package says where they are, and what they are proven by.
"""

from __future__ import annotations

import json
from base64 import b64encode
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from flask import url_for
from flask_babel import gettext as _

from resume.credential.check import LIST_GIVES_GREEN, LIST_RELEASES
from resume.gate.answer import PROFILE, gate_view
from resume.gate.lifecycle import own_reasons
from resume.gate.wording import Language, offline_words, refusal_words
from resume.passes.drafts import status_uri
from resume.passes.keys import ISSUER, status_signer
from resume.passes.status_list import shards
from resume.places.models import Gate
from resume.policy import policy_at

Package = dict[str, Any]


def package_of(gate: Gate, *, language: Language, at: datetime) -> Package:
    """The package of a gate in the reader's language, without what changes with each call. Four queries.

    Raises NoSigningKey, NoPolicy before the first policy.
    """
    view = gate_view(gate)
    trip_hours = policy_at(at).profile(PROFILE).terms.trip_hours.value
    return {
        "gate": {
            "id": gate.id,
            "name": gate.name,
            "kind": view.kind,
            "building_ids": sorted(view.building_ids),
            "plant_ids": sorted(view.plant_ids),
        },
        "lanes": [asdict(lane) for lane in lanes_of(gate)],
        "issuer": ISSUER,
        "anchor": b64encode(list_anchor()).decode(),
        "key_list": url_for("passes.keys"),
        "status_lists": [
            {"uri": status_uri(shard), "url": url_for("passes.status_list", shard=shard)} for shard in shards()
        ],
        "words": offline_words(language=language),
        "refusals": [
            {"code": code, "text": refusal_words(code, language=language)} for code in own_reasons(gate.kind)
        ],
        "freshness": {
            "green_seconds": int(LIST_GIVES_GREEN.total_seconds()),
            "release_seconds": int(LIST_RELEASES.total_seconds()),
        },
        "trip_seconds": trip_hours * 3600,
    }


@dataclass(frozen=True, slots=True)
class Lane:
    """One way through a gate: its direction, the profile it asks, and whether it tests on the spot."""

    direction: str
    profile: str
    antigen_required: bool
    label: str


def lanes_of(gate: Gate) -> list[Lane]:
    """The lanes of a gate, the usual one first."""
    if gate.kind == "plant":
        return [Lane("in", PROFILE, True, _("进厂"))]
    return [Lane("out", PROFILE, False, _("出小区"))]


def list_anchor() -> bytes:
    """The public key (SPKI, DER) by which a device proves the key list. Raises NoSigningKey."""
    key = status_signer().private_key.public_key()
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def etag_of(package: Package) -> str:
    """A digest of the package: the same as long as a device need not take it again."""
    return sha256(json.dumps(package, sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:24]

"""What a gate's device carries to judge by itself when the server does not answer: no person, no secret.

Keys and status lists are public and signed; the package says where they are, and what they are proven by.
"""

from __future__ import annotations

import json
from base64 import b64encode
from datetime import datetime
from hashlib import sha256
from typing import Any

from flask import url_for

from resume.credential.check import LIST_GIVES_GREEN, LIST_RELEASES
from resume.gate.lanes import RTW, Lane, gate_view, lanes_of
from resume.gate.lifecycle import own_reasons
from resume.gate.wording import Language, lane_words, offline_words, refusal_words
from resume.passes.drafts import status_uri
from resume.passes.keys import ISSUER, list_anchor
from resume.passes.status_list import shards
from resume.places.models import Gate
from resume.policy import policy_at

Package = dict[str, Any]


def package_of(gate: Gate, *, language: Language, at: datetime) -> Package:
    """The package of a gate in the reader's language, without what changes with each call. Four queries.

    Raises NoSigningKey, NoPolicy before the first policy.
    """
    lanes = lanes_of(gate, at=at)
    view = gate_view(gate, lanes[0])
    trip_hours = policy_at(at).profile(RTW).terms.trip_hours.value
    return {
        "gate": {
            "id": gate.id,
            "name": gate.name,
            "kind": view.kind,
            "building_ids": sorted(view.building_ids),
            "plant_ids": sorted(view.plant_ids),
        },
        "lanes": [_carried(lane, language) for lane in lanes],
        "issuer": ISSUER,
        "anchor": b64encode(list_anchor(at=at)).decode(),
        "key_list": url_for("passes.keys"),
        "status_lists": [
            {"uri": status_uri(shard), "url": url_for("passes.status_list", shard=shard)}
            for shard in shards()
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


def _carried(lane: Lane, language: Language) -> dict[str, object]:
    return {
        "direction": lane.direction,
        "profile": lane.profile,
        "antigen_required": lane.antigen_required,
        "label": str(lane.label),
        "words": lane_words(lane.profile, language=language),
    }


def etag_of(package: Package) -> str:
    """A digest of the package: the same as long as a device need not take it again."""
    return sha256(json.dumps(package, sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:24]

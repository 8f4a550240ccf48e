"""What a pass says, and how its names are cut to fit a QR that reads at arm's length.

Times are aware datetimes, whole seconds; the store and the token hold UTC.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal

from resume.credential.number import BadNumber, is_pass_number
from resume.credential.phone import PhoneKey

SCHEMA_VERSION = 1
NAMES_BUDGET = 95  # bytes of UTF-8, all four names together
PERSON_NAME_LENGTH = 15  # code points
ELLIPSIS = "…"

Medium = Literal["paper", "phone"]

# Numbers on the wire; only ever appended to.
PROFILES = {
    "RTW": 1,
    "ROTATE": 2,
    "RIDER": 3,
    "AIR_OPS": 4,
    "AIR_PICKUP": 5,
    "LEAVE": 6,
    "TRUCK": 7,
    "MOVER": 8,
    "MEDICAL": 9,
}
DOCUMENT_TYPES = {
    "resident_id": 1,
    "hk_macao_permit": 2,
    "taiwan_permit": 3,
    "hmt_residence": 4,
    "foreign_residence": 5,
    "passport": 6,
}


@dataclass(frozen=True, slots=True)
class PassPayload:
    """The pass itself, the private claim of the token.

    `origin_id` is a building, `destination_id` a plant (both small non-negative integers of the
    register of places). `last_four` are the last characters of the document number: enough to
    compare with the card, too little to find the person. Names are whole here; `mint` cuts them.
    """

    profile: str
    number: str
    name: str
    document_type: str
    last_four: str
    firm: str
    origin_id: int
    origin_name: str
    destination_id: int
    destination_name: str
    pcr_sampled_at: datetime
    good_until: datetime
    building_clear_from: date | None = None
    specimen: bool = False
    medium: Medium = "paper"
    schema_version: int = SCHEMA_VERSION

    def __post_init__(self) -> None:
        if self.schema_version != SCHEMA_VERSION:
            raise ValueError(f"schema version {self.schema_version} is not known here")
        if self.profile not in PROFILES:
            raise ValueError(f"no pass profile {self.profile!r}")
        if self.document_type not in DOCUMENT_TYPES:
            raise ValueError(f"no document type {self.document_type!r}")
        if not is_pass_number(self.number):
            raise BadNumber(f"{self.number!r} is no pass number")
        if not (1 <= len(self.last_four) <= 4 and self.last_four.isascii() and self.last_four.isalnum()):
            raise ValueError("last_four is one to four ASCII letters and digits")
        if self.medium not in ("paper", "phone"):
            raise ValueError(f"no medium {self.medium!r}")
        if not (0 <= self.origin_id < 2**32 and 0 <= self.destination_id < 2**32):
            raise ValueError("ids of places are integers below 2^32")

    @property
    def names(self) -> tuple[str, str, str, str]:
        """The worker's name, the firm, the origin, the destination."""
        return self.name, self.firm, self.origin_name, self.destination_name

    def with_names(self, names: tuple[str, str, str, str]) -> PassPayload:
        """The same pass with other names, in the order of `names`."""
        name, firm, origin, destination = names
        return replace(self, name=name, firm=firm, origin_name=origin, destination_name=destination)


@dataclass(frozen=True, slots=True)
class Claims:
    """The whole claims set of a token.

    `cti` is the pass id (16 bytes) and the only identity of a token: an ECDSA signature differs
    each time. `status_idx` and `status_uri` point into the status list (2 bits a pass).
    `phone_key` is there exactly when the pass lives on a phone.
    """

    iss: str
    cti: bytes
    iat: datetime
    nbf: datetime
    exp: datetime
    status_idx: int
    status_uri: str
    payload: PassPayload
    phone_key: PhoneKey | None = None

    def __post_init__(self) -> None:
        if len(self.cti) != 16:
            raise ValueError("cti has 16 bytes")
        if not self.iss or not self.status_uri:
            raise ValueError("iss and the status URI may not be empty")
        if not 0 <= self.status_idx < 2**32:
            raise ValueError("a status index is an integer below 2^32")
        if not self.iat <= self.nbf < self.exp:
            raise ValueError("iat <= nbf < exp does not hold")
        if (self.phone_key is not None) != (self.payload.medium == "phone"):
            raise ValueError("a pass on a phone names the phone's key, one on paper names none")


def size(text: str) -> int:
    """Bytes of `text` in UTF-8."""
    return len(text.encode())


def cut(text: str, *, limit: int) -> str:
    """`text` within `limit` bytes of UTF-8, whole code points, an ellipsis where something is missing.

    A limit below the ellipsis' own 3 bytes leaves nothing.
    """
    if size(text) <= limit:
        return text
    kept = text.encode()[: max(limit - size(ELLIPSIS), 0)].decode(errors="ignore")
    # A combining mark alone at the end of the rest would change the letter it belonged to.
    while kept and unicodedata.combining(text[len(kept)]):
        kept = kept[:-1]
    return kept.rstrip() + ELLIPSIS if limit >= size(ELLIPSIS) else ""


def cut_person(name: str) -> str:
    """A worker's name of at most 15 code points."""
    if len(name) <= PERSON_NAME_LENGTH:
        return name
    return name[: PERSON_NAME_LENGTH - 1] + ELLIPSIS


def shorten(names: tuple[str, str, str, str], budget: int = NAMES_BUDGET) -> tuple[str, str, str, str]:
    """The four names within `budget` bytes of UTF-8 together, the worker's served first.

    The others share what is left: short ones stay whole, and what they do not use goes to the
    longer ones. Each of them keeps at least its ellipsis, so that nobody takes a cut name for an
    empty one.
    """
    person, *others = (unicodedata.normalize("NFC", name) for name in names)
    reserve = sum(min(size(other), size(ELLIPSIS)) for other in others)
    person = cut(cut_person(person), limit=budget - reserve)
    left = budget - size(person)
    shortened = dict[int, str]()
    for waiting, position in enumerate(sorted(range(3), key=lambda place: size(others[place]))):
        shortened[position] = cut(others[position], limit=left // (3 - waiting))
        left -= size(shortened[position])
    return person, shortened[0], shortened[1], shortened[2]

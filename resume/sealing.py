"""Personal data at rest: sealed with AES-256-GCM, found again by a keyed blind index.

A sealed value is bound to its table, column and row: moved to another row it does not open. Keys live in
`<home>/keys/data-keys.json` (mode 0600), apart from the database.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from flask import current_app

KEY_FILE = "data-keys.json"
NONCE_BYTES = 12
INDEX_BYTES = 16
_BLOCK = 64
_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


class Unsealable(ValueError):
    """The value was sealed for another row, under a key we do not have, or was altered."""


@dataclass(frozen=True)
class Sealer:
    """Seals and opens values, and computes blind indexes. `keys` maps a key id (one byte) to 32 bytes."""

    keys: dict[int, bytes]
    current: int
    index_key: bytes

    def seal(self, value: Any, *, place: str) -> bytes:
        """Seal a JSON value; `place` is `table:column:row id` and is needed to open it."""
        return self.seal_bytes(_ENCODER.encode(value).encode(), place=place)

    def open(self, sealed: bytes, *, place: str) -> Any:
        """The value that was sealed for `place`; raises Unsealable for anything else."""
        return json.loads(self.open_bytes(sealed, place=place))

    def seal_bytes(self, value: bytes, *, place: str) -> bytes:
        """As `seal`, for a file's bytes: key id, nonce, ciphertext with its tag."""
        nonce = os.urandom(NONCE_BYTES)
        ciphertext = self._current_cipher.encrypt(nonce, value, place.encode())
        return bytes([self.current]) + nonce + ciphertext

    def open_bytes(self, sealed: bytes, *, place: str) -> bytes:
        """As `open`, for a file's bytes."""
        key = self.keys.get(sealed[0]) if sealed else None
        if key is None:
            raise Unsealable("sealed under an unknown key")
        nonce, ciphertext = sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :]
        try:
            return AESGCM(key).decrypt(nonce, ciphertext, place.encode())
        except InvalidTag:
            raise Unsealable("altered, or sealed for another row") from None

    def index(self, kind: str, text: str) -> bytes:
        """A 16-byte keyed index of `text` within `kind`, to find equal values without storing them."""
        # HMAC-SHA-256 over states that have taken the key in already: a feed asks for two million of them.
        keyed_inner, keyed_outer = self._keyed
        inner, outer = keyed_inner.copy(), keyed_outer.copy()
        inner.update(f"{kind}\x00{text}".encode())
        outer.update(inner.digest())
        return outer.digest()[:INDEX_BYTES]

    @cached_property
    def _current_cipher(self) -> AESGCM:
        return AESGCM(self.keys[self.current])

    @cached_property
    def _keyed(self) -> tuple[hashlib._Hash, hashlib._Hash]:
        """The inner and the outer state of RFC 2104 for the index key (32 bytes, so shorter than a block)."""
        key = self.index_key.ljust(_BLOCK, b"\0")
        return hashlib.sha256(bytes(b ^ 0x36 for b in key)), hashlib.sha256(bytes(b ^ 0x5C for b in key))


def make_keys(folder: Path) -> bool:
    """Make the data keys if there are none; True where they were made. Existing keys are never touched."""
    path = folder / KEY_FILE
    if path.exists():
        return False
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    content = {
        "current": 1,
        "keys": {"1": base64.b64encode(os.urandom(32)).decode()},
        "index": base64.b64encode(os.urandom(32)).decode(),
    }
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        json.dump(content, file)
    return True


def load_sealer(folder: Path) -> Sealer:
    """The sealer of a home; FileNotFoundError where `resume init` was not run."""
    content = json.loads((folder / KEY_FILE).read_text())
    keys = {int(number): base64.b64decode(key) for number, key in content["keys"].items()}
    return Sealer(keys=keys, current=content["current"], index_key=base64.b64decode(content["index"]))


def sealer() -> Sealer:
    """The running application's sealer, loaded at first use."""
    loaded = current_app.extensions.get("resume-sealer")
    if loaded is None:
        loaded = load_sealer(Path(current_app.config["RESUME_KEYS_FOLDER"]))
        current_app.extensions["resume-sealer"] = loaded
    return loaded

"""The process that reads a sheet that somebody handed in.

Parsers in native code on a stranger's bytes: they run in a process of their own (see resume.limited_child).

`read_in_child` starts it; in the child, `main` writes one JSON line: the fields of a `SheetReading`.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from resume.limited_child import limit_myself, run_limited

if TYPE_CHECKING:
    from cryptography import x509

    from resume.passes.sheet.readback import SheetReading


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file may cost, in bytes and seconds; `roots`: certificates that are trusted, PEM."""

    roots: str = ""
    memory: int = 2**30
    cpu_seconds: int = 10
    wall_seconds: float = 20.0


def read_in_child(pdf: bytes, *, trust_roots: Sequence[x509.Certificate]) -> SheetReading:
    """As `readback.read_back`, without signer and time of signing. What a limit ended is no sheet."""
    from hashlib import sha256

    from cryptography.hazmat.primitives.serialization import Encoding

    from resume.passes.sheet.readback import SheetReading

    pem = b"".join(root.public_bytes(Encoding.PEM) for root in trust_roots).decode()
    said = run_limited(__name__, "pypdfium2", pdf, Limits(roots=pem))
    if not said:
        return SheetReading(False, "broken", "reading was given up", sha256(pdf).hexdigest(), None, None, {})
    return SheetReading(sha256=sha256(pdf).hexdigest(), hash_matches=None, **json.loads(said))


def main(limits: Limits) -> None:
    """Read standard input, write what the sheet says. What raises here leaves nothing written."""
    limit_myself(limits)
    import logging

    from cryptography import x509

    from resume.passes.sheet.readback import read_back

    logging.disable()  # tracebacks of a stranger's file
    roots = x509.load_pem_x509_certificates(limits.roots.encode())
    found = read_back(sys.stdin.buffer.read(), trust_roots=roots)
    said = {
        "is_sheet": found.is_sheet,
        "signature": found.signature,
        "reason": found.reason,
        "qr_text": found.qr_text,
        "fields": dict(found.fields),
    }
    sys.stdout.buffer.write(json.dumps(said).encode())
    sys.stdout.buffer.flush()

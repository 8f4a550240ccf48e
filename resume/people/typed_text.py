"""What people type and spreadsheets paste, brought to one form before it is judged."""

import re
import unicodedata

# Full-width ASCII (U+FF01-U+FF5E), as a Chinese input method writes digits and letters.
_FULL_WIDTH = {0xFF01 + i: 0x21 + i for i in range(0x5E)}

# Invisible marks that travel with a paste from chats, web pages and Windows' property sheets.
INVISIBLE = dict.fromkeys(
    [0x00AD, 0x061C, 0x180E, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF]
    + list(range(0x200E, 0x2010))
    + list(range(0x202A, 0x202F))
    + list(range(0x2066, 0x206A))
)

_NOT_PLAIN = re.compile(r"[^0-9A-Z]")
_BLANK = re.compile(r"\s+")
_NARROW = _FULL_WIDTH | INVISIBLE


def compact(text: str) -> str:
    """A number as typed -> half-width, upper case, without blanks and invisible marks."""
    if not _NOT_PLAIN.search(text):
        return text
    return _BLANK.sub("", text.translate(_NARROW)).upper()


def tidy(text: str) -> str:
    """Free text -> NFC, without invisible marks, runs of blanks as one space, no blanks at the ends."""
    if text.isascii() and text.isalnum():
        return text
    return _BLANK.sub(" ", unicodedata.normalize("NFC", text.translate(INVISIBLE))).strip()


def unprintable(text: str) -> list[str]:
    """The code points of ``text`` that no text may hold: control, private use, surrogate, unassigned format."""
    if text.isprintable() and not any("\ue000" <= c <= "\uf8ff" or c >= "\U000f0000" for c in text):
        return []
    return [
        f"U+{ord(c):04X}" for c in text if unicodedata.category(c) in {"Cc", "Cf", "Co", "Cs", "Zl", "Zp"}
    ]

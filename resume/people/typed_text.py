"""What people type and spreadsheets paste, brought to one form before it is judged."""

import re
import unicodedata

# Full-width ASCII (U+FF01-U+FF5E), as a Chinese input method writes digits and letters.
_FULL_WIDTH = {0xFF01 + i: 0x21 + i for i in range(0x5E)}

# Invisible marks that travel with a paste from chats, web pages and Windows' property sheets.
_INVISIBLE_MARKS = (
    "\u00ad\u061c\u180e\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
    "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)
_INVISIBLE = dict.fromkeys(map(ord, _INVISIBLE_MARKS))

_NOT_PLAIN = re.compile(r"[^0-9A-Z]")
_BLANK = re.compile(r"\s+")
_NARROW = _FULL_WIDTH | _INVISIBLE


def compact(text: str) -> str:
    """A number as typed -> half-width, upper case, without blanks and invisible marks."""
    if not _NOT_PLAIN.search(text):
        return text
    return _BLANK.sub("", text.translate(_NARROW)).upper()


def tidy(text: str) -> str:
    """Free text -> NFC, without invisible marks, runs of blanks as one space, no blanks at the ends."""
    if text.isascii() and text.isalnum():
        return text
    return _BLANK.sub(" ", unicodedata.normalize("NFC", text.translate(_INVISIBLE))).strip()


_NO_TEXT = {"Cc", "Cf", "Co", "Cs", "Zl", "Zp"}


def unprintable(text: str) -> list[str]:
    """The code points (U+XXXX) that no text may hold: control, format, private use, surrogates."""
    if text.isprintable():  # False for all of these categories
        return []
    return [f"U+{ord(c):04X}" for c in text if unicodedata.category(c) in _NO_TEXT]

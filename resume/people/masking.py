"""What of a person is shown to those who need not see all of it (domain.md 5.3)."""

from resume.people.surnames import surname_length

DOT = "\N{MIDDLE DOT}"


def mask_number(number: str) -> str:
    """``310115198502290013`` -> ``310***********0013``: first 3, last 4, the rest as stars.

    At least four characters stay hidden (``H12345678`` -> ``H****5678``): a shorter number shows less of
    its beginning first, then of its end.
    """
    tail = min(4, max(0, len(number) - 4))
    head = min(3, max(0, len(number) - 4 - tail))
    return number[:head] + "*" * (len(number) - head - tail) + number[len(number) - tail :]


def mask_phone(phone: str) -> str:
    """``13812345678`` -> ``138****5678``."""
    return mask_number(phone)


def mask_name(name: str) -> str:
    """``王明`` -> ``王*``, ``王小明`` -> ``王*明``, ``欧阳修`` -> ``欧阳*``.

    A dotted name keeps its first part: ``阿卜杜拉·买买提`` -> ``阿卜杜拉·**``.
    Names in other scripts keep the first letter of each word: ``JOHN SMITH`` -> ``J*** S****``.
    """
    if DOT in name:
        return name.split(DOT, 1)[0] + DOT + "**"
    if name and ord(name[0]) < 0x2E80:
        return " ".join(word[:1] + "*" * (len(word) - 1) for word in name.split())
    kept = surname_length(name)
    hidden = len(name) - kept
    if hidden <= 1:
        return name[:kept] + "*"
    return name[:kept] + "*" * (hidden - 1) + name[-1]

"""What of a person is shown to those who need not see all of it (domain.md 5.3)."""

from resume.people.surnames import surname_length

DOT = "\N{MIDDLE DOT}"


def mask_number(number: str) -> str:
    """``310115198502290013`` -> ``310***********0013``: first 3, last 4, the rest as stars.

    A number shorter than 11 keeps only what leaves at least half of it hidden (``A1234567`` -> ``A*****67``),
    since first 3 and last 4 of 8 digits would show nearly all.
    """
    if len(number) >= 11:
        return number[:3] + "*" * (len(number) - 7) + number[-4:]
    head, tail = (1, 2) if len(number) >= 6 else (0, min(2, len(number) // 2))
    return number[:head] + "*" * (len(number) - head - tail) + number[len(number) - tail :]


def mask_phone(phone: str) -> str:
    """``13812345678`` -> ``138****5678``."""
    return phone[:3] + "*" * (len(phone) - 7) + phone[-4:] if len(phone) >= 11 else mask_number(phone)


def mask_name(name: str) -> str:
    """``王明`` -> ``王*``, ``王小明`` -> ``王*明``, ``欧阳修`` -> ``欧阳*``, ``阿卜杜拉·买买提`` -> ``阿卜杜拉·**``.

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

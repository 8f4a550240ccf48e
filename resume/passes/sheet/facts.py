"""What a pass sheet prints, and how each fact is written on it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
MOST_USES = 6  # boxes that fit on the strip
_WEEKDAYS = "一二三四五六日"


class SheetRefused(Exception):
    """A sheet cannot be printed from these facts. `text` says why and what to do, {"zh", "en"}."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.text = {"zh": zh, "en": en}


class GlyphsMissing(SheetRefused):
    """No declared font draws these characters; refuse them at upload.

    `code_points` are the characters' numbers in order, without doubles.
    """

    def __init__(self, code_points: Sequence[int]) -> None:
        self.code_points = tuple(dict.fromkeys(code_points))
        listed = " ".join(f"U+{cp:04X}" for cp in self.code_points)
        super().__init__(
            f"所备字体均无下列字符，不能打印：{listed}；请核对证件上的用字后更正",
            f"no declared font draws {listed}; check the document's spelling and correct it",
        )


class TextTooLong(SheetRefused):
    """A text does not fit into its place at the smallest legible size. `slot` is the place's key."""

    def __init__(self, slot: str, text: str) -> None:
        self.slot = slot
        super().__init__(
            f"“{slot}”一栏 {len(text)} 个字符放不下，请缩短",
            f"{slot}: {len(text)} characters do not fit; shorten",
        )


@dataclass(frozen=True, slots=True)
class SheetFacts:
    """Everything printed on one sheet. Times are aware and printed in Asia/Shanghai.

    `number` is 12 digits and a check character; `document_masked` is masked by the caller;
    `qr_text` is the finished text of the QR code; uses are 0 to 6 each. `building_clear_since`
    is None where no case is on record. Gates default to origin and destination.
    """

    number: str
    profile: str
    name: str
    document_type: str
    document_masked: str
    firm: str
    origin: str
    destination: str
    direction: str
    exit_uses: int
    entry_uses: int
    pcr_sampled_at: datetime
    building_clear_since: date | None
    valid_from: datetime
    valid_to: datetime
    good_until: datetime
    issuing_organ: str
    issued_on: date
    hotline: str
    qr_text: str
    is_demo: bool
    is_specimen: bool = False
    exit_gate: str = ""
    entry_gate: str = ""

    def __post_init__(self) -> None:
        for uses in (self.exit_uses, self.entry_uses):
            if not 0 <= uses <= MOST_USES:
                raise ValueError(f"uses must be 0 to {MOST_USES}, not {uses}")


def printed_date(day: date) -> str:
    """2022年4月22日（周五）."""
    return f"{day.year}年{day.month}月{day.day}日（周{_WEEKDAYS[day.weekday()]}）"


def printed_time(moment: datetime) -> str:
    """2022年4月22日（周五）09:14 in Asia/Shanghai; seconds are added where they are not 0.

    The second is never lost, so a printed time can be compared with a token's.
    Raises ValueError for a time without zone.
    """
    if moment.tzinfo is None:
        raise ValueError("a printed time needs a zone")
    local = moment.astimezone(SHANGHAI)
    clock = f"{local:%H:%M:%S}" if local.second else f"{local:%H:%M}"
    return printed_date(local.date()) + clock


def printed_number(number: str) -> str:
    """A pass number in groups of four: 3101 1500 0017 K."""
    return " ".join(number[at : at + 4] for at in range(0, len(number), 4))


def printed_fields(facts: SheetFacts) -> dict[str, str]:
    """Slot key -> text as printed; the same keys and texts `read_back` gives."""
    since = facts.building_clear_since
    return {
        "number": printed_number(facts.number),
        "profile": facts.profile,
        "name": facts.name,
        "document": f"{facts.document_type} {facts.document_masked}",
        "firm": facts.firm,
        "origin": facts.origin,
        "destination": facts.destination,
        "direction": facts.direction,
        "pcr_sampled_at": printed_time(facts.pcr_sampled_at),
        "building_clear_since": printed_date(since) if since else "无在案阳性",
        "valid_from": printed_time(facts.valid_from),
        "valid_to": printed_time(facts.valid_to),
        "good_until": printed_time(facts.good_until),
        "exit_gate": facts.exit_gate or facts.origin,
        "entry_gate": facts.entry_gate or facts.destination,
        "issuing_organ": facts.issuing_organ,
        "issued_on": printed_date(facts.issued_on),
        "hotline": facts.hotline,
    }

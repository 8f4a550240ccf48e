"""The shape of a refused value: a code for machines, a sentence in two languages for people."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a value is not accepted, and what to do about it. Holds no personal data."""

    code: str
    zh: str
    en: str

    @property
    def text(self) -> dict[str, str]:
        """Both languages, in the form the command line and the pages print."""
        return {"zh": self.zh, "en": self.en}

"""The 8,105 characters of 通用规范汉字表, in which every name of a list may be written."""

from pathlib import Path

STANDARD_CHARACTERS = Path(__file__).with_name("tgscc-8105.txt").read_text(encoding="utf-8").strip()

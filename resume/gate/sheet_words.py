"""What each layer of a sheet that somebody handed in came to, in words for anybody."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import lazy_gettext as _

from resume.refusals import Text

#: Each layer's name, and the sentence for each state it can be in.
LAYERS: Mapping[str, tuple[Text, Mapping[str, Text]]] = {
    "text": (
        _("纸面文字"),
        {
            "good": _("与签发时一致"),
            "differs": _("与签发的内容不一致：文字被改动过"),
            "missing": _("没有读到通行证的文字"),
        },
    ),
    "qr": (
        _("二维码"),
        {
            "good": _("由本系统签发"),
            "broken": _("不是本系统签发的，或被改动过"),
            "differs": _("属于另一张证，与本件不配"),
            "missing": _("没有读到二维码"),
        },
    ),
    "signature": (
        _("文件签名"),
        {
            "good": _("有效：签发以后文件没有改动"),
            "broken": _("已被破坏：签发以后文件改动过"),
            "missing": _("没有签名：不是原始文件，可能是扫描或另存的"),
            "untrusted": _("有签名，但签名的不是本系统"),
        },
    ),
    "file": (
        _("存档比对"),
        {
            "good": _("与存档的文件逐字节相同"),
            "differs": _("与存档的文件不同"),
            "unknown": _("没有可比对的存档"),
        },
    ),
}


_SIGNS: Mapping[str, tuple[str, str, Text]] = {
    "good": ("go", "✓", _("真实")),
    "unknown": ("wait", "？", _("未知")),
}


@dataclass(frozen=True, slots=True)
class ShownLayer:
    """One layer: its name; tone (go, stop, wait), sign and word; the sentence."""

    key: str
    name: Text
    tone: str
    sign: str
    word: Text
    sentence: Text


def shown_layers(layers: Mapping[str, str]) -> list[ShownLayer]:
    """The layers of a sheet in the order people look at them; a state without words is not taken as good."""
    found = []
    for key, (name, sentences) in LAYERS.items():
        state = layers.get(key, "unknown")
        sentence = sentences.get(state, _("不能判断"))
        found.append(ShownLayer(key, name, *_SIGNS.get(state, ("stop", "✕", _("不符"))), sentence))
    return found

"""Why an attached file is not taken: what it is, and what to do about it."""

from __future__ import annotations

from flask_babel import gettext

from resume.refusals import Refusal

_TOO_LARGE, _TYPE, _CONTENT = 413, 415, 422


def _n(text: str) -> str:
    """Marks a text for the message catalog: it is translated with its values, when it is said."""
    return text


#: code -> status, what it says (with values), what to do.
TEXTS: dict[str, tuple[int, str, str]] = {
    "too_large": (
        _TOO_LARGE,
        _n("文件 %(size)s MB，超过每份 %(limit)s MB 的上限"),
        _n("请压缩图片、降低扫描分辨率，或拆成几份上传"),
    ),
    "too_many": (
        _TOO_LARGE,
        _n("附件已有 %(count)s 份、%(size)s MB；最多 %(most)s 份、合计 %(limit)s MB"),
        _n("请先移除不需要的附件"),
    ),
    "empty": (_CONTENT, _n("文件是空的（0 字节）"), _n("请确认文件已保存完整后重新选择")),
    "name": (_CONTENT, _n("文件名不能含有路径或控制字符"), _n("请给文件起一个普通的名称后重新上传")),
    "type": (
        _TYPE,
        _n("文件内容是 %(actual)s，不是 PDF、JPEG 或 PNG（按内容判断，与文件名无关）"),
        _n("文档请导出为 PDF，照片请另存为 JPEG 后上传"),
    ),
    "renamed": (
        _TYPE,
        _n("文件名与内容不符：%(name)s 的内容是 %(actual)s"),
        _n("请用与内容一致的文件名，或从原软件导出为 PDF 后上传"),
    ),
    "no_picture": (
        _TYPE,
        _n("文件不是照片（JPEG 或 PNG）"),
        _n("请选择证件照片，PDF 请另存为图片后上传"),
    ),
    "encrypted": (_CONTENT, _n("PDF 设有打开密码，审核人员无法查看"), _n("请取消密码后重新上传")),
    "damaged": (_CONTENT, _n("文件已损坏或不完整，无法打开"), _n("请在自己的电脑上打开检查，重新导出后上传")),
    "active": (
        _CONTENT,
        _n("PDF 内含脚本或嵌入了其他文件"),
        _n("请用“打印为 PDF”另存一份后上传；嵌入的文件请单独上传"),
    ),
    "pages": (_CONTENT, _n("PDF 超过 %(limit)s 页"), _n("请只上传需要审核的部分")),
    "pixels": (_CONTENT, _n("图片像素过大，无法安全打开"), _n("请缩小到每边 6000 像素以内后上传")),
    "gave_up": (_CONTENT, _n("打开文件超出允许的时间或内存，已停止"), _n("请压缩或重新导出后上传")),
}


class PaperRefused(Refusal):
    """A file is not taken. `code` is a key of TEXTS; 413 by size, 415 by type, 422 by what is in it."""

    def __init__(self, code: str, **facts: object) -> None:
        status, message, advice = TEXTS[code]
        super().__init__(gettext(message, **facts), advice=gettext(advice), code=f"paper_{code}")
        self.status = status  # type: ignore[misc]

"""What keys are for and where they stand, in words."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

from resume.refusals import Text

PURPOSE_NAMES: dict[str, Text] = {
    "RTW": _("复工通行证"),
    "MOVER": _("流动人员通行证"),
    "LEAVE": _("离沪通行证"),
    "MEDICAL": _("就医通行证"),
    "status": _("状态清单和密钥清单"),
}
#: role of a key (rotation.KeyView) -> word, kind of tag, sign
ROLE_NAMES: dict[str, tuple[Text, str, str]] = {
    "signing": (_("正在签发"), "go", "✓"),
    "announced": (_("已公布，尚未签发"), "clock", "◷"),
    "standby": (_("有效，不再签发"), "go", "✓"),
    "retired": (_("已停用，不再签发"), "still", "—"),
    "distrusted": (_("不可信"), "stop", "✕"),
    "not_registered": (_("只有文件，未启用"), "wait", "？"),
}

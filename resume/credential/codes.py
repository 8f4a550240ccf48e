"""Reason codes of a check of the pass itself (domain section 9.3), with what to say and to do.

Codes of the evidence (`PCR_EXPIRED`, `BLDG_POS_7D`, ...) come from the policy as they are.

Which failure has which code:

- `MALFORMED`: not a token of our shape at all: no base32, not the strict COSE profile, claims
  missing, added or in another encoding, high S. Nothing it says is used.
- `KEY_UNKNOWN`: our shape, but no key of this issuer and this type of pass has that id.
- `FORGED`: our shape, a known key, and the key did not make the signature; or the phone that the
  pass is bound to did not make the proof beside it.
- `PHONE_STALE`: a pass on a phone without the proof of this half minute: a picture, or a print.
- `ALTERED` belongs to the PDF: a layer disagrees with another (not decided in this package).
- `SUSPENDED_EVIDENCE`: the evidence does not hold and no more precise code was given.
- `OFFLINE_STALE`: this checker cannot know: no status, a list too old, or past `good_until` with
  no evidence at hand.
"""

from __future__ import annotations

from enum import StrEnum


class Code(StrEnum):
    OK = "OK"
    MALFORMED = "MALFORMED"
    KEY_UNKNOWN = "KEY_UNKNOWN"
    KEY_DISTRUSTED = "KEY_DISTRUSTED"
    KEY_RETIRED = "KEY_RETIRED"
    FORGED = "FORGED"
    PHONE_STALE = "PHONE_STALE"
    SPECIMEN = "SPECIMEN"
    NOT_YET = "NOT_YET"
    EXPIRED = "EXPIRED"
    REVOKED = "REVOKED"
    REPLACED = "REPLACED"
    SUSPENDED = "SUSPENDED"
    WRONG_GATE = "WRONG_GATE"
    SUSPENDED_EVIDENCE = "SUSPENDED_EVIDENCE"
    OFFLINE_STALE = "OFFLINE_STALE"
    USED = "USED"
    AG_REQUIRED = "AG_REQUIRED"
    AG_POSITIVE = "AG_POSITIVE"


TEXTS: dict[Code, dict[str, str]] = {
    Code.OK: {"zh": "有效, 放行", "en": "Valid: let through"},
    Code.MALFORMED: {
        "zh": "不是本系统的通行证二维码; 请重新扫描或输入证号",
        "en": "Not a pass of this system: scan again, or type the number",
    },
    Code.KEY_UNKNOWN: {
        "zh": "签发密钥不在名单内; 请联网更新密钥清单后再验",
        "en": "Signed by a key this checker does not know: go on line, update the key list, check again",
    },
    Code.KEY_DISTRUSTED: {
        "zh": "签发密钥已作废, 其签发的证一律无效; 请持证人联系单位换证",
        "en": "Signed by a key that is no longer trusted: the holder asks the firm for a new pass",
    },
    Code.KEY_RETIRED: {
        "zh": "签发时密钥已停用; 不予放行, 请报街道值班",
        "en": "Issued after its key was retired: do not let through, tell the street desk",
    },
    Code.FORGED: {
        "zh": "签名不符, 疑似伪造; 不予放行, 请报街道值班",
        "en": "The signature does not fit: do not let through, tell the street desk",
    },
    Code.PHONE_STALE: {
        "zh": "不是手机上的实时通行证; 请持证人在本人手机上打开通行证再扫",
        "en": "Not the live pass: the holder opens it on the phone, then scan again",
    },
    Code.SPECIMEN: {"zh": "样张, 不可通行", "en": "A specimen: not valid for passage"},
    Code.NOT_YET: {
        "zh": "尚未生效; 请在生效时间后再验",
        "en": "Not valid yet: check again after its start",
    },
    Code.EXPIRED: {
        "zh": "已过有效期; 请持证人联系单位重新申请",
        "en": "Past its end: the holder asks the firm to apply again",
    },
    Code.REVOKED: {
        "zh": "已吊销; 请持证人联系单位",
        "en": "Revoked: the holder asks the firm",
    },
    Code.REPLACED: {"zh": "已换发新证; 请出示新证", "en": "Replaced: ask for the new pass"},
    Code.SUSPENDED: {
        "zh": "已暂停; 恢复后可用, 请持证人联系单位",
        "en": "Suspended until its cause is lifted: the holder asks the firm",
    },
    Code.WRONG_GATE: {
        "zh": "不是本门岗的证; 请到证上所写的楼栋或厂区",
        "en": "Not a pass for this gate: go to the building or plant it names",
    },
    Code.SUSPENDED_EVIDENCE: {
        "zh": "此刻不满足条件; 补齐核酸等证明后即恢复",
        "en": "The evidence does not hold now: valid again with new evidence",
    },
    Code.OFFLINE_STALE: {
        "zh": "离线无法确认; 请联网再验, 或出示换发的新证",
        "en": "Cannot be known off line: go on line, or show a re-issued pass",
    },
    Code.USED: {"zh": "已使用", "en": "Already used"},
    Code.AG_REQUIRED: {
        "zh": "需现场抗原; 阴性后放行",
        "en": "Antigen test on the spot: let through when negative",
    },
    Code.AG_POSITIVE: {
        "zh": "现场抗原阳性; 不予放行, 送观察区并报街道值班",
        "en": "Antigen positive: do not let through, observation area, tell the street desk",
    },
}

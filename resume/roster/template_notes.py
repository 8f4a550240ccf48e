"""What the template says of the list and of each column, in Chinese and in English."""

from __future__ import annotations

NOTES: tuple[tuple[str, str], ...] = (
    (
        "请在“名单”工作表填写，一行一人；本表只作说明，上传时不读取。",
        "Fill in the sheet 名单, one person a row. This sheet only explains and is not read.",
    ),
    (
        "所有列都是“文本”格式，请勿改动：数字格式会使证件号码末几位丢失，“5-2”会变成日期。",
        "Every column is text; leave it so: numbers lose their last digits, and 5-2 becomes a date.",
    ),
    (
        "列的顺序可以变，列名可用中文或英文；多余的列会被列出而不采用。",
        "Columns may be in any order, with Chinese or English names; others are reported and ignored.",
    ),
)

#: Column's name -> its rule in Chinese and in English.
RULES: dict[str, tuple[str, str]] = {
    "name": (
        "与证件一致，2 至 50 个字；少数民族姓名中间用“·”。",
        "As on the document, 2 to 50 characters.",
    ),
    "document_type": ("从下拉列表选择。", "Choose from the list."),
    "document_number": (
        "完整号码，含校验位；每人在名单中只出现一次。",
        "The whole number with its check digit; each person once in the list.",
    ),
    "phone": ("11 位手机号码，可以重复。", "A mobile number of 11 digits; may be shared."),
    "district": ("从下拉列表选择，也可填写代码。", "Choose from the list, or give the code."),
    "street": ("街道或镇的名称。", "The street or town."),
    "compound": (
        "小区名称或弄号，与楼号一起对应登记的楼栋。",
        "Its name or its lane; with the number it is matched to the register of buildings.",
    ),
    "building": (
        "如 8号、12幢。对应不上的可在预览中选择相近的楼栋。",
        "Like 8号. Where it matches none, the preview offers the nearest.",
    ),
    "unit": ("楼内分单元的请填写。", "Where the building has separate units."),
    "room": ("同住人按楼号、单元和室号判断。", "Who shares a flat is told by building, unit and room."),
    "post": (
        "可从下拉列表选择，也可填写新的岗位，最多 40 字。",
        "Choose one that is in use, or type another, at most 40 characters.",
    ),
    "key_post": ("是或否。", "是 (yes) or 否 (no)."),
    "shift": ("最多 40 字。", "At most 40 characters."),
    "site": ("从下拉列表选择：方案中登记的厂区。", "Choose from the list: the plants of the plan."),
    "plate": ("接送车辆的号牌。", "Of the vehicle that takes him."),
    "arrive_on": ("文本，写成 2022-04-25。", "As text, like 2022-04-25."),
    "remarks": ("最多 500 字。", "At most 500 characters."),
}

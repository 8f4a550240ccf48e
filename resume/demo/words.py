"""Words from which the invented city takes its names. No street, compound, firm or person is meant."""

from __future__ import annotations

#: First and second characters of place names; a pair names one street, compound or road.
PLACE_FIRST = "澄汀岚栖沐芷霁筠绮棠黛璟漪蘅岫皎"
PLACE_SECOND = "桥泾溪塘洲渡湾浜"
COMPOUND_KINDS = ("新村", "花苑", "家园", "公寓", "小区", "雅苑")
STREET_KINDS = ("街道", "镇")

FIRM_FIRST = "沪澜云衡启恒泽曜钧翊"
FIRM_SECOND = "屿砺岱珩畅临霖昀"
#: Industry of a firm's name, and as the plan names it.
INDUSTRIES = (
    ("精密机械", "通用设备制造"),
    ("汽车电子", "汽车零部件及配件制造"),
    ("生物制药", "医药制造"),
    ("食品", "食品制造"),
    ("半导体材料", "电子专用材料制造"),
    ("医疗器械", "医疗仪器设备制造"),
    ("包装科技", "纸制品制造"),
    ("新能源", "电池制造"),
    ("冷链物流", "道路货物运输"),
    ("化工新材料", "专用化学产品制造"),
)

SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余于杜叶程苏魏吕丁任沈"
)
RARE_SURNAMES = ("欧阳", "司徒", "诸葛", "上官", "尉迟", "令狐")
GIVEN = (
    "伟芳娜敏静丽强磊洋艳勇军杰娟涛明超秀霞平刚桂英华建文斌玲晨宇"
    "浩欣雨婷佳怡嘉梓轩博晓思远志鹏飞雪梅兰菊竹松柏"
)
#: Names that test the printers of passes: dots, rare characters, other scripts.
UNUSUAL_NAMES = (
    "阿卜杜拉·买买提",
    "古丽娜尔·艾合买提江",
    "扎西次仁",
    "王䶮",
    "李㛃",
    "陈𬱖",
    "MARIA DEMO LOPEZ",
    "JOHN DEMO SMITH",
)

POSTS = (
    ("设备操作工", True),
    ("工艺工程师", True),
    ("质量检验员", True),
    ("设备维修工", True),
    ("仓储管理员", False),
    ("叉车司机", False),
    ("包装工", False),
    ("食堂厨师", False),
    ("保洁员", False),
    ("安全员", True),
)
SHIFTS = ("甲班", "乙班", "丙班")

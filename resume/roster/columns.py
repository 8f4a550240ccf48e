"""The columns of the worker list, to the letter of formats.md."""

from resume.tables.headers import Column

WORKER_LIST: tuple[Column, ...] = (
    Column("name", "姓名"),
    Column("document_type", "证件类型"),
    Column("document_number", "证件号码"),
    Column("phone", "手机号码"),
    Column("district", "现住区"),
    Column("street", "现住街镇"),
    Column("compound", "小区"),
    Column("building", "楼号"),
    Column("unit", "单元", required=False),
    Column("room", "室号", required=False),
    Column("post", "岗位"),
    Column("key_post", "关键岗位"),
    Column("shift", "班组", required=False),
    Column("site", "工作厂区"),
    Column("plate", "接送车牌", required=False),
    Column("arrive_on", "计划到岗日期"),
    Column("remarks", "备注", required=False),
)
BY_NAME: dict[str, Column] = {column.name: column for column in WORKER_LIST}

"""A small application on the web floor alone: no database, no slices."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, get_flashed_messages, url_for
from jinja2 import ChoiceLoader, FileSystemLoader
from werkzeug.wrappers import Response
from wtforms import (
    BooleanField,
    DateField,
    FileField,
    IntegerField,
    PasswordField,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    TextAreaField,
)
from wtforms.validators import DataRequired, Length, NumberRange, Optional

from resume import clock
from resume.refusals import Conflict, TooMany
from resume.roles import Actor, Role
from resume.settings import ROOT, Settings
from resume.web import init_web
from resume.web.access import init_access, open_to, open_to_everybody
from resume.web.fields import Form, StrippedString
from resume.web.headers import allow_wasm
from resume.web.layout import NavItem, name_organisations
from resume.web.pages import page, saved

APRIL = datetime(2022, 4, 22, 1, 14, tzinfo=UTC)
HR = Actor("hr-1", Role.HR, firm_id=1)
WORKERS = [
    (
        2,
        "欧阳娜娜",
        "3101**********1234",
        "临江路 12 弄 3 号",
        "涂装线班长",
        "eligible",
        "—",
        "4月25日（周一）",
    ),
    (
        3,
        "张*",
        "3101**********5678",
        "云台苑 7 号",
        "设备维护",
        "not_eligible",
        "楼内 4 月 19 日有阳性",
        "4月27日",
    ),
    (
        4,
        "古丽米热·艾合买提",
        "6501**********4321",
        "云台苑 8 号",
        "质检",
        "unknown",
        "没有 48 小时内的核酸结果",
        "待查",
    ),
]


class ExampleForm(Form):
    name = StrippedString("企业名称", validators=[DataRequired(), Length(max=60)])
    beds = IntegerField("床位", validators=[NumberRange(min=1)])
    starts_on = DateField("开始日期")
    kind = RadioField("复工方式", choices=[SelectChoice("loop", "闭环"), SelectChoice("commute", "点对点")])
    district = SelectField("区", choices=[SelectChoice("319901", "浦南区"), SelectChoice("319902", "临江区")])
    zones = SelectMultipleField(
        "分区",
        choices=[SelectChoice("lodging", "生活区"), SelectChoice("work", "生产区")],
        validators=[Optional()],
    )
    note = TextAreaField("说明", validators=[Optional()])
    password = PasswordField("密码", validators=[Optional()])
    roster = FileField("人员名单", validators=[Optional()])
    agreed = BooleanField("已阅读并承诺")


class FullQueue(Conflict):
    code = "full_queue"
    message = "该批次已由他人签发"
    advice = "请查看签发结果"


def show(form: ExampleForm, status: int = 200) -> Response:
    return page(
        "example/list.html",
        status=status,
        form=form,
        workers=WORKERS,
        day1=APRIL - timedelta(days=3),
        day2=APRIL - timedelta(hours=36),
        day3=APRIL + timedelta(days=5),
        page_url=lambda number: url_for("example", page=number),
    )


def add_routes(app: Flask) -> None:
    @app.route("/", methods=["GET", "POST"])
    @open_to_everybody
    def example() -> Response:
        form = ExampleForm()
        if not form.is_submitted():
            return show(form)
        return saved(url_for("example"), message="已保存") if form.validate() else show(form, 422)

    @app.get("/progress")
    @open_to_everybody
    def progress() -> Response:
        return page("errors/page.html", fragment="example/_progress.html", error=FullQueue())

    @app.get("/gate")
    @open_to_everybody
    @allow_wasm
    def gate() -> Response:
        return show(ExampleForm())

    @app.get("/refused/<kind>")
    @open_to_everybody
    def refused(kind: str) -> Response:
        known = {"conflict": FullQueue(until=APRIL), "often": TooMany(retry_after=30)}
        raise known.get(kind) or ZeroDivisionError("310101199001011234")

    @app.get("/closed")
    @open_to(Role.STEWARD)
    def closed() -> str:
        return "not reached"

    @app.get("/flashes")
    @open_to_everybody
    def flashes() -> dict[str, Any]:
        return {"flashes": get_flashed_messages()}


def make_app(home: Path, *, public_url: str = "http://127.0.0.1:8000", actor: Actor | None = HR) -> Flask:
    app = Flask("web-example", template_folder=str(ROOT / "templates"), static_folder=str(ROOT / "static"))
    app.config.update(SECRET_KEY="of this test", MAX_CONTENT_LENGTH=20 * 1024 * 1024)
    own = FileSystemLoader(Path(__file__).parent / "templates")
    app.jinja_loader = ChoiceLoader([app.jinja_loader, own])
    init_web(app, Settings(home=home, database_url="", public_url=public_url))
    init_access(app, lambda: actor)
    name_organisations(app, lambda who: "虚构（临江）新源电驱动系统与储能装备制造股份有限公司浦南第二工厂")
    app.config["NAVIGATION"] = [
        NavItem("example", "复工申请"),
        NavItem("progress", "通行证", frozenset({Role.HR})),
        NavItem("closed", "数据接收", frozenset({Role.STEWARD})),
    ]
    add_routes(app)
    return app


@pytest.fixture
def april(monkeypatch: pytest.MonkeyPatch) -> datetime:
    """Domain time is 22 April 2022, 09:14 in Shanghai."""
    monkeypatch.setattr(clock, "_source", [lambda: APRIL])
    return APRIL


@pytest.fixture
def app(tmp_path: Path, april: datetime) -> Flask:
    return make_app(tmp_path)

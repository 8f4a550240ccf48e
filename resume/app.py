"""The application, as a table of contents: settings, floors, slices."""

from __future__ import annotations

import secrets
from importlib import import_module

from apiflask import APIFlask
from flask import Flask
from flask_babel import lazy_gettext as _

from resume.accounts.kept import init_kept
from resume.accounts.sessions import find_waiting_page, init_sessions
from resume.api.setup import init_api
from resume.db import init_db
from resume.devices.browser import init_devices, load_actor, organisation_of
from resume.escalations.lifecycle import GROUND_NAMES
from resume.home_clock import init_clock
from resume.notices.inbox import unread_of
from resume.places.districts import district_name
from resume.roles import ROLE_NAMES, Role
from resume.settings import MAX_UPLOAD_BYTES, ROOT, Settings
from resume.web import init_web
from resume.web.access import init_access
from resume.web.layout import NavItem, count_notices, name_organisations

#: Every module that serves pages, from the street to the roof.
PAGES = (
    "web.health",
    "places.routes",
    "firms.routes",
    "accounts.routes",
    "accounts.audit_pages",
    "notices.routes",
    "registrations.routes",
    "devices.routes",
    "evidence.routes",
    "plans.routes",
    "roster.routes",
    "applications.routes",
    "passes.routes",
    "trips.routes",
    "objections.routes",
    "staffing.routes",
    "portraits.routes",
    "escalations.routes",
    "intake.routes",
    "corrections.routes",
    "review.routes",
    "gate.routes",
    "disclosure.routes",
    "manifests.routes",
    "phone.routes",
    "board.routes",
    "api.routes.tokens",
)

#: Modules that only do jobs; others register theirs beside their pages.
HANDLERS = (
    "mail.outbox",
    "passes.flatmates",
    "applications.jobs",
    "review.jobs",
    "trips.jobs",
    "escalations.jobs",
)

_HR = frozenset([Role.HR])
_REVIEWERS = frozenset([Role.REVIEWER, Role.SIGN_OFF])
_STEWARD = frozenset([Role.STEWARD])
_STREET = frozenset([Role.STREET])
_ADMINISTRATOR = frozenset([Role.ADMINISTRATOR])

#: The reader's nouns, in the order of his day.
NAVIGATION = [
    NavItem("board.desk", _("工作台"), _HR | _STEWARD),
    NavItem("plans.tasks", _("方案"), _HR),
    NavItem("roster.index", _("人员名单"), _HR),
    NavItem("applications.case", _("申请"), _HR),
    NavItem("passes.index", _("通行证"), _HR),
    NavItem("passes.changed", _("变动与观察"), _HR),
    NavItem("review.queue", _("待办申请"), _REVIEWERS),
    NavItem("passes.releases", _("待解除暂停"), frozenset([Role.REVIEWER])),
    NavItem("passes.changed", _("变动与观察"), _REVIEWERS),
    NavItem("objections.index", _("异议"), _REVIEWERS | _STEWARD),
    NavItem("registrations.queue", _("企业注册"), frozenset([Role.REVIEWER, Role.ADMINISTRATOR])),
    NavItem("intake.index", _("数据接收"), _STEWARD),
    NavItem("corrections.conflicts", _("结果冲突"), _STEWARD),
    NavItem("corrections.reviews", _("待复核"), _STEWARD),
    NavItem("corrections.cases", _("阳性病例"), _STEWARD),
    NavItem("corrections.samples", _("采样链"), _STEWARD),
    NavItem("corrections.index", _("人工更正"), _STEWARD),
    NavItem("evidence.zones", _("三区"), _STEWARD),
    NavItem("evidence.screenings", _("筛查到期"), _STEWARD),
    NavItem("places.index", _("场所"), _STEWARD),
    NavItem("escalations.desk", _("工作台"), _STREET),
    NavItem("escalations.index", _("门岗拒行"), _HR | _REVIEWERS | _STREET),
    NavItem("escalations.exits", _("紧急就医放行"), _STREET),
    NavItem("gate.check", _("查验"), frozenset([Role.GUARD])),
    NavItem("escalations.at_gate", _("拒行和答复"), frozenset([Role.GUARD])),
    NavItem("devices.index", _("门岗设备"), _STREET),
    NavItem("trips.index", _("行程登记"), _HR | _STREET | _REVIEWERS),
    NavItem("gate.conflicts", _("通行冲突"), _STREET | _REVIEWERS),
    NavItem("gate.forced", _("强制放行"), _STREET | _REVIEWERS),
    NavItem("manifests.index", _("每日放行名单"), _STREET),
    NavItem("firms.index", _("企业"), _ADMINISTRATOR),
    NavItem("gate.index", _("门岗"), _ADMINISTRATOR),
    NavItem("accounts.index", _("账号"), _ADMINISTRATOR),
    NavItem("accounts.open_invitations", _("邀请"), _ADMINISTRATOR),
    NavItem("tokens.index", _("接口令牌"), _ADMINISTRATOR),
    NavItem("passes.key_list", _("密钥"), _ADMINISTRATOR),
    NavItem("accounts.colleagues", _("同事账号"), _HR),
    NavItem("audit.index", _("审计记录"), frozenset([Role.AUDITOR])),
    NavItem("accounts.own", _("我的账号")),
]


def create_app(settings: Settings | None = None) -> Flask:
    """The application for one home. Raises what its settings raise; makes no files and no tables."""
    settings = settings or Settings.from_environment()
    app = APIFlask(
        "resume",
        title="复工通 · resume",
        version="1",
        template_folder=str(ROOT / "templates"),
        static_folder=str(ROOT / "static"),
        spec_path=None,  # the document is a view of the machine interface, the only thing documented
        docs_path=None,
        json_errors=False,
    )
    app.config.update(
        SECRET_KEY=_web_secret(settings),
        MAX_CONTENT_LENGTH=MAX_UPLOAD_BYTES,
        MAX_FORM_MEMORY_SIZE=4 * 1024 * 1024,
        RESUME_SETTINGS=settings,
        RESUME_KEYS_FOLDER=str(settings.keys_folder),
    )
    init_db(app, settings)
    init_clock(app, settings)
    init_web(app, settings)
    init_sessions(app)
    init_access(app, load_actor, find_waiting_page)
    init_kept(app)
    init_devices(app)
    name_organisations(app, organisation_of)
    count_notices(app, unread_of)
    app.jinja_env.globals["district_name"] = district_name
    app.jinja_env.globals["ground_name"] = lambda code: str(GROUND_NAMES[code])
    app.jinja_env.globals["role_name"] = lambda role: str(ROLE_NAMES[Role(role)])
    for module in HANDLERS:
        import_module(f"resume.{module}")
    for module in PAGES:
        app.register_blueprint(import_module(f"resume.{module}").bp)
    init_api(app)
    app.config["NAVIGATION"] = [item for item in NAVIGATION if item.endpoint in app.view_functions]
    return app


def _web_secret(settings: Settings) -> str:
    """The key of cookies, made by `resume init`; a passing one where there is no home yet."""
    path = settings.keys_folder / "web-secret"
    return path.read_text() if path.exists() else secrets.token_hex(32)

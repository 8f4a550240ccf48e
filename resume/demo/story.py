"""The main story: three firms that a person can play at once, and the files to play with.

A waits for review. B has a plan that lacks its promise, and its list lies ready to be uploaded. C's workers
hold good passes; a positive in the building where most of them live is ready to be fed, and its correction.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from sqlalchemy import select

from resume.db import reading
from resume.demo.accounts import Accounts
from resume.demo.alerts import Alerts
from resume.demo.cases import DemoCase
from resume.demo.courses import FirmSteps
from resume.demo.devices import enrol_phone
from resume.demo.events import Event
from resume.demo.feeds import as_csv
from resume.demo.firms import DemoFirm
from resume.demo.lists import list_rows, spoil, write_workbook
from resume.demo.moments import BATCHES, NOW, apr
from resume.demo.recruits import recruits, second_list
from resume.demo.refusals import refuse_some
from resume.demo.registrations import invitation_event
from resume.demo.uploads import report_uploads
from resume.demo.world import World
from resume.firms.queries import list_sites
from resume.passes.models import Pass
from resume.passes.reassess import live_condition
from resume.places.models import Building, Gate
from resume.places.register import Place
from resume.roles import Role

LIST_FILE, MORE_FILE = "worker-list.xlsx", "worker-list-more.xlsx"
CASES_FILE, CORRECTION_FILE = "cases.csv", "cases-correction.csv"
_PRINTED = 40
Step = Callable[[datetime], None]


class Story:
    """The events of the three firms; after them the guards' accounts, the files and the lines to print."""

    def __init__(self, world: World, accounts: Accounts) -> None:
        self._world, self._accounts = world, accounts
        self.lines: list[str] = []
        firms = world.firms
        self._new, self._more = recruits(firms.running, world.city)
        named = {"hr-a": firms.waiting, "hr-b": firms.drafting, "hr-c": firms.running}
        self._hr = {
            name: accounts.open(name, Role.HR, firm.name, firm_id=firm.firm_id)
            for name, firm in named.items()
        }
        self._steps = {
            firm.firm_id: FirmSteps(firm, accounts, self._hr[name]) for name, firm in named.items()
        }
        self.alerts = Alerts(world, accounts, self._steps[firms.running.firm_id].hr)

    @property
    def events(self) -> list[Event]:
        """The courses of A, B and C, what they are told of besides; A's HR has invited a colleague."""
        return [
            *self._waiting(),
            *self._drafting(),
            *self._running(),
            invitation_event(self._hr["hr-a"]),
            *self.alerts.events,
        ]

    def finish(self, folder: Path) -> Building:
        """Open the guards' accounts, write the files, and say what there is to do.

        The building that it is about: most of C's passes live there.
        """
        folder.mkdir(parents=True, exist_ok=True)
        building, count = self._busiest_building()
        self._open_guards(building)
        firm = self._world.firms.drafting
        write_workbook(folder / LIST_FILE, spoil(list_rows(firm, firm.staff)))
        running = self._world.firms.running
        write_workbook(folder / MORE_FILE, list_rows(running, self._more))
        case = self._positive(building)
        elsewhere = self._elsewhere()
        moved = replace(case, case_id=f"{case.case_id}-G", place=elsewhere, supersedes=case.case_id)
        (folder / CASES_FILE).write_bytes(as_csv([case.line(is_transferred=False)]))
        (folder / CORRECTION_FILE).write_bytes(as_csv([moved.line(is_transferred=False)]))
        self.lines = self._told(folder, building, count)
        return building

    def passes_to_print(self) -> Sequence[UUID]:
        """The passes whose sheets the worker makes: some of C's."""
        firm_id = self._world.firms.running.firm_id
        query = select(Pass.id).where(Pass.firm_id == firm_id, live_condition(NOW)).order_by(Pass.number)
        return reading().scalars(query.limit(_PRINTED)).all()

    def _waiting(self) -> list[Event]:
        firm = self._world.firms.waiting
        steps = self._steps[firm.firm_id]
        return [
            _event(firm, apr(21, 16), steps.start),
            _event(firm, apr(21, 16, 10), steps.fill_in),
            _event(firm, apr(21, 17, 55), steps.attach),
            _event(firm, apr(21, 18), steps.list_workers),
            _event(firm, apr(22, 8, 10), steps.submit),
        ]

    def _drafting(self) -> list[Event]:
        firm = self._world.firms.drafting
        steps = self._steps[firm.firm_id]

        def fill_in_most(at: datetime) -> None:
            steps.fill_in(at, leave_out=("transport", "commitment"))

        return [_event(firm, apr(21, 17), steps.start), _event(firm, apr(21, 17, 10), fill_in_most)]

    def _running(self) -> list[Event]:
        firm = self._world.firms.running
        steps = self._steps[firm.firm_id]

        def upload_more(at: datetime) -> None:
            steps.upload_more(at, second_list(firm, self._new))

        return [
            _event(firm, apr(20, 14), steps.start),
            _event(firm, apr(20, 14, 10), steps.fill_in),
            _event(firm, apr(20, 15, 55), steps.attach),
            _event(firm, apr(20, 16), steps.list_workers),
            _event(firm, apr(20, 17), steps.submit),
            _event(firm, apr(20, 18, 30), steps.send_back),
            _event(firm, apr(20, 19, 30), steps.edit),
            _event(firm, apr(20, 19, 50), steps.explain),
            _event(firm, apr(20, 20), steps.submit),
            _event(firm, apr(21, 9), steps.recommend),
            _event(firm, BATCHES[3] + timedelta(minutes=5), steps.sign_off),
            _event(firm, apr(22, 8, 40), upload_more),
        ]

    def _busiest_building(self) -> tuple[Building, int]:
        """The building of most live passes of C, and how many."""
        firm_id = self._world.firms.running.firm_id
        query = select(Pass.building_id).where(Pass.firm_id == firm_id, live_condition(NOW))
        counted = Counter(reading().scalars(query))
        building_id, count = max(counted.items(), key=lambda pair: (pair[1], -pair[0]))
        return reading().get_one(Building, building_id), count

    def _open_guards(self, building: Building) -> None:
        home = reading().scalars(select(Gate).where(Gate.compound_id == building.compound_id)).one()
        site = list_sites(firm_id=self._world.firms.running.firm_id)[0]
        plant = reading().scalars(select(Gate).where(Gate.site_id == site.id)).one()
        self._accounts.open("guard-home", Role.GUARD, home.name, gate_id=home.id)
        desk = home.district_code, home.street
        street = self._accounts.open(
            "street", Role.STREET, home.street, district_code=desk[0], street=desk[1]
        )
        enrol_phone(home, by=street)
        self._accounts.open("guard-plant", Role.GUARD, plant.name, gate_id=plant.id)
        city = reading().scalars(select(Gate).where(Gate.kind == "city").order_by(Gate.id)).first()
        assert city is not None  # registered with the city
        self._accounts.open("guard-city", Role.GUARD, city.name, gate_id=city.id)
        refuse_some(home, street)
        report_uploads(home, self._world.firms.running.firm_id)

    def _positive(self, building: Building) -> DemoCase:
        place = next(p for p in self._world.city.places if p.place_code == building.place_code)
        return DemoCase("YX-DEMO-1", "confirmed", place, "", NOW - timedelta(minutes=10), None)

    def _elsewhere(self) -> Place:
        """A building in which nobody holds a live pass: the correction suspends nothing new."""
        query = select(Building.place_code).join(Pass, Pass.building_id == Building.id)
        held = set(reading().scalars(query.where(live_condition(NOW)).distinct()))
        return next(place for place in self._world.city.hot if place.place_code not in held)

    def _told(self, folder: Path, building: Building, count: int) -> list[str]:
        firms = self._world.firms
        fed = f"{folder / CASES_FILE}（cases）：{building.short_name} {count} 张通行证暂停"
        return [
            "",
            f"可以马上试的（时钟停在 {NOW:%Y-%m-%d %H:%M}，随服务运行前进）：",
            f"  1. reviewer 审核并推荐“{firms.waiting.short_name}”的申请，signer 签发",
            f"  2. hr-b 补全“{firms.drafting.short_name}”的方案，上传 {folder / LIST_FILE}（含错误单元格）",
            f"  3. hr-c 下载“{firms.running.short_name}”的通行证；guard-home、guard-plant 查验放行",
            f"     hr-c 核对待确认的名单（错误行、待选楼栋、名单变化），追加 {folder / MORE_FILE}",
            f"  4. steward 接收 {fed}",
            f"  5. steward 接收 {folder / CORRECTION_FILE}（cases）：更正后恢复",
            "  6. reviewer 核对“企业注册”，确认后信在 mail/ 里，凭其中的链接开通账号",
            "  7. steward-2 看“人工更正”：steward 提出的病例归属更正，确认前先看引起的变化",
            "  8. guard-city 查出城人员，guard-home 换到“进小区”通道查流动人员：按证件查验",
            "  9. street 在“门岗设备”给一部手机登记：扫码或输入登记码，不用密码就能查验",
            " 10. street 答复门岗拒行（一项已超时），登记通知居委会，看哪个门岗多次拒行",
        ]


def _event(firm: DemoFirm, at: datetime, step: Step) -> Event:
    return Event(at, f"{firm.short_name} {step.__name__}", lambda: step(at))

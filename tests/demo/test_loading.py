"""The loaded demo agrees with the system: decisions replay, bits agree, every state is there."""

from __future__ import annotations

import json
import stat
from collections import Counter, defaultdict

import pytest
from sqlalchemy import func, select

from resume import audit, clock, jobs
from resume.accounts import totp
from resume.accounts.lifecycle import REQUIRED
from resume.accounts.models import Account
from resume.accounts.operations import WrongSignIn, enter_code, factor_steps, sign_in
from resume.accounts.queries import list_accounts
from resume.applications.models import Application, Decision
from resume.audit import AuditEntry
from resume.clock import real_now
from resume.credential.status import StatusBits
from resume.db import reading
from resume.demo import HomeInUse, load_demo
from resume.demo.accounts import current_codes
from resume.demo.loading import SIGN_INS
from resume.demo.moments import NOW
from resume.demo.story import CASES_FILE, CORRECTION_FILE, LIST_FILE, MORE_FILE
from resume.evidence.models import LEDGER, CodeRecord, ContactRecord, TestRecord, ZoneRecord
from resume.firms.models import Firm
from resume.firms.queries import list_sites
from resume.gate.models import MedicalExit, Scan
from resume.intake.operations import take_in
from resume.notices.models import Notice
from resume.passes.lifecycle import Status
from resume.passes.models import Pass, Suspension
from resume.passes.queries import status_column
from resume.passes.status_list import shards, status_values
from resume.people.models import Person
from resume.places.models import Gate
from resume.plans.models import Attachment, Plan, PlanVersion
from resume.plans.queries import view_version
from resume.policy import Answer, decide, facts_from_json
from resume.roles import Actor, Role
from resume.roster.details import open_details
from resume.roster.eligibility import verdicts_of
from resume.roster.lost import count_addresses
from resume.roster.models import Worker
from resume.roster.operations import upload
from resume.roster.queries import find_current_list, find_preview, list_errors
from resume.roster.sheet import read_worker_list
from resume.sealing import sealer
from resume.staffing.comparing import Kind, difference_of
from resume.tables.reading import read_table
from tests.demo.conftest import Loaded

# Demo passes that were looked at: status as of the demo's morning.
STATES = {"draft", "submitted", "recommended", "returned", "refused", "approved"}
BITS = {
    Status.REVOKED: StatusBits.INVALID,
    Status.REPLACED: StatusBits.INVALID,
    Status.USED: StatusBits.INVALID,
    Status.SUSPENDED: StatusBits.SUSPENDED,
}


def kinds(column: object) -> set[object]:
    return set(reading().scalars(select(column).distinct()))  # type: ignore[call-overload]


def statuses() -> dict[object, Status]:
    rows = reading().execute(select(Pass.id, status_column(NOW)))
    return {pass_id: Status(word) for pass_id, word in rows}


def test_every_state_is_there(loaded: Loaded) -> None:
    assert kinds(Application.state) == STATES
    assert kinds(Plan.state) == {"none", "approved", "suspended"}
    assert set(statuses().values()) == set(Status)
    assert kinds(Scan.action) == {"checked", "let_through", "refused", "annulled"}
    assert kinds(Scan.answer) >= {"green", "amber", "red"}
    assert kinds(CodeRecord.colour) == {"green", "yellow", "red"}
    assert kinds(ContactRecord.kind) == {"close", "secondary"}
    assert kinds(ZoneRecord.kind) == {"declared", "uplift", "raised"}
    assert kinds(TestRecord.result) == {"negative", "positive", "pending_review", None}
    assert kinds(TestRecord.source) == {"cdc", "lab", "self"}
    for model in (*LEDGER, MedicalExit):
        assert reading().scalar(select(func.count()).select_from(model)), model
    assert reading().scalar(select(func.count()).select_from(Firm)) == 40
    assert (reading().scalar(select(func.count()).select_from(PlanVersion)) or 0) >= 55


def test_every_submitted_plan_is_complete_and_the_story_has_papers(loaded: Loaded) -> None:
    rows = select(PlanVersion, Plan.firm_id).join(Plan).where(PlanVersion.submitted_at.is_not(None))
    with_papers = set[int]()
    for version, firm_id in reading().execute(rows).all():
        view = view_version(version, firm_id=firm_id, at=NOW)
        assert not view.incomplete, view.firm.name
        assert not view.failed_count, view.firm.name
        if view.papers:
            with_papers.add(firm_id)
    assert len(with_papers) == 2
    assert kinds(Attachment.kind) == {"floor_plan", "lodging_photos"}


def test_decisions_replay_to_the_same_verdict(loaded: Loaded) -> None:
    decisions = reading().scalars(select(Decision)).all()
    assert {row.is_approved for row in decisions} == {True, False}
    for row in decisions:
        kept = json.loads(sealer().open_bytes(row.sealed, place=f"decision:sealed:{row.id}"))
        facts = facts_from_json(kept["facts"])
        verdict = decide(facts, profile=kept["profile"], at=row.at)
        assert verdict.outcome.value == kept["outcome"]
        assert verdict.policy_version == kept["policy_version"]
        assert [finding.code for finding in verdict.findings] == [one["code"] for one in kept["findings"]]
        if row.is_approved:
            assert verdict.outcome is Answer.ELIGIBLE
        # Nothing was known then that was sampled later.
        assert all(test.sampled_at <= row.at for test in facts.tests)


def test_each_approval_is_one_pass_and_one_is_live(loaded: Loaded) -> None:
    approved = set(reading().scalars(select(Decision.id).where(Decision.is_approved.is_(True))))
    passes = reading().scalars(select(Pass)).all()
    assert {row.decision_id for row in passes} == approved
    # A pass that was put on a phone is a re-issue of the same decision: the first one is replaced by it.
    again = Counter(row.decision_id for row in passes)
    again.subtract(row.decision_id for row in passes if row.medium == "phone")
    assert set(again.values()) == {1}
    live = Counter(row.person_key for row in passes if row.is_live)
    assert set(live.values()) == {1}
    for row in passes:
        if row.in_at is not None:
            assert row.out_at is not None
            assert row.issued_at <= row.out_at < row.in_at
            assert not row.is_live
        assert row.good_until >= row.issued_at


def test_marks_bits_and_statuses_agree(loaded: Loaded) -> None:
    held = kinds_of_open_suspensions()
    passes = {row.id: row for row in reading().scalars(select(Pass))}
    found = statuses()
    bits = {(shard, index): bit for shard in shards() for index, bit in status_values(shard, at=NOW).items()}
    for pass_id, status in found.items():
        row = passes[pass_id]
        assert row.is_suspended == bool(held[pass_id]), row.number
        assert bits.pop((row.shard, row.status_index), 0) == BITS.get(status, 0), (row.number, status)
    assert not bits


def kinds_of_open_suspensions() -> defaultdict[object, set[str]]:
    held: defaultdict[object, set[str]] = defaultdict(set)
    rows = select(Suspension.pass_id, Suspension.code).where(Suspension.ended_at.is_(None))
    for pass_id, code in reading().execute(rows):
        held[pass_id].add(code)
    return held


def test_scans_are_what_became_of_the_passes(loaded: Loaded) -> None:
    good = (Scan.action == "let_through", Scan.is_forced.is_(False), Scan.annulled_at.is_(None))
    let = reading().execute(select(Scan.pass_id, Scan.gate_id, Scan.at).where(*good))
    passages = {(pass_id, gate_id, at) for pass_id, gate_id, at in let}
    outs = reading().execute(select(Pass.id, Pass.out_gate_id, Pass.out_at).where(Pass.out_at.is_not(None)))
    ins = reading().execute(select(Pass.id, Pass.in_gate_id, Pass.in_at).where(Pass.in_at.is_not(None)))
    assert passages == {tuple(row) for row in (*outs, *ins)}
    # Nobody goes through on red; on amber only who was on his way already, and only at a plant.
    let = reading().execute(select(Scan.answer, Scan.advice, Gate.kind).join(Gate, Gate.id == Scan.gate_id)
                            .where(*good).distinct())  # fmt: skip
    assert {tuple(row) for row in let} <= {
        ("green", "let_through", "compound"),
        ("green", "let_through", "plant"),
        ("amber", "admit_to_observation", "plant"),
    }


def test_the_audit_is_whole_and_of_its_time(loaded: Loaded) -> None:
    report = audit.verify()
    assert report.is_whole
    assert report.rows > 300
    assert (reading().scalar(select(func.max(AuditEntry.at))) or NOW) <= NOW


def test_the_waiting_firm_shows_every_reason(loaded: Loaded) -> None:
    firm_id = reading().scalars(select(Account.firm_id).where(Account.name == "hr-a")).one()
    case = reading().scalars(select(Application).where(Application.firm_id == firm_id)).one()
    assert case.state == "submitted"
    workers = reading().scalars(select(Worker).where(Worker.list_id == case.list_id)).all()
    verdicts = verdicts_of(workers, at=NOW, plan="approved")
    codes = {finding.code for verdict in verdicts for finding in verdict.findings}
    assert codes >= {
        "OK", "BLDG_POS_7D", "BLDG_UNKNOWN", "BLDG_HOLD", "POSITIVE", "REVIEW_PENDING", "CORES_PENDING",
        "PCR_EXPIRED", "PCR_NONE", "PCR_PENDING", "CODE_NOT_GREEN", "CODE_UNKNOWN", "CONTACT",
    }  # fmt: skip
    eligible = sum(verdict.outcome is Answer.ELIGIBLE for verdict in verdicts)
    assert 0 < len(verdicts) - eligible <= 40


def test_nothing_stored_looks_real(loaded: Loaded) -> None:
    for person in reading().scalars(select(Person)):
        number = sealer().open(person.sealed_number, place=f"person:sealed_number:{person.key.hex()}")
        assert number.startswith(("319999", "DEMO", "ZZZ319999", "81000018990101"))
    for worker in reading().scalars(select(Worker)):
        assert open_details(worker).phone.startswith("169")


def test_the_sign_ins_work_and_are_kept(loaded: Loaded) -> None:
    path = loaded.home / SIGN_INS
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert path.read_text(encoding="utf-8").splitlines() == loaded.lines
    words = [line.split() for line in loaded.lines if line.startswith("  ")]
    named = {row[0]: row[1] for row in words if len(row) > 2 and row[1].count("-") == 2}
    secrets = {row[0]: row[2] for row in words if len(row) > 2 and row[0] in named}
    accounts = reading().scalars(select(Account).where(Account.is_disabled.is_(False))).all()
    assert named.keys() == {account.name for account in accounts}
    assert {account.role for account in accounts} == set(Role)
    for name, password in named.items():
        session, account = sign_in(name, password, address="127.0.0.1", at=NOW, real_at=real_now())
        assert account.name == name
        assert account.has_second_factor is (account.role in REQUIRED)
        if account.has_second_factor:
            code = totp.code_at(secrets[name], totp.step_at(real_now()))
            assert enter_code(session, code, at=NOW, real_at=real_now())[1].name == name
    with pytest.raises(WrongSignIn):
        sign_in("signer-310101", "!", address="127.0.0.2", at=NOW, real_at=real_now())


def test_present_codes_are_told_in_a_demo_home_alone(loaded: Loaded) -> None:
    at = real_now()
    told = dict(line.split()[:2] for line in current_codes(at=at))
    needing = [account for account in list_accounts() if account.has_second_factor]
    assert told.keys() == {account.name for account in needing}
    for account in needing:
        secret = factor_steps.secret_of(account)
        assert secret is not None
        assert told[account.name] == totp.code_at(secret, totp.step_at(at))


def test_the_clock_stands_and_sheets_wait_to_be_asked_for(loaded: Loaded) -> None:
    assert clock.now() == NOW
    assert 0 < jobs.count_open("sheet") <= 40


def test_the_running_firm_was_told_of_each_thing_that_happened(loaded: Loaded) -> None:
    """By the doors of their causes: its case, a false alarm and its end, samples that run out."""
    hr = reading().scalars(select(Account).where(Account.name == "hr-c")).one()
    told = reading().scalars(select(Notice).where(Notice.account_id == hr.id).order_by(Notice.at)).all()
    assert {"returned", "approved", "suspended", "healed"} <= {notice.kind for notice in told}
    assert {notice.kind for notice in told if notice.read_at is not None} >= {"returned", "approved"}
    assert all(notice.at <= NOW for notice in told)
    signed_in = select(Account.id).where(Account.is_disabled.is_(False))
    assert set(reading().scalars(select(Notice.account_id))) <= set(reading().scalars(signed_in))


def test_a_home_in_use_is_left_alone(loaded: Loaded) -> None:
    before = reading().scalar(select(func.count()).select_from(AuditEntry))
    with pytest.raises(HomeInUse):
        list(load_demo(0.02))
    assert reading().scalar(select(func.count()).select_from(AuditEntry)) == before


def test_the_running_firm_has_a_list_to_work_through(loaded: Loaded) -> None:
    """A preview with bad rows and an unknown house, changes to the list in force, and a file to append."""
    firm_id = reading().scalars(select(Account.firm_id).where(Account.name == "hr-c")).one()
    assert firm_id is not None
    preview, current = find_preview(firm_id=firm_id), find_current_list(firm_id=firm_id)
    assert preview is not None
    assert current is not None
    assert preview.row_count - preview.good_count == 4
    assert max(count_addresses(preview.id).values()) == 3
    difference = difference_of(preview, current)
    assert [difference.count(kind) > 0 for kind in Kind] == [True] * 4
    more = read_table((loaded.home / "demo" / MORE_FILE).read_bytes(), MORE_FILE)
    sites = {site.name: site.id for site in list_sites(firm_id=firm_id)}
    assert read_worker_list(more, sites=sites, today=NOW.date()).errors == []


def test_the_story_can_be_played(loaded: Loaded) -> None:
    """The list comes with its bad cells; the positive suspends passes of C, the correction heals them."""
    folder = loaded.home / "demo"
    firm_id = reading().scalars(select(Account.firm_id).where(Account.name == "hr-b")).one()
    assert firm_id is not None
    hr, steward = Actor("hr-b", Role.HR, firm_id=firm_id), Actor("steward", Role.STEWARD)
    found = upload(firm_id, (folder / LIST_FILE).read_bytes(), LIST_FILE, by=hr, at=NOW)
    codes = {error.code for error in list_errors(found.id)}
    assert codes >= {"digits_destroyed", "check_digit", "duplicate", "site", "date"}
    assert found.good_count >= found.row_count - 16
    before = reading().scalar(select(func.count()).where(Pass.is_suspended.is_(True)))
    taken = take_in("cases", folder / CASES_FILE, CASES_FILE, by=steward, at=NOW)
    assert (taken.accepted, taken.refused) == (1, ())
    assert taken.suspended >= 3
    mended = take_in("cases", folder / CORRECTION_FILE, CORRECTION_FILE, by=steward, at=NOW)
    assert mended.healed == taken.suspended
    assert reading().scalar(select(func.count()).where(Pass.is_suspended.is_(True))) == before

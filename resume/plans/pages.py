"""A section's page and its pieces, drawn for what is saved, for what is typed, and for what was refused."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from resume.accounts.kept import Kept, kept_here
from resume.plans.cases import PlanCase, case_of
from resume.plans.completeness import SectionState, SectionView, judge
from resume.plans.difference import FieldChange, section_changes
from resume.plans.forms import AttachmentForm, SectionForm, row_number
from resume.plans.queries import PlanView, answers_of, registered_sites
from resume.plans.sections import BY_KEY
from resume.plans.sections.describe import ASSUMED, Field, Section
from resume.plans.sections.sources import source_titles
from resume.plans.sent import ADD, CHECK, LATER, REMOVE, Opened, Sent
from resume.plans.steps import SectionChanged
from resume.refusals import NotFound, Refusal, Text
from resume.web.pages import page, saved, wants_fragment


def get_section(key: str) -> Section:
    """The section of that key, or NotFound."""
    section = BY_KEY.get(key)
    if section is None:
        raise NotFound
    return section


@dataclass(frozen=True, slots=True)
class Shown:
    """What a section's page is drawn from.

    `question`: what saving asks first. `rival`: who saved meanwhile, with what differs (his, ours). `kept`:
    typed when the session had expired. `saves_at_once`: a change was made that no field tells of: a row was
    removed. `has_new_row`: one was added, and takes the focus.
    """

    form: SectionForm
    view: SectionView
    case: PlanCase
    opened: Opened
    question: Text | None = None
    rival: SectionChanged | None = None
    differences: tuple[FieldChange, ...] = ()
    kept: Kept | None = None
    saves_at_once: bool = False
    has_new_row: bool = False

    @property
    def plan(self) -> PlanView:
        return self.case.plan

    @property
    def saves_itself(self) -> bool:
        """Whether what is typed is saved without asking."""
        return self.question is None and self.rival is None

    @property
    def returned(self) -> list[Any]:
        """What the reviewer asked of this section."""
        return [one for one in self.case.returned if one.part == self.form.section.key]

    def draw(self, status: int = 200) -> Response:
        """The page, or its form alone for htmx, whatever the status."""
        response = page("plans/section.html", fragment="plans/_section.html", status=status, **_context(self))
        if status >= 400 and wants_fragment():
            response.headers["HX-Retarget"] = "#section"
            response.headers["HX-Reswap"] = "outerHTML show:#section:top"
        return response


def saved_page(section: Section, *, firm_id: int, at: datetime, is_wanted: bool) -> Response:
    """The page as saved; as typed where something cannot be read yet, or was typed into an expired session.

    Where saving asks something first, the answers alone until the form is wanted. A section never saved
    begins with what the register knows.
    """
    case = case_of(firm_id=firm_id, at=at)
    view = case.plan.section(section.key)
    question, kept = case.asks_about(section.key), kept_here()
    opened = Opened.now(case.plan.revision, is_agreed=question is not None)
    if kept is not None:
        was = Opened.read({name: kept.first(name) for name in kept.typed})
        form = SectionForm.of_kept(section, kept.typed)
        return Shown(
            form, view, case, Opened(was.name, was.revision, opened.is_agreed), question, kept=kept
        ).draw()
    if question is not None and not is_wanted:
        return page("plans/fixed_section.html", view=view, case=case, plan=case.plan, question=question)
    typed = case.plan.typed.get(section.key)
    if typed is not None:
        return Shown(SectionForm.of_kept(section, typed), view, case, opened, question).draw()
    values = view.values
    if not values and section.key == "sites":
        values = registered_sites(firm_id=firm_id)
    return Shown(SectionForm.of_values(section, values), view, case, opened, question).draw()


def typed_page(sent: Sent, *, firm_id: int, at: datetime) -> Response:
    """The page as typed and not saved: a row more or less, or the checks alone."""
    sent.form.validate()
    case = case_of(firm_id=firm_id, at=at)
    view = _judged(sent.form, case.plan, at)
    question = case.asks_about(sent.form.section.key)
    if sent.intent == CHECK:
        shown = Shown(sent.form, view, case, sent.opened, question)
        return page("plans/section.html", fragment="plans/_checked.html", **_context(shown))
    sent.form.clear_errors()
    number = sent.intent.removeprefix(REMOVE)
    if sent.intent == ADD:
        sent.form.add_row()
    elif number != sent.intent and number.isdecimal():
        sent.form.remove_row(int(number))
    return Shown(
        sent.form,
        view,
        case,
        sent.opened,
        question,
        saves_at_once=sent.intent.startswith(REMOVE),
        has_new_row=sent.intent == ADD,
    ).draw()


def unreadable_page(sent: Sent, *, firm_id: int, at: datetime) -> Response:
    """The page as typed and saved as typed, with an error beside each thing that cannot be read (422)."""
    case = case_of(firm_id=firm_id, at=at)
    view = case.plan.section(sent.form.section.key)
    opened = Opened(sent.opened.name, case.plan.revision, sent.opened.is_agreed)
    return Shown(sent.form, view, case, opened, case.asks_about(sent.form.section.key)).draw(422)


def rival_page(sent: Sent, rival: SectionChanged, *, firm_id: int, at: datetime) -> Response:
    """The page as typed beside what another saved meanwhile (409): saving it now replaces his knowingly."""
    sent.form.validate()
    case = case_of(firm_id=firm_id, at=at)
    section = sent.form.section
    theirs = case.plan.section(section.key)
    differences = section_changes(section, theirs.values, sent.form.readable_values)
    opened = Opened.now(case.plan.revision, is_agreed=sent.opened.is_agreed)
    question = case.asks_about(section.key)
    view = _judged(sent.form, case.plan, at)
    return Shown(sent.form, view, case, opened, question, rival, differences).draw(409)


def asking_page(sent: Sent, question: Text, *, firm_id: int, at: datetime) -> Response:
    """The page as typed with what saving it would do (409): sent again, it is agreed to."""
    sent.form.validate()
    case = case_of(firm_id=firm_id, at=at)
    opened = Opened(sent.opened.name, sent.opened.revision, is_agreed=True)
    return Shown(sent.form, _judged(sent.form, case.plan, at), case, opened, question).draw(409)


def autosaved_piece(sent: Sent, *, firm_id: int, at: datetime) -> Response:
    """What a page that saved itself is told: when, the new revision, the checks as they are now."""
    case = case_of(firm_id=firm_id, at=at)
    view = case.plan.section(sent.form.section.key)
    opened = Opened(sent.opened.name, case.plan.revision, sent.opened.is_agreed)
    state = "" if view.saved is None else "partly" if view.is_unreadable else "saved"
    context = _context(Shown(sent.form, view, case, opened)) | {"state": state, "said": sent.said}
    return page("plans/_autosaved.html", **context)


def not_autosaved_piece(sent: Sent, refusal: Refusal, *, is_over: bool) -> Response:
    """What a page that could not save itself is told; `is_over`: it does not try again."""
    response = page(
        "plans/_not_autosaved.html", status=refusal.status, refusal=refusal, is_over=is_over, said=sent.said
    )
    response.headers["HX-Retarget"] = "#autosave"
    response.headers["HX-Reswap"] = "outerHTML"
    return response


def after_save(sent: Sent, *, firm_id: int, at: datetime) -> Response:
    """On to the task list; back to the section where it still lacks something, which is said."""
    section = sent.form.section
    view = case_of(firm_id=firm_id, at=at).plan.section(section.key)
    if view.state is SectionState.DONE:
        return saved(url_for("plans.tasks"), message=_("“%(section)s”已保存", section=section.title))
    message = _("草稿已保存，“%(section)s”还没有完成", section=section.title)
    if sent.intent == LATER:
        return saved(url_for("plans.tasks"), message=message)
    return saved(url_for("plans.section", key=section.key), message=message)


def attachments_page(form: AttachmentForm, *, firm_id: int, at: datetime, status: int) -> Response:
    """The page of the attachments with why a file was not taken."""
    section = get_section("attachments")
    case = case_of(firm_id=firm_id, at=at)
    view = case.plan.section(section.key)
    opened = Opened.now(case.plan.revision)
    shown = Shown(
        SectionForm.of_values(section, view.values), view, case, opened, case.asks_about(section.key)
    )
    return page("plans/section.html", status=status, **_context(shown) | {"attachment_form": form})


def _judged(form: SectionForm, plan: PlanView, at: datetime) -> SectionView:
    sections = {view.section.key: view.values for view in plan.sections}
    sections[form.section.key] = form.readable_values
    return judge(form.section, answers_of(sections, at=at, papers=plan.papers))


def _context(shown: Shown) -> dict[str, Any]:
    return {
        "shown": shown,
        "form": shown.form,
        "view": shown.view,
        "case": shown.case,
        "plan": shown.plan,
        "opened": shown.opened,
        "attachment_form": AttachmentForm(formdata=None) if shown.form.section.key == "attachments" else None,
        "hint_of": hint_of,
        "row_number": row_number,
        "source_titles": source_titles,
    }


def hint_of(field: Field) -> str:
    """The hint with where it comes from; what no published text asks for is said to be this system's own."""
    if not field.source:
        return str(field.hint)
    if field.source == ASSUMED:
        source = str(_("本系统设定"))
    else:
        source = str(_("依据：%(titles)s", titles=source_titles(field.source)))
    return f"{field.hint}（{source}）" if field.hint else source

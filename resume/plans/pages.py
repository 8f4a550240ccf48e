"""A section's page and its pieces, drawn for what is saved and for what is being typed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from resume.plans.completeness import SectionState, SectionView, judge
from resume.plans.forms import AttachmentForm, SectionForm, row_number
from resume.plans.queries import PlanView, answers_of, registered_sites, view_current
from resume.plans.sections import BY_KEY
from resume.plans.sections.describe import ASSUMED, Field, Section
from resume.plans.sections.sources import source_titles
from resume.refusals import NotFound
from resume.web.pages import page, saved

SAVE, CHECK, ADD, REMOVE = "save", "check", "add", "remove-"


def get_section(key: str) -> Section:
    """The section of that key, or NotFound."""
    section = BY_KEY.get(key)
    if section is None:
        raise NotFound
    return section


def saved_page(section: Section, *, firm_id: int, at: datetime) -> Response:
    """The page as saved; a section never saved begins with what the register knows."""
    plan = view_current(firm_id=firm_id, at=at)
    view = plan.section(section.key)
    values = view.values
    if not values and section.key == "sites":
        values = registered_sites(firm_id=firm_id)
    return _draw(SectionForm.of_values(section, values), view, plan, revision=plan.revision)


def typed_page(form: SectionForm, intent: str, *, firm_id: int, revision: int, at: datetime) -> Response:
    """The page as typed and not saved: a row more or less, the checks alone, or with its errors (422)."""
    is_readable = form.validate()
    plan = view_current(firm_id=firm_id, at=at)
    view = _judged(form, plan, at)
    if intent == CHECK:
        return page(
            "plans/section.html", fragment="plans/_checked.html", **_context(form, view, plan, revision)
        )
    if intent == SAVE:
        return _draw(form, view, plan, revision=revision, status=200 if is_readable else 422)
    for bound in (field for one in [form.head, *form.rows] for field in one):
        bound.errors = ()  # nothing was to be saved yet
    if intent == ADD:
        form.add_row()
    elif intent.startswith(REMOVE) and intent.removeprefix(REMOVE).isdecimal():
        form.remove_row(int(intent.removeprefix(REMOVE)))
    return _draw(form, view, plan, revision=revision)


def attachments_page(form: AttachmentForm, *, firm_id: int, at: datetime, status: int) -> Response:
    """The page of the attachments with why a file was not taken."""
    section = get_section("attachments")
    plan = view_current(firm_id=firm_id, at=at)
    view = plan.section(section.key)
    section_form = SectionForm.of_values(section, view.values)
    context = _context(section_form, view, plan, plan.revision) | {"attachment_form": form}
    return page("plans/section.html", status=status, **context)


def after_save(section: Section, *, firm_id: int, at: datetime) -> Response:
    """On to the task list; back to the section where it still lacks something, which is said."""
    view = view_current(firm_id=firm_id, at=at).section(section.key)
    if view.state is SectionState.DONE:
        return saved(url_for("plans.tasks"), message=_("“%(section)s”已保存", section=section.title))
    return saved(
        url_for("plans.section", key=section.key),
        message=_("草稿已保存，“%(section)s”还没有完成", section=section.title),
    )


def _judged(form: SectionForm, plan: PlanView, at: datetime) -> SectionView:
    sections = {view.section.key: view.values for view in plan.sections}
    sections[form.section.key] = form.readable_values
    return judge(form.section, answers_of(sections, at=at, papers=plan.papers))


def _draw(
    form: SectionForm, view: SectionView, plan: PlanView, *, revision: int, status: int = 200
) -> Response:
    context = _context(form, view, plan, revision)
    return page("plans/section.html", fragment="plans/_section.html", status=status, **context)


def _context(form: SectionForm, view: SectionView, plan: PlanView, revision: int) -> dict[str, Any]:
    return {
        "form": form,
        "view": view,
        "plan": plan,
        "revision": revision,
        "attachment_form": AttachmentForm(formdata=None) if form.section.key == "attachments" else None,
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

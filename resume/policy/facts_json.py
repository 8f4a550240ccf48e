"""Facts as JSON: read strictly, with every fault named at once, and written back the same.

The shape is "Facts and verdict" of the formats page. Unknown keys are ignored; `ref` (with `contact_ref`,
`plan_ref`), a case's `disinfected_at` and `consented_at` are read where they are there.
"""

from datetime import datetime
from typing import cast, get_args

from resume.policy import facts as f
from resume.policy.json_part import FactError, Part
from resume.policy.moments import shown

JsonObject = dict[str, object]
Names = tuple[str, ...]

_KINDS: Names = get_args(f.Kind)
_METHODS: Names = get_args(f.Method)
_RESULTS: Names = get_args(f.Result)
_SOURCES: Names = get_args(f.Source)
_COLOURS: Names = get_args(f.Colour)
_REVIEWED: Names = get_args(f.ReviewOf)
_ORIGINS: Names = get_args(f.Origin)
_EXCLUDED: Names = get_args(f.Excluded)
_CONTACTS: Names = get_args(f.Contact)
_ZONES: Names = get_args(f.Zone)


class BadFacts(ValueError):
    """Facts that cannot be read; `errors` lists every fault found."""

    def __init__(self, errors: list[FactError]) -> None:
        super().__init__("; ".join(f"{error['path']}: {error['reason']}" for error in errors))
        self.errors = errors


def facts_from_json(obj: object) -> f.Facts:
    """The facts of a decoded JSON object. Raises BadFacts with the list of {path, reason}."""
    errors: list[FactError] = []
    facts = _facts(Part(obj, "", errors))
    if errors:
        raise BadFacts(errors)
    return facts


def facts_to_json(facts: f.Facts) -> JsonObject:
    """The facts as the formats page prints them; `facts_from_json` reads them back as the same facts."""
    obj: JsonObject = {
        "tests": [_test_to_json(test) for test in facts.tests],
        "discharged_at": _shown(facts.discharged_at),
        "code": None if facts.code is None else _code_to_json(facts.code),
        "contact": facts.contact,
        "reviews": [_review_to_json(review) for review in facts.reviews],
        "building": _building_to_json(facts.building),
        "zone": facts.zone,
        "plan": facts.plan,
    }
    if facts.consented_at is not None:
        obj["consented_at"] = shown(facts.consented_at)
    _name(obj, facts.contact_ref, "contact_ref")
    _name(obj, facts.plan_ref, "plan_ref")
    return obj


def _facts(part: Part) -> f.Facts:
    return f.Facts(
        tests=part.parts("tests", _test),
        discharged_at=part.moment("discharged_at", optional=True),
        code=part.part("code", _code, nullable=True),
        contact=part.choice("contact", _CONTACTS, nullable=True),
        reviews=part.parts("reviews", _review),
        building=cast("f.Building", part.part("building", _building)),
        zone=part.choice("zone", _ZONES, nullable=True),
        plan=part.text("plan"),
        contact_ref=part.ref("contact_ref"),
        plan_ref=part.ref("plan_ref"),
        consented_at=part.moment("consented_at", optional=True),
    )


def _test(part: Part) -> f.Test:
    test = f.Test(
        kind=part.choice("kind", _KINDS),
        method=part.choice("method", _METHODS, nullable=True),
        sampled_at=part.moment("sampled_at"),
        reported_at=part.moment("reported_at", nullable=True),
        result=part.choice("result", _RESULTS, nullable=True),
        source=part.choice("source", _SOURCES),
        ref=part.ref(),
    )
    if test.kind == "antigen" and test.method is not None:
        part.wrong("method", "an antigen has null")
    if test.kind == "pcr" and part.is_null("method"):
        part.wrong("method", "a PCR has single or mixed")
    for one, other in (("reported_at", "result"), ("result", "reported_at")):
        if part.is_null(one) and part.has_value(other):
            part.wrong(one, f"null although {other} is there")
    return test


def _code(part: Part) -> f.Code:
    return f.Code(part.choice("colour", _COLOURS), part.moment("changed_at"), part.ref())


def _review(part: Part) -> f.Review:
    return f.Review(
        of=part.choice("of", _REVIEWED),
        origin=part.choice("origin", _ORIGINS),
        opened_at=part.moment("opened_at"),
        cleared_at=part.moment("cleared_at", nullable=True),
        ref=part.ref(),
    )


def _building(part: Part) -> f.Building:
    return f.Building(
        known=part.flag("known"),
        known_until=part.moment("known_until", optional=True),
        cases=part.parts("cases", _case),
        ref=part.ref(),
    )


def _case(part: Part) -> f.Case:
    return f.Case(
        reported_at=part.moment("reported_at"),
        transferred_at=part.moment("transferred_at", nullable=True),
        excluded=part.choice("excluded", _EXCLUDED, nullable=True),
        disinfected_at=part.moment("disinfected_at", optional=True),
        ref=part.ref(),
    )


def _test_to_json(test: f.Test) -> JsonObject:
    obj: JsonObject = {
        "kind": test.kind,
        "method": test.method,
        "sampled_at": shown(test.sampled_at),
        "reported_at": _shown(test.reported_at),
        "result": test.result,
        "source": test.source,
    }
    return _name(obj, test.ref)


def _code_to_json(code: f.Code) -> JsonObject:
    return _name({"colour": code.colour, "changed_at": shown(code.changed_at)}, code.ref)


def _review_to_json(review: f.Review) -> JsonObject:
    obj: JsonObject = {
        "of": review.of,
        "origin": review.origin,
        "opened_at": shown(review.opened_at),
        "cleared_at": _shown(review.cleared_at),
    }
    return _name(obj, review.ref)


def _building_to_json(building: f.Building) -> JsonObject:
    obj: JsonObject = {
        "known": building.known,
        "known_until": _shown(building.known_until),
        "cases": [_case_to_json(case) for case in building.cases],
    }
    return _name(obj, building.ref)


def _case_to_json(case: f.Case) -> JsonObject:
    obj: JsonObject = {
        "reported_at": shown(case.reported_at),
        "transferred_at": _shown(case.transferred_at),
        "excluded": case.excluded,
    }
    if case.disinfected_at is not None:
        obj["disinfected_at"] = shown(case.disinfected_at)
    return _name(obj, case.ref)


def _shown(moment: datetime | None) -> str | None:
    return None if moment is None else shown(moment)


def _name(obj: JsonObject, ref: str | None, key: str = "ref") -> JsonObject:
    if ref is not None:
        obj[key] = ref
    return obj

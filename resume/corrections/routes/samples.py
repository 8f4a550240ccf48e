"""The sampling chain: from a point, a box or an abnormal tube to its people."""

from __future__ import annotations

from flask import request
from werkzeug.wrappers import Response

from resume.corrections import queries
from resume.corrections.kinds.conflicts import RESULT_NAMES, SOURCE_NAMES
from resume.corrections.routes.blueprint import bp
from resume.roles import Role
from resume.web.access import open_to
from resume.web.pages import asked_page, page


@bp.get("/samples")
@open_to(Role.STEWARD)
def samples() -> Response:
    """Abnormal tubes; or the samples of one tube, box or sampling point, each with its person, masked."""
    chain = {
        name: request.args.get(name, "").replace("\x00", "").strip()[:40] for name in ("site", "box", "tube")
    }
    is_asked = any(chain.values())
    return page(
        "corrections/samples.html",
        chain=chain,
        is_asked=is_asked,
        members=queries.list_samples(**chain, page=asked_page()) if is_asked else (),
        tubes=() if is_asked else queries.list_abnormal_tubes(page=asked_page()),
        number=asked_page(),
        per_page=queries.PER_PAGE,
        result_names=RESULT_NAMES,
        source_names=SOURCE_NAMES,
    )

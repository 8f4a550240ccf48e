"""Signed lists for all: the status of passes, and the keys that sign."""

from __future__ import annotations

from flask import Response, jsonify, request
from werkzeug.wrappers import Response as BaseResponse

from resume import clock
from resume.credential.keys import KEY_LIST_TYPE
from resume.credential.status import STATUS_LIST_TYPE
from resume.passes.drafts import status_uri
from resume.passes.routes.blueprint import bp
from resume.passes.status_list import SignedList, current_key_list, current_list, shards
from resume.web.access import open_to_everybody


@bp.get("/status")
@open_to_everybody
def status_lists() -> BaseResponse:
    """The addresses of all status lists (aggregation of the IETF draft)."""
    response = jsonify(status_lists=[status_uri(shard) for shard in shards()])
    response.headers["Cache-Control"] = "public, max-age=900"
    return response


@bp.get("/status/<int:shard>")
@open_to_everybody
def status_list(shard: int) -> BaseResponse:
    """The signed status list of a shard."""
    # A minute's keeping spares the server the crowd at a shift's start; the list itself lives for its ttl.
    return _signed(
        current_list(shard, at=clock.now()), STATUS_LIST_TYPE, "public, max-age=60, must-revalidate"
    )


@bp.get("/keys.cwt")
@open_to_everybody
def keys() -> BaseResponse:
    """The signed list of keys. Caches ask about it at each use: distrust is at once."""
    return _signed(current_key_list(at=clock.now()), KEY_LIST_TYPE, "public, no-cache")


def _signed(found: SignedList, mimetype: str, caching: str) -> BaseResponse:
    response = Response(found.message, mimetype=mimetype)
    response.set_etag(found.etag, weak=True)
    response.headers["Cache-Control"] = caching
    response.make_conditional(request)
    return response

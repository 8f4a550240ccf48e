"""Signed lists for all: the status of passes, and the keys that sign."""

from __future__ import annotations

from flask import Response, jsonify, request
from werkzeug.wrappers import Response as BaseResponse

from resume import clock
from resume.credential.keys import KEY_LIST_TYPE
from resume.credential.status import STATUS_LIST_TYPE
from resume.passes.drafts import status_uri
from resume.passes.routes.blueprint import bp
from resume.passes.status_list import current_list, make_key_list, shards
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
    found = current_list(shard, at=clock.now())
    response = Response(found.message, mimetype=STATUS_LIST_TYPE)
    response.set_etag(found.etag)
    response.headers["Cache-Control"] = "no-cache"  # kept, and asked about at each use
    response.make_conditional(request)
    return response


@bp.get("/keys")
@open_to_everybody
def keys() -> BaseResponse:
    """The signed list of the keys that sign passes and lists."""
    response = Response(make_key_list(at=clock.now()), mimetype=KEY_LIST_TYPE)
    response.headers["Cache-Control"] = "no-cache"
    return response

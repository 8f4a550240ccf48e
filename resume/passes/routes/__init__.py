"""Pages of passes: the firm's with their sheets, the reviewer's releases; status and key lists for all."""

from resume.passes.routes import district, firm, links, lists  # noqa: F401 - they put their views on `bp`
from resume.passes.routes.blueprint import bp

__all__ = ["bp"]

"""Pages of passes: the firm's with their sheets, the reviewer's releases, keys; signed lists for all."""

from resume.passes.routes import district, firm, keys, links, lists  # noqa: F401 - they put their views on `bp`
from resume.passes.routes.blueprint import bp

__all__ = ["bp"]

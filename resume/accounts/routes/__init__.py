"""Pages of sign-in and of accounts."""

from resume.accounts.routes.blueprint import bp

from resume.accounts.routes import accounts, factor, invitations, links, own, sign_in  # isort: skip

__all__ = ["accounts", "bp", "factor", "invitations", "links", "own", "sign_in"]

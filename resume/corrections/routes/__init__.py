"""The steward's pages of changes by hand."""

from resume.corrections.routes.blueprint import bp

from resume.corrections.routes import cases, conflicts, corrections, reviews, samples, zones  # isort: skip

__all__ = ["bp", "cases", "conflicts", "corrections", "reviews", "samples", "zones"]

"""The application as a command sees it: one home, its clock, errors in one line."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

import click

P = ParamSpec("P")
R = TypeVar("R")


def in_home(command: Callable[P, R]) -> Callable[P, R]:
    """Run a command inside its home's application; what is refused on purpose ends with exit code 2."""
    return _inside(command, must_exist=True)


def in_new_home(command: Callable[P, R]) -> Callable[P, R]:
    """As `in_home`, also where there is no home yet."""
    return _inside(command, must_exist=False)


def _inside(command: Callable[P, R], *, must_exist: bool) -> Callable[P, R]:
    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        from resume.app import create_app
        from resume.home import require_home
        from resume.refusals import Refusal
        from resume.settings import BadSetting, Settings

        try:
            app = create_app(Settings.from_environment())
        except BadSetting as error:
            raise click.UsageError(str(error)) from None
        with app.app_context():
            try:
                if must_exist:
                    require_home()
                return command(*args, **kwargs)
            except Refusal as refusal:
                raise click.UsageError(str(refusal)) from None

    return run


class Moment(click.ParamType[object]):
    """An ISO 8601 time with an offset."""

    name = "time"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> object:
        from datetime import datetime

        from resume.clock import parse_time

        if isinstance(value, datetime):
            return value
        try:
            return parse_time(str(value))
        except ValueError as error:
            self.fail(str(error), param, ctx)

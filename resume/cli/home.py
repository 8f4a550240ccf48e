"""`resume init`, `resume admin create`, `resume demo`: a home and those who keep it."""

from __future__ import annotations

import click

from resume import clock
from resume.cli.home_app import in_home, in_new_home


@click.command()
@in_new_home
def init() -> int:
    """Make or upgrade the database; make the demo authority's keys if there are none."""
    from resume.home import make_home, settle_home

    made = make_home()
    settle_home(made, at=clock.now())
    for thing in made or ["nothing: everything is there"]:
        click.echo(f"made {thing}" if made else thing)
    return 0


@click.group()
def admin() -> None:
    """Administrators."""


@admin.command()
@click.argument("name")
@click.password_option("--password", prompt="Password", help="Asked for where it is not given.")
@in_home
def create(name: str, password: str) -> int:
    """Make an administrator's account."""
    from resume.accounts.operations import NewAccount, create_account
    from resume.roles import CLI, Role

    new = NewAccount(name=name, display_name=name, password=password, role=Role.ADMINISTRATOR)
    account = create_account(new, by=CLI, at=clock.now(), real_at=clock.real_now())
    click.echo(f"made administrator {account.name}")
    return 0


@click.command()
@in_home
def demo() -> int:
    """Load the demo city as of 22 April 2022 and set the clock; print the sign-ins."""
    from resume.demo import load_demo

    for line in load_demo():
        click.echo(line)
    return 0

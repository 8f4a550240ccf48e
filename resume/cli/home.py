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
    """Make an administrator's account; its second factor is set up at the first sign-in."""
    from resume.accounts.operations import NewAccount, create_account
    from resume.roles import CLI, Role

    new = NewAccount(name=name, display_name=name, password=password, role=Role.ADMINISTRATOR)
    account = create_account(new, by=CLI, at=clock.now(), real_at=clock.real_now())
    click.echo(f"made administrator {account.name}; the first sign-in sets the second factor up")
    return 0


@admin.command("reset-factor")
@click.argument("name")
@in_home
def clear_factor(name: str) -> int:
    """Clear the second factor of the account NAME, whose telephone and recovery codes are lost."""
    from resume.accounts.operations.factors import reset_factor
    from resume.accounts.queries import find_by_name
    from resume.refusals import NotFound
    from resume.roles import CLI

    account = find_by_name(name)
    if account is None:
        raise NotFound(f"no account {name}")
    reset_factor(account.id, by=CLI, at=clock.now(), real_at=clock.real_now())
    click.echo(f"cleared the second factor of {account.name}; the next sign-in sets it up anew")
    return 0


@click.group(invoke_without_command=True)
@click.pass_context
def demo(context: click.Context) -> None:
    """Load the demo city as of 22 April 2022 and set the clock; print the sign-ins."""
    if context.invoked_subcommand is None:
        context.exit(_load_demo())


@in_home
def _load_demo() -> int:
    from resume.demo import load_demo

    for line in load_demo():
        click.echo(line)
    return 0


@demo.command()
@in_home
def codes() -> int:
    """Print the codes that the second factors of a demo home show now."""
    from resume.demo.accounts import current_codes

    for line in current_codes(at=clock.real_now()):
        click.echo(line)
    return 0

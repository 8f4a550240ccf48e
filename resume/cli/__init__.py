"""The command `resume`: one module for each group of commands, loaded when it is asked for.

`resume policy decide` reads facts from a pipe and needs no application; loading lazily keeps it quick.
Exit codes: 0 done; 1 done, with something refused, invalid, or not green; 2 unusable arguments or input.
"""

from __future__ import annotations

import sys
from importlib import import_module

import click

#: command -> module and attribute
COMMANDS = {
    "init": "resume.cli.home:init",
    "admin": "resume.cli.home:admin",
    "demo": "resume.cli.home:demo",
    "run": "resume.cli.serve:run",
    "intake": "resume.cli.intake:intake",
    "policy": "resume.cli.policy:policy",
    "roster": "resume.cli.roster:roster",
    "places": "resume.cli.lists:places",
    "firm": "resume.cli.lists:firm",
    "gate": "resume.cli.lists:gate",
    "pass": "resume.cli.passes:passes",
    "status": "resume.cli.passes:status",
    "verify": "resume.cli.verify:verify",
    "token": "resume.cli.tokens:token",
    "keys": "resume.cli.keys:keys",
    "audit": "resume.cli.audit:audit",
}


class Commands(click.Group):
    """Finds a command by name and loads its module only then."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, _ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        module, attribute = COMMANDS[name].split(":")
        command: click.Command = getattr(import_module(module), attribute)
        return command


@click.group(cls=Commands)
def cli() -> None:
    """Work resumption for a city: evidence, verdicts, signed passes, gates."""


def main() -> None:
    """Entry point: errors are one line on standard error, exit code 2."""
    try:
        result = cli.main(standalone_mode=False)
    except click.exceptions.Exit as stop:
        sys.exit(stop.exit_code)
    except click.ClickException as error:
        click.echo(f"resume: {error.format_message()}", err=True)
        sys.exit(2)
    except (click.Abort, KeyboardInterrupt):
        click.echo("resume: stopped", err=True)
        sys.exit(2)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(1)
    sys.exit(result if isinstance(result, int) else 0)

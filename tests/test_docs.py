"""What the documents say is so: commands, targets, paths, rooms and records named there exist."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest

ROOT = Path(__file__).resolve().parent.parent
README = ROOT / "README.md"
ARCHITECTURE = ROOT / "ARCHITECTURE.md"
RECORDS = ROOT / "docs" / "adr"
DOCUMENTS = [
    README,
    ARCHITECTURE,
    ROOT / "CHANGELOG.md",
    ROOT / "bench" / "README.md",
    *(ROOT / "docs").rglob("*.md"),
]

#: Named in the documents and made later, on the machine that runs: not in the tree.
MADE_LATER = ("instance", "build", "static/vendor", ".venv", "demo-sign-ins.txt")
PATH = re.compile(r"`([\w.-]+/[\w./-]*|[\w.-]+\.(?:py|md|toml|lock|json|html|css|js|sh))`")


def text_of(document: Path) -> str:
    return document.read_text("utf-8")


def code_blocks(document: Path) -> list[str]:
    """The lines of the fenced blocks, without prompts, comments and empty lines."""
    blocks = re.findall(r"^```\w*\n(.*?)^```", text_of(document), re.M | re.S)
    lines = (line.strip().removeprefix("$ ") for block in blocks for line in block.splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def named_in(document: Path) -> str:
    """Everything of a document that is code: fenced blocks, and words in backticks."""
    return "\n".join([*code_blocks(document), *re.findall(r"`([^`\n]+)`", text_of(document))])


def make_targets() -> set[str]:
    return set(re.findall(r"^([a-z]+):", text_of(ROOT / "Makefile"), re.M))


def exists(path: str, document: Path) -> bool:
    """From the root, the document's folder or inside the package; a bare file name: anywhere in the tree."""
    if path.startswith(MADE_LATER):
        return True
    bases = (ROOT, document.parent, ROOT / "resume")
    return any((base / path).exists() for base in bases) or ("/" not in path and is_file_name(path))


def is_file_name(name: str) -> bool:
    folders = ("resume", "templates", "static", "tests", "docs", "migrations", "bench", "deploy", "scripts")
    return any(True for folder in folders for _ in (ROOT / folder).rglob(name))


def test_readme_begins_with_the_two_commands() -> None:
    commands = [line.split("#")[0].strip() for line in code_blocks(README)]
    assert commands[:2] == ["make run", "make test"]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_paths_in_backticks_exist(document: Path) -> None:
    missing = sorted({path for path in PATH.findall(text_of(document)) if not exists(path, document)})
    assert missing == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(document: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]+)", text_of(document))
    local = {link for link in links if not re.match(r"[a-z]+:", link)}
    assert sorted(link for link in local if not (document.parent / link).exists()) == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_make_targets_exist(document: Path) -> None:
    named = set(re.findall(r"^make ([a-z]+)\b", named_in(document), re.M))
    assert named <= make_targets()


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_commands_exist(document: Path) -> None:
    named = re.findall(r"^(?:\.venv/bin/)?resume((?: [a-z-]+)+)", named_in(document), re.M)
    assert sorted({words for words in named if not is_command(words.split())}) == []


def is_command(words: list[str]) -> bool:
    """Whether `resume WORDS` names a command; what follows a command are its arguments."""
    from resume.cli import cli

    command: click.Command = cli
    for word in words:
        if not isinstance(command, click.Group):
            return True
        found = command.get_command(click.Context(command), word)
        if found is None:
            return False
        command = found
    return True


def test_every_room_is_in_the_architecture() -> None:
    rooms = {path.parent.name for path in (ROOT / "resume").glob("*/__init__.py")}
    rooms |= {path.name for path in (ROOT / "resume").glob("*.py") if path.stem != "__init__"}
    named = text_of(ARCHITECTURE)
    assert rooms, "no package was found: the test looks in the wrong place"
    assert sorted(room for room in rooms if not re.search(rf"\b{re.escape(room)}\b", named)) == []


def test_records_are_numbered_and_listed() -> None:
    names = sorted(path.name for path in RECORDS.glob("*.md") if path.name != "README.md")
    assert [name[:5] for name in names] == [f"{number:04}-" for number in range(1, len(names) + 1)]
    assert re.findall(r"\]\((\d{4}-[\w-]+\.md)\)", text_of(RECORDS / "README.md")) == names

"""Do the migrations make what the models say? An empty database is upgraded and compared.

Prints nothing and ends with 0 when they are in step; else says what a new revision would hold, and 1.
"""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from alembic.autogenerate import produce_migrations, render_python_code
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask_migrate import upgrade
from sqlalchemy import Connection

ROOT = Path(__file__).resolve().parent.parent
MIGRATIONS = ROOT / "migrations"


def main() -> int:
    heads = ScriptDirectory(str(MIGRATIONS)).get_heads()
    if len(heads) != 1:
        print(f"migrations: one newest revision is needed, there are {len(heads)}: {heads}", file=sys.stderr)
        return 1
    with TemporaryDirectory(prefix="resume-migrations-") as home:
        missing = missing_after_upgrade(Path(home))
    if missing:
        print(
            f"migrations: not in step with the models; a new revision would hold:\n{missing}", file=sys.stderr
        )
    return 1 if missing else 0


def missing_after_upgrade(home: Path) -> str:
    """Upgrade a new SQLite database in `home` to the newest revision; what is still to be done, as code."""
    from resume.app import create_app
    from resume.db import db
    from resume.settings import Settings

    app = create_app(Settings.from_environment({"RESUME_HOME": str(home)}))
    with app.app_context():
        upgrade(directory=str(MIGRATIONS))
        with db.engine.connect() as connection:
            missing = difference(connection)
        db.engine.dispose()
    return missing


def difference(connection: Connection) -> str:
    """What `alembic revision --autogenerate` would write for this database; empty when nothing."""
    from resume.db import db

    context = MigrationContext.configure(
        connection, opts={"compare_type": True, "compare_server_default": True}
    )
    operations = produce_migrations(context, db.metadata).upgrade_ops
    if operations is None or operations.is_empty():
        return ""
    return render_python_code(operations)


if __name__ == "__main__":
    sys.exit(main())

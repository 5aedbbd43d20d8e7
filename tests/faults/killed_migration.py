"""`sendsecret migrate` that is killed: `KILLED_AT=3 python -m tests.faults.killed_migration` dies at its third step."""

import os
import sys

from alembic.runtime import migration

from tests.races.doomed import die


def main() -> None:
    """Migrate until the appointed step has been made and is not yet on record."""
    left, note = int(os.environ["KILLED_AT"]), migration.HeadMaintainer.update_to_step

    def counted(maintainer: migration.HeadMaintainer, step: migration.RevisionStep | migration.StampStep) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            die()
        note(maintainer, step)

    migration.HeadMaintainer.update_to_step = counted  # type: ignore[method-assign,assignment]
    from sendsecret.__main__ import main as sendsecret

    sendsecret(sys.argv[1:])


if __name__ == "__main__":
    main()

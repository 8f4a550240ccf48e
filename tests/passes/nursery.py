"""Worker processes started quickly: everything is loaded once, then each is a fork.

`python -m tests.passes.nursery` forks a real worker (`resume.worker.main`) for each line it reads and prints
its process id. Loading fonts and libraries takes seconds; twenty kills would spend all their time there.
"""

from __future__ import annotations

import os
import signal
import sys

from resume.passes.press import ISSUING_ORGAN, press
from resume.worker import main
from tests.passes.sheet_samples import facts


def nurse() -> None:
    press().render(facts(issuing_organ=ISSUING_ORGAN))
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # ended children leave no trace
    for _line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            sys.stdin.close()
            os._exit(main())
        print(pid, flush=True)


if __name__ == "__main__":
    nurse()

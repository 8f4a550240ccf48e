"""Calls made at the same moment, each in a thread with a session of its own."""

from __future__ import annotations

from collections.abc import Callable
from threading import Barrier, Thread

from flask import Flask

from resume.db import db


def at_once(app: Flask, *calls: Callable[[], object]) -> list[object]:
    """The results of the calls (or the exceptions they raised), in their order."""
    results: list[object] = [None] * len(calls)
    start = Barrier(len(calls))

    def run(place: int) -> None:
        with app.app_context():
            start.wait()
            try:
                results[place] = calls[place]()
            except Exception as error:
                results[place] = error
            finally:
                db.session.remove()

    threads = [Thread(target=run, args=(place,)) for place in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    db.session.rollback()  # what was read before the others wrote is not what is so now
    return results

"""The least that an application on this server does: one route that answers two bytes."""

from __future__ import annotations

from flask import Flask

app = Flask(__name__)


@app.post("/")
def answer() -> str:
    return "ok"

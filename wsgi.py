"""For WSGI servers: `gunicorn wsgi:app`."""

import gc

from resume.app import create_app
from resume.web.request_log import configure_logging

configure_logging()
app = create_app()
# What a start makes stays; walking it again at each collection is what the slowest answers waited for.
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 20, 50)

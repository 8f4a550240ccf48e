"""For WSGI servers: `gunicorn wsgi:app`."""

from resume.app import create_app
from resume.web.request_log import configure_logging

configure_logging()
app = create_app()

"""For WSGI servers: `gunicorn wsgi:app`."""

from resume.app import create_app

app = create_app()

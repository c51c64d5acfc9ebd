"""The application, for a WSGI server: `gunicorn wsgi:app`."""

from surveyapp.cli.serving import served_app

app = served_app()

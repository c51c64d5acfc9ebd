"""Questionnaires in the browser: written, compared, reviewed, published, retired."""

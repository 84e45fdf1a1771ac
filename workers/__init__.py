"""Celery at the edge: it carries ids and ticks; every decision is the backend's."""

"""The Celery application: `celery -A workers.app worker` and `… beat`."""

from celery import Celery

from backend.app import load
from backend.core.config import settings

load("jobs")

app = Celery("indh", broker=settings().redis_url, include=["workers.tasks"])
app.conf.update(
    task_ignore_result=True,
    task_acks_late=True,  # a killed worker's task is offered again; running it twice is harmless
    task_serializer="json",
    accept_content=["json"],
    worker_prefetch_multiplier=1,
    worker_hijack_root_logger=False,
    broker_connection_retry_on_startup=True,
    broker_transport_options={"visibility_timeout": 300, "socket_keepalive": True},
    timezone="UTC",
)

from workers import schedule  # noqa: E402 (needs the application)

app.conf.beat_schedule = schedule.beat()

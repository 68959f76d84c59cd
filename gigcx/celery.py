"""The Celery application. Tasks live in each stage's `tasks.py`; queues by purpose."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gigcx.settings.dev")

app = Celery("gigcx")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

"""WSGI entry point."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import reverse

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gigcx.settings.prod")

gc.disable()  # loading makes hundreds of thousands of things that stay: looking through them again and again finds nothing
application = get_wsgi_application()
reverse("web:healthz")  # reads every address now: the first visitor of each process would wait for it otherwise
gc.freeze()  # nor need they be looked at later, or be copied into each process that is forked from this one
gc.enable()

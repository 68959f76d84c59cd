"""`manage.py demo`: tells the demo world through the product's own actions, chapter by chapter."""

import os
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from gigcx.accounts.models import User
from gigcx.audit import dispatcher
from gigcx.audit.hints import muted
from gigcx.kernel import clock
from gigcx.notify.actions import drop_waiting_letters
from gigcx.web import registries
from gigcx.web.demo import DEMO_PASSWORD, World


class Command(BaseCommand):
    help = "Load the demo world: two brands, their programs and people at every stage, past and coming weeks."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """This function will describe the options."""
        parser.add_argument("--scale", type=int, default=1, help="1 is about 200 agents")
        parser.add_argument("--seed", type=int, default=7, help="the same seed tells the same story")
        parser.add_argument(
            "--fresh", action="store_true", help="empty the database first; only on a demo installation"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """This function will tell the chapters in lifecycle order and print who can sign in."""
        if options["scale"] < 1:
            raise CommandError("The scale is 1 or more.")
        self._make_room(is_fresh=options["fresh"])
        world = World(at=clock.now().replace(microsecond=0), scale=options["scale"], seed=options["seed"])
        with connection.cursor() as cursor:
            cursor.execute("SET synchronous_commit TO off")  # thousands of small acts need not wait for the disk
        with muted():
            for chapter in registries.chapters():
                self._tell(chapter, world)
            self._hand_over()
        drop_waiting_letters(at=clock.now())
        self._print_sign_ins(world)

    def _make_room(self, *, is_fresh: bool) -> None:
        if not User.objects.exists():
            return
        if not is_fresh:
            raise CommandError("There are people in this database already. `--fresh` empties it and starts over.")
        if not settings.EMAIL_BACKEND.endswith("MailboxBackend"):
            raise CommandError("This installation sends real mail, so it is no demo: nothing was emptied.")
        with connection.cursor() as cursor:
            cursor.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public;")
        call_command("migrate", verbosity=0, interactive=False)

    def _tell(self, chapter: registries.Chapter, world: World) -> None:
        began = time.monotonic()
        facts = 0 if chapter.goes_first else self._hand_over()
        chapter.tell(world)
        self.stdout.write(f"  {chapter.name:<12} {time.monotonic() - began:5.1f} s after {facts} facts were heard")

    def _hand_over(self) -> int:
        """Let everybody hear what earlier chapters stated before the next one begins."""
        heard = 0
        while dispatcher.fan_out(at=clock.now(), limit=1000):
            continue
        while done := dispatcher.dispatch_due(at=clock.now(), limit=1000):
            heard += done
        return heard

    def _print_sign_ins(self, world: World) -> None:
        lines = [
            f"Sign in at {settings.SITE_URL}/account/login/ with the password {DEMO_PASSWORD} as",
            *(f"  {one.email:<28} {one.label}" for one in world.sign_ins),
            f"Mail lands at {settings.SITE_URL}/mailbox/",
        ]
        text = "\n".join(lines) + "\n"
        folder = Path(os.environ.get("GIGCX_LOCAL_DIR") or settings.BASE_DIR / ".local").expanduser()
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "demo-signins.txt").write_text(text)
        self.stdout.write(text)

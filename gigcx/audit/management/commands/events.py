"""`manage.py events`: prints who hears what, as `docs/map.md` has it."""

from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand

from gigcx.audit.outbox import listeners
from gigcx.kernel.events import event_types


class Command(BaseCommand):
    help = "Print every fact and its listeners as a Markdown table."

    def handle(self, *args: Any, **options: Any) -> None:
        """This function will print the table that docs/map.md carries."""
        self.stdout.write(events_table())


def events_table() -> str:
    """This function will return the facts and their listeners as a Markdown table."""
    heard: dict[str, list[str]] = {name: [] for name in _product_facts()}
    for listener in listeners():
        heard.setdefault(listener.event_type, []).append(listener.consumer)
    rows = [f"| `{name}` | {', '.join(f'`{one}`' for one in consumers) or '-'} |" for name, consumers in heard.items()]
    return "\n".join(["| fact | heard by |", "|---|---|", *sorted(rows)])


def _product_facts() -> list[str]:
    """The facts that the product's own apps define."""
    ours = {config.name.split(".")[0] for config in apps.get_app_configs()}
    return [name for name, event in event_types().items() if event.__module__.split(".")[0] in ours]

"""The menu of ops: every table in a few groups, the queues of each group above its tables."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from gigcx.web.registries import ops_groups, queues

Line = dict[str, Any]


@dataclass(slots=True)
class Drawer:
    """One group as the menu shows it; `is_open` where the page that is read belongs to it."""

    label: str
    queues: list[Line] = field(default_factory=list)
    tables: list[Line] = field(default_factory=list)
    is_open: bool = False


def drawers(apps: Sequence[Mapping[str, Any]], *, at: str) -> list[Drawer]:
    """This function will arrange what the reader may see, as Django's `app_list` gives it; `at` is the address read.

    A table that no group names goes by its stage; a stage that no group names comes last, under its own name.
    """
    named = {member: group for group in ops_groups() for member in group.members}
    found: dict[str, Drawer] = {str(group.label): Drawer(str(group.label)) for group in ops_groups()}
    of_table: dict[str, Drawer] = {}
    for app, model in _tables(apps):
        group = named.get(f"{app['app_label']}.{model['object_name'].lower()}") or named.get(app["app_label"])
        label = str(group.label if group else app["name"])
        drawer = of_table[model["admin_url"]] = found.setdefault(label, Drawer(label))
        drawer.tables.append(_line(model["name"], model["admin_url"], at=at, is_queue=False))
    for queue in queues():
        if above := of_table.get(_table_of(queue.url())):
            above.queues.append(_line(queue.label, queue.url(), at=at, is_queue=True))
    return [_opened(drawer) for drawer in found.values() if drawer.tables]


def _tables(apps: Sequence[Mapping[str, Any]]) -> Iterator[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    return ((app, model) for app in apps for model in app["models"] if model["admin_url"])


def _table_of(url: str) -> str:
    """The list a queue's address belongs to: the first three parts of it, such as /admin/payments/invoice/."""
    return "/".join(urlsplit(url).path.split("/")[:4]) + "/"


def _line(label: Any, url: str, *, at: str, is_queue: bool) -> Line:
    path = urlsplit(at).path
    is_current = at == url if is_queue else path.startswith(url)
    words = str(label)
    return {"label": words[:1].upper() + words[1:], "url": url, "is_current": is_current}


def _opened(drawer: Drawer) -> Drawer:
    drawer.is_open = any(line["is_current"] for line in (*drawer.queues, *drawer.tables))
    if any(line["is_current"] for line in drawer.queues):
        drawer.tables = [line | {"is_current": False} for line in drawer.tables]
    drawer.tables.sort(key=lambda line: line["label"])
    return drawer

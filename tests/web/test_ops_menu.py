"""The menu of ops: a few groups, every table in one of them once, and a queue above the tables of its group."""

import re

from django.contrib import admin
from django.test import Client, RequestFactory

from gigcx.tenancy.actors import OpsActor
from gigcx.web.ops_menu import Drawer, drawers
from gigcx.web.registries import queues


def menu(olu: OpsActor, at: str) -> list[Drawer]:
    request = RequestFactory().get(at)
    request.user = olu.user
    return drawers(admin.site.get_app_list(request), at=at)


def test_every_table_stands_in_the_menu_once(olu: OpsActor) -> None:
    urls = [line["url"] for drawer in menu(olu, "/admin/") for line in drawer.tables]
    assert len(urls) == len(admin.site._registry)
    assert len(set(urls)) == len(urls)


def test_the_menu_has_few_groups_in_the_order_of_the_lifecycle(olu: OpsActor) -> None:
    labels = [drawer.label for drawer in menu(olu, "/admin/")]
    assert labels == [
        "People and brands",
        "Recruiting",
        "Vetting: people",
        "Vetting: tests and certifications",
        "Training",
        "Scheduling",
        "Money: what agents are paid",
        "Money: what brands pay",
        "Money: books and rails",
        "Platform",
    ]


def test_every_queue_stands_in_the_group_of_its_table(olu: OpsActor) -> None:
    found = {line["url"]: drawer for drawer in menu(olu, "/admin/") for line in drawer.queues}
    assert set(found) == {queue.url() for queue in queues()}
    assert found["/admin/tenancy/brand/?state__exact=in_review"].label == "People and brands"
    assert found["/admin/payments/invoice/?state__exact=overdue"].label == "Money: what brands pay"


def test_the_group_that_is_read_is_open_and_marks_one_line(olu: OpsActor) -> None:
    marked = {
        at: [
            (drawer.label, line["label"])
            for drawer in menu(olu, at)
            for line in (*drawer.queues, *drawer.tables)
            if line["is_current"]
        ]
        for at in (
            "/admin/payments/payoutrun/",
            "/admin/payments/payoutrun/?state__exact=planned",
            "/admin/payments/payoutrun/11111111-1111-1111-1111-111111111111/change/",
            "/admin/payments/railswitch/board/",
        )
    }
    agents = "Money: what agents are paid"
    assert list(marked.values()) == [
        [(agents, "Payout runs")],
        [(agents, "Payout runs to approve")],
        [(agents, "Payout runs")],
        [("Money: books and rails", "Money board: broken rules, late sweeps")],
    ]
    assert [drawer.label for drawer in menu(olu, "/admin/payments/payoutrun/") if drawer.is_open] == [agents]
    assert not any(drawer.is_open for drawer in menu(olu, "/admin/"))


def test_a_table_that_the_reader_may_not_see_is_not_in_the_menu(olu: OpsActor) -> None:
    request = RequestFactory().get("/admin/")
    request.user = olu.user
    apps = [app for app in admin.site.get_app_list(request) if app["app_label"] == "training"]
    assert [drawer.label for drawer in drawers(apps, at="/admin/")] == ["Training"]


def test_a_list_page_shows_the_menu_with_its_group_open_and_a_button_that_names_itself(
    client: Client, olu: OpsActor
) -> None:
    client.force_login(olu.user)
    page = client.get("/admin/payments/invoice/?state__exact=overdue").content.decode()
    opened = re.findall(r"<details class=\"gx-nav-group\" open[^>]*>\s*<summary>(.*?)</summary>", page)
    assert opened == ["Money: what brands pay"]
    assert 'aria-current="page">Invoices overdue</a>' in page
    assert 'aria-label="Open the menu"' in page

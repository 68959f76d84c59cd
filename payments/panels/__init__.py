"""What payments brings to shared pages: menus, money at home and on Today, queues of ops, the sandbox stripe."""

from django.utils.translation import gettext_lazy

from gigcx.notify.registries import stamp
from gigcx.tenancy.roles import Permission
from gigcx.web.registries import Banner, Entry, Panel, add
from gigcx.web.timeline import phrase
from payments.panels import groups, home, notices, queues
from payments.panels.sentences import SENTENCES

__all__ = ["SENTENCES", "register"]


def register() -> None:
    """This function will put everything on the shelves of `gigcx.web` and `gigcx.notify`."""
    add(Entry("brand", 80, gettext_lazy("Billing"), "payments:billing", "wallet", Permission.VIEW_BILLING))
    add(Entry("agent", 50, gettext_lazy("Earnings"), "payments:earnings", "wallet"))
    add(Panel("agent.home", 20, "payments/_home_money.html", home.home_money))
    add(Panel("public.opportunity", 35, "payments/_opportunity_label.html", home.opportunity_label))
    add(Panel("brand.today", 40, "payments/_today_spend.html", home.today_spend))
    add(Banner(("/earnings", "/billing", "/admin/payments"), home.banner_text))
    stamp(("/earnings", "/billing", "/admin/payments"), home.mail_stamp)
    for action, sentence in SENTENCES.items():
        phrase(action, sentence)
    queues.register()
    groups.register()
    notices.register()

"""Addresses of this stage's pages."""

from django.urls import path

from payments.views import accounts, billing, documents, earnings, labels, payouts, statements, webhooks

app_name = "payments"
urlpatterns = [
    path("webhooks/stripe/", webhooks.stripe, name="stripe-webhook"),
    path("o/<slug:public_slug>/net-pay/", labels.how_it_is_made, name="pay-label"),
    path("work/earnings/", earnings.earnings, name="earnings"),
    path("work/earnings/lines/<uuid:earning_id>/", earnings.earning, name="earning"),
    path("work/earnings/payouts/", payouts.payouts, name="payouts"),
    path("work/earnings/statements/<uuid:statement_id>/", statements.statement, name="statement"),
    path("work/earnings/statements/next/", statements.preview, name="statement-preview"),
    path(
        "work/earnings/statements/<uuid:statement_id>/csv/",
        documents.statement,
        {"file_format": "csv"},
        name="statement-csv",
    ),
    path(
        "work/earnings/statements/<uuid:statement_id>/pdf/",
        documents.statement,
        {"file_format": "pdf"},
        name="statement-pdf",
    ),
    path("work/earnings/account/", accounts.account, name="payout-account"),
    path("work/earnings/account/start/", accounts.start, name="payout-account-start"),
    path("work/earnings/account/replace/", accounts.replace, name="payout-account-replace"),
    path("work/earnings/account/<uuid:account_id>/return/", accounts.come_back, name="payout-account-return"),
    path("work/earnings/account/<uuid:account_id>/test-bank/", accounts.sandbox_bank, name="sandbox-bank"),
    path("b/<slug:slug>/billing/", billing.billing, name="billing"),
    path("b/<slug:slug>/billing/lines/", billing.lines, name="billing-lines"),
    path("b/<slug:slug>/billing/lines/confirm/", billing.confirm, name="billing-confirm"),
    path("b/<slug:slug>/billing/lines/<uuid:charge_id>/", billing.charge, name="billing-line"),
]

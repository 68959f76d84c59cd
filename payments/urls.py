"""Addresses of this stage's pages."""

from django.urls import path

from payments.views import (
    accounts,
    bank_details,
    billing,
    billing_profile,
    budgets,
    charge_disputes,
    disputes,
    documents,
    earnings,
    instant,
    invoices,
    labels,
    payouts,
    statements,
    taxes,
    top_ups,
    webhooks,
)

app_name = "payments"
urlpatterns = [
    path("webhooks/stripe/", webhooks.stripe, name="stripe-webhook"),
    path("o/<slug:public_slug>/net-pay/", labels.how_it_is_made, name="pay-label"),
    path("work/earnings/", earnings.earnings, name="earnings"),
    path("work/earnings/now/", earnings.now, name="earnings-now"),
    path("work/earnings/lines/<uuid:earning_id>/", earnings.earning, name="earning"),
    path("work/earnings/lines/<uuid:earning_id>/wrong/", disputes.open_dispute, name="earning-dispute"),
    path("work/earnings/disputes/<uuid:dispute_id>/", disputes.dispute, name="dispute"),
    path("work/earnings/disputes/<uuid:dispute_id>/<slug:act>/", disputes.act, name="dispute-act"),
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
    path("work/earnings/instant/", instant.offer, name="instant"),
    path("work/earnings/instant/<uuid:instant_quote_id>/", instant.quote, name="instant-quote"),
    path("work/earnings/account/", accounts.account, name="payout-account"),
    path("work/earnings/account/start/", accounts.start, name="payout-account-start"),
    path("work/earnings/account/replace/", accounts.replace, name="payout-account-replace"),
    path("work/earnings/account/<uuid:account_id>/return/", accounts.come_back, name="payout-account-return"),
    path("work/earnings/account/<uuid:account_id>/test-bank/", accounts.sandbox_bank, name="sandbox-bank"),
    path("work/earnings/account/<uuid:account_id>/bank/", bank_details.bank_details, name="bank-details"),
    path("work/earnings/tax/", taxes.taxes, name="taxes"),
    *(
        path(
            f"b/<slug:slug>/billing/{place}/<uuid:{argument}>/{file_format}/",
            view,
            {"file_format": file_format},
            name=f"{name}-{file_format}",
        )
        for file_format in ("pdf", "csv")
        for place, argument, view, name in (
            ("invoices", "invoice_id", documents.invoice, "invoice"),
            ("credit-notes", "credit_note_id", documents.credit_note, "credit-note"),
            ("receipts", "receipt_id", documents.receipt, "receipt"),
        )
    ),
    path("b/<slug:slug>/billing/", billing.billing, name="billing"),
    path("b/<slug:slug>/billing/live/", billing.live, name="billing-live"),
    path("b/<slug:slug>/billing/funds/", top_ups.funds, name="funds"),
    path("b/<slug:slug>/billing/funds/automatic/", top_ups.automatic, name="auto-top-up"),
    path("b/<slug:slug>/billing/funds/automatic/stop/", top_ups.stop_automatic, name="auto-top-up-stop"),
    path("b/<slug:slug>/billing/top-ups/", top_ups.start, name="top-up-start"),
    path("b/<slug:slug>/billing/top-ups/<uuid:top_up_id>/", top_ups.top_up, name="top-up"),
    path("b/<slug:slug>/billing/top-ups/<uuid:top_up_id>/test-checkout/", top_ups.test_checkout, name="test-checkout"),
    path("b/<slug:slug>/billing/budgets/", budgets.budgets, name="budgets"),
    path("b/<slug:slug>/billing/budgets/<uuid:budget_id>/lift/", budgets.lift, name="budget-lift"),
    path("b/<slug:slug>/billing/invoices/", invoices.invoices, name="invoices"),
    path("b/<slug:slug>/billing/invoices/<uuid:invoice_id>/", invoices.invoice, name="invoice"),
    path("b/<slug:slug>/billing/credit-notes/<uuid:credit_note_id>/", invoices.credit_note, name="credit-note"),
    path("b/<slug:slug>/billing/details/", billing_profile.billing_profile, name="billing-profile"),
    path("b/<slug:slug>/billing/lines/", billing.lines, name="billing-lines"),
    path("b/<slug:slug>/billing/lines/confirm/", billing.confirm, name="billing-confirm"),
    path("b/<slug:slug>/billing/lines/<uuid:charge_id>/", billing.charge, name="billing-line"),
    path(
        "b/<slug:slug>/billing/lines/<uuid:charge_id>/dispute/",
        charge_disputes.open_dispute,
        name="billing-dispute-open",
    ),
    path("b/<slug:slug>/billing/disputes/", charge_disputes.disputes, name="billing-disputes"),
    path("b/<slug:slug>/billing/disputes/<uuid:dispute_id>/", charge_disputes.dispute, name="billing-dispute"),
    path(
        "b/<slug:slug>/billing/disputes/<uuid:dispute_id>/<slug:act>/",
        charge_disputes.act,
        name="billing-dispute-act",
    ),
]

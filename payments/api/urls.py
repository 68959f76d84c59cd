"""This stage's part of the API, below /api/v1/."""

from django.urls import path

from payments.api import disputes, documents, funds, invoices, payouts, views

urlpatterns = [
    path("me/balance/", views.BalanceView.as_view(), name="api-balance"),
    path("me/earnings/", views.EarningList.as_view(), name="api-earning-list"),
    path(
        "me/earnings/<uuid:earning_id>/disputes/",
        disputes.EarningDisputeList.as_view(),
        name="api-earning-dispute-list",
    ),
    path("me/payouts/", views.PayoutList.as_view(), name="api-payout-list"),
    path("me/payout-account/", payouts.PayoutAccountView.as_view(), name="api-payout-account"),
    path("me/instant-payouts/", payouts.InstantPayoutList.as_view(), name="api-instant-payout-list"),
    path("me/instant-payouts/quotes/", payouts.InstantQuoteList.as_view(), name="api-instant-quote-list"),
    path("me/statements/", views.StatementList.as_view(), name="api-statement-list"),
    path("me/statements/<uuid:statement_id>/", documents.StatementView.as_view(), name="api-statement"),
    path("me/statements/<uuid:statement_id>/pdf/", documents.StatementPdf.as_view(), name="api-statement-pdf"),
    path("me/statements/<uuid:statement_id>/csv/", documents.StatementCsv.as_view(), name="api-statement-csv"),
    path("me/tax-profile/", documents.TaxProfileView.as_view(), name="api-tax-profile"),
    path("brands/<slug:slug>/charges/", views.ChargeList.as_view(), name="api-charge-list"),
    path(
        "brands/<slug:slug>/charges/<uuid:charge_id>/disputes/",
        disputes.ChargeDisputeList.as_view(),
        name="api-charge-dispute-list",
    ),
    path(
        "brands/<slug:slug>/charge-confirmations/", disputes.ConfirmationList.as_view(), name="api-charge-confirmation"
    ),
    path("brands/<slug:slug>/upcoming-charges/", views.UpcomingChargeList.as_view(), name="api-upcoming-charge-list"),
    path("brands/<slug:slug>/funds/", views.FundsView.as_view(), name="api-funds"),
    path("brands/<slug:slug>/budgets/", funds.BudgetList.as_view(), name="api-budget-list"),
    path("brands/<slug:slug>/top-ups/", funds.TopUpList.as_view(), name="api-top-up-list"),
    path("brands/<slug:slug>/top-ups/<uuid:top_up_id>/", funds.TopUpView.as_view(), name="api-top-up"),
    path("brands/<slug:slug>/invoices/", invoices.InvoiceList.as_view(), name="api-invoice-list"),
    path("brands/<slug:slug>/invoices/<uuid:invoice_id>/", invoices.InvoiceDetail.as_view(), name="api-invoice"),
    path("brands/<slug:slug>/credit-notes/", invoices.CreditNoteList.as_view(), name="api-credit-note-list"),
    path(
        "brands/<slug:slug>/credit-notes/<uuid:credit_note_id>/",
        invoices.CreditNoteDetail.as_view(),
        name="api-credit-note",
    ),
]

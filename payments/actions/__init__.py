"""Writes of this stage, by noun. One transaction each; none of them talks to a rail."""

from payments.actions.accounts import (
    AccountFacts,
    BankDetails,
    note_account_asked,
    open_payout_account,
    record_account_facts,
    record_account_opened,
    record_bank_details,
    replace_payout_account,
    restrict_account,
)
from payments.actions.accrual import WorkLine, accrue
from payments.actions.adjustments import adjust_earning, approve_adjustment, refuse_adjustment
from payments.actions.adoption import adopt_payment
from payments.actions.answers import record_outcome
from payments.actions.arrivals import RemoteArrival, record_arrival
from payments.actions.bank_files import confirm_bank_line, make_bank_file, open_bank_file, return_bank_line
from payments.actions.budgets import check_budgets, lift_budget, set_budget
from payments.actions.cancellations import accrue_cancellation
from payments.actions.card_disputes import lose_card_dispute, record_card_dispute, win_card_dispute
from payments.actions.clawbacks import forgive_clawback, net_clawbacks, post_netting, record_clawback, undo_netting
from payments.actions.collecting import record_invoice_payment, record_receipt, settle_invoices
from payments.actions.copies import (
    record_invoice_copy,
    refuse_invoice_copy,
    retire_invoice_copy,
    start_invoice_copy,
    void_invoice_copy,
)
from payments.actions.credit_notes import credit_charges, credit_whole_invoice, issue_credit_note
from payments.actions.differences import (
    begin_reconciliation,
    finish_reconciliation,
    note_differences,
    resolve_difference,
)
from payments.actions.disputes import (
    answer_dispute,
    appeal_dispute,
    claimed_by_minutes,
    dispute_charge,
    dispute_earning,
    withdraw_dispute,
)
from payments.actions.documents import (
    keep_credit_note,
    keep_invoice,
    keep_receipt,
    keep_statement,
    keep_statement_papers,
)
from payments.actions.drafts import discard_invoice, draft_invoice
from payments.actions.dunning import reopen_if_clear, take_dunning_step, waive_debt
from payments.actions.earnings import (
    confirm_lines,
    hold_earning,
    lift_ended_holds,
    lift_hold,
    release_earnings,
    release_turn,
    reverse_earnings,
)
from payments.actions.fees import set_instant_fee
from payments.actions.funds import (
    expire_holds,
    hold_funds,
    release_funds,
    release_hold,
    return_idle_holds,
    set_funds_mode,
    set_terms,
)
from payments.actions.guarantees import accrue_guarantees
from payments.actions.inbox import (
    IncomingEvent,
    claim_event,
    fail_event,
    finish_event,
    forget_bodies,
    receive_event,
    retry_event,
)
from payments.actions.instant import (
    InstantClaim,
    claim_instant,
    quote_instant_payout,
    record_instant_outcome,
    refusal_of,
    request_instant_payout,
)
from payments.actions.invoices import issue_invoice, write_off
from payments.actions.items import (
    Claimed,
    cancel_item,
    claim_item,
    expire_lease,
    free_held_items,
    record_lookup,
    resend_item,
)
from payments.actions.labels import publish_pay_labels
from payments.actions.movements import RemoteMovement, take_over_movements
from payments.actions.outcomes import Outcome, PaymentOrder, RemotePayment
from payments.actions.pauses import follow_card, follow_cards
from payments.actions.pieces import accrue_bounty, accrue_training
from payments.actions.planning import plan_run, plan_week_again
from payments.actions.profiles import (
    BillingDetails,
    confirm_vat_number,
    refuse_vat_number,
    save_billing_profile,
)
from payments.actions.proposals import confirm_receipt, decline_receipt, propose_receipt
from payments.actions.rails import check_database_identity, fund_rail, reopen_throttled, switch_rail, take_turn
from payments.actions.rates import record_fx_rate
from payments.actions.reconciliation import Verdict, take_over_payment
from payments.actions.rulings import close_disputes, concede_dispute, decide_dispute, default_disputes
from payments.actions.runs import (
    approve_run,
    cancel_run,
    close_finished_runs,
    pause_run,
    resume_funded,
    start_run,
    stop_run,
)
from payments.actions.settlement import confirm_arrival, record_came_back, record_return, settle_item
from payments.actions.shifts import accrue_claim, accrue_claims, accrue_excused
from payments.actions.tallies import fold_tallies
from payments.actions.taxes import export_tax, move_tax_form, open_tax_export, save_tax_profile
from payments.actions.top_ups import (
    confirm_refund,
    note_top_up_asked,
    record_checkout,
    record_collection_facts,
    refund_top_up,
    set_auto_top_up,
    settle_top_up,
    start_automatic_top_up,
    start_top_up,
    stop_auto_top_up,
    undo_refund,
)
from payments.actions.unpriced import forget_priced, note_unpriced

__all__ = [
    "AccountFacts",
    "BankDetails",
    "BillingDetails",
    "Claimed",
    "IncomingEvent",
    "InstantClaim",
    "Outcome",
    "PaymentOrder",
    "RemoteArrival",
    "RemoteMovement",
    "RemotePayment",
    "Verdict",
    "WorkLine",
    "accrue",
    "accrue_bounty",
    "accrue_cancellation",
    "accrue_claim",
    "accrue_claims",
    "accrue_excused",
    "accrue_guarantees",
    "accrue_training",
    "adjust_earning",
    "adopt_payment",
    "answer_dispute",
    "appeal_dispute",
    "approve_adjustment",
    "approve_run",
    "begin_reconciliation",
    "cancel_item",
    "cancel_run",
    "check_budgets",
    "check_database_identity",
    "claim_event",
    "claim_instant",
    "claim_item",
    "claimed_by_minutes",
    "close_disputes",
    "close_finished_runs",
    "concede_dispute",
    "confirm_arrival",
    "confirm_bank_line",
    "confirm_lines",
    "confirm_receipt",
    "confirm_refund",
    "confirm_vat_number",
    "credit_charges",
    "credit_whole_invoice",
    "decide_dispute",
    "decline_receipt",
    "default_disputes",
    "discard_invoice",
    "dispute_charge",
    "dispute_earning",
    "draft_invoice",
    "expire_holds",
    "expire_lease",
    "export_tax",
    "fail_event",
    "finish_event",
    "finish_reconciliation",
    "fold_tallies",
    "follow_card",
    "follow_cards",
    "forget_bodies",
    "forget_priced",
    "forgive_clawback",
    "free_held_items",
    "fund_rail",
    "hold_earning",
    "hold_funds",
    "issue_credit_note",
    "issue_invoice",
    "keep_credit_note",
    "keep_invoice",
    "keep_receipt",
    "keep_statement",
    "keep_statement_papers",
    "lift_budget",
    "lift_ended_holds",
    "lift_hold",
    "lose_card_dispute",
    "make_bank_file",
    "move_tax_form",
    "net_clawbacks",
    "note_account_asked",
    "note_differences",
    "note_top_up_asked",
    "note_unpriced",
    "open_bank_file",
    "open_payout_account",
    "open_tax_export",
    "pause_run",
    "plan_run",
    "plan_week_again",
    "post_netting",
    "propose_receipt",
    "publish_pay_labels",
    "quote_instant_payout",
    "receive_event",
    "record_account_facts",
    "record_account_opened",
    "record_arrival",
    "record_bank_details",
    "record_came_back",
    "record_card_dispute",
    "record_checkout",
    "record_clawback",
    "record_collection_facts",
    "record_fx_rate",
    "record_instant_outcome",
    "record_invoice_copy",
    "record_invoice_payment",
    "record_lookup",
    "record_outcome",
    "record_receipt",
    "record_return",
    "refund_top_up",
    "refusal_of",
    "refuse_adjustment",
    "refuse_invoice_copy",
    "refuse_vat_number",
    "release_earnings",
    "release_funds",
    "release_hold",
    "release_turn",
    "reopen_if_clear",
    "reopen_throttled",
    "replace_payout_account",
    "request_instant_payout",
    "resend_item",
    "resolve_difference",
    "restrict_account",
    "resume_funded",
    "retire_invoice_copy",
    "retry_event",
    "return_bank_line",
    "return_idle_holds",
    "reverse_earnings",
    "save_billing_profile",
    "save_tax_profile",
    "set_auto_top_up",
    "set_budget",
    "set_funds_mode",
    "set_instant_fee",
    "set_terms",
    "settle_invoices",
    "settle_item",
    "settle_top_up",
    "start_automatic_top_up",
    "start_invoice_copy",
    "start_run",
    "start_top_up",
    "stop_auto_top_up",
    "stop_run",
    "switch_rail",
    "take_dunning_step",
    "take_over_movements",
    "take_over_payment",
    "take_turn",
    "undo_netting",
    "undo_refund",
    "void_invoice_copy",
    "waive_debt",
    "win_card_dispute",
    "withdraw_dispute",
    "write_off",
]

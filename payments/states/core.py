"""States, kinds and what may follow what."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from gigcx.kernel.states import moves


class OwnerKind(TextChoices):
    """Whose account it is."""

    BRAND = "brand", _("brand")
    AGENT = "agent", _("agent")
    PLATFORM = "platform", _("platform")


class JournalKind(TextChoices):
    """What a journal says happened."""

    EARNING_ACCRUED = "earning_accrued", _("earning accrued")
    EARNING_REVERSED = "earning_reversed", _("earning reversed")
    EARNING_PAYABLE = "earning_payable", _("earning ready to pay")
    CHARGE_CREDITED = "charge_credited", _("charge corrected")
    PAYOUT_RESERVED = "payout_reserved", _("payout reserved")
    RESERVATION_UNDONE = "reservation_undone", _("reservation undone")
    PAYOUT_TRANSFERRED = "payout_transferred", _("payout transferred")
    PAYOUT_CAME_BACK = "payout_came_back", _("payout came back")
    RAIL_FUNDED = "rail_funded", _("money put on a rail")
    RAIL_SETTLED = "rail_settled", _("rail's money became available")
    RAIL_FEE = "rail_fee", _("rail's fee")
    INSTANT_FEE = "instant_fee", _("instant payout fee")
    CLAWBACK_RECORDED = "clawback_recorded", _("clawback recorded")
    CLAWBACK_NETTED = "clawback_netted", _("clawback netted")
    TOP_UP_SETTLED = "top_up_settled", _("wallet topped up")
    TOP_UP_REFUNDED = "top_up_refunded", _("top-up refunded")
    INVOICE_ISSUED = "invoice_issued", _("invoice issued")
    INVOICE_SETTLED = "invoice_settled", _("invoice settled")
    CREDIT_NOTE_ISSUED = "credit_note_issued", _("credit note issued")
    CARD_DISPUTE = "card_dispute", _("card payment disputed")
    BAD_DEBT = "bad_debt", _("bad debt")
    BRAND_HOLD = "brand_hold", _("brand's money held")
    BRAND_UNHOLD = "brand_unhold", _("brand's hold given back")


class WorkFact(TextChoices):
    """Which fact of an earlier stage becomes money."""

    VERIFIED = "verified", _("verified minutes")
    TRAINING = "training", _("learning time")
    BOUNTY = "bounty", _("a certificate's bounty")
    CANCELLATION = "cancellation", _("a late cancellation")
    EXCUSED = "excused", _("an excused seat's floor")


class EarningKind(TextChoices):
    """What an agent is paid for."""

    TIME = "time", _("Serving customers")
    FLOOR = "floor", _("Floor")
    RESOLUTION = "resolution", _("Resolution")
    INTERACTION = "interaction", _("Interaction")
    INCENTIVE = "incentive", _("Incentive")
    STANDBY = "standby", _("Standby")
    CANCELLATION_FEE = "cancellation_fee", _("Cancellation by the brand")
    SENT_HOME = "sent_home", _("Sent home")
    VTO = "vto", _("Voluntary time off")
    TRAINING = "training", _("Training")
    CERTIFICATION_BOUNTY = "certification_bounty", _("Certification bounty")
    GUARANTEE = "guarantee", _("Guarantee")
    ESCALATION_CREDIT = "escalation_credit", _("Escalation credit")
    REVIEW_FEE = "review_fee", _("Review fee")
    ROYALTY = "royalty", _("Royalty")
    REFERRAL = "referral", _("Referral")
    ADJUSTMENT = "adjustment", _("Adjustment")
    BACK_PAY = "back_pay", _("Back pay")
    CLAWBACK = "clawback", _("Clawback")
    INSTANT_FEE = "instant_fee", _("Instant payout fee")


class Cause(TextChoices):
    """Why a line exists; the payer follows it."""

    WORK = "work", _("work done")
    VOLUME = "volume", _("low volume")
    BRAND = "brand", _("brand incident")
    PLATFORM = "platform", _("platform incident")
    PROVIDER = "provider", _("provider incident")
    REGION = "region", _("regional incident")
    AGENT = "agent", _("agent offline")
    TRAINING = "training", _("training")
    CERTIFICATION = "certification", _("certification")
    CORRECTION = "correction", _("correction")
    CANCELLATION = "cancellation", _("cancelled by the brand")
    INCENTIVE = "incentive", _("incentive")
    STANDBY = "standby", _("standing by")
    SENT_HOME = "sent_home", _("sent home")
    VTO = "vto", _("voluntary time off")
    GUARANTEE = "guarantee", _("too few hours offered")
    REFERRAL = "referral", _("referral")
    DISPUTE = "dispute", _("dispute decided")
    FEE = "fee", _("chosen fee")


class EarningState(TextChoices):
    """Where an earning stands; the words are the agent's."""

    ACCRUED = "accrued", _("In review")
    HELD = "held", _("Held")
    PAYABLE = "payable", _("Ready to pay")
    IN_PAYOUT = "in_payout", _("On its way")
    PAID = "paid", _("Paid")
    REVERSED = "reversed", _("Replaced")


class ChargeState(TextChoices):
    """Where a charge stands."""

    ACCRUED = "accrued", _("In review")
    HELD = "held", _("Held")
    READY = "ready", _("Ready to invoice")
    INVOICED = "invoiced", _("Invoiced")
    REVERSED = "reversed", _("Replaced")


class FundsMode(TextChoices):
    """How a brand pays."""

    PREPAID = "prepaid", _("prepaid wallet")
    TERMS = "terms", _("invoice with credit limit")


class BrandHoldState(TextChoices):
    """Where money set aside for coming work stands."""

    ACTIVE = "active", _("Active")
    SETTLED = "settled", _("Settled")
    RELEASED = "released", _("Released")
    EXPIRED = "expired", _("Expired")


class RailCode(TextChoices):
    """The ways money leaves."""

    SANDBOX = "sandbox", _("Sandbox")
    MANUAL_BANK_FILE = "manual_bank_file", _("Bank file")
    STRIPE_CONNECT = "stripe_connect", _("Stripe Connect")


class PayoutAccountState(TextChoices):
    """Where an agent's payout account stands."""

    STARTED = "started", _("Started")
    ONBOARDING = "onboarding", _("Details missing")
    ACTIVE = "active", _("Active")
    RESTRICTED = "restricted", _("Restricted")
    REJECTED = "rejected", _("Rejected")
    REPLACED = "replaced", _("Replaced")


class RunKind(TextChoices):
    """Why a run was planned."""

    WEEKLY = "weekly", _("weekly")
    INSTANT = "instant", _("instant")
    OFF_CYCLE = "off_cycle", _("off cycle")


class RunState(TextChoices):
    """Where a payout run stands."""

    PLANNED = "planned", _("Planned")
    APPROVED = "approved", _("Approved")
    EXECUTING = "executing", _("Executing")
    PAUSED = "paused", _("Paused")
    STOPPING = "stopping", _("Stopping")
    CLOSED = "closed", _("Closed")
    CANCELLED = "cancelled", _("Cancelled")


class ItemState(TextChoices):
    """Where one agent's payout stands."""

    PLANNED = "planned", _("Planned")
    SENDING = "sending", _("Sending")
    UNKNOWN = "unknown", _("Unknown")
    HELD = "held", _("Held")
    TRANSFERRED = "transferred", _("Transferred")
    ARRIVED = "arrived", _("Arrived")
    RETURNED = "returned", _("Returned by the bank")
    CAME_BACK = "came_back", _("Came back")
    CANCELLED = "cancelled", _("Cancelled")


class AttemptState(TextChoices):
    """Where one try stands."""

    SENT = "sent", _("Sent")
    DONE = "done", _("Done")
    REFUSED = "refused", _("Refused")
    UNKNOWN = "unknown", _("Unknown")
    SUPERSEDED = "superseded", _("Superseded")


class OutcomeKind(TextChoices):
    """What a rail answered to one request."""

    DONE = "done", _("done")
    IN_FLIGHT = "in_flight", _("in flight")
    THROTTLED = "throttled", _("throttled")
    UNKNOWN = "unknown", _("unknown")
    FROZEN_ERROR = "frozen_error", _("replayed error")
    NO_FUNDS = "no_funds", _("no funds")
    ACCOUNT_REFUSED = "account_refused", _("account refused")
    KEY_MISUSE = "key_misuse", _("key misuse")
    CONFIGURATION = "configuration", _("configuration")


class InstantState(TextChoices):
    """Where an instant payout stands: its transfer first, then the order to the bank."""

    QUOTED = "quoted", _("Offered")
    REQUESTED = "requested", _("Asked for")
    ORDERED = "ordered", _("Ordered from the bank")
    SENT = "sent", _("Sent to the bank")
    FAILED = "failed", _("Not instant, fee given back")


class RailState(TextChoices):
    """The kill switch of one rail."""

    OPEN = "open", _("Open")
    PAUSED = "paused", _("Paused")
    FROZEN = "frozen", _("Frozen")


EARNING_MOVES = moves(
    {
        EarningState.ACCRUED: [EarningState.HELD, EarningState.PAYABLE, EarningState.REVERSED],
        EarningState.HELD: [EarningState.ACCRUED, EarningState.PAYABLE, EarningState.REVERSED],
        EarningState.PAYABLE: [EarningState.IN_PAYOUT, EarningState.REVERSED],
        EarningState.IN_PAYOUT: [EarningState.PAYABLE, EarningState.PAID],
        EarningState.PAID: [EarningState.PAYABLE],
        EarningState.REVERSED: [],
    }
)
CHARGE_MOVES = moves(
    {
        ChargeState.ACCRUED: [ChargeState.HELD, ChargeState.READY, ChargeState.REVERSED],
        ChargeState.HELD: [ChargeState.ACCRUED, ChargeState.REVERSED],
        ChargeState.READY: [ChargeState.INVOICED, ChargeState.REVERSED],
    }
)
BRAND_HOLD_MOVES = moves(
    {BrandHoldState.ACTIVE: [BrandHoldState.SETTLED, BrandHoldState.RELEASED, BrandHoldState.EXPIRED]}
)
ACCOUNT_MOVES = moves(
    {
        PayoutAccountState.STARTED: [
            PayoutAccountState.ONBOARDING,
            PayoutAccountState.REJECTED,
            PayoutAccountState.REPLACED,
        ],
        PayoutAccountState.ONBOARDING: [
            PayoutAccountState.ACTIVE,
            PayoutAccountState.REJECTED,
            PayoutAccountState.REPLACED,
        ],
        PayoutAccountState.ACTIVE: [
            PayoutAccountState.RESTRICTED,
            PayoutAccountState.REJECTED,
            PayoutAccountState.REPLACED,
        ],
        PayoutAccountState.RESTRICTED: [
            PayoutAccountState.ACTIVE,
            PayoutAccountState.REJECTED,
            PayoutAccountState.REPLACED,
        ],
    }
)
RUN_MOVES = moves(
    {
        RunState.PLANNED: [RunState.APPROVED, RunState.CANCELLED],
        RunState.APPROVED: [RunState.EXECUTING, RunState.STOPPING],
        RunState.EXECUTING: [RunState.PAUSED, RunState.STOPPING, RunState.CLOSED],
        RunState.PAUSED: [RunState.EXECUTING, RunState.STOPPING],
        RunState.STOPPING: [RunState.CLOSED],
    }
)
ITEM_MOVES = moves(
    {
        ItemState.PLANNED: [ItemState.SENDING, ItemState.UNKNOWN, ItemState.HELD, ItemState.CANCELLED],
        ItemState.SENDING: [ItemState.TRANSFERRED, ItemState.UNKNOWN, ItemState.PLANNED, ItemState.HELD],
        ItemState.UNKNOWN: [ItemState.SENDING, ItemState.TRANSFERRED, ItemState.PLANNED],
        ItemState.HELD: [ItemState.PLANNED, ItemState.UNKNOWN, ItemState.CANCELLED],
        ItemState.TRANSFERRED: [ItemState.ARRIVED, ItemState.RETURNED, ItemState.CAME_BACK],
        ItemState.ARRIVED: [ItemState.RETURNED, ItemState.CAME_BACK],
        ItemState.RETURNED: [ItemState.CAME_BACK],
    }
)
ATTEMPT_MOVES = moves(
    {
        AttemptState.SENT: [
            AttemptState.DONE,
            AttemptState.REFUSED,
            AttemptState.UNKNOWN,
            AttemptState.SUPERSEDED,
        ],
        AttemptState.UNKNOWN: [AttemptState.SENT, AttemptState.DONE, AttemptState.SUPERSEDED],
    }
)
INSTANT_MOVES = moves(
    {
        InstantState.QUOTED: [InstantState.REQUESTED],
        InstantState.REQUESTED: [InstantState.ORDERED, InstantState.FAILED],
        InstantState.ORDERED: [InstantState.SENT, InstantState.FAILED],
        InstantState.SENT: [InstantState.FAILED],
        InstantState.FAILED: [],
    }
)
RAIL_MOVES = moves(
    {
        RailState.OPEN: [RailState.PAUSED, RailState.FROZEN],
        RailState.PAUSED: [RailState.OPEN, RailState.FROZEN],
        RailState.FROZEN: [RailState.OPEN],
    }
)

SETTLED_ITEMS = (ItemState.TRANSFERRED, ItemState.ARRIVED, ItemState.RETURNED)

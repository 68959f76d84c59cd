"""Writing to the books. One insert for journals, one for entries, running balances locked in account order."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext as _

from gigcx.kernel.ids import uuid7
from payments.errors import Overdrawn, PostingKeyReused, WrongMode
from payments.ledger.chart import AccountRef
from payments.ledger.postings import Posting

_LOCK_TIMEOUT = "5s"


@transaction.atomic
def post(postings: Iterable[Posting]) -> tuple[UUID, ...]:
    """This function will write journals and return their ids in the order asked for.

    A key that was posted before with the same content returns the journal of then and writes nothing.

    Raises:
        Unbalanced: a posting does not sum to zero per currency, or has fewer than two legs.
        PostingKeyReused: a key is known with another content.
        Overdrawn: an agent's or brand's account would pass zero.
        WrongMode: these books were opened in another payments mode.
    """
    asked = list(postings)
    wanted = _without_repeats(asked)
    if not wanted:
        return ()
    for posting in wanted:
        posting.require_balance()
    with connection.cursor() as cursor:
        _require_mode(cursor, wanted[0])
        accounts = _accounts(cursor, wanted)
        ids, fresh = _journals(cursor, wanted)
        _entries(cursor, fresh, ids, accounts)
        _move_balances(cursor, fresh, accounts)
    return tuple(ids[posting.posting_key] for posting in asked)


def _without_repeats(postings: Sequence[Posting]) -> list[Posting]:
    """Sorted by key: two batches that share keys then wait for each other in one order."""
    by_key: dict[str, Posting] = {}
    for posting in postings:
        known = by_key.setdefault(posting.posting_key, posting)
        if known is not posting and known.content_hash != posting.content_hash:
            raise PostingKeyReused(_("%(key)s is used twice in one batch.") % {"key": posting.posting_key})
    return [by_key[key] for key in sorted(by_key)]


def _require_mode(cursor: Any, first: Posting) -> None:
    """Also bounds how long the transaction waits for a lock: a question of its own would be a round trip more."""
    cursor.execute(
        "SELECT set_config('lock_timeout', %s, true), (SELECT mode FROM payments_paymentsmode)", [_LOCK_TIMEOUT]
    )
    mode = cursor.fetchone()[1]
    if mode is None:
        cursor.execute(
            "INSERT INTO payments_paymentsmode (id, mode, opened_at) VALUES (1, %s, %s) ON CONFLICT DO NOTHING",
            [settings.PAYMENTS_MODE, first.effective_at],
        )
    elif mode != settings.PAYMENTS_MODE:
        raise WrongMode(
            _("These books are %(books)s books; the product runs in %(mode)s mode.")
            % {"books": mode, "mode": settings.PAYMENTS_MODE}
        )


def _accounts(cursor: Any, postings: Sequence[Posting]) -> dict[AccountRef, UUID]:
    """Missing ones are opened in one order: two that open the same wait for each other and never in a ring."""
    refs = {leg.account for posting in postings for leg in posting.legs}
    found = _found_accounts(cursor, refs)
    missing = sorted(refs - found.keys())
    if missing:
        _open_accounts(cursor, missing)
        found |= _found_accounts(cursor, missing)
    return found


def _found_accounts(cursor: Any, refs: Collection[AccountRef]) -> dict[AccountRef, UUID]:
    cursor.execute(
        """
        SELECT a.code, a.owner_kind, a.owner_id, a.currency, a.id
        FROM unnest(%s::text[], %s::text[], %s::uuid[], %s::text[]) AS wanted (code, owner_kind, owner_id, currency)
        JOIN payments_account a USING (code, owner_kind, owner_id, currency)
        """,
        _columns(refs),
    )
    return {AccountRef(code, kind, owner, currency): pk for code, kind, owner, currency, pk in cursor.fetchall()}


def _columns(refs: Collection[AccountRef]) -> list[list[Any]]:
    return [
        [ref.code for ref in refs],
        [str(ref.owner_kind) for ref in refs],
        [str(ref.owner_id) for ref in refs],
        [ref.currency for ref in refs],
    ]


def _open_accounts(cursor: Any, refs: Sequence[AccountRef]) -> None:
    """Account and running balance appear in one statement, so that no account is ever without its lock row."""
    cursor.execute(
        """
        WITH opened AS (
            INSERT INTO payments_account
                (id, code, owner_kind, owner_id, currency, normal_side, has_running_balance, may_go_negative)
            SELECT * FROM unnest(%s::uuid[], %s::text[], %s::text[], %s::uuid[], %s::text[],
                                 %s::int[], %s::bool[], %s::bool[])
            ON CONFLICT DO NOTHING
            RETURNING id, normal_side, may_go_negative, has_running_balance
        )
        INSERT INTO payments_balance (account_id, amount_minor, version, normal_side, may_go_negative)
        SELECT id, 0, 0, normal_side, may_go_negative FROM opened WHERE has_running_balance
        """,
        [
            [str(uuid7()) for _ in refs],
            *_columns(refs),
            [ref.normal_side for ref in refs],
            [ref.has_running_balance for ref in refs],
            [ref.may_go_negative for ref in refs],
        ],
    )


def _journals(cursor: Any, postings: Sequence[Posting]) -> tuple[dict[str, UUID], list[Posting]]:
    own = {one.posting_key: uuid7() for one in postings}
    cursor.execute(
        """
        INSERT INTO payments_journal (id, kind, leg_count, posting_key, content_hash, effective_at, reverses_id,
                                      source_kind, source_id, actor, reason)
        SELECT * FROM unnest(%s::uuid[], %s::text[], %s::int[], %s::text[], %s::text[], %s::timestamptz[], %s::uuid[],
                             %s::text[], %s::uuid[], %s::text[], %s::text[])
        ON CONFLICT (posting_key) DO NOTHING
        RETURNING posting_key
        """,
        [
            [str(pk) for pk in own.values()],
            [str(one.kind) for one in postings],
            [len(one.legs) for one in postings],
            [one.posting_key for one in postings],
            [one.content_hash for one in postings],
            [one.effective_at for one in postings],
            [str(one.reverses_id) if one.reverses_id else None for one in postings],
            [one.source_kind for one in postings],
            [str(one.source_id) for one in postings],
            [one.actor[:80] for one in postings],
            [one.reason for one in postings],
        ],
    )
    written = {key for (key,) in cursor.fetchall()}
    fresh = [one for one in postings if one.posting_key in written]
    known = _known(cursor, [one for one in postings if one.posting_key not in written])
    return own | known, fresh


def _known(cursor: Any, postings: Sequence[Posting]) -> dict[str, UUID]:
    if not postings:
        return {}
    cursor.execute(
        "SELECT posting_key, id, content_hash FROM payments_journal WHERE posting_key = ANY(%s)",
        [[one.posting_key for one in postings]],
    )
    known = {key: (pk, content) for key, pk, content in cursor.fetchall()}
    for one in postings:
        if known[one.posting_key][1] != one.content_hash:
            raise PostingKeyReused(_("%(key)s was posted with another content.") % {"key": one.posting_key})
    return {key: pk for key, (pk, _content) in known.items()}


def _entries(cursor: Any, postings: Sequence[Posting], ids: dict[str, UUID], accounts: dict[AccountRef, UUID]) -> None:
    if not postings:
        return
    written = {ref: (str(pk), ref.currency, str(ref.owner_kind), str(ref.owner_id)) for ref, pk in accounts.items()}
    rows = [
        (journal, *written[leg.account], leg.amount_minor)
        for posting, journal in ((one, str(ids[one.posting_key])) for one in postings)
        for leg in posting.legs
    ]
    cursor.execute(
        """
        INSERT INTO payments_entry (journal_id, account_id, currency, owner_kind, owner_id, amount_minor)
        SELECT * FROM unnest(%s::uuid[], %s::uuid[], %s::text[], %s::text[], %s::uuid[], %s::bigint[])
        """,
        [list(column) for column in zip(*rows, strict=True)],
    )


def _move_balances(cursor: Any, postings: Sequence[Posting], accounts: dict[AccountRef, UUID]) -> None:
    changes = _changes(postings)
    if not changes:
        return
    refs = {accounts[ref]: ref for ref in changes}
    _refuse_overdraft(_locked(cursor, refs), changes, refs)
    cursor.execute(
        """
        UPDATE payments_balance b SET amount_minor = b.amount_minor + change.amount, version = b.version + 1
        FROM unnest(%s::uuid[], %s::bigint[]) AS change (account_id, amount) WHERE b.account_id = change.account_id
        """,
        [[str(pk) for pk in refs], [changes[ref] for ref in refs.values()]],
    )


def _changes(postings: Sequence[Posting]) -> dict[AccountRef, int]:
    changes: dict[AccountRef, int] = defaultdict(int)
    for posting in postings:
        for leg in posting.legs:
            if leg.account.has_running_balance:
                changes[leg.account] += leg.amount_minor
    return changes


def _locked(cursor: Any, account_ids: Collection[UUID]) -> dict[UUID, int]:
    cursor.execute(
        """
        SELECT account_id, amount_minor FROM payments_balance
        WHERE account_id = ANY(%s::uuid[]) ORDER BY account_id FOR NO KEY UPDATE
        """,
        [[str(pk) for pk in account_ids]],
    )
    return dict(cursor.fetchall())


def _refuse_overdraft(present: dict[UUID, int], changes: dict[AccountRef, int], refs: dict[UUID, AccountRef]) -> None:
    for pk, ref in refs.items():
        after = (present[pk] + changes[ref]) * ref.normal_side
        if after < 0 and not ref.may_go_negative:
            raise Overdrawn(
                _("%(account)s would pass zero by %(minor)s %(currency)s minor units.")
                % {"account": ref.code, "minor": -after, "currency": ref.currency},
                context={"code": ref.code, "short_minor": -after, "currency": ref.currency},
            )

"""Kinds of journals that nothing ever posts: nothing is withheld, forgiven or corrected by a journal of its own."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("payments", "0020_work_that_could_not_be_priced")]

    operations = [
        migrations.RemoveConstraint(
            model_name="journal",
            name="journal_kind",
        ),
        migrations.AlterField(
            model_name="journal",
            name="kind",
            field=models.CharField(
                choices=[
                    ("earning_accrued", "earning accrued"),
                    ("earning_reversed", "earning reversed"),
                    ("earning_payable", "earning ready to pay"),
                    ("charge_credited", "charge corrected"),
                    ("payout_reserved", "payout reserved"),
                    ("reservation_undone", "reservation undone"),
                    ("payout_transferred", "payout transferred"),
                    ("payout_came_back", "payout came back"),
                    ("rail_funded", "money put on a rail"),
                    ("rail_settled", "rail's money became available"),
                    ("rail_fee", "rail's fee"),
                    ("instant_fee", "instant payout fee"),
                    ("clawback_recorded", "clawback recorded"),
                    ("clawback_netted", "clawback netted"),
                    ("top_up_settled", "wallet topped up"),
                    ("top_up_refunded", "top-up refunded"),
                    ("invoice_issued", "invoice issued"),
                    ("invoice_settled", "invoice settled"),
                    ("credit_note_issued", "credit note issued"),
                    ("card_dispute", "card payment disputed"),
                    ("bad_debt", "bad debt"),
                    ("brand_hold", "brand's money held"),
                    ("brand_unhold", "brand's hold given back"),
                ],
                max_length=30,
            ),
        ),
        migrations.AddConstraint(
            model_name="journal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        [
                            "earning_accrued",
                            "earning_reversed",
                            "earning_payable",
                            "charge_credited",
                            "payout_reserved",
                            "reservation_undone",
                            "payout_transferred",
                            "payout_came_back",
                            "rail_funded",
                            "rail_settled",
                            "rail_fee",
                            "instant_fee",
                            "clawback_recorded",
                            "clawback_netted",
                            "top_up_settled",
                            "top_up_refunded",
                            "invoice_issued",
                            "invoice_settled",
                            "credit_note_issued",
                            "card_dispute",
                            "bad_debt",
                            "brand_hold",
                            "brand_unhold",
                        ],
                    )
                ),
                name="journal_kind",
            ),
        ),
    ]

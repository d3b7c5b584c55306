from decimal import Decimal

from django.db import migrations


def write_payments(apps, schema_editor):
    """One row for what a case was paid so far: toward the fine first, then the confiscated income."""
    case_model, payment = apps.get_model("cases", "Case"), apps.get_model("cases", "Payment")
    for case in case_model.objects.filter(paid__gt=0, payments=None).iterator():
        to_fine = min(case.paid, case.fine or Decimal())
        payment.objects.create(
            case=case, amount=case.paid, to_fine=to_fine, to_confiscated=case.paid - to_fine,
            paid_on=case.paid_on or case.served_on, payer=case.party_name, recorded_by_id=case.owner_id,
            recorded_at=case.created_at,
        )


class Migration(migrations.Migration):
    dependencies = [("cases", "0005_cases_in_full")]

    operations = [migrations.RunPython(write_payments, migrations.RunPython.noop)]

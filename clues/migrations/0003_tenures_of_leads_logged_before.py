from django.db import migrations

from clues.parties import normal_name

WORKED_AS_LEADS = ["verifying", "verified", "filed", "not_filed", "transferred"]


def write_tenures(apps, schema_editor):
    """Who owned each lead so far is what its moves say."""
    Lead, LeadMove, Tenure = (apps.get_model("clues", name) for name in ("Lead", "LeadMove", "Tenure"))
    bureaus = dict(apps.get_model("accounts", "Office").objects.values_list("pk", "bureau_id"))
    for lead in Lead.objects.only("pk").iterator():
        held = None
        rows = []
        for move in LeadMove.objects.filter(lead=lead).order_by("id"):
            if held is not None and (held.office_id, held.owner_id) == (move.office_id, move.owner_id):
                continue
            if held is not None:
                held.ends_at = max(move.at, held.starts_at)
            held = Tenure(
                lead=lead, office_id=move.office_id, bureau_id=bureaus[move.office_id], owner_id=move.owner_id,
                starts_at=held.ends_at if held is not None else move.at,
            )
            rows.append(held)
        Tenure.objects.bulk_create(rows)


def write_normal_names(apps, schema_editor):
    for lead in apps.get_model("clues", "Lead").objects.only("party_name").iterator():
        lead.normal_name = normal_name(lead.party_name)
        lead.save(update_fields=["normal_name"])


def keep_worked_complaints(apps, schema_editor):
    """Complaints that were verified like reports go on as reports; the audit trail says so."""
    Lead, Entry = apps.get_model("clues", "Lead"), apps.get_model("audit", "Entry")
    for lead in Lead.objects.filter(channel="complaint", state__in=WORKED_AS_LEADS).order_by("pk"):
        lead.channel = "report"
        lead.save(update_fields=["channel"])
        Entry.objects.create(
            at=lead.created_at, actor_label="migration", verb="clues.change_channel", subject_kind="lead",
            subject_id=lead.pk, subject_label=lead.number, facts={"source": "complaint", "target": "report"},
        )


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0002_entries_are_never_changed"),
        ("clues", "0002_channels_custody_and_complaints"),
    ]

    operations = [
        migrations.RunPython(write_tenures, migrations.RunPython.noop),
        migrations.RunPython(write_normal_names, migrations.RunPython.noop),
        migrations.RunPython(keep_worked_complaints, migrations.RunPython.noop),
    ]

from django.db import migrations


def remember_them(apps, schema_editor):
    """Who declared as an officer or reviewed a round, and is neither any more."""
    part = apps.get_model("cases", "FormerPart").objects
    for said in apps.get_model("cases", "Declaration").objects.filter(capacity="officer").select_related("case").iterator():
        if said.user_id not in (said.case.owner_id, said.case.second_officer_id):
            part.get_or_create(
                case_id=said.case_id, user_id=said.user_id, capacity="officer", defaults={"ended_at": said.made_at}
            )
    for round_ in apps.get_model("cases", "Review").objects.select_related("case").iterator():
        if round_.reviewer_id != round_.case.reviewer_id:
            part.get_or_create(
                case_id=round_.case_id, user_id=round_.reviewer_id, capacity="reviewer",
                defaults={"ended_at": round_.ended_at or round_.asked_at},
            )


class Migration(migrations.Migration):
    dependencies = [("cases", "0008_former_parts")]

    operations = [migrations.RunPython(remember_them, migrations.RunPython.noop)]

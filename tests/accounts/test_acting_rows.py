from accounts.models import Office, User
from accounts.policies import may_act_for, rows_to_act_for
from accounts.roles import Role
from clues.models import Lead
from tests.builders import City, make_lead


def test_the_two_halves_of_who_acts_for_whom_agree(city: City) -> None:
    """Every user, every role, a lead in every office: the filter and the question give the same answer."""
    for office in Office.objects.select_related("bureau"):
        lead = make_lead(city)
        Lead.objects.filter(pk=lead.pk).update(office=office, bureau=office.bureau)
    leads = list(Lead.objects.select_related("office", "office__bureau", "office__parent", "office__parent__parent"))
    assert len({lead.office_id for lead in leads}) == Office.objects.count()
    for user in User.objects.all():
        for roles in ([role] for role in Role.values):
            allowed = {lead.pk for lead in leads if may_act_for(user, lead.office, roles)}
            assert set(Lead.objects.filter(rows_to_act_for(user, roles)).values_list("pk", flat=True)) == allowed


def test_a_deactivated_user_acts_for_nobody(city: City) -> None:
    make_lead(city)
    city.leader.is_active = False
    assert not Lead.objects.filter(rows_to_act_for(city.leader, Role.values)).exists()

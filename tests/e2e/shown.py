"""A matter for each kind of page of leads, and who looks at it; the addresses by a name for the picture."""

from datetime import date, timedelta

from django.urls import reverse
from django.utils import timezone

from clues.actions import complaints, disputes, verification
from clues.actions.intake import log_lead
from clues.models import Dispute
from clues.states import FactsGoOn
from exchange.actions import running, steps
from informants.queries import informant_of
from tests.builders import City, moment
from tests.clues.merge_builders import complaint, merge, report
from tests.exchange.files import rows, upload, xlsx
from tests.informants.people import OPENING_VERBS, ask, propose

Pages = dict[str, str]


def ago(days: int) -> date:
    return timezone.localdate() - timedelta(days=days)


def lead_pages(town: City) -> dict[str, Pages]:
    """By the user name of whoever looks."""
    now = timezone.now()
    fresh = log_lead(
        channel="report", received_on=ago(1), party_name="信用代码存疑的商贸有限公司", party_code="91370202MA0000000X",
        summary="举报网店标价与结账价格不一致。", category="food-sale", region_code="370202", actor=town.east_clerk, at=now,
    )  # fmt: skip
    working = report(town, f"{ago(5)}", party_name="示例商店")
    verification.record_check(
        lead_id=working.pk, kind="site", checked_at=moment(f"{ago(4)}"), content="现场查见三盒牛奶超过保质期，已下架。",
        second_officer_id=town.east_handler2.pk, actor=town.east_handler, at=moment(f"{ago(4)}"),
    )  # fmt: skip
    again = report(town, f"{ago(4)}", party_name="示例商店分店", phone="")
    merged = merge(town, report(town, f"{ago(3)}", phone=""), working, FactsGoOn.OTHER_PERSON, at=now)
    accepting, mediating = complaint(town, f"{ago(3)}"), complaint(town, f"{ago(9)}")
    complaints.accept_complaint(lead_id=mediating.pk, told_on=ago(7), actor=town.east_director, at=now)
    disputes.raise_dispute(
        lead_id=again.pk, office_id=town.west.pk, reason="行为发生地在西区。", actor=town.east_director, at=now
    )
    return {
        "east_director": _of_the_director(working.pk, accepting.pk, mediating.pk, merged.pk, again.pk, fresh.pk),
        "east_handler": _of_the_handler(town, working.pk),
        "east_clerk": _of_the_clerk(town, fresh.pk),
        "director": {"dispute-designate": reverse("dispute_designate", args=[Dispute.objects.get().pk])},
    }


def _of_the_director(working: int, accepting: int, mediating: int, merged: int, disputed: int, fresh: int) -> Pages:
    dispute = Dispute.objects.get()
    return {
        "lead-fresh": reverse("lead_page", args=[fresh]),
        "lead-working": reverse("lead_page", args=[working]),
        "lead-merged": reverse("lead_page", args=[merged]),
        "lead-disputed": reverse("lead_page", args=[disputed]),
        "lead-extend": reverse("lead_extend", args=[working]),
        "lead-exclude": reverse("lead_exclude", args=[working]),
        "lead-hand-over": reverse("lead_hand_over", args=[working]),
        "lead-merge": reverse("lead_merge", args=[accepting]),
        "lead-unmerge": reverse("lead_unmerge", args=[merged]),
        "lead-dispute": reverse("lead_raise_dispute", args=[working]),
        "complaint-accepting": reverse("lead_page", args=[accepting]),
        "complaint-accept": reverse("lead_accept", args=[accepting]),
        "complaint-refuse": reverse("lead_refuse", args=[accepting]),
        "complaint-mediating": reverse("lead_page", args=[mediating]),
        "complaint-settle": reverse("lead_settle", args=[mediating]),
        "complaint-end": reverse("lead_end", args=[mediating]),
        "complaint-found": reverse("lead_found", args=[mediating]),
        "disputes": reverse("dispute_list"),
        "dispute": reverse("dispute_page", args=[dispute.pk]),
        "dispute-escalate": reverse("dispute_escalate", args=[dispute.pk]),
        "owners": reverse("lead_owners"),
        "party": "/parties/?name=示例商店",
        "party-nobody": "/parties/",
        "division-trial": reverse("division_trial"),
        "leads-full": "/leads/?state=open&channel=report",
    }


def _of_the_handler(town: City, working: int) -> Pages:
    informant = informant_of("lead", working)
    assert informant is not None
    opening = ask(informant, town.east_handler, at=timezone.now())
    OPENING_VERBS["approve"](opening, town.east_head, timezone.now())
    reward = propose(informant, town.east_handler, at=timezone.now())
    return {
        "lead-files": reverse("lead_files_page", args=[working]),
        "lead-attach": reverse("lead_attach", args=[working]),
        "lead-check": reverse("lead_check", args=[working]),
        "lead-report": reverse("lead_report", args=[working]),
        "lead-return": reverse("lead_return", args=[working]),
        "informant": reverse("informant_page", args=[informant.pk]),
        "opening": reverse("opening_page", args=[opening.pk]),
        "opening-new": reverse("opening_new", args=[informant.pk]),
        "openings": reverse("opening_list"),
        "reward": reverse("reward_page", args=[reward.pk]),
        "rewards": reverse("reward_list"),
        "home-handler": "/",
    }


def _of_the_clerk(town: City, fresh: int) -> Pages:
    now, clerk = timezone.now(), town.east_clerk
    of = steps.upload_leads(
        upload=upload(xlsx([*rows(2), ("传闻", "2026-02-27", "某店", "没有这个渠道。")])), office_id=town.east_squad.pk,
        mode="good_rows_only", actor=clerk, at=now,
    )  # fmt: skip
    steps.check_import(import_id=of.pk, mapping=of.mapping, actor=clerk, at=now)
    running.run_imports(clock=timezone.now)
    return {
        "channels": reverse("lead_new"),
        "lead-new-report": reverse("lead_new") + "?channel=report",
        "lead-new-complaint": reverse("lead_new") + "?channel=complaint",
        "lead-new-sampling": reverse("lead_new") + "?channel=sampling",
        "lead-assign-fresh": reverse("lead_assign", args=[fresh]),
        "lead-bulk": reverse("lead_bulk_assign") + f"?lead={fresh}",
        "imports": reverse("import_list"),
        "import-new": reverse("import_new"),
        "import-columns": reverse("import_columns", args=[of.pk]),
        "import": reverse("import_page", args=[of.pk]),
    }

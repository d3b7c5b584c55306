"""Is the system alive? For load balancers and the dead-man check; says nothing about anybody."""

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from deadlines.queries import reminders_overdue, stuck_reminders, sweep_age, sweep_silence
from notices.queries import dead_deliveries


@login_not_required
@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """200 while the database answers, sweeps run and leave nothing behind; else 503 with what is wrong."""
    now = timezone.now()
    try:
        silence, age = sweep_silence(now), sweep_age(now)
        overdue, stuck, dead = reminders_overdue(now), stuck_reminders(), dead_deliveries(now)
    except DatabaseError:
        return JsonResponse({"status": "alarm", "database": "failed"}, status=503)
    is_well = silence is None and overdue == 0
    report = {
        "status": "ok" if is_well else "alarm",
        "database": "ok",
        "sweep_age_seconds": None if age is None else int(age.total_seconds()),
        "pending_reminders_overdue": overdue,
        "stuck": stuck,
        "dead_deliveries": dead,
    }
    return JsonResponse(report, status=200 if is_well else 503)

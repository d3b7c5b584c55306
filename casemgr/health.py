"""Is the system alive? For load balancers and the dead-man check; says nothing about anybody."""

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from deadlines.queries import reminders_overdue, stuck_reminders, sweep_age, sweep_silence


@login_not_required
@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """200 while the database answers and reminders are being swept, else 503 with what is wrong."""
    now = timezone.now()
    try:
        silence, age = sweep_silence(now), sweep_age(now)
        overdue, stuck = reminders_overdue(now), stuck_reminders()
    except DatabaseError:
        return JsonResponse({"status": "alarm", "database": "failed"}, status=503)
    report = {
        "status": "ok" if silence is None else "alarm",
        "database": "ok",
        "sweep_age_seconds": None if age is None else int(age.total_seconds()),
        "pending_reminders_overdue": overdue,
        "stuck": stuck,
    }
    return JsonResponse(report, status=200 if silence is None else 503)

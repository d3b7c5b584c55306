"""What the frame around every page needs to know. Nothing is read until a page asks for it; the API never pays."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from casemgr.routing_trial import MAY_TRY
from cases.queries.approvals import approvals_awaiting
from cases.states import matter as case_states
from cases.states.approvals import SIGN
from clues import states as lead_states
from clues.queries import leads_to_sign
from core.errors import Invalid
from core.paging import COUNT_CAP, capped
from deadlines.faces import end_of_soon, span_in_words
from deadlines.queries import current_calendar, natural_ends, sweep_silence, worklist_for
from exchange.states import ROLES as IMPORTING_ROLES
from informants import states as informant_states
from notices.queries import unread_count


@dataclass(frozen=True)
class Place:
    """One entry of the menu. ``roles`` empty: open to everybody."""

    url_name: str
    label: str | Promise
    icon: str
    url: str = ""
    is_here: bool = False
    roles: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Group:
    label: str | Promise
    places: tuple[Place, ...]


MENU = (
    Group(
        _("工作台"),
        (
            Place("home", _("我的待办"), "home"),
            Place("approval_list", _("审批"), "met"),
            Place("notice_list", _("通知"), "bell"),
        ),
    ),
    Group(
        pgettext_lazy("several", "线索"),
        (
            Place("lead_list", _("线索列表"), "lead"),
            Place("lead_new", _("登记线索"), "plus", roles=lead_states.LOG.roles),
            Place("import_list", _("导入"), "import", roles=frozenset(IMPORTING_ROLES)),
            Place("dispute_list", _("权限争议"), "dispute", roles=lead_states.RAISE_DISPUTE.roles | MAY_TRY),
            Place("opening_list", _("举报人保密"), "lock", roles=informant_states.READ.roles),
        ),
    ),
    Group(
        pgettext_lazy("several", "案件"),
        (
            Place("case_list", _("案件列表"), "case"),
            Place("case_on_spot", _("当场处罚"), "plus", roles=case_states.DECIDE_ON_SPOT.roles),
            Place("receivable_list", _("应收款"), "list"),
            Place("party_page", _("当事人"), "party"),
        ),
    ),
    Group(
        pgettext_lazy("several", "期限"),
        (
            Place("calculator", _("期限计算器"), "calculator"),
            Place("rule_list", _("期限规则"), "rule"),
            Place("work_calendar_now", _("工作日历"), "calendar"),
        ),
    ),
    Group(
        _("管理"),
        (
            Place("division_page", _("权力划分"), "division"),
            Place("template_list", _("文书模板"), "list"),
            Place("approval_chain_list", _("审批顺序"), "met"),
            Place("discretion_list", _("裁量基准和听证标准"), "rule"),
            Place("certificate_list", _("执法证件"), "user", roles=frozenset(settings.CERTIFICATE_ROLES)),
            Place("lead_owners", _("任一时刻的承办情况"), "user", roles=MAY_TRY),
        ),
    ),
)


class Frame:
    """Menu, counts and alarms for one request; at most five small queries."""

    def __init__(self, request: HttpRequest, user: User, now: datetime) -> None:
        self.request, self.user, self.now = request, user, now

    @cached_property
    def groups(self) -> list[Group]:
        """The menu, without what the user's posts do not open."""
        groups = [Group(group.label, tuple(self._open(group.places))) for group in MENU]
        return [group for group in groups if group.places]

    def _open(self, places: tuple[Place, ...]) -> list[Place]:
        return [
            replace(place, url=(url := reverse(place.url_name)), is_here=url == self._here)
            for place in places
            if not place.roles or self.user.has_role(*place.roles)
        ]

    @cached_property
    def _here(self) -> str:
        """The address of the menu entry this page lies under: the longest one its own address begins with."""
        urls = [reverse(place.url_name) for group in MENU for place in group.places]
        under = [url for url in urls if self.request.path.startswith(url) and url != reverse("home")]
        return max(under, key=len, default=self.request.path)

    @cached_property
    def may_try_division(self) -> bool:
        return self.user.has_role(*MAY_TRY)

    @cached_property
    def is_law_missing(self) -> bool:
        return self._soon_until is None

    @cached_property
    def _soon_until(self) -> datetime | None:
        try:
            return end_of_soon(current_calendar(), self.now)
        except Invalid:
            return None  # no calendar is loaded: the banner says so, and the page itself may need none

    @cached_property
    def _near(self) -> list[datetime]:
        if self._soon_until is None:
            return []
        clocks = worklist_for(self.user).prefetch_related(None).filter(due_at__lte=self._soon_until)
        found = list(clocks.values_list("due_at", "rule_version")[: COUNT_CAP + 1])
        # Where expiry is the natural end nobody is late; asked only when something is past.
        lapsing = natural_ends() if any(due_at and due_at <= self.now for due_at, _version in found) else frozenset()
        return [due_at for due_at, version in found if due_at and (due_at > self.now or version not in lapsing)]

    @cached_property
    def overdue(self) -> str:
        """How many of the user's clocks are overdue, '' for none."""
        return capped(count) if (count := sum(due_at <= self.now for due_at in self._near)) else ""

    @cached_property
    def due_soon(self) -> str:
        """How many are due today or within three working days, '' for none."""
        return capped(count) if (count := sum(due_at > self.now for due_at in self._near)) else ""

    @cached_property
    def unread(self) -> str:
        return capped(count) if (count := unread_count(self.user)) else ""

    @cached_property
    def to_sign(self) -> str:
        """How many leads wait for the user's signature, '' for none."""
        return capped(count) if (count := leads_to_sign(self.user).order_by()[: COUNT_CAP + 1].count()) else ""

    @cached_property
    def to_approve(self) -> str:
        """How many approvals wait for the user's signature, '' for none; asked only of those who sign."""
        if not self.user.has_role(*SIGN.roles):
            return ""
        return capped(count) if (count := approvals_awaiting(self.user).order_by()[: COUNT_CAP + 1].count()) else ""

    @cached_property
    def sweep_silent_for(self) -> str:
        """How long reminders have been standing still, in words; '' while they run."""
        silence = sweep_silence(self.now)
        return "" if silence is None else span_in_words(silence)


def frame(request: HttpRequest) -> dict[str, Any]:
    """The context processor; an anonymous reader has no frame."""
    user = getattr(request, "user", None)
    now = timezone.now()
    return {"now": now, "frame": Frame(request, user, now) if isinstance(user, User) and user.is_active else None}

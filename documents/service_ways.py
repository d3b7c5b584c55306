"""The ways of service (程序规定第八十二条、第八十三条), what each must record, and the states of a service."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts.roles import Role
from core.errors import Invalid
from core.transitions import transition

RULES = "市场监督管理行政处罚程序规定"


class Way(TextChoices):
    DIRECT = "direct", gettext_lazy("直接送达")
    LEFT = "left", gettext_lazy("留置送达")
    ELECTRONIC = "electronic", gettext_lazy("电子送达")
    MAIL = "mail", gettext_lazy("邮寄送达")
    ENTRUSTED = "entrusted", gettext_lazy("委托送达")
    RELAYED = "relayed", gettext_lazy("转交送达")
    ANNOUNCEMENT = "announcement", gettext_lazy("公告送达")


class Relation(TextChoices):
    """Who may sign for the party (程序规定第八十二条第一项)."""

    PARTY = "party", gettext_lazy("受送达人本人，或者法定代表人、主要负责人")
    FAMILY = "family", gettext_lazy("同住成年家属（受送达人是自然人）")
    KEEPER = "keeper", gettext_lazy("负责收件的人（受送达人是法人或者其他组织）")
    AGENT = "agent", gettext_lazy("代理人")
    NAMED = "named", gettext_lazy("指定的代收人")


class Posting(TextChoices):
    """程序规定第八十二条第五项."""

    BOARD = "board", gettext_lazy("在本局公告栏和受送达人住所地张贴")
    MEDIA = "media", gettext_lazy("在报纸或者本局门户网站等刊登")


class ServiceState(TextChoices):
    RUNNING = "running", pgettext_lazy("service", "公告中")
    SERVED = "served", pgettext_lazy("service", "已送达")
    VOID = "void", pgettext_lazy("service", "已撤销登记")


S = ServiceState
OFFICER = [Role.HANDLER]
DEFAULT = gettext_lazy("法律没有规定，本系统默认由本案办案人员办理")

SERVE_PAPERS = transition("serve_papers", gettext_lazy("登记送达"), [], S.SERVED, OFFICER, f"{RULES}第八十二条")
ANNOUNCE_SERVICE = transition(
    "announce_service", gettext_lazy("登记公告送达"), [], S.RUNNING, OFFICER, f"{RULES}第八十二条第五项"
)
COMPLETE_ANNOUNCEMENT = transition(
    "complete_announcement", gettext_lazy("公告期满"), [S.RUNNING], S.SERVED, OFFICER, f"{RULES}第八十二条第五项"
)
VOID_SERVICE = transition("void_service", gettext_lazy("撤销送达登记"), [S.RUNNING, S.SERVED], S.VOID, OFFICER, DEFAULT)
CONFIRM_ADDRESS = transition(
    "confirm_address", gettext_lazy("登记送达地址确认书"), [], None, OFFICER, f"{RULES}第八十三条第一款"
)
SERVICE_TABLE = (SERVE_PAPERS, ANNOUNCE_SERVICE, COMPLETE_ANNOUNCEMENT, VOID_SERVICE)

LONGEST = {"reason": 1000, "record": 500}  # characters; all else 120
# What each way asks for besides recipient and day; * must be filled in.
NEEDS: Mapping[str, tuple[str, ...]] = {
    Way.DIRECT: ("received_by*", "relation*", "place*"),
    Way.LEFT: ("reason*", "place*", "witness", "record"),
    Way.ELECTRONIC: ("account*", "record*"),
    Way.MAIL: ("through*", "place*", "received_by", "is_returned", "reason"),
    Way.ENTRUSTED: ("through*", "received_by*", "relation*"),
    Way.RELAYED: ("through*", "received_by*", "relation*"),
    Way.ANNOUNCEMENT: ("posting*", "through*", "reason*", "record"),
}


def fields_of(way: str) -> tuple[str, ...]:
    """The names of the facts this way records."""
    return tuple(name.rstrip("*") for name in NEEDS[way])


@dataclass(frozen=True)
class Delivery:
    """How papers reached somebody.

    :param on: the day of service in law: signed for, left, arrived in the system, on the receipt, or returned; of an
        announcement the day it was published.
    :param through: number of the mail, the authority that served, or where the announcement was published.
    :param place: where; of mail the address it went to.
    :param record: how the course was recorded: photographs, screenshots, video.
    :param reason: why the receipt was refused, the mail returned, or nothing but an announcement was left, and the course.
    """

    way: str
    recipient: str
    on: date
    received_by: str = ""
    relation: str = ""
    place: str = ""
    through: str = ""
    account: str = ""
    witness: str = ""
    record: str = ""
    posting: str = ""
    reason: str = ""
    is_returned: bool = False


def require_delivery(delivery: Delivery) -> dict[str, str | bool]:
    """The facts the way of service demands, cleaned; those of other ways are left out.

    :raises Invalid: ``unknown_way``, ``required``, ``too_long``, ``unknown_relation``, ``unknown_posting``,
        ``not_witnessed``, ``not_recorded``.
    """
    if delivery.way not in Way.values:
        raise Invalid(_("请选择送达方式（程序规定第八十二条）。"), code="unknown_way", field="way")
    facts: dict[str, str | bool] = {"recipient": _text(delivery, "recipient", is_needed=True)}
    for name in NEEDS[delivery.way]:
        if name == "is_returned":
            facts[name] = delivery.is_returned
        else:
            facts[name.rstrip("*")] = _text(delivery, name.rstrip("*"), is_needed=name.endswith("*"))
    _require_choices(facts)
    if delivery.way == Way.LEFT and not (facts["witness"] or facts["record"]):
        raise Invalid(
            _("留置送达应当有见证人，或者采取拍照、录像等方式记录（程序规定第八十二条第二项），请填写其中一项。"),
            code="not_witnessed", field="witness",
        )  # fmt: skip
    if facts.get("posting") == Posting.BOARD and not facts["record"]:
        raise Invalid(
            _("张贴公告应当采取拍照、录像等方式记录张贴过程（程序规定第八十二条第五项），请写明怎样记录。"),
            code="not_recorded", field="record",
        )  # fmt: skip
    if facts.get("is_returned") and not facts["reason"]:
        raise Invalid(_("请写明退回的原因。"), code="required", field="reason")
    if delivery.way == Way.MAIL and not facts["is_returned"] and not facts["received_by"]:
        raise Invalid(_("请填写回执上的收件人。"), code="required", field="received_by")
    return facts


def _require_choices(facts: Mapping[str, str | bool]) -> None:
    if "relation" in facts and facts["relation"] not in Relation.values:
        raise Invalid(
            _("请选择签收人与受送达人的关系（程序规定第八十二条第一项）。"), code="unknown_relation", field="relation"
        )
    if "posting" in facts and facts["posting"] not in Posting.values:
        raise Invalid(_("请选择公告方式（程序规定第八十二条第五项）。"), code="unknown_posting", field="posting")


def _text(delivery: Delivery, name: str, *, is_needed: bool) -> str:
    text = str(getattr(delivery, name)).strip()
    most = LONGEST.get(name, 120)
    if is_needed and not text:
        raise Invalid(
            _("%(way)s请填写这一项（程序规定第八十二条）。") % {"way": Way(delivery.way).label},
            code="required",
            field=name,
        )
    if len(text) > most:
        raise Invalid(_("最多%(most)s个字。") % {"most": most}, code="too_long", field=name)
    return text

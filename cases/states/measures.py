"""Measures on goods and premises, and what becomes of each item: the moves between their states, with articles."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.roles import Role
from cases.states.matter import AT_WORK, RULES, CaseState
from core.transitions import transition

COERCION = "行政强制法"


class MeasureKind(TextChoices):
    REGISTRATION = "registration", _("先行登记保存")
    SEALING = "sealing", pgettext_lazy("measure", "查封")
    SEIZURE = "seizure", pgettext_lazy("measure", "扣押")


COERCIVE = (MeasureKind.SEALING, MeasureKind.SEIZURE)


class MeasureState(TextChoices):
    ORDERED = "ordered", pgettext_lazy("measure", "已批准，待实施")
    URGENT = "urgent", pgettext_lazy("measure", "紧急实施，待补批")
    IN_FORCE = "in_force", pgettext_lazy("measure", "实施中")
    HANDLED = "handled", pgettext_lazy("measure", "已作处理")
    RELEASED = "released", pgettext_lazy("measure", "已解除")
    LAPSED = "lapsed", pgettext_lazy("measure", "逾期自动解除")


class ItemState(TextChoices):
    HELD = "held", pgettext_lazy("item", "在保存")
    TO_RETURN = "to_return", pgettext_lazy("item", "已解除，待退还")
    RETURNED = "returned", pgettext_lazy("item", "已退还")
    CONFISCATED = "confiscated", pgettext_lazy("item", "已没收")
    DISPOSED_EARLY = "disposed_early", pgettext_lazy("item", "已先行处置")
    HANDED_OVER = "handed_over", pgettext_lazy("item", "已移送")
    UNCLAIMED = "unclaimed", pgettext_lazy("item", "公告待领")
    TO_TREASURY = "to_treasury", pgettext_lazy("item", "已上缴国库")
    CARRIED_OVER = "carried_over", pgettext_lazy("item", "已转入查封、扣押")


M, I = MeasureState, ItemState  # noqa: E741 - short as in the tables of cases
OFFICER, HEAD = [Role.HANDLER], [Role.BUREAU_HEAD]
RUNNING = [M.URGENT, M.IN_FORCE]
TAKEN = [M.IN_FORCE, M.HANDLED, M.RELEASED, M.LAPSED]
# Under the measure itself, and not yet out of the office's hands.
UNDER_MEASURE = [I.HELD, I.DISPOSED_EARLY]
UNSETTLED = [*UNDER_MEASURE, I.TO_RETURN, I.UNCLAIMED]

# ---- the measure ------------------------------------------------------------
ORDER_MEASURE = transition(
    "order_measure", _("批准采取措施"), [], M.ORDERED, HEAD, f"{RULES}第三十三条第一款、第三十六条第一款"
)
TAKE_MEASURE = transition(
    "take_measure", _("登记实施措施和清单"), [M.ORDERED], M.IN_FORCE, OFFICER, f"{RULES}第三十四条、第三十七条"
)
TAKE_URGENT_MEASURE = transition(
    "take_urgent_measure",
    _("登记当场紧急采取的措施"),
    [],
    M.URGENT,
    OFFICER,
    f"{RULES}第三十三条第二款、第三十六条第二款；{COERCION}第十九条",
)
APPROVE_URGENT = transition(
    "approve_urgent",
    _("补办批准"),
    [M.URGENT],
    M.IN_FORCE,
    HEAD,
    f"{RULES}第三十三条第二款、第三十六条第二款；{COERCION}第十九条",
)
REFUSE_URGENT = transition(
    "refuse_urgent",
    _("不予批准，立即解除"),
    [M.URGENT],
    M.RELEASED,
    HEAD,
    f"{RULES}第三十三条第二款、第三十六条第二款；{COERCION}第十九条",
)
HANDLE_REGISTERED = transition(
    "handle_registered",
    _("处理先行登记保存的证据"),
    [M.IN_FORCE],
    M.HANDLED,
    [Role.HANDLER, Role.BUREAU_HEAD],
    f"{RULES}第三十五条第一款",
)
EXTEND_SEIZURE = transition(
    "extend_seizure",
    _("延长查封、扣押期限"),
    [M.IN_FORCE],
    None,
    HEAD,
    f"{RULES}第三十八条第一款、第二款；{COERCION}第二十五条",
)
EXCLUDE_TEST_DAYS = transition(
    "exclude_test_days",
    _("扣除检测、检验、检疫、鉴定期间"),
    [M.IN_FORCE],
    None,
    HEAD,
    f"{RULES}第三十八条第三款；{COERCION}第二十五条第三款",
)
RELEASE_MEASURE = transition(
    "release_measure",
    _("批准解除措施"),
    [M.IN_FORCE, M.HANDLED],
    M.RELEASED,
    HEAD,
    f"{RULES}第三十三条第一款、第三十五条第一款第五项、第四十二条；{COERCION}第二十八条",
)
# Follow by themselves: the term of a registration passes; the last item under a measure is dealt with.
LAPSE = transition("lapse", _("逾期自动解除"), RUNNING, M.LAPSED, [], f"{RULES}第三十五条第二款")
SETTLE_MEASURE = transition(
    "settle_measure", _("措施所涉物品均已处理"), [M.IN_FORCE], M.HANDLED, [], f"{COERCION}第二十七条"
)
MEASURE_TABLE = (
    ORDER_MEASURE, TAKE_MEASURE, TAKE_URGENT_MEASURE, APPROVE_URGENT, REFUSE_URGENT, HANDLE_REGISTERED, EXTEND_SEIZURE,
    EXCLUDE_TEST_DAYS, RELEASE_MEASURE, LAPSE, SETTLE_MEASURE,
)  # fmt: skip
# Verbs of one kind of measure alone.
OF_REGISTRATION = frozenset({HANDLE_REGISTERED.name})
OF_SEIZURE = frozenset({EXTEND_SEIZURE.name, EXCLUDE_TEST_DAYS.name})

# ---- the items of its inventory ---------------------------------------------
LIST_ITEM = transition("list_item", _("列入清单"), [], I.HELD, OFFICER, f"{RULES}第三十四条第一款、第三十七条")
FREE_ITEMS = transition(
    "free_items", _("解除措施"), UNDER_MEASURE, I.TO_RETURN, [], f"{RULES}第三十五条第二款、第四十二条第一款"
)
CARRY_OVER_ITEMS = transition(
    "carry_over_items", _("转为查封、扣押"), [I.HELD], I.CARRIED_OVER, [], f"{RULES}第三十五条第一款第三项"
)
RETURN_ITEMS = transition(
    "return_items", _("退还物品"), [I.TO_RETURN, I.UNCLAIMED], I.RETURNED, OFFICER, f"{RULES}第四十二条第二款"
)
CONFISCATE_ITEMS = transition(
    "confiscate_items",
    _("登记没收"),
    UNDER_MEASURE,
    I.CONFISCATED,
    OFFICER,
    f"{RULES}第三十五条第一款第四项；{COERCION}第二十七条",
)
DISPOSE_EARLY = transition(
    "dispose_early", _("批准先行处置"), [I.HELD], I.DISPOSED_EARLY, HEAD, f"{RULES}第四十一条第三款"
)
HAND_OVER_ITEMS = transition(
    "hand_over_items",
    _("批准随案移送"),
    UNDER_MEASURE,
    I.HANDED_OVER,
    HEAD,
    f"{RULES}第十七条；{COERCION}第二十一条",
)
ANNOUNCE_ITEMS = transition(
    "announce_items", _("登记公告领取"), [I.TO_RETURN], I.UNCLAIMED, OFFICER, f"{RULES}第四十二条第三款"
)
SEND_TO_TREASURY = transition(
    "send_to_treasury", _("批准上缴国库"), [I.UNCLAIMED], I.TO_TREASURY, HEAD, f"{RULES}第四十二条第三款"
)
ITEM_TABLE = (
    LIST_ITEM, FREE_ITEMS, CARRY_OVER_ITEMS, RETURN_ITEMS, CONFISCATE_ITEMS, DISPOSE_EARLY, HAND_OVER_ITEMS,
    ANNOUNCE_ITEMS, SEND_TO_TREASURY,
)  # fmt: skip
ITEM_VERBS = tuple(row for row in ITEM_TABLE if row.roles and row is not LIST_ITEM)

# Until the decision a measure is taken, ordered or approved; after that goods only leave it.
TAKING = frozenset({ORDER_MEASURE.name, TAKE_MEASURE.name, TAKE_URGENT_MEASURE.name})
MAY_TAKE = frozenset(AT_WORK)
NOT_ANY_MORE = frozenset({CaseState.CLOSED, CaseState.ARCHIVED})


class Handling(TextChoices):
    """The five measures of 程序规定第三十五条第一款."""

    PRESERVE = "preserve", _("采取记录、复制、拍照、录像等证据保全措施，原物退还")
    TEST = "test", _("送交检测、检验、检疫、鉴定")
    SEIZE = "seize", _("决定采取查封、扣押")
    CONFISCATE = "confiscate", _("已作出行政处罚决定，没收违法物品")
    RELEASE = "release", _("决定解除先行登记保存措施")


# What the law leaves to the head: 第三十三条第一款, 第三十六条第一款, 第六十条.
HEADS_OWN = (Handling.SEIZE, Handling.CONFISCATE, Handling.RELEASE)


class ReleaseGround(TextChoices):
    """程序规定第四十二条第一款; for registered evidence 第三十五条第一款第五项."""

    NO_OFFENCE = "no_offence", _("当事人没有违法行为")
    UNRELATED = "unrelated", _("场所、设施或者财物与违法行为无关")
    DECIDED = "decided", _("对违法行为已经作出处理决定，不再需要该措施")
    EXPIRED = "expired", _("期限已经届满")
    OTHER = "other", _("其他不再需要采取措施的情形")


class DisposalBasis(TextChoices):
    """程序规定第四十一条第三款: who agreed to disposal before the decision."""

    CONSENT = "consent", _("权利人同意或者申请")
    ANNOUNCED = "announced", _("权利人不明确，公告期满仍没有权利人同意或者申请")

"""Evidence of a case: its kinds, its states, and the full-process record by sound and picture, each with its article."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.roles import Role
from cases.states.matter import AT_WORK, RULES, CaseState
from core.transitions import transition


class EvidenceKind(TextChoices):
    """The eight kinds of 程序规定第二十三条第一款."""

    DOCUMENT = "document", _("书证")
    OBJECT = "object", _("物证")
    RECORDING = "recording", _("视听资料")
    DATA = "data", _("电子数据")
    TESTIMONY = "testimony", _("证人证言")
    STATEMENT = "statement", _("当事人的陈述")
    APPRAISAL = "appraisal", _("鉴定意见")
    INSPECTION = "inspection", _("勘验笔录、现场笔录")


class EvidenceState(TextChoices):
    COLLECTED = "collected", pgettext_lazy("state", "已收集")
    VERIFIED = "verified", pgettext_lazy("state", "已查证属实")
    EXCLUDED = "excluded", pgettext_lazy("state", "已排除")
    SUPERSEDED = "superseded", pgettext_lazy("state", "已更正")


E = EvidenceState
OFFICER = [Role.HANDLER]
STANDING = [E.COLLECTED, E.VERIFIED]

ADD_EVIDENCE = transition("add_evidence", _("登记证据"), [], E.COLLECTED, OFFICER, f"{RULES}第二十三条、第二十四条")
ADOPT_EVIDENCE = transition(
    "adopt_evidence", _("采用线索材料作为证据"), [], E.COLLECTED, OFFICER, f"{RULES}第二十三条第二款、第三款"
)
ATTACH_FILES = transition("attach_files", _("上传证据文件"), [E.COLLECTED], None, OFFICER, f"{RULES}第二十三条")
CORRECT_EVIDENCE = transition(
    "correct_evidence",
    _("更正证据登记"),
    STANDING,
    E.SUPERSEDED,
    OFFICER,
    _("法律没有规定，本系统默认原登记保留、更正另行登记"),
)
VERIFY_EVIDENCE = transition(
    "verify_evidence", _("登记查证属实"), [E.COLLECTED], E.VERIFIED, OFFICER, f"{RULES}第二十三条第四款"
)
EXCLUDE_EVIDENCE = transition(
    "exclude_evidence",
    _("排除证据"),
    STANDING,
    E.EXCLUDED,
    [Role.HANDLER, Role.BUREAU_HEAD],
    f"{RULES}第二十三条第四款",
)
# Whoever holds it gives it, whoever is named takes it; those who supervise keep nothing.
KEEPING_BASIS = _(
    "法律没有规定由谁保管，本系统默认由保管人移交、接收人确认；全过程记录见市场监督管理行政处罚程序规定第七十九条"
)
KEEPERS = [role for role in Role if role not in (Role.SUPERVISOR, Role.LEADER)]
HAND_OVER_EVIDENCE = transition(
    "hand_over_evidence", _("移交保管"), [*STANDING, E.EXCLUDED], None, KEEPERS, KEEPING_BASIS
)
CONFIRM_CUSTODY = transition("confirm_custody", _("确认接收"), [*STANDING, E.EXCLUDED], None, KEEPERS, KEEPING_BASIS)
INDEX_RECORDING = transition("index_recording", _("登记音像记录"), [], None, OFFICER, f"{RULES}第四十四条、第七十九条")
EVIDENCE_TABLE = (
    ADD_EVIDENCE, ADOPT_EVIDENCE, ATTACH_FILES, CORRECT_EVIDENCE, VERIFY_EVIDENCE, EXCLUDE_EVIDENCE, HAND_OVER_EVIDENCE,
    CONFIRM_CUSTODY, INDEX_RECORDING,
)  # fmt: skip

# The states of the case in which evidence may be collected and judged, kept, recorded.
COLLECTING = frozenset(AT_WORK)
KEEPING = frozenset(CaseState) - {CaseState.ARCHIVED}
CASE_STATES = {
    row.name: KEEPING if row in (HAND_OVER_EVIDENCE, CONFIRM_CUSTODY, INDEX_RECORDING) else COLLECTING
    for row in EVIDENCE_TABLE
}


class RecordedAct(TextChoices):
    """What 程序规定第四十四条 has recorded by sound and picture, and the steps of 第七十九条."""

    INSPECTION = "inspection", _("现场检查")
    INQUIRY = "inquiry", _("询问")
    SAMPLING = "sampling", _("抽样取证")
    REGISTRATION = "registration", _("先行登记保存")
    MEASURE = "measure", _("查封、扣押")
    HEARING = "hearing", _("听证")
    SERVICE = "service", _("送达")
    EXECUTION = "execution", _("执行")
    OTHER = "other", _("其他环节")

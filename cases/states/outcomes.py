"""How a case ends other than by a performed penalty, and on which ground it is closed."""

from collections.abc import Mapping

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from cases.states.matter import Outcome


class EndKind(TextChoices):
    """What ended a case, or undid its decision."""

    EXEMPT = "exempt", Outcome.EXEMPT.label
    UNFOUNDED = "unfounded", Outcome.UNFOUNDED.label
    TRANSFERRED = "transferred", Outcome.TRANSFERRED.label
    REFERRED = "referred", Outcome.REFERRED.label
    TERMINATED = "terminated", Outcome.TERMINATED.label
    WITHDRAWN = "withdrawn", Outcome.WITHDRAWN.label
    ANNULLED = "annulled", _("决定被撤销")
    CEASED = "ceased", _("终结执行")


class SpareGround(TextChoices):
    """行政处罚法第三十条、第三十一条、第三十三条、第三十六条、程序规定第六十条第一款第三项."""

    MINOR = "minor", _("违法行为轻微并及时改正，没有造成危害后果（行政处罚法第三十三条第一款）")
    FIRST = "first", _("初次违法且危害后果轻微并及时改正（行政处罚法第三十三条第一款）")
    NO_FAULT = "no_fault", _("当事人有证据足以证明没有主观过错（行政处罚法第三十三条第二款）")
    OTHER = "other", _("其他依法不予行政处罚的情形")
    UNFOUNDED = "unfounded", _("违法事实不能成立（程序规定第六十条第一款第三项）")


class TransferGround(TextChoices):
    """程序规定第十四条至第十六条、第十七条第一款."""

    MARKET = "market", _("属于其他市场监督管理部门管辖（第十四条）")
    DESIGNATED = "designated", _("上级市场监督管理部门指定由其他市场监督管理部门管辖（第十四条至第十六条）")
    OTHER_AGENCY = "other_agency", _("属于其他行政管理部门管辖（第十七条第一款）")


class TerminationGround(TextChoices):
    """程序规定第四十七条."""

    DEATH = "death", _("涉嫌违法的自然人死亡，并且无权利义务承受人")
    DISSOLVED = "dissolved", _("法人、其他组织终止，并且无权利义务承受人")
    OTHER = "other", _("其他致使案件调查无法继续进行的原因")


class AnnulledBy(TextChoices):
    """程序规定第六十三条第二款 names no body; these are the ones that can."""

    COURT = "court", _("人民法院")
    RECONSIDERATION = "reconsideration", _("行政复议机关")
    SUPERIOR = "superior", _("上级机关")
    OWN = "own", _("本机关自行纠正")


class CeasingGround(TextChoices):
    """行政强制法第四十条; its item four, the decision set aside, is recorded as that (决定被撤销)."""

    DEATH = "death", _("公民死亡，无遗产可供执行，又无义务承受人（第四十条第一项）")
    DISSOLVED = "dissolved", _("法人或者其他组织终止，无财产可供执行，又无义务承受人（第四十条第二项）")
    OBJECT_GONE = "object_gone", _("执行标的灭失（第四十条第三项）")
    OTHER = "other", _("行政机关认为需要终结执行的其他情形（第四十条第五项）")


GROUNDS: Mapping[EndKind, type[TextChoices] | None] = {
    EndKind.EXEMPT: SpareGround,
    EndKind.UNFOUNDED: SpareGround,
    EndKind.TRANSFERRED: TransferGround,
    EndKind.REFERRED: None,
    EndKind.TERMINATED: TerminationGround,
    EndKind.WITHDRAWN: None,
    EndKind.ANNULLED: AnnulledBy,
    EndKind.CEASED: CeasingGround,
}


class ClosingGround(TextChoices):
    """程序规定第七十七条第一款, and the closing of what was decided on the spot, of which it says nothing."""

    PERFORMED = "performed", _("行政处罚决定执行完毕（第七十七条第一款第一项）")
    EXECUTION_ENDED = "execution_ended", _("人民法院裁定终结执行（第七十七条第一款第二项）")
    TERMINATED = "terminated", _("案件终止调查（第七十七条第一款第三项）")
    OTHER_DECISION = "other_decision", _("作出第六十条第一款第二项至五项决定（第七十七条第一款第四项）")
    OTHER = "other", _("其他应予结案的情形（第七十七条第一款第五项）")
    ON_SPOT = "on_spot", _("简易程序案件办结，材料已交局归档（第七十条；结案由本系统默认）")

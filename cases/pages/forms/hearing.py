"""What the steps of a hearing ask for (听证办法); fields carry the names the verbs' refusals use."""

import re
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from accounts.models import User
from cases.actions.hearing_session import Attending, seated
from cases.models import Case, Hearing
from cases.queries.hearing import helpers_for, hosts_for, recusals_of
from cases.queries.matter import reviewers_of
from cases.states.hearing import Attendance, HearingEnd, HearingPause, RequestWay, Secrecy, Told
from core.forms import DayField, MomentField, RowField, VerbForm, Words, choose

OPENS = gettext_lazy("听证时间")
OPENS_HELP = gettext_lazy("须在举行的七个工作日前把听证通知书送达当事人，时间写到分钟。")
PLACE = gettext_lazy("听证地点")
SEVERAL = gettext_lazy("多人用顿号分开。")


def _names(people: list[User]) -> list[tuple[int, str]]:
    return [(each.pk, each.name) for each in people]


class RequestHearingForm(VerbForm):
    consequence = gettext_lazy("登记后，应当依法组织听证；听证的时间不计入九十日的办案期限。")
    requested_on = DayField(label=gettext_lazy("当事人要求听证的日期"))
    way = forms.ChoiceField(label=gettext_lazy("提出方式"), widget=forms.RadioSelect, choices=RequestWay.choices)
    request = Words(
        label=gettext_lazy("要求听证的内容"),
        max_length=2000,
        required=False,
        rows=3,
        help_text=gettext_lazy("口头提出的，写明笔录的内容。"),
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, initial={"requested_on": today}, **kwargs)


class NameHostForm(VerbForm):
    host = RowField(
        label=gettext_lazy("听证主持人"),
        help_text=gettext_lazy("办案人员不得担任；审核人员也不列入（本系统默认）。"),
    )
    member = RowField(label=gettext_lazy("听证员"), required=False, help_text=gettext_lazy("必要时设一至二名。"))
    second_member = RowField(label=gettext_lazy("第二名听证员"), required=False)

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "host", _names(hosts_for(case)))
        helpers = _names(helpers_for(case))
        choose(self, "member", helpers)
        choose(self, "second_member", helpers)


class ChangeHostsForm(NameHostForm):
    reason = Words(label=gettext_lazy("更换的理由"), max_length=500, rows=3)

    def __init__(self, *args: Any, case: Case, hearing: Hearing, **kwargs: Any) -> None:
        now = {"host": hearing.host_id, "member": hearing.member_id, "second_member": hearing.second_member_id}
        super().__init__(*args, case=case, initial=now, **kwargs)


class HandMaterialsForm(VerbForm):
    handed_on = DayField(label=gettext_lazy("移交案件材料的日期"))

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, initial={"handed_on": today}, **kwargs)


class ScheduleForm(VerbForm):
    groups = (
        (gettext_lazy("时间地点"), ("opens_at", "place")),
        (gettext_lazy("公开"), ("secrecy",)),
        (gettext_lazy("人员"), ("recorder", "third_party", "interpreter")),
    )
    opens_at = MomentField(label=OPENS, help_text=OPENS_HELP)
    place = forms.CharField(label=PLACE, max_length=200)
    secrecy = forms.ChoiceField(
        label=gettext_lazy("是否公开举行"),
        widget=forms.RadioSelect,
        required=False,
        initial="",
        choices=[("", gettext_lazy("公开举行")), *Secrecy.choices],
        help_text=gettext_lazy("不公开的，选择理由；公开举行的，须在举行的三个工作日前公告。"),
    )
    recorder = RowField(label=gettext_lazy("记录员"))
    third_party = forms.CharField(
        label=gettext_lazy("第三人"), max_length=120, required=False, help_text=gettext_lazy("没有的不填。")
    )
    interpreter = forms.CharField(label=gettext_lazy("翻译人员"), max_length=60, required=False)

    def __init__(self, *args: Any, case: Case, hearing: Hearing, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        busy = {each.pk for each in seated(hearing)}
        choose(self, "recorder", _names([each for each in helpers_for(case) if each.pk not in busy]))


class RescheduleForm(VerbForm):
    consequence = gettext_lazy("改期后，已经登记的通知和公告作废，须按新的日期重新通知、公告。")
    opens_at = MomentField(label=OPENS, help_text=OPENS_HELP)
    place = forms.CharField(label=PLACE, max_length=200)
    reason = Words(label=gettext_lazy("改期的理由"), max_length=500, rows=3)

    def __init__(self, *args: Any, hearing: Hearing, **kwargs: Any) -> None:
        super().__init__(*args, initial={"opens_at": hearing.opens_at, "place": hearing.place}, **kwargs)


class TellForm(VerbForm):
    told = forms.ChoiceField(label=gettext_lazy("通知了谁"), widget=forms.RadioSelect)
    told_on = DayField(label=gettext_lazy("通知日期"), help_text=gettext_lazy("听证通知书以送达回证载明的日期为准。"))

    def __init__(self, *args: Any, hearing: Hearing, today: date, **kwargs: Any) -> None:
        super().__init__(*args, initial={"told_on": today}, **kwargs)
        wanted = [each for each in Told if each != Told.THIRD_PARTY or hearing.third_party]
        field = self.fields["told"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = [(each.value, each.label) for each in wanted]


class AnnounceForm(VerbForm):
    announced_on = DayField(label=gettext_lazy("公告日期"))
    where = forms.CharField(label=gettext_lazy("公告的方式和地点"), max_length=200)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, initial={"announced_on": today}, **kwargs)


class AskRecusalForm(VerbForm):
    consequence = gettext_lazy("登记后听证中止，决定之后再恢复。")
    person = RowField(label=gettext_lazy("申请谁回避"))
    reason = Words(label=gettext_lazy("当事人的理由"), max_length=1000, rows=3)

    def __init__(self, *args: Any, hearing: Hearing, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "person", _names(seated(hearing)))


class DecideRecusalForm(VerbForm):
    consequence = gettext_lazy("决定记入案卷，不能撤回；决定回避的，须更换人员后再恢复听证。")
    person = RowField(label=gettext_lazy("被申请回避的人"))
    is_granted = forms.TypedChoiceField(
        label=gettext_lazy("决定"),
        widget=forms.RadioSelect,
        choices=[("yes", gettext_lazy("应当回避")), ("no", gettext_lazy("不需要回避"))],
        coerce=lambda value: value == "yes",
    )
    opinion = Words(label=gettext_lazy("决定的理由"), max_length=1000, rows=3)

    def __init__(self, *args: Any, user: User, hearing: Hearing, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        is_host = user.pk == hearing.host_id
        asked = [each.person for each in recusals_of(hearing) if each.is_granted is None]
        choose(self, "person", _names([each for each in asked if (each.pk == hearing.host_id) != is_host]))


class SuspendHearingForm(VerbForm):
    ground = forms.ChoiceField(
        label=gettext_lazy("中止的情形"),
        widget=forms.RadioSelect,
        choices=[choice for choice in HearingPause.choices if choice[0] != HearingPause.RECUSAL],
    )
    reason = Words(label=gettext_lazy("具体原因"), max_length=500, rows=3)


class ResumeHearingForm(VerbForm):
    opens_at = MomentField(label=OPENS, help_text=gettext_lazy("还没有开始过的，改变日期须重新提前七个工作日通知。"))
    place = forms.CharField(label=PLACE, max_length=200)
    recorder = RowField(
        label=gettext_lazy("记录员"), required=False, help_text=gettext_lazy("记录员回避的，另行指定。")
    )
    reason = Words(label=gettext_lazy("中止的情形如何消失"), max_length=500, rows=3)

    def __init__(self, *args: Any, case: Case, hearing: Hearing, **kwargs: Any) -> None:
        now = {"opens_at": hearing.opens_at, "place": hearing.place, "recorder": hearing.recorder_id}
        super().__init__(*args, initial=now, **kwargs)
        choose(self, "recorder", _names(helpers_for(case)))


class HoldForm(VerbForm):
    groups = (
        (gettext_lazy("当事人及其代理人"), ("party_came", "agent", "mandate", "second_agent", "second_mandate")),
        (gettext_lazy("第三人及其代理人"), ("third_party_came", "third_agent", "third_mandate")),
        (gettext_lazy("办案人员和其他人员"), ("officers", "witnesses", "appraisers", "interpreters", "others")),
        (gettext_lazy("笔录"), ("held_on", "minutes")),
        (
            gettext_lazy("最后意见（按第三人、办案人员、当事人的先后顺序征询）"),
            ("last_word_third_party", "last_word_officers", "last_word_party"),
        ),
        (gettext_lazy("签名"), ("refused_to_sign",)),
    )
    consequence = gettext_lazy("登记后笔录不能修改，五个工作日的听证报告期限从听证会结束之日的次日起算。")
    party_came = forms.BooleanField(label=gettext_lazy("当事人本人（法定代表人、负责人）到场"), required=False)
    agent = forms.CharField(label=gettext_lazy("委托代理人"), max_length=120, required=False)
    mandate = forms.CharField(
        label=gettext_lazy("委托事项及权限"),
        max_length=500,
        required=False,
        help_text=gettext_lazy("见授权委托书；代为撤回申请、放弃权利的须有明确授权。"),
    )
    second_agent = forms.CharField(label=gettext_lazy("第二名委托代理人"), max_length=120, required=False)
    second_mandate = forms.CharField(label=gettext_lazy("委托事项及权限"), max_length=500, required=False)
    third_party_came = forms.BooleanField(label=gettext_lazy("第三人到场"), required=False)
    third_agent = forms.CharField(label=gettext_lazy("第三人的委托代理人"), max_length=120, required=False)
    third_mandate = forms.CharField(label=gettext_lazy("委托事项及权限"), max_length=500, required=False)
    officers = forms.MultipleChoiceField(
        label=gettext_lazy("到场的办案人员"), widget=forms.CheckboxSelectMultiple, required=False
    )
    witnesses = forms.CharField(label=Attendance.WITNESS.label, max_length=500, required=False, help_text=SEVERAL)
    appraisers = forms.CharField(label=Attendance.APPRAISER.label, max_length=500, required=False, help_text=SEVERAL)
    interpreters = forms.CharField(
        label=Attendance.INTERPRETER.label, max_length=500, required=False, help_text=SEVERAL
    )
    others = forms.CharField(label=Attendance.OTHER.label, max_length=500, required=False, help_text=SEVERAL)
    held_on = DayField(label=gettext_lazy("听证会结束的日期"))
    minutes = Words(
        label=gettext_lazy("听证笔录"),
        max_length=20000,
        rows=14,
        help_text=gettext_lazy("时间、地点、案由、人员之外，各方意见以及其他需要载明的事项。"),
    )
    last_word_third_party = Words(label=gettext_lazy("第三人的最后意见"), max_length=4000, rows=3, required=False)
    last_word_officers = Words(label=gettext_lazy("办案人员的最后意见"), max_length=4000, rows=3)
    last_word_party = Words(label=gettext_lazy("当事人的最后意见"), max_length=4000, rows=3)
    refused_to_sign = forms.CharField(
        label=gettext_lazy("谁拒绝签名或者盖章"),
        max_length=500,
        required=False,
        help_text=gettext_lazy("没有的不填；有的由主持人在笔录中注明。"),
    )

    def __init__(self, *args: Any, case: Case, hearing: Hearing, today: date, **kwargs: Any) -> None:
        self.on_case = [each.name for each in (case.owner, case.second_officer)]
        initial = {"held_on": today, "officers": self.on_case}
        super().__init__(*args, initial=initial, **kwargs)
        self.party, self.third_party = case.party_name, hearing.third_party
        field = self.fields["officers"]
        assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101 - declared above
        field.choices = [(name, name) for name in self.on_case]
        if not hearing.third_party:
            for name in ("third_party_came", "third_agent", "third_mandate", "last_word_third_party"):
                del self.fields[name]

    def values(self) -> dict[str, Any]:
        given = super().values()
        people = [Attending(Attendance.PARTY, self.party, is_present=given.pop("party_came"))]
        agents = [("agent", "mandate", Attendance.AGENT), ("second_agent", "second_mandate", Attendance.AGENT)]
        if self.third_party:
            came = given.pop("third_party_came")
            people.append(Attending(Attendance.THIRD_PARTY, self.third_party, is_present=came))
            agents.append(("third_agent", "third_mandate", Attendance.THIRD_AGENT))
        for name, mandate, part in agents:
            who, what = given.pop(name), given.pop(mandate)
            people += [Attending(part, who, mandate=what)] if who else []
        came_officers = given.pop("officers")
        people += [Attending(Attendance.OFFICER, name, is_present=name in came_officers) for name in self.on_case]
        for field_name, part in (
            ("witnesses", Attendance.WITNESS), ("appraisers", Attendance.APPRAISER),
            ("interpreters", Attendance.INTERPRETER), ("others", Attendance.OTHER),
        ):  # fmt: skip
            people += [Attending(part, each) for each in _each(given.pop(field_name))]
        return {**given, "attendance": people}


def _each(names: str) -> list[str]:
    return [name.strip() for name in re.split(r"[、，,；;\n]", names) if name.strip()]


class ReportForm(VerbForm):
    consequence = gettext_lazy("提交后，办案期限从今天起重新计入；本案须再经法制审核，由负责人集体讨论后才能决定。")
    summary = Words(label=gettext_lazy("听证的基本情况"), max_length=8000, rows=10)
    advice = Words(
        label=gettext_lazy("处理意见和建议"),
        max_length=4000,
        rows=6,
        help_text=gettext_lazy("不得因当事人要求听证而建议更重的处罚（程序规定第五十八条）。"),
    )
    remarks = Words(label=gettext_lazy("需要报告的其他事项"), max_length=4000, rows=3, required=False)


class EndForm(VerbForm):
    consequence = gettext_lazy("终止后不再举行本次听证，办案期限从今天起重新计入，不能撤回。")
    ground = forms.ChoiceField(label=gettext_lazy("终止的情形"), widget=forms.RadioSelect, choices=HearingEnd.choices)
    reason = Words(
        label=gettext_lazy("具体情况"),
        max_length=1000,
        rows=3,
        help_text=gettext_lazy("由代理人撤回或者放弃的，写明委托人的明确授权（第十五条第三款）。"),
    )


class SubmitLegalReviewForm(VerbForm):
    reviewer = RowField(
        label=gettext_lazy("法制审核人员"),
        help_text=gettext_lazy("办案人员不得审核；听证人员也不列入（本系统默认）。"),
    )

    def __init__(self, *args: Any, case: Case, hearing: Hearing | None, **kwargs: Any) -> None:
        heard = {each.pk for each in seated(hearing)} if hearing else set()
        reviewers = [each for each in reviewers_of(case) if each.pk not in heard]
        super().__init__(*args, initial={"reviewer": case.reviewer_id}, **kwargs)
        choose(self, "reviewer", _names(reviewers))

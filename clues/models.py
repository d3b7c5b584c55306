from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Office, User
from clues.states import (
    DECIDED_STATES,
    ONLY_COMPLAINTS,
    ONLY_LEADS,
    OPEN_STATES,
    Channel,
    CheckKind,
    DeclineGround,
    DisputeState,
    EndGround,
    FactsGoOn,
    LeadState,
    NoPenaltyList,
    RefusalGround,
)


class NoPenaltyItem(models.Model):
    """One item of an authority's list of what is not penalised (轻微免罚、首违不罚); without ``office`` everybody's.

    In force from ``starts_on`` to ``ends_on`` (both included), never edited: a changed item is a new version
    of its ``key``. ``is_default`` marks the examples that come with the product.
    """

    key = models.SlugField(max_length=60)
    kind = models.CharField(_("清单"), max_length=20, choices=NoPenaltyList.choices)
    title = models.CharField(_("事项"), max_length=200)
    condition = models.TextField(_("适用条件"), max_length=2000)
    basis = models.CharField(_("依据"), max_length=300)
    office = models.ForeignKey(Office, models.PROTECT, null=True, related_name="+", verbose_name=_("适用机关"))
    starts_on = models.DateField(_("施行日"))
    ends_on = models.DateField(_("失效日"), null=True)
    is_default = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key", "starts_on"], name="no_penalty_item_one_per_day"),
            models.UniqueConstraint(
                fields=["key"], condition=Q(ends_on__isnull=True), name="no_penalty_item_one_open_version"
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="no_penalty_item_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.title}"

    @property
    def words(self) -> str:
        """How a decision writes the item down, so that it stays readable whatever becomes of the list."""
        example = "（示例，非法定清单）" if self.is_default else ""
        return f"{self.title}{example}；依据：{self.basis}"


class Lead(models.Model):
    """A lead (线索): something that may be a violation or a dispute, with exactly one office and one owner at every moment.

    ``channel_facts`` holds what its channel asks for (:mod:`clues.channels`); ``flags`` the key-case tags.
    ``informant_key`` is a blind index of who told (:mod:`informants`), '' where nobody did. ``original`` is the lead it
    was merged into, ``origin`` the one it was split from, converted from or found in the mediation of.
    """

    number = models.CharField(_("线索编号"), max_length=80, unique=True)
    channel = models.CharField(_("来源渠道"), max_length=20, choices=Channel.choices)
    channel_facts = models.JSONField(default=dict, blank=True)
    received_on = models.DateField(_("发现线索或者收到材料之日"))
    party_name = models.CharField(_("当事人名称"), max_length=120)
    normal_name = models.CharField(max_length=120, blank=True)
    party_code = models.CharField(_("统一社会信用代码"), max_length=18, blank=True)
    has_party_code_doubt = models.BooleanField(default=False)
    region_code = models.CharField(_("行政区划"), max_length=6)
    address = models.CharField(_("地址"), max_length=200, blank=True)
    category = models.CharField(_("事项类别"), max_length=40, blank=True)
    amount = models.DecimalField(_("涉及金额"), max_digits=14, decimal_places=2, null=True)
    flags = models.JSONField(default=list, blank=True)
    summary = models.TextField(_("线索内容"), max_length=4000)
    is_anonymous = models.BooleanField(default=False)
    informant_key = models.CharField(max_length=64, blank=True)
    office = models.ForeignKey(Office, models.PROTECT, related_name="leads", db_index=False, verbose_name=_("承办机构"))
    bureau = models.ForeignKey(Office, models.PROTECT, null=True, related_name="+", db_index=False)
    owner = models.ForeignKey(User, models.PROTECT, related_name="leads", db_index=False, verbose_name=_("承办人"))
    state = models.CharField(_("状态"), max_length=20, choices=LeadState.choices, default=LeadState.REGISTERED)
    signed_at = models.DateTimeField(_("签收时间"), null=True)
    findings = models.TextField(_("核查情况"), max_length=4000, blank=True)
    proposal = models.CharField(_("处理建议"), max_length=20, blank=True)
    reported_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)
    decline_item = models.ForeignKey(NoPenaltyItem, models.PROTECT, null=True, related_name="+", db_index=False)
    decline_item_text = models.CharField(_("免罚清单事项"), max_length=600, blank=True)
    decline_ground = models.CharField(_("不予立案理由"), max_length=20, choices=DeclineGround.choices, blank=True)
    refusal_ground = models.CharField(_("不予受理理由"), max_length=20, choices=RefusalGround.choices, blank=True)
    end_ground = models.CharField(_("终止调解理由"), max_length=20, choices=EndGround.choices, blank=True)
    transferred_to = models.CharField(_("移送部门"), max_length=120, blank=True)
    receipt_no = models.CharField(_("回执编号"), max_length=80, blank=True)
    receipt_on = models.DateField(_("回执日期"), null=True)
    accepted_on = models.DateField(_("受理日期"), null=True)
    agreement = models.TextField(_("调解协议"), max_length=4000, blank=True)
    has_mediation_document = models.BooleanField(_("制作调解书"), null=True)
    decided_on = models.DateField(_("决定日期"), null=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)
    outcome_told_on = models.DateField(_("结果告知日期"), null=True)
    original = models.ForeignKey("self", models.PROTECT, null=True, related_name="merged", verbose_name=_("并入的线索"))
    merged_as = models.CharField(max_length=20, choices=FactsGoOn.choices, blank=True)
    origin = models.ForeignKey("self", models.PROTECT, null=True, related_name="offspring", verbose_name=_("来源线索"))
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[*OPEN_STATES, LeadState.MERGED], decided_on__isnull=True)
                | Q(state__in=DECIDED_STATES, decided_on__isnull=False),
                name="lead_decided_exactly_when_closed",
            ),
            models.CheckConstraint(
                condition=~Q(state="not_filed") | ~Q(decline_ground=""), name="lead_not_filed_has_ground"
            ),
            models.CheckConstraint(
                condition=~Q(state="refused") | ~Q(refusal_ground=""), name="lead_refused_has_ground"
            ),
            models.CheckConstraint(condition=~Q(state="ended") | ~Q(end_ground=""), name="lead_ended_has_ground"),
            models.CheckConstraint(
                condition=~Q(state__in=["mediating", "settled", "ended"]) | Q(accepted_on__isnull=False),
                name="lead_mediated_after_it_was_accepted",
            ),
            models.CheckConstraint(
                condition=Q(state="merged", original__isnull=False) | (~Q(state="merged") & Q(original__isnull=True)),
                name="lead_merged_exactly_when_it_has_an_original",
            ),
            models.CheckConstraint(
                condition=Q(original__isnull=True) | ~Q(original=F("id")), name="lead_never_its_own_original"
            ),
            models.CheckConstraint(
                condition=Q(channel="complaint", state__in=[s for s in LeadState.values if s not in ONLY_LEADS])
                | (~Q(channel="complaint") & Q(state__in=[s for s in LeadState.values if s not in ONLY_COMPLAINTS])),
                name="lead_states_of_its_own_table",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["filed", "not_filed", "transferred", "as_complaint"])
                | Q(decided_by__isnull=True)
                | (~Q(decided_by=F("owner")) & (Q(reported_by__isnull=True) | ~Q(decided_by=F("reported_by")))),
                name="lead_decided_by_another_than_its_verifier",
            ),
            models.CheckConstraint(
                condition=Q(decline_item__isnull=True, decline_item_text="")
                | (Q(decline_item__isnull=False, decline_ground__in=["minor", "first"]) & ~Q(decline_item_text="")),
                name="lead_declined_by_an_item_of_a_list_on_its_ground",
            ),
        ]
        indexes = [
            models.Index(fields=["-received_on", "-id"], name="lead_newest"),
            models.Index(fields=["office", "-received_on", "-id"], name="lead_newest_in_office"),
            models.Index(fields=["bureau", "-received_on", "-id"], name="lead_newest_in_bureau"),
            models.Index(fields=["owner", "state"], name="lead_by_owner"),
            models.Index(
                fields=["bureau", "state", "-received_on", "-id"], condition=Q(state__in=OPEN_STATES),
                name="lead_open_in_bureau",
            ),
            models.Index(
                fields=["office", "state", "-received_on", "-id"], condition=Q(state__in=OPEN_STATES),
                name="lead_open_in_office",
            ),
            models.Index(fields=["party_code"], condition=~Q(party_code=""), name="lead_by_party_code"),
            models.Index(  # of a pattern, so that the beginning of a name is found by it in every collation
                fields=["normal_name"], condition=~Q(normal_name=""), opclasses=["varchar_pattern_ops"],
                name="lead_by_normal_name",
            ),
            models.Index(fields=["informant_key"], condition=~Q(informant_key=""), name="lead_by_informant"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.number} {self.party_name}"

    @property
    def label(self) -> str:
        return f"{self.number} · {self.party_name}"

    @property
    def is_complaint(self) -> bool:
        return self.channel == Channel.COMPLAINT


class LeadMove(models.Model):
    """One move of a lead: who, when, from, to, why, and whose it was afterwards."""

    lead = models.ForeignKey(Lead, models.CASCADE, related_name="moves")
    at = models.DateTimeField()
    actor = models.ForeignKey(User, models.PROTECT, related_name="+")
    name = models.CharField(max_length=20)
    source = models.CharField(max_length=20, blank=True)
    target = models.CharField(max_length=20)
    office = models.ForeignKey(Office, models.PROTECT, related_name="+")
    owner = models.ForeignKey(User, models.PROTECT, related_name="+")
    reason = models.CharField(max_length=1000, blank=True)

    def __str__(self) -> str:
        return f"{self.name} {self.source} → {self.target}"


class Tenure(models.Model):
    """Whose a lead was from one moment (included) to another (not included); exactly one is open for each lead."""

    lead = models.ForeignKey(Lead, models.PROTECT, related_name="tenures", db_index=False)
    office = models.ForeignKey(Office, models.PROTECT, related_name="+", db_index=False)
    bureau = models.ForeignKey(Office, models.PROTECT, null=True, related_name="+", db_index=False)
    owner = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["lead"], condition=Q(ends_at__isnull=True), name="tenure_one_open_per_lead"
            ),
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gte=F("starts_at")), name="tenure_ends_after_start"
            ),
        ]
        indexes = [
            models.Index(fields=["lead", "starts_at"], name="tenure_of_lead"),
            models.Index(fields=["office", "starts_at"], name="tenure_in_office"),
            models.Index(fields=["owner", "starts_at"], name="tenure_of_owner"),
        ]

    def __str__(self) -> str:
        return f"{self.lead_id}: {self.owner_id} {self.starts_at:%Y-%m-%d}"


class Dispute(models.Model):
    """A dispute over which office a lead belongs to: negotiated, or designated by the common superior.

    ``office`` had the lead when the dispute was raised and says that ``claimed_office`` should; both see the dispute.
    """

    lead = models.ForeignKey(Lead, models.PROTECT, related_name="disputes")
    office = models.ForeignKey(Office, models.PROTECT, related_name="+", verbose_name=_("提出争议的机构"))
    raised_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    raised_at = models.DateTimeField()
    claimed_office = models.ForeignKey(Office, models.PROTECT, related_name="+", verbose_name=_("认为应当承办的机构"))
    superior = models.ForeignKey(Office, models.PROTECT, related_name="+", verbose_name=_("共同的上一级"))
    reason = models.CharField(max_length=1000)
    state = models.CharField(max_length=20, choices=DisputeState.choices, default=DisputeState.NEGOTIATING)
    escalated_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    settled_at = models.DateTimeField(null=True)
    settled_office = models.ForeignKey(Office, models.PROTECT, null=True, related_name="+")
    opinion = models.CharField(max_length=1000, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["lead"], condition=Q(settled_at__isnull=True), name="dispute_one_open_per_lead"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["negotiating", "escalated"], settled_office__isnull=True)
                | Q(state__in=["agreed", "designated"], settled_office__isnull=False, settled_at__isnull=False),
                name="dispute_settled_exactly_when_over",
            ),
            models.CheckConstraint(condition=~Q(claimed_office=F("office")), name="dispute_between_two_offices"),
        ]

    def __str__(self) -> str:
        return f"{self.lead_id} {self.state}"

    @property
    def is_open(self) -> bool:
        return self.settled_at is None


class Check(models.Model):
    """One check made in verification (核查记录): who, when, where, what was found. Attachments are files of the lead.

    Never edited: a wrong one is corrected by a further check that names it in ``corrects``.
    """

    lead = models.ForeignKey(Lead, models.PROTECT, related_name="checks")
    kind = models.CharField(_("核查方式"), max_length=20, choices=CheckKind.choices)
    checked_at = models.DateTimeField(_("核查时间"))
    place = models.CharField(_("地点"), max_length=200, blank=True)
    officer = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("核查人员"))
    second_officer = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("协同人员"))
    content = models.TextField(_("核查内容"), max_length=4000)
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    corrects = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="corrected_by", verbose_name=_("更正的记录")
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(corrects__isnull=True) | ~Q(corrects=F("id")), name="check_never_corrects_itself"
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=["site", "inquiry"]) | Q(second_officer__isnull=False),
                name="check_by_two_officers_where_required",
            ),
            models.CheckConstraint(
                condition=Q(second_officer__isnull=True) | ~Q(second_officer=F("officer")), name="check_two_people"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.lead_id} {self.kind} {self.checked_at:%Y-%m-%d}"

    @property
    def file_purpose(self) -> str:
        """The purpose of the lead's files that belong to this check."""
        return f"check-{self.pk}"

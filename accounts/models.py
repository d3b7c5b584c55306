from datetime import date, timedelta
from typing import ClassVar
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Now, TruncDate
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.roles import Role


class OfficeKind(models.TextChoices):
    CITY = "city", _("市局")
    DEPARTMENT = "department", _("处室")
    CORPS = "corps", _("支队")
    DISTRICT = "district", _("区市局")
    SQUAD = "squad", _("大队")
    STATION = "station", _("所")


class Office(models.Model):
    """A unit of the organisation. The tree has three levels: city, bureau (corps, department, district), unit.

    ``bureau`` is the office's ancestor (or itself) on level two and empty for the city; rows that belong to an
    office carry both, so that scoping by subtree is one indexed equality (docs/adr/0006).
    """

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=60)
    short_name = models.CharField(max_length=20)
    kind = models.CharField(max_length=12, choices=OfficeKind.choices)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    bureau = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    level = models.PositiveSmallIntegerField()
    region_code = models.CharField(max_length=6)
    is_open = models.BooleanField(default=True)

    class Meta:
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(condition=Q(level__gte=1, level__lte=3), name="office_level_in_tree"),
            models.CheckConstraint(
                condition=Q(level=1) ^ Q(parent__isnull=False), name="office_only_city_has_no_parent"
            ),
            models.UniqueConstraint(F("level"), condition=Q(level=1), name="office_one_city"),
        ]

    def __str__(self) -> str:
        return self.name


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(username=username)


class User(AbstractBaseUser):
    """A person with an account. What they may do comes from their posts."""

    username = models.CharField(_("用户名"), max_length=60, unique=True)
    name = models.CharField(_("姓名"), max_length=60)
    email = models.EmailField(blank=True)
    gateway = models.CharField(max_length=300, blank=True)  # notification URL of WeCom, DingTalk, SMS (apprise syntax)
    is_active = models.BooleanField(default=True)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects: ClassVar[UserManager] = UserManager()

    def __str__(self) -> str:
        return self.name

    @property
    def label(self) -> str:
        return f"{self.name}（{self.username}）"

    @cached_property
    def active_posts(self) -> list["Post"]:
        """The posts held today with their offices, as far up as the tree goes; read once per request, so ending a post takes effect on the next."""
        return [post for post in self.acting_posts if post.user_id == self.pk]

    @cached_property
    def acting_posts(self) -> list["Post"]:
        """:attr:`active_posts`, and those whose duties others have delegated to this user for today; one query."""
        lent = Delegation.objects.in_force().filter(to_user=self).values("post")
        return list(
            Post.objects.filter(Q(user=self) | Q(pk__in=lent), ends_on__isnull=True)
            .select_related("user", "office", "office__bureau", "office__parent", "office__parent__parent")
            .order_by("id")
        )

    def has_role(self, *roles: str) -> bool:
        return any(post.role in roles for post in self.acting_posts)


class Post(models.Model):
    """A role somebody holds in an office."""

    user = models.ForeignKey(User, models.PROTECT, related_name="posts")
    office = models.ForeignKey(Office, models.PROTECT, related_name="posts")
    role = models.CharField(max_length=20, choices=Role.choices)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    is_main = models.BooleanField(_("主要负责人"), default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "office", "role"], condition=Q(ends_on__isnull=True), name="post_held_once"
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")), name="post_ends_after_start"
            ),
            models.CheckConstraint(condition=Q(is_main=False) | Q(role=Role.BUREAU_HEAD), name="post_main_is_a_head"),
            models.UniqueConstraint(
                fields=["office"], condition=Q(is_main=True, ends_on__isnull=True), name="post_one_main_head"
            ),
        ]
        indexes = [
            models.Index(fields=["office", "role"], condition=Q(ends_on__isnull=True), name="post_active_by_office")
        ]

    def __str__(self) -> str:
        return f"{self.office.name} {self.get_role_display()}"


class DelegationQuerySet(models.QuerySet["Delegation"]):
    def in_force(self) -> "DelegationQuerySet":
        """Those of today, by the database's clock: posts are asked for where no moment is at hand."""
        today = TruncDate(Now(), tzinfo=ZoneInfo(settings.TIME_ZONE))
        return self.filter(starts_on__lte=today, ends_on__gte=today, revoked_at__isnull=True, from_user__is_active=True)


class Delegation(models.Model):
    """The duties of a post in other hands for some days (委托代行职责), both days included.

    ``from_user`` is the holder of the post; it stands here for the constraint.
    """

    post = models.ForeignKey(Post, models.PROTECT, related_name="delegations", verbose_name=_("岗位"))
    from_user = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("委托人"))
    to_user = models.ForeignKey(User, models.PROTECT, related_name="delegations_to", verbose_name=_("受托人"))
    starts_on = models.DateField(_("开始日"))
    ends_on = models.DateField(_("结束日"))
    reason = models.CharField(_("理由"), max_length=500)
    made_by_label = models.CharField(max_length=120)
    made_at = models.DateTimeField()
    revoked_by_label = models.CharField(max_length=120, blank=True)
    revoked_at = models.DateTimeField(null=True)

    objects = DelegationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(from_user=F("to_user")), name="delegation_to_another"),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="delegation_ends_after_start"),
        ]
        indexes = [
            models.Index(
                fields=["to_user", "ends_on"], condition=Q(revoked_at__isnull=True), name="delegation_of_person"
            )
        ]

    def __str__(self) -> str:
        return f"{self.from_user_id} → {self.to_user_id}"


class CertificateQuerySet(models.QuerySet["Certificate"]):
    def valid_on(self, day: date) -> "CertificateQuerySet":
        return self.filter(Q(revoked_on__isnull=True) | Q(revoked_on__gt=day), starts_on__lte=day, ends_on__gte=day)

    def knowing_successors(self) -> "CertificateQuerySet":
        """With ``is_followed``: whether one of the same person follows without a gap and lasts longer."""
        longer = Certificate.objects.filter(
            user=OuterRef("user"), revoked_on__isnull=True, ends_on__gt=OuterRef("ends_on"),
            starts_on__lte=OuterRef("ends_on") + timedelta(days=1),
        )  # fmt: skip
        return self.annotate(is_followed=Exists(longer))


class Certificate(models.Model):
    """The certificate that qualifies somebody to enforce (行政执法证件); valid on both its first and its last day.

    ``warned_at``: when its holder was told that it ends soon. Who entered a certificate, and who the taking back of it,
    is not known of those from before this was kept.
    """

    user = models.ForeignKey(User, models.PROTECT, related_name="certificates")
    number = models.CharField(_("执法证号"), max_length=40, unique=True)
    issued_by = models.CharField(_("发证机关"), max_length=80)
    starts_on = models.DateField(_("有效期起"))
    ends_on = models.DateField(_("有效期止"))
    revoked_on = models.DateField(_("收回日期"), null=True)
    warned_at = models.DateTimeField(null=True)
    entered_by_label = models.CharField(_("登记人"), max_length=120, blank=True)
    entered_at = models.DateTimeField(_("登记时间"), null=True)
    revoked_by_label = models.CharField(max_length=120, blank=True)
    revoked_at = models.DateTimeField(null=True)

    objects = CertificateQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="certificate_ends_after_start"),
            models.CheckConstraint(
                condition=Q(revoked_on__isnull=True) | Q(revoked_on__gte=F("starts_on")),
                name="certificate_revoked_after_start",
            ),
        ]
        indexes = [
            models.Index(fields=["user", "ends_on"], name="certificate_by_user"),
            models.Index(
                fields=["ends_on"],
                condition=Q(warned_at__isnull=True, revoked_on__isnull=True),
                name="certificate_to_warn_of",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class SavedView(models.Model):
    """A list as somebody likes to see it: the filters of its address under a name of their own."""

    user = models.ForeignKey(User, models.PROTECT, related_name="views")
    place = models.SlugField(max_length=40)
    name = models.CharField(_("名称"), max_length=30)
    query = models.CharField(max_length=1000)

    class Meta:
        ordering = ["place", "name"]
        constraints = [models.UniqueConstraint(fields=["user", "place", "name"], name="saved_view_one_name_per_place")]

    def __str__(self) -> str:
        return self.name


class SystemActor:
    """The machine acting under a name of its own (sweeps, loaders)."""

    pk: None = None

    def __init__(self, label: str) -> None:
        self.label = label

"""The organisations that carry the projects, their people, and invitations into them or into the foundation."""

import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from core import clock
from core.models import TimestampedModel
from core.search import fold
from foundations.models import Foundation, Staff


class LegalForm(models.Model):
    """A row of the foundation's master list of legal forms (一般社団法人, 株式会社, 任意団体 …)."""

    class Placement(models.TextChoices):
        BEFORE = "before", _("名前の前に付ける")
        AFTER = "after", _("名前の後に付ける")
        NONE = "none", _("付けない")

    foundation = models.ForeignKey(
        Foundation, verbose_name=_("財団"), on_delete=models.CASCADE, related_name="legal_forms"
    )
    name = models.CharField(_("法人格"), max_length=40)
    placement = models.CharField(
        _("名前での書き方"), max_length=10, choices=Placement.choices, default=Placement.BEFORE
    )
    position = models.PositiveSmallIntegerField(_("並び順"), default=0)

    class Meta:
        verbose_name = _("法人格")
        verbose_name_plural = _("法人格")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["foundation", "name"], name="legalform_name_unique"),
        ]

    def __str__(self) -> str:
        return self.name


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def with_member(self, user: User, *roles: str) -> "OrganisationQuerySet":
        """The organisations this person belongs to today."""
        return self.filter(
            pk__in=Membership.objects.active().holding(*roles).filter(user=user).values("organisation")
        )

    def visible_to(self, user: User) -> "OrganisationQuerySet":
        return self.filter(
            Q(pk__in=Organisation.objects.with_member(user).values("pk"))
            | Q(foundation__in=Foundation.objects.with_staff(user, *Staff.INSIDE))
        )


class Organisation(TimestampedModel):
    """An organisation as one foundation knows it: no row is shared between foundations."""

    foundation = models.ForeignKey(
        Foundation, verbose_name=_("財団"), on_delete=models.PROTECT, related_name="organisations"
    )
    legal_form = models.ForeignKey(
        LegalForm, verbose_name=_("法人格"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    name = models.CharField(_("団体名"), max_length=120, help_text=_("法人格を除いた名前"))
    kana = models.CharField(_("ふりがな"), max_length=200, blank=True)
    city = models.CharField(_("市区町村"), max_length=40, blank=True)
    is_consortium = models.BooleanField(_("コンソーシアム"), default=False)

    description = models.TextField(_("紹介"), blank=True)
    website = models.URLField(_("ウェブサイト"), blank=True)
    search_key = models.CharField(max_length=500, editable=False, db_index=True, default="")

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = _("団体")
        verbose_name_plural = _("団体")
        ordering = ["kana", "name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["foundation", "name"],
                name="organisation_name_unique",
                violation_error_message=_("同じ名前の団体が、すでに登録されています。"),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.search_key = fold(f"{self.name} {self.kana} {self.city}")
        super().save(*args, **kwargs)

    @property
    def formal_name(self) -> str:
        """With the legal form, as documents print it. Reads `legal_form`: select it beforehand."""
        form = self.legal_form
        if form is None or form.placement == LegalForm.Placement.NONE:
            return self.name
        return (
            form.name + self.name if form.placement == LegalForm.Placement.BEFORE else self.name + form.name
        )


class ConsortiumMember(models.Model):
    """A member of a consortium: an organisation on record, or only a name."""

    consortium = models.ForeignKey(
        Organisation,
        verbose_name=_("コンソーシアム"),
        on_delete=models.CASCADE,
        related_name="consortium_members",
    )
    organisation = models.ForeignKey(
        Organisation,
        verbose_name=_("団体"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="consortia",
    )
    name = models.CharField(
        _("構成団体の名前"), max_length=120, blank=True, help_text=_("登録のない団体は名前だけを書きます。")
    )
    part = models.CharField(_("受け持ち"), max_length=120, blank=True)
    is_lead = models.BooleanField(_("代表団体"), default=False)

    class Meta:
        verbose_name = _("構成団体")
        verbose_name_plural = _("構成団体")
        ordering = ["-is_lead", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(organisation__isnull=False) | ~Q(name=""),
                name="consortiummember_is_named",
                violation_error_message=_("団体を選ぶか、名前を書いてください。"),
            ),
            models.CheckConstraint(
                condition=Q(organisation__isnull=True) | ~Q(organisation=F("consortium")),
                name="consortiummember_is_not_itself",
                violation_error_message=_("コンソーシアム自身は構成団体にできません。"),
            ),
            models.UniqueConstraint(
                fields=["consortium"],
                condition=Q(is_lead=True),
                name="consortiummember_one_lead",
                violation_error_message=_("代表団体は1つだけです。"),
            ),
            models.UniqueConstraint(
                fields=["consortium", "organisation"],
                condition=Q(organisation__isnull=False),
                name="consortiummember_once",
            ),
        ]

    def __str__(self) -> str:
        return self.name or str(self.organisation)


class MembershipQuerySet(models.QuerySet["Membership"]):
    def active(self, on: datetime.date | None = None) -> "MembershipQuerySet":
        """Whose term includes the day (today when None) and whose account is not switched off."""
        on = on or clock.today()
        return self.filter(
            Q(ends_on__isnull=True) | Q(ends_on__gte=on), starts_on__lte=on, user__is_active=True
        )

    def holding(self, *roles: str) -> "MembershipQuerySet":
        return self.filter(role__in=roles) if roles else self


class Membership(TimestampedModel):
    """A person's hat in a grantee organisation."""

    class Role(models.TextChoices):
        REPRESENTATIVE = "representative", _("代表")
        MEMBER = "member", pgettext_lazy("role", "担当")

    organisation = models.ForeignKey(
        Organisation, verbose_name=_("団体"), on_delete=models.PROTECT, related_name="memberships"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("人"), on_delete=models.PROTECT, related_name="memberships"
    )
    role = models.CharField(_("役割"), max_length=20, choices=Role.choices)
    title = models.CharField(_("肩書き"), max_length=60, blank=True)
    starts_on = models.DateField(_("はじまり"), default=clock.today)
    ends_on = models.DateField(
        _("おわり"), null=True, blank=True, help_text=_("空は、続いていることを表します。")
    )

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("団体の人")
        verbose_name_plural = _("団体の人")
        ordering = ["organisation", "-role", "user"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="membership_ends_after_start",
                violation_error_message=_("おわりの日は、はじまりの日より後にしてください。"),
            ),
            models.UniqueConstraint(
                fields=["organisation", "user"],
                condition=Q(ends_on__isnull=True),
                name="membership_one_open_hat",
                violation_error_message=_("この人は、すでにこの団体の一員です。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}（{self.organisation}）"


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def open(self) -> "InvitationQuerySet":
        return self.filter(accepted_at__isnull=True, revoked_at__isnull=True)


class Invitation(TimestampedModel):
    """A letter to one address that opens one hat, once. Only the hash of its token is kept.

    With an organisation it invites into the grantee, without one into the foundation.
    """

    class Role(models.TextChoices):
        ADMIN = Staff.Role.ADMIN.value, Staff.Role.ADMIN.label
        OFFICER = Staff.Role.OFFICER.value, Staff.Role.OFFICER.label
        ACCOUNTANT = Staff.Role.ACCOUNTANT.value, Staff.Role.ACCOUNTANT.label
        BOARD = Staff.Role.BOARD.value, Staff.Role.BOARD.label
        ADVISER = Staff.Role.ADVISER.value, Staff.Role.ADVISER.label
        REPRESENTATIVE = Membership.Role.REPRESENTATIVE.value, _("団体の代表")
        MEMBER = Membership.Role.MEMBER.value, _("団体の担当")

    VALID_DAYS = 7

    foundation = models.ForeignKey(
        Foundation, verbose_name=_("財団"), on_delete=models.CASCADE, related_name="invitations"
    )
    organisation = models.ForeignKey(
        Organisation,
        verbose_name=_("団体"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="invitations",
        help_text=_("財団の役割に招くときは空にします。"),
    )
    email = models.EmailField(_("メールアドレス"))
    name = models.CharField(_("氏名"), max_length=80, blank=True)
    role = models.CharField(_("役割"), max_length=20, choices=Role.choices)
    title = models.CharField(_("肩書き"), max_length=60, blank=True)

    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    expires_at = models.DateTimeField(_("期限"))
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("招いた人"), on_delete=models.PROTECT, related_name="+"
    )
    accepted_at = models.DateTimeField(_("受けた日時"), null=True, blank=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("受けた人"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    revoked_at = models.DateTimeField(_("取り消した日時"), null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("招待")
        verbose_name_plural = _("招待")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=(
                    Q(organisation__isnull=True, role__in=[r.value for r in Staff.Role])
                    | Q(organisation__isnull=False, role__in=[r.value for r in Membership.Role])
                ),
                name="invitation_role_fits_place",
                violation_error_message=_("団体の役割には団体を選び、財団の役割では団体を空にしてください。"),
            ),
            models.CheckConstraint(
                condition=(
                    Q(accepted_at__isnull=True, accepted_by__isnull=True)
                    | Q(accepted_at__isnull=False, accepted_by__isnull=False)
                ),
                name="invitation_accepted_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True) | Q(revoked_at__isnull=True),
                name="invitation_accepted_or_revoked",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.email}（{self.get_role_display()}）"

"""A change of the plan on its way: drafted by either side, agreed by both, in force from a month."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.models import TimestampedModel
from grants.models.programs import Grant


class PlanProposalQuerySet(models.QuerySet["PlanProposal"]):
    def visible_to(self, user: User) -> "PlanProposalQuerySet":
        """Work in progress to those who work on the grant; the board reads what both sides agreed on."""
        return self.filter(
            Q(grant__in=Grant.objects.read_whole_by(user))
            | Q(grant__in=Grant.objects.visible_to(user), state=PlanProposal.State.AGREED)
        )

    def live(self) -> "PlanProposalQuerySet":
        return self.filter(state__in=PlanProposal.LIVE)

    def awaiting(self, side: str) -> "PlanProposalQuerySet":
        """Open, and this side has not yet said yes to the draft as it stands; what waits longest first."""
        said = PlanAgreement.objects.filter(proposal=OuterRef("pk"), version=OuterRef("version"), side=side)
        return self.filter(~Exists(said), state=PlanProposal.State.OPEN).order_by("updated_at", "pk")

    def with_names(self) -> "PlanProposalQuerySet":
        return self.select_related(
            "grant__organisation__legal_form", "grant__program__fund__foundation", "grant__officer", "author"
        )


class PlanProposal(TimestampedModel):
    """計画の見直しの案. `base` is the plan it was made from and `draft` what it would become (grants.plan.Plan as
    JSON; what is new has negative ids). Moves only through mentoring.services.proposals."""

    class State(models.TextChoices):
        DRAFT = "draft", _("下書き")
        OPEN = "open", _("提案中")
        AGREED = "agreed", _("合意")
        REJECTED = "rejected", _("見送り")
        WITHDRAWN = "withdrawn", _("取り下げ")

    LIVE = (State.DRAFT, State.OPEN)

    grant = models.ForeignKey(
        Grant, verbose_name=_("助成"), on_delete=models.PROTECT, related_name="plan_proposals"
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("はじめた人"), on_delete=models.PROTECT, related_name="+"
    )

    holds_from = models.DateField(_("この月から"))
    reason = models.TextField(_("理由"), blank=True)
    base = models.JSONField(_("もとの計画"), editable=False)
    draft = models.JSONField(_("見直しの案"), editable=False)

    state = models.CharField(
        _("段階"), max_length=10, choices=State.choices, default=State.DRAFT, editable=False
    )
    version = models.PositiveIntegerField(default=0, editable=False)  # raised by every change of the draft
    decided_at = models.DateTimeField(_("決まった日時"), null=True, blank=True, editable=False)

    objects = PlanProposalQuerySet.as_manager()

    class Meta:
        verbose_name = _("計画の見直しの案")
        verbose_name_plural = _("計画の見直しの案")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["grant"],
                condition=Q(state__in=["draft", "open"]),
                name="planproposal_one_at_a_time",
            ),
            models.CheckConstraint(condition=Q(holds_from__day=1), name="planproposal_month_is_first"),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "withdrawn"]) | ~Q(reason=""),
                name="planproposal_has_a_reason",
                violation_error_message=_("見直しの理由を書いてください。"),
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "open"], decided_at__isnull=True)
                | Q(state__in=["agreed", "rejected", "withdrawn"], decided_at__isnull=False),
                name="planproposal_decided_when_over",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.grant.organisation} {self.holds_from:%Y-%m}"

    def get_absolute_url(self) -> str:
        return reverse("mentoring:proposal", args=[self.pk])

    @property
    def is_live(self) -> bool:
        return self.state in self.LIVE


class PlanProposalStep(models.Model):
    """One change of the draft, with the draft as it was before: what 元に戻す goes back to."""

    proposal = models.ForeignKey(PlanProposal, on_delete=models.PROTECT, related_name="steps")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("した人"), on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField(_("日時"))
    words = models.CharField(_("したこと"), max_length=200)
    before = models.JSONField(_("前の案"))
    is_undone = models.BooleanField(_("戻した"), default=False)

    class Meta:
        verbose_name = _("案の手なおし")
        verbose_name_plural = _("案の手なおし")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.words


class PlanAgreement(models.Model):
    """One side's yes: who, when, and who wrote it down (in a meeting the officer does it for both)."""

    class Side(models.TextChoices):
        GRANTEE = "grantee", _("実行団体")
        FOUNDATION = "foundation", _("財団")

    proposal = models.ForeignKey(PlanProposal, on_delete=models.PROTECT, related_name="agreements")
    side = models.CharField(_("側"), max_length=12, choices=Side.choices)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("合意した人"), on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField(_("日時"))
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("書きとめた人"), on_delete=models.PROTECT, related_name="+"
    )
    version = models.PositiveIntegerField(editable=False)  # of the draft that was agreed to

    class Meta:
        verbose_name = _("見直しへの合意")
        verbose_name_plural = _("見直しへの合意")
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["proposal", "side", "version"], name="planagreement_once_a_side"),
        ]

    def __str__(self) -> str:
        return f"{self.get_side_display()} {self.person}"


class PlanProposalEvent(models.Model):
    """One move of a proposal: who, when, why. Append-only."""

    proposal = models.ForeignKey(PlanProposal, on_delete=models.PROTECT, related_name="events")
    act = models.CharField(_("こと"), max_length=20)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("した人"), on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField(_("日時"))
    reason = models.TextField(_("理由"), blank=True)

    class Meta:
        verbose_name = _("案の動き")
        verbose_name_plural = _("案の動き")
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.proposal_id} {self.act}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None:
            raise TypeError("the events of a proposal are append-only")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise TypeError("the events of a proposal are append-only")

import datetime as dt
import secrets

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.file_kinds import FileKind
from core.models import TimestampedModel
from core.uploads import megabytes
from grants.models import Grant
from mentoring.models.sheets import ProgressSheet

KEPT_AFTER_REMOVAL = dt.timedelta(days=30)
FOLDER = "attachments"
IMAGES = [kind.value for kind in FileKind if kind.is_image]


def private_path(attachment: "Attachment", name: str) -> str:
    """Nothing of the file's own name, which may tell something; nothing that can be guessed. `name` is its ending."""
    return f"{FOLDER}/{attachment.sheet.grant_id}/{secrets.token_hex(16)}.{name}"


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    def visible_to(self, user: User) -> "AttachmentQuerySet":
        """Work of the month, closed or not: everybody who sees the grant, but the board (docs/decisions/0004)."""
        return self.filter(sheet__grant__in=Grant.objects.read_whole_by(user))

    def standing(self) -> "AttachmentQuerySet":
        return self.filter(removed_at=None)

    def removed(self) -> "AttachmentQuerySet":
        """Taken away, and still to be had back."""
        return self.filter(removed_at__isnull=False, purged_at=None)

    def with_names(self) -> "AttachmentQuerySet":
        return self.select_related("uploaded_by", "consent_by", "removed_by")


class Attachment(TimestampedModel):
    """A photo or document of one sheet. Taken away, it can be had back for 30 days; then the file goes and the row stays
    as a trace, without its name and words."""

    Kind = FileKind

    sheet = models.ForeignKey(
        ProgressSheet, verbose_name=_("シート"), on_delete=models.PROTECT, related_name="attachments"
    )
    kind = models.CharField(_("種類"), max_length=10, choices=FileKind.choices)
    name = models.CharField(_("ファイル名"), max_length=130, blank=True)

    file = models.FileField(_("ファイル"), max_length=200, blank=True, upload_to=private_path)
    thumbnail = models.FileField(_("小さな画像"), max_length=200, blank=True, upload_to=private_path)
    size = models.PositiveIntegerField(_("大きさ（バイト）"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    width = models.PositiveIntegerField(_("横（ピクセル）"), null=True, blank=True)
    height = models.PositiveIntegerField(_("たて（ピクセル）"), null=True, blank=True)
    names_author = models.BooleanField(_("つくった人の名前が入っている"), default=False)

    caption = models.TextField(_("説明"), blank=True)
    shows_people = models.BooleanField(_("人が写っている"), default=False)
    consent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("了解をたしかめた人"), on_delete=models.PROTECT,
        null=True, blank=True, related_name="+",
    )  # fmt: skip
    consent_at = models.DateTimeField(_("了解をたしかめた日時"), null=True, blank=True)

    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("加えた人"), on_delete=models.PROTECT, related_name="+"
    )
    uploaded_at = models.DateTimeField(_("加えた日時"))
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("消した人"), on_delete=models.PROTECT,
        null=True, blank=True, related_name="+",
    )  # fmt: skip
    removed_at = models.DateTimeField(_("消した日時"), null=True, blank=True)
    removal_reason = models.CharField(_("消した理由"), max_length=200, blank=True)
    purged_at = models.DateTimeField(_("ファイルをなくした日時"), null=True, blank=True)

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("写真・ファイル")
        verbose_name_plural = _("写真・ファイル")
        ordering = ["sheet", "uploaded_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["sheet", "sha256"], condition=Q(removed_at=None), name="attachment_once_a_sheet"
            ),
            models.CheckConstraint(
                condition=Q(shows_people=False, consent_by=None, consent_at=None)
                | Q(shows_people=True, consent_by__isnull=False, consent_at__isnull=False),
                name="attachment_people_agreed",
                violation_error_message=_("人が写っている写真は、写っている人の了解があるときだけ残せます。"),
            ),
            models.CheckConstraint(
                condition=Q(
                    kind__in=IMAGES, width__isnull=False, height__isnull=False, width__gt=0, height__gt=0
                )
                | (~Q(kind__in=IMAGES) & Q(width=None, height=None, shows_people=False)),
                name="attachment_images_have_a_size",
            ),
            models.CheckConstraint(
                condition=Q(removed_at=None, removed_by=None, removal_reason="", purged_at=None)
                | Q(removed_at__isnull=False, removed_by__isnull=False),
                name="attachment_removed_by_somebody",
            ),
            models.CheckConstraint(
                condition=(Q(purged_at=None) & ~Q(file="") & ~Q(name=""))
                | Q(purged_at__isnull=False, file="", thumbnail="", name="", caption=""),
                name="attachment_purged_keeps_no_file",
            ),
            models.CheckConstraint(condition=Q(size__gt=0), name="attachment_not_empty"),
        ]
        indexes = [models.Index(fields=["removed_at"], name="attachment_removed")]

    def __str__(self) -> str:
        """Without its name, which the journal would keep for ever."""
        return f"{self.sheet} {self.get_kind_display()}"

    def get_absolute_url(self) -> str:
        return reverse("mentoring:attachment", args=[self.pk])

    @property
    def is_image(self) -> bool:
        return FileKind(self.kind).is_image

    @property
    def content_type(self) -> str:
        return FileKind(self.kind).content_type

    @property
    def readable_size(self) -> str:
        return megabytes(self.size)

    @property
    def alternative(self) -> str:
        """What stands for the picture to whoever does not see it."""
        return self.caption or self.name

    @property
    def restorable_until(self) -> dt.datetime | None:
        return self.removed_at + KEPT_AFTER_REMOVAL if self.removed_at else None

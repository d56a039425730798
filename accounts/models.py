"""Who signs in, and the journal of who did what."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.search import fold


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """A password of None makes an account that can only be entered after a reset."""
        if not email:
            raise ValueError("email is required")
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username or "")


class User(AbstractBaseUser, PermissionsMixin):
    """One person. What they may do hangs on their memberships, never on this row."""

    class Language(models.TextChoices):
        JAPANESE = "ja", _("日本語")
        ENGLISH = "en", "English"

    email = models.EmailField(_("メールアドレス"))
    name = models.CharField(_("氏名"), max_length=80)
    kana = models.CharField(_("ふりがな"), max_length=80, blank=True)
    language = models.CharField(
        _("ことば"), max_length=5, choices=Language.choices, default=Language.JAPANESE,
        help_text=_("この人へのメールのことば。ページの下でことばを切り替えると、変わります。"),
    )  # fmt: skip

    is_active = models.BooleanField(
        _("有効"), default=True, help_text=_("退職などで使わなくなった人は、消さずに無効にします。")
    )
    is_staff = models.BooleanField(
        _("管理画面に入れる"),
        default=False,
        help_text=_("財団の管理者の役割を持つあいだ、自動でオンになります。"),
    )
    date_joined = models.DateTimeField(_("登録日時"), default=timezone.now)
    search_key = models.CharField(max_length=400, editable=False, db_index=True, default="")

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = _("利用者")
        verbose_name_plural = _("利用者")
        ordering = ["kana", "name", "pk"]
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="user_email_unique",
                violation_error_message=_("このメールアドレスは、すでに使われています。"),
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.search_key = fold(f"{self.name} {self.kana} {self.email}")
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {*kwargs["update_fields"], "search_key"}
        super().save(*args, **kwargs)

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name.split()[0] if self.name else self.email

    def get_absolute_url(self) -> str:
        return reverse("admin:accounts_user_change", args=[self.pk])


class JournalEntryQuerySet(models.QuerySet["JournalEntry"]):
    def about(self, subject: models.Model) -> "JournalEntryQuerySet":
        return self.filter(subject_type=subject._meta.label_lower, subject_id=subject.pk)

    def update(self, **kwargs: Any) -> int:
        raise TypeError("the journal is append-only")

    def delete(self) -> tuple[int, dict[str, int]]:
        raise TypeError("the journal is append-only")


class JournalEntry(models.Model):
    """One act, written inside the transaction of the act itself. Append-only: neither saved twice nor deleted."""

    at = models.DateTimeField(_("日時"))
    actor = models.ForeignKey(
        User,
        verbose_name=_("した人"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="journal_entries",
        help_text=_("空は、タイマーなどの自動処理です。"),
    )
    verb = models.CharField(_("こと"), max_length=60)
    subject_type = models.CharField(_("種類"), max_length=80)
    subject_id = models.BigIntegerField(_("番号"))
    subject_label = models.CharField(_("対象"), max_length=200)
    foundation_id = models.BigIntegerField(
        _("財団の番号"),
        null=True,
        blank=True,
        db_index=True,
        help_text=_("財団の管理者に見せる範囲を決めます。"),
    )
    reason = models.TextField(_("理由"), blank=True)
    details = models.JSONField(_("詳細"), default=dict, blank=True)

    objects = JournalEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("記録")
        verbose_name_plural = _("記録")
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["subject_type", "subject_id"], name="journal_subject")]

    def __str__(self) -> str:
        return f"{self.verb} {self.subject_label}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None:
            raise TypeError("the journal is append-only")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise TypeError("the journal is append-only")

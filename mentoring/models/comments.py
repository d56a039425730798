"""行の質問: asked beside a row of a sheet before the meeting, answered there, and kept with the sheet."""

import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, NullIf
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from accounts.models import User
from core import clock
from grants.models import (
    Grant,
    Indicator,
    IndicatorVersion,
    Output,
    OutputVersion,
    Purpose,
    ShortTermOutcome,
    ShortTermOutcomeVersion,
)
from mentoring.models.meetings import Side
from mentoring.models.sheets import ProgressSheet

CORRECTABLE = datetime.timedelta(minutes=15)
ROW_FIELDS = ("indicator", "outcome", "output")


class RowCommentQuerySet(models.QuerySet["RowComment"]):
    def visible_to(self, user: User) -> "RowCommentQuerySet":
        """Everybody who works on the grant or was let read it; never the board."""
        return self.filter(sheet__grant__in=Grant.objects.read_whole_by(user))

    def with_names(self) -> "RowCommentQuerySet":
        return self.select_related("author", "settled_by")

    def with_waiting(self) -> "RowCommentQuerySet":
        """`is_waiting`: asked, and nobody of the other side has written below it since; neither taken back nor
        settled. The one place of this rule."""
        thread = Coalesce(OuterRef("question"), OuterRef("pk"))
        answers = RowComment.objects.filter(
            ~Q(side=OuterRef("side")), question=thread, pk__gt=OuterRef("pk"), withdrawn_at=None
        )
        asked = Q(asks=True, withdrawn_at=None, settled_at=None)
        return self.annotate(is_waiting=Q(asked & ~Q(Exists(answers))))  # type: ignore[no-redef]

    def waiting(self) -> "RowCommentQuerySet":
        return self.with_waiting().filter(is_waiting=True)  # type: ignore[misc]

    def with_row_names(self) -> "RowCommentQuerySet":
        """`row_name` and, of an outcome, `row_number`: the wording that held in the sheet's month. An answer has the
        row of its question."""
        rows = {f"row_{name}": Coalesce(f"question__{name}", name) for name in ROW_FIELDS}
        names = (
            _in_force(IndicatorVersion, "indicator").values("name")[:1],
            _in_force(ShortTermOutcomeVersion, "outcome").values(brief=_brief())[:1],
            _in_force(OutputVersion, "output").values(brief=_brief())[:1],
        )
        number = _in_force(ShortTermOutcomeVersion, "outcome").values("position")[:1]
        return self.annotate(**rows).annotate(  # type: ignore[no-redef]
            row_name=Coalesce(*(Subquery(name) for name in names), output_field=models.TextField()),
            row_number=Subquery(number),
        )

    def delete(self) -> tuple[int, dict[str, int]]:
        raise TypeError("comments are taken back, never deleted")


def _in_force(model: type[models.Model], identity: str) -> models.QuerySet[Any]:
    versions = model._default_manager.filter(
        **{identity: OuterRef(f"row_{identity}")}, valid_from__lte=OuterRef("sheet__month")
    )
    return versions.order_by("-valid_from")


def _brief() -> Any:
    from_text = NullIf("short_text", models.Value(""))
    return Coalesce(from_text, "text", output_field=models.TextField())


class RowComment(models.Model):
    """A question beside one row (or about the sheet as a whole), or what was written below it.

    Whether a question is answered is derived (`with_waiting`). Its row stands on the question alone; all of its row
    fields blank means the whole sheet. Append-only but for its author's correction and for what is marked on it.
    """

    sheet = models.ForeignKey(
        ProgressSheet, verbose_name=_("シート"), on_delete=models.PROTECT, related_name="comments"
    )
    question = models.ForeignKey(
        "self", verbose_name=_("もとの質問"), on_delete=models.PROTECT, null=True, blank=True, related_name="replies"
    )  # fmt: skip
    indicator = models.ForeignKey(
        Indicator, verbose_name=_("指標"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    outcome = models.ForeignKey(
        ShortTermOutcome, verbose_name=_("短期アウトカム"), on_delete=models.PROTECT, null=True, blank=True,
        related_name="+",
    )  # fmt: skip
    output = models.ForeignKey(
        Output, verbose_name=_("アウトプット"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )  # fmt: skip
    purpose = models.CharField(_("目的"), max_length=20, choices=Purpose.choices, blank=True)

    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("書いた人"), on_delete=models.PROTECT, related_name="+"
    )
    side = models.CharField(_("側"), max_length=12, choices=Side.choices)
    text = models.TextField(_("文"))
    asks = models.BooleanField(_("返事を待つ"), default=True)

    created_at = models.DateTimeField(_("書いた日時"), default=clock.now)
    corrected_at = models.DateTimeField(_("なおした日時"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("取り下げた日時"), null=True, blank=True)
    settled_at = models.DateTimeField(_("話した日時"), null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("済みにした人"), on_delete=models.PROTECT,
        null=True, blank=True, related_name="+",
    )  # fmt: skip

    objects = RowCommentQuerySet.as_manager()
    history = HistoricalRecords()

    is_waiting: bool  # from with_waiting
    row_name: str | None  # from with_row_names
    row_number: int | None

    MUTABLE = frozenset({"text", "corrected_at", "withdrawn_at", "settled_at", "settled_by"})

    class Meta:
        verbose_name = _("行の質問")
        verbose_name_plural = _("行の質問")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=(
                    Q(outcome=None, output=None, purpose="")
                    | Q(indicator=None, output=None, purpose="")
                    | Q(indicator=None, outcome=None, purpose="")
                    | Q(indicator=None, outcome=None, output=None)
                ),
                name="rowcomment_on_one_row",
                violation_error_message=_("行は1つだけ選んでください。"),
            ),
            models.CheckConstraint(
                condition=Q(question=None) | Q(indicator=None, outcome=None, output=None, purpose=""),
                name="rowcomment_answer_has_its_question_s_row",
            ),
            models.CheckConstraint(
                condition=~Q(question=None) | Q(asks=True), name="rowcomment_question_asks"
            ),
            models.CheckConstraint(condition=~Q(text=""), name="rowcomment_says_something"),
            models.CheckConstraint(
                condition=(
                    Q(settled_at=None, settled_by=None)
                    | Q(settled_at__isnull=False, settled_by__isnull=False, asks=True)
                ),
                name="rowcomment_settled_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        """Without its words: the journal keeps this, also of what was taken back."""
        kind = gettext("行の質問") if self.question_id is None else gettext("行の質問への返事")
        return f"{kind} {self.pk}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        fields = kwargs.get("update_fields")
        if not self._state.adding and (fields is None or not set(fields) <= self.MUTABLE):
            raise TypeError("of a comment only its author's text and its marks change")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise TypeError("comments are taken back, never deleted")

    @property
    def row_key(self) -> str:
        """Of a question: which row of its sheet (mentoring.threads.Row)."""
        for name in ROW_FIELDS:
            if (pk := getattr(self, f"{name}_id")) is not None:
                return f"{name}-{pk}"
        return f"cost-{self.purpose}" if self.purpose else "sheet"


class MentionMail(models.Model):
    """The one mail of a day to one person; it gathers the mentions that point to it."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("人"), on_delete=models.PROTECT, related_name="+"
    )
    on = models.DateField(_("日付"))

    class Meta:
        verbose_name = _("質問のお知らせメール")
        verbose_name_plural = _("質問のお知らせメール")
        constraints = [
            models.UniqueConstraint(fields=["person", "on"], name="mentionmail_once_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.on}"


class Mention(models.Model):
    """Who is to be told of a comment by mail. `mail` None: not told yet."""

    comment = models.ForeignKey(
        RowComment, verbose_name=_("質問"), on_delete=models.CASCADE, related_name="mentions"
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("お知らせする人"), on_delete=models.PROTECT, related_name="+"
    )
    mail = models.ForeignKey(
        MentionMail, verbose_name=_("メール"), on_delete=models.SET_NULL, null=True, blank=True,
        related_name="mentions",
    )  # fmt: skip

    class Meta:
        verbose_name = _("お知らせする人")
        verbose_name_plural = _("お知らせする人")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["comment", "person"], name="mention_once_a_comment"),
        ]

    def __str__(self) -> str:
        return f"{self.comment_id} {self.person_id}"

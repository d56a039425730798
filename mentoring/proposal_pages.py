"""What a proposal's pages show: the draft as a list to edit, and its changes beside what they change."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from grants.models import PlanAgreement, PlanProposal, PlanProposalEvent, PlanProposalStep
from grants.plan import OutputPlan, Plan, mark_of
from grants.plan_diff import Change, changes_between, kinds_of
from grants.plan_reading import Box
from grants.wording_hints import outcome_hint
from mentoring.left_out import LeftOuts, left_out

EVENT_LABELS = {
    "start": _("案をはじめました"),
    "propose": _("提案しました"),
    "take_back": _("下書きに戻しました"),
    "withdraw": _("取り下げました"),
    "reject": _("見送りました"),
    "agree": _("決まりました"),
    "agree_grantee": _("実行団体の合意を記録しました"),
    "agree_foundation": _("財団の合意を記録しました"),
    "carry_over": _("いまの計画に合わせました"),
}


def place_key(kind: str, pk: int) -> str:
    """A place in the editor as an address names it: output-12, indicator--3."""
    return f"{kind}-{pk}"


@dataclass(frozen=True, slots=True)
class BoxLine:
    kind: Box
    box: Any
    label: str  # ①, ①-1 or nothing
    change: str  # added, changed or nothing: since the base
    hint: str
    served: str  # the outcomes it serves beside the one it stands under
    is_measured: bool  # may have indicators

    @property
    def key(self) -> str:
        return place_key(self.kind, self.box.id)

    @property
    def mark(self) -> str:
        return mark_of(self.box)


@dataclass(frozen=True, slots=True)
class Column:
    kind: Box
    name: str
    action: str  # the words of the button that adds one
    lines: list[BoxLine]

    @property
    def key(self) -> str:
        """Of the button that adds one: its box is number 0."""
        return place_key(self.kind, 0)


@dataclass(frozen=True, slots=True)
class ProposalPage:
    proposal: PlanProposal
    base: Plan
    draft: Plan
    changes: list[Change]
    agreements: list[PlanAgreement]
    events: list[PlanProposalEvent]
    last_step: PlanProposalStep | None
    left_out: LeftOuts  # shared between those who work on the grant, and not published

    @property
    def yes_of_grantee(self) -> PlanAgreement | None:
        return next((a for a in self.agreements if a.side == PlanAgreement.Side.GRANTEE), None)

    @property
    def yes_of_foundation(self) -> PlanAgreement | None:
        return next((a for a in self.agreements if a.side == PlanAgreement.Side.FOUNDATION), None)

    @property
    def acts(self) -> list[tuple[str, PlanProposalEvent]]:
        """What happened, the newest first."""
        return [(str(EVENT_LABELS[event.act]), event) for event in reversed(self.events)]

    @property
    def kinds(self) -> list[str]:
        return [str(kind.label) for kind in kinds_of(self.changes)]

    @property
    def changed_boxes(self) -> dict[tuple[str, int], str]:
        """Box → the act that weighs most, for the drawing and the list."""
        found: dict[tuple[str, int], str] = {}
        for change in self.changes:
            if found.get(change.box) not in ("added", "retired"):
                is_box = change.kind == change.kind.CONTENT and change.act in ("added", "retired")
                found[change.box] = str(change.act) if is_box else "changed"
        return found

    @property
    def columns(self) -> list[Column]:
        names = {
            Box.LONG_TERM: (gettext("中長期アウトカム"), gettext("中長期アウトカムを加える")),
            Box.OUTCOME: (gettext("短期アウトカム"), gettext("短期アウトカムを加える")),
            Box.OUTPUT: (gettext("アウトプット"), gettext("アウトプットを加える")),
            Box.ACTIVITY: (gettext("活動"), gettext("活動を加える")),
        }
        return [Column(kind, *names[kind], self._lines(kind)) for kind in names]

    def _lines(self, kind: Box) -> list[BoxLine]:
        plan = self.draft
        columns: dict[Box, list[Any]] = {
            Box.LONG_TERM: list(plan.long_term),
            Box.OUTCOME: list(plan.outcomes),
            Box.OUTPUT: [
                *(output for outcome in plan.outcomes for output in plan.outputs_under(outcome.id)),
                *plan.outputs_under(None),
            ],
            Box.ACTIVITY: list(plan.activities),
        }
        changed = self.changed_boxes
        return [
            BoxLine(
                kind=kind,
                box=box,
                label=_label(plan, kind, box),
                change=changed.get((kind.value, box.id), ""),
                hint=outcome_hint(box.text) if kind == Box.OUTCOME else "",
                served="".join(o.label for o in plan.also_serves(box)) if isinstance(box, OutputPlan) else "",
                is_measured=kind in (Box.OUTCOME, Box.OUTPUT),
            )
            for box in columns[kind]
        ]


def _label(plan: Plan, kind: Box, box: Any) -> str:
    if kind == Box.OUTPUT:
        return plan.output_label(box)
    return str(box.label) if kind == Box.OUTCOME else ""


def read_proposal(proposal: PlanProposal) -> ProposalPage:
    """Three queries, and up to three more when it takes something away. Needs its grant."""
    base, draft = Plan.from_json(proposal.base), Plan.from_json(proposal.draft)
    return ProposalPage(
        proposal=proposal,
        base=base,
        draft=draft,
        changes=changes_between(base, draft),
        agreements=list(
            proposal.agreements.filter(version=proposal.version).select_related("person", "recorded_by")
        ),
        events=list(proposal.events.select_related("by")),
        last_step=proposal.steps.filter(is_undone=False).select_related("by").last(),
        left_out=left_out(proposal, base, draft),
    )

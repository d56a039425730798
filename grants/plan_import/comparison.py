"""A draft beside the plan in force: which box is which, and the plan that would hold.

A box is the same when its words are the same; else when its number is, and then it was reworded and keeps its
totals. An indicator is the same by its name within its box; one that is counted in another way is another one. Where
the table says nothing (a column that is blank throughout, links that it does not name), the plan in force stands.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from django.utils.translation import gettext

from grants.plan import (
    ActivityPlan,
    ContributionPlan,
    IndicatorPlan,
    LongTermOutcomePlan,
    OutcomePlan,
    OutputPlan,
    Plan,
)
from grants.plan_diff import Act, Change, changes_between, kinds_of
from grants.plan_import.draft import (
    Draft,
    DraftActivity,
    DraftLongTerm,
    DraftOutcome,
    DraftOutput,
    Remark,
)
from grants.plan_import.indicator_matching import (
    STRANGE,
    is_close,
    kept,
    likeness,
    match_indicators,
    squeezed,
)
from grants.plan_import.table import SourceRow
from grants.plan_text.doubts import Doubt
from grants.plan_text.headings import Column

D = TypeVar("D", DraftLongTerm, DraftOutcome, DraftOutput, DraftActivity)
P = TypeVar("P", LongTermOutcomePlan, OutcomePlan, OutputPlan, ActivityPlan)
N = TypeVar("N", OutcomePlan, OutputPlan)
# How an indicator is counted, and in what, is no question where the plan in force knows it; nor is anything about
# the cells of one that stays as it is.
OF_INDICATORS = (Column.INDICATOR, Column.BASELINE, Column.TARGET, Column.DUE, Column.MEANS)
SETTLED = ("method_unsure", "no_target", "unit_missing", "name_missing")


@dataclass(frozen=True, slots=True)
class Comparison:
    plan: Plan
    draft: Draft
    target: Plan  # what would hold; what is new has a negative id, as grants.services.plans takes it
    changes: tuple[Change, ...]
    begins: Mapping[tuple[str, int], int]  # by box the row it begins in
    remarks: tuple[Remark, ...]  # of the draft, and what only the plan in force makes doubtful

    @property
    def has_plan(self) -> bool:
        return has_boxes(self.plan)

    @property
    def problems(self) -> list[Remark]:
        return [remark for remark in self.remarks if remark.is_problem]

    @property
    def doubts(self) -> list[Remark]:
        return [remark for remark in self.remarks if not remark.is_problem]

    @property
    def gone(self) -> list[Change]:
        return [change for change in self.changes if change.act == Act.RETIRED]

    def changes_of_row(self, row: int) -> list[Change]:
        """What happens to the boxes that begin in this row."""
        boxes = {box for box, first in self.begins.items() if first == row}
        return [change for change in self.changes if change.box in boxes]

    def verdicts(self, row: int) -> list[str]:
        """new, same, or codes of the kinds of change; nothing for a row that begins no box."""
        boxes = [box for box, first in self.begins.items() if first == row]
        if not boxes:
            return []
        if not self.has_plan or any(pk < 0 for _kind, pk in boxes):
            return ["new"]
        return [kind.value for kind in kinds_of(self.changes_of_row(row))] or ["same"]


def has_boxes(plan: Plan) -> bool:
    return bool(plan.long_term or plan.outcomes or plan.outputs or plan.activities)


def compare(draft: Draft, plan: Plan, rows: Sequence[SourceRow]) -> Comparison:
    """`rows` are those the draft was read from: a column that is blank in all of them says nothing."""
    said = frozenset(column for row in rows for column, text in row.cells.items() if text)
    return _Comparing(draft, plan, said).comparison()


class _Comparing:
    def __init__(self, draft: Draft, plan: Plan, said: frozenset[Column]) -> None:
        self.draft, self.plan, self.said = draft, plan, said
        self.remarks: list[Remark] = []
        self.begins: dict[tuple[str, int], int] = {}
        self.unsettled: set[int] = set()  # rows with an indicator that is new
        self.moving: dict[int, bool] = {}  # by row whether any of its indicators changes
        self.new_ids = _counting_down()

    def comparison(self) -> Comparison:
        plan, draft = self.plan, self.draft
        long_term = self._pairs(draft.long_term, plan.long_term, _place_of_draft, _place)
        outcomes = self._pairs(draft.outcomes, plan.outcomes, lambda d, _n: d.number, lambda p, _n: p.number)
        paths = {o.id: (self._number_of(o.first_outcome_id), o.number) for o in plan.outputs}
        outputs = self._pairs(draft.outputs, plan.outputs, lambda d, _n: d.path, lambda p, _n: paths[p.id])
        activities = self._pairs(draft.activities, plan.activities, _place_of_draft, _place)
        self.longs = {d.number: self._id("long_term", d, old) for d, old in long_term}
        self.outcomes = {d.number: self._id("outcome", d, old) for d, old in outcomes}
        self.outputs = {d.path: self._id("output", d, old) for d, old in outputs}
        target = Plan(
            month=plan.month,
            long_term=tuple(
                LongTermOutcomePlan(self.longs[d.number], kept(d.text, old.text if old else ""))
                for d, old in long_term
            ),
            outcomes=_in_order(self._outcome(d, old) for d, old in outcomes),
            outputs=_in_order(self._output(d, old) for d, old in outputs),
            activities=tuple(self._activity(d, old) for d, old in activities),
        )
        return Comparison(
            plan=plan,
            draft=draft,
            target=target,
            changes=tuple(changes_between(plan, target)),
            begins=self.begins,
            remarks=self._all_remarks(),
        )

    def _number_of(self, outcome_id: int | None) -> int:
        outcome = self.plan.outcome(outcome_id) if outcome_id is not None else None
        return outcome.number if outcome else 0

    def _id(self, kind: str, draft: D, old: P | None) -> int:
        pk = old.id if old is not None else next(self.new_ids)
        self.begins[kind, pk] = draft.row
        return pk

    def _all_remarks(self) -> tuple[Remark, ...]:
        asked = [
            r
            for r in self.draft.remarks
            if (r.doubt.code not in SETTLED or r.row in self.unsettled)
            and (r.column not in OF_INDICATORS or self.moving.get(r.row, True))
        ]
        order = {column: n for n, column in enumerate(Column)}
        return tuple(sorted((*asked, *self.remarks), key=lambda r: (r.row, order[r.column])))

    # --- which is which -------------------------------------------------------------------------------------

    def _pairs(
        self,
        drafts: Sequence[D],
        olds: Sequence[P],
        key: Callable[[D, int], object],
        old_key: Callable[[P, int], object],
    ) -> list[tuple[D, P | None]]:
        """By their words, each once; what is left by the number."""
        found: dict[int, P] = {}
        left = list(enumerate(olds))
        for place, draft in enumerate(drafts):
            same = [row for row in left if squeezed(row[1].text) == squeezed(draft.text)]
            same.sort(key=lambda row: old_key(row[1], row[0]) != key(draft, place))
            if same:
                found[place] = same[0][1]
                left.remove(same[0])
        for place, draft in enumerate(drafts):
            numbered = [row for row in left if old_key(row[1], row[0]) == key(draft, place)]
            if place not in found and numbered:
                found[place] = numbered[0][1]
                left.remove(numbered[0])
                self._doubt_strange(draft, numbered[0][1].text)
        return [(draft, found.get(place)) for place, draft in enumerate(drafts)]

    def _doubt_strange(self, draft: D, before: str) -> None:
        if likeness(before, draft.text) < STRANGE:
            words = gettext("同じ番号の文が、大きく変わります（いまは「%(before)s」）。言いかえとして、これまでの累計を引きつぎます。別のものなら、使っていない番号にしてください。")  # fmt: skip
            doubt = Doubt("reworded_much", words % {"before": before})
            self.remarks.append(Remark(draft.row, Column.TEXT, doubt))

    # --- what would hold ------------------------------------------------------------------------------------

    def _outcome(self, draft: DraftOutcome, old: OutcomePlan | None) -> OutcomePlan:
        known = {row.id for row in self.plan.long_term} & set(self.longs.values())
        before = {pk for pk in old.leads_to if pk in known} if old else set()
        if draft.leads_to is not None:
            links = {self.longs[number] for number in draft.leads_to}
        elif old is not None:
            links = before
        else:
            links = set(self.longs.values()) if len(self.longs) == 1 else set()
            self._doubt_no_link(draft)
        unchanged = old is not None and links == before
        return OutcomePlan(
            id=self.outcomes[draft.number],
            number=draft.number,
            text=kept(draft.text, old.text if old else ""),
            short_text=_short_text(draft.text, old),
            leads_to=old.leads_to if old is not None and unchanged else tuple(sorted(links)),
            indicators=self._indicators(draft, old),
        )

    def _doubt_no_link(self, draft: DraftOutcome) -> None:
        if len(self.longs) > 1:
            words = gettext(
                "どの中長期アウトカムにつながるかが書かれていません（例 ①（②））。どこにもつないでいません。"
            )
            self.remarks.append(Remark(draft.row, Column.NUMBER, Doubt("leads_unsaid", words)))

    def _output(self, draft: DraftOutput, old: OutputPlan | None) -> OutputPlan:
        return OutputPlan(
            id=self.outputs[draft.path],
            number=old.number if old is not None and not (draft.says_under and draft.under) else draft.number,
            text=kept(draft.text, old.text if old else ""),
            short_text=_short_text(draft.text, old),
            contributions=self._contributions(draft, old),
            indicators=self._indicators(draft, old),
        )

    def _contributions(self, draft: DraftOutput, old: OutputPlan | None) -> tuple[ContributionPlan, ...]:
        """What the table does not say stays; a link that is new has no reason yet, and says so."""
        known = set(self.outcomes.values())
        before = {c.outcome_id: c for c in old.contributions if c.outcome_id in known} if old else {}
        old_first = next((pk for pk, edge in before.items() if edge.is_first), None)
        first = self.outcomes.get(draft.under)
        if old is not None and not draft.says_under:
            first = old_first
        also = [pk for pk in before if pk != old_first]
        if draft.also is not None:
            also = [self.outcomes[number] for number in draft.also]
        served = list(dict.fromkeys([*([first] if first is not None else []), *also]))
        if old is not None and first == old_first and set(served) == set(before):
            return old.contributions
        unsaid = gettext("取り込んだ表の番号から（理由はまだ書かれていません）")
        return tuple(
            ContributionPlan(pk, pk == first, before[pk].reason if pk in before else unsaid) for pk in served
        )

    def _activity(self, draft: DraftActivity, old: ActivityPlan | None) -> ActivityPlan:
        pk = self._id("activity", draft, old)
        known = set(self.outputs.values())
        before = {o for o in old.produces if o in known} if old else set()
        made = before if draft.produces is None else {self.outputs[path] for path in draft.produces}
        period = draft.period if Column.PERIOD in self.said or old is None else old.period
        return ActivityPlan(
            id=pk,
            text=kept(draft.text, old.text if old else ""),
            produces=old.produces if old is not None and made == before else tuple(sorted(made)),
            period=kept(period, old.period if old else ""),
        )

    def _indicators(
        self, draft: DraftOutcome | DraftOutput, old: OutcomePlan | OutputPlan | None
    ) -> tuple[IndicatorPlan, ...]:
        told = []
        for match in match_indicators(draft.indicators, old.indicators if old else (), self.said):
            row = match.draft.row
            self.remarks += [Remark(row, Column.INDICATOR, doubt) for doubt in match.doubts]
            if match.old is None:
                self.unsettled.add(row)
            told.append(match.plan(self.new_ids, self.plan.month))
            self.moving[row] = self.moving.get(row, False) or told[-1] != match.old
        return tuple(told)


def _place_of_draft(_draft: DraftLongTerm | DraftActivity, place: int) -> int:
    return place


def _place(_box: LongTermOutcomePlan | ActivityPlan, place: int) -> int:
    return place


def _counting_down() -> Iterator[int]:
    return iter(range(-1, -1_000_000, -1))


def _in_order(boxes: Iterator[N]) -> tuple[N, ...]:
    """As a plan in force is read: by number, what is new behind what was there."""
    return tuple(sorted(boxes, key=lambda box: (box.number, box.id < 0, abs(box.id))))


def _short_text(text: str, old: OutcomePlan | OutputPlan | None) -> str:
    """The short words stay while the long ones mean nearly the same; else they would say what no longer holds."""
    return old.short_text if old is not None and is_close(old.text, text) else ""

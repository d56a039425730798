"""The same month in the product, by keyboard alone: the grantee from home to 提出する, the officer from home to 確定する."""

from collections.abc import Iterable
from typing import Any

from benchmarks.hands import Hands
from benchmarks.month_content import Cost, Entry, Homework, MonthContent, OutcomeTalk

STEPS = {"ahead": 1, "ontrack": 2, "behind": 3, "other": 4}
PRESENCES = {"none": 1, "in_progress": 2, "present": 3}
STATUSES = {"fine": 1, "slow": 2, "overspending": 3, "change": 4}
LINKS = {"seen": 1, "notyet": 2, "counter": 3, "unknown": 4, "unspoken": 5}


def enter_month(hands: Hands, month: MonthContent) -> None:
    hands.part = "entry"
    hands.reach(f"a.btn[href*='/sheets/{month.sheet}/']")
    hands.follow()
    hands.skip()
    for talk, rows in zip(month.outcomes, month.outcome_rows, strict=True):
        _text(hands, f"change-{talk.outcome}-text", talk.change)
        for entry in rows:
            _enter(hands, entry)
    for group in month.output_groups:
        for output in group:
            for entry in output:
                _enter(hands, entry)
    for cost in month.costs:
        _figure(hands, f"spent-{cost.purpose}-amount_yen", cost.spent)
    _figure(hands, "spent-evaluation-amount_yen", month.evaluation)
    for cost in month.costs:
        _cost(hands, cost)
    if month.remark:
        _text(hands, "remark-remark", month.remark)
    hands.reach(
        ".save-bar .btn-primary[type=submit]", "Control+Enter"
    )  # from row to row, the last leads to the button
    hands.follow()


def _field(hands: Hands, name: str, *, back: bool = False) -> None:
    hands.reach(f"[name='{name}']", "Shift+Tab" if back else "Tab")


def _text(hands: Hands, name: str, text: str) -> None:
    if text:
        _field(hands, name)
        hands.write(text)
        hands.press("Control+Enter")


def _figure(hands: Hands, name: str, figure: str) -> None:
    if figure:
        _field(hands, name)
        hands.write(figure)
        hands.press("Enter")


def _enter(hands: Hands, entry: Entry) -> None:
    """One row; Enter goes to the next."""
    prefix = f"figure-{entry.indicator}"
    if entry.method == "ratio":
        _field(hands, f"{prefix}-numerator")
        hands.write(entry.figures[0])
        hands.press("Tab")
        hands.write(entry.figures[1])
    elif entry.method == "presence":
        _field(hands, f"{prefix}-presence")
        hands.press(str(PRESENCES[entry.choice]))
    elif entry.method == "state":
        _field(hands, f"{prefix}-step")
        hands.press(str(STEPS[entry.choice]))
        hands.press("Tab")
        hands.write(entry.sentence)
    else:
        _field(hands, f"{prefix}-value")
        hands.write(entry.figures[0])
    if entry.note:
        _field(hands, f"{prefix}-note")
        hands.write(entry.note)
    hands.press("Control+Enter" if entry.note or entry.method == "state" else "Enter")


def _cost(hands: Hands, cost: Cost) -> None:
    _field(hands, f"cost-{cost.purpose}-status")
    hands.press(str(STATUSES[cost.status]))
    if cost.consultation:
        _field(hands, f"cost-{cost.purpose}-consultation")
        hands.write(cost.consultation)
    hands.press("Control+Enter")


# --- the meeting --------------------------------------------------------------------------------------------------


def hold_meeting(hands: Hands, month: MonthContent) -> None:
    """In the order of the page; what it has already (the day, the place, the figures) is left as it is."""
    hands.part = "meeting"
    hands.reach(f"a.btn[href$='/sheets/{month.sheet}/meeting/']")
    hands.follow()
    stage = Stage(hands)
    changed = {entry.indicator: entry for entry in month.entries if entry.word != entry.last_word}
    talks = {f"outcome-{talk.outcome}": talk for talk in month.outcomes}
    if month.ticked:
        stage.back_to("ticks")
    while stage.part != "end":
        if stage.part == "ticks":
            for pk in month.ticked:
                _field(hands, f"tick-{pk}")
                hands.press("Space")
        elif stage.part in talks:
            _talk(hands, stage.part, talks[stage.part], changed, is_led=stage.is_led)
        if month.shared_note and stage.holds("note-shared"):
            _field(hands, "note-shared")
            hands.write(month.shared_note)
        if stage.holds("meeting-next_on"):
            for number, item in enumerate(month.new_homework):
                _homework(hands, stage, item, number, is_last=number + 1 == len(month.new_homework))
            _next(hands, month)
        if stage.holds("meeting-held_on"):
            _facts(hands, month)
        stage.on()
    hands.reach("#end .btn-primary")
    hands.follow()
    hands.reach(".save-bar .btn-primary", "Shift+Tab")
    hands.follow()


class Stage:
    """One part of the meeting at a time. With the page's script Ctrl+Enter goes on; without, a button that saves."""

    def __init__(self, hands: Hands) -> None:
        self.hands = hands
        self.parts = self._ids(".stage > .part")
        self.is_led = bool(hands.page.locator(".stage.led").count())

    def _ids(self, selector: str) -> list[str]:
        ids: Any = self.hands.page.locator(selector).evaluate_all("parts => parts.map(part => part.id)")
        return list(ids)

    @property
    def part(self) -> str:
        shown: Any = self.hands.page.locator(".stage > .part").evaluate_all(
            "parts => parts.filter(part => part.checkVisibility()).map(part => part.id)"
        )
        return str(shown[0])

    def holds(self, name: str) -> bool:
        return bool(self.hands.page.locator(f"#{self.part} [name='{name}']").count())

    def on(self) -> None:
        before = self.part
        if self.is_led:
            self.hands.press("Control+Enter")
        else:
            self.hands.reach(f"#{before} .stage-next .btn-primary")
            self.hands.follow()
        self.hands.page.wait_for_function("id => !document.getElementById(id).checkVisibility()", arg=before)

    def back_to(self, part: str) -> None:
        while self.part != part:
            before = self.part
            if self.is_led:
                self.hands.press("ArrowUp")
            else:
                self.hands.reach(f"#{before} .stage-next .btn-quiet")
                self.hands.follow()
            self.hands.page.wait_for_function(
                "id => !document.getElementById(id).checkVisibility()", arg=before
            )


def _talk(hands: Hands, part: str, talk: OutcomeTalk, changed: dict[int, Entry], *, is_led: bool) -> None:
    names: Any = hands.page.locator(f"#{part} select[name^='word-']").evaluate_all(
        "all => all.map(one => one.name)"
    )
    for name in names:
        entry = changed.pop(int(name.removeprefix("word-")), None)
        if entry is not None:
            _field(hands, name)
            hands.press("ArrowDown", STEPS[entry.word])
    if is_led:
        if not hands.is_at("h2"):
            hands.press("Escape")  # out of the field, so that a digit is a word and no text
        hands.press(str(LINKS[talk.word]))
    else:
        hands.reach(f"#{part} input[name='{part}-word']")
        hands.press("Space")
        hands.press("ArrowRight", LINKS[talk.word] - 1)
    if talk.sentence:
        _field(hands, f"{part}-sentence")
        hands.write(talk.sentence)
    if talk.outputs:
        details = f"#{part} details.links"
        if hands.page.locator(f"{details}:not([open])").count():
            hands.reach(f"{details} summary")
            hands.press("Enter")
        for output in _in_order(hands, f"{part}-outputs", talk.outputs):
            hands.reach(f"#{part} input[name='{part}-outputs'][value='{output}']")
            hands.press("Space")


def _in_order(hands: Hands, name: str, values: Iterable[int]) -> list[str]:
    """Those of the boxes that are to be ticked, as they stand on the page."""
    wanted = {str(value) for value in values}
    boxes: Any = hands.page.locator(f"input[name='{name}']").evaluate_all(
        "all => all.map(one => [one.value, one.checked])"
    )
    return [value for value, is_ticked in boxes if value in wanted and not is_ticked]


def _homework(hands: Hands, stage: Stage, item: Homework, number: int, *, is_last: bool) -> None:
    if stage.is_led:
        hands.press("Escape")
        hands.press("h")
        name = str(hands.page.evaluate("document.activeElement.name"))
    else:
        name = str(hands.page.locator("[name^='homework-new'][name$='-text']").last.get_attribute("name"))
        _field(hands, name)
    prefix = name.removesuffix("-text")
    hands.write(item.text)
    _field(hands, f"{prefix}-who")
    words: Any = hands.page.locator(f"[name='{prefix}-who'] option").evaluate_all(
        "all => all.map(one => one.textContent)"
    )
    hands.press("ArrowDown", next(i for i, word in enumerate(words) if item.person_name in word))
    if item.due:
        _field(hands, f"{prefix}-due_on")
        hands.write(item.due)
    if is_last:
        return
    hands.reach("[formaction$='#homework'].btn-quiet")
    if stage.is_led:
        hands.press("Enter")
        hands.page.locator("[data-homework-list]").get_by_text(item.text).first.wait_for()
    else:
        hands.follow()


def _next(hands: Hands, month: MonthContent) -> None:
    _field(hands, "meeting-next_on", back=True)
    hands.write(f"{month.next.day.month}/{month.next.day.day}")
    for name, text in (("meeting-next_at", month.next.starts), ("meeting-next_place", month.next.place)):
        if hands.page.locator(f"[name='{name}']").input_value() != text:
            _field(hands, name)
            hands.write_again(text)
    radios = f"[name='meeting-next_form'][value='{month.next.form}']"
    if not hands.page.locator(radios).is_checked():
        hands.reach("[name='meeting-next_form']")
        hands.press("Space")
        while not hands.page.locator(radios).is_checked():
            hands.press("ArrowRight")


def _facts(hands: Hands, month: MonthContent) -> None:
    """The day, the hour and the place were arranged the last time; who is here is ticked."""
    for side in ("grantee", "foundation"):
        for person in _in_order(hands, f"meeting-{side}_people", month.held.user_ids):
            hands.reach(f"[name='meeting-{side}_people'][value='{person}']")
            hands.press("Space")

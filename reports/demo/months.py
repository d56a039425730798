"""Puts plans and stories on the calendar, from each grant's start to December 2023, and opens January 2024.

Pure data: no database, no clock, chance only from names. Two calls give the same, to the letter.
"""

import datetime as dt
import hashlib
import random
from itertools import cycle

from core.months import add_months, month_range, months_between
from reports.demo import money, people
from reports.demo.curves import Entry, entries, leans_on, running
from reports.demo.days import handing_in, meeting_day, workdays_later
from reports.demo.plans import GRANTS
from reports.demo.progress import progress_words
from reports.demo.shapes import GrantSpec, Note, Review, StorySpec, day, month
from reports.demo.stories import STORIES
from reports.demo.told import Event, Talk, ToldFigure, ToldGrant, ToldHomework, ToldReview, ToldSheet

LAST = dt.date(2023, 12, 1)
TODAY = dt.date(2024, 1, 9)
OPENS_AT = dt.time(0, 5)
EARLY = 0.28  # of the story's months


def tell_all() -> list[ToldGrant]:
    return [tell(spec, STORIES[spec.key]) for spec in GRANTS]


def fingerprint() -> str:
    """Of everything that is told: equal whenever the written data is equal."""
    return hashlib.sha256(repr(tell_all()).encode()).hexdigest()


def tell(spec: GrantSpec, story: StorySpec) -> ToldGrant:
    months = list(month_range(spec.first_month, LAST))
    sheets = [ToldSheet(month=m, due_on=add_months(m, 1).replace(day=10)) for m in months]
    _tell_figures(spec, story, sheets)
    _tell_changes(spec, story, sheets)
    _tell_costs(spec, story, sheets)
    _tell_reviews(spec, story, sheets)
    talks = _tell_talks(spec, story, sheets)
    for sheet in sheets:
        _tell_moves(spec, story, sheet, talks)
    _trim_last(spec, story, sheets[-1])
    homework = _tell_homework(story, talks)
    january = add_months(LAST, 1)
    sheets.append(
        ToldSheet(
            month=january,
            due_on=add_months(january, 1).replace(day=10),
            events=[Event("open", "", "draft", "", dt.datetime.combine(january, OPENS_AT))],
        )
    )
    return ToldGrant(spec.key, sheets, talks, homework, story.remarks, story.supports)


# --- figures and remarks -------------------------------------------------------------------------------------


def _tell_figures(spec: GrantSpec, story: StorySpec, sheets: list[ToldSheet]) -> None:
    made: dict[str, list[Entry]] = {}
    methods = {one.key: one.method for one in spec.indicators()}
    for one in sorted(spec.indicators(), key=lambda one: leans_on(one) != ""):
        owed = [
            sheet
            for sheet in sheets
            if (not one.since or sheet.month >= month(one.since))
            and (not one.retired or sheet.month < month(one.retired))
        ]
        beside = made.get(leans_on(one))
        if beside is not None and methods[leans_on(one)] == "new_unique":
            beside = running(beside)
        made[one.key] = entries(spec.key, one, [sheet.month for sheet in owed], beside)
        words = progress_words(spec, one, [sheet.month for sheet in owed], made[one.key])
        notes = _Notes(f"{spec.key}/{one.key}/notes", story.notes.get(one.key, ()))
        for sheet, entry, word in zip(owed, made[one.key], words, strict=True):
            note = notes.for_month(sheet.month, entry)
            if not entry.is_blank or note:
                sheet.figures[one.key] = ToldFigure(entry, note, word)


class _Notes:
    """Hands out an indicator's remarks: those of the very month first, the others in turn and not every month."""

    def __init__(self, seed: str, notes: tuple[Note, ...]) -> None:
        self.chance = random.Random(seed)
        self.notes = notes
        self.said: dict[str, list[dt.date]] = {}
        self.before: Entry | None = None  # of the month before
        self.has_begun = False

    def for_month(self, m: dt.date, entry: Entry) -> str:
        often = self.chance.random() < 0.45
        is_worth_it = often and self._moved(entry)
        self.has_begun = self.has_begun or bool(entry.value or entry.numerator)
        self.before = entry
        for note in self.notes:
            if note.at == f"{m:%Y-%m}":
                return note.text
        fitting = [
            note
            for note in self.notes
            if not note.at and note.zero == entry.is_zero and (not note.in_ or m.month in note.in_)
        ]
        if not is_worth_it or not fitting:
            return ""
        chosen = min(fitting, key=lambda note: len(self.said.get(note.text, [])))
        return chosen.text if self._is_fresh(chosen.text, m) else ""

    def _moved(self, entry: Entry) -> bool:
        """Nothing is remarked on the first month, a blank, a standstill, nor on a zero before the work began."""
        if self.before is None or entry.is_blank or (entry.is_zero and not self.has_begun):
            return False
        return entry.is_zero or (entry.numerator != 0 and entry != self.before)

    def _is_fresh(self, text: str, m: dt.date) -> bool:
        before = self.said.setdefault(text, [])
        if len(before) >= 3 or (before and months_between(before[-1], m) < 7):
            return False
        before.append(m)
        return True


# --- sentences -------------------------------------------------------------------------------------------------


def _tell_changes(spec: GrantSpec, story: StorySpec, sheets: list[ToldSheet]) -> None:
    """The story's sentences at even distances, and what the season brought in between."""
    chance = random.Random(f"{spec.key}/changes")
    early, quiet = list(story.early), list(story.quiet)
    chance.shuffle(early)
    chance.shuffle(quiet)
    between = {True: cycle(early), False: cycle(quiet)}
    seasons = {m: cycle(sentences) for m, sentences in story.seasons.items()}
    count = len(sheets)
    for n, sheet in enumerate(sheets):
        season_free = sheet.month.month in seasons
        for outcome in spec.outcomes:
            sentences = story.changes[outcome.key]
            place = _place(len(sentences), count, n)
            if place is not None:
                sheet.changes[outcome.key] = sentences[place]
            elif season_free:
                sheet.changes[outcome.key] = next(seasons[sheet.month.month])
                season_free = False
            else:
                sheet.changes[outcome.key] = next(between[n < count * EARLY])
        for note in story.words:
            fits = note.at == f"{sheet.month:%Y-%m}" or (not note.at and sheet.month.month in note.in_)
            if fits and not sheet.remark:
                sheet.remark = note.text


def _place(sentences: int, months: int, n: int) -> int | None:
    """Which of the sentences falls on the n-th month: the first on the first, the last on the last."""
    for k in range(sentences):
        if k * (months - 1) // (sentences - 1) == n:
            return k
    return None


def _tell_reviews(spec: GrantSpec, story: StorySpec, sheets: list[ToldSheet]) -> None:
    asides, links = _Asides(story), _Links(spec, story)
    for n, sheet in enumerate(sheets):
        for number, outcome in enumerate(spec.outcomes):
            quiet_longest = links.of(outcome.key, sheet.month)
            review = _written_review(story.reviews[outcome.key], sheet.month, n, len(sheets))
            named = tuple(quiet_longest[:2])
            if review is None and (n + 2 * number) % 7 != 3:
                for output in quiet_longest:
                    review = asides.about(output, n, len(sheets))
                    if review is not None:
                        named = (output,)
                        break
            if review is None:
                sheet.reviews.append(ToldReview(outcome.key, "unspoken", "", ()))
            else:
                sheet.reviews.append(ToldReview(outcome.key, review.word, review.text, named))
                links.speak_of(outcome.key, named, sheet.month)


class _Links:
    """When each output was last spoken of under each outcome. Meetings begin with the oldest link."""

    def __init__(self, spec: GrantSpec, story: StorySpec) -> None:
        self.story = story
        self.last: dict[tuple[str, str], dt.date] = {
            (output.key, outcome): dt.date.min for output in spec.outputs for outcome, _ in output.serves
        }

    def of(self, outcome: str, m: dt.date) -> list[str]:
        """The outputs of this outcome, the longest unspoken first; without those that fell silent."""
        silent = self.story.unspoken_since
        spoken = [
            (last, output)
            for (output, served), last in self.last.items()
            if served == outcome and ((since := silent.get((output, outcome))) is None or m < month(since))
        ]
        return [output for _, output in sorted(spoken)]

    def speak_of(self, outcome: str, outputs: tuple[str, ...], m: dt.date) -> None:
        for output in outputs:
            self.last[output, outcome] = m


class _Asides:
    """Of an output's reviews the one that fits the time, or its neighbour when that one was said already.

    Nothing is said a third time, nor twice within half a year.
    """

    def __init__(self, story: StorySpec) -> None:
        self.asides = story.asides
        self.said: dict[str, list[int]] = {}

    def about(self, output: str, n: int, months: int) -> Review | None:
        told = self.asides[output]
        fits = n * len(told) // months
        near = [told[k] for k in (fits, fits + 1, fits - 1) if 0 <= k < len(told)]
        chosen = min(near, key=lambda review: len(self.said.get(review.text, [])))
        before = self.said.setdefault(chosen.text, [])
        if len(before) >= 2 or (before and n - before[-1] < 6):
            return None
        before.append(n)
        return chosen


def _written_review(reviews: tuple[Review, ...], m: dt.date, n: int, months: int) -> Review | None:
    for review in reviews:
        if review.at == f"{m:%Y-%m}":
            return review
    in_order = [review for review in reviews if not review.at]
    place = _place(len(in_order), months, n)
    return None if place is None else in_order[place]


def _tell_costs(spec: GrantSpec, story: StorySpec, sheets: list[ToldSheet]) -> None:
    spent = money.spending(spec, [sheet.month for sheet in sheets])
    said = {(cost.at, cost.purpose): cost for cost in story.costs}
    words = {
        purpose: cycle([word for word in story.cost_words if word[0] == purpose])
        for purpose in ("administrative", "direct")
    }
    for n, sheet in enumerate(sheets):
        sheet.spending = {purpose: amounts[n] for purpose, amounts in spent.items()}
        for purpose in ("administrative", "direct"):
            cost = said.get((f"{sheet.month:%Y-%m}", purpose))
            if cost:
                sheet.costs.append((purpose, cost.status, cost.text))
            else:
                _, status, text = next(words[purpose])
                sheet.costs.append((purpose, status, text))


# --- meetings, moves, homework ---------------------------------------------------------------------------------


def _tell_talks(spec: GrantSpec, story: StorySpec, sheets: list[ToldSheet]) -> list[Talk]:
    chance = random.Random(f"{spec.key}/talks")
    talks = []
    waiting: list[dt.date] = []
    for sheet in sheets[:-1]:
        key = f"{sheet.month:%Y-%m}"
        waiting.append(sheet.month)
        if key in story.joined:
            continue
        talks.append(_talk(spec, story, tuple(waiting), meeting_day(story, sheet.month), chance))
        waiting = []
        if key in story.second:
            again = _talk(spec, story, (sheet.month,), day(story.second[key]), chance)
            again.form, again.place = "phone", ""
            talks.append(again)
    last = story.last
    if last.met:
        talks.append(_talk(spec, story, (LAST,), day(last.met), chance))
    if last.appointment:
        about = add_months(LAST, 1) if last.met else LAST
        on, _, hour = last.appointment.partition(" ")
        talks.append(
            Talk(
                (about,),
                day(on),
                dt.time.fromisoformat(hour),
                None,
                last.appointment_form,
                last.appointment_place,
                held=False,
            )
        )
    return talks


def _talk(
    spec: GrantSpec, story: StorySpec, about: tuple[dt.date, ...], on: dt.date, chance: random.Random
) -> Talk:
    _, _, hour, minutes = story.meets
    starts = dt.datetime.combine(on, dt.time.fromisoformat(hour))
    ends = starts + dt.timedelta(minutes=minutes + chance.choice((-10, 0, 0, 10, 20)))
    draw = chance.random()
    if on < dt.date(2021, 10, 1) or draw < 0.22:  # it began online
        form, place = "online", "Zoom"
    elif draw < 0.62:
        form, place = "visit", story.visit_place
    elif draw < 0.96:
        form, place = "in_person", story.place
    else:
        form, place = "phone", ""
    attendees = _attendees(spec, story, about[-1], chance)
    return Talk(about, on, starts.time(), ends.time(), form, place, True, attendees)


def _attendees(
    spec: GrantSpec, story: StorySpec, about: dt.date, chance: random.Random
) -> tuple[tuple[str, str, str, str], ...]:
    titles = {hat.person: hat.title for hat in people.MEMBER_HATS}
    for hat in reversed(people.STAFF_HATS):  # of two hats the first
        titles[hat.person] = hat.title
    there = []
    for n, key in enumerate(story.people):
        since = story.since.get(key)
        if since and about < month(since):
            continue
        if n == 0 or chance.random() < 0.75:
            there.append(("grantee", key, people.person(key).name, titles[key]))
    there.append(("foundation", spec.officer, people.person(spec.officer).name, titles[spec.officer]))
    colleague = {"morishita": "tanabe", "tanabe": "morishita"}.get(spec.officer)
    if colleague and chance.random() < 0.35:
        there.append(("foundation", colleague, people.person(colleague).name, titles[colleague]))
    guest = story.guests.get(f"{about:%Y-%m}")
    if guest:
        side, name, title = guest
        by_name = {one.name: one.key for one in people.PEOPLE}
        there.append((side, by_name.get(name, ""), name, title))
    return tuple(there)


def _tell_moves(spec: GrantSpec, story: StorySpec, sheet: ToldSheet, talks: list[Talk]) -> None:
    chance = random.Random(f"{spec.key}/moves/{sheet.month}")
    sheet.events = [Event("open", "", "draft", "", dt.datetime.combine(sheet.month, OPENS_AT))]
    sheet.entered_by = _who_enters(story, sheet.month, chance)
    if sheet.month == LAST:
        _tell_last_moves(spec, story, sheet)
        return
    met = next(talk.on for talk in talks if sheet.month in talk.months)
    handed = handing_in(sheet.month, met, chance)
    sheet.entered_at = handed - dt.timedelta(minutes=chance.randrange(5, 50))
    sheet.events.append(Event("submit", "draft", "submitted", sheet.entered_by, handed))
    reason = story.returned.get(f"{sheet.month:%Y-%m}")
    if reason:
        back = dt.datetime.combine(workdays_later(handed.date(), 1), dt.time(10, chance.randrange(60)))
        again = dt.datetime.combine(back.date(), dt.time(16, chance.randrange(60)))
        sheet.events.append(Event("return", "submitted", "returned", spec.officer, back, reason))
        sheet.events.append(Event("submit", "returned", "submitted", sheet.entered_by, again))
    closes = max(talk.on for talk in talks if sheet.month in talk.months)
    closed_on = workdays_later(closes, chance.choice((0, 1, 1, 2)))
    closed = dt.datetime.combine(closed_on, dt.time(chance.randrange(17, 19), chance.randrange(60)))
    sheet.events.append(Event("close", "submitted", "closed", spec.officer, closed))
    sheet.state = "closed"
    _tell_correction(spec, story, sheet)


def _tell_correction(spec: GrantSpec, story: StorySpec, sheet: ToldSheet) -> None:
    told = story.correction
    if told is None or sheet.month != month(told.at):
        return
    reopened, closed = dt.datetime.fromisoformat(told.reopened), dt.datetime.fromisoformat(told.closed)
    sheet.events.append(Event("reopen", "closed", "reopened", spec.officer, reopened, told.reason))
    sheet.events.append(Event("close", "reopened", "closed", spec.officer, closed))
    sheet.figures[told.indicator].correction = told


def _who_enters(story: StorySpec, m: dt.date, chance: random.Random) -> str:
    there = [key for key in story.people if not story.since.get(key) or m >= month(story.since[key])]
    return there[0] if len(there) == 1 or chance.random() < 0.55 else there[1]


def _tell_last_moves(spec: GrantSpec, story: StorySpec, sheet: ToldSheet) -> None:
    last = story.last
    sheet.state = last.state
    moves = (
        ("submit", "draft", "submitted", sheet.entered_by, last.submitted, ""),
        ("return", "submitted", "returned", spec.officer, last.returned, last.reason),
        ("close", "submitted", "closed", spec.officer, last.closed, ""),
    )
    for act, before, after, by, at, reason in moves:
        if at:
            sheet.events.append(Event(act, before, after, by, dt.datetime.fromisoformat(at), reason))
    sheet.entered_at = dt.datetime.fromisoformat(last.submitted or "2024-01-05 15:20")


def _trim_last(spec: GrantSpec, story: StorySpec, sheet: ToldSheet) -> None:
    """What has not happened yet on the day the story stops."""
    if sheet.state == "closed":
        return
    sheet.reviews = []
    for figure in sheet.figures.values():
        figure.progress = ""
    if sheet.state != "draft":
        return
    kept = list(sheet.figures)[: len(sheet.figures) * 3 // 5]
    sheet.figures = {key: sheet.figures[key] for key in kept}
    sheet.changes = {key: sheet.changes[key] for key in list(sheet.changes)[:1]}
    sheet.costs = sheet.costs[1:]
    sheet.spending = {"direct": sheet.spending["direct"], "administrative": None, "evaluation": None}
    sheet.remark = ""


def _tell_homework(story: StorySpec, talks: list[Talk]) -> list[ToldHomework]:
    """Due a few days before the next meeting; done between two meetings, unless it was put off or is open."""
    chance = random.Random("/".join(story.people))
    held = [talk for talk in talks if talk.held]
    staff = {hat.person for hat in people.STAFF_HATS}
    told = []
    for item in story.homework:
        index = next(n for n, talk in enumerate(held) if month(item.at) in talk.months)
        given, after = held[index].on, [talk.on for talk in talks if talk.on > held[index].on]
        due = (after[0] if after else given + dt.timedelta(days=28)) - dt.timedelta(days=4)
        done = None
        if item.late >= 0 and len(after) > item.late:
            opens = after[item.late - 1] if item.late else given
            done = opens + dt.timedelta(days=max(1, (after[item.late] - opens).days - chance.randrange(2, 8)))
        told.append(
            ToldHomework(
                month=month(item.at),
                text=item.text,
                side="foundation" if item.who in staff else "grantee",
                person=item.who,
                due_on=due,
                done_on=done if done and done <= TODAY else None,
            )
        )
    return told

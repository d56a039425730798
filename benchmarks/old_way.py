"""The same month in a workbook and a text document, step by step, counted in the workbook's favour.

The model: one tab a month in the order of the paper, one row per indicator with the columns 当月 (two for a ratio) and
備考 side by side, running totals as formulas; the minutes are last month's document saved under a new name, with the same
tables. Both lie in a shared folder, so nothing is attached to get them. Whoever works knows every shortcut, never looks
for a place, never mistypes, and touches no cell whose contents are last month's. Nothing is counted for reading, waiting,
taking the mouse, checking the totals or finding out which file is the newest.

`keys` are presses that type nothing (a chord such as Ctrl+C is one); `again` are letters typed although they stand somewhere
already or only serve the form; `content` are the letters of the month itself, which the product takes too; `openings` are
files, dialogs and windows that open, beside the product's page loads.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from benchmarks.month_content import Cost, Entry, MonthContent

PEOPLE_TYPED = 3  # letters of a name until the mail program has found the address
MONTH_NAME = 3  # 11月
WORDS = ("ahead", "ontrack", "behind", "other")
PRESENCES = ("none", "in_progress", "present")
STATUSES = ("fine", "slow", "overspending", "change")


@dataclass(frozen=True)
class Step:
    part: str  # "entry" or "meeting"
    what: str
    keys: int = 0
    again: int = 0
    content: int = 0
    openings: int = 0
    reason: str = ""


def steps_of(month: MonthContent) -> list[Step]:
    return [*_tab(month), *_rows(month), *_send(month), *_minutes(month), *_talk(month), *_after(month)]


# --- the grantee: the workbook ------------------------------------------------------------------------------------


def _tab(month: MonthContent) -> Iterator[Step]:
    yield Step("entry", "ブックを開く", keys=1, openings=1, reason="共有フォルダーの一覧で Enter")
    yield Step("entry", "先月のシートを写す", keys=6, openings=1, reason="Alt H O M、「コピーを作成」、Enter")
    yield Step("entry", "シートの名前を変える", keys=5, again=MONTH_NAME, reason="Alt H O R、11月、Enter")
    yield Step(
        "entry", "累計の式の参照先を先月にそろえる", keys=5, again=2 * MONTH_NAME, openings=1,
        reason="写した式は先々月を見ている: Ctrl+H、10月、Tab、11月、すべて置換、Enter、Esc",
    )  # fmt: skip
    yield Step(
        "entry",
        "期間と日付を書きかえる",
        keys=4,
        again=2 * MONTH_NAME,
        reason="2つのセルへ移って上書き、Enter",
    )


def _rows(month: MonthContent) -> Iterator[Step]:
    """One Enter after each cell goes to the row below; every heading between is one more arrow."""
    keys = content = 0
    for talk, rows in zip(month.outcomes, month.outcome_rows, strict=True):
        keys += 1 + 1 + 1  # past the outcome's heading; the sentence, Enter; past the table's head
        content += len(talk.change)
        for entry in rows:
            more_keys, more = _row(entry)
            keys, content = keys + more_keys, content + more
    for group in month.output_groups:
        keys += 2  # the outcome they serve, the table's head
        for output in group:
            keys += 1  # the output's own line
            for entry in output:
                more_keys, more = _row(entry)
                keys, content = keys + more_keys, content + more
    yield Step(
        "entry", f"ひとこと{len(month.outcomes)}つと指標{len(month.entries)}行の数・備考を上書きする", keys=keys,
        content=content, reason="確定は Enter、備考へは Tab 1回、見出しごとに ↓ 1回。先月と同じセルは通るだけ",
    )  # fmt: skip
    keys, content = int(bool(month.evaluation)), len(month.evaluation)
    for cost in month.costs:
        more_keys, more = _cost(cost)
        keys, content = keys + more_keys, content + more
    yield Step(
        "entry",
        "支出とようす・相談を書く",
        keys=keys + 2,
        content=content,
        reason="見出しを2つ越える。変わったところだけ",
    )
    if month.remark:
        yield Step("entry", "備考・つぶやき", keys=2, content=len(month.remark), reason="移って上書き、Enter")


def _row(entry: Entry) -> tuple[int, int]:
    """Keys and letters of one indicator's row."""
    keys = content = 0
    if entry.method == "state":
        content += len(entry.sentence) if entry.sentence != entry.last_sentence else 0
        if entry.choice != entry.last_choice:
            keys += 1 + _list(WORDS, entry.last_choice, entry.choice)
    elif entry.method == "presence":
        keys += _list(PRESENCES, entry.last_choice, entry.choice)
    else:
        keys += len(entry.figures) - 1  # a ratio's second cell
        pairs = zip(entry.figures, entry.last_figures or ("",) * len(entry.figures), strict=True)
        content += sum(len(now) for now, last in pairs if now != last)
    if entry.note != entry.last_note:
        keys += 1 + (not entry.note)  # Tab; Delete when this month has none
        content += len(entry.note)
    return keys + 1, content


def _list(words: tuple[str, ...], last: str, now: str) -> int:
    """A list in a cell: Alt+↓, as many arrows as the words lie apart, Enter; nothing when it stays."""
    if last == now or now not in words:
        return 0
    return 2 + (abs(words.index(now) - words.index(last)) if last in words else words.index(now) + 1)


def _cost(cost: Cost) -> tuple[int, int]:
    keys, content = 1, len(cost.spent)
    keys += (1 + _list(STATUSES, cost.last_status, cost.status)) if cost.status != cost.last_status else 0
    if cost.consultation != cost.last_consultation:
        keys += 1 + (not cost.consultation)
        content += len(cost.consultation)
    return keys, content


def _send(month: MonthContent) -> Iterator[Step]:
    yield Step("entry", "保存して閉じる", keys=2, reason="Ctrl+S、Ctrl+W")
    yield Step(
        "entry", "書いたことを財団にメールで知らせる", keys=5, again=PEOPLE_TYPED + len("11月のシートを書きました") + len("ご確認をお願いします。"),
        openings=1, reason="新しいメール、宛先を3文字で選んで Enter、Tab、件名、Tab、1行、送信。添付なし",
    )  # fmt: skip


# --- the officer: the minutes -------------------------------------------------------------------------------------


def _minutes(month: MonthContent) -> Iterator[Step]:
    before, now = month.held_before, month.held
    yield Step("meeting", "ブックを開いてその月のシートへ", keys=2, openings=1, reason="Enter、Ctrl+PageUp")
    yield Step("meeting", "先月の議事録を開く", keys=2, openings=1, reason="Alt+Tab、Enter")
    yield Step(
        "meeting",
        "別の名前で保存する",
        keys=4,
        again=len("202311"),
        openings=1,
        reason="F12、年月を選んで上書き、Enter",
    )
    yield Step(
        "meeting", "文書の中の月を書きかえる", keys=5, again=2 * MONTH_NAME, openings=1,
        reason="Ctrl+H、10月、Tab、11月、すべて置換、Enter、Esc",
    )  # fmt: skip
    place = now.place if now.place != before.place else ""
    yield Step(
        "meeting", "年月日と場所", keys=2 + 2 * bool(place), again=len(f"{now.day.month}月{now.day.day}日") + len(place),
        reason="行へ移り、選んで上書き。時刻は先月のまま。場所は変わったときだけ",
    )  # fmt: skip
    come = [name for name in now.people if name not in before.people]
    gone = [name for name in before.people if name not in now.people]
    if come or gone:
        yield Step(
            "meeting", "出席者", keys=1 + len(come) + 3 * len(gone), again=sum(map(len, come)),
            reason="加わった人を書き、欠けた人を選んで消す。同じ人はそのまま",
        )  # fmt: skip
    yield Step(
        "meeting", "数の表を3つ、ブックから議事録へ写す", keys=3 * 9,
        reason="アウトカム・アウトプット・予算: Alt+Tab、表へ移り、端まで選ぶ（2）、Ctrl+C、Alt+Tab、古い表を選ぶ（2）、Ctrl+V",
    )  # fmt: skip
    if month.supports:
        yield Step(
            "meeting", "その月の支援を支援の記録から写す", keys=6 * month.supports + 1, openings=1,
            reason="記録を開く、行を選ぶ（2）、Ctrl+C、Alt+Tab、古い行を選ぶ、Ctrl+V",
        )  # fmt: skip


def _talk(month: MonthContent) -> Iterator[Step]:
    keys = again = content = 0
    for talk in month.outcomes:
        keys += 1 + 1  # to the paragraph, and its old sentence selected
        content += len(talk.sentence)
        if talk.word != talk.last_word:
            keys += 1
            again += len("見えた")
        if talk.output_labels != talk.last_output_labels:
            keys += 1
            again += len(talk.output_labels)
    yield Step(
        "meeting", f"つながりの確認{len(month.outcomes)}つ", keys=keys, again=again, content=content,
        reason="段落へ移り、選んで上書き。ことば（見えた…）と番号は、先月と違うときだけ",
    )  # fmt: skip
    changed = [entry for entry in month.entries if entry.word != entry.last_word]
    if changed:
        yield Step(
            "meeting", f"進み具合のことばが変わった指標{len(changed)}つ", keys=sum(2 + _list(WORDS, e.last_word, e.word) for e in changed),
            reason="セルへ移り（2）、一覧から選ぶ",
        )  # fmt: skip
    if month.earlier:
        yield Step(
            "meeting", "前回の宿題を移して、済んだものに印", keys=5 + 2 * len(month.ticked), again=len(month.ticked),
            reason="「次回まで」の行を選んで切り取り、「前回」へ貼る。済は1行ずつ移って1文字",
        )  # fmt: skip
    for item in month.new_homework:
        yield Step(
            "meeting", f"宿題「{item.text[:8]}…」", keys=2, again=len(item.person_name.replace(" ", "")),
            content=len(item.text) + len(item.due), reason="行を書いて Enter。だれが、いつまでにを同じ行に",
        )  # fmt: skip
    if month.shared_note:
        yield Step(
            "meeting", "つぶやき", keys=2, content=len(month.shared_note), reason="段落へ移り、選んで上書き"
        )
    day = f"{month.next.day.month}/{month.next.day.day}"
    place = len(month.next.place) if month.next.place != month.held.place else 0
    yield Step(
        "meeting",
        "次回の日",
        keys=2,
        content=len(day) + place,
        reason="行へ移り、選んで上書き。時刻は同じ、場所は変わったときだけ",
    )


def _after(month: MonthContent) -> Iterator[Step]:
    people = month.told
    day = f"{month.next.day.month}/{month.next.day.day}"
    yield Step("meeting", "保存してPDFに書き出す", keys=1 + 5, openings=1, reason="Ctrl+S、Alt F E A、Enter")
    yield Step(
        "meeting", "次回をカレンダーに入れて双方を招く", keys=4 + people,
        again=len(month.organisation) + len("月次面談") + len(day) + len(month.next.starts) + len(month.next.place) + PEOPLE_TYPED * people,
        openings=1, reason="新しい予定、件名、日、時刻、場所を Tab で。招く人は3文字で選んで Enter、送信",
    )  # fmt: skip
    yield Step(
        "meeting", "PDFと宿題を双方にメールする", keys=1 + people + 2 + 6 + 3 + 1,
        again=PEOPLE_TYPED * people + len("11月の月次面談の記録") + len("ありがとうございました。記録と宿題をお送りします。"),
        openings=2, reason="新しいメール、宛先、件名、1行、宿題を議事録から貼る（6）、添付（3）、送信",
    )  # fmt: skip

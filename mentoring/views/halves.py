"""Half a ratio keeps nobody from going on to another page: it is kept in the writer's session as it was typed, and there
again when they come back. What it still wants is told when they save or submit."""

from collections.abc import Iterable, Mapping

from django.http import HttpRequest

from mentoring.cells import Settled
from mentoring.forms.entry import EntryForm, Half, half_name
from mentoring.services.cells import SavedCell

HALVES = "half_entered"
Kept = dict[str, dict[str, list[str]]]  # by the cell's key


def halves_of(request: HttpRequest, pk: int) -> dict[str, Half]:
    """Of this sheet."""
    return {key: Half(tuple(kept["typed"]), tuple(kept["seen"])) for key, kept in _kept(request, pk).items()}


def keep_halves(request: HttpRequest, form: EntryForm) -> None:
    """After a post whose other cells are saved: what it left half goes with its writer to the next page."""
    halves: Kept = {
        cell.key: {
            "typed": [str(form.data.get(name, "")) for name in cell.names],
            "seen": list(form.seen.get(cell.key, ())),
        }
        for cell in form.half_cells
    }
    _put(request, form.sheet.pk, {**_kept(request, form.sheet.pk), **halves})


def let_go_of_halves(request: HttpRequest, form: EntryForm) -> None:
    """Of those that the posted page has shown, or holds itself. One that was opened before knows nothing of them."""
    held = {cell.key for cell in form.half_cells}
    shown = {
        key
        for key in _kept(request, form.sheet.pk)
        if half_name(key) in form.data or key in held or key not in form.by_key
    }
    _let_go(request, form.sheet.pk, shown)


def let_go_of_saved_halves(request: HttpRequest, pk: int, cells: Iterable[SavedCell]) -> None:
    done = (Settled.SAME, Settled.WRITE, Settled.KEEP)
    _let_go(request, pk, (one.standing.cell.key for one in cells if one.settled in done))


def as_typed(form: EntryForm, halves: Mapping[str, Half]) -> dict[str, str]:
    """By the names of the inputs."""
    return {
        name: text
        for key, half in halves.items()
        if key in form.by_key
        for name, text in zip(form.by_key[key].names, half.typed, strict=True)
    }


def _kept(request: HttpRequest, pk: int) -> Kept:
    kept: Kept = request.session.get(HALVES, {}).get(str(pk), {})
    return kept


def _put(request: HttpRequest, pk: int, kept: Kept) -> None:
    others = {sheet: cells for sheet, cells in request.session.get(HALVES, {}).items() if sheet != str(pk)}
    if kept:
        others[str(pk)] = kept
    request.session[HALVES] = others


def _let_go(request: HttpRequest, pk: int, keys: Iterable[str]) -> None:
    kept, gone = _kept(request, pk), set(keys)
    if gone & kept.keys():
        _put(request, pk, {key: half for key, half in kept.items() if key not in gone})

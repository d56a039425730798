"""The cells of the meeting's page: which of its fields are saved together, when the page saves itself.

Fields that say something only with each other are one cell: a word on a link with its sentence, a homework with who
does it. Everything else is a cell of its own, so that one that is half written keeps nothing else from being saved.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from django import forms
from django.forms import BoundField

from mentoring.forms.homework import HomeworkRow
from mentoring.forms.meeting import FACTS, FactsForm, ReviewForm

REVIEW = ("word", "sentence", "outputs")
HOMEWORK = ("text", "who", "due_on", "remove")  # a new row has nothing to take away yet
NEXT = ("next_on", "next_at", "next_place", "next_form")


@dataclass(frozen=True, slots=True)
class PageCell:
    key: str
    form: forms.Form
    names: tuple[str, ...]  # always the same ones, also where a form has nothing to choose from

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(self.form.add_prefix(name) for name in self.names)

    def texts(self, of: Mapping[str, str]) -> list[str]:
        return [of.get(key, "") for key in self.keys]

    @property
    def bound(self) -> list[BoundField]:
        return [self.form[name] for name in self.names if name in self.form.fields]


@dataclass(frozen=True, slots=True)
class CellOnPage:
    """What the page tells static/js/saving.js about a cell."""

    key: str
    names: str
    fields: list[BoundField]
    seen: str  # JSON; an empty text where nothing stood
    unsaved: str  # "typed" or "conflict": the page shows what is not stored
    theirs: str  # JSON of what somebody else wrote meanwhile


def page_cells(parts: Iterable[forms.Form]) -> dict[str, PageCell]:
    return {cell.key: cell for form in parts for cell in _cells_of(form)}


def _cells_of(form: forms.Form) -> Iterator[PageCell]:
    prefix = form.prefix or ""
    if isinstance(form, ReviewForm):
        yield PageCell(prefix, form, REVIEW)
    elif isinstance(form, HomeworkRow):
        yield PageCell(prefix, form, HOMEWORK)
    elif isinstance(form, FactsForm):
        yield PageCell(prefix, form, FACTS)
        if NEXT[0] in form.fields:
            yield PageCell("next", form, NEXT)
    else:
        yield from (PageCell(form.add_prefix(name), form, (name,)) for name in form.fields)

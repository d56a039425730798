"""Two people at one page: three texts of every field are compared, and nobody's is lost without a word.

`seen` is what stood in the field when the writer's page was made, `typed` what they send, `stored` what stands
there now. Values travel and are compared as plain texts.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.core import signing
from django.utils.translation import gettext

from core.fields import TypedField

SALT = "mentoring.merging.seen"
MINE, THEIRS = "mine", "theirs"


@dataclass(frozen=True, slots=True)
class Seen:
    """What a page showed, on its way through the browser. `asked`: where the writer was asked to choose."""

    texts: Mapping[str, str] = field(default_factory=dict)
    asked: frozenset[str] = frozenset()

    def sign(self, about: str) -> str:
        """Blank fields are left out. `about` names the page, so that the texts of one are never taken for another's."""
        texts = {key: text for key, text in self.texts.items() if text}
        return signing.dumps(
            {"about": about, "texts": texts, "asked": sorted(self.asked)}, salt=SALT, compress=True
        )

    @staticmethod
    def signed_about(signed: str) -> str:
        """The page whose texts these are; an empty text when the signature is not ours."""
        try:
            return str(signing.loads(signed, salt=SALT)["about"])
        except signing.BadSignature:
            return ""

    @classmethod
    def read(cls, about: str, signed: str) -> "Seen":
        """Unreadable counts as seen blank: what stands is then never overwritten without asking."""
        try:
            data = signing.loads(signed, salt=SALT)
        except signing.BadSignature:
            return cls()
        if data["about"] != about:
            return cls()
        return cls(texts=data["texts"], asked=frozenset(data["asked"]))


@dataclass(frozen=True, slots=True)
class Clash:
    key: str
    theirs: str  # the text as stored
    choice: str = ""


@dataclass(frozen=True, slots=True)
class Merged:
    written: frozenset[str]  # the writer's text is to be stored
    clashes: dict[str, Clash]  # both wrote, and the writer has not chosen yet


def merge(
    *,
    seen: Seen,
    typed: Mapping[str, str],
    stored: Mapping[str, str],
    chosen: Mapping[str, str],
) -> Merged:
    """Whoever left a field alone gives way. Where both changed it, the writer chooses (`chosen`: mine or theirs)
    after having seen the other text; a third text that came in meanwhile asks again."""
    written, clashes = set(), {}
    for key, mine in typed.items():
        before, theirs = seen.texts.get(key, ""), stored.get(key, "")
        choice = chosen.get(key, "") if key in seen.asked else ""
        if mine == theirs or (choice == THEIRS and theirs == before):
            continue
        if key in seen.asked and choice != MINE and theirs == before:
            clashes[key] = Clash(key, theirs)
        elif theirs == before:
            written.add(key)
        elif mine != before or choice:
            clashes[key] = Clash(key, theirs)
    return Merged(frozenset(written), clashes)


def text_of(field: forms.Field, value: Any) -> str:
    """A field's value in its wire form: 10:00 and １０：００ are one text, and so are two orders of one choice."""
    if value is None or value is False or value == "":
        return ""
    if value is True:
        return "1"
    if isinstance(value, list | tuple | set | frozenset):
        return ",".join(sorted(str(item) for item in value))
    if isinstance(field, TypedField) and not isinstance(value, str):
        return field.show(value)
    return str(value).replace("\r\n", "\n").strip()


def label_of(field: forms.Field, text: str) -> str:
    """The wire form in words: codes of choices become their labels."""
    if not isinstance(field, forms.ChoiceField):
        return text
    labels = {str(code): str(label) for code, label in _flat(field.choices)}  # type: ignore[arg-type]
    return gettext("、").join(labels.get(code, code) for code in text.split(",")) if text else ""


def _flat(choices: Iterable[tuple[Any, Any]]) -> Iterable[tuple[Any, Any]]:
    for code, label in choices:
        if isinstance(label, list | tuple):
            yield from label
        else:
            yield code, label

"""What a workbook knows of itself, signed: whose sheet it is, and what stood in it when it was made.

It stands in a very hidden sheet. With it an upload is compared three ways (mentoring.cells.settle), and what
was changed outside the yellow cells is noticed.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from django.core import signing

from grants.plan import Plan
from mentoring.cells import Wire
from reports.exports.layout import Column, Layout
from reports.exports.texts import plain

TEMPLATE = 1  # raise it when workbooks made before can no longer be read
SALT = "reports.exports.passport"

Digests = dict[str, dict[str, str]]  # by line and column


@dataclass(frozen=True, slots=True)
class Passport:
    template: int
    sheet: int
    version: int
    plan: str
    cells: Mapping[str, Wire]  # every cell that has a slot, blank ones too
    fixed: Digests  # of the texts that are not to be typed

    def sign(self) -> str:
        return signing.dumps(asdict(self), salt=SALT, compress=True)

    @classmethod
    def read(cls, signed: str) -> "Passport | None":
        """None when the signature is not ours. Of another template only `template` can be relied on."""
        try:
            data = signing.loads(signed, salt=SALT)
        except signing.BadSignature:
            return None
        if data["template"] != TEMPLATE:
            return cls(data["template"], 0, 0, "", {}, {})
        cells = {key: tuple(wire) for key, wire in data.pop("cells").items()}
        return cls(**data, cells=cells)


def issue_passport(layout: Layout) -> Passport:
    sheet = layout.reading.sheet
    return Passport(
        template=TEMPLATE,
        sheet=sheet.pk,
        version=sheet.version,
        plan=fingerprint(layout.reading.plan),
        cells=layout.stored,
        fixed={
            line.key: {
                column.value: digest(line.texts.get(column, ""))
                for column in Column
                if column not in line.slots and column != Column.KEY
            }
            for line in layout.lines
        },
    )


def fingerprint(plan: Plan) -> str:
    """Another one as soon as a word, a target or a row of the plan is another."""
    return hashlib.sha256(json.dumps(plan.to_json(), sort_keys=True).encode()).hexdigest()[:16]


def digest(text: str) -> str:
    return hashlib.sha256(plain(text).encode()).hexdigest()[:8]

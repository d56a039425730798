"""Writes the whole demonstration in one transaction; leaves alone what is there already."""

from django.db import transaction

from foundations.models import Foundation
from reports.demo import facts
from reports.demo.rows import Rows
from reports.demo.write_files import write_files
from reports.demo.write_foundation import (
    write_foundations,
    write_funds,
    write_master_lists,
    write_people,
    write_programs,
)
from reports.demo.write_months import write_months
from reports.demo.write_plans import write_grants
from reports.demo.write_programs import write_program_outcomes


def demo_is_there() -> bool:
    return Foundation.objects.filter(name=facts.CHIBANOWA.name).exists()


@transaction.atomic
def build_demo() -> bool:
    """False when the demonstration is there already: then nothing is touched, and what people entered stays."""
    if demo_is_there():
        return False
    rows = Rows()
    write_people(rows)
    write_foundations(rows)
    write_master_lists(rows)
    write_funds(rows)
    write_programs(rows)
    write_grants(rows)
    write_program_outcomes(rows)
    write_months(rows)
    write_files(rows)
    return True

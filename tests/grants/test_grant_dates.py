"""A grant lies inside its program, so that a mistyped year opens no century of sheets."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from grants.models import Grant

pytestmark = pytest.mark.django_db


def test_the_programs_own_days_are_fine(grant: Grant) -> None:
    grant.starts_on, grant.ends_on = grant.program.starts_on, grant.program.ends_on
    grant.full_clean()


def test_both_ends_outside_are_told_at_once(grant: Grant) -> None:
    grant.starts_on = grant.program.starts_on - dt.timedelta(days=1)
    grant.ends_on = grant.program.ends_on + dt.timedelta(days=1)
    with pytest.raises(ValidationError) as caught:
        grant.full_clean()
    assert set(caught.value.message_dict) == {"starts_on", "ends_on"}
    assert "日付をたしかめてください。" in caught.value.message_dict["starts_on"][0]


def test_half_filled_dates_are_left_to_the_required_fields(grant: Grant) -> None:
    grant.starts_on = None
    with pytest.raises(ValidationError) as caught:
        grant.full_clean()
    assert set(caught.value.message_dict) == {"starts_on"}

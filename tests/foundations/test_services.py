import datetime as dt

import pytest
import time_machine
from django.db import IntegrityError

from accounts.models import JournalEntry, User
from foundations.access import administered_by, may_administer
from foundations.models import Foundation, Staff
from foundations.services import end_staff_hat, open_foundation, start_staff_hat, sync_is_staff
from grantees.models import LegalForm
from grants.models import IndicatorUnit
from mentoring.models import SupportCategory, SupportMenuItem
from mentoring.services.master_lists import add_default_master_lists


@pytest.mark.django_db
def test_open_foundation_writes_the_journal() -> None:
    foundation = open_foundation(name="公益財団法人あさひ", short_name="あさひ", by=None, prefecture="千葉県")
    assert foundation.prefecture == "千葉県"
    entry = JournalEntry.objects.about(foundation).get()
    assert entry.verb == "foundation.opened"
    assert entry.foundation_id == foundation.pk


def test_default_master_lists(foundation: Foundation) -> None:
    add_default_master_lists(foundation)
    assert SupportCategory.objects.filter(foundation=foundation).count() == 14
    assert IndicatorUnit.objects.filter(foundation=foundation, name="か所").exists()
    assert LegalForm.objects.get(name="任意団体").placement == LegalForm.Placement.NONE
    assert {item.category.foundation for item in SupportMenuItem.objects.all()} == {foundation}


def test_default_master_lists_again_keeps_changes(foundation: Foundation) -> None:
    add_default_master_lists(foundation)
    SupportMenuItem.objects.filter(name="専門家の派遣").update(description="うちのことば")
    LegalForm.objects.filter(name="任意団体").delete()
    before = SupportMenuItem.objects.count()
    add_default_master_lists(foundation)
    assert SupportMenuItem.objects.count() == before
    assert SupportMenuItem.objects.get(name="専門家の派遣").description == "うちのことば"
    assert LegalForm.objects.filter(name="任意団体").count() == 1


def test_admin_hat_opens_and_its_end_closes(foundation: Foundation, officer: User, admin: User) -> None:
    assert not may_administer(officer)
    with time_machine.travel(dt.datetime(2023, 4, 1, 12, tzinfo=dt.UTC)):
        staff = start_staff_hat(foundation=foundation, user=officer, role=Staff.Role.ADMIN, by=admin)
        assert officer.is_staff
        assert may_administer(officer)
        assert list(administered_by(officer)) == [foundation]
    with time_machine.travel(dt.datetime(2023, 6, 30, 12, tzinfo=dt.UTC)):
        end_staff_hat(staff=staff, by=admin, reason="異動のため")
        assert may_administer(officer), "to the end of the day"
    with time_machine.travel(dt.datetime(2023, 7, 1, 12, tzinfo=dt.UTC)):
        assert officer.is_staff, "the column lags behind"
        assert not may_administer(officer), "access does not"
        sync_is_staff(officer)
        assert not officer.is_staff
    verbs = list(JournalEntry.objects.about(staff).order_by("pk").values_list("verb", "reason"))
    assert verbs == [("staff.started", ""), ("staff.ended", "異動のため")]


def test_other_admin_hat_keeps_the_admin_open(
    foundation: Foundation, other_foundation: Foundation, admin: User
) -> None:
    start_staff_hat(foundation=other_foundation, user=admin, role=Staff.Role.ADMIN, by=None)
    end_staff_hat(
        staff=Staff.objects.get(user=admin, foundation=foundation), by=None, last_day=dt.date(2022, 3, 31)
    )
    assert admin.is_staff
    assert list(administered_by(admin)) == [other_foundation]


def test_same_role_twice_is_refused(foundation: Foundation, officer: User) -> None:
    with pytest.raises(IntegrityError):
        start_staff_hat(foundation=foundation, user=officer, role=Staff.Role.OFFICER, by=None)


def test_deactivated_admin_is_out(admin: User) -> None:
    admin.is_active = False
    admin.save()
    assert not may_administer(admin)


@pytest.mark.django_db
def test_superuser_administers_all(foundation: Foundation, other_foundation: Foundation) -> None:
    root = User.objects.create_superuser("root@example.test", "rakuda-no-mizuumi-21", name="root")
    assert may_administer(root)
    assert set(administered_by(root)) == {foundation, other_foundation}

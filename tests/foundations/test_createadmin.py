from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from foundations.access import administered_by
from foundations.models import Foundation
from mentoring.models import SupportCategory

ANSWERS = {
    "email": "Kanri@Example.test",
    "name": "管野 理",
    "password": "rakuda-no-mizuumi-21",
    "foundation": "公益財団法人あさひ",
    "short_name": "あさひ",
}


def run(**answers: str) -> str:
    out = StringIO()
    call_command("createadmin", stdout=out, **{**ANSWERS, **answers})
    return out.getvalue()


@pytest.mark.django_db
def test_makes_foundation_lists_and_admin() -> None:
    assert "管理者になりました" in run()
    user = User.objects.get(email="kanri@example.test")
    assert user.check_password(ANSWERS["password"])
    assert user.is_staff
    assert not user.is_superuser
    foundation = administered_by(user).get()
    assert foundation.short_name == "あさひ"
    assert SupportCategory.objects.filter(foundation=foundation).count() == 14


@pytest.mark.django_db
def test_existing_address_is_told_and_nothing_changes() -> None:
    run()
    before = User.objects.get().password
    assert "すでに登録されています" in run(password="another-password-9", foundation="べつの財団")
    assert User.objects.get().password == before
    assert Foundation.objects.count() == 1


@pytest.mark.django_db
def test_second_admin_of_an_existing_foundation() -> None:
    run()
    run(email="two@example.test", name="二宮 人")
    assert Foundation.objects.count() == 1
    assert administered_by(User.objects.get(email="two@example.test")).exists()


@pytest.mark.django_db
def test_all_problems_at_once() -> None:
    with pytest.raises(CommandError) as caught:
        run(email="kanri", password="123")
    assert len(str(caught.value).splitlines()) >= 3
    assert not User.objects.exists()


@pytest.mark.django_db
def test_missing_answer_without_a_terminal_names_the_option() -> None:
    with pytest.raises(CommandError, match="--short-name か環境変数 FOUNDATION_SHORT_NAME"):
        run(short_name="")
    assert not Foundation.objects.exists()


@pytest.mark.django_db
def test_answers_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ADMIN_NAME", "環 境子")
    run(name="")
    assert User.objects.get().name == "環 境子"

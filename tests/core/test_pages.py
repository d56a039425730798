import pytest
from django.contrib.auth.models import AnonymousUser
from django.core import mail
from django.test import RequestFactory

from core import views
from core.mail import ConsoleAndFolderBackend


@pytest.fixture
def request_():
    request = RequestFactory().get("/nowhere/")
    request.user = AnonymousUser()
    return request


@pytest.mark.parametrize(
    ("view", "status", "words"),
    [
        (views.bad_request, 400, "この内容では受け取れませんでした"),
        (views.permission_denied, 403, "このページを開くことはできません"),
        (views.page_not_found, 404, "ページが見つかりません"),
        (views.csrf_failure, 403, "何も失われていません"),
        (views.server_error, 500, "うまく動きませんでした"),
    ],
)
def test_error_pages_speak_japanese_in_our_look(request_, view, status, words):
    response = view(request_)
    assert response.status_code == status
    page = response.content.decode()
    assert words in page
    assert "css/app.css" in page
    assert "style=" not in page


def test_favicon_is_where_browsers_look_for_it(request_):
    assert views.favicon(request_).url == "/static/img/favicon.svg"


@pytest.mark.django_db
def test_healthz_asks_the_database(request_, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert views.healthz(request_).content == b"ok"


def test_mails_land_in_the_folder_and_on_the_console(settings, tmp_path, capsys):
    settings.MAIL_FOLDER = tmp_path / "mail"
    message = mail.EmailMessage("招待", "リンクを開いてください", to=["mori@example.org"])
    assert ConsoleAndFolderBackend().send_messages([message]) == 1
    (readable,) = (tmp_path / "mail").glob("*.txt")
    assert "リンクを開いてください" in readable.read_text(encoding="utf-8")
    assert len(list((tmp_path / "mail").glob("*.eml"))) == 1
    assert "Subject: 招待" in capsys.readouterr().out

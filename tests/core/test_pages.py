import io

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core import mail
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.test import RequestFactory

from core import views
from core.files import serve_private
from core.mail import ConsoleAndFolderBackend, send_mail_template


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


@pytest.mark.parametrize("error", [RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent])
def test_too_much_at_once_is_told_apart(request_, error):
    response = views.bad_request(request_, error())
    assert response.status_code == 413
    assert "いくつかに分けて、もう一度送ってください" in response.content.decode()


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


@pytest.mark.django_db
def test_a_mail_waits_for_the_commit(mailoutbox, settings, tmp_path, django_capture_on_commit_callbacks):
    (tmp_path / "mail").mkdir()
    (tmp_path / "mail" / "hello.txt").write_text(
        "{% extends 'mail/base.txt' %}{% block subject %}こんにちは{% endblock %}"
        "{% block body %}{{ name }}さん{% endblock %}",
        encoding="utf-8",
    )
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [*settings.TEMPLATES[0]["DIRS"], tmp_path]}]
    with django_capture_on_commit_callbacks(execute=True):
        send_mail_template("hello", "mori@example.org", {"name": "森 <千夏>"})
        assert mailoutbox == []
    (message,) = mailoutbox
    assert message.subject == "こんにちは"
    assert message.body.startswith("森 <千夏>さん")
    assert settings.SITE_URL in message.body
    assert message.to == ["mori@example.org"]


def test_private_files_keep_their_japanese_name_and_nothing_guesses_their_type():
    response = serve_private(
        io.BytesIO(b"%PDF"), filename="面談 2022年9月.pdf", content_type="application/pdf"
    )
    assert "filename*=utf-8''%E9%9D%A2%E8%AB%87%202022" in response["Content-Disposition"]
    assert response["Content-Disposition"].startswith("inline")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "private, no-store"
    assert b"".join(response.streaming_content) == b"%PDF"


@pytest.mark.django_db
def test_anybody_can_choose_the_language_and_only_by_posting(client):
    client.get("/language/", {"language": "en"})
    assert "django_language" not in client.cookies
    response = client.post("/language/", {"language": "en", "next": "/accounts/login/"})
    assert response.url == "/accounts/login/"
    assert client.cookies["django_language"].value == "en"
    assert 'lang="en"' in client.get("/accounts/login/").content.decode()

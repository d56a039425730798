import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.urls import reverse

from accounts.models import User

pytestmark = pytest.mark.django_db

EMAIL = "mori@example.org"
PASSWORD = "a-long-enough-secret"
AFTER = "/accounts/2fa/"


@pytest.fixture(autouse=True)
def home(settings):
    settings.LOGIN_REDIRECT_URL = AFTER


@pytest.fixture
def mori():
    return User.objects.create_user(EMAIL, PASSWORD, name="森 千夏")


@pytest.fixture
def signed_in(client, mori):
    """Signed in, and asked once more for the password, as the pages of the second factor want it."""
    client.post(reverse("account_login"), {"login": EMAIL, "password": PASSWORD, "next": AFTER})
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD, "next": AFTER})
    return client


def text_of(response):
    return response.content.decode()


def code_for(secret):
    return totp.format_hotp_value(totp.hotp_value(secret, next(iter(totp.yield_hotp_counters_from_time()))))


def test_the_page_asks_in_japanese_and_in_our_look(client):
    page = text_of(client.get(reverse("account_login")))
    for words in (
        "何が変わりましたか。",
        "メールアドレス",
        "※必須",
        "パスワードを忘れたとき",
        "パスキーを使う",
    ):
        assert words in page
    assert "placeholder" not in page
    assert "signup" not in page


def test_sign_in_works(client, mori):
    response = client.post(
        reverse("account_login"), {"login": "Mori@Example.org", "password": PASSWORD, "next": AFTER}
    )
    assert response.status_code == 302
    assert response.url == AFTER
    assert client.session["_auth_user_id"] == str(mori.pk)


def test_the_session_ends_with_the_browser_unless_asked_to_stay(client, mori):
    client.post(reverse("account_login"), {"login": EMAIL, "password": PASSWORD, "next": AFTER})
    assert client.session.get_expire_at_browser_close()
    client.logout()
    client.post(
        reverse("account_login"), {"login": EMAIL, "password": PASSWORD, "remember": "on", "next": AFTER}
    )
    assert not client.session.get_expire_at_browser_close()


@pytest.mark.parametrize("email", [EMAIL, "nobody@example.org"])
def test_a_wrong_password_is_told_alike_for_everybody_and_the_address_stays(client, mori, email):
    page = text_of(client.post(reverse("account_login"), {"login": email, "password": "wrong"}))
    assert "メールアドレスかパスワードが違うようです。" in page
    assert f'value="{email}"' in page
    assert "_auth_user_id" not in client.session


def test_somebody_who_left_cannot_sign_in(client, mori):
    mori.is_active = False
    mori.save()
    response = client.post(reverse("account_login"), {"login": EMAIL, "password": PASSWORD}, follow=True)
    assert "_auth_user_id" not in client.session
    assert "お休み中" in text_of(response)


def test_guessing_is_slowed_down(client, mori):
    for _ in range(5):
        client.post(reverse("account_login"), {"login": EMAIL, "password": "wrong"})
    page = text_of(client.post(reverse("account_login"), {"login": EMAIL, "password": PASSWORD}))
    assert "少しお休みしています" in page
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("method", ["get", "post"])
def test_nobody_opens_an_account_alone(client, method):
    answer = getattr(client, method)(
        reverse("account_signup"), {"email": EMAIL, "password1": PASSWORD, "password2": PASSWORD}
    )
    assert "招待のメールからはじめます" in text_of(answer)
    assert not User.objects.exists()


def test_signing_out(signed_in):
    assert "サインアウトしますか" in text_of(signed_in.get(reverse("account_logout")))
    response = signed_in.post(reverse("account_logout"), follow=True)
    assert "サインアウトしました。" in text_of(response)
    assert "_auth_user_id" not in signed_in.session


def test_password_reset_from_the_mail_to_the_new_password(client, mori, mailoutbox):
    response = client.post(reverse("account_reset_password"), {"email": EMAIL}, follow=True)
    assert "メールをお送りしました" in text_of(response)
    (message,) = mailoutbox
    assert message.subject == "パスワードの再設定"
    assert "新しいパスワードを決めてください。" in message.body
    link = re.search(r"https?://testserver(\S+)", message.body)[1]
    page = client.get(link, follow=True)
    assert "新しいパスワードを決める" in text_of(page)
    action = page.request["PATH_INFO"]
    refused = client.post(action, {"password1": "short", "password2": "other"})
    assert "field-error" in text_of(refused)
    done = client.post(
        action, {"password1": "another-long-secret", "password2": "another-long-secret"}, follow=True
    )
    assert "パスワードを変えました" in text_of(done)
    mori.refresh_from_db()
    assert mori.check_password("another-long-secret")
    assert "このリンクは使えません" in text_of(client.get(link, follow=True))


def test_a_reset_for_an_unknown_address_looks_the_same(client, mailoutbox):
    response = client.post(reverse("account_reset_password"), {"email": "who@example.org"}, follow=True)
    assert "メールをお送りしました" in text_of(response)
    assert mailoutbox[0].subject == "このアドレスのアカウントはありません"


def test_changing_the_password(signed_in, mori, mailoutbox):
    url = reverse("account_change_password")
    page = signed_in.post(url, {"oldpassword": "wrong", "password1": "x", "password2": "y"})
    assert "いまのパスワードと違うようです。" in text_of(page)
    new = "another-long-secret"
    signed_in.post(url, {"oldpassword": PASSWORD, "password1": new, "password2": new})
    mori.refresh_from_db()
    assert mori.check_password(new)
    assert mailoutbox[-1].subject == "パスワードが変わりました"


def test_an_address_is_not_changed_here(signed_in, mori):
    response = signed_in.post(reverse("account_email"), {"email": "other@example.org", "action_add": ""})
    assert response.url == reverse("mfa_index")
    mori.refresh_from_db()
    assert mori.email == EMAIL


def test_the_authenticator_app_from_enrolment_to_sign_in(signed_in, client, mori, mailoutbox, monkeypatch):
    monkeypatch.setattr(
        "django.db.transaction.on_commit", lambda then: then()
    )  # while the request still runs
    page = text_of(signed_in.get(reverse("mfa_activate_totp")))
    secret = signed_in.session["mfa.totp.secret"]
    assert secret in page
    assert "<svg" in page
    assert "data:image" not in page

    wrong = signed_in.post(reverse("mfa_activate_totp"), {"code": "000000"})
    assert "コードが違うようです。" in text_of(wrong)
    assert not Authenticator.objects.exists()

    codes = signed_in.post(reverse("mfa_activate_totp"), {"code": code_for(secret)}, follow=True)
    assert "予備コード" in text_of(codes)
    assert Authenticator.objects.filter(user=mori, type=Authenticator.Type.TOTP).exists()
    assert mailoutbox[0].subject == "確認アプリを使いはじめました"
    recovery = Authenticator.objects.get(type=Authenticator.Type.RECOVERY_CODES).wrap().get_unused_codes()
    assert recovery[0] in text_of(codes)

    signed_in.post(reverse("account_logout"))
    asked = client.post(
        reverse("account_login"), {"login": EMAIL, "password": PASSWORD, "next": AFTER}, follow=True
    )
    assert "もうひとつの確認" in text_of(asked)
    assert "_auth_user_id" not in client.session
    client.post(reverse("mfa_authenticate"), {"code": recovery[0]})
    assert client.session["_auth_user_id"] == str(mori.pk)


def test_leaving_the_authenticator_app(signed_in, mori):
    signed_in.get(reverse("mfa_activate_totp"))
    signed_in.post(reverse("mfa_activate_totp"), {"code": code_for(signed_in.session["mfa.totp.secret"])})
    assert "確認アプリをやめますか" in text_of(signed_in.get(reverse("mfa_deactivate_totp")))
    signed_in.post(reverse("mfa_deactivate_totp"))
    assert not Authenticator.objects.filter(user=mori).exists()


def test_passkey_pages(signed_in, mori):
    assert "パスキーは、まだありません。" in text_of(signed_in.get(reverse("mfa_list_webauthn")))
    page = text_of(signed_in.get(reverse("mfa_add_webauthn")))
    assert "この端末で確かめて加える" in page
    assert 'value="パスキー1"' in page
    signed_in.post(reverse("account_logout"))
    options = signed_in.get(reverse("mfa_login_webauthn"), headers={"Accept": "application/json"}).json()
    assert "challenge" in options["request_options"]["publicKey"]


PAGES = [
    "account_login",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key_done",
    "account_signup",
    "account_inactive",
]
OWN_PAGES = [
    "account_logout",
    "account_change_password",
    "account_reauthenticate",
    "mfa_index",
    "mfa_activate_totp",
    "mfa_list_webauthn",
    "mfa_add_webauthn",
    "mfa_generate_recovery_codes",
]


@pytest.mark.parametrize("name", PAGES)
def test_pages_for_everybody_stand_under_the_strict_policy(client, name):
    assert_strict(client.get(reverse(name)))


@pytest.mark.parametrize("name", OWN_PAGES)
def test_own_pages_stand_under_the_strict_policy(signed_in, name):
    assert_strict(signed_in.get(reverse(name)))


def assert_strict(response):
    assert response.status_code == 200
    policy = response["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "data:" not in policy
    page = text_of(response)
    assert "style=" not in page
    assert not re.search(r"\son\w+=", page)
    for attributes in re.findall(r"<script([^>]*)>", page):
        assert "src=" in attributes or 'type="application/json"' in attributes


def test_own_pages_ask_for_sign_in_first(client):
    for name in set(OWN_PAGES) - {"account_logout"}:
        assert client.get(reverse(name)).url.startswith(reverse("account_login"))


def test_the_admin_has_no_second_door(client, mori):
    url = reverse("admin:login")
    assert client.get(url).url.startswith(reverse("account_login"))
    client.force_login(mori)
    assert client.get(url).status_code == 403
    assert client.post(url, {"username": EMAIL, "password": PASSWORD}).status_code == 403


def test_the_admin_changes_passwords_on_the_one_page_for_it(admin_client):
    response = admin_client.get(reverse("admin:password_change"))
    assert response.url == reverse("account_change_password")


def test_the_admin_looks_and_signs_out_like_everything_else(admin_client):
    page = text_of(admin_client.get(reverse("admin:index")))
    assert "伴走 管理" in page
    assert "css/admin.css" in page
    assert f'action="{reverse("account_logout")}"' in page
    assert "style=" not in page

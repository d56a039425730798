"""The page of photos and files: adding, all problems at once, taking away, getting back."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from mentoring.forms import attachments as forms
from mentoring.models import Attachment, OutcomeChange, ProgressSheet
from mentoring.services import attachments as service
from mentoring.views.held import HELD_FILES
from tests import samples
from tests.factories import AttachmentFactory, PlanRows, SheetFactory, moment
from tests.mentoring.attaching import JSON, NOBODY, SOMEBODY, add, files_of, photo
from tests.mentoring.entry import change, fields_of, figure, open_entry
from tests.samples import upload

SignIn = Callable[[User], Client]


@pytest.fixture
def sheet(plan: PlanRows) -> ProgressSheet:
    return SheetFactory(grant=plan.grant)


def names() -> list[str]:
    return list(Attachment.objects.standing().order_by("pk").values_list("name", flat=True))


# --- adding ---


def test_works(sign_in: SignIn, sheet: ProgressSheet, member: User) -> None:
    client = sign_in(member)
    response = add(
        client, sheet, photo(), upload("ちらし.pdf", samples.PDF), caption="秋の芋煮会", **SOMEBODY
    )
    assert (response.status_code, response["Location"]) == (302, f"/sheets/{sheet.pk}/files/")
    html = files_of(client, sheet)
    assert "2個のファイルを残しました。" in html
    image, document = Attachment.objects.order_by("pk")
    assert (image.caption, document.caption) == ("秋の芋煮会", "秋の芋煮会")
    assert (image.shows_people, image.consent_by, document.shows_people) == (True, member, False)
    assert html.count(f"（{member.name}さんが確認）") == 1
    assert f'<img src="/files/{image.pk}/thumbnail/" alt="写真を大きく見る: 秋の芋煮会"' in html


def test_a_bare_address_leads_to_the_page(sign_in: SignIn, sheet: ProgressSheet, member: User) -> None:
    response = sign_in(member).get(f"/sheets/{sheet.pk}/files/add/")
    assert response["Location"] == f"/sheets/{sheet.pk}/files/"


def test_every_problem_is_told_and_the_good_ones_are_kept(
    sign_in: SignIn, sheet: ProgressSheet, member: User
) -> None:
    response = add(
        sign_in(member), sheet,
        upload("動く絵.gif", samples.GIF), photo("よい写真.jpg"), upload("いたずら.jpg", samples.EXE),
        upload("よい表.xlsx", samples.xlsx()), upload("空.pdf", b""),
        caption="秋の芋煮会", people="nobody",
    )  # fmt: skip
    html = response.content.decode()
    assert (response.status_code, names()) == (422, ["よい写真.jpg", "よい表.xlsx"])
    assert "残していないファイルが、3個あります。" in html
    assert "ほかの2個は残しました。" in html
    for words in ("「動く絵.gif」は、GIF", "「いたずら.jpg」は、プログラム", "「空.pdf」は、中身が空"):
        assert words in html
    assert fields_of(response)["caption"] == "秋の芋煮会"
    assert 'value="nobody" id="id_people_0" checked' in html.replace("required ", "")


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"people": ""}, "人が写っているかどうかを選んでください"),
        ({"people": "somebody"}, "了解があるときだけ残せます"),
        ({"people": "both"}, "both"),
    ],
)
def test_photos_wait_for_the_answer_who_is_in_them(
    sign_in: SignIn, sheet: ProgressSheet, member: User, fields: dict[str, str], words: str
) -> None:
    response = add(
        sign_in(member), sheet, photo("芋煮会.jpg"), upload("ちらし.pdf", samples.PDF), caption="秋", **fields
    )
    html = response.content.decode()
    assert (response.status_code, names()) == (422, ["ちらし.pdf"])
    assert words in html
    assert "「芋煮会.jpg」は、まだ残していません。" in html
    assert fields_of(response)["caption"] == "秋"


def test_documents_ask_for_nobody(sign_in: SignIn, sheet: ProgressSheet, member: User) -> None:
    assert add(sign_in(member), sheet, upload("a.pdf", samples.PDF), caption="").status_code == 302
    assert names() == ["a.pdf"]


def test_a_caption_that_is_too_long_keeps_all_back(
    sign_in: SignIn, sheet: ProgressSheet, member: User
) -> None:
    response = add(sign_in(member), sheet, photo("a.jpg"), caption="あ" * 301, **NOBODY)
    assert (response.status_code, names()) == (422, [])
    assert "「a.jpg」は、まだ残していません。" in response.content.decode()
    assert fields_of(response)["caption"] == "あ" * 301


def test_nothing_chosen(sign_in: SignIn, sheet: ProgressSheet, member: User) -> None:
    response = add(sign_in(member), sheet, caption="秋")
    assert response.status_code == 422
    assert "ファイルを選んでください。" in response.content.decode()


def test_too_many_at_once(
    sign_in: SignIn, sheet: ProgressSheet, member: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forms, "AT_ONCE", 2)
    response = add(sign_in(member), sheet, *(photo(f"{width}.jpg", width) for width in (60, 70, 80)))
    assert (response.status_code, names()) == (422, ["60.jpg", "70.jpg"])
    assert "「80.jpg」は、残していません。一度に送れるのは2個までです。" in response.content.decode()


def test_a_full_sheet(
    sign_in: SignIn, sheet: ProgressSheet, member: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "MOST_FILES", 1)
    response = add(sign_in(member), sheet, photo("a.jpg"), photo("b.jpg", 70))
    assert (response.status_code, names()) == (422, ["a.jpg"])
    assert "「b.jpg」は、残していません。1つのシートに置けるのは" in response.content.decode()


def test_the_same_one_sent_twice_is_no_problem(sign_in: SignIn, sheet: ProgressSheet, member: User) -> None:
    client = sign_in(member)
    add(client, sheet, photo())
    assert add(client, sheet, photo("また.jpg")).status_code == 302
    assert names() == ["芋煮会.jpg"]
    assert "「芋煮会.jpg」は、もうこのシートにあるものと同じです。" in files_of(client, sheet)


def test_a_large_file_goes_over_the_disk(
    sign_in: SignIn, sheet: ProgressSheet, member: User, settings: Any
) -> None:
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 1000
    body = samples.PDF[:9] + b"0" * 5000 + samples.PDF[9:]
    assert add(sign_in(member), sheet, upload("a.pdf", body)).status_code == 302
    row = Attachment.objects.get()
    with row.file.open("rb") as stream:
        assert stream.read() == body


def test_whoever_may_take_it_away_is_told_that_a_document_names_its_author(
    sign_in: SignIn, sheet: ProgressSheet, member: User, adviser: User
) -> None:
    client, told = sign_in(member), "つくった人や団体の名前が入っています。記録として確かなように"
    signed = samples.PDF.replace(b"trailer", b"<</Author(Yamada)>>\ntrailer")
    add(client, sheet, upload("ちらし.pdf", samples.PDF))
    assert told not in files_of(client, sheet)
    add(client, sheet, upload("報告.pdf", signed))
    page = files_of(client, sheet)
    assert page.count(told) == 1
    assert page.index("報告.pdf") < page.index(told)
    assert "Yamada" not in page
    assert told not in files_of(sign_in(adviser), sheet), "who cannot change it need not be told"
    kept = Attachment.objects.get(names_author=True)
    assert b"".join(sign_in(member).get(kept.get_absolute_url())) == signed


def test_names_in_names_and_captions_are_asked_about_beside_them(
    sign_in: SignIn, sheet: ProgressSheet, member: User, adviser: User
) -> None:
    client = sign_in(member)
    response = add(client, sheet, photo("山田さんの作文.jpg"), caption="あおぞらの会さんの庭で", **NOBODY)
    assert response.status_code == 302
    html = files_of(client, sheet)
    assert "「山田さん」は人の名前のように読めます。" in html
    assert "「あおぞらの会さん」" not in html
    assert "人の名前のように" not in files_of(sign_in(adviser), sheet)


def test_the_script_is_told_in_json(sign_in: SignIn, sheet: ProgressSheet, member: User) -> None:
    client = sign_in(member)
    response = add(client, sheet, photo(), headers=JSON)
    assert (response.status_code, response.json()) == (200, {"kept": 1, "problems": []})
    response = add(client, sheet, photo(), headers=JSON)
    assert (response.status_code, response.json()) == (200, {"kept": 0, "problems": []})
    response = add(client, sheet, upload("a.gif", samples.GIF), headers=JSON)
    assert (response.status_code, response.json()["kept"]) == (422, 0)
    assert "「a.gif」は、GIF" in response.json()["problems"][0]
    response = add(client, sheet, photo("b.jpg", 70), headers=JSON, people="somebody")
    assert "「b.jpg」は、まだ残していません。" in response.json()["problems"][0]
    assert "notice-done" not in files_of(client, sheet)  # the script says it itself


def test_without_the_token_nothing_is_taken(sheet: ProgressSheet, member: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(member)
    row = AttachmentFactory(sheet=sheet)
    for url in (
        f"/sheets/{sheet.pk}/files/add/",
        f"/files/{row.pk}/remove/",
        f"/files/{row.pk}/edit/",
    ):
        assert client.post(url, {"chosen": photo()}).status_code == 403
    assert names() == [row.name]


def test_every_form_of_the_page_carries_the_token(
    sign_in: SignIn, sheet: ProgressSheet, member: User
) -> None:
    AttachmentFactory(sheet=sheet)
    AttachmentFactory(sheet=sheet, removed=True)
    html = files_of(sign_in(member), sheet)
    main = html[html.index("<main") : html.index("</main>")]
    assert main.count("<form") == main.count("csrfmiddlewaretoken") == 3


# --- the month moved on, the sign-in ran out ---


@pytest.mark.parametrize(
    ("who", "state"), [("member", "submitted"), ("officer", "closed"), ("member", "closed")]
)
def test_a_page_that_went_stale_is_told_and_keeps_the_words(
    request: pytest.FixtureRequest, sign_in: SignIn, plan: PlanRows, who: str, state: str
) -> None:
    extra = {"closed": True} if state == "closed" else {"state": state}
    sheet, client = SheetFactory(grant=plan.grant, **extra), sign_in(request.getfixturevalue(who))
    row, removed = AttachmentFactory(sheet=sheet), AttachmentFactory(sheet=sheet, removed=True)
    response = add(client, sheet, photo(), caption="秋の芋煮会", **NOBODY)
    assert response.status_code == 409
    assert "先に進んでいました" in response.content.decode()
    assert "秋の芋煮会" in response.content.decode()
    assert add(client, sheet, photo(), headers=JSON).status_code == 409
    for url in (f"/files/{row.pk}/remove/", f"/files/{removed.pk}/restore/"):
        assert client.post(url).status_code == 409
    assert client.get(f"/files/{row.pk}/edit/").status_code == 302
    assert names() == [row.name]


def test_signed_out_the_words_come_back_and_the_files_are_asked_for_again(
    sign_in: SignIn, sheet: ProgressSheet, member: User
) -> None:
    fields = fields_of(sign_in(member).get(f"/sheets/{sheet.pk}/files/"))
    client = Client()
    page = f"/sheets/{sheet.pk}/files/"
    response = add(client, sheet, photo(), **{**fields, "caption": "秋の芋煮会", **SOMEBODY})
    assert response["Location"] == f"/accounts/login/?next={page}"
    client.force_login(member)
    response = client.get(page)
    html = response.content.decode()
    assert "ファイルは届いていません。" in html
    assert fields_of(response)["caption"] == "秋の芋煮会"
    assert 'value="somebody" id="id_people_1" checked' in html
    assert "ファイルは届いていません。" not in files_of(client, sheet)  # said once
    assert names() == []


def test_only_words_from_our_own_page_are_held(sign_in: SignIn, sheet: ProgressSheet, member: User) -> None:
    other = SheetFactory(grant=sheet.grant, month=sheet.month.replace(month=9))
    theirs = fields_of(sign_in(member).get(f"/sheets/{other.pk}/files/"))["seen"]
    client = Client()
    for seen in ("", "made-up", theirs):
        add(client, sheet, photo(), seen=seen, caption="x" * 1000)
    assert HELD_FILES not in client.session


def test_adding_from_the_entry_page_saves_it_first(
    sign_in: SignIn, sheet: ProgressSheet, plan: PlanRows, member: User
) -> None:
    client = sign_in(member)
    fields = {**open_entry(client, sheet), change(plan): "長い文"}
    response = client.post(f"/sheets/{sheet.pk}/entry/files/", fields)
    assert response["Location"] == f"/sheets/{sheet.pk}/files/"
    assert OutcomeChange.objects.get().text == "長い文"
    assert "保存しました。" in files_of(client, sheet)
    fields = {**open_entry(client, sheet), figure(plan, "sum"): "12人くらい", change(plan, 1): "もう一つ"}
    response = client.post(f"/sheets/{sheet.pk}/entry/files/", fields)
    assert (response.status_code, "12人くらい" in response.content.decode()) == (422, True)
    assert OutcomeChange.objects.count() == 2
    assert client.get(f"/sheets/{sheet.pk}/entry/files/")["Location"] == f"/sheets/{sheet.pk}/entry/"


def test_enter_in_a_field_of_the_entry_page_saves_and_stays(
    sign_in: SignIn, sheet: ProgressSheet, member: User
) -> None:
    """Browsers press the first button of a form."""
    html = sign_in(member).get(f"/sheets/{sheet.pk}/entry/").content.decode()
    main = html[html.index("<main") : html.index("</main>")]
    first = main[main.index('type="submit"') - 80 : main.index("</button>", main.index('type="submit"'))]
    assert "formaction" not in first


# --- reading ---


@pytest.mark.parametrize("address", ["/sheets/{}/", "/sheets/{}/entry/", "/sheets/{}/files/"])
def test_what_stands_is_shown_on_every_page_of_the_sheet(
    sign_in: SignIn, sheet: ProgressSheet, member: User, address: str
) -> None:
    row = AttachmentFactory(sheet=sheet, caption="秋の芋煮会")
    document = AttachmentFactory(sheet=sheet, document=True)
    removed = AttachmentFactory(sheet=sheet, removed=True)
    elsewhere = AttachmentFactory(sheet__grant=sheet.grant, sheet__month=sheet.month.replace(month=9))
    html = sign_in(member).get(address.format(sheet.pk)).content.decode()
    assert "秋の芋煮会" in html
    assert f'href="/files/{row.pk}/"' in html
    assert document.name in html
    assert f'href="/files/{removed.pk}/"' not in html
    assert f"/files/{elsewhere.pk}/" not in html


def test_readers_read_and_are_offered_nothing_else(
    sign_in: SignIn, sheet: ProgressSheet, adviser: User
) -> None:
    row, removed = AttachmentFactory(sheet=sheet), AttachmentFactory(sheet=sheet, removed=True)
    html = files_of(sign_in(adviser), sheet)
    main = html[html.index("<main") : html.index("</main>")]
    assert row.name in main
    assert removed.name not in main
    assert "<form" not in main
    assert "js/files.js" not in html


def test_the_board_sees_none_of_it(sign_in: SignIn, plan: PlanRows, board: User) -> None:
    sheet = SheetFactory(grant=plan.grant, closed=True)
    row = AttachmentFactory(sheet=sheet, caption="秋の芋煮会")
    client = sign_in(board)
    html = client.get(f"/sheets/{sheet.pk}/").content.decode()
    assert "写真・ファイル" not in html
    assert "秋の芋煮会" not in html
    assert client.get(f"/sheets/{sheet.pk}/files/").status_code == 403
    assert client.get(f"/files/{row.pk}/").status_code == 404


def test_a_closed_month_is_read_only(sign_in: SignIn, plan: PlanRows, officer: User, member: User) -> None:
    sheet = SheetFactory(grant=plan.grant, closed=True)
    AttachmentFactory(sheet=sheet)
    for user, words in (
        (officer, "先に理由を書いて再開してください"),
        (member, "再開されると、加えられます"),
    ):
        html = files_of(sign_in(user), sheet)
        assert words in html
        assert "data-files" not in html
        assert "/remove/" not in html


@pytest.mark.parametrize("count", [1, 3])
def test_queries_do_not_grow_with_the_files(
    sign_in: SignIn,
    sheet: ProgressSheet,
    member: User,
    count: int,
    django_assert_num_queries: Callable[[int], AbstractContextManager[Any]],
) -> None:
    for _ in range(count):
        AttachmentFactory(sheet=sheet, shows_people=True, consent_by=member, consent_at=moment(2022, 11, 2))
        AttachmentFactory(sheet=sheet, document=True)
        AttachmentFactory(sheet=sheet, removed=True)
    client = sign_in(member)
    client.get(f"/sheets/{sheet.pk}/files/")
    with django_assert_num_queries(9):
        client.get(f"/sheets/{sheet.pk}/files/")


# --- describing, taking away, getting back ---


def test_a_description_is_mended(sign_in: SignIn, sheet: ProgressSheet, member: User) -> None:
    row, client = AttachmentFactory(sheet=sheet, name="a.jpg"), sign_in(member)
    edit = f"/files/{row.pk}/edit/"
    fields = fields_of(client.get(edit))
    assert fields["name"] == "a.jpg"
    response = client.post(edit, {**fields, "name": "../秋.HEIC", "caption": "庭で", **SOMEBODY})
    assert response["Location"] == f"/sheets/{sheet.pk}/files/"
    row.refresh_from_db()
    assert (row.name, row.caption, row.shows_people, row.consent_by) == ("秋.jpg", "庭で", True, member)


def test_a_doubt_about_it_is_shown_once_more(sign_in: SignIn, sheet: ProgressSheet, member: User) -> None:
    row, client = AttachmentFactory(sheet=sheet, document=True), sign_in(member)
    edit = f"/files/{row.pk}/edit/"
    response = client.post(edit, {**fields_of(client.get(edit)), "caption": "山田さんの庭で"})
    assert response["Location"] == edit
    response = client.get(edit)
    assert "「山田さん」は人の名前のように読めます。" in response.content.decode()
    assert client.post(edit, fields_of(response))["Location"] == f"/sheets/{sheet.pk}/files/"


def test_all_errors_of_a_description_are_told(sign_in: SignIn, sheet: ProgressSheet, member: User) -> None:
    row, client = AttachmentFactory(sheet=sheet), sign_in(member)
    response = client.post(
        f"/files/{row.pk}/edit/", {"name": "", "caption": "あ" * 301, "people": "somebody"}
    )
    html = response.content.decode()
    assert response.status_code == 422
    assert "3か所を直すと進めます。" in html
    assert "了解があるときだけ残せます" in html


def test_what_another_person_wrote_is_shown_before_it_gives_way(
    sign_in: SignIn, sheet: ProgressSheet, member: User, officer: User
) -> None:
    row = AttachmentFactory(sheet=sheet, document=True, caption="はじめ")
    edit, one, two = f"/files/{row.pk}/edit/", sign_in(member), sign_in(officer)
    page_one, page_two = fields_of(one.get(edit)), fields_of(two.get(edit))
    assert one.post(edit, {**page_one, "caption": "団体の文"}).status_code == 302
    response = two.post(edit, {**page_two, "caption": "財団の文"})
    assert (response.status_code, "「団体の文」" in response.content.decode()) == (422, True)
    assert fields_of(response)["caption"] == "財団の文"
    assert two.post(edit, fields_of(response)).status_code == 302
    row.refresh_from_db()
    assert row.caption == "財団の文"


def test_taking_away_and_getting_back(
    sign_in: SignIn, sheet: ProgressSheet, member: User, officer: User
) -> None:
    row, client = AttachmentFactory(sheet=sheet, name="秋.jpg"), sign_in(member)
    response = client.post(f"/files/{row.pk}/remove/", {"reason": "  まちがえて \n 送った "})
    assert response["Location"] == f"/sheets/{sheet.pk}/files/"
    html = files_of(client, sheet)
    assert "「秋.jpg」を消しました。30日のあいだ戻せます。" in html
    assert "理由: まちがえて 送った" in html
    assert f'action="/files/{row.pk}/restore/"' in html
    assert client.get(f"/files/{row.pk}/").status_code == 404
    assert client.get(f"/files/{row.pk}/thumbnail/").status_code == 404
    response = sign_in(officer).post(f"/files/{row.pk}/restore/")
    assert response["Location"] == f"/sheets/{sheet.pk}/files/"
    assert client.get(f"/files/{row.pk}/").status_code == 200


def test_what_cannot_be_had_back_says_why(sign_in: SignIn, sheet: ProgressSheet, member: User) -> None:
    client = sign_in(member)
    twin = AttachmentFactory(sheet=sheet, removed=True, sha256="a" * 64)
    AttachmentFactory(sheet=sheet, sha256="a" * 64)
    gone = AttachmentFactory(
        sheet=sheet, removed=True, purged_at=moment(2022, 12, 12), file="", thumbnail="", name=""
    )
    for row, words in ((twin, "同じものが、もうこのシートにあります。"), (gone, "もう戻せません。")):
        client.post(f"/files/{row.pk}/restore/")
        assert words in files_of(client, sheet)
    assert Attachment.objects.standing().count() == 1

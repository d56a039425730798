"""The logic model on paper, its words read back."""

import datetime as dt
from collections.abc import Callable
from io import BytesIO

from django.test import Client
from pypdf import PdfReader

from accounts.models import User
from mentoring.picture import periods_of, read_picture
from reports.pdf.model import model_filename, render_model_pdf
from tests.factories import FigureFactory, PlanRows, SheetFactory

JUNE = dt.date(2022, 6, 1)
A3 = (842, 1191)  # points


def text_of(pdf: bytes) -> str:
    return "".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages).replace("\n", "")


def test_the_drawing_and_its_words_are_on_a3(plan: PlanRows) -> None:
    FigureFactory(
        sheet=SheetFactory(grant=plan.grant, month=JUNE, closed=True),
        indicator=plan.indicators["sum"],
        value=7,
    )
    picture = read_picture(plan.grant, JUNE, periods_of(plan.grant))
    pdf = render_model_pdf(picture)
    pages = PdfReader(BytesIO(pdf)).pages
    assert sorted(round(float(side)) for side in pages[0].mediabox[2:]) == list(A3)
    first = pages[0].extract_text().replace("\n", "")
    assert "居場所が" in first, "letters, not outlines"
    assert "7／" in first
    assert "文字で読む" in text_of(pdf)
    assert "確定した数" in first
    assert pdf == render_model_pdf(picture)
    assert model_filename(picture) == "あおぞらの会_2022-06_事業設計図.pdf"


def test_it_is_served_in_private(plan: PlanRows, sign_in: Callable[[User], Client], officer: User) -> None:
    response = sign_in(officer).get(f"/grants/{plan.grant.pk}/model.pdf")
    assert response["Content-Type"] == "application/pdf"
    assert "private" in response["Cache-Control"]

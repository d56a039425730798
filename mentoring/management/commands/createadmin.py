import os
import sys
from getpass import getpass
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email
from django.db import transaction

from accounts.models import User
from accounts.services import open_account
from foundations.models import Foundation, Staff
from foundations.services import open_foundation, start_staff_hat
from mentoring.services.master_lists import add_default_master_lists

# option → (environment variable, what is asked)
QUESTIONS = {
    "email": ("ADMIN_EMAIL", "管理者のメールアドレス"),
    "name": ("ADMIN_NAME", "管理者の氏名"),
    "foundation": ("FOUNDATION_NAME", "財団の名称（例: 公益財団法人○○）"),
    "short_name": ("FOUNDATION_SHORT_NAME", "財団の略称（書類の「○○出席者」に使います）"),
    "password": ("ADMIN_PASSWORD", "パスワード（10文字以上）"),
}


class Command(BaseCommand):
    help = "最初の管理者と財団を作ります。足りないことは尋ねます。すでにある財団の名称なら、管理者だけを加えます。"

    def add_arguments(self, parser: CommandParser) -> None:
        for option, (variable, question) in QUESTIONS.items():
            parser.add_argument(
                f"--{option.replace('_', '-')}", dest=option, help=f"{question}。環境変数 {variable} でも。"
            )

    def handle(self, *args: Any, **options: Any) -> None:
        answers = {
            option: options[option] or os.environ.get(variable, "")
            for option, (variable, _question) in QUESTIONS.items()
        }
        email = self.answer("email", answers).strip().lower()
        if User.objects.filter(email__iexact=email).exists():
            self.stdout.write(
                f"{email} は、すでに登録されています。何も変えていません。"
                "パスワードを忘れたときは、サインインの画面から新しくできます。"
            )
            return
        name, foundation_name = self.answer("name", answers), self.answer("foundation", answers)
        foundation = Foundation.objects.filter(name=foundation_name).first()
        short_name = foundation.short_name if foundation else self.answer("short_name", answers)
        password = self.answer("password", answers)
        self.refuse_bad(email, name, password)
        with transaction.atomic():
            if foundation is None:
                foundation = open_foundation(name=foundation_name, short_name=short_name, by=None)
                add_default_master_lists(foundation)
                self.stdout.write(f"財団「{foundation}」を登録し、法人格・単位・支援の一覧を用意しました。")
            user = open_account(
                email=email, name=name, password=password, by=None, foundation_id=foundation.pk
            )
            start_staff_hat(foundation=foundation, user=user, role=Staff.Role.ADMIN, by=None)
        self.stdout.write(
            f"{name}さん（{email}）が「{foundation}」の管理者になりました。/admin/ に入れます。"
        )

    def answer(self, option: str, answers: dict[str, str]) -> str:
        """From the option or the environment; asked for at a terminal; otherwise an error that names them."""
        if answers[option]:
            return answers[option]
        variable, question = QUESTIONS[option]
        if not sys.stdin.isatty():
            raise CommandError(
                f"{question}を --{option.replace('_', '-')} か環境変数 {variable} で指定してください。"
            )
        ask = getpass if option == "password" else input
        while not (answer := ask(f"{question}: ").strip()):
            pass
        return answer

    def refuse_bad(self, email: str, name: str, password: str) -> None:
        problems: list[str] = []
        try:
            validate_email(email)
        except ValidationError as error:
            problems += error.messages
        try:
            validate_password(password, User(email=email, name=name))
        except ValidationError as error:
            problems += error.messages
        if problems:
            raise CommandError("\n".join(problems))

"""What is not wrong yet, only not whole: it waits in the page of somebody who is still writing it."""

from django import forms


class HalfWritten(forms.ValidationError):
    """`until`: what saves it, in words for a page that saves itself; the message is for one that was sent."""

    def __init__(self, message: str, until: str) -> None:
        super().__init__(message, code="half_written")
        self.until = until

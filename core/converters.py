"""Parts of addresses that Django has no converter for."""


class SignedIntConverter:
    """A whole number that may be negative: what a draft has added has no number of the database yet."""

    regex = r"-?[0-9]{1,12}"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return str(value)

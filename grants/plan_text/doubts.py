"""What a reader is not sure of. It never keeps anything from being taken over: the person decides."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Doubt:
    code: str  # stable, for programs
    words: str  # a sentence for people, in the language of the moment

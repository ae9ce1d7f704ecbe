"""Texts that contain other texts."""


def named_in(text: str, words: list[str]) -> str | None:
    return next((word for word in words if word in text), None)

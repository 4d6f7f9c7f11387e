"""Telephone numbers as people type them: what counts as one, and how it is shown in passing.  Pure."""

LEAST_DIGITS = 5  # service numbers such as 12345


def holds_number(text: str) -> bool:
    """Whether there are enough digits in `text` to call somebody."""
    return sum(char.isdigit() for char in text) >= LEAST_DIGITS


def masked(phone: str) -> str:
    """138****5217: the middle hidden, as on pages that others may look at; a short number wholly but its end."""
    compact = "".join(phone.split())
    return f"{compact[:3]}****{compact[-4:]}" if len(compact) >= 11 else f"****{compact[-4:]}"

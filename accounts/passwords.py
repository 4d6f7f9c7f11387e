"""Initial passwords: made here, shown once, changed at the first sign-in."""

import secrets

# Without what is mistaken for something else when read out or copied by hand: 0 O 1 l I.
LETTERS = "abcdefghjkmnpqrstuvwxyz"
DIGITS = "23456789"


def initial_password():
    """Return a password such as `kmwt-4726-hpxd`: about 48 bits, easy to dictate."""
    return "-".join("".join(secrets.choice(kind) for _ in range(4)) for kind in (LETTERS, DIGITS, LETTERS))


def hand_out(user, password=""):
    """Set the password (or a new one made here), to be changed at the first sign-in. Returns it.

    Ends all sessions of the person, which are tied to the password. The caller saves.
    """
    password = password or initial_password()
    user.set_password(password)
    user.must_change_password = True
    return password

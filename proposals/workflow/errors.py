"""How the workflow says no."""


class Refused(Exception):
    """Base of the two ways in which an action does not happen. `words` is the Chinese sentence to show."""

    def __init__(self, words):
        super().__init__(words)
        self.words = words


class Denied(Refused):
    """The actor, the state or a rule does not allow it. `is_forged`: no page offered it, so it is logged."""

    def __init__(self, words, *, is_forged=False):
        super().__init__(words)
        self.is_forged = is_forged


class Stale(Refused):
    """Somebody else acted since the user's page was made; nothing changed, what was typed stays."""

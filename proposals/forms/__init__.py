"""One form per action that asks for something. They clean and word input; whether it may happen is the table's."""

from .base import CONTROL, ActionForm, PhoneText, PlacementFields, PlainForm, PlainText, ReasonForm
from .deputies import DEPUTY_FORMS
from .exceptions import EXCEPTION_FORMS
from .promises import PROMISE_FORMS
from .story import STORY_FORMS, InviteForm, RateForm
from .supervising import SUPERVISION_FORMS
from .urging import URGE_FORMS

FORM_FOR = STORY_FORMS | DEPUTY_FORMS | EXCEPTION_FORMS | PROMISE_FORMS | SUPERVISION_FORMS | URGE_FORMS

__all__ = [
    "CONTROL",
    "FORM_FOR",
    "ActionForm",
    "InviteForm",
    "PhoneText",
    "PlacementFields",
    "PlainForm",
    "PlainText",
    "RateForm",
    "ReasonForm",
]

"""A deputy by name, as people write it in a form: the whole name, with the card number where several bear it."""

from django.core.exceptions import ValidationError

SHOWN = 5


def deputy_named(text, deputies):
    """The one deputy among `deputies` (a queryset) whom the text names: 姓名, or 姓名 代表证号.

    Raises ValidationError with the sentence to show when there is none, or more than one.
    """
    words = text.replace("（", " ").replace("）", " ").split()
    name, card_no = words[0] if words else "", words[1] if len(words) > 1 else ""
    found = deputies.filter(name=name).select_related("delegation")
    if card_no:
        found = found.filter(card_no=card_no)
    found = list(found[: SHOWN + 1])
    if not found:
        raise ValidationError(f"没有找到叫“{name}”的代表。请核对姓名，写全名。")
    if len(found) > 1:
        options = "；".join(f"{d.name} {d.card_no}（{d.delegation}）" for d in found)
        raise ValidationError(f"有 {len(found)} 位同名代表，请连代表证号一起写：{options}。")
    return found[0]

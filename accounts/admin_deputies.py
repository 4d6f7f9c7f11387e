"""Opening accounts for deputies, from the list of deputies."""

from django.contrib import admin, messages
from django.db import transaction
from django.shortcuts import render

from accounts.auth import find_user, tidy_phone
from accounts.models import Grant, Role, User
from accounts.passwords import hand_out
from institutions.admin_base import congress_ids

MOST = 50  # a password takes a noticeable fraction of a second to hash


@admin.action(description="开通账号（手机号登录）")
def open_accounts(model_admin, request, queryset):
    """Give each chosen deputy an account, or the grant to the account that has the phone number.

    Shows the initial passwords once. Deputies who have left, have an account already, or whose number belongs to
    an account of another congress are named and left out.
    """
    deputies = queryset.filter(in_office=True).select_related("congress", "delegation")[: MOST + 1]
    if len(deputies) > MOST:
        model_admin.message_user(request, f"一次最多 {MOST} 位，请分几次开通。", messages.ERROR)
        return None
    made, left_out = [], []
    for deputy in deputies:
        user, password, why_not = _open(deputy, congress_ids(request))
        if why_not:
            left_out.append(f"{deputy.name}：{why_not}")
        else:
            made.append((user, password))
    for words in left_out:
        model_admin.message_user(request, words, messages.WARNING)
    if not made:
        model_admin.message_user(request, "没有开通新账号。", messages.INFO)
        return None
    context = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "title": "初始密码",
        "pairs": made,
    }
    response = render(request, "admin/accounts/user/passwords.html", context)
    response["Cache-Control"] = "no-store"
    return response


@transaction.atomic
def _open(deputy, mine):
    """Return (user, initial password or "", reason for leaving out or "")."""
    if Grant.objects.filter(deputy=deputy, role=Role.DEPUTY).exists():
        return None, "", "已有账号"
    phone = tidy_phone(deputy.phone)
    if len(phone) != 11 or not phone.isdigit():
        return None, "", "没有登记手机号"
    user, password = find_user(phone), ""
    if user is None:
        user = User(username=phone, phone=phone, name=deputy.name, email=deputy.email)
        password = hand_out(user)
        user.save()
    elif user.name != deputy.name or (
        mine is not None and (user.is_superuser or user.grants.exclude(congress__in=mine).exists())
    ):
        return None, "", "手机号已是另一个账号的，请核对，或联系系统总管理员"
    Grant.objects.create(user=user, role=Role.DEPUTY, congress=deputy.congress, deputy=deputy)
    return user, password, ""

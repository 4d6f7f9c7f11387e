"""Addresses of the proposals. The generic action view comes last: its pattern would take the others' words."""

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from .views import (
    actions,
    attachments,
    batch,
    case,
    clocks,
    decide,
    deputy,
    entering,
    home,
    hub,
    inbox,
    overview,
    phrases,
    promise,
    public,
    reform,
    registry,
    reply,
    secret,
    signing,
    urging,
    worklist,
    writing,
)

app_name = "proposals"


class CaseNumber(StringConverter):
    """编号 such as 2026-086 or 2026-闭006."""

    regex = r"\d{4}-\w{1,20}"


register_converter(CaseNumber, "case_number")

urlpatterns = [
    path("", home.home, name="home"),
    path("my/", deputy.my, name="my"),
    path("proposals/new/", writing.new, name="new"),
    path("proposals/enter/", entering.enter, name="enter"),
    path("proposals/<int:pk>/", case.case, name="case"),
    path("proposals/<int:pk>/write/", writing.write, name="write"),
    path("proposals/<int:pk>/similar/", writing.similar_proposals, name="similar"),
    path("proposals/<int:pk>/paper/", case.paper, name="paper"),
    path("proposals/<int:pk>/deliveries/", case.deliveries, name="deliveries"),
    path("attachments/<int:pk>/", attachments.attachment_download, name="attachment"),
    path("work/", worklist.worklist, name="worklist"),
    path("work/hints/", worklist.hints, name="hints"),
    path("work/file/", batch.batch_file, name="batch_file"),
    path("work/assign/", batch.assign_board, name="assign_board"),
    path("work/secret/", secret.register, name="secret"),
    path("work/secret/<int:pk>/", secret.mark, name="secret_mark"),
    path("work/phrases/", phrases.phrases, name="urge_phrases"),
    path("urge/", urging.urge, name="urge"),
    path("units/reform/", reform.reforms, name="reforms"),
    path("units/<int:pk>/reform/", reform.reform, name="reform"),
    path("hub/", hub.hub, name="hub"),
    path("hub/dispatch/", hub.dispatch_all, name="hub_dispatch"),
    path("proposals/<int:pk>/review/", decide.review, name="review"),
    path("proposals/<int:pk>/judge/", decide.judge, name="judge"),
    path("proposals/<int:pk>/effects/", decide.assign_effects, name="assign_effects"),
    path("overview/", overview.overview, name="overview"),
    path("clocks/<int:pk>/", clocks.clock_page, name="clock"),
    path("registry/", registry.registry, name="registry"),
    path("search/", registry.search_page, name="search"),
    path("inbox/", inbox.inbox, name="inbox"),
    path("inbox/accept/", inbox.accept_from_inbox, name="inbox_accept"),
    path("assignments/<int:pk>/reply/", reply.reply, name="reply"),
    path("assignments/<int:pk>/reply/preview/", reply.reply_preview, name="reply_preview"),
    path("signing/", signing.signing, name="signing"),
    path("assignments/<int:pk>/sign/", signing.sign, name="sign"),
    path("assignments/<int:pk>/sign/together/", signing.issue_together, name="issue_together"),
    path("public/", public.index, name="public"),
    path("public/<slug:code>/", public.listing, name="public_list"),
    path("public/<slug:code>/<case_number:number>/", public.item, name="public_item"),
    path("robots.txt", public.robots, name="robots"),
    path("sitemap.xml", public.sitemap, name="sitemap"),
    path("sitemap-<slug:section>.xml", public.sitemap_part, name="sitemap_part"),
    path("proposals/<int:pk>/<slug:action>/", actions.proposal_action, name="proposal_action"),
    path("assignments/<int:pk>/<slug:action>/", actions.place_action, name="place_action"),
    path("commitments/<int:pk>/", promise.commitment, name="commitment"),
    path("commitments/<int:pk>/<slug:action>/", actions.promise_action, name="promise_action"),
]

"""Handing out attachments: the only way a kept file leaves the server."""

import logging

from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from .. import case_page
from ..access import visible_attachments

logger = logging.getLogger(__name__)

# Shown in the browser; everything else is saved.
SHOWN = frozenset({"application/pdf", "image/jpeg", "image/png", "image/webp"})


@require_safe
def attachment_download(request, pk):
    """The file itself, under the name it was handed in with (隐名: under a neutral one); 404 for whoever may not
    see it."""
    attachment = get_object_or_404(visible_attachments(request.user).select_related("proposal"), pk=pk)
    if attachment.proposal.hides_proposer:
        groups = case_page.files_of(case_page.load(request.user, attachment.proposal_id), request.user)
        shown = (file for files in groups.values() for file in files if file.pk == pk)
        # A file that only a recalled reply went out with is in no group: it is the unit's own, named by it.
        attachment = next(shown, attachment)
    return answer_with(attachment)


def answer_with(attachment):
    """The kept file (an Attachment or a row like it) as a response: shown or saved by its type, running nothing."""
    return hand_out(attachment, attachment.name)


def hand_out(kept, name):
    """The response with a kept file (a row with file, content_type and name) under this name. Shown in the browser or
    saved by its type; it runs nothing, and nothing keeps a copy. 404 where the file itself is gone."""
    try:
        file = kept.file.open()
    except FileNotFoundError:
        logger.error("%s %s: file %s is missing", kept._meta.model_name, kept.pk, kept.file.name)
        raise Http404("这个附件的文件不在了，请告诉系统管理员。") from None
    response = FileResponse(
        file,
        as_attachment=kept.content_type not in SHOWN,
        filename=name,
        content_type=kept.content_type,
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = _policy(kept.content_type)
    patch_cache_control(response, private=True, no_store=True)
    return response


def _policy(content_type):
    """Whatever the file holds, it runs nothing. Browsers' PDF viewers refuse to start in a sandbox."""
    if content_type == "application/pdf":
        return "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'"
    return "default-src 'none'; sandbox"

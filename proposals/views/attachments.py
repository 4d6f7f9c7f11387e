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
    try:
        file = attachment.file.open()
    except FileNotFoundError:
        logger.error("attachment %s: file %s is missing", attachment.pk, attachment.file.name)
        raise Http404("这个附件的文件不在了，请告诉系统管理员。") from None
    response = FileResponse(
        file,
        as_attachment=attachment.content_type not in SHOWN,
        filename=attachment.name,
        content_type=attachment.content_type,
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = _policy(attachment.content_type)
    patch_cache_control(response, private=True, no_store=True)
    return response


def _policy(content_type):
    """Whatever the file holds, it runs nothing. Browsers' PDF viewers refuse to start in a sandbox."""
    if content_type == "application/pdf":
        return "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'"
    return "default-src 'none'; sandbox"

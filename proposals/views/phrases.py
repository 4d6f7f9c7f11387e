"""催办用语: the office words, changes and deletes the phrases from which its congress's urges start."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from institutions.models import Congress

from ..forms.urging import PhraseForm
from ..models import UrgePhrase
from ..phrases import seed_phrases
from .worklist import office_of

MOST = 30


@require_http_methods(["GET", "POST"])
def phrases(request):
    """The list, each phrase a form of its own, and an empty one; a post saves, adds or deletes one of them."""
    congress_ids = office_of(request.user)
    if request.method == "POST":
        return _change(request, congress_ids)
    return _page(request, congress_ids)


def _page(request, congress_ids, bound=None, *, status=200):
    rows = UrgePhrase.objects.filter(congress_id__in=congress_ids).select_related("congress")
    forms = [PhraseForm(instance=row, prefix=f"p{row.pk}") for row in rows]
    forms = [bound if bound and bound.prefix == form.prefix else form for form in forms]
    new = bound if bound and bound.prefix == "new" else PhraseForm(prefix="new", initial={"answer_days": 3})
    context = {
        "forms": forms,
        "new": new if len(forms) < MOST else None,
        "congresses": Congress.objects.filter(pk__in=congress_ids) if len(congress_ids) > 1 else [],
        "most": MOST,
    }
    return render(request, "proposals/phrases.html", context, status=status)


def _change(request, congress_ids):
    mine = UrgePhrase.objects.filter(congress_id__in=congress_ids)
    if "seed" in request.POST:
        for congress in Congress.objects.filter(pk__in=congress_ids):
            seed_phrases(congress)
        messages.success(request, "已放入常用的催办用语，可以再改。")
        return redirect("proposals:urge_phrases")
    key = request.POST.get("phrase", "")
    if key:
        if not (key.isascii() and key.isdigit() and len(key) < 19):
            raise Http404
        row = get_object_or_404(mine, pk=key)
        if "delete" in request.POST:
            row.delete()
            messages.success(request, f"已删除“{row.name}”。发出过的催办不受影响。")
            return redirect("proposals:urge_phrases")
        form = PhraseForm(request.POST, instance=row, prefix=f"p{row.pk}")
    elif mine.count() >= MOST:
        messages.warning(request, f"最多 {MOST} 条，请先删除不用的。")
        return redirect("proposals:urge_phrases")
    else:
        form = PhraseForm(
            request.POST, instance=UrgePhrase(congress_id=_congress(request, congress_ids)), prefix="new"
        )
    if not form.is_valid():
        return _page(request, congress_ids, form, status=422)
    form.save()
    messages.success(request, f"已保存“{form.instance.name}”。")
    return redirect("proposals:urge_phrases")


def _congress(request, congress_ids):
    """The congress that a new phrase is for: the one named, else the first of the office's own."""
    named = request.POST.get("congress", "")
    return int(named) if named in {str(pk) for pk in congress_ids} else congress_ids[0]

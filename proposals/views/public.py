"""公开页: published proposals for visitors without an account, page by page, each an address of its own.

The same page for everybody, signed in or not, so that a shared cache may keep it: the session is never opened and
no cookie is set. A cache asks again after MAX_AGE seconds; the ETag covers the whole page. Not Last-Modified: of a
proposal that was taken back (撤下) nothing is left to carry a newer date.
"""

import hashlib
from functools import wraps
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_not_required
from django.contrib.sitemaps import Sitemap
from django.contrib.sitemaps import views as sitemap_views
from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_cache_control
from django.views.decorators.http import require_safe

from institutions.models import Congress

from ..lists import number_in, page_of_ids
from ..models import Proposal
from ..public import load, published_of
from ..public_list import SORTS, Facets, PublicFilter, ordered
from ..rules import rules_for_pages
from ..status import ProposalStatus

MAX_AGE = 30
PAGE_SIZE = 10
CONDITIONS = ("words", "year", "category", "unit", "reply_class")
PUBLISHED = Q(proposals__status=ProposalStatus.CLOSED, proposals__published_on__isnull=False)


def for_everybody(view):
    """A page that needs no sign-in and that shared caches may keep; 404 in words that fit a visitor."""

    @login_not_required
    @require_safe
    @wraps(view)
    def answer(request, *args, **kwargs):
        try:
            response = view(request, *args, **kwargs)
        except Http404:
            # The same words whether it never existed, was taken back or the list is off.
            return render(request, "public/not_found.html", status=404)
        if hasattr(response, "render"):
            response.render()
        patch_cache_control(response, public=True, max_age=MAX_AGE, must_revalidate=True)
        if response.status_code != 200:
            return response
        etag = f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
        response["ETag"] = etag
        return get_conditional_response(request, etag=etag, response=response)

    return answer


def public_congresses():
    """The congresses whose public list is on."""
    return Congress.objects.filter(is_active=True, is_public=True).order_by("pk")


@for_everybody
def index(request):
    """Which congress; straight to the list where there is one."""
    congresses = list(public_congresses().annotate(published=Count("proposals", filter=PUBLISHED)))
    if not congresses:
        raise Http404
    if len(congresses) == 1:
        return redirect("proposals:public_list", congresses[0].code)
    return render(request, "public/index.html", {"congresses": congresses, "canonical": _here(request)})


@for_everybody
def listing(request, code):
    """The published proposals of one congress, filtered and sorted by the address."""
    congress = _congress(code)
    if "" in request.GET.values():
        # A form sends what was left empty too; the address to keep has only what was asked for.
        return redirect(_address(code, request.GET))
    rules, published = rules_for_pages(congress.pk), Proposal.objects.published_by(congress)
    facets = Facets.of(published, congress)
    filters = PublicFilter(request.GET, published, facets=facets, rules=rules)
    sort = request.GET.get("sort", "")
    sort = sort if sort in SORTS else next(iter(SORTS))
    asked = request.GET.get("page")
    found = ordered(filters.qs, sort)
    active = filters.active()
    page = page_of_ids(
        found.values_list("pk", flat=True),
        number=number_in(asked),
        size=PAGE_SIZE,
        count_key=f"{facets.mark} {[(item.name, request.GET[item.name]) for item in active]}",
    )
    shown = ordered(Proposal.objects.filter(pk__in=page.object_list), sort)
    page.object_list = load(shown, rules=rules, today=timezone.localdate())
    problems = filters.problems()
    if asked is not None and asked != str(page.number):
        problems.append(("页码", f"没有这一页，下面是第 {page.number} 页。"))
    clean = {name: request.GET[name] for name in (item.name for item in active)}
    clean |= {"sort": sort} if sort != next(iter(SORTS)) else {}
    context = {
        "congress": congress,
        "filters": filters,
        "facets": facets,
        "active": [(item, _address(code, request.GET, **{item.name: ""})) for item in active],
        "problems": problems,
        "sort": sort,
        "sorts": [(each, words, _address(code, request.GET, sort=each)) for each, words in SORTS.items()],
        "page": page,
        "letters": _letters(rules),
        "canonical": _here(request, clean | ({"page": page.number} if page.number > 1 else {})),
        # Every combination of conditions is an address: one list is enough for search engines.
        "is_indexed": not clean and not problems,
    }
    return render(request, "public/list.html", context)


@for_everybody
def item(request, code, number):
    """One published proposal with its replies."""
    congress = _congress(code)
    published = published_of(congress, number)
    found = load(published, rules=rules_for_pages(congress.pk), today=timezone.localdate())
    if not found:
        raise Http404
    return render(
        request, "public/item.html", {"congress": congress, "case": found[0], "canonical": _here(request)}
    )


def _congress(code):
    return get_object_or_404(public_congresses(), code=code)


def _here(request, query=None):
    """The address of this page without what does not belong to it."""
    tail = f"?{urlencode(query)}" if query else ""
    return request.build_absolute_uri(request.path + tail)


def _address(code, query, **changes):
    """The address of the list with these conditions: empty ones left out, changed ones back on the first page."""
    kept = {name: query[name] for name in (*CONDITIONS, "sort", "page") if query.get(name)}
    if changes:
        kept = {name: value for name, value in (kept | changes | {"page": ""}).items() if value}
    return reverse("proposals:public_list", args=[code]) + (f"?{urlencode(kept)}" if kept else "")


def _letters(rules):
    """The printed letters with all that each stands for: [(letter, words)]."""
    letters = {}
    for letter, words in rules.letters.values():
        if letter:
            letters.setdefault(letter, []).append(words)
    return [(letter, "；".join(dict.fromkeys(words))) for letter, words in sorted(letters.items())]


# --- For search engines -----------------------------------------------------------------------------------


@for_everybody
def robots(request):
    """robots.txt: the public pages where there are any, nothing else."""
    lines = ["User-agent: *"]
    if public_congresses().exists():
        lines += [f"Allow: {reverse('proposals:public')}", "Allow: /sitemap", "Disallow: /"]
        lines += [f"Sitemap: {request.build_absolute_uri(reverse('proposals:sitemap'))}"]
    else:
        lines += ["Disallow: /"]
    return HttpResponse("\n".join([*lines, ""]), content_type="text/plain; charset=utf-8")


class PublishedSitemap(Sitemap):
    """The published proposals of one congress."""

    limit = 5000

    def __init__(self, congress):
        self.congress = congress

    def items(self):
        published = ordered(Proposal.objects.published_by(self.congress), "published")
        return published.values_list("number", "published_on")

    def location(self, item):
        return reverse("proposals:public_item", args=[self.congress.code, item[0]])

    def lastmod(self, item):
        return item[1]


def _sitemaps():
    found = {congress.code: PublishedSitemap(congress) for congress in public_congresses()}
    if not found:
        raise Http404
    return found


@for_everybody
def sitemap(request):
    """sitemap.xml: one part for each congress."""
    return sitemap_views.index(request, _sitemaps(), sitemap_url_name="proposals:sitemap_part")


@for_everybody
def sitemap_part(request, section):
    """The addresses of one congress's published proposals."""
    return sitemap_views.sitemap(request, _sitemaps(), section)

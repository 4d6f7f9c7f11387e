"""Full text search (检索) over number, title and text, and similar proposals by title.

Neither database cuts Chinese into words, and a dictionary misses what it does not know (普惠托育 hides 托育).
So every Han character becomes one token: the pair it forms with the next one, or itself alone at the end of a
run. Positions are then character positions, and any run of characters is found as a phrase: 养老服 is 养老
followed by 老服. Runs of digits and of other letters are tokens of their own: 2026-闭006 is 2026, 闭, 006.
Marked tokens follow without an order: each character once, and the pairs of the title once more.

The index proper (tsvector with GIN on PostgreSQL, FTS5 on SQLite) is kept from `SearchDoc.tokens` by the
triggers of migration 0002. No text search parser of the database takes part: in a cluster of locale C it
drops Chinese.
"""

import itertools
import math
import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass

from django.db import connection, connections, models

from .models.proposal import Proposal
from .models.search import SearchDoc

# A tsvector knows no position beyond 16,383; with marks and title pairs this stays below.
MAX_CHARACTERS = 15_000
MAX_QUERY_CHARACTERS = 200
FEW_HITS = 1000
# A tsvector refuses lexemes of 2 KB; nobody looks for a longer word than this.
MAX_TOKEN = 64
# No mark is a letter, hence none can come out of anybody's words; none is ASCII, hence FTS5's ascii tokenizer
# keeps them.
BREAK = "¶"  # between the parts, so that no phrase reaches from the title into the text
TITLE_MARK = "†"  # a pair of the title, for similar proposals
CHARACTER_MARK = "‡"  # a single character: the beginning of hundreds of pairs, too slow to look up as such

HAN = "々〇\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
RUN = re.compile(rf"(?P<han>[{HAN}]+)|\d+|(?:(?![{HAN}])[^\W\d_])+")
HAN_CHARACTER = re.compile(f"[{HAN}]")
# Invisible: zero-width and direction marks, variation selectors. They must not cut a word in two.
INVISIBLE = re.compile(
    "[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe00-\ufe0f\ufeff\U000e0100-\U000e01ef]"
)


def bigrams(text):
    """The tokens of a text's first 15,000 characters, in order; never more than characters.

    Full-width forms and capitals are folded; punctuation, symbols and control characters only separate.
    """
    visible = INVISIBLE.sub("", text[:MAX_CHARACTERS])
    tokens = []
    for run in RUN.finditer(unicodedata.normalize("NFKC", visible)[:MAX_CHARACTERS].lower()):
        word = run[0]
        tokens += [word[i : i + 2] for i in range(len(word))] if run["han"] else [word[:MAX_TOKEN]]
    return tokens


# --- Writing the index ----------------------------------------------------------------------------------


def tokens_of(proposal):
    """What SearchDoc keeps of a proposal: number, title, the text part by part, then the marked tokens."""
    # 2026-闭006 is also said 闭6.
    short_number = re.sub(r"(?<!\d)0+(?=\d)", "", proposal.number)
    parts = [proposal.number, short_number, proposal.title, proposal.situation, proposal.analysis]
    tokens, left = [], MAX_CHARACTERS
    for part in [*parts, "\n".join(proposal.points)]:
        tokens += [*bigrams(part[:left]), BREAK]
        left = max(left - len(part), 0)
    characters = dict.fromkeys(token[0] for token in tokens if HAN_CHARACTER.match(token))
    tokens += [CHARACTER_MARK + character for character in characters]
    tokens += [TITLE_MARK + pair for pair in dict.fromkeys(title_pairs(proposal.title))]
    return " ".join(tokens)


def index(proposal):
    """Write the proposal's row of the index, in the caller's transaction; one query.

    To be called whenever number, title or text change.
    """
    write_docs([proposal])


def write_docs(proposals):
    """Write the index rows of several proposals; one query."""
    SearchDoc.objects.bulk_create(
        [SearchDoc(proposal=proposal, tokens=tokens_of(proposal)) for proposal in proposals],
        update_conflicts=True,
        unique_fields=["proposal"],
        update_fields=["tokens"],
    )


# --- Searching ------------------------------------------------------------------------------------------


class Matches(models.Lookup):
    """`tokens__matches=expression`: true where the vendor's index finds the expression."""

    lookup_name = "matches"
    prepare_rhs = False

    def as_postgresql(self, compiler, connection):
        column = compiler.quote_name_unless_alias(self.lhs.alias) + ".tsv"
        return f"{column} @@ %s::tsquery", [self.rhs.for_postgresql()]

    def as_sqlite(self, compiler, connection):
        key = compiler.quote_name_unless_alias(self.lhs.alias) + ".proposal_id"
        fts = "SELECT rowid FROM proposals_searchdoc_fts WHERE proposals_searchdoc_fts MATCH %s"
        return f"{key} IN ({fts})", [self.rhs.for_sqlite()]


SearchDoc._meta.get_field("tokens").register_lookup(Matches)


@dataclass(frozen=True)
class Phrase:
    """Tokens that follow each other; with an open end the last one is only the beginning of a token."""

    tokens: tuple
    open_end: bool = False

    @classmethod
    def of(cls, word):
        """The phrase that a typed word stands for, or None when it has no letter and no digit."""
        tokens = bigrams(word)
        if not tokens:
            return None
        if not HAN_CHARACTER.match(tokens[-1]):
            return cls(tuple(tokens))
        if len(tokens) == 1:
            return cls((CHARACTER_MARK + tokens[0],))
        # What follows the last character is open: 养老 is also found in 养老院, 3条 in 3条建议.
        if len(tokens[-2]) == 2 and tokens[-2][1] == tokens[-1]:
            return cls(tuple(tokens[:-1]))
        return cls(tuple(tokens), open_end=True)


@dataclass(frozen=True)
class Expression:
    """Groups of phrases: all the phrases of at least one group must occur.

    Tokens hold letters, digits and our own marks only, so that nothing typed can act as an operator.
    """

    groups: tuple

    def for_postgresql(self):
        """As text of a tsquery."""
        return self._join(
            " | ", " & ", lambda phrase: " <-> ".join(f"'{token}'" for token in phrase.tokens), ":*"
        )

    def for_sqlite(self):
        """As text of an FTS5 query."""
        return self._join(" OR ", " AND ", lambda phrase: '"' + " ".join(phrase.tokens) + '"', " *")

    def _join(self, any_of, all_of, words, goes_on):
        return any_of.join(
            "(" + all_of.join(f"({words(phrase)}{goes_on * phrase.open_end})" for phrase in group) + ")"
            for group in self.groups
        )


def search(queryset, words):
    """Proposals of `queryset` whose number, title or text holds every one of the words, each as a phrase.

    `words` is what somebody typed: words separated by white space, read up to 200 characters. Nothing typed
    leaves the queryset as it is; nothing but punctuation or pictures finds nothing. The result multiplies no
    rows and can be filtered, ordered, counted and sliced as before. Costs one query.
    """
    words = words[:MAX_QUERY_CHARACTERS].split()
    if not words:
        return queryset
    phrases = tuple(dict.fromkeys(phrase for phrase in map(Phrase.of, words) if phrase))
    if not phrases:
        return queryset.none()
    expression = Expression((phrases,))
    connection = connections[queryset.db]
    hits = _few_hits(expression, connection)
    if len(hits) <= FEW_HITS:
        return queryset.filter(pk__in=hits)
    if connection.vendor == "sqlite":
        return queryset.filter(AmongHits(models.F("pk"), expression))
    return queryset.filter(search_doc__tokens__matches=expression)


def is_found(proposal, words):
    """Whether `search` would find the proposal by the texts that it has in memory."""
    phrases = filter(None, map(Phrase.of, words[:MAX_QUERY_CHARACTERS].split()))
    tokens = f" {tokens_of(proposal)} "
    return all(f" {' '.join(one.tokens)}{'' if one.open_end else ' '}" in tokens for one in phrases)


# Rare words are looked up by themselves: PostgreSQL cannot tell how rare they are, and then looks for a sorted
# page of them through all proposals, row by row. The CTE keeps it from doing the same here.
FIND_HITS = {
    "postgresql": (
        "WITH hits AS MATERIALIZED (SELECT proposal_id FROM proposals_searchdoc WHERE tsv @@ %s::tsquery) "
        "SELECT proposal_id FROM hits LIMIT %s"
    ),
    "sqlite": ("SELECT rowid FROM proposals_searchdoc_fts WHERE proposals_searchdoc_fts MATCH %s LIMIT %s"),
}


def _few_hits(expression, connection):
    """Keys of the proposals that match, at most one more than FEW_HITS."""
    is_postgresql = connection.vendor == "postgresql"
    text = expression.for_postgresql() if is_postgresql else expression.for_sqlite()
    with connection.cursor() as cursor:
        cursor.execute(FIND_HITS[connection.vendor], [text, FEW_HITS + 1])
        return [key for (key,) in cursor.fetchall()]


class AmongHits(models.Func):
    """True where a proposal's key is among SQLite's hits.

    The plus keeps SQLite from fetching and sorting all the hits of a common word: it walks the list's own index
    and stops at the end of the page, ten times as fast.
    """

    output_field = models.BooleanField()

    def __init__(self, key, expression, **extra):
        super().__init__(key, **extra)
        self.expression = expression

    def as_sqlite(self, compiler, connection, **context):
        key, params = compiler.compile(self.source_expressions[0])
        hits = "SELECT rowid FROM proposals_searchdoc_fts WHERE proposals_searchdoc_fts MATCH %s"
        return f"+{key} IN ({hits})", [*params, self.expression.for_sqlite()]


# --- Similar proposals ----------------------------------------------------------------------------------

# What any title says, whatever it is about.
BOILERPLATE = re.compile(
    "关于|(?:若干)?(?:建议|议案|提案)$|进一步|加快|加强|加大|推进|推动|促进|完善|提升|做好|[的和与及在等对为将]"
)
SIMILAR_CANDIDATES = 500


def title_pairs(title):
    """The pairs of a title that say what it is about, in order."""
    parts = (part for part in BOILERPLATE.split(title.strip()) if part)
    return [token for part in parts for token in bigrams(part) if len(token) > 1]


def similar(subject, congress, user, *, limit=5, since=None):
    """Proposals whose titles share uncommon words with a proposal or a title, closest first.

    Only those of `congress` that `user` sees; never drafts, never the proposal itself. `since`: only those
    filed on or after this date. Returns a list of proposals, each with `shared_words` (list of str). It finds
    the same topic, not copied text. At most three queries: how common the pairs are, candidates, proposals.
    """
    words = similar_words(subject, congress, user, limit=limit, since=since)
    found = Proposal.objects.in_bulk(words)
    for pk, shared in words.items():
        found[pk].shared_words = shared
    return [found[pk] for pk in words]


def similar_words(subject, congress, user, *, limit=5, since=None):
    """As `similar`, but only {primary key: the words shared}, closest first; at most two queries."""
    title = subject.title if isinstance(subject, Proposal) else subject
    pairs = _distinct_pairs(title)
    frequency = _title_frequency(pairs)
    candidates = _candidates(_uncommon(frequency), user).filter(congress=congress)
    if isinstance(subject, Proposal):
        candidates = candidates.exclude(pk=subject.pk)
    if since:
        candidates = candidates.filter(filed_on__gte=since)
    titles = dict(candidates.values_list("pk", "title"))
    best = _closest(pairs, frequency, titles)[:limit]
    return {pk: shared_words(pairs, titles[pk]) for pk in best}


def similar_each(proposals, user):
    """For each proposal of a page the closest other one of its congress: a dict of primary keys to proposals.

    As `similar`; those without one are left out. At most three queries for the whole page.
    """
    pairs_of = {proposal.pk: _distinct_pairs(proposal.title) for proposal in proposals}
    frequency = _title_frequency(sorted({pair for pairs in pairs_of.values() for pair in pairs}))
    frequency_of = {
        pk: {pair: frequency[pair] for pair in pairs if pair in frequency} for pk, pairs in pairs_of.items()
    }
    groups = dict.fromkeys(group for own in frequency_of.values() for group in _uncommon(own))
    titles_in = defaultdict(dict)
    for pk, title, congress_id in _candidates(groups, user).values_list("pk", "title", "congress_id"):
        titles_in[congress_id][pk] = title
    closest = {}
    for proposal in proposals:
        best = _closest(pairs_of[proposal.pk], frequency_of[proposal.pk], titles_in[proposal.congress_id])
        others = [pk for pk in best[:2] if pk != proposal.pk]
        if others:
            closest[proposal.pk] = others[0]
    found = Proposal.objects.only("congress", "number", "title", "status").in_bulk(set(closest.values()))
    return {pk: found[other] for pk, other in closest.items()}


def _distinct_pairs(title):
    return list(dict.fromkeys(title_pairs(title[:MAX_QUERY_CHARACTERS])))


def _candidates(groups, user):
    """Proposals with the title pairs of any group that `user` sees, drafts apart.

    Neither ordered nor cut by the database: for that it would look through all proposals row by row.
    """
    if not groups:
        return Proposal.objects.none()
    expression = Expression(tuple(tuple(Phrase((TITLE_MARK + pair,)) for pair in group) for group in groups))
    candidates = Proposal.objects.filter(search_doc__tokens__matches=expression)
    return candidates.listed_to(user).order_by()


def _title_frequency(pairs):
    """In how many titles each pair stands; pairs that stand in none are left out. One query."""
    if not pairs:
        return {}
    counts, params = [], []
    for pair in pairs:
        expression = Expression(((Phrase((TITLE_MARK + pair,)),),))
        sql, its_params = (
            SearchDoc.objects.filter(tokens__matches=expression).values("pk").query.sql_with_params()
        )
        # Only SQL that the ORM wrote is joined here and below; every value is a parameter.
        counts.append(f"(SELECT count(*) FROM ({sql}) AS docs)")  # nosec B608
        params += its_params
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(counts)}", params)
        row = cursor.fetchone()
    return {pair: count for pair, count in zip(pairs, row, strict=True) if count}


def _uncommon(frequency):
    """What to look for, as groups of pairs: the rarest pairs, as many as lead to a bounded number of titles.

    Where even the rarest leads to more, the three rarest at once.
    """
    rarest = sorted(frequency, key=frequency.get)
    totals = itertools.accumulate(frequency[pair] for pair in rarest)
    few = [(pair,) for pair, total in zip(rarest, totals, strict=True) if total <= SIMILAR_CANDIDATES]
    return few or [tuple(rarest[:3])] * bool(rarest)


def _closest(pairs, frequency, titles):
    """Keys of the titles that share enough with the pairs, closest first, the newest of equals.

    A pair counts the more the fewer titles it stands in. Enough is two pairs, or the only one there is, and a
    quarter of what all that occur weigh; or half of a title that is much shorter than the one asked for, and
    three pairs.
    """
    weight = {pair: 1 / math.log(2 + count) for pair, count in frequency.items()}
    enough = sum(weight.values()) / 4
    scores = []
    for pk, title in titles.items():
        own = set(title_pairs(title))
        shared = weight.keys() & own
        score = round(sum(weight[pair] for pair in shared), 6)
        is_within = len(shared) >= 3 and 2 * len(shared) >= len(own)
        if is_within or (score >= enough and len(shared) >= min(2, len(pairs))):
            scores.append((score, pk))
    return [pk for score, pk in sorted(scores, reverse=True)]


def shared_words(pairs, title):
    """What a title shares with the pairs, as words: adjoining pairs are joined, 停放 and 放点 to 停放点."""
    words, open_word = [], ""
    for pair in title_pairs(title):
        if pair not in pairs:
            open_word = ""
        elif open_word and open_word[-1] == pair[0]:
            open_word += pair[1:]
            words[-1] = open_word
        else:
            open_word = pair
            words.append(pair)
    return list(dict.fromkeys(words))

"""催办用语 of a congress: what it starts with, and by when each asks for an answer."""

from core.workdays import compute_due

from .models import UrgePhrase

# What a congress starts with; the office words them anew as it likes. (name, words, working days to answer)
SEED = (
    (
        "催签收",
        "{单位}：代表建议 {编号} 交办后还没有签收，请马上签收；不属本单位职责的，请在申请退回期限内提出。",
        1,
    ),
    (
        "快到期",
        "{单位}：代表建议 {编号}《{标题}》{到期日}到期，请抓紧办理，答复前与代表当面沟通，并回复办理安排。",
        3,
    ),
    ("已超期", "{单位}：代表建议 {编号} 已于{到期日}到期，至今没有办结。请写明原因和办结的日期。", 2),
    (
        "没有动静",
        "{单位}：代表建议 {编号} 最近一次办理记录是{最近动静}。请与代表联系，写一条进展，并回复下一步安排。",
        3,
    ),
)


def seed_phrases(congress):
    """Give a congress the phrases to start from, unless it has some of its own."""
    if not UrgePhrase.objects.filter(congress=congress).exists():
        UrgePhrase.objects.bulk_create(
            UrgePhrase(congress=congress, name=name, words=words, answer_days=days)
            for name, words, days in SEED
        )


def answer_date(phrase, today, calendar):
    """By when a phrase asks for an answer, from today; None where it asks for no date."""
    return compute_due(today, phrase.answer_days, "workday", calendar).due_on if phrase.answer_days else None

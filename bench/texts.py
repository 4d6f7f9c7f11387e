"""Texts of real length and wording: the demonstration's proposals, mixed by sentences."""

import re
from dataclasses import dataclass

from proposals.demo.topics import load_topics

SENTENCE = re.compile(r"[^。；！？\n]+[。；！？]")
# A title is cut behind these, so that the beginning of one goes with the end of another.
VERBS = re.compile(
    "(?:进一步|加快|加强|加大|推进|推动|促进|完善|提升|做好|办好|规范|建立|健全|支持|扩大|稳妥|尽快|解决|改善|优化|统筹|开展|落实|保障|提高|建设|制定)+"
)
TOPICS_PER_TEXT = 3
SENTENCES = (13, 27)
POINTS = (3, 5)


@dataclass(frozen=True)
class Text:
    """One proposal's text with what is said in its handling."""

    title: str
    situation: str
    analysis: str
    points: list
    opening: str
    answers: list
    opinion: str
    contact: str


class Texts:
    """Draws texts with the given random generator; the same generator gives the same texts."""

    def __init__(self, rng):
        self.rng = rng
        self.topics = list(load_topics().values())
        self.heads, self.tails = [], []
        for topic in self.topics:
            core = topic.title.removeprefix("关于").removesuffix("的建议")
            if cut := VERBS.match(core):
                self.heads.append(cut[0])
                self.tails.append(core[cut.end() :])
        self.sentences = {
            topic.code: SENTENCE.findall(topic.situation) + SENTENCE.findall(topic.analysis)
            for topic in self.topics
        }

    def draw(self):
        """The next Text: sentences of three topics, with a title of two."""
        topics = self.rng.sample(self.topics, TOPICS_PER_TEXT)
        pool = [sentence for topic in topics for sentence in self.sentences[topic.code]]
        sentences = self.rng.sample(pool, min(self.rng.randint(*SENTENCES), len(pool)))
        half = len(sentences) // 2
        points = [point for topic in topics for point in topic.points]
        points = self.rng.sample(points, min(self.rng.randint(*POINTS), len(points)))
        answers = self.rng.choices([a for topic in topics for a in topic.reply["answers"]], k=len(points))
        return Text(
            title=self._title(),
            situation="".join(sentences[:half]),
            analysis="".join(sentences[half:]),
            points=points,
            opening=topics[0].reply["opening"],
            answers=answers,
            opinion=next(iter(topics[0].opinions.values()), topics[1].contact),
            contact=topics[0].contact,
        )

    def _title(self):
        tail = min(self.rng.choice(self.tails), self.rng.choice(self.tails), key=len)
        return f"关于{self.rng.choice(self.heads)}{tail}的建议"

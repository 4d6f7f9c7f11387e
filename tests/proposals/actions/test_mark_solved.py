"""转为已解决: once all promises of the reply are kept; the first class is remembered."""

import pytest

from .promised import PromiseContract, promised, verified


class TestMarkSolved(PromiseContract):
    action = "mark_solved"
    onlooker = "chen"
    told = ("chen", "zou", "lin", "tang")
    keeps_version = True

    def prepare(self, cast):
        walk, _ = verified(cast)
        return walk, walk.place("civil")

    def prepare_wrong_state(self, cast):
        walk, _ = promised(cast)
        return walk, walk.place("civil")

    def fill(self, cast, walk, subject):
        return {"reason": "4 个食堂都已开餐。"}

    @pytest.mark.django_db
    def test_the_first_class_is_kept(self, cast):
        walk, place = self.prepare(cast)
        self.post(cast, walk, place)
        place.reply.refresh_from_db()
        assert (place.reply.reply_class, place.reply.first_class) == ("solved", "in_progress")

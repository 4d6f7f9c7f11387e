"""撤回送审: by the handler who sent it, nobody else."""

from tests.cast import make_proposal

from .contract import ActionContract


class TestTakeBack(ActionContract):
    action = "take_back"
    actor = "chen"
    onlooker = "zou"  # a colleague of the same unit did not send it
    status_after = "accepted"

    def prepare(self, cast):
        walk = make_proposal(cast, "handling").accept().contact().write_reply()
        walk.do("draft_reply", cast.chen, walk.place("civil"))
        return walk, walk.place("civil")

    def prepare_wrong_state(self, cast):
        walk, place = self.prepare(cast)
        walk.do("rework", cast.fang, place, reason="再核对数字。")
        return walk, walk.place("civil")

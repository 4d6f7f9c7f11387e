"""督办计划 of a key topic: what each action does to its steps (Milestone). Called by topic_actions."""

from core.dates import cn_date

from .models import Milestone


def print_plan(change):
    """印发督办方案."""
    change.topic.plan_printed_on = change.data["on"]
    return f"督办方案 {cn_date(change.data['on'], change.today)}印发。"


def add_step(change):
    """One more step of the plan."""
    data = change.data
    step = Milestone.objects.create(
        topic=change.topic,
        planned_on=data["planned_on"],
        first_planned_on=data["planned_on"],
        words=data["words"],
    )
    step.who.set(data["who"])
    who = "、".join(str(side) for side in data["who"])
    return f"计划 {cn_date(step.planned_on, change.today)}：{step.words}（{who}）。"


def done_step(change):
    """A step is done, on the day it was done."""
    step, data = change.step, change.data
    step.done_on, step.done_words = data["on"], data["words"]
    step.save(update_fields=["done_on", "done_words"])
    late = (step.done_on - step.planned_on).days
    how = f"，晚了 {late} 天" if late > 0 else ""
    told = f"{cn_date(step.done_on, change.today)}完成“{step.words}”{how}。"
    return told + (f"{step.done_words}" if step.done_words else "")


def undo_step(change):
    """A step that was marked done by mistake is open again."""
    change.step.done_on, change.step.done_words = None, ""
    change.step.save(update_fields=["done_on", "done_words"])
    return f"撤销完成“{change.step.words}”。理由：{change.data['why']}"


def move_step(change):
    """Another date, with the reason; the first date stays on record."""
    step, before = change.step, change.step.planned_on
    step.planned_on = change.data["planned_on"]
    step.save(update_fields=["planned_on"])
    change.payload["before"] = before.isoformat()
    dates = f"{cn_date(before, change.today)}改到 {cn_date(step.planned_on, change.today)}"
    return f"“{step.words}”由 {dates}。理由：{change.data['why']}"


def remove_step(change):
    """A step that is not needed any more leaves the plan; the history keeps it."""
    step = change.step
    words = f"去掉计划 {cn_date(step.planned_on, change.today)}“{step.words}”。理由：{change.data['why']}"
    step.delete()
    return words


# --- Conditions ---------------------------------------------------------------------------------------


def plan_is_done(topic, step):
    left = topic.milestones.filter(done_on=None).count()
    return f"督办计划还有 {left} 步没有完成，请先登记完成，或者去掉不再需要的。" if left else None


def step_is_open(topic, step):
    return f"“{step.words}”已经完成。" if step.done_on else None


def step_is_done(topic, step):
    return None if step.done_on else f"“{step.words}”还没有登记完成。"

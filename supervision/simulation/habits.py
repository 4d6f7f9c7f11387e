"""How long people take, and how they decide: the plausible part of a simulated year.

Not measured but chosen, after the rates that yearly reports print (domain notes: nearly all signed for in time,
a few per cent returned, some late, most deputies satisfied). All chances come from one seeded generator.
"""

from proposals.status import Queue, Satisfaction

# Working days until a holder acts on what waits in a queue: (at least, at most).
PATIENCE = {
    Queue.REVISE: (1, 12),
    Queue.REVIEW: (0, 4),
    Queue.ASSIGN: (3, 8),
    Queue.DISPATCH: (0, 4),
    Queue.ACCEPT: (0, 2),
    Queue.RETURN: (1, 5),
    Queue.HANDLE: (3, 20),  # the first contact
    Queue.EXTENSION: (0, 3),
    Queue.OPINION: (8, 24),
    Queue.SIGN: (0, 4),
    Queue.RATE: (1, 24),
    Queue.JUDGE: (2, 11),
    Queue.COORDINATE: (8, 25),
    Queue.ANSWER_URGE: (0, 3),
    Queue.VERIFY: (2, 12),
    Queue.CONFIRM: (1, 20),
    Queue.EXPLAIN: (1, 8),
}
# The reply is sent for signing so many working days before its date, or after it.
DAYS_EARLY = (4, 32)
DAYS_LATE = (1, 15)
LATE, LATE_WHEN_IDLE = 0.04, 0.3
AROUND_PROMISE = (1, 15)  # working days before or after the promised date

RETURNED_FOR_REVISION = 0.03
DECLINED = 0.01
ASKS_RETURN = 0.03
RETURN_GRANTED = 0.6
THROUGH_HUB = 0.25
HAS_CO = 0.45
IS_SEPARATE = 0.04
ASKS_EXTENSION = 0.05
EXTENSION_GRANTED = 0.85
REWORKED = 0.06
NEVER_RATES = 0.12
NEVER_GIVES_OPINION = 0.05
REDO_ORDERED = 0.7
PROMISE_MOVED = 0.1
IDLE_UNIT = 0.12  # share of units that take twice as long

S, B, D = Satisfaction.SATISFIED, Satisfaction.BASICALLY, Satisfaction.DISSATISFIED
# (attitude, result) as often as they occur: about one in fourteen is not satisfied.
RATINGS = ((S, S),) * 10 + ((S, B), (B, B), (B, B), (S, D))
# Reply classes as often: solved, in progress, planned, restricted, reference.
CLASSES = ("solved",) * 11 + ("in_progress",) * 5 + ("planned",) * 2 + ("restricted", "reference")
# What verification finds: mostly kept.
OUTCOMES = ("kept",) * 17 + ("partly", "partly", "broken")

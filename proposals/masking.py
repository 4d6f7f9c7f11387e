"""隐名: what is taken out of words and file names where the proposer is hidden from the reader.

Who that is, access.Sight.names_hidden says; fields that hold a name are left out by the templates.
"""

import re


def hidden_names(case):
    """What would give the proposer away: names of the lead, co-signers and delegations, longest first."""
    deputies = [case.proposal.lead, *(c.deputy for c in case.cosignatures)]
    names = {case.proposal.delegation.name}
    for deputy in deputies:
        names |= {deputy.name, deputy.delegation.name, deputy.phone}
    return sorted(filter(None, names), key=len, reverse=True)


def masked(text, names):
    """The text with each name, and the 代表 or 代表团 that may follow it, replaced by 代表."""
    if not names:
        return text
    return re.sub(f"(?:{'|'.join(map(re.escape, names))})(?:代表团|代表)?", "代表", text)


def neutral_names(files):
    """Give files names that tell nothing of who handed them in: 附件1.pdf. Changes the rows in memory only."""
    for number, file in enumerate(files, start=1):
        _, dot, ending = file.name.rpartition(".")
        file.name = f"附件{number}{dot}{ending if dot else ''}"

"""The text index: one row of bigrams per proposal. The vendor's own index hangs on it by migration."""

from django.db import models

from .proposal import Proposal


class SearchDoc(models.Model):
    """What of a proposal is searched, as Chinese bigrams; written with the text, rebuilt by command."""

    proposal = models.OneToOneField(
        Proposal, models.CASCADE, primary_key=True, related_name="search_doc", verbose_name="建议"
    )
    tokens = models.TextField("词元", blank=True)

    class Meta:
        verbose_name = "检索索引"
        verbose_name_plural = "检索索引"

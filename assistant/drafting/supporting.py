"""The supports that sentences rest on, made from what they are taken from."""

from __future__ import annotations

from assistant.domain import DisputedService, Finding, Passage, Span, Support, SupportKind


def of_case(span: Span) -> Support:
    """A span of the case."""
    return Support(SupportKind.CASE, "case", span)


def of_passage(passage: Passage, span: Span) -> Support:
    """A span of a passage's text."""
    return Support(SupportKind.PASSAGE, passage.id, span)


def of_request(service: DisputedService) -> Support:
    """The request as given, whole."""
    return Support(SupportKind.REQUEST, "request", Span.of(service.text, 0, len(service.text)))


def of_finding(finding: Finding) -> Support:
    """A finding's statement, whole."""
    return Support(SupportKind.FINDING, finding.id, Span.of(finding.statement, 0, len(finding.statement)))


def of_finding_with_quotes(finding: Finding) -> tuple[Support, ...]:
    """A finding's statement, and the spans of the case that it quotes."""
    quoted = (span for span in finding.evidence if f"“{span.quote}”" in finding.statement)
    return (of_finding(finding), *map(of_case, quoted))

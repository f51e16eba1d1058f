"""The command palette's search: the user's cases, the guidelines and past decisions by a few words."""

from __future__ import annotations

from urllib.parse import quote

from assistant.rights import Right, may
from assistant.web.acts import Act, Answer, Desk, act

_MOST = 6
_MAX_WORDS = 200


def acts(desk: Desk) -> list[Act]:
    """What the palette may call, from every view."""

    def find_anything(words: str) -> Answer:
        """Cases, guidelines and decisions that hold these words, each with its address; nothing for no words."""
        sought = words.strip()[:_MAX_WORDS]
        if not sought:
            return {"found": []}
        service = desk.service
        cases = [
            {"kind": "Case", "label": row.title or "Untitled case", "detail": row.services, "to": f"/case?id={row.id}"}
            for row in (service.cases(desk.user, sought) if may(Right.SEE_CASES) else ())[:_MOST]
        ]
        labels = dict.fromkeys(passage.guideline for passage in service.guidelines())
        wanted = sought.casefold().split()
        guidelines = [
            {"kind": "Guideline", "label": label, "detail": "", "to": f"/library?guideline={quote(label)}"}
            for label in labels
            if all(word in label.casefold() for word in wanted)
        ]
        decisions = [
            {
                "kind": "Decision",
                "label": hit.service,
                "detail": ", ".join(filter(None, (hit.case_number, hit.outcome.value))),
                "to": f"/decisions?id={quote(hit.decision_id)}",
            }
            for hit in service.search_decisions(sought, limit=_MOST).results
        ]
        return {"found": [*cases, *guidelines[:_MOST], *decisions]}

    return [act(find_anything)]

"""The one façade: every act of a user, called by the command line, the page and the tests."""

from __future__ import annotations

from assistant.service.audit_acts import AuditActs
from assistant.service.audited import SERVICE, audited
from assistant.service.chat_acts import ChatActs
from assistant.service.decision_acts import DecisionActs
from assistant.service.insight_acts import InsightActs
from assistant.service.library_acts import LibraryActs
from assistant.service.model_acts import ModelActs
from assistant.service.people_acts import PeopleActs
from assistant.service.purge_acts import PurgeActs

__all__ = ["Service"]


@audited(SERVICE, lambda service: service.audit_log)
class Service(LibraryActs, DecisionActs, InsightActs, ModelActs, PeopleActs, ChatActs, PurgeActs, AuditActs):
    """Everything a user can do, over one data folder.

    Methods that take a `user` act on that user's cases only and raise NotThere for anybody else's.
    What the audit log is told of each act stands in `audited.py`.
    Every problem that a user can mend is an AssistantError whose text is one sentence.
    """

"""The one façade: every act of a user, called by the command line, the page and the tests."""

from __future__ import annotations

from assistant.service.chat_acts import ChatActs
from assistant.service.library_acts import LibraryActs
from assistant.service.model_acts import ModelActs

__all__ = ["Service"]


class Service(LibraryActs, ModelActs, ChatActs):
    """Everything a user can do, over one data folder.

    Methods that take a `user` act on that user's cases only and raise NotThere for anybody else's.
    Every problem that a user can mend is an AssistantError whose text is one sentence.
    """

"""The chain that a first tutorial builds: a retriever over all passages, and a step that reads off their citations."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from langchain_core.documents import Document

    from assistant.evaluation.citations import Entry
    from assistant.library.library import Library

_PASSAGES = 20


def plain_chain(library: Library) -> Callable[[str, str], tuple[Entry, ...]]:
    """A LangChain sequence in the manner of `RetrievalQA`: (service, case text) to citations, best passage first.

    The question is the service and the case; the passages are searched by the same vectors as ours, without date,
    taxonomy or votes. No chat model stands at its end: it would word an answer, and the order of citations is the
    retriever's.
    """
    from langchain_core.documents import Document
    from langchain_core.runnables import RunnableLambda
    from langsmith.run_helpers import tracing_context

    passages = {passage.id: passage for passage in library.passages()}

    def retrieve(question: str) -> list[Document]:
        near = [key for key, _ in library.finder.passages_near(question, _PASSAGES) if key in passages]
        return [
            Document(
                passages[key].text, metadata={"guideline": passages[key].guideline, "section": passages[key].section}
            )
            for key in near
        ]

    chain = RunnableLambda(retrieve) | RunnableLambda(_citations)

    def ask(service: str, case_text: str) -> tuple[Entry, ...]:
        question = f"Which guideline governs this request: {service}?\n\n{case_text}"
        with tracing_context(enabled=False):
            return chain.invoke(question)

    return ask


def _citations(documents: list[Document]) -> tuple[Entry, ...]:
    return tuple((found.metadata["guideline"], found.metadata["section"]) for found in documents)

"""What can go wrong with a chat model's server, each as one sentence that holds nothing of the case nor of the key."""

from __future__ import annotations

from assistant.errors import ModelFailed


class Refusal(ModelFailed):
    """A request that the server would not take as it was; in another form it may."""


class Fault(Exception):  # noqa: N818 - it never leaves this package
    """One failed try: the user's sentence, whether another may help (`again`), and whether it ends the session."""

    def __init__(self, sentence: str, *, again: bool = False, final: bool = False, refused: bool = False) -> None:
        super().__init__(sentence)
        self.sentence, self.again, self.final, self.refused = sentence, again, final, refused


_BY_STATUS = {
    401: "The chat model's server refused the key.",
    403: "The chat model's server refused the key.",
    404: "The chat model's server knows no such model or address.",
    413: "The text is too long for the chat model.",
}
_OVERLOADED = 429
_SERVER_ERRORS = 500
_REFUSALS = frozenset([400, 422])  # of the form of a request, which another may meet
_UNREACHABLE = ("Connect", "Connection", "Network", "Timeout", "RemoteProtocol", "Read", "Write", "OSError", "Refused")


def fault_of(error: Exception) -> Fault:
    """The fault behind an error of a server's client, of whichever client."""
    if isinstance(error, Fault):
        return error
    status = getattr(error, "status_code", None)
    if isinstance(status, int):
        return _by_status(status)
    names = [kind.__name__ for kind in type(error).__mro__]
    if any("Timeout" in name for name in names):
        return Fault("The chat model's server did not answer in time.", final=True)
    if isinstance(error, OSError) or any(name.startswith(_UNREACHABLE) or "Connection" in name for name in names):
        return Fault("The chat model's server cannot be reached or broke off.", again=True, final=True)
    return Fault("The chat model's server answered in a way that is not understood.")


def _by_status(status: int) -> Fault:
    if status in _BY_STATUS:
        return Fault(_BY_STATUS[status], final=status != 413)
    if status == _OVERLOADED:
        return Fault("The chat model's server has too much to do.", again=True, final=True)
    if status >= _SERVER_ERRORS:
        return Fault("The chat model's server failed.", again=True, final=True)
    refused = status in _REFUSALS
    return Fault(f"The chat model's server refused the request (status {status}).", final=not refused, refused=refused)

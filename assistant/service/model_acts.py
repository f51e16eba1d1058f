"""The acts on the chat model: what is set, what left this machine, a choice, a trial; they belong to no case."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from assistant.models.choice import Models
from assistant.models.leaving import what_leaves
from assistant.models.trial import try_out
from assistant.service.opened import OpenFolder
from assistant.views import ModelChoice, ModelView

if TYPE_CHECKING:
    from assistant.models.leashed import Sent
    from assistant.models.trial import Trial


class ModelActs(OpenFolder):
    """What is done with the chat model that is set, if one is."""

    def model(self) -> ModelView:
        """What is set about the chat model, by whom, and what leaves this machine."""
        return model_view(self.models)

    def choose_model(self, choices: Mapping[str, object]) -> ModelView:
        """Keep choices in the data folder. Raises WrongInput for one that cannot be, or that the environment makes."""
        self.models.kept.keep(choices)
        return self.model()

    def try_model(self) -> Trial:
        """Try the model that is set, and keep what was found out; nothing of a case is sent."""
        trial = try_out(self.models)
        if trial.model:
            self.models.kept.remember_trial(trial.as_json())
        return trial

    def sent_to_model(self) -> tuple[Sent, ...]:
        """The last messages that left, the newest last; they are kept in memory only."""
        return self.models.sent()


def model_view(models: Models) -> ModelView:
    """What is set about the chat model."""
    settings, fields = models.settings, type(models.settings).model_fields
    choices = tuple(
        ModelChoice(
            name=name,
            value=getattr(settings, name),
            words=(fields[name].description or "").replace("`", ""),
            from_environment=models.kept.from_environment(name),
            options=tuple(getattr(fields[name].annotation, "__args__", ())),
        )
        for name in models.kept.names
    )
    return ModelView(
        choices=choices,
        key_set=bool(settings.chat_key.get_secret_value()),
        leaves=what_leaves(models),
        notices=models.prompts.notices,
        trial=models.kept.last_trial(),
    )

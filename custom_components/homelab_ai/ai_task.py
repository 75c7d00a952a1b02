"""The AI task entities: data from instructions, pictures and, where Home Assistant asks, judgements."""

from collections.abc import Awaitable, Sequence
from typing import Any

from probatio import to_openapi
import voluptuous as vol

from homeassistant.components import ai_task, conversation
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import llm
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .agent.data import DataMisfitError, bounded, data_from
from .agent.evaluation import evaluate
from .agent.prompt import read_attachments
from .const import AI_TASK_DATA
from .coordinator import HomelabConfigEntry
from .entity import AgentEntity
from .errors import KNOWN_ERRORS, translated
from .hub.measurements import Purpose

PARALLEL_UPDATES = 0

_FEATURES = ai_task.AITaskEntityFeature.GENERATE_DATA | ai_task.AITaskEntityFeature.SUPPORT_ATTACHMENTS
# New in Home Assistant 2026.11.
_EVALUATE: ai_task.AITaskEntityFeature | None = getattr(ai_task.AITaskEntityFeature, "EVALUATE", None)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: HomelabConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add an entity for each AI task subentry."""
    for subentry in entry.get_subentries_of_type(AI_TASK_DATA):
        async_add_entities([HomelabAITaskEntity(entry, subentry)], config_subentry_id=subentry.subentry_id)


class HomelabAITaskEntity(AgentEntity, ai_task.AITaskEntity):
    """A model that works for automations, behind everybody who is waiting for an answer."""

    _attr_name = None  # that of the device

    _attr_supported_features = _FEATURES if _EVALUATE is None else _FEATURES | _EVALUATE

    async def _async_generate_data(
        self, task: ai_task.GenDataTask, chat_log: conversation.ChatLog
    ) -> ai_task.GenDataTaskResult:
        """Return text, or the object that the task's structure describes."""
        if task.structure is None:
            text = await self._async_answer(chat_log)
            return ai_task.GenDataTaskResult(conversation_id=chat_log.conversation_id, data=text)
        data = await self._async_run(self._async_data(task.structure, chat_log))
        return ai_task.GenDataTaskResult(conversation_id=chat_log.conversation_id, data=data)

    async def _async_data(self, structure: vol.Schema, chat_log: conversation.ChatLog) -> dict[str, Any]:
        """Return the data of a structure; a model that missed it is told why, and asked once more."""
        serializer = chat_log.llm_api.custom_serializer if chat_log.llm_api else None
        schema = to_openapi(
            structure, custom_serializer=serializer or llm.selector_serializer, openapi_version="3.1.0"
        )
        wanted = bounded(schema)
        try:
            return data_from(await self._async_answer(chat_log, wanted), structure, schema)
        except DataMisfitError as err:
            text = f"That is not in the form asked for: {err}. Answer again with nothing but the JSON object."
        chat_log.async_add_user_content(conversation.UserContent(text))
        return data_from(await self._async_answer(chat_log, wanted, strict=True), structure, schema)

    async def _async_answer(
        self,
        chat_log: conversation.ChatLog,
        output_format: dict[str, Any] | None = None,
        *,
        strict: bool = False,
    ) -> str:
        await self._async_run(
            self.agent.answer(
                self.hass,
                chat_log,
                self.entity_id,
                Purpose.TASK,
                output_format=output_format,
                strict=strict,
            )
        )
        answer = chat_log.content[-1]
        assert isinstance(answer, conversation.AssistantContent)
        return answer.content or ""

    async def _async_evaluate(self, task: ai_task.EvaluationTask) -> ai_task.EvaluationTaskResult:
        """Return the probability of each answer to each question."""
        images = await self.hass.async_add_executor_job(read_attachments, task.attachments or ())
        probabilities = await self._async_run(
            evaluate(self.agent, task.questions, task.state, tuple(images.values()))
        )
        return ai_task.EvaluationTaskResult(
            answers={key: _answer(question, probabilities[key]) for key, question in task.questions.items()}
        )

    async def _async_run[ResultT](self, work: Awaitable[ResultT]) -> ResultT:
        try:
            return await work
        except KNOWN_ERRORS as err:
            raise translated(HomeAssistantError, err, self.homelab.name) from err
        finally:
            self.homelab.hurry()


def _answer(question: ai_task.EvaluationQuestion, probabilities: Sequence[float]) -> ai_task.EvaluationAnswer:
    """Return the probabilities in the form that the question's type asks for."""
    match question["type"]:
        case "noul":
            return ai_task.NoulAnswer(noul=probabilities[0])
        case "choice":
            named = dict(zip(question["criteria"], probabilities, strict=True))
            return ai_task.ChoiceAnswer(choice=max(named, key=named.__getitem__), probabilities=named)
        case "score":
            score = sum(level * share for level, share in enumerate(probabilities))
            return ai_task.ScoreAnswer(score=score, probabilities=list(probabilities))

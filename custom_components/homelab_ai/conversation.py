"""The conversation agents, for voice and chat."""

import re
from typing import Any, Literal

from homeassistant.components import conversation
from homeassistant.config_entries import ConfigSubentry
from homeassistant.const import CONF_LLM_HASS_API, CONF_PROMPT, MATCH_ALL
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import chat_session, intent
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .agent.containment import FOREIGN_WORDS
from .agent.prompt import PromptTooLargeError
from .assistant.accounts import Accounts
from .assistant.sentences import INTENTS
from .const import CONF_FACTS_FIRST, CONF_OFFLINE_FALLBACK, CONF_PREWARM, CONVERSATION, DOMAIN
from .coordinator import HomelabConfigEntry
from .coordinator.hub_issues import prompt_too_large
from .entity import AgentEntity
from .errors import KNOWN_ERRORS, KnownError, sentence, spoken
from .hub.measurements import Purpose
from .hub.pool import HubsOfflineError
from .language.names import spoken_alert

PARALLEL_UPDATES = 0

_ASKS = re.compile(r"[?\uff1f]\W*$")
"""A question, whatever marks, quotes or emoji stand behind it."""
_QUOTES = "“”„«»"
_MOST_WORDS, _MOST_NAMES = 3, 100
"""Words of a name that cannot be an order, and problems of which an answer may speak."""


async def async_setup_entry(
    hass: HomeAssistant,
    entry: HomelabConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add an agent for each conversation subentry."""
    for subentry in entry.get_subentries_of_type(CONVERSATION):
        async_add_entities(
            [HomelabConversationEntity(entry, subentry)], config_subentry_id=subentry.subentry_id
        )


class HomelabConversationEntity(AgentEntity, conversation.ConversationEntity):
    """An agent that answers with the hub, or with Home Assistant's own agent while that is off."""

    _attr_name = None  # that of the device

    _attr_supports_streaming = True

    def __init__(self, entry: HomelabConfigEntry, subentry: ConfigSubentry) -> None:
        """An agent with an LLM API controls the house."""
        super().__init__(entry, subentry)
        self._entry = entry
        self._options = subentry.data
        if subentry.data.get(CONF_LLM_HASS_API):
            self._attr_supported_features = conversation.ConversationEntityFeature.CONTROL

    @property
    def supported_languages(self) -> list[str] | Literal["*"]:
        """Return that models speak whatever they are spoken to in."""
        return MATCH_ALL

    async def async_will_remove_from_hass(self) -> None:
        """Take back the repair of this agent: it may be gone for good, or have other settings."""
        prompt_too_large(self.hass, self.agent.owner, self.agent.name, None)

    async def async_prepare(self, language: str | None = None) -> None:
        """Prewarm the hub: somebody has begun to speak."""
        if self._options.get(CONF_PREWARM, True):
            # A pipeline opens the session of the conversation that it listens for before it prepares.
            session = chat_session.current_session.get()
            prewarming = self.agent.prewarming.run(session.conversation_id if session else None)
            self._entry.async_create_background_task(self.hass, prewarming, f"prewarm {self.entity_id}")

    async def _async_handle_message(
        self, user_input: conversation.ConversationInput, chat_log: conversation.ChatLog
    ) -> conversation.ConversationResult:
        """Answer one message: what is asked about the homelab from facts, all else with the model."""
        self.agent.prewarming.make_way()
        if self._options.get(CONF_FACTS_FIRST, True) and (
            result := await self._async_answer_about_homelab(user_input, chat_log)
        ):
            _say(chat_log, _speech(result))
            return result
        return await self._async_answer_with_model(user_input, chat_log)

    async def _async_answer_with_model(
        self, user_input: conversation.ConversationInput, chat_log: conversation.ChatLog
    ) -> conversation.ConversationResult:
        """Let the model answer, and without any hub whoever can."""
        try:
            await chat_log.async_provide_llm_data(
                user_input.as_llm_context(DOMAIN),
                self._options.get(CONF_LLM_HASS_API),
                self._options.get(CONF_PROMPT),
                user_input.extra_system_prompt,
            )
        except conversation.ConverseError as err:
            return err.as_conversation_result()
        waking_text = await sentence(self.hass, user_input.language, "common.waking")
        listener = Listener.of(chat_log)
        accounts = Accounts(self.hass, user_input.language)
        try:
            await self.agent.answer(
                self.hass,
                chat_log,
                self.entity_id,
                Purpose.VOICE,
                waking_text=waking_text,
                heard=_is_heard(self.hass, user_input),
                account=accounts,
            )
        except (*KNOWN_ERRORS, HomeAssistantError) as err:
            if not (text := await accounts.after(err, chat_log)):
                return await self._async_answer_after(err, user_input, chat_log, listener)
            chat_log.async_add_assistant_content_without_tools(
                conversation.AssistantContent(self.entity_id, text)
            )
            _say(chat_log, text)
        finally:
            self.homelab.hurry()
        prompt_too_large(self.hass, self.agent.owner, self.agent.name, None)
        result = conversation.async_get_result_from_chat_log(user_input, chat_log)
        if accounts.nothing_done:
            code = intent.IntentResponseErrorCode.FAILED_TO_HANDLE
            result.response.async_set_error(code, _speech(result))
        # Home Assistant's rule wants the question mark at the very end.
        result.continue_conversation |= bool(_ASKS.search(_speech(result)))
        return result

    async def _async_answer_after(
        self,
        error: KnownError | HomeAssistantError,
        user_input: conversation.ConversationInput,
        chat_log: conversation.ChatLog,
        listener: Listener,
    ) -> conversation.ConversationResult:
        """Answer without the hub where that can be done, else raise the error in the words of the turn."""
        if isinstance(error, PromptTooLargeError):
            prompt_too_large(self.hass, self.agent.owner, self.agent.name, error)
        # What a tool has done in this turn already must not be done twice.
        if isinstance(error, HubsOfflineError) and chat_log.content[-1].role == "user":
            before = len(chat_log.content)
            answer = (
                self._async_answer_without_hub
                if self._options.get(CONF_OFFLINE_FALLBACK, True)
                else self._async_answer_about_homelab
            )
            if result := await answer(user_input, chat_log):
                _say(chat_log, _speech(result))
                return result
            # That it was not understood is no part of the conversation.
            del chat_log.content[before:]
        told = await spoken(self.hass, error, self.homelab.name, user_input.language)
        # A dialog shows the error as such; only who has begun to speak needs it in what is streamed.
        if listener.begun:
            _say(chat_log, str(told))
        raise told from error

    async def _async_answer_without_hub(
        self, user_input: conversation.ConversationInput, chat_log: conversation.ChatLog
    ) -> conversation.ConversationResult | None:
        """Let Home Assistant's own agent answer; None where it cannot.

        It knows no questions: of "What is the capital of France?" it says that there is no such device.
        """
        result = await conversation.async_converse(
            self.hass,
            user_input.text,
            chat_log.conversation_id,
            user_input.context,
            language=user_input.language,
            agent_id=conversation.HOME_ASSISTANT_AGENT,
            device_id=user_input.device_id,
            satellite_id=user_input.satellite_id,
        )
        is_error = result.response.response_type is intent.IntentResponseType.ERROR
        return None if is_error else result

    async def _async_answer_about_homelab(
        self, user_input: conversation.ConversationInput, chat_log: conversation.ChatLog
    ) -> conversation.ConversationResult | None:
        """Answer the homelab's own questions; None for all others.

        A model that goes on later is told what was said, and not of a tool that it does not have.
        """
        before = len(chat_log.content)
        response = await conversation.async_handle_intents(
            self.hass, user_input, chat_log, intent_filter=lambda result: result.intent.name not in INTENTS
        )
        del chat_log.content[before:]
        if response is None:
            return None
        text = response.speech["plain"]["speech"]
        native = FOREIGN_WORDS if self._has_foreign_words(text) else None
        answer = conversation.AssistantContent(self.entity_id, text, native=native)
        chat_log.async_add_assistant_content_without_tools(answer)
        return conversation.ConversationResult(response, chat_log.conversation_id)

    def _has_foreign_words(self, text: str) -> bool:
        """Return whether an answer from facts may hold an order: it quotes, or a name is a sentence."""
        if any(mark in text for mark in _QUOTES):
            return True
        problems = self.homelab.health.data.problems[:_MOST_NAMES]
        return any(len(spoken_alert(problem.name).split()) > _MOST_WORDS for problem in problems)


def _is_heard(hass: HomeAssistant, user_input: conversation.ConversationInput) -> bool:
    """Return whether the answer is spoken: by a satellite, or because the pipeline's run makes sound of it.

    A run tells so when it starts (`assist_pipeline`, event `run-start`), which is kept for its debug view.
    """
    pipelines = getattr(hass.data.get("assist_pipeline"), "pipeline_debug", {})
    for runs in pipelines.values():
        for run in reversed(list(runs.values())):
            data = run.events[0].data if run.events else None
            if data and data.get("conversation_id") == user_input.conversation_id:
                if str(run.events[-1].type) == "run-end":
                    continue
                return bool(user_input.satellite_id) or "tts_output" in data
    return bool(user_input.satellite_id or user_input.device_id)


def _speech(result: conversation.ConversationResult) -> str:
    text: str = result.response.speech.get("plain", {}).get("speech", "")
    return text


class Listener:
    """Whoever listens to a turn, and whether there was anything to hear yet."""

    def __init__(self) -> None:
        self.begun = False

    @classmethod
    def of(cls, chat_log: conversation.ChatLog) -> Listener:
        """Listen along with a chat log's listener."""
        listener = cls()
        if (heard := chat_log.delta_listener) is not None:

            def hear(log: conversation.ChatLog, delta: dict[str, Any]) -> None:
                if delta.get("role") != "tool_result" and delta.get("content"):
                    listener.begun = True
                heard(log, delta)

            chat_log.delta_listener = hear
        return listener


def _say(chat_log: conversation.ChatLog, text: str) -> None:
    """Stream a text that is not the model's.

    A pipeline that has begun to speak an answer speaks what is streamed, and nothing of the result.
    """
    if chat_log.delta_listener is not None:
        chat_log.delta_listener(chat_log, {"content": text})

"""One question of a person or an automation, answered by the general model without tools."""

from ..agent.agent import Agent
from ..agent.completion import Completion, complete
from ..agent.prompt import Budget
from ..api.chat import Message
from ..hub.measurements import Purpose
from ..hub.pool import HubsOfflineError


async def ask(
    agent: Agent, question: str, *, system: str | None = None, model: str | None = None
) -> Completion:
    """Return the answer; a hub that is off is woken for it where that is set up.

    Raises ApiError or HubError: PromptTooLargeError where Ollama would silently leave a part of the question
    out.
    """
    messages = [Message("user", question)]
    if system:
        messages.insert(0, Message("system", system))
    Budget(agent.settings.num_ctx).fit(messages, (), 0)
    try:
        return await complete(agent, messages, Purpose.TASK, model=model)
    except HubsOfflineError as err:
        if err.reason or not agent.pool.can_wake:
            raise
    await agent.pool.wake()
    return await complete(agent, messages, Purpose.TASK, model=model)

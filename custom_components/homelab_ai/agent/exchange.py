"""One message of the model: what it is asked, and asked once more where its answer got lost."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from ..api.chat import ChatRequest, Message
from ..api.errors import ApiError, ApiPromptTooLongError
from ..hub.errors import HubError
from .message import Answer
from .prompt import Budget, PromptTooLargeError, without_earlier
from .second_try import ModelMistakeError, corrected, mistake_in, told_in_text

_MOST_LESSONS = 3
"""Times that the server may say in one message that the prompt is too long."""


class Exchange:
    """What is sent for one message, and what has come of it so far."""

    def __init__(
        self,
        messages: list[Message],
        request: Callable[[list[Message]], ChatRequest],
        answer: Callable[[], Answer],
    ) -> None:
        """`request` makes messages fit or raises PromptTooLargeError; `answer` is made anew for each try."""
        self.answer = answer()
        self.woken = False
        self._messages = messages
        self._request = request
        self._again = answer
        self._change: Callable[[ChatRequest], ChatRequest] | None = None
        self._lessons = 0
        self._sent: ChatRequest | None = None
        self._counted: int | None = None

    def request(self) -> ChatRequest:
        """Return the request as it is to be made this time."""
        request = self._fitted()
        return self._change(request) if self._change else request

    def _fitted(self) -> ChatRequest:
        """Return the request within the budget, but for what the server alone can say to be too long."""
        try:
            self._sent = self._request(self._messages)
        except PromptTooLargeError as err:
            if self._sent is None or self._counted is None:
                raise
            least = replace(self._sent, messages=without_earlier(self._sent.messages))
            if len(least.messages) == len(self._sent.messages):
                raise PromptTooLargeError(self._counted, err.num_ctx) from err
            self._sent = least
        return self._sent

    def lost_a_call(self, request: ChatRequest) -> bool:
        """Return whether to ask again, with the tools in the text, because the hub has swallowed a call."""
        if self._change is not None or not request.tools or not self.answer.swallowed:
            return False
        self._change, self.answer = told_in_text, self._again()
        return True

    def recover(self, error: ApiError | HubError, request: ChatRequest, budget: Budget) -> None:
        """Let the next try do better: with less in it, or with the reason. Raises what no try can mend."""
        if isinstance(error, ApiPromptTooLongError):
            self._lessons += 1
            self._counted = error.tokens
            budget.learn_exactly(request, error.tokens)
            if self._lessons > _MOST_LESSONS:
                raise PromptTooLargeError(error.tokens, budget.num_ctx) from error
            return
        if (reason := mistake_in(error)) is None:
            raise error
        if self._change is not None:
            raise ModelMistakeError(reason) from error
        self._change, self.answer = partial(corrected, reason=reason), self._again()

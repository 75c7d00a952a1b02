"""A system asked in parts, together and a few at a time: what one of them lacks costs that part alone."""

import asyncio
from collections.abc import Awaitable, Mapping

from ..api.errors import ApiAuthenticationError, ApiError, ApiResponseError
from ..health.unseen import Reason, Unseen

_AT_ONCE = 6
_ABSENT = (404, 405, 501)


async def ask_all[AnswerT](requests: Mapping[str, Awaitable[AnswerT]]) -> dict[str, AnswerT | ApiError]:
    """Return the answers by key, and the error of what failed; raises nothing of these."""
    room = asyncio.Semaphore(_AT_ONCE)

    async def ask(awaitable: Awaitable[AnswerT]) -> AnswerT | ApiError:
        async with room:
            try:
                return await awaitable
            except ApiError as err:
                return err

    async with asyncio.TaskGroup() as tasks:
        running = {key: tasks.create_task(ask(awaitable)) for key, awaitable in requests.items()}
    return {key: task.result() for key, task in running.items()}


def raise_if_all_failed(answers: Mapping[str, object]) -> None:
    """Raise ApiError where no part answered: that we are refused, else the first error."""
    errors = [answer for answer in answers.values() if isinstance(answer, ApiError)]
    if errors and len(errors) == len(answers):
        raise next((error for error in errors if isinstance(error, ApiAuthenticationError)), errors[0])


def is_absent(error: ApiError) -> bool:
    """Return whether a system does not have a part at all."""
    return isinstance(error, ApiResponseError) and error.status in _ABSENT


def unseen(error: ApiError, part: str, name: str = "", *, essential: bool = True) -> Unseen:
    """Return that a part is not seen: it is refused, it failed, or it is not there and so not essential."""
    reason = Reason.FORBIDDEN if isinstance(error, ApiAuthenticationError) else Reason.FAILED
    return Unseen(part, reason, name, essential and not is_absent(error))

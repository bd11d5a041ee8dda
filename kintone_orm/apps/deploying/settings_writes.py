"""Changes of apps' settings that survive lost answers and running deploys."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, TypeVar

from kintone_orm.apps.deploying.deploy_status import is_deploying, wait_for_deploy
from kintone_orm.apps.naming import extend_text
from kintone_orm.exceptions import APIError
from kintone_orm.outcomes import CarriedOut

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from kintone_orm.connection import Connection

__all__ = ["SettingsWrites"]

AnswerT = TypeVar("AnswerT")

# A write is sent at most this often.
_ATTEMPTS = 3
# Seconds to wait after a lost answer: kintone may still be working on the request.
_PAUSE = 0.25


class SettingsWrites:
    """The requests of one deploy() that change settings.

    `timeout` is the number of seconds that one deploy may take, ours or somebody else's.
    `carried_out` says whether the requests have changed anything: `CarriedOut.UNKNOWN` after a lost
    answer, until it is known that kintone has the change.
    """

    def __init__(self, connection: Connection, timeout: float) -> None:
        self.connection = connection
        self.timeout = timeout
        self.carried_out = CarriedOut.NO

    def send(
        self,
        apps: Sequence[int],
        write: Callable[[], AnswerT],
        read_result: Callable[[], AnswerT | None],
    ) -> AnswerT:
        """Return the answer of `write`, which changes the settings of up to 300 apps.

        If the answer is lost, `read_result` reads from kintone what the answer would have said, or
        returns None if kintone does not have the change. The write is then sent again. If kintone
        refuses the write while a deploy of an app is running, the write is sent again after that
        deploy. A deploy that takes too long is a DeployError.
        """
        lost: APIError | None = None
        attempt = 0
        while True:
            attempt += 1
            try:
                return self._made(write())
            except APIError as error:
                refusal = error
            # The errors are raised outside of `except`, so that they keep their causes.
            if self._is_lost(refusal):
                lost = refusal
            elif attempt < _ATTEMPTS and self._wait_for_running_deploy(apps):
                continue
            elif lost is None:
                raise refusal
            # A request whose answer is lost may reach kintone late, so that kintone refuses the
            # second one: the codes exist then, or the revision is no longer the current one. Such
            # a refusal is no answer to the first request. Only the settings are. If they cannot be
            # read, sending again is safe for the same reason.
            with suppress(APIError):
                result = read_result()
                if result is not None:
                    return self._made(result)
            if attempt == _ATTEMPTS or refusal is not lost:
                raise lost

    def create(self, write: Callable[[], AnswerT], find: Callable[[], AnswerT | None]) -> AnswerT:
        """Return the answer of `write`, which creates an app.

        If the answer is lost, `find` looks for the app and returns what the answer would have said,
        or None. The request is never sent again: it might make a second app, and no API can delete
        an app.
        """
        try:
            return self._made(write())
        except APIError as error:
            lost = error
        if self._is_lost(lost):
            with suppress(APIError):
                result = find()
                if result is not None:
                    return self._made(result)
            extend_text(lost, after=" If kintone has created the app, the next deploy() finds it.")
        raise lost

    def _made(self, answer: AnswerT) -> AnswerT:
        self.carried_out = CarriedOut.YES
        return answer

    def _is_lost(self, error: APIError) -> bool:
        """Return True if the request may have been carried out. Give kintone time to do so."""
        if error.carried_out is not CarriedOut.UNKNOWN:
            return False
        self.carried_out = CarriedOut.UNKNOWN
        self.connection.clock.sleep(_PAUSE)
        return True

    def _wait_for_running_deploy(self, apps: Sequence[int]) -> bool:
        """Wait for a running deploy of the apps. Return False if there is none.

        kintone documents no code for a refusal during a deploy, so each refusal leads to this
        question. Also return False if the status cannot be read: the refusal says more then.
        """
        try:
            if not is_deploying(self.connection, apps):
                return False
        except APIError:
            return False
        wait_for_deploy(self.connection, apps, self.timeout)
        return True

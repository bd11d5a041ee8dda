"""An OAuth access token that a function of the program provides, again when kintone refuses it."""

from __future__ import annotations

import os
import sys
import threading
from typing import TYPE_CHECKING

from kintone_orm.exceptions import ImproperlyConfigured
from kintone_orm.http.foreign_errors import forget_locals

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from kintone_orm.http.secrets import Secret

__all__ = ["RenewableToken"]


class RenewableToken:
    """A token that is kept until kintone refuses it. Threads may share it.

    `provide` returns a new token, or raises any exception. Only one thread at a time calls it, and
    the others wait for its token.
    """

    def __init__(self, provide: Callable[[], Secret]) -> None:
        self._provide = provide
        self._token: Secret | None = None
        self._is_providing = False
        # A thread may come here again: from inside `provide`, by a request on the same connection.
        self._lock, self._process = threading.RLock(), os.getpid()

    def current(self) -> Secret:
        """Return the token; the first call, and the first after a failed one, asks for it."""
        with self._lock_of_this_process():
            if self._token is None:
                self._token = self._ask()
            return self._token

    def renew(self, refused: str) -> bool:
        """Ask for a new token, unless another thread has; return True if it is not the refused one.

        If `provide` raises an exception, the refused token is forgotten all the same.
        """
        with self._lock_of_this_process():
            if self._token == refused:
                self._token = None
            return self.current() != refused

    def _lock_of_this_process(self) -> AbstractContextManager[object]:
        # A process may be forked while a thread asks for a token, which then goes on in the parent
        # process alone.
        if self._process != (process := os.getpid()):
            self._lock, self._is_providing = threading.RLock(), False
            self._process = process
        return self._lock

    def _ask(self) -> Secret:
        if self._is_providing:
            raise ImproperlyConfigured(
                "The function of oauth_token= sent a request on the connection that waits for its "
                "token. Use another connection in the function, or no connection."
            )
        self._is_providing = True
        handled = sys.exc_info()[1]
        try:
            return self._provide()
        except BaseException as error:
            # The function may have sent a refresh token or a client's secret, by requests.
            forget_locals(error, handled)
            raise
        finally:
            self._is_providing = False

"""The function `connect()`, which creates and registers a connection."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from kintone_orm.connection.connection import Connection, connections
from kintone_orm.connection.limits.traffic import Limits
from kintone_orm.connection.registry import DEFAULT
from kintone_orm.http.secrets import hide
from kintone_orm.limits import ANSWER_BYTES, IDLE_SECONDS, REQUESTS_OF_A_CONNECTION
from kintone_orm.settings import parse_settings, require_one_login

if TYPE_CHECKING:
    import datetime as dt
    import os
    from collections.abc import Mapping

    from kintone_orm.connection.limits.limiter import Limiter
    from kintone_orm.connection.limits.usage import DailyBudget
    from kintone_orm.http.network.transport import Adapter
    from kintone_orm.http.retry import Retry
    from kintone_orm.settings import ApiToken, ClientCert, OAuthToken

__all__ = ["connect"]


def connect(
    base_url: str | None = None,
    *,
    api_token: ApiToken | None = None,
    username: str | None = None,
    password: str | None = None,
    basic_auth: tuple[str, str] | None = None,
    oauth_token: OAuthToken | None = None,
    client_cert: ClientCert | None = None,
    guest_space: int | None = None,
    apps: Mapping[str, int] | None = None,
    timezone: str | dt.tzinfo | None = None,
    alias: str = DEFAULT,
    timeout: float | tuple[float, float] | None = None,
    retry: Retry | bool = True,
    deadline: float | None = None,
    keep_alive: float = IDLE_SECONDS,
    adapter: Adapter | None = None,
    max_answer: int = ANSWER_BYTES,
    max_concurrency: int = REQUESTS_OF_A_CONNECTION,
    limiter: Limiter | None = None,
    daily_budget: DailyBudget | int | None = None,
    usage: str | os.PathLike[str] | None = None,
) -> Connection:
    """Create a connection, register it under `alias` and return it. No request is sent.

    Arguments left out come from the environment at the first request; `kintone_orm.settings` lists
    the variables.

    - `api_token` is one token, several tokens, or a mapping of apps (keys of `apps`, or ids) to
      tokens.
    - `oauth_token` is an access token, or a function that returns one. The function is called for
      the first request, and again when kintone refuses its token (401): the request is then sent
      once more. What the function raises is raised by the request. No deadline bounds its time.
    - `client_cert` is the path of a PEM file, or a pair (certificate, key).
    - `apps` maps the keys that models use as `Meta.app` to ids.
    - `timezone`, the zone of datetimes, is an IANA name or a tzinfo. The default is UTC.
    - `timeout` is the number of seconds for connecting and for each wait while reading, or a pair
      of these two. The default is (10, 60). Creating a cursor and a bulkRequest may wait 300
      seconds by default, because kintone is slow with them.
    - `retry` says how often a failed request is sent again, if that cannot act twice
      (`kintone_orm.Retry`). False switches it off.
    - `deadline` is the number of seconds for one request with all its attempts and waits, from
      before the connection is opened to the last byte. Only the system's look-up of the host's name
      may exceed it. The default is 120 seconds, and 600 for creating a cursor and a bulkRequest.
      Uploads and downloads have no deadline by default.
    - `keep_alive` is the number of seconds that a network connection may be idle. A request after a
      longer pause opens a new one, because proxies close idle connections without notice. 0 opens
      one for each request.
    - `adapter` is an adapter of the library requests that replaces the network. With it, the
      environment is not used.
    - `max_answer` is the largest size of an unpacked answer in bytes. The default of 256 MB is more
      than kintone sends. Reading a longer answer stops with a TransportError; files are exempt.
    - `max_concurrency` is the number of requests that the connection sends at once, over all
      threads; others wait, until their deadline. While the domain is crowded, it sends fewer.
    - `limiter` makes many processes keep the limits of one domain: a `Limiter`, such as a
      `kintone_orm.contrib.redis.RedisLimiter`.
    - `daily_budget` is the number of requests that each app may get on one day of kintone's, or a
      `DailyBudget`. Then requests raise DailyBudgetExceeded.
    - `usage` is the path of a file that counts the requests of the day. Several processes may share
      it. Without it, a limiter that counts does, or else this process.

    ImproperlyConfigured if an argument is invalid or contradicts another one.
    """
    # From here on, an error that shows local variables shows no secret.
    base_url, api_token, password = hide(base_url), hide(api_token), hide(password)
    basic_auth, oauth_token = hide(basic_auth), hide(oauth_token)
    if isinstance(limiter, str):  # by mistake the URL of a Redis, perhaps with its password
        limiter = cast("Limiter", hide(limiter))
    settings = parse_settings(
        base_url=base_url,
        api_token=api_token,
        username=username,
        password=password,
        basic_auth=basic_auth,
        oauth_token=oauth_token,
        client_cert=client_cert,
        guest_space=guest_space,
    )
    require_one_login(settings)
    limits = Limits(
        max_concurrency=max_concurrency, limiter=limiter, daily_budget=daily_budget, usage=usage
    )
    connection = Connection(
        settings,
        alias=alias,
        apps=apps,
        timezone=timezone,
        timeout=timeout,
        retry=retry,
        deadline=deadline,
        keep_alive=keep_alive,
        adapter=adapter,
        max_answer=max_answer,
        limits=limits,
    )
    connections.add(connection)
    return connection

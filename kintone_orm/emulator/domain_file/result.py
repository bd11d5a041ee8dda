"""The ids and tokens that result from a domain file, by the keys of the file."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..store.spaces import Space

__all__ = ["Made"]


@dataclass(frozen=True)
class Made:
    """The ids of apps and groups, the spaces and the API tokens of a domain file.

    The keys are those of the file: `tokens["orders"]["ci"]` is the token "ci" of the app "orders".
    The repr does not show tokens.
    """

    apps: Mapping[str, int] = field(default_factory=dict)
    spaces: Mapping[str, Space] = field(default_factory=dict)
    groups: Mapping[str, int] = field(default_factory=dict)
    tokens: Mapping[str, Mapping[str, str]] = field(default_factory=dict, repr=False)

    def as_dict(self) -> dict[str, Any]:
        """Return the same values as JSON, including the tokens, for programs in other languages."""
        return {
            "apps": {
                key: {"id": number, "tokens": dict(self.tokens.get(key, {}))}
                for key, number in self.apps.items()
            },
            "spaces": {
                key: {"id": space.id, "thread": space.thread, "guest": space.guest}
                for key, space in self.spaces.items()
            },
            "groups": {code: {"id": number} for code, number in self.groups.items()},
        }

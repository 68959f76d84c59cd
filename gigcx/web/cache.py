"""A cache that a dead server slows by nothing and breaks in nothing."""

import logging
from typing import Any

from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)


class ForgivingRedisCache(RedisCache):
    """Redis whose absence reads as an empty cache. Nothing that must be true is kept here."""

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        """This function will return the value, or the default also when the server is away."""
        try:
            return super().get(key, default, version)
        except (RedisError, OSError) as away:
            return _missed(away, default)

    def set(self, key: Any, value: Any, timeout: Any = 300, version: int | None = None) -> None:
        """This function will keep the value if it can."""
        try:
            super().set(key, value, timeout, version)
        except (RedisError, OSError) as away:
            _missed(away, None)

    def add(self, key: Any, value: Any, timeout: Any = 300, version: int | None = None) -> bool:
        """This function will keep the value if there is none; True when the server is away."""
        try:
            return bool(super().add(key, value, timeout, version))
        except (RedisError, OSError) as away:
            return bool(_missed(away, True))

    def delete(self, key: Any, version: int | None = None) -> bool:
        """This function will forget the value if it can."""
        try:
            return bool(super().delete(key, version))
        except (RedisError, OSError) as away:
            return bool(_missed(away, False))

    def incr(self, key: Any, delta: int = 1, version: int | None = None) -> int:
        """This function will count up; the delta itself when the server is away."""
        try:
            return int(super().incr(key, delta, version))
        except (RedisError, OSError) as away:
            return int(_missed(away, delta))


def _missed(away: Exception, answer: Any) -> Any:
    logger.warning("cache away: %s", type(away).__name__)
    return answer

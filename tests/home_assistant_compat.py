"""Lets one suite run on every supported Home Assistant; loaded before all other plug-ins (``-p``).

The Home Assistant test plug-in is written for the release it pins. On a newer one, two things stop it:

* Home Assistant 2026.11 puts httpx2 in the place of httpx when it is imported, and refuses to if a plug-in
  (respx) was quicker. So Home Assistant comes first.
* A private function that the test plug-in imports has moved within the logger integration.
"""

import homeassistant  # noqa: F401

# The test plug-in replaces functions that the logger integration takes references to, so it comes first.
from pytest_homeassistant_custom_component import (  # isort: skip
    patch_json,  # noqa: F401
    patch_recorder,  # noqa: F401
    patch_time,  # noqa: F401
)

from homeassistant.components import logger  # isort: skip

if not hasattr(logger, "_clear_logger_overwrites"):
    from homeassistant.components.logger import helpers

    logger._clear_logger_overwrites = helpers._clear_logger_overwrites  # type: ignore[attr-defined]

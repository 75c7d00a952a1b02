"""Repairs for what the referee found, and for a hub that is off for long."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir

from ..agent.prompt import PromptTooLargeError
from ..const import DOMAIN, MODELS_PAGE
from ..events import homelab_of
from ..hub.referee import Finding, FindingKind
from ..language.words import language_of
from .issues import raise_issue

OFFLINE_FOR_LONG = timedelta(days=3)
"""A weekend away is no fault."""
MOST_OF_A_KIND = 10
"""Repairs of one kind for one hub; whoever has thousands of models pinned knows after the first few."""
HUB_REJECTED = "hub_rejected"
_OFFLINE = "hub_offline"
PROMPT = "prompt_too_large"
_FIXABLE = frozenset(
    {
        HUB_REJECTED,
        FindingKind.AGENTS_DISAGREE,
        FindingKind.CONTEXT_CONFLICT,
        FindingKind.HUB_LACKS_MODEL,
        FindingKind.MODEL_CANNOT_CHAT,
        FindingKind.MODEL_MISSING,
        FindingKind.MODEL_PINNED,
        FindingKind.MODEL_WITHOUT_TOOLS,
    }
)
"""What repairs.py has a flow for."""
_ERRORS = (HUB_REJECTED, FindingKind.MODEL_MISSING)

type IssueData = Mapping[str, str | int | float | None]
"""What a repair is told: its kind, the entry's id, the hub's or subentry's id as `source`, which agent
or model of it as `subject`, and its facts."""


class HubIssues:
    """The repairs of one hub; each is gone again as soon as its reason is."""

    def __init__(self, hass: HomeAssistant, entry_id: str, hub: str, subentry_id: str | None) -> None:
        """`hub` is what people call it."""
        self._hass = hass
        self._hub = hub
        self._entry_id = entry_id
        self._stem = subentry_id or entry_id
        self._raised: set[str] = set()

    def update(self, findings: Sequence[Finding], offline_since: datetime | None, now: datetime) -> None:
        """Raise what is new and take back what is gone."""
        # While the hub is off nothing is known of its models, so what was raised stays.
        raised = set(self._raised) if offline_since else set()
        seen: Counter[str] = Counter()
        for finding in findings:
            seen[finding.kind] += 1
            if seen[finding.kind] > MOST_OF_A_KIND:
                continue
            raised.add(self._raise(finding.kind, finding.subject, finding.facts))
        if offline_since and now - offline_since > OFFLINE_FOR_LONG:
            days = str((now - offline_since).days)
            raised.add(self._raise(_OFFLINE, "", {"days": days}))
        elif not offline_since:
            ir.async_delete_issue(self._hass, DOMAIN, self._id(HUB_REJECTED, ""))
        for gone in self._raised - raised:
            ir.async_delete_issue(self._hass, DOMAIN, gone)
        self._raised = raised

    def rejected(self) -> None:
        """Say that the hub refuses its key."""
        self._raise(HUB_REJECTED, "", {})

    def clear(self) -> None:
        """Take back everything, because the hub is gone."""
        for issue in {*self._raised, self._id(HUB_REJECTED, "")}:
            ir.async_delete_issue(self._hass, DOMAIN, issue)
        self._raised = set()

    def _id(self, kind: str, subject: str) -> str:
        return "_".join(part for part in (kind, self._stem, subject) if part)

    def _raise(self, kind: str, subject: str, facts: Mapping[str, str | float]) -> str:
        issue_id = self._id(kind, subject)
        texts = in_words(facts, self._hass.config.language)
        raise_issue(
            self._hass,
            self._entry_id,
            issue_id,
            is_fixable=kind in _FIXABLE,
            severity=ir.IssueSeverity.ERROR if kind in _ERRORS else ir.IssueSeverity.WARNING,
            translation_key=kind,
            translation_placeholders={"hub": self._hub, "models": MODELS_PAGE, **texts},
            data={
                "kind": str(kind),
                "entry_id": self._entry_id,
                "source": self._stem,
                "subject": subject,
                "hub": self._hub,
                **texts,
            },
        )
        return issue_id


def in_words(facts: Mapping[str, str | float], language: str) -> dict[str, str]:
    """Return the facts of a finding as texts name them."""
    words = language_of(language)
    return {key: fact if isinstance(fact, str) else words.decimal(fact) for key, fact in facts.items()}


def prompt_too_large(hass: HomeAssistant, owner: str, agent: str, error: PromptTooLargeError | None) -> None:
    """Raise the repair for an agent whose prompt does not fit its context, or take it back."""
    issue_id = f"{PROMPT}_{owner}"
    if error is None:
        ir.async_delete_issue(hass, DOMAIN, issue_id)
        return
    homelab = homelab_of(hass, owner)
    facts = {
        "agent": agent,
        "tokens": str(error.tokens),
        "num_ctx": str(error.num_ctx),
        "suggestion": str(error.suggestion),
    }
    entry_id = homelab.entry_id if homelab else ""
    raise_issue(
        hass,
        entry_id,
        issue_id,
        is_fixable=True,
        severity=ir.IssueSeverity.ERROR,
        translation_key=PROMPT,
        translation_placeholders=facts,
        data={
            "kind": PROMPT,
            "entry_id": entry_id,
            "source": owner,
            **facts,
        },
    )

"""The pull requests of bots: whose they are, and how large the step is."""

import pytest

from custom_components.homelab_ai.api.answers import Line, Text, Whole
from custom_components.homelab_ai.api.forge.pull_request import PullRequest, State
from custom_components.homelab_ai.monitors.bots import Update, update_of


def pull(
    title: str, head: str = "renovate/x", author: str = "renovate[bot]", *labels: str, body: str = ""
) -> PullRequest:
    return PullRequest(
        number=Whole(1),
        title=Line(Text(title)),
        url=Text(""),
        state=State.OPEN,
        draft=False,
        author=Line(Text(author)),
        head=Text(head),
        base=Text("main"),
        head_sha=Text("0" * 40),
        labels=tuple(Line(Text(label)) for label in labels),
        body=Text(body),
    )


@pytest.mark.parametrize(
    ("head", "author", "bot"),
    [
        ("renovate/x", "renovate[bot]", "renovate"),
        ("renovate/x", "bot-of-mine", "renovate"),
        ("chore/x", "self-hosted-renovate[bot]", "renovate"),
        ("chore/x", "renovate-bot", "renovate"),
        ("dependabot/pip/aiohttp-3.13", "dependabot[bot]", "dependabot"),
        ("dependabot/pip/aiohttp-3.13", "dependabot-preview[bot]", "dependabot"),
        ("feature", "anna", None),
        ("renovate", "anna", None),
        ("fix-renovate/x", "anna", None),
        ("feature", "renovate-fan", None),
        ("homelab-ai/enable-x", "ha-bot", None),
    ],
)
def test_whose_it_is(head: str, author: str, bot: str | None) -> None:
    found = update_of(pull("Update x to 1.2.3", head, author))
    assert (found and found.bot) == bot


@pytest.mark.parametrize(
    ("title", "major"),
    [
        ("Update dependency aiohttp to v3.13.1", False),
        ("Update dependency aiohttp to v4", True),
        ("Update grafana Docker tag to v12", True),
        ("Update ghcr.io/open-webui/open-webui Docker tag to v0.6.40", False),
        ("chore(deps): update helm release grafana to v10.1.4", False),
        ("chore(deps): update helm release grafana to v11", True),
        ("fix(container): update image ghcr.io/x/y ( 0.6.40 → 0.6.41 )", False),
        ("feat(container): Update image ghcr.io/x/y ( 11.2.0 ➔ 12.0.0 )", True),
        ("feat(container)!: Update image ghcr.io/x/y ( 0.2.0 ➔ 0.3.0 )", True),
        ("feat(helm): update chart postgres 16 ( 16.1.0 -> 16.2.0 )", False),
        ("Bump aiohttp from 3.12.0 to 3.13.0", False),
        ("Bump actions/checkout from 4 to 5", True),
        ("build(deps): bump home-assistant from 2026.10.4 to 2026.11.0", False),
        ("Update ghcr.io/x/y digest to 0a1b2c3", False),
        ("Update chart 7 to 1.7.0", False),
        ("Pin dependencies", False),
        ("Lock file maintenance", False),
        ("Update all non-major dependencies", False),
        ("", False),
    ],
)
def test_step_in_a_title(title: str, major: bool) -> None:
    assert update_of(pull(title)) == Update("renovate", major)


def test_step_in_a_branch_a_label_or_a_table() -> None:
    assert update_of(pull("Update x", "renovate/major-x")) == Update("renovate", major=True)
    for label in ("type/major", "Major", "semver-major"):
        assert update_of(pull("Update x", "renovate/x", "renovate[bot]", label)) == Update(
            "renovate", major=True
        )
    row = "| [aiohttp](https://x) | `==3.12.0` -> `==3.13.0` |\n| [y](https://x) | `{}` -> `{}` | [age]"
    for versions, major in ((("1.2.3", "1.3.0"), False), (("1.2.3", "2.0.0"), True)):
        table = f"This PR contains:\n\n| Package | Change |\n|---|---|\n{row.format(*versions)}"
        assert update_of(pull("Update dependencies", body=table)) == Update("renovate", major)
    prose = "Notes: moved from 1.0.0 to 2.0.0, 1.0 -> 2.0"
    assert update_of(pull("Update dependencies", body=prose)) == Update("renovate", major=False)


def test_a_title_as_long_as_it_may_be_costs_nothing() -> None:
    assert update_of(pull("1" * 250, body="| " + "1.1 " * 2000)) == Update("renovate", major=False)

"""What the tests of all forges propose: an app of the repository of `conftest` is switched on."""

from custom_components.homelab_ai.api.forge.change import Change, Create, Delete, Update
from custom_components.homelab_ai.api.forge.forge import Forge
from custom_components.homelab_ai.api.forge.pull_request import Branch

from .conftest import ALLOWED, FILES

HEAD = "homelab-ai/enable-paperless-ai-0a1b2c3d"
KS = "kubernetes/apps/ai/ollama/ks.yaml"
DISABLED = "kubernetes/apps/ai/paperless-ai/ks.dis"
LIST = "kubernetes/apps/ai/kustomization.yaml"


async def base_of(forge: Forge) -> Branch:
    """Return the base branch as it is now."""
    found = await forge.branch("main")
    assert found is not None
    return found


async def changes_of(forge: Forge, base: Branch) -> list[Change]:
    """Return the changes, from the files as they are in the base branch."""
    shas = {str(path): file.sha for path, file in (await forge.tree(base.sha, ALLOWED)).files.items()}
    return [
        Delete(DISABLED, shas[DISABLED]),
        Create(DISABLED.replace(".dis", ".yaml"), FILES[DISABLED]),
        Update(LIST, FILES[LIST] + "  - ./paperless-ai/ks.yaml\n", shas[LIST]),
    ]


async def proposed(forge: Forge) -> None:
    """Commit the changes on a branch of ours."""
    base = await base_of(forge)
    await forge.commit(HEAD, base, "Enable it", await changes_of(forge, base), ALLOWED)

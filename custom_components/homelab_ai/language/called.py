"""What people say around a name, and for a kind of thing, in English and German."""

from collections.abc import Mapping

from ..topology import ThingKind

# What goes without saying around a name, in small letters and without accents.
FILLERS = frozenset(
    {
        *("a", "an", "the", "my", "our", "this", "that", "app", "service", "server", "system", "container"),
        *(
            "der",
            "die",
            "das",
            "den",
            "dem",
            "des",
            "ein",
            "eine",
            "einen",
            "einem",
            "einer",
            "mein",
            "meine",
        ),
        *("meinen", "meinem", "meiner", "unser", "unsere", "unserem", "dienst", "anwendung", "von", "vom"),
    }
)
ALL = frozenset({"all", "every", "alle", "allen", "aller", "jede", "jeder"})
# Between a name and its place: "paperless in media".
PLACED = frozenset({"in", "im", "from", "of", "at", "aus", "namespace", "namensraum"})
NUMBERS: Mapping[str, str] = {
    **{
        word: str(number)
        for number, word in enumerate(
            ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight"]
        )
    },
    **{
        word: str(number)
        for number, word in enumerate(
            ["null", "eins", "zwei", "drei", "vier", "fuenf", "sechs", "sieben", "acht"]
        )
    },
    "nine": "9",
    "ten": "10",
    "neun": "9",
    "zehn": "10",
}
LEFT_OUT = frozenset(
    {"ngx", "home", "ce", "oss", "backend", "frontend", "deployment", "stack", "controller", "operator"}
)
"""What people leave out at the end of a name: "paperless" is Paperless-ngx, and not Paperless-AI."""
NODE_WORDS = ("node", "knoten", "server", "machine", "maschine", "rechner", "host")
CLUSTER_WORDS = ("cluster", "kubernetes", "kubernetes cluster", "k8s cluster")
HUB_WORDS = ("hub", "ai hub", "ai server", "ki hub", "ki server")
"""How people call the hub that is asked first, whatever its name."""
MODEL_WORDS = ("model", "modell")
POINTS = ("point", "punkt", "komma")
"""How the point of a version is said: "three point one"."""
KIND_WORDS: Mapping[str, tuple[ThingKind, ...]] = {
    **dict.fromkeys(("pod", "pods"), (ThingKind.POD,)),
    **dict.fromkeys(
        ("node", "nodes", "knoten", "worker", "machine", "maschine", "rechner"), (ThingKind.NODE,)
    ),
    **dict.fromkeys(
        ("deployment", "deployments", "statefulset", "daemonset", "workload", "workloads"),
        (ThingKind.WORKLOAD,),
    ),
    **dict.fromkeys(
        (
            "volume",
            "volumes",
            "datenvolume",
            "claim",
            "claims",
            "pvc",
            "disk",
            "disks",
            "platte",
            "platten",
            "datentraeger",
        ),
        (ThingKind.VOLUME, ThingKind.CLAIM, ThingKind.ENTITY),
    ),
    "datentraeger": (ThingKind.VOLUME, ThingKind.CLAIM, ThingKind.ENTITY),
    **dict.fromkeys(
        ("certificate", "certificates", "cert", "zertifikat", "zertifikate"), (ThingKind.CERTIFICATE,)
    ),
    **dict.fromkeys(
        ("backup", "backups", "sicherung", "sicherungen", "datensicherung"), (ThingKind.BACKUP_PLAN,)
    ),
    **dict.fromkeys(("model", "models", "modell", "modelle", "llm"), (ThingKind.MODEL,)),
    **dict.fromkeys(
        ("kustomization", "helmrelease", "release", "releases", "application", "applications"),
        (ThingKind.GITOPS,),
    ),
    **dict.fromkeys(("repository", "repo", "source", "quelle"), (ThingKind.SOURCE,)),
    **dict.fromkeys(("hub", "ollama", "gpu", "grafikkarte"), (ThingKind.HUB,)),
    **dict.fromkeys(("cluster", "kubernetes", "k8s", "k3s"), (ThingKind.CLUSTER,)),
    **dict.fromkeys(("page", "pages", "website", "seite", "seiten", "webseite"), (ThingKind.PAGE,)),
}
"""What people call kinds of things; also as a part of a name: "node two", "the backup of vault"."""

GROUP_WORDS: Mapping[str, tuple[ThingKind, ...]] = {
    **KIND_WORDS,
    **dict.fromkeys(
        ("apps", "services", "workloads", "anwendungen", "dienste"),
        (ThingKind.SYSTEM, ThingKind.APP, ThingKind.WORKLOAD),
    ),
    **dict.fromkeys(("systems", "systeme"), (ThingKind.SYSTEM, ThingKind.CLUSTER, ThingKind.PAGE)),
    **dict.fromkeys(("alerts", "alarme", "warnmeldungen"), (ThingKind.ALERT,)),
    **dict.fromkeys(("kustomizations", "deployments", "helmreleases"), (ThingKind.GITOPS,)),
    **dict.fromkeys(("sources", "repositories", "repos", "quellen"), (ThingKind.SOURCE,)),
    **dict.fromkeys(("volumes", "disks", "storage", "platten"), (ThingKind.CLAIM, ThingKind.VOLUME)),
    **dict.fromkeys(("hubs", "vram", "grafikspeicher"), (ThingKind.HUB,)),
    **dict.fromkeys(
        ("pull", "merge", "request", "requests", "pullrequest", "pullrequests", "pr", "prs", "updates"),
        (ThingKind.PULL_REQUEST,),
    ),
    **dict.fromkeys(("websites", "webseiten"), (ThingKind.PAGE,)),
    **dict.fromkeys(("servers", "hosts"), (ThingKind.NODE,)),
}
"""What people call all things of a kind."""

NUMBER_WORDS: Mapping[str, tuple[str, ...]] = {
    figure: tuple(word for word, number in NUMBERS.items() if number == figure)
    for figure in set(NUMBERS.values())
}
SOUND_ALIKE = (
    *(
        ("y", "i"),
        ("i", "y"),
        ("ph", "f"),
        ("f", "ph"),
        ("ck", "k"),
        ("c", "k"),
        ("x", "ks"),
        ("w", "v"),
        ("th", "t"),
    ),
    *(
        ("ll", "l"),
        ("mm", "m"),
        ("ss", "s"),
        ("tt", "t"),
        ("nn", "n"),
        ("rr", "r"),
        ("pp", "p"),
        ("ch", "g"),
        ("v", "w"),
    ),
    *(("d", "t"), ("z", "s"), ("ie", "y"), ("ee", "i"), ("oo", "u")),
)

"""Words of questions in English that fit no sentence, and what they ask."""

from ..questions.cue import Cue, Cues
from ..questions.question import Ask, Attribute, Condition, Group, Period

_BACKUP = "backup|backups|backed|backing|saved"
_FAIL = "fail|failed|failing|fails|unsuccessful"
_WHEN = "when|ago|since|time|old|recent|age|long|recently"
_BAD = (
    "down|broken|dead|offline|crashed|crash|failing|failed|fail|unhealthy|stuck|unavailable|unreachable|wrong"
    "|problem|problems|issue|issues|trouble|troubles|error|errors|off|incident|incidents|bad|struggling|ill|sick"
)
_WELL = (
    "up|running|run|runs|alive|well|happy|survive|survived|serving|ok|okay|fine|alright|working|work|works|reachable|available|online|healthy|ready"
    "|respond|responds|responding|answer|answers|answering|use|reach|accessible|good|well|stable|there|login|log"
    "|functional|functioning|responsive|operational|active"
)
_RUNS = "up|running|run|runs|alive|ok|okay|fine|healthy|ready|online|available|working|work|works|good|well|active|reachable"
_HOW = "how|hows|how's|status|state|health|doing|condition|going|holding|looking|situation"
_UNWELL = "why|reason|cause|caused|causes|causing|because"
_HAPPENED = "happened|happen|happening|changed|change|changes|new|news|history|timeline|did|events|event"
_DELIVERED = "deployed|updated|upgraded|rolled|rollout|deployment|delivered|released|installed|update|upgrade"
_GIT = "sync|synced|drift|drifted|differ|differs|match|matches|outdated|current|latest|newest|update|updates"

_THINGS = (
    Cue(Ask.BACKUP_STATE, (_UNWELL, _BACKUP)),
    Cue(Ask.WHEN, ("next|again|upcoming|will", _BACKUP), Attribute.NEXT_BACKUP),
    Cue(Ask.BACKUP_FAILED, (_BACKUP, _FAIL)),
    Cue(Ask.WHEN, (_WHEN, _BACKUP), Attribute.LAST_BACKUP),
    Cue(Ask.BACKUP_STATE, ("how|hows|how's|what|whats|what's|status|state", _BACKUP)),
    Cue(Ask.HAS_BACKUP, (_BACKUP,)),
    Cue(
        Ask.WHEN,
        ("when|long|expiry|expiration", "expire|expires|expiry|expiration|certificate|cert|valid"),
        Attribute.EXPIRY,
    ),
    Cue(Ask.MEASURE, ("version|versions|image|tag",), Attribute.VERSION),
    Cue(Ask.MEASURE, ("revision|commit",), Attribute.REVISION),
    Cue(Ask.MEASURE, ("context",), Attribute.CONTEXT),
    Cue(Ask.MEASURE, ("vram|gpu|video|graphics",), Attribute.VRAM),
    Cue(
        Ask.IS,
        (
            "<is|are|will",
            ">full",
        ),
        condition=Condition.FULL,
    ),
    Cue(
        Ask.MEASURE,
        ("percent|percentage|full|space|disk|storage|room|capacity|used|usage|gigabytes|fill",),
        Attribute.FULL,
    ),
    Cue(Ask.MEASURE, ("big|size|large",), Attribute.SIZE),
    Cue(Ask.MEASURE, ("memory|ram",), Attribute.MEMORY),
    Cue(Ask.MEASURE, ("cpu|processor|load|busy",), Attribute.CPU),
    Cue(Ask.MEASURE, ("hot|warm|temperature",), Attribute.TEMPERATURE),
    Cue(Ask.MEASURE, ("speed|tokens",), Attribute.SPEED),
    Cue(Ask.MEASURE, ("fast|slow|latency|quickly|slowly|response",), Attribute.RESPONSE_TIME),
    Cue(
        Ask.MEASURE,
        ("often|times|many|number", "restart|restarts|restarted|crash|crashed|crashes"),
        Attribute.RESTARTS,
    ),
    Cue(Ask.MEASURE, ("replicas|replica|instances|copies",), Attribute.REPLICAS),
    Cue(Ask.MEASURE, ("documents",), Attribute.PROCESSED),
    Cue(Ask.WHEN, ("document", _WHEN), Attribute.LAST_PROCESSED),
    Cue(Ask.WHEN, ("unload|unloaded|leave|leaves",), Attribute.UNLOADS),
    Cue(Ask.REASON, (_UNWELL,)),
    Cue(Ask.WHEN, (_WHEN, _BAD), Attribute.SINCE),
    Cue(Ask.WHEN, (_WHEN, _DELIVERED), Attribute.DELIVERED),
    Cue(
        Ask.WHEN,
        (f"{_WHEN}|uptime", "started|start|up|running|restarted|restart|uptime|online|rebooted|alive"),
        Attribute.RESTARTED,
    ),
    Cue(Ask.ORIGIN, ("where|wheres|where's|which|what", "from|come|comes|repository|repo|source|origin")),
    Cue(
        Ask.ORIGIN,
        (
            "who|what|which|how",
            "deploys|manages|delivers|deploy|manage|managed|deliver|deployed|maintains|responsible|deploying|onto|into",
        ),
    ),
    Cue(Ask.ORIGIN, ("managed|deployed|delivered|maintained", "flux|argo|helm|gitops")),
    Cue(
        Ask.STORED_IN, ("where|which|what", "store|stored|stores|save|saves|saved|keep|keeps|kept|data|files")
    ),
    Cue(Ask.STORED_IN, ("which|what", "<volume|claim|disk|pvc|storage", "use|uses|using|have|need")),
    Cue(Ask.UP_TO_DATE, (_GIT,)),
    Cue(Ask.UP_TO_DATE, ("git", "says|match|as|like|same")),
    Cue(Ask.IS, ("suspended|paused",), condition=Condition.SUSPENDED),
    Cue(Ask.IS, ("loaded",), condition=Condition.LOADED),
    Cue(Ask.IS, ("restarting|crashing|crashloop|looping",), condition=Condition.RESTARTING),
    Cue(Ask.IS, ("muted|silenced",), condition=Condition.MUTED),
    Cue(Ask.NEEDED_BY, ("<depends|depend|relies|rely|dependent|dependents|depending",)),
    Cue(Ask.NEEDS, (">depend|depends|rely|relies|need|needs|require|requires|dependencies",)),
    Cue(Ask.NEEDS, ("<dependencies|requirements",)),
    Cue(
        Ask.NEEDED_BY,
        ("<needs|need|uses|requires|affected|affects|without|if|when", "what|who|which|happens|happen"),
    ),
    Cue(Ask.NEEDED_BY, ("<without|affected|suffer|suffers|hit|miss",)),
    Cue(
        Ask.NEEDED_BY,
        (
            "<what|who",
            "would|will|goes|happens",
            "down|fail|die|break|stop|lost|dies|fails|breaks|stops|happens",
        ),
    ),
    Cue(
        Ask.PLACE,
        ("where|wheres|where's", "run|runs|running|lives|is|on|hosted|wheres|where's|located|hosts|live"),
    ),
    Cue(
        Ask.PLACE,
        (
            "which|what",
            "node|nodes|host|machine|machines|hosts|box|server|hardware|computer",
            "run|runs|running|lives|is|on|hosted|hosts|live|under",
        ),
    ),
    Cue(Ask.PLACE, ("what|which|where", ">on", "run|running|runs|hosted|lives")),
    Cue(Ask.STATE, ("going", "on", "with")),
    Cue(
        Ask.RUNS_HERE,
        (
            "<what|whats|what's|which|who|everything",
            "<on",
            "<run|runs|running|hosted|lives|is|are|whats|what's",
        ),
    ),
    Cue(Ask.CHANGED, ("did|has|have", "change|changed|changes")),
    Cue(Ask.CHANGED, ("what|anything|something|any|whats|what's|tell|latest|recent", _HAPPENED)),
    Cue(Ask.REASON, ("what|whats|what's|explain|tell", _BAD)),
    Cue(Ask.STATE, (_HOW,)),
    Cue(Ask.IS_TROUBLED, (_BAD,)),
    Cue(Ask.IS_WELL, ("is|are|does|do|can|if|whether|still|everything|yet|did|has", _WELL)),
    Cue(Ask.ABOUT, ("about|explain|describe|details|everything|info|know|tell|what|whats|what's",)),
    Cue(Ask.STATE, ("have|installed|has|got|there|exist|exists",)),
)
_GROUPS = (
    Cue(
        Ask.BACKUPS,
        (
            _BACKUP,
            "are|is|how|status|state|fine|ok|okay|good|up|work|worked|run|ran|all|problems|problem|issues",
        ),
    ),
    Cue(Ask.HOW_MANY, ("many|number|count", "suspended|paused"), condition=Condition.SUSPENDED),
    Cue(Ask.WHICH, ("suspended|paused",), condition=Condition.SUSPENDED),
    Cue(Ask.WHICH, ("loaded|active|memory",), condition=Condition.LOADED),
    Cue(
        Ask.WHICH,
        ("restarting|restart|restarts|crashing|crash|looping|crashloop",),
        condition=Condition.RESTARTING,
    ),
    Cue(Ask.WHICH, ("full",), condition=Condition.FULL),
    Cue(Ask.WHICH, ("expire|expires|expiring|expired|renew|renewed",), condition=Condition.EXPIRING),
    Cue(Ask.WHICH, ("overdue|late",), condition=Condition.OVERDUE),
    Cue(Ask.WHICH, ("sync|drifted|differ|drift",), condition=Condition.OUT_OF_SYNC),
    Cue(Ask.HOW_MANY, ("many|number|count", _BAD), condition=Condition.TROUBLED),
    Cue(Ask.WHICH, (f"{_BAD}|not|unready",), condition=Condition.TROUBLED),
    Cue(Ask.ALL, ("all|every|each", _RUNS), condition=Condition.WELL),
    Cue(Ask.HOW_MANY, ("many|number|count", _RUNS), condition=Condition.WELL),
    Cue(Ask.HOW_MANY, ("many|number|count",), condition=Condition.ANY),
    Cue(Ask.ALL, (_HOW,), condition=Condition.WELL),
    Cue(Ask.WHICH, ("which|what|list|show|name|have|installed|whats|what's",), condition=Condition.ANY),
)
_ALL = (
    Cue(Ask.CHANGED, ("missed|miss",)),
    Cue(Ask.CHANGED, ("been", "going")),
    Cue(Ask.CHANGED, (_HAPPENED,)),
    Cue(
        Ask.BRIEFING,
        (
            f"{_HOW}|{_BAD}|{_WELL}|everything|anything|need|know|do|care|worry|attention|briefing|summary|overview|report",
        ),
    ),
)

_NOTHING = (
    "anybody anyone everybody everyone apps services names morning such both each few how's i've let's "
    "near only onto per quite rather seem seems sometimes soon their them they those though through "
    "together until wanted whole worth yes you're your today's ask asking hear data storage files house "
    "family kids honestly normally smoothly fully completely either neither a an the my our its it's it "
    "this that these of for to in on at by with from about is are was were be been being do does did "
    "has have had can could would will should may might must i we you he people someone somebody me us "
    "if whether or and but so not no please hey hi hello jarvis ok okay um uh well just quickly quick "
    "tell say know wonder wondering mind think guess see find out give let what which who how when "
    "where whats what's any some something anything all still yet now right currently moment today "
    "again actually really already ever always there here things thing stuff as than app application "
    "service server system container instance pod deployment node volume claim disk model page website "
    "site namespace workload release last latest most first one more much many too very properly "
    "correctly want like need happen happens use using used get got go going goes thanks thank kind "
    "sort type exactly possible sure maybe perhaps also manager media git photo document password "
    "monitoring chat flux argo cd he's i'm i'd isn't aren't doesn't don't didn't can't hasn't won't "
    "wasn't over left free take takes nearly almost gone home overall level window check checking look "
    "looking own same enough number current night's night off up down helm cluster kubernetes lab "
    "homelab good long"
)

ENGLISH_CUES = Cues(
    about_things=_THINGS,
    about_groups=_GROUPS,
    about_all=_ALL,
    periods=(
        ("night|overnight|slept|sleeping", Period.NIGHT),
        ("yesterday", Period.YESTERDAY),
        ("week|weekend", Period.WEEK),
        ("hour", Period.HOUR),
        ("today|morning", Period.TODAY),
        ("lately|recently|recent", Period.LATELY),
    ),
    groups={
        **dict.fromkeys(("pod", "pods", "containers"), Group.PODS),
        **dict.fromkeys(("node", "nodes"), Group.NODES),
        **dict.fromkeys(("workload", "workloads", "deployments"), Group.WORKLOADS),
        **dict.fromkeys(("kustomization", "kustomizations", "release", "releases"), Group.DEPLOYMENTS),
        **dict.fromkeys(("model", "models", "llm", "llms"), Group.MODELS),
        **dict.fromkeys(("certificate", "certificates"), Group.CERTIFICATES),
        **dict.fromkeys(("backup", "backups"), Group.BACKUPS),
    },
    homelab=frozenset(("homelab", "lab", "cluster", "kubernetes", "infrastructure")),
    nothing=frozenset(_NOTHING.split()),
)

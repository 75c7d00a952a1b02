"""Questions about the homelab in English, and the words of their answers."""

from ...topology import ThingKind
from ..questions.attributes import Form
from ..questions.question import Attribute, Condition, Group, Period
from ..questions.words import QuestionWords
from .asking import SENTENCES as THINGS
from .asking_network import SENTENCES as NETWORK
from .asking_when import SENTENCES as TIMES
from .cues import ENGLISH_CUES
from .nouns import GROUP_NOUNS, PREDICATES
from .rules import RULES
from .spans import SINCE, SPANS

ENGLISH = QuestionWords(
    sentences={**THINGS, **TIMES, **NETWORK},
    rules=RULES,
    fillers=(
        "[(hey|hi|hello|so|um|uh|er|well|ok|okay|please|and|also|but|quick question|by the way|sorry|excuse me|one more thing|i can't remember|i forgot|i don't know|just checking)]"
        " [(jarvis|so|um|uh|please|but|just)]"
    ),
    endings="[(please|thanks|thank you|then|though|anyway|by any chance|for me|or not|or what|at all|jarvis)]",
    kinds={
        "app": (
            "app",
            "database",
            "db",
            "dashboard",
            "application",
            "service",
            "server",
            "system",
            "container",
            "instance",
            "thing",
            "(git|media|photo|document|password|monitoring|chat|file|web) (server|app|service|manager|tool)",
        ),
        "pod": ("pod[s]",),
        "node": ("node", "worker node", "host"),
        "workload": ("workload", "deployment", "statefulset", "daemonset"),
        "volume": ("volume", "claim", "disk", "pvc", "storage"),
        "model": ("model", "llm"),
        "certificate": ("certificate", "cert"),
        "kustomization": ("kustomization", "helm release", "release", "flux object"),
        "repository": ("repository", "repo", "git repository"),
        "page": ("page", "website", "web page", "site"),
        "namespace": ("namespace",),
    },
    groups={
        Group.APPS: ("app[s]", "application[s]", "service[s]"),
        Group.PODS: ("pod[s]", "container[s]"),
        Group.NODES: ("node[s]", "server[s]", "worker[s]", "[cluster] host[s]"),
        Group.WORKLOADS: ("workload[s]", "deployment[s]", "statefulset[s]"),
        Group.VOLUMES: ("volume[s]", "[volume ]claim[s]", "pvc[s]", "[hard ]disk[s]"),
        Group.MODELS: ("[(ai|language)] model[s]", "llm[s]"),
        Group.HUBS: ("[ai ]hub[s]",),
        Group.SYSTEMS: ("[monitored ]system[s]",),
        Group.BACKUPS: ("backup[s]", "backup plan[s]"),
        Group.CERTIFICATES: ("[(tls|ssl)] certificate[s]", "cert[s]"),
        Group.DEPLOYMENTS: (
            "kustomization[s]",
            "helm release[s]",
            "flux object[s]",
            "argo [cd ](application|app)[s]",
            "release[s]",
        ),
        Group.SOURCES: ("[git ](source|repo)[s]", "[git ]repository", "[git ]repositories"),
        Group.PAGES: ("web page[s]", "page[s]", "website[s]", "site[s]"),
        Group.ALERTS: ("alert[s]",),
        Group.PULL_REQUESTS: ("pull request[s]", "merge request[s]"),
        Group.UPDATES: ("[version ]update[s]",),
    },
    conditions={
        Condition.TROUBLED: (
            "(not (ok|okay|fine|healthy|ready|running|working|up|online|available|reachable|responding)|broken|unhealthy|down|failing"
            "|in trouble|red|degraded|having (problems|issues|trouble)|problems|issues|trouble|a problem|an issue|errors|crashing"
            "|unready|crashed|stuck|pending|offline|dead|unavailable)",
        ),
        Condition.WELL: (
            "(ok|okay|fine|alright|good|healthy|ready|running|working|up|up and running|green|online|available|well|in order|reachable)",
        ),
        Condition.OFF: ("(off|unreachable|switched off|powered off)",),
        Condition.LOADED: (
            "([currently ]loaded|in memory|in [the] [gpu] (vram|gpu|memory))",
            "(running|active) on the (gpu|hub)",
        ),
        Condition.SUSPENDED: ("(suspended|paused|on hold)",),
        Condition.RESTARTING: (
            "(restarting|[been ](restarted|rebooting)|rebooted|restart|crash looping|crashlooping|in [a] crash loop|crashing)"
            " [(again and again|all the time|a lot|constantly|often|over and over|repeatedly)]",
            "(constantly|always|repeatedly) restarting",
            "(crash|crashes|restarts) [(again and again|all the time|a lot|constantly|often|over and over|repeatedly)]",
        ),
        Condition.FULL: (
            "([(almost|nearly|too|running|getting|completely)] full|running out of [disk ]space|out of [disk ]space|low on [disk ]space|filling up)",
        ),
        Condition.EXPIRING: (
            "[(soon|about to|going to|to)] (renew|be renewed|expiring|expire|expires|expired|running out|run out|runs out|become invalid|renewed) [(soon|shortly|next"
            "|this (week|month)|within [the next] [(30|thirty)] days|in the next [(few|30|thirty|two|four)] (month|week|weeks|days))]",
        ),
        Condition.FAILED: ("(failed|unsuccessful|fail|gone wrong|not (run|succeed|work|worked|go through))",),
        Condition.OVERDUE: ("(overdue|late|too old|outdated|missing|out of date)",),
        Condition.OUT_OF_SYNC: (
            "(out of sync|not in sync|not synced|drifted|behind [git]|outofsync|not as git says|[that] (differ|differs|deviate|deviates|different) from git|not match[ing] git)",
        ),
        Condition.MUTED: ("(muted|silenced)",),
        Condition.WAITING: ("(waiting|wait)",),
        Condition.ANY: ("(installed|known|firing|open)",),
    },
    states={
        Condition.TROUBLED: (
            "(broken|not working|down|failing|unhealthy|in trouble|degraded|crashing|not running|not ok|not okay|not healthy"
            "|having (problems|issues)|has (problems|issues)|has a problem|is not working|isn't working|has failed|is failing|failed|crashed)",
        ),
        Condition.SUSPENDED: ("(suspended|on hold [in flux]|paused [(in|by) flux])",),
        Condition.RESTARTING: (
            "(restarting [(all the time|again and again|constantly)]|keeps restarting|keep restarting|crash looping|in a crash loop)",
        ),
        Condition.LOADED: (
            "(loaded|in [the] (vram|gpu|gpu memory|graphics memory)|loaded (on|in|into) [the] (gpu|vram|hub|ollama|memory|graphics card))",
        ),
        Condition.FULL: (
            "(full|almost full|(running out of|low on) [disk ](space|storage)|filling up|running full)",
        ),
        Condition.EXPIRING: ("(expiring|expires|about to expire|going to expire) [soon]",),
        Condition.OUT_OF_SYNC: ("(out of sync|not in sync|drifted)",),
        Condition.OVERDUE: ("(overdue|not backed up)",),
    },
    shortages={
        Condition.FULL: (
            "(am i|are we) [(already|soon|slowly)] (running out of|running low on|low on|short of|out of) [disk] (space|storage) [anywhere]",
            "(do i|do we|is there) [(still|even)] [have] (enough|sufficient|plenty of) [(free|available)] [disk] (space|storage) [left]",
        ),
    },
    attributes={
        Attribute.FULL: (
            "full",
            "(disk|storage) (usage|use|space)",
            "[(free|disk|storage)] (space|storage|room|capacity)",
            "disk usage",
            "used",
            "fill level",
        ),
        Attribute.SIZE: ("(big|large)", "size"),
        Attribute.VRAM: ("(vram|gpu memory|video memory|graphics memory)",),
        Attribute.MEMORY: ("(memory|ram|memory usage|ram usage|memory load)",),
        Attribute.CPU: (
            "(cpu|cpu usage|cpu load|processor|processor load|load|utilization)",
            "(busy|loaded)",
        ),
        Attribute.TEMPERATURE: ("(hot|warm)", "temperature"),
        Attribute.SPEED: ("fast", "(speed|generation speed|tokens per second)"),
        Attribute.RESPONSE_TIME: ("slow", "(response time|latency)", "(answer|respond|response)"),
        Attribute.VERSION: (
            "[(kubernetes|k8s|k3s|kubelet|software|current)] (version|image|tag|image tag|image version|release)",
            "version of (kubernetes|k3s)",
        ),
        Attribute.REVISION: ("(revision|commit|git revision)",),
        Attribute.RESTARTS: ("(restarts|restarted|restart|crashed|crash|crashes)",),
        Attribute.REPLICAS: ("[ready ](replicas|replica|pods|instances|copies)",),
        Attribute.RESTARTED: ("(uptime|start time)",),
        Attribute.PROCESSED: ("(documents|papers|scans)",),
        Attribute.CONTEXT: ("(context|context length|context window|context size)",),
    },
    moments={
        Attribute.LAST_BACKUP: (
            "[last] (latest|most recent|newest|last|previous) [(good|successful)] backup",
            "backup",
            "[last] (backed up|saved) [last]",
        ),
        Attribute.NEXT_BACKUP: ("next [scheduled ]backup", "backed up (next|again)", "next backed up"),
        Attribute.EXPIRY: (
            "[(certificate|cert)] (expire|expires|expiry|expiration|run out|runs out|valid until|valid|expiry date|expiring)",
            "the (certificate|cert) expire",
        ),
        Attribute.DELIVERED: (
            "[last] (deployed|updated|delivered|released|rolled out|changed|synced|reconciled|upgraded) [last]",
            "(last|latest|most recent) (deployment|update|rollout|sync|change|release|upgrade)",
        ),
        Attribute.RESTARTED: (
            "[last] (restarted|restart|started|start|rebooted) [last]",
            "(last|latest) (restart|reboot|start)",
            "(running|up|online|alive|up and running)",
        ),
        Attribute.LAST_PROCESSED: (
            "[last] (process|processed|tag|tagged|scan|scanned|handle) [(a|the|any|its last|the last)] (document|documents|scan)",
        ),
        Attribute.UNLOADS: ("(unload|unloaded|leave [the] memory|be removed from memory)", "loaded"),
        Attribute.SINCE: (
            "(off|offline|down|gone|broken|failing|not ready|unavailable|go (down|off|offline)|went (down|off|offline)|gone (down|off|offline)|break|die|fail)",
        ),
    },
    acts={
        Attribute.LAST_BACKUP: ("(back up|backup|save)",),
        Attribute.DELIVERED: ("(deploy|update|sync|reconcile|upgrade|roll out|release|change)",),
        Attribute.RESTARTED: ("(restart|reboot)",),
    },
    ahead={
        Attribute.NEXT_BACKUP: (
            "next [scheduled]",
            "(backed up|saved) [(next|again)]",
            "next (backed up|saved)",
        )
    },
    resources={
        Attribute.VRAM_FREE: (
            "memory (does|has|is there on) [(the|my)] (gpu|graphics card) [have]",
            "(vram|v ram|gpu memory|graphics memory|video memory|gpu ram|graphics card memory|memory (on|of|in) the (gpu|graphics card)"
            "|space (on|in) the (gpu|vram|graphics card))",
        ),
    },
    backup_moments={
        Attribute.LAST_BACKUP: (
            "(last|latest|most recent|newest) [(good|successful)] (backup|back up)",
            "back up last",
            "last back up",
            "backup[s]",
        ),
        Attribute.NEXT_BACKUP: ("next [scheduled] backup",),
    },
    spans=SPANS,
    since=SINCE,
    cues=ENGLISH_CUES,
    periods={
        Period.NIGHT: (
            "(last night|overnight|during the night|tonight|in the night|over night|last night's|at night|through the night|night)",
        ),
        Period.TODAY: (
            "(today|since this morning|since midnight|this morning|so far today|this afternoon|today's)",
        ),
        Period.YESTERDAY: ("(yesterday|yesterday's)",),
        Period.WEEK: (
            "(this week|last week|in the (last|past) week|in the (last|past) (seven|7) days|since last week|this weekend|over the weekend"
            "|in the (last|past) few days|(over|during) the (last|past) week)",
        ),
        Period.HOUR: (
            "(in the (last|past) hour|within the last hour|just now|just|right now|in the (last|past) half hour|this hour)",
        ),
        Period.LATELY: (
            "(lately|recently|since (yesterday|last) (evening|morning|night|afternoon)|in the (last|past) day|since yesterday|since [the] last time|in the (last|past) (24|twenty four) hours"
            "|while i (slept|was (away|gone|out|sleeping|asleep|at work|in bed|on holiday))|in the last two days|since i left|in the meantime|since last time)",
        ),
        Period.ASKED: (
            "(since (i last asked|i asked last|i last checked|then|my last question|we last talked|we last spoke))",
        ),
    },
    things={
        ThingKind.NODE: "{name}",
        ThingKind.POD: "the pod {name}",
        ThingKind.CLAIM: "the volume {name}",
        ThingKind.VOLUME: "the volume {name}",
        ThingKind.SOURCE: "the source {name}",
        ThingKind.BACKUP_PLAN: "the backup of {name}",
        ThingKind.CERTIFICATE: "the certificate of {name}",
        ThingKind.NAMESPACE: "the namespace {name}",
    },
    well={
        ThingKind.APP: "{name} is fine",
        ThingKind.SYSTEM: "{name} is up",
        ThingKind.PAGE: "{name} is up",
        ThingKind.HUB: "{name} is on",
        ThingKind.CLUSTER: "{name} is up",
        ThingKind.NODE: "{name} is ready",
        ThingKind.MODEL: "{name} is loaded",
        ThingKind.WORKLOAD: "{name} is running",
        ThingKind.POD: "{name} is running",
        ThingKind.GITOPS: "{name} is deployed as Git says",
        ThingKind.SOURCE: "{name} can be read",
        ThingKind.BACKUP_PLAN: "{name} is fine; the last one was made {when}",
        ThingKind.CERTIFICATE: "{name} is valid",
        ThingKind.CLAIM: "{name} is fine",
        ThingKind.VOLUME: "{name} is fine",
    },
    values={
        Attribute.FULL: "{name} is {value} full",
        Attribute.SIZE: "{name} is {value}",
        Attribute.VRAM: "{name} uses {value} of graphics memory",
        Attribute.VRAM_FREE: "{name} has {value} of graphics memory free",
        Attribute.MEMORY: "{name} uses {value} of its memory",
        Attribute.CPU: "{name} uses {value} of its processor",
        Attribute.TEMPERATURE: "{name} is at {value}",
        Attribute.SPEED: "{name} writes {value}",
        Attribute.RESPONSE_TIME: "{name} takes {value} to answer",
        Attribute.VERSION: "{name} runs {value}",
        Attribute.REVISION: "{name} is at {value}",
        Attribute.RESTARTS: "{name} has restarted {value} times",
        Attribute.REPLICAS: "{value} instances of {plain} are ready",
        Attribute.LAST_BACKUP: "the last backup of {plain} was made {value}",
        Attribute.NEXT_BACKUP: "the next backup of {plain} is {value}",
        Attribute.EXPIRY: "the certificate of {plain} expires {value}",
        Attribute.DELIVERED: "{name} was last deployed {value}",
        Attribute.RESTARTED: "{name} was last started {value}",
        Attribute.LAST_PROCESSED: "{name} last processed a document {value}",
        Attribute.PROCESSED: "{name} has processed {value} documents today",
        Attribute.UNLOADS: "{name} leaves the memory {value}",
        Attribute.SINCE: "{name} went off {value}",
        Attribute.CONTEXT: "{name} has a context of {value} tokens",
    },
    few={
        (Attribute.RESTARTS, 0): "{name} has not restarted",
        (Attribute.RESTARTS, 1): "{name} has restarted once",
        (Attribute.REPLICAS, 0): "no instance of {plain} is ready",
        (Attribute.REPLICAS, 1): "one instance of {plain} is ready",
        (Attribute.PROCESSED, 0): "{name} has processed no document today",
        (Attribute.PROCESSED, 1): "{name} has processed one document today",
    },
    forms={
        Form.SHARE: "{value} percent",
        Form.SECONDS: "{value} seconds",
        Form.MILLISECONDS: "{value} milliseconds",
        Form.DEGREES: "{value} degrees",
        Form.RATE: "{value} tokens per second",
    },
    group_nouns=GROUP_NOUNS,
    predicates=PREDICATES,
    period_names={
        Period.NIGHT: "last night",
        Period.TODAY: "today",
        Period.YESTERDAY: "yesterday",
        Period.WEEK: "in the last seven days",
        Period.HOUR: "in the last hour",
        Period.LATELY: "in the last day",
        Period.ASKED: "since you last asked",
    },
    yes="Yes:",
    no="No:",
    off="{name} has been off {when}",
    not_loaded="{name} is installed, but not loaded",
    state_unknown="I do not know how {name} is",
    off_now="{name} is off",
    at_time="{when} at {time}",
    unknown="I do not know that",
    vram_total_unknown="How much it has in all I do not know",
    last_backup="The last backup was made {value}",
    backup_unknown="I know of no backup of {name}",
    nothing_is="Nothing {value}",
    caused_by="{name} itself shows no problem, but what it needs does",
    network_unheard="I do not look at the network; that can be turned on in the options of Homelab AI",
    no_new_devices="I know of nothing new in the network",
    one_new_device="One device is new in the network: {names}",
    new_devices="{count} devices are new in the network: {names}",
    new_device="{name}{vendor}, first seen {when}",
    made_by=" by {vendor}",
    more_devices="{count} more",
    one_device="There is at least one device in the network",
    devices="There are at least {count} devices in the network",
    off_and_needs="Something that {name} needs has a problem",
    no_cause="I do not know why",
    same_time="The following began at about the same time; I know of no link between them",
    no_problem="I know of no problem with {name}",
    runs_here="On {name}: {names}",
    runs_nothing="I know of nothing that runs on {name}",
    muted="{name} is muted {when}",
    unmuted="{name} counts again",
    nothing_to_mute="There is no problem with {name}, so there is nothing to mute",
    not_muted="{name} is not muted",
    some="{value}: {names}",
    happened="{when}: {value}",
    nothing_happened="Nothing happened {when}",
    since_then="since then",
    needs="{name} needs {names}",
    needs_nothing="I know of nothing that {name} needs",
    needed_by="What depends on {name}: {names}",
    needed_by_nothing="I know of nothing that depends on {name}",
    origin="{name} is deployed by {names}",
    origin_unknown="I do not know where {name} comes from",
    place="{name} runs on {names}",
    place_unknown="I do not know where {name} runs",
    stored="{name} stores in {names}",
    stored_unknown="I know of nothing that {name} stores in",
    value_unknown="I do not know that of {name}",
    all_of_them="all {value}",
    no_notes="There is nothing else",
    none_muted="Nothing is muted",
    up_to_date="{name} is as Git says, last deployed {when}",
    up_to_date_sometime="{name} is as Git says",
    up_to_date_unknown="I do not know whether there is a newer version",
)

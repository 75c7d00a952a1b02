"""Answers to questions, read as a specification: what is asked, what is known, and what is said."""

from dataclasses import replace
import time

import pytest

from custom_components.homelab_ai.health.problem import Problem
from custom_components.homelab_ai.health.situation import Backup, Situation
from custom_components.homelab_ai.language.answers import backups, find_problems, hub_status, why
from custom_components.homelab_ai.language.telling import MAX_SPOKEN

from .situations import (
    CLUSTER,
    CRITICAL,
    DAY,
    DAY_BEFORE,
    HOUR,
    LAST_NIGHT,
    MINUTE,
    NOW,
    THIS_MORNING,
    YESTERDAY_EVENING,
    finding,
    hub,
    hub_off,
    model,
    needing,
    offline,
    problem,
    situation,
    system,
)

OPEN_WEBUI = system("Open WebUI", "open_webui", needs_hub=True)
LIBRECHAT = system("LibreChat", "librechat", needs_hub=True)
PAPERLESS = system("Paperless-AI", "paperless_ai", needs_hub=True)
SYSTEMS = (CLUSTER, OPEN_WEBUI, LIBRECHAT, PAPERLESS)

POD = finding("Pod", "documents/paperless-ngx-7d9f8b6c5d-x2x4q", "CrashLoopBackOff", THIS_MORNING)
JELLYFIN = problem("argocd_degraded", "argocd/jellyfin", THIS_MORNING)
UNREACHED = problem("paperless_offline", "Paperless-AI", THIS_MORNING, source="paperless_ai")
VOLUME = problem("volume_full", "media/films", THIS_MORNING, percent=97)
OVERDUE = problem("backup_overdue", "media", YESTERDAY_EVENING, severity=CRITICAL)
FAILED = problem("backup_failed", "documents/nightly", NOW - 20 * MINUTE)
ALERT = problem("alert", "HighLatency", THIS_MORNING, source="alertmanager", pod="gitea-0", namespace="git")
KITCHEN = problem("web_unexpected", "Küchen-Tablet", THIS_MORNING, source="web")
EVERYTHING = situation(
    POD, JELLYFIN, UNREACHED, VOLUME, OVERDUE, FAILED, ALERT, KITCHEN, systems=SYSTEMS, hubs=[hub()]
)


# Which problems are meant


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ("paperless", [POD, UNREACHED]),
        ("Paperless", [POD, UNREACHED]),
        ("the paperless app", [POD, UNREACHED]),
        ("paperless ai", [UNREACHED]),
        ("Paperless-AI", [UNREACHED]),
        ("paper less", [POD, UNREACHED]),
        ("paperless ngx", [POD, UNREACHED]),
        ("peperless ai", [UNREACHED]),
        ("documents", [POD, FAILED]),
        ("jelly fin", [JELLYFIN]),
        ("jellyfinn", [JELLYFIN]),
        ("gitea", [ALERT]),
        ("git", [ALERT]),
        ("high latency", [ALERT]),
        ("Küchen Tablet", [KITCHEN]),
        ("kuechentablet", [KITCHEN]),
        ("kuchen tablet", [KITCHEN]),
        ("das Küchentablet", [KITCHEN]),
        ("media", [OVERDUE, VOLUME]),
        ("films", [VOLUME]),
        ("volumes", [VOLUME]),
        ("meine Backups", [OVERDUE, FAILED]),
        ("the alerts", [ALERT]),
        ("argo cd", [JELLYFIN]),
        ("k3s", [OVERDUE, VOLUME, POD, FAILED, JELLYFIN]),
        ("kubernetes", [OVERDUE, VOLUME, POD, FAILED, JELLYFIN]),
        ("toaster", []),
        ("nas", []),
        ("ai", [UNREACHED]),
        ("", []),
        ("???", []),
        ("x" * 10_000, []),
    ],
)
def test_problems_that_are_meant(wanted: str, expected: list[Problem]) -> None:
    assert [one.name for one in find_problems(EVERYTHING, wanted)] == [one.name for one in expected]


def test_consequences_and_muted_problems_are_found_too() -> None:
    consequence = needing("overdue", "Paperless-AI")
    given = situation(hub_off(), muted=[(POD, None)], consequences=[consequence])
    assert find_problems(given, "paperless") == (consequence, POD)


# Why


@pytest.mark.parametrize(
    ("wanted", "given", "english", "german"),
    [
        pytest.param(
            "paperless",
            situation(known=False),
            "I do not know yet how the homelab is doing.",
            "Ich weiß noch nicht, wie es dem Homelab geht.",
            id="nothing is known",
        ),
        pytest.param(
            "  ",
            situation(POD),
            "The pod paperless-ngx has been crashing again and again since this morning.",
            "Der Pod paperless-ngx stürzt seit heute Morgen immer wieder ab.",
            id="about everything",
        ),
        pytest.param(
            "paperless ai",
            situation(hub_off(), consequences=[needing("overdue", "Paperless-AI")], systems=SYSTEMS),
            "Ollama has been off since this morning. That is why Paperless-AI does not work either.",
            "Ollama ist seit heute Morgen aus. Deshalb geht auch Paperless-AI nicht.",
            id="the hub is the cause",
        ),
        pytest.param(
            "ollama",
            situation(
                hub_off(),
                consequences=[needing("overdue", "Paperless-AI"), needing("hub_unreachable", "Open WebUI")],
                hubs=[hub(online=False)],
            ),
            "Ollama has been off since this morning."
            " That is why Paperless-AI and Open WebUI do not work either.",
            "Ollama ist seit heute Morgen aus. Deshalb gehen auch Paperless-AI und Open WebUI nicht.",
            id="the cause itself",
        ),
        pytest.param(
            "libre chat",
            situation(hub_off(), systems=SYSTEMS),
            "Ollama has been off since this morning. That is why LibreChat does not work either.",
            "Ollama ist seit heute Morgen aus. Deshalb geht auch LibreChat nicht.",
            id="a system that needs the hub and does not say so",
        ),
        pytest.param(
            "open web ui",
            situation(offline("Open WebUI", NOW - HOUR, source="open_webui"), systems=SYSTEMS),
            "Open WebUI has not been answering for an hour.",
            "Open WebUI antwortet seit einer Stunde nicht.",
            id="the system is off",
        ),
        pytest.param(
            "paperless ngx",
            situation(POD, offline("k3s", NOW - 20 * MINUTE, source="cluster"), systems=SYSTEMS),
            "k3s has not been answering for 20 minutes. What I know is from before that:"
            " The pod paperless-ngx has been crashing again and again since this morning.",
            "k3s antwortet seit 20 Minuten nicht. Was ich weiß, ist von davor:"
            " Der Pod paperless-ngx stürzt seit heute Morgen immer wieder ab.",
            id="what a silent cluster said before",
        ),
        pytest.param(
            "jellyfin",
            situation(muted=[(JELLYFIN, NOW + 3 * DAY)]),
            "Argo CD has reported jellyfin as degraded since this morning."
            " That is muted for another three days.",
            "Laut Argo CD ist jellyfin seit heute Morgen gestört. Das ist noch drei Tage stummgeschaltet.",
            id="muted for a while",
        ),
        pytest.param(
            "jellyfin",
            situation(muted=[(JELLYFIN, None)]),
            "Argo CD has reported jellyfin as degraded since this morning. That is muted for good.",
            "Laut Argo CD ist jellyfin seit heute Morgen gestört. Das ist dauerhaft stummgeschaltet.",
            id="muted for good",
        ),
        pytest.param(
            "jellyfin",
            situation(hub_off(), JELLYFIN, consequences=[needing("overdue", "Paperless-AI")]),
            "Argo CD has reported jellyfin as degraded since this morning.",
            "Laut Argo CD ist jellyfin seit heute Morgen gestört.",
            id="another thing than what the hub is the cause of",
        ),
        pytest.param(
            "media",
            situation(VOLUME, muted=[(OVERDUE, None)]),
            "The backup of media has been overdue since yesterday evening."
            " The volume films is 97 percent full. One of these is muted.",
            "Das Backup von media ist seit gestern Abend überfällig."
            " Das Volume films ist zu 97 Prozent voll. Eins davon ist stummgeschaltet.",
            id="one of two is muted",
        ),
        pytest.param(
            "media",
            situation(muted=[(OVERDUE, None), (VOLUME, NOW + DAY)]),
            "The backup of media has been overdue since yesterday evening."
            " The volume films is 97 percent full. Two of these are muted.",
            "Das Backup von media ist seit gestern Abend überfällig."
            " Das Volume films ist zu 97 Prozent voll. Zwei davon sind stummgeschaltet.",
            id="both are muted",
        ),
        pytest.param(
            "k3s",
            situation(POD, VOLUME, OVERDUE, JELLYFIN, FAILED, systems=SYSTEMS),
            "The backup of media has been overdue since yesterday evening."
            " The volume films is 97 percent full."
            " The pod paperless-ngx has been crashing again and again since this morning."
            " There are two more problems.",
            "Das Backup von media ist seit gestern Abend überfällig."
            " Das Volume films ist zu 97 Prozent voll."
            " Der Pod paperless-ngx stürzt seit heute Morgen immer wieder ab."
            " Dazu kommen zwei weitere Probleme.",
            id="a whole cluster",
        ),
        pytest.param(
            "k3s",
            situation(POD, offline("k3s", THIS_MORNING, source="cluster"), systems=SYSTEMS),
            "k3s has not been answering since this morning. Before that there was one problem there.",
            "k3s antwortet seit heute Morgen nicht. Davor gab es dort ein Problem.",
            id="a whole cluster that is off",
        ),
        pytest.param(
            "paperless",
            situation(POD, systems=[OPEN_WEBUI]),
            "The pod paperless-ngx has been crashing again and again since this morning.",
            "Der Pod paperless-ngx stürzt seit heute Morgen immer wieder ab.",
            id="an app of the cluster",
        ),
        pytest.param(
            "Open WebUI",
            situation(systems=SYSTEMS),
            "As far as I know, nothing is wrong with Open WebUI.",
            "Bei Open WebUI ist mir kein Problem bekannt.",
            id="nothing is wrong with it",
        ),
        pytest.param(
            "the gpu",
            situation(hubs=[hub(), hub(name="Büro", first=False)]),
            "As far as I know, nothing is wrong with Ollama.",
            "Bei Ollama ist mir kein Problem bekannt.",
            id="nothing is wrong with the hub",
        ),
        pytest.param(
            "documents",
            situation(backups=[Backup("cluster", "documents", LAST_NIGHT)]),
            "As far as I know, nothing is wrong with documents.",
            "Bei documents ist mir kein Problem bekannt.",
            id="only known from its backups",
        ),
        pytest.param(
            "backups",
            situation(backups=[Backup("cluster", "documents", LAST_NIGHT)]),
            "Yes. The backup of documents is from last night.",
            "Ja. Das Backup von documents ist von heute Nacht.",
            id="nothing is wrong with the backups",
        ),
        pytest.param(
            "k3s",
            situation(systems=[replace(CLUSTER, online=None)]),
            "I have not heard from k3s yet.",
            "Von k3s habe ich noch nichts gehört.",
            id="never reached",
        ),
        pytest.param(
            "toaster",
            situation(POD, systems=SYSTEMS),
            "I know nothing in the homelab that is called toaster.",
            "Ich kenne im Homelab nichts, was toaster heißt.",
            id="nothing is called so",
        ),
        pytest.param(
            "<b>ignore</b> https://evil.example `rm`",
            situation(POD),
            "I know nothing in the homelab that is called b ignore b rm.",
            "Ich kenne im Homelab nichts, was b ignore b rm heißt.",
            id="hostile words",
        ),
        pytest.param(
            "???",
            situation(POD),
            "I do not know what you mean.",
            "Ich weiß nicht, was du meinst.",
            id="no words",
        ),
    ],
)
def test_why(wanted: str, given: Situation, english: str, german: str) -> None:
    assert (why(given, wanted, "en"), why(given, wanted, "de")) == (english, german)


# Backups


def saved(**times: object) -> list[Backup]:
    return [Backup("cluster", name, at) for name, at in times.items()]  # type: ignore[arg-type] # a time or None


ALL_GOOD = saved(documents=NOW - 2 * HOUR, media=LAST_NIGHT, git=YESTERDAY_EVENING)


@pytest.mark.parametrize(
    ("given", "english", "german"),
    [
        pytest.param(
            situation(systems=[PAPERLESS]),
            "I cannot say: none of the systems I watch tells me about backups.",
            "Das weiß ich nicht: Keins der überwachten Systeme sagt mir etwas über Backups.",
            id="nobody tells of backups",
        ),
        pytest.param(
            situation(systems=[replace(CLUSTER, online=None)]),
            "I do not know whether everything is backed up. I have not heard from k3s yet.",
            "Ob alles gesichert ist, weiß ich nicht. Von k3s habe ich noch nichts gehört.",
            id="the cluster was never reached",
        ),
        pytest.param(
            situation(
                offline("k3s", THIS_MORNING, source="cluster"), systems=[replace(CLUSTER, online=False)]
            ),
            "I do not know whether everything is backed up. k3s has not been answering since this morning.",
            "Ob alles gesichert ist, weiß ich nicht. k3s antwortet seit heute Morgen nicht.",
            id="the cluster is off",
        ),
        pytest.param(
            situation(systems=[CLUSTER], backups=saved(documents=LAST_NIGHT)),
            "Yes. The backup of documents is from last night.",
            "Ja. Das Backup von documents ist von heute Nacht.",
            id="one, and it is good",
        ),
        pytest.param(
            situation(systems=[CLUSTER], backups=ALL_GOOD),
            "Yes. No backup has failed, and none is overdue."
            " The newest is from two hours ago, the oldest from yesterday evening.",
            "Ja. Kein Backup ist fehlgeschlagen oder überfällig."
            " Das neueste ist von vor zwei Stunden, das älteste von gestern Abend.",
            id="all good",
        ),
        pytest.param(
            situation(systems=[CLUSTER], backups=saved(a=LAST_NIGHT, b=LAST_NIGHT)),
            "Yes. No backup has failed, and none is overdue. The latest is from last night.",
            "Ja. Kein Backup ist fehlgeschlagen oder überfällig. Das letzte ist von heute Nacht.",
            id="all good, all at once",
        ),
        pytest.param(
            situation(systems=[CLUSTER], backups=saved(a=NOW, b=NOW.replace(day=20, hour=2))),
            "Yes. No backup has failed, and none is overdue."
            " The newest is from just now, the oldest from the night before last.",
            "Ja. Kein Backup ist fehlgeschlagen oder überfällig."
            " Das neueste ist von eben, das älteste von vorletzter Nacht.",
            id="from just now",
        ),
        pytest.param(
            situation(systems=[CLUSTER], backups=saved(a=NOW + DAY)),
            "Yes. The backup of a is up to date.",
            "Ja. Das Backup von a ist aktuell.",
            id="a clock that is ahead",
        ),
        pytest.param(
            situation(systems=[CLUSTER], backups=saved(a=NOW + DAY, b=NOW + DAY)),
            "Yes. No backup has failed, and none is overdue.",
            "Ja. Kein Backup ist fehlgeschlagen oder überfällig.",
            id="clocks that are ahead",
        ),
        pytest.param(
            situation(OVERDUE, systems=[CLUSTER], backups=saved(media=DAY_BEFORE, git=LAST_NIGHT)),
            "No. The backup of media has been overdue since yesterday evening."
            " The last good one is from two days ago. The other one is fine.",
            "Nein. Das Backup von media ist seit gestern Abend überfällig."
            " Das letzte erfolgreiche ist von vorgestern. Das andere ist in Ordnung.",
            id="one is overdue",
        ),
        pytest.param(
            situation(OVERDUE, systems=[CLUSTER], backups=saved(media=None)),
            "No. The backup of media has been overdue since yesterday evening."
            " There has never been a good one.",
            "Nein. Das Backup von media ist seit gestern Abend überfällig."
            " Ein erfolgreiches gab es noch nie.",
            id="one was never made",
        ),
        pytest.param(
            situation(FAILED, systems=[CLUSTER], backups=[*ALL_GOOD]),
            "No. The last backup of documents failed 20 minutes ago. The last good one is from two hours ago."
            " The other two are fine.",
            "Nein. Das letzte Backup von documents ist vor 20 Minuten fehlgeschlagen."
            " Das letzte erfolgreiche ist von vor zwei Stunden. Die anderen zwei sind in Ordnung.",
            id="one failed",
        ),
        pytest.param(
            situation(
                replace(FAILED, name="media/nightly"),
                OVERDUE,
                systems=[CLUSTER],
                backups=saved(media=DAY_BEFORE),
            ),
            "No. The backup of media has been overdue since yesterday evening."
            " The last good one is from two days ago. The last backup of media failed 20 minutes ago.",
            "Nein. Das Backup von media ist seit gestern Abend überfällig."
            " Das letzte erfolgreiche ist von vorgestern."
            " Das letzte Backup von media ist vor 20 Minuten fehlgeschlagen.",
            id="failed and overdue",
        ),
        pytest.param(
            situation(muted=[(OVERDUE, None)], systems=[CLUSTER], backups=saved(media=DAY_BEFORE)),
            "No. The backup of media has been overdue since yesterday evening."
            " The last good one is from two days ago.",
            "Nein. Das Backup von media ist seit gestern Abend überfällig."
            " Das letzte erfolgreiche ist von vorgestern.",
            id="muted, but asked for",
        ),
        pytest.param(
            situation(
                *(replace(OVERDUE, id=name, name=name) for name in ("a", "b", "c", "d", "e")),
                systems=[CLUSTER],
                backups=saved(a=None, b=None, c=None, d=None, e=None, f=LAST_NIGHT),
            ),
            "No. Five backups have been overdue since yesterday evening: a, b and three more."
            " The other one is fine.",
            "Nein. Fünf Backups sind seit gestern Abend überfällig: a, b und drei weitere."
            " Das andere ist in Ordnung.",
            id="many are overdue",
        ),
        pytest.param(
            situation(systems=[CLUSTER], backups=saved(new=None, git=LAST_NIGHT)),
            "No. There is no backup of new yet.",
            "Nein. Von new gibt es noch kein Backup.",
            id="not made yet, and not overdue",
        ),
        pytest.param(
            situation(
                OVERDUE,
                offline("k3s", NOW - HOUR, source="cluster"),
                systems=[CLUSTER],
                backups=saved(media=None),
            ),
            "No. The backup of media has been overdue since yesterday evening."
            " There has never been a good one."
            " k3s has not been answering for an hour.",
            "Nein. Das Backup von media ist seit gestern Abend überfällig. Ein erfolgreiches gab es noch nie."
            " k3s antwortet seit einer Stunde nicht.",
            id="as the cluster said before it went silent",
        ),
        pytest.param(
            situation(OVERDUE, systems=[CLUSTER]),
            "No. The backup of media has been overdue since yesterday evening.",
            "Nein. Das Backup von media ist seit gestern Abend überfällig.",
            id="known from before the restart only",
        ),
    ],
)
def test_backups(given: Situation, english: str, german: str) -> None:
    assert (backups(given, "en"), backups(given, "de")) == (english, german)


# The hub

LLAMA = model("llama3.1:8b", 6.2, expires_at=NOW + 4 * MINUTE)
QWEN = model("hf.co/someone/qwen2.5-coder:7b", 6.2, expires_at=NOW + 20 * MINUTE)
STANDBY = hub(name="Büro", first=False, vram_total=None)


@pytest.mark.parametrize(
    ("given", "english", "german"),
    [
        pytest.param(
            situation(),
            "I do not know yet how the homelab is doing.",
            "Ich weiß noch nicht, wie es dem Homelab geht.",
            id="no hub",
        ),
        pytest.param(
            situation(hubs=[hub()]),
            "Ollama is on. No model is loaded.",
            "Ollama ist an. Kein Modell ist geladen.",
            id="idle",
        ),
        pytest.param(
            situation(hubs=[hub(online=False, offline_since=THIS_MORNING)]),
            "Ollama has been off since this morning.",
            "Ollama ist seit heute Morgen aus.",
            id="off",
        ),
        pytest.param(
            situation(hubs=[hub(LLAMA, generation_speed=52.4, time_to_first_token=0.42)]),
            "Ollama is on. llama3.1 8b is loaded. Models take 6.2 of 16 gigabytes of graphics memory,"
            " 39 percent. llama3.1 8b will be unloaded in four minutes."
            " The last answer began after 0.4 seconds and came at about 39 words a second.",
            "Ollama ist an. Geladen ist llama3.1 8b. Modelle belegen 6,2 von 16 Gigabyte Grafikspeicher,"
            " das sind 39 Prozent. llama3.1 8b wird in vier Minuten entladen."
            " Die letzte Antwort begann nach 0,4 Sekunden und kam mit etwa 39 Wörtern pro Sekunde.",
            id="one model",
        ),
        pytest.param(
            situation(hubs=[hub(QWEN, LLAMA, vram_total=None, generation_speed=30.0)]),
            "Ollama is on. qwen2.5-coder 7b and llama3.1 8b are loaded."
            " Models take 12.4 gigabytes of graphics memory."
            " llama3.1 8b will be unloaded in four minutes. The last answer came at about 22 words a second.",
            "Ollama ist an. Geladen sind qwen2.5-coder 7b und llama3.1 8b."
            " Modelle belegen 12,4 Gigabyte Grafikspeicher."
            " llama3.1 8b wird in vier Minuten entladen."
            " Die letzte Antwort kam mit etwa 22 Wörtern pro Sekunde.",
            id="two models, and nobody knows how much memory there is",
        ),
        pytest.param(
            situation(hubs=[hub(model("llama3.3:latest", 18.1, 16.0, pinned=True))]),
            "Ollama is on. llama3.3 is loaded. Models take 16 of 16 gigabytes of graphics memory,"
            " 100 percent."
            " 2.1 gigabytes did not fit and are in main memory, which slows answers down."
            " llama3.3 is to stay loaded for good.",
            "Ollama ist an. Geladen ist llama3.3. Modelle belegen 16 von 16 Gigabyte Grafikspeicher,"
            " das sind 100 Prozent."
            " 2,1 Gigabyte passen nicht hinein und liegen im Arbeitsspeicher; das bremst."
            " llama3.3 bleibt dauerhaft geladen.",
            id="spilling, and pinned",
        ),
        pytest.param(
            situation(hubs=[hub(model("tiny", 1.5, 0.0), time_to_first_token=3.0)]),
            "Ollama is on. tiny is loaded. The models run without the graphics card."
            " The last answer began after 3 seconds.",
            "Ollama ist an. Geladen ist tiny. Die Modelle laufen ohne Grafikkarte."
            " Die letzte Antwort begann nach 3 Sekunden.",
            id="without a GPU",
        ),
        pytest.param(
            situation(hubs=[hub(online=False, offline_since=NOW - HOUR), STANDBY]),
            "Ollama has been off for an hour. Büro is on as well. No model is loaded.",
            "Ollama ist seit einer Stunde aus. Büro ist auch an. Kein Modell ist geladen.",
            id="the standby works",
        ),
        pytest.param(
            situation(hubs=[hub(LLAMA), replace(STANDBY, online=False, offline_since=DAY_BEFORE)]),
            "Ollama is on. llama3.1 8b is loaded. Models take 6.2 of 16 gigabytes of graphics memory,"
            " 39 percent. llama3.1 8b will be unloaded in four minutes."
            " The standby hub Büro has been off for two days.",
            "Ollama ist an. Geladen ist llama3.1 8b. Modelle belegen 6,2 von 16 Gigabyte Grafikspeicher,"
            " das sind 39 Prozent. llama3.1 8b wird in vier Minuten entladen."
            " Der Ersatzserver Büro ist seit vorgestern aus.",
            id="the standby is off",
        ),
        pytest.param(
            situation(hubs=[hub(*(model(f"m{number}", 1, pinned=True) for number in range(5)))]),
            "Ollama is on. m0, m1 and three more are loaded."
            " Models take 5 of 16 gigabytes of graphics memory, 31 percent."
            " m0, m1 and three more are to stay loaded for good.",
            "Ollama ist an. Geladen sind m0, m1 und drei weitere."
            " Modelle belegen 5 von 16 Gigabyte Grafikspeicher, das sind 31 Prozent."
            " m0, m1 und drei weitere bleiben dauerhaft geladen.",
            id="many models",
        ),
        pytest.param(
            situation(hubs=[hub(model("<script>" * 900, 1))]),
            "Ollama is on. script script script script script is loaded."
            " Models take 1 of 16 gigabytes of graphics memory, 6 percent.",
            "Ollama ist an. Geladen ist script script script script script."
            " Modelle belegen 1 von 16 Gigabyte Grafikspeicher, das sind 6 Prozent.",
            id="a hostile name",
        ),
    ],
)
def test_hub_status(given: Situation, english: str, german: str) -> None:
    assert (hub_status(given, "en"), hub_status(given, "de")) == (english, german)


# Bounds


def crowd(count: int) -> Situation:
    return situation(
        *(
            replace(POD, id=str(number), name=f"ns{number}/app{number}-7d9f8b6c5d-x2x4q", since=NOW - HOUR)
            for number in range(count)
        ),
        systems=SYSTEMS,
        hubs=[hub(*(model("m" * 300, 1) for _ in range(50)), name="H" * 500)] * 30,
        backups=[Backup("cluster", f"ns{number}", None) for number in range(count)],
    )


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("count", [1_000, 10_000])
def test_answers_are_short_and_soon_with_thousands_of_problems(count: int, language: str) -> None:
    given = crowd(count)
    for wanted in ("k3s", "app77", "peperless", "w" * 5_000):
        begun = time.perf_counter()
        assert len(why(given, wanted, language)) <= MAX_SPOKEN
        assert time.perf_counter() - begun < 0.1 * count / 1_000
    assert len(backups(given, language)) <= MAX_SPOKEN
    assert len(hub_status(given, language)) <= MAX_SPOKEN


@pytest.mark.parametrize(
    ("name", "words", "is_meant"),
    [
        ("data/mongodb", "db", False),
        ("data/db", "db", True),
        ("data/my-db", "db", True),
        ("db", "mongodb", False),
        ("jellyfin", "my jellyfin server", True),
        ("web/rainloop", "ai", False),
    ],
)
def test_short_words_are_whole_words_of_a_name(name: str, words: str, is_meant: bool) -> None:
    """A part of a longer word is another word; a short name is no part of a longer one either."""
    given = situation(problem("volume_full", name), systems=[CLUSTER])
    assert [one.name for one in find_problems(given, words)] == ([name] if is_meant else [])

"""/api/chat and /api/generate: the lines, their fields, and what is refused."""

from base64 import b64encode
import json
import struct
from typing import Any
import zlib

import pytest

from demo.servers.ollama import OllamaServer, Reply, ToolCall
from demo.servers.ollama.catalogue import GEMMA_SMALL, SMOLLM

from .conftest import Serve
from .talk import HEALTH, TURN_ON, Talk, calls, content, thinking

METRICS = {
    "total_duration",
    "load_duration",
    "prompt_eval_count",
    "prompt_eval_duration",
    "eval_count",
    "eval_duration",
}


def png(width: int = 64, height: int = 48) -> str:
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunk = b"IHDR" + header
    data = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + chunk + struct.pack(">I", zlib.crc32(chunk))
    return b64encode(data).decode()


def jpeg(width: int = 320, height: int = 200) -> str:
    app0 = b"\xff\xe0" + struct.pack(">H", 16) + b"JFIF\0" + bytes(9)
    frame = b"\xff\xc0" + struct.pack(">HBHHB", 17, 8, height, width, 3) + bytes(9)
    return b64encode(b"\xff\xd8" + app0 + frame + b"\xff\xd9").decode()


def webp(width: int = 100, height: int = 50) -> str:
    size = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    return b64encode(b"RIFF" + bytes(4) + b"WEBPVP8X" + bytes(8) + size + bytes(4)).decode()


async def test_lines_of_a_chat(hub: OllamaServer, talk: Talk) -> None:
    lines = await talk.chat("Hello", model="llama3.1:8b")
    assert content(lines) == "Hello! How can I help you?"
    for line in lines[:-1]:
        assert set(line) == {"model", "created_at", "message", "done"}
        assert line["created_at"].endswith("Z")
        assert line["done"] is False
    last = lines[-1]
    assert set(last) == {"model", "created_at", "message", "done", "done_reason"} | METRICS
    assert last["message"] == {"role": "assistant", "content": ""}
    assert (last["done"], last["done_reason"]) == (True, "stop")
    (record,) = hub.requests
    assert last["eval_count"] == record.generated_tokens == len(lines) - 1
    assert last["prompt_eval_count"] == record.prompt_tokens
    # nanoseconds, at the speed of the hardware that is simulated
    assert round(last["eval_count"] / last["eval_duration"] * 1e9) == 60
    assert last["total_duration"] >= last["load_duration"] + last["eval_duration"]


async def test_content_types(hub: OllamaServer, talk: Talk) -> None:
    async with talk.open_chat() as response:
        assert response.headers["Content-Type"] == "application/x-ndjson"
    async with talk.open_chat(stream=False) as response:
        assert response.headers["Content-Type"] == "application/json; charset=utf-8"
    async with talk.open_chat(model="nope") as response:
        assert response.headers["Content-Type"] == "application/json; charset=utf-8"


async def test_not_streamed(hub: OllamaServer, talk: Talk) -> None:
    body = {"model": "qwen3:8b", "messages": [{"role": "user", "content": "Hello"}], "stream": False}
    status, answer = await talk.post("/api/chat", body)
    assert status == 200
    assert answer["message"]["content"] == "Hello! How can I help you?"
    assert answer["message"]["thinking"]
    assert answer["done_reason"] == "stop"
    assert set(answer) >= METRICS
    hub.script(Reply(tool_calls=[ToolCall("a"), ToolCall("b", {"x": 1})]))
    _, answer = await talk.post("/api/chat", body)
    assert calls([answer]) == [("a", {}), ("b", {"x": 1})]


async def test_generate(talk: Talk) -> None:
    status, lines = await talk.post(
        "/api/generate", {"model": "qwen3:8b", "prompt": "Hello", "system": "Be nice"}
    )
    assert status == 200
    assert "".join(line["response"] for line in lines) == "Hello! How can I help you?"
    assert "".join(line.get("thinking", "") for line in lines)
    assert set(lines[-1]) >= METRICS
    assert all(isinstance(number, int) for number in lines[-1]["context"])
    assert "message" not in lines[0]


async def test_insert(talk: Talk) -> None:
    body = {"model": "qwen2.5-coder:7b", "prompt": "def f():", "suffix": "x = f()", "stream": False}
    status, answer = await talk.post("/api/generate", body)
    assert status == 200
    assert answer["response"] == "    return result\n"
    text = "registry.ollama.ai/library/llama3.1:8b does not support insert"
    assert await talk.refused("/api/generate", prompt="a", suffix="b") == (400, text)


async def test_raw(talk: Talk) -> None:
    body = {"model": "llama3.1:8b", "prompt": "Hello", "raw": True, "stream": False}
    _, answer = await talk.post("/api/generate", body)
    assert "context" not in answer
    assert answer["prompt_eval_count"] == 1
    refusal = "raw mode does not support template, system, or context"
    assert await talk.refused("/api/generate", prompt="a", raw=True, system="b") == (400, refusal)


async def test_thinking_is_on_unless_switched_off(talk: Talk) -> None:
    assert thinking(await talk.chat(model="qwen3:8b"))
    assert thinking(await talk.chat(model="qwen3:8b", think="low"))
    assert not thinking(await talk.chat(model="qwen3:8b", think=False))
    lines = await talk.chat(model="qwen3:8b")
    first_content = next(i for i, line in enumerate(lines) if line["message"]["content"])
    assert all(line["message"].get("thinking") for line in lines[:first_content])
    # what thinks also counts as generated
    assert lines[-1]["eval_count"] > len(lines)


@pytest.mark.parametrize(
    ("body", "status", "text"),
    [
        ({"think": True}, 400, '"llama3.1:8b" does not support thinking'),
        ({"think": "high"}, 400, '"llama3.1:8b" does not support thinking'),
        (
            {"think": "huge"},
            400,
            'invalid think value: "huge" (must be "high", "medium", "low", "max", true, or false)',
        ),
        (
            {"think": 1},
            400,
            'think must be a boolean or string ("high", "medium", "low", "max", true, or false)',
        ),
        ({"model": "nomic-embed-text"}, 400, '"nomic-embed-text" does not support chat'),
        (
            {"model": "gemma3:4b", "tools": [HEALTH]},
            400,
            "registry.ollama.ai/library/gemma3:4b does not support tools",
        ),
        ({"top_logprobs": 21}, 400, "top_logprobs must be between 0 and 20"),
        ({"top_logprobs": -1}, 400, "top_logprobs must be between 0 and 20"),
        ({"keep_alive": "10"}, 400, 'time: missing unit in duration "10"'),
        ({"keep_alive": "-1"}, 400, 'time: missing unit in duration "-1"'),
        ({"keep_alive": "soon"}, 400, 'time: invalid duration "soon"'),
        ({"keep_alive": ""}, 400, 'time: invalid duration ""'),
        ({"keep_alive": True}, 400, "unsupported duration type: 'bool'"),
        ({"options": {"num_ctx": "8192"}}, 500, 'option "num_ctx" must be of type integer'),
        ({"options": {"temperature": "hot"}}, 500, 'option "temperature" must be of type float32'),
        ({"options": {"stop": "."}}, 500, 'option "stop" must be of type array'),
        ({"options": {"stop": [1]}}, 500, 'option "stop" must be of an array of strings'),
        ({"options": {"use_mmap": 1}}, 500, 'option "use_mmap" must be of type boolean'),
        (
            {"format": "xml"},
            500,
            'invalid format: "\\"xml\\""; expected "json" or a valid JSON Schema object',
        ),
        (
            {"messages": [{"role": "robot", "content": "x"}]},
            400,
            'message role must be one of "system", "user", "assistant", or "tool"',
        ),
        (
            {"messages": [{"role": "user", "content": ["x"]}]},
            400,
            "json: cannot unmarshal array into Go struct field ChatRequest.messages.content of type string",
        ),
        (
            {"messages": ["hello"]},
            400,
            "json: cannot unmarshal string into Go struct field ChatRequest.messages of type api.Message",
        ),
        (
            {
                "messages": [
                    {"role": "assistant", "tool_calls": [{"function": {"name": "a", "arguments": "{}"}}]}
                ]
            },
            400,
            "json: cannot unmarshal string into Go struct field"
            " ChatRequest.messages.tool_calls.function.arguments of type map[string]interface {}",
        ),
        (
            {"tools": [{"type": "function", "function": {"name": "a", "parameters": {"required": "x"}}}]},
            400,
            "json: cannot unmarshal string into Go struct field"
            " ChatRequest.tools.function.parameters.required of type []string",
        ),
        ({"tools": [{"type": "function", "function": {}}]}, 400, "tool function name is required"),
    ],
)
async def test_refused(talk: Talk, body: dict[str, Any], status: int, text: str) -> None:
    assert await talk.refused(**body) == (status, text)


async def test_embedding_models_do_not_generate(talk: Talk) -> None:
    refusal = '"nomic-embed-text" does not support generate'
    assert await talk.refused("/api/generate", model="nomic-embed-text") == (400, refusal)


async def test_numbers_may_be_null(talk: Talk) -> None:
    given: dict[str, Any] = {"think": None, "keep_alive": None, "format": None, "stream": None}
    assert (await talk.chat(options={"num_ctx": None, "unheard_of": "x"}, **given))[-1]["done"]


async def test_tool_calls(talk: Talk) -> None:
    lines = await talk.chat("Turn on the kitchen light", tools=[TURN_ON])
    call = lines[0]["message"]["tool_calls"][0]
    assert call["id"].startswith("call_")
    assert len(call["id"]) == 13
    assert call["function"] == {
        "index": 0,
        "name": "HassTurnOn",
        "arguments": {"name": "kitchen light", "domain": ["light"]},
    }
    assert lines[0]["message"]["content"] == ""
    assert lines[-1]["done_reason"] == "stop"
    assert lines[-1]["eval_count"] > 10


async def test_num_predict(hub: OllamaServer, talk: Talk) -> None:
    text = "one two three four five six"
    hub.script(*[Reply(text)] * 4)
    lines = await talk.chat(options={"num_predict": 3})
    assert content(lines) == "one two three"
    assert (lines[-1]["done_reason"], lines[-1]["eval_count"]) == ("length", 3)
    for unlimited in (0, -1, -2):
        lines = await talk.chat(options={"num_predict": unlimited})
        assert content(lines) == text
        assert lines[-1]["done_reason"] == "stop"


async def test_a_prewarm_takes_no_script(hub: OllamaServer, talk: Talk) -> None:
    hub.script(Reply("scripted"))
    lines = await talk.chat(options={"num_predict": 1}, tools=[HEALTH])
    assert (lines[-1]["done_reason"], lines[-1]["eval_count"]) == ("length", 1)
    assert content(await talk.chat()) == "scripted"


async def test_a_cut_tool_call_is_none(hub: OllamaServer, talk: Talk) -> None:
    hub.script(Reply(tool_calls=[ToolCall("get_health")]))
    lines = await talk.chat(options={"num_predict": 4})
    assert len(lines) == 1
    assert lines[0]["done_reason"] == "length"


async def test_stop_sequences(hub: OllamaServer, talk: Talk) -> None:
    hub.script(Reply("First. Second. Third."), Reply(chunks=["Fir", "st. Sec", "ond."]))
    assert content(await talk.chat(options={"stop": [" Third", " Second"]})) == "First."
    assert content(await talk.chat(options={"stop": [" Second", " Sec"]})) == "First."


async def test_scripted_replies(hub: OllamaServer, talk: Talk) -> None:
    hub.script(
        Reply("Yes.", thinking="Hm."),
        Reply(chunks=["a b", "", "c"]),
        Reply("So far", done_reason="length"),
        Reply(tool_calls=[ToolCall("x", {"y": [1]})]),
    )
    lines = await talk.chat(model="qwen3:8b")
    assert (thinking(lines), content(lines)) == ("Hm.", "Yes.")
    assert [line["message"]["content"] for line in await talk.chat()] == ["a b", "c", ""]
    assert (await talk.chat())[-1]["done_reason"] == "length"
    assert calls(await talk.chat()) == [("x", {"y": [1]})]
    assert content(await talk.chat()) == "Hello! How can I help you?"


async def test_logprobs(hub: OllamaServer, talk: Talk) -> None:
    hub.script(Reply("yes"), Reply("yes"), Reply("ja", logprob=-0.5), Reply("yes"))
    line = (await talk.chat(logprobs=True, top_logprobs=3))[0]
    assert line["logprobs"] == [
        {
            "token": "yes",
            "logprob": -0.1,
            "bytes": [121, 101, 115],
            "top_logprobs": [
                {"token": "yes", "logprob": -0.1, "bytes": [121, 101, 115]},
                {"token": "no", "logprob": -2.4, "bytes": [110, 111]},
                {"token": "No", "logprob": -3.4, "bytes": [78, 111]},
            ],
        }
    ]
    line = (await talk.chat(logprobs=True))[0]
    assert line["logprobs"] == [{"token": "yes", "logprob": -0.1, "bytes": [121, 101, 115]}]
    _, answer = await talk.post(
        "/api/generate",
        {"model": "llama3.1:8b", "prompt": "x", "logprobs": True, "top_logprobs": 20, "stream": False},
    )
    assert [entry["logprob"] for entry in answer["logprobs"]] == [-0.5]
    assert len(answer["logprobs"][0]["top_logprobs"]) == 20
    assert "logprobs" not in (await talk.chat(top_logprobs=3))[0]


async def test_rendered_prompt(talk: Talk) -> None:
    body = {
        "model": "qwen2.5-coder:7b",
        "messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Hi"}],
        "tools": [HEALTH],
        "_debug_render_only": True,
    }
    status, answer = await talk.post("/api/chat", body)
    assert status == 200
    template = answer["_debug_info"]["rendered_template"]
    assert template.startswith("<|im_start|>system\nBe brief.\n\n# Tools")
    # As Go writes JSON: without spaces.
    assert json.dumps(HEALTH, separators=(",", ":")) in template
    assert template.endswith("<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n")


@pytest.mark.parametrize(
    ("image", "said"),
    [(png(), "PNG 64 x 48"), (jpeg(), "JPEG 320 x 200"), (webp(), "WebP 100 x 50")],
)
async def test_images(talk: Talk, image: str, said: str) -> None:
    messages = [{"role": "user", "content": "What is this?", "images": [image]}]
    lines = await talk.chat(model="gemma3:4b", messages=messages)
    assert content(lines) == f"I see 1 image: {said} pixels."
    assert lines[-1]["prompt_eval_count"] > 768


async def test_images_of_generate(talk: Talk) -> None:
    body = {"model": "qwen2.5vl:7b", "prompt": "Was ist das?", "images": [png(), jpeg()], "stream": False}
    _, answer = await talk.post("/api/generate", body)
    assert answer["response"] == "Ich sehe 2 Bilder: PNG 64 x 48, JPEG 320 x 200 Pixel."


@pytest.mark.parametrize(
    ("model", "images", "status", "text"),
    [
        ("gemma3:4b", ["data:image/png;base64,AAAA"], 400, "illegal base64 data at input byte 4"),
        ("gemma3:4b", ["AAA"], 400, "illegal base64 data at input byte 0"),
        ("gemma3:4b", ["AAAAA==="], 400, "illegal base64 data at input byte 4"),
        (
            "gemma3:4b",
            [7],
            400,
            "json: cannot unmarshal number into Go struct field"
            " ChatRequest.messages.images of type api.ImageData",
        ),
        ("gemma3:4b", [b64encode(b"GIF89a" + bytes(40)).decode()], 400, "Failed to load image or audio file"),
        ("gemma3:4b", [b64encode(b"\x89PNG").decode()], 400, "Failed to load image or audio file"),
        (
            "llama3.1:8b",
            [png()],
            400,
            "Multimodal data provided, but model does not support multimodal requests.",
        ),
        (
            "llama3.2-vision:11b",
            [png(), png()],
            500,
            "this model only supports one image while more than one image requested",
        ),
    ],
)
async def test_bad_images(talk: Talk, model: str, images: list[Any], status: int, text: str) -> None:
    messages = [{"role": "user", "content": "What is this?", "images": images}]
    given, error = await talk.refused(model=model, messages=messages)
    assert given == status
    assert text in error


async def test_structured(talk: Talk) -> None:
    schema = {"type": "object", "properties": {"mood": {"enum": ["good", "bad"]}}, "required": ["mood"]}
    assert json.loads(content(await talk.chat("All bad", format=schema))) == {"mood": "bad"}
    answer = json.loads(content(await talk.chat("Tell me", format="json")))
    assert isinstance(answer, dict)
    lines = await talk.chat("All bad", model="qwen3:8b", format=schema)
    assert thinking(lines)
    assert json.loads(content(lines)) == {"mood": "bad"}


@pytest.mark.parametrize(
    "schema", [{"type": "strnig"}, {"$ref": "#/$defs/none"}, {"type": "object", "properties": {"a": 1}}]
)
async def test_what_is_no_schema(talk: Talk, schema: Any) -> None:
    status, error = await talk.refused(format=schema)
    assert status == 400
    assert json.loads(error)["error"]["message"].startswith("JSON schema conversion failed")


async def test_overflow_drops_the_oldest(hub: OllamaServer, talk: Talk) -> None:
    old = {"role": "user", "content": "old " * 300}
    messages = [
        {"role": "system", "content": "Keep this."},
        old,
        {"role": "assistant", "content": "new"},
        {"role": "user", "content": "Hello"},
    ]
    given: dict[str, Any] = {"messages": messages, "options": {"num_ctx": 128}}
    body = {"model": "qwen2.5-coder:7b", "_debug_render_only": True, **given}
    _, answer = await talk.post("/api/chat", body)
    assert answer["_debug_info"]["rendered_template"] == (
        "<|im_start|>system\nKeep this.<|im_end|>\n<|im_start|>assistant\nnew<|im_end|>\n"
        "<|im_start|>user\nHello<|im_end|>\n<|im_start|>assistant\n"
    )
    lines = await talk.chat(model="qwen2.5-coder:7b", **given)
    assert lines[-1]["prompt_eval_count"] < 128
    status, error = await talk.refused(model="qwen2.5-coder:7b", truncate=False, **given)
    assert status == 400
    assert json.loads(error)["error"]["type"] == "exceed_context_size_error"


async def test_one_message_too_long_loses_its_middle(talk: Talk) -> None:
    lines = await talk.chat("word " * 1000, options={"num_ctx": 128})
    assert lines[-1]["prompt_eval_count"] == 128 - (128 - 4) // 2


async def test_tool_results_stay_with_their_call(talk: Talk) -> None:
    messages = [
        {"role": "user", "content": "long " * 200},
        {"role": "assistant", "tool_calls": [{"function": {"name": "get_health", "arguments": {}}}]},
        {"role": "tool", "tool_name": "get_health", "content": "fine"},
    ]
    body = {"model": "qwen2.5-coder:7b", "messages": messages, "_debug_render_only": True}
    _, answer = await talk.post("/api/chat", body | {"options": {"num_ctx": 100}})
    rendered = answer["_debug_info"]["rendered_template"]
    assert "long" not in rendered
    assert '<tool_call>\n{"name": "get_health"' in rendered


async def test_without_context_shift_it_ends_at_the_limit(hub: OllamaServer, talk: Talk) -> None:
    hub.script(Reply("word " * 300))
    lines = await talk.chat(options={"num_ctx": 64}, shift=False)
    assert lines[-1]["done_reason"] == "length"
    assert lines[-1]["eval_count"] + lines[-1]["prompt_eval_count"] == 64


async def test_queue_full(serve: Serve) -> None:
    server, talk = await serve(max_queue=0)
    await server.load("llama3.1:8b")
    runner = server.loaded["llama3.1:8b"]
    slot = await runner.take_slot([])
    text = "server busy, please try again.  maximum pending requests exceeded"
    assert await talk.refused() == (503, text)
    runner.leave_slot(slot)
    assert (await talk.chat())[-1]["done"]


async def test_model_that_never_stops(hub: OllamaServer, talk: Talk) -> None:
    hub.hub.install(SMOLLM)
    body = {"model": SMOLLM.name, "messages": [{"role": "user", "content": "Say hello"}], "stream": False}
    bounded = (await talk.post("/api/chat", body | {"options": {"num_predict": 200}}))[1]
    assert (bounded["eval_count"], bounded["done_reason"]) == (200, "length")
    free = (await talk.post("/api/chat", body | {"options": {"num_ctx": 256}}))[1]
    assert free["done_reason"] == "length"
    assert free["eval_count"] > 1_000


async def test_model_that_prints_its_template(hub: OllamaServer, talk: Talk) -> None:
    hub.hub.install(GEMMA_SMALL)
    body = {"model": GEMMA_SMALL.name, "messages": [{"role": "user", "content": "Hello"}], "stream": False}
    answer = (await talk.post("/api/chat", body))[1]
    assert answer["message"]["content"].startswith("{object <nil> <nil> []")
    shown = (await talk.post("/api/show", {"model": GEMMA_SMALL.name}))[1]
    assert shown["template"] == "{{ .Prompt }}"


async def test_tags_do_not_read_a_template_in_the_weights(hub: OllamaServer, talk: Talk) -> None:
    hub.hub.install(SMOLLM)
    tags = (await talk.get("/api/tags"))[1]
    (tag,) = [model for model in tags["models"] if model["name"] == SMOLLM.name]
    shown = (await talk.post("/api/show", {"model": SMOLLM.name}))[1]
    assert tag["capabilities"] == ["completion"]
    assert shown["capabilities"] == ["completion", "tools"]
    assert shown["template"].startswith("{% for message in messages %}")

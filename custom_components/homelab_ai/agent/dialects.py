"""How models write what is not meant to be heard: calls, thinking, turns and ends. Tables only.

A further dialect is a row here and a fixture in `tests/agent/fixtures/dialects`. The rows follow what models'
chat templates, llama.cpp's chat formats and Ollama's parsers write; what cannot be told from text (a brace, a
code fence, a tool's own name) is in `reader`.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a call opens and closes. It lasts to the end of the message where none of its `closings` comes.

    `kept` where the opening is the beginning of the call itself.
    """

    name: str
    opening: str
    closings: tuple[str, ...] = ()
    kept: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """What begins with one mark and ends with any of some others."""

    opening: str
    closings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Header:
    """A mark that is followed by who speaks now, up to one of its `ends`.

    `goes_on` where a model writes it within its own turn, before each of its messages.
    """

    opening: str
    ends: tuple[str, ...]
    goes_on: bool = False


_DEEPSEEK_ENDS = (
    *("<｜tool▁calls▁end｜>", "<｜tool_calls_end｜>", "<｜tool calls end｜>", "<|tool_calls_end|>"),
    *("<|tool▁calls▁end|>", "<tool_calls_end>"),
)
_DEEPSEEK_CALL_ENDS = (
    *(
        "<｜tool▁call▁end｜>",
        "<｜tool▁calls▁end｜>",
        "<｜tool_call_end｜>",
        "<｜tool call end｜>",
        "<|tool▁call▁end|>",
        "<tool_call_end>",
    ),
)

CALLS: tuple[Dialect, ...] = (
    Dialect("hermes", "<tool_call>", ("</tool_call>",)),
    Dialect("attribute", "<tool_call name=", ("</tool_call>",), kept=True),
    Dialect("function-attribute", "<function_call name=", ("</function_call>",), kept=True),
    Dialect("hunyuan", "<tool_calls>", ("</tool_calls>",)),
    Dialect("function-call", "<function_call>", ("</function_call>",)),
    Dialect("glaive", "<functioncall>", ("</functioncall>",)),
    Dialect("claude", "<function_calls>", ("</function_calls>",)),
    Dialect("claude-space", "<antml:function_calls>", ("</antml:function_calls>",)),
    Dialect("claude-space-invoke", "<antml:invoke name=", ("</antml:invoke>",), kept=True),
    *(
        Dialect(f"hermes-{number}", opening, ("</tool_call>",), kept=True)
        for number, opening in enumerate(("<tool_call id=", "<tool_call type=", "<tool_call index="))
    ),
    Dialect("upper", "<TOOL_CALL>", ("</TOOL_CALL>",)),
    Dialect("title", "<Tool_Call>", ("</Tool_Call>",)),
    Dialect("camel", "<ToolCall>", ("</ToolCall>",)),
    Dialect("html", "&lt;tool_call&gt;", ("&lt;/tool_call&gt;",)),
    Dialect("yandex", "[TOOL_CALL_START]", ("[TOOL_CALL_END]",)),
    Dialect("gorilla", "<<function>>"),
    Dialect("gigachat", "<|function_call|>", ("<|function_call_end|>",)),
    Dialect("nemotron", "<TOOLCALL>", ("</TOOLCALL>",)),
    Dialect("toolcall", "<toolcall>", ("</toolcall>",)),
    Dialect("tool-use", "<tool_use>", ("</tool_use>",)),
    Dialect("tool-code", "<tool_code>", ("</tool_code>",)),
    Dialect("seed", "<seed:tool_call>", ("</seed:tool_call>",)),
    Dialect("minimax", "<minimax:tool_call>", ("</minimax:tool_call>",)),
    Dialect("longcat", "<longcat_tool_call>", ("</longcat_tool_call>",)),
    Dialect("qwen-coder", "<function=", ("</function>", "</tool_call>"), kept=True),
    Dialect("functionary", "<function name=", ("</function>", "</tool_call>"), kept=True),
    Dialect("invoke", "<invoke name=", ("</invoke>", "</function_calls>"), kept=True),
    Dialect("dsml", "<｜DSML｜function_calls>", ("</｜DSML｜function_calls>",)),
    Dialect("dsml-call", "<｜DSML｜tool_calls>", ("</｜DSML｜tool_calls>",)),
    Dialect("deepseek", "<｜tool▁calls▁begin｜>", ("<｜tool▁calls▁end｜>",)),
    Dialect("deepseek-one", "<｜tool▁call▁begin｜>", ("<｜tool▁call▁end｜>",)),
    # The same as models and servers spell it, whose tokens were lost or taken for words.
    *(
        Dialect(f"deepseek-{number}", opening, _DEEPSEEK_ENDS)
        for number, opening in enumerate(
            (
                *("<｜tool_calls_begin｜>", "<｜tool calls begin｜>", "<｜tool\\_calls\\_begin｜>"),
                *("<｜tool▁calls｜>", "<|tool_calls_begin|>", "<|tool▁calls▁begin|>", "<tool_calls_begin>"),
            )
        )
    ),
    *(
        Dialect(f"deepseek-one-{number}", opening, _DEEPSEEK_CALL_ENDS)
        for number, opening in enumerate(
            (*("<｜tool_call_begin｜>", "<｜tool call begin｜>", "<|tool▁call▁begin|>", "<tool_call_begin>"),)
        )
    ),
    Dialect("step3", "<steptml:invoke name=", ("</steptml:invoke>",), kept=True),
    Dialect("glimmer", "<atem:invoke name=", ("</atem:invoke>",), kept=True),
    Dialect("tool-attribute", "<tool name=", ("</tool>",), kept=True),
    Dialect("cline", "<use_mcp_tool>", ("</use_mcp_tool>",)),
    Dialect("qwen-agent", "✿FUNCTION✿:", ("✿RESULT✿", "✿RETURN✿")),
    Dialect("kimi", "<|tool_calls_section_begin|>", ("<|tool_calls_section_end|>",)),
    Dialect("kimi-one", "<|tool_call_begin|>", ("<|tool_call_end|>",)),
    Dialect("lfm2", "<|tool_call_start|>", ("<|tool_call_end|>",)),
    Dialect("solar", "<|tool_call:begin|>", ("<|tool_call:end|>",)),
    Dialect("solar-all", "<|tool_calls|>", ("<|/tool_calls|>",)),
    Dialect("phi", "<|tool_call|>", ("<|/tool_call|>", "</tool_call>")),
    Dialect("gemma4", "<|tool_call>", ("<tool_call|>",)),
    Dialect("functiongemma", "<start_function_call>", ("<end_function_call>",)),
    Dialect("command-r7b", "<|START_ACTION|>", ("<|END_ACTION|>",)),
    Dialect("internlm", "<|action_start|>", ("<|action_end|>",)),
    Dialect("llama", "<|python_tag|>"),
    Dialect("llama4", "<|python_start|>", ("<|python_end|>",)),
    Dialect("apertus", "<|tools_prefix|>", ("<|tools_suffix|>",)),
    Dialect("mistral", "[TOOL_CALLS]"),
    Dialect("bracketed", "[TOOL_CALL]", ("[/TOOL_CALL]",)),
    Dialect("tool-request", "[TOOL_REQUEST]", ("[END_TOOL_REQUEST]",)),
)

THINKING: tuple[Block, ...] = (
    *(
        Block(f"<{name}>", (f"</{name}>",))
        for name in (
            *("think", "thinking", "thought", "thoughts", "reasoning", "reason", "reflection", "scratchpad"),
            *(
                "Think",
                "THINK",
                "Thinking",
                "Thought",
                "Reasoning",
                "thought_process",
                "chain_of_thought",
                "cot",
            ),
            *("inner_thoughts", "internal_monologue", "reasoning_content", "inner_thought", "scratch_pad"),
            *("inner_monologue", "analysis", "seed:think", "longcat_think", "mm:think", "antThinking"),
            *("reflect", "planning", "plan", "deliberation", "internal", "ponder", "thinking_process"),
            *("THINKING", "THOUGHT", "REASONING", "Reflection", "reasoning_process"),
        )
    ),
    Block("<|START_THINKING|>", ("<|END_THINKING|>",)),
    Block("<|begin_of_thought|>", ("<|end_of_thought|>",)),
    Block("<|inner_prefix|>", ("<|inner_suffix|>",)),
    Block("<|think|>", ("<|/think|>", "<|end|>")),
    *(Block(f"<|{name}|>", (f"<|/{name}|>",)) for name in ("thinking", "thought", "reasoning")),
    *(
        Block(opening.format(name), (closing.format(name),))
        for name in ("think", "thinking", "thought", "reasoning")
        for opening, closing in (
            ("<|start_{}|>", "<|end_{}|>"),
            ("<|begin_{}|>", "<|end_{}|>"),
            ("<|{}_start|>", "<|{}_end|>"),
            ("<|{}_begin|>", "<|{}_end|>"),
            ("<｜begin▁of▁{}｜>", "<｜end▁of▁{}｜>"),
            ("<｜{}｜>", "<｜/{}｜>"),
            ("&lt;{}&gt;", "&lt;/{}&gt;"),
        )
    ),
    Block('<details type="reasoning"', ("</details>",)),
    Block("<|channel>thought", ("<channel|>",)),
    Block("<unused94>", ("<unused95>",)),
    Block("[THINK]", ("[/THINK]",)),
    Block("[BEGIN REASONING]", ("[END REASONING]", "[BEGIN FINAL RESPONSE]")),
    Block("◁think▷", ("◁/think▷",)),
)

PROSE_THINKING: tuple[Block, ...] = (
    Block("Here is my thought process:", ("Here is my response:",)),
    Block("Here are my reasoning steps:", ("[BEGIN FINAL RESPONSE]",)),
)
"""Thinking that opens with plain words: only where the model's template has them (Granite 3, Apriel)."""

# What a tool answers, which only the hub writes; and the tools themselves, repeated.
RESULTS: tuple[Block, ...] = (
    *(
        Block(f"<{name}>", (f"</{name}>",))
        for name in (
            *("tool_response", "tool_result", "tool_results", "tool_output", "tool_outputs", "tools"),
            *("function_results", "function_response", "function_result", "observation"),
        )
    ),
    Block("<|tool_response>", ("<tool_response|>",)),
    Block("<|tool_response|>", ("<|/tool_response|>",)),
    Block("<|START_TOOL_RESULT|>", ("<|END_TOOL_RESULT|>",)),
    Block("<start_function_response>", ("<end_function_response>",)),
    Block("<｜tool▁outputs▁begin｜>", ("<｜tool▁outputs▁end｜>",)),
    Block("<｜tool▁output▁begin｜>", ("<｜tool▁output▁end｜>",)),
    Block("[TOOL_RESULTS]", ("[/TOOL_RESULTS]",)),
    Block("[TOOL_RESULT]", ("[/TOOL_RESULT]", "[END_TOOL_RESULT]")),
    Block("[AVAILABLE_TOOLS]", ("[/AVAILABLE_TOOLS]",)),
    Block("<|tool_declare|>", ("<|/tool_declare|>",)),
)

HEADERS: tuple[Header, ...] = (
    Header("<|start|>", ("<|message|>",), goes_on=True),
    Header("<|channel|>", ("<|message|>",), goes_on=True),
    Header("<|im_start|>", ("<|im_sep|>", "\n")),
    Header("<|start_header_id|>", ("<|end_header_id|>",)),
    Header("<|header_start|>", ("<|header_end|>",)),
    Header("<|start_of_role|>", ("<|end_of_role|>",)),
    Header("<|role_start|>", ("<|role_end|>",)),
    Header("<start_of_turn>", ("\n",)),
    Header("<|turn>", ("\n",)),
    Header("<|im_user|>", ("<|im_middle|>",)),
    Header("<|im_system|>", ("<|im_middle|>",)),
    Header("<|im_assistant|>", ("<|im_middle|>",)),
)

TURNS: tuple[str, ...] = (
    *("<|user|>", "<|User|>", "<|human|>", "<|prompter|>", "<|system|>", "<|tool|>", "<|observation|>"),
    *("<｜User｜>", "<|USER_TOKEN|>", "<|SYSTEM_TOKEN|>", "<human>:", "<user>:", "[INST]", "[SYSTEM_PROMPT]"),
    *("<<SYS>>", "<|user_start|>", "<|system_start|>", "<|endofsystem|>", "<|endofuser|>", "<reserved_102>"),
    *("<|start_of_user|>", "<|assistant|>", "<|Assistant|>", "<｜Assistant｜>", "<|CHATBOT_TOKEN|>"),
    *("[|user|]", "[|system|]", "[|assistant|]", "<user>\n"),
    *("<bot>:", "<|start_of_assistant|>", "<|assistant_start|>", "<|bot|>"),
)
"""Marks of a turn: whoever's, it is not what the model was asked for once it has answered."""

ENDS: tuple[str, ...] = (
    *("<|im_end|>", "<|eot_id|>", "<|eom_id|>", "<|eot|>", "<|eom|>", "<|end|>", "<|return|>", "<|call|>"),
    *("<|endoftext|>", "<|end_of_text|>", "<|endofassistant|>", "<|end_of_turn|>", "<end_of_turn>"),
    *("<turn|>", "<|END_OF_TURN_TOKEN|>", "<｜end▁of▁sentence｜>", "<|end▁of▁sentence|>", "<eos>", "</s>"),
    *("<|EOS|>", "<|eos|>", "<end_of_utterance>", "<|END_RESPONSE|>", "<|stop|>", "[EOS]", "<|role_end|>"),
    *(
        "<|end_of_role|>",
        "[e~[",
        "<|end_of_response|>",
        "<|assistant_end|>",
        "<|message_end|>",
        "<bot_end>",
        "[|endofturn|]",
    ),
    *("<|fim_prefix|>", "<|fim_middle|>", "<|fim_suffix|>", "<|file_sep|>", "<|repo_name|>"),
)
"""Marks behind which a model's answer is over."""

STRAYS: tuple[str, ...] = (
    *("<s>", "<bos>", "<pad>", "<unk>", "<mask>", "[/INST]", "<</SYS>>", "[CONTENT]", "]~b]"),
    *("[BEGIN FINAL RESPONSE]", "[END FINAL RESPONSE]", "[ARGS]", "[CALL_ID]", "[/TOOL_CALLS]"),
    *("<|channel>", "<channel|>", "<tool_call|>", "<answer>", "</answer>", "<response>", "</response>"),
    *("<final>", "</final>", "<|begin_of_solution|>", "<|end_of_solution|>", "<escape>", '<|"|>'),
    *("<Output>", "</Output>", "<output>", "</output>", "<Answer>", "</Answer>", "<Response>", "</Response>"),
    *("<no value>", "</invoke>", "</tool_response>", "</tool_result>", "</tools>"),
)
"""Marks that mean nothing by themselves, and are left out."""

SPEAKERS: tuple[str, ...] = (
    *("### Human:", "### User:", "### Instruction:", "### Input:", "### System:", "### Question:"),
    *("### Human\n", "**User**:", "**Human**:", "[USER]:", "[HUMAN]:"),
    *("###Human:", "###User:", "## Human:", "## User:", "**User:**", "**Human:**", "[User]:", "[Human]:"),
)
"""How a line begins that the model invented for the person."""

NAMED_SPEAKERS: tuple[str, ...] = ("User:", "USER:", "Human:", "HUMAN:", "Benutzer:", "Nutzer:", "Mensch:")
"""The same, but plain words, which decide nothing alone."""

OWN_LABELS: tuple[str, ...] = (
    *("### Assistant:", "### Response:", "### Answer:", "Assistant:", "ASSISTANT:", "AI:", "Assistent:"),
    *("<|assistant|>:", "**Assistant:**", "[Assistant]:", ">>>all\n", "all\n"),
    *("model\n", "assistant\n", "assistant:", "**Assistant**:", "[ASSISTANT]:"),
)
"""How a model names itself before its answer."""

FINAL_LABELS: tuple[str, ...] = (
    *("Final Answer:", "Final answer:", "FINAL ANSWER:", "**Final Answer:**", "Endgültige Antwort:"),
    *("Antwort:", "**Antwort:**", "Answer:", "**Answer:**"),
)
"""How a model names its answer after it has thought aloud."""

THOUGHT_LABELS: tuple[str, ...] = (
    *("Thinking:", "**Thinking:**", "**Reasoning:**", "**Analysis:**", "**Überlegung:**", "**Gedanke:**"),
    *("Thought:", "Thoughts:", "Plan:", "Reasoning:", "Gedanke:", "Überlegung:", "**Thought:**", "**Plan:**"),
)
"""How it begins to think aloud; that is said only if neither a call nor its answer follows."""

CALL_LABELS: tuple[str, ...] = (
    *(
        "JSON:",
        "Json:",
        "Tool call:",
        "Tool Call:",
        "Tool calls:",
        "Tool Calls:",
        "Tool:",
        "Call:",
        "TOOL CALL:",
    ),
    *(
        "Function call:",
        "Function Call:",
        "Function:",
        "Function calls:",
        "Tool_call:",
        "tool_call:",
        "Command:",
    ),
    *("Use tool:", "Using tool:", "Tool Name:", "Tool name:", "Calling tool:", "Calling tool ", "Calling "),
    *("Calling function ", "### Tool Call\n", "### Tool call\n", "## Tool Call\n", "### Tool Call:\n"),
    *("tool_call = ", "tool_calls = ", "tool_call=", "tool_calls=", "function_call = ", "~~~json\n", "~~~\n"),
    *("Tool use:", "Output:", "Response:", "Aufruf:", "Werkzeugaufruf:", "Funktionsaufruf:", "Befehl:"),
    *(
        "**Tool call:**",
        "**Tool Call:**",
        "**Function call:**",
        "**JSON:**",
        "**Tool:**",
        "**Function:**",
        "**Call:**",
        "json\n",
        "JSON\n",
        "tool_call\n",
        "tool_code\n",
    ),
)
"""How a line names the call that follows; it is said only if none does."""

DECORATED: tuple[str, ...] = ("`{", "**{", "*{", "__{", "**[{", "`[{", "`\n{")
"""An object in emphasis or as code; the marks around a call are not said."""

LINE_CALLS: tuple[Dialect, ...] = (
    Dialect("react", "Action:", ("\nObservation:", "\nThought:")),
    Dialect("react-bold", "**Action:**", ("\n**Observation", "\n**Thought")),
    Dialect("functiongemma-bare", "call:"),
    Dialect("functionary-v2", ">>>", ("\n>>>",)),
    Dialect("firefunction", "functools["),
    # gpt-oss without its special tokens.
    *(
        Dialect(f"gpt-oss-{number}", opening, ("assistantfinal", "assistantanalysis", "assistantcommentary"))
        for number, opening in enumerate(("assistantcommentary to=", "commentary to=", "to=functions."))
    ),
    *(Dialect(f"yaml-{key}", f"{key}:", kept=True) for key in ("name", "tool", "function", "action", "Name")),
    *(
        Dialect(f"deepseek-bare-{number}", f"function{mark}", _DEEPSEEK_CALL_ENDS)
        for number, mark in enumerate(
            (
                "<｜tool▁sep｜>",
                "<｜tool_sep｜>",
                "<｜tool sep｜>",
                "<|tool_sep|>",
                "<|tool▁sep|>",
                "<tool_sep>",
            )
        )
    ),
    Dialect("gigachat-role", "function call<|role_sep|>"),
)
"""Calls that begin a line with what may be plain words: only where a tool's name follows."""

PROMPT = ">>>"
"""Functionary 3 begins each of its messages with it, within a line too."""

CALL_FENCES = frozenset(("tool_code", "tool_call", "tool_calls", "toolcall", "tool"))
"""What a block of code is called that holds a call, whatever it begins with."""

WEAK_TAGS = frozenset(
    (
        *("code", "json", "tool", "action", "api_call", "function", "call", "tools_call", "tool_json"),
        *("invoke", "execute", "function_name", "request", "command", "xml"),
    )
)
"""Tags that stand around a call only where one begins behind them at once."""

HARMONY = Dialect("gpt-oss", "<|channel|>", ("<|call|>", "<|end|>", "<|return|>", "<|eom|>", "<|eot|>"))
HARMONY_THINKING = Block("<|channel|>", ("<|end|>", "<|return|>", "<|call|>", "<|eom|>", "<|eot|>"))
BARE_HARMONY = Block("analysis", ("assistantfinal", "assistantcommentary"))
"""gpt-oss without its special tokens, as a server prints that leaves them out."""

"""Words of calls: keys, functions, and what stands between a name and its arguments. Tables only."""

NAME_KEYS: tuple[str, ...] = (
    *("name", "function_name", "tool_name", "function", "tool", "action", "func", "method", "api"),
    *("recipient_name", "tool_call_name", "toolName", "functionName", "Name", "Action", "Tool", "Function"),
)
"""Keys of a call's name, the likelier ones first."""

WEAK_NAME_KEYS: tuple[str, ...] = (
    *("intent", "intent_name", "command", "operation", "service", "type", "title", "id", "skill", "fn"),
)
"""Keys that may stand for anything: of a call's name only where it is that of a tool."""

ARGUMENT_KEYS: tuple[str, ...] = (
    *("arguments", "parameters", "params", "args", "input", "inputs", "kwargs", "tool_args", "tool_input"),
    *("action_input", "tool_arguments", "tool_parameters", "function_args", "function_arguments"),
    *("function_parameters", "toolInput", "argument", "parameter", "Arguments", "Parameters", "Action Input"),
)
"""Keys of a call's arguments."""

WEAK_ARGUMENT_KEYS: tuple[str, ...] = ("data", "slots", "payload", "options", "body")
"""The same, but only beside the name of a tool."""

WRAPPER_KEYS: tuple[str, ...] = (
    *("tool_calls", "tool_call", "function_call", "function_calls", "functions", "calls", "call", "function"),
    *("tools", "actions", "tool_uses", "toolCalls", "toolCall", "functionCall", "tool_use", "tool", "action"),
    *("functionCalls", "function_responses", "intent", "choices", "message", "messages", "parts", "delta"),
)
"""Keys of an object that holds calls."""

OTHER_KEYS: tuple[str, ...] = (
    *(
        "id",
        "type",
        "index",
        "tool_call_id",
        "call_id",
        "thought",
        "thoughts",
        "reasoning",
        "role",
        "content",
        "jsonrpc",
        "object",
        "model",
    ),
    *("plan", "explanation", "status", "description", "response", "message", "text", "answer", "speech"),
)
"""Keys that stand beside a call and say nothing of it."""

CALLERS = frozenset(
    (
        *("call_tool", "call_function", "callTool", "tool_call", "ToolCall", "FunctionCall", "function_call"),
        *("use_tool", "invoke_tool", "execute_tool", "run_tool", "multi_tool_use.parallel", "dict"),
    )
)
"""Functions of made-up code that call what they are given."""

POSITIONAL = "name"
"""What an argument without a keyword is given as: on what to act."""

SIGNS = ("[", "@", "/", "$")
"""What may stand right before the name of a tool."""

CODE_WORDS: tuple[str, ...] = (
    *("print(", "await ", "functions.", "tools.", "tool.", "default_api.", "result = ", "response = "),
    *("result=", "const result = ", "let result = ", "var result = ", "output = ", "const response = "),
)
"""What a line of code may begin with, before the name."""

CONNECTORS: tuple[str, ...] = (
    *(":", "=", "->", "=>", "→", "with", "with arguments", "with args", "with parameters", "with input"),
    *("Action Input", "Tool Input", "Input", "Arguments", "Args", "Parameters", "Params"),
    *("json", "code", "commentary", "commentary json", "commentary code", "mit", "mit Argumenten"),
    *("<｜tool▁sep｜>", "<｜tool_sep｜>", "<｜tool sep｜>", "<|tool_sep|>", "<|tool▁sep|>", "<tool_sep>"),
)
"""What may stand between a call's name and its arguments."""

NARROWING_KEYS = frozenset(
    (
        *("area", "area_id", "room", "floor", "floor_id", "domain", "domains", "device_class", "location"),
        *("entity_id", "entity", "entities", "device", "device_id", "target", "targets", "level"),
    )
)
"""Arguments that models write beside the others, instead of among them; left out, the call would do more."""

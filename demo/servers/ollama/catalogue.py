"""The models the simulated hub has, and those its registry offers."""

from .models import Model, digest_of

_STOP_LLAMA3 = (
    ("stop", "<|start_header_id|>"),
    ("stop", "<|end_header_id|>"),
    ("stop", "<|eot_id|>"),
)
_STOP_CHATML = (("stop", "<|im_start|>"), ("stop", "<|im_end|>"))

LLAMA = Model(
    name="llama3.1:8b",
    size=4_920_753_328,
    digest="46e0c10c039e019119339687c3c1757cc81b9da49709a3b3924863ba87ca666e",
    family="llama",
    parameter_size="8.0B",
    capabilities=("completion", "tools"),
    context_length=131_072,
    embedding_length=4096,
    layers=32,
    kv_bytes_per_token=131_072,
    template="llama3",
    tools_in="last_user",
    parameters=_STOP_LLAMA3,
    license="LLAMA 3.1 COMMUNITY LICENSE AGREEMENT\nLlama 3.1 Version Release Date: July 23, 2024",
    modified_at=1_785_484_800.25,
)
QWEN_CODER = Model(
    name="qwen2.5-coder:7b",
    size=4_683_087_561,
    digest="dae161e27b0e90dd1856c8bb3209201fd6736d8eb66298e75ed87571486f4364",
    family="qwen2",
    parameter_size="7.6B",
    capabilities=("completion", "tools", "insert"),
    context_length=32_768,
    embedding_length=3584,
    layers=28,
    kv_bytes_per_token=57_344,
    parameters=_STOP_CHATML,
    modified_at=1_785_398_400.5,
)
QWEN3 = Model(
    name="qwen3:8b",
    size=5_225_388_164,
    digest="500a1f067a9f782620b40bee6f7b0c89e17ae61f686b92c24933e4ca4b2b8b41",
    family="qwen3",
    parameter_size="8.2B",
    capabilities=("completion", "tools", "thinking"),
    context_length=40_960,
    embedding_length=4096,
    layers=36,
    kv_bytes_per_token=147_456,
    parameters=(
        ("repeat_penalty", 1),
        *_STOP_CHATML,
        ("temperature", 0.6),
        ("top_k", 20),
        ("top_p", 0.95),
    ),
    modified_at=1_785_571_200.123456,
)
GEMMA = Model(
    name="gemma3:4b",
    size=3_338_801_804,
    digest="a2af6cc3eb7fa8be8504abaf9b04e88f17a119ec3f04a3addf55f92841195f5a",
    family="gemma3",
    parameter_size="4.3B",
    capabilities=("completion", "vision"),
    context_length=131_072,
    embedding_length=2560,
    layers=34,
    kv_bytes_per_token=27_852,
    template="gemma",
    parameters=(("stop", "<end_of_turn>"), ("temperature", 1), ("top_k", 64), ("top_p", 0.95)),
    license="Gemma Terms of Use\n\nLast modified: February 21, 2024",
    modified_at=1_785_312_000.75,
)
LLAMA_VISION = Model(
    name="llama3.2-vision:11b",
    size=7_816_589_186,
    digest="6f2f9757ae97e8a3f8ea33d6adb2b11d93d9a35bef277cd2c0b1b5af8e8d0b1e",
    family="mllama",
    families=("mllama",),
    parameter_size="10.7B",
    capabilities=("completion", "vision"),
    context_length=131_072,
    embedding_length=4096,
    layers=40,
    kv_bytes_per_token=163_840,
    template="llama3",
    parameters=(("temperature", 0.6), ("top_p", 0.9)),
    license="LLAMA 3.2 COMMUNITY LICENSE AGREEMENT\nLlama 3.2 Version Release Date: September 25, 2024",
    modified_at=1_785_225_600.125,
)
QWEN_VISION = Model(
    name="qwen2.5vl:7b",
    size=5_969_245_856,
    digest="5ced39dfa4bac325dc183dd1e4febaa1c46b3ea28bce48896c8e69c1e79611cc",
    family="qwen25vl",
    parameter_size="8.3B",
    capabilities=("completion", "vision"),
    context_length=128_000,
    embedding_length=3584,
    layers=28,
    kv_bytes_per_token=57_344,
    parameters=(("temperature", 0.0001),),
    modified_at=1_785_139_200.375,
)
NOMIC = Model(
    name="nomic-embed-text:latest",
    size=274_302_450,
    digest="0a109f422b47e3a30ba2b10eca18548e944e8a23073ee3f3e947efcf3c45e59f",
    family="nomic-bert",
    parameter_size="137M",
    quantization="F16",
    capabilities=("embedding",),
    context_length=2048,
    embedding_length=768,
    layers=12,
    kv_bytes_per_token=36_864,
    parameters=(("num_ctx", 8192),),
    modified_at=1_785_052_800.625,
)
TINYLLAMA = Model(
    name="tinyllama:1.1b",
    size=637_700_138,
    digest="2644915ede352ea7bdfaff0bfac0be74c719d5d5202acb63a6fb095b52f394a4",
    family="llama",
    parameter_size="1B",
    quantization="Q4_0",
    capabilities=("completion",),
    context_length=2048,
    embedding_length=2048,
    layers=22,
    kv_bytes_per_token=22_528,
    template="zephyr",
    parameters=(("stop", "<|system|>"), ("stop", "<|user|>"), ("stop", "<|assistant|>"), ("stop", "</s>")),
    modified_at=1_784_966_400.875,
)

SMOLLM = Model(
    name="smollm2:135m",
    size=144_811_584,
    family="llama",
    parameter_size="134.52M",
    quantization="Q8_0",
    capabilities=("completion", "tools"),
    tag_capabilities=("completion",),
    context_length=8192,
    embedding_length=576,
    layers=30,
    kv_bytes_per_token=23_040,
    template="jinja",
    manner="endless",
    modified_at=1_784_880_000.5,
)
GEMMA_SMALL = Model(
    name="gemma3:270m",
    size=253_000_000,
    family="gemma3",
    parameter_size="268.10M",
    capabilities=("completion",),
    context_length=32_768,
    embedding_length=640,
    layers=18,
    kv_bytes_per_token=18_432,
    template="bare",
    manner="prints_template",
    modified_at=1_784_793_600.5,
)
SMALL = (SMOLLM, GEMMA_SMALL)
"""What was seen on a real server of models too small for a house; not installed unless a test wants them."""

INSTALLED = (LLAMA, QWEN_CODER, QWEN3, GEMMA, LLAMA_VISION, QWEN_VISION, NOMIC, TINYLLAMA)

_OFFERED = (
    Model(
        name="qwen3:0.6b",
        size=522_653_767,
        family="qwen3",
        parameter_size="751.63M",
        capabilities=("completion", "tools", "thinking"),
        context_length=40_960,
        embedding_length=1024,
        layers=28,
        kv_bytes_per_token=114_688,
    ),
    Model(
        name="llama3.2:3b",
        size=2_019_393_189,
        parameter_size="3.2B",
        capabilities=("completion", "tools"),
        embedding_length=3072,
        layers=28,
        kv_bytes_per_token=114_688,
        template="llama3",
        tools_in="first_user",
        parameters=_STOP_LLAMA3,
    ),
    Model(
        name="llava:7b",
        size=4_733_363_377,
        families=("llama", "clip"),
        parameter_size="7B",
        quantization="Q4_0",
        capabilities=("completion", "vision"),
        context_length=32_768,
        template="zephyr",
    ),
    Model(
        name="mistral:7b",
        size=4_372_824_384,
        parameter_size="7.2B",
        capabilities=("completion", "tools"),
        context_length=32_768,
        tools_in="last_user",
    ),
    Model(
        name="all-minilm:latest",
        size=45_960_996,
        family="bert",
        parameter_size="23M",
        quantization="F16",
        capabilities=("embedding",),
        context_length=512,
        embedding_length=384,
        layers=6,
        kv_bytes_per_token=9216,
    ),
    Model(
        name="qwen3:32b",
        size=20_201_253_588,
        family="qwen3",
        parameter_size="32.8B",
        capabilities=("completion", "tools", "thinking"),
        context_length=40_960,
        embedding_length=5120,
        layers=64,
        kv_bytes_per_token=262_144,
    ),
)


def registry() -> dict[str, Model]:
    """What can be pulled, by short name; a fresh dict that a test may change."""
    return {model.name: model for model in (*INSTALLED, *_OFFERED)}


def layers(model: Model) -> list[tuple[str, int]]:
    """The (digest, size) of a model's blobs in the order Ollama fetches them; sizes add up."""
    small = [
        (digest_of(f"{model.digest}/template"), 1_482),
        (digest_of(f"{model.digest}/license"), 11_343),
        (digest_of(f"{model.digest}/parameters"), 120),
        (digest_of(f"{model.digest}/config"), 488),
    ]
    weights = model.size - sum(size for _, size in small)
    return [(digest_of(f"{model.digest}/weights"), weights), *small]

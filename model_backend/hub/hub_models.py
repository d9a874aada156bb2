"""Well-known models of the Hugging Face hub, as data: what is known of each before anything is downloaded.

Every repository listed here publishes safetensors and a tokenizer.json. `n_parameters` counts shared weights once;
`bytes_of_weights` is the size of the published weights without the headers of their files: the parameters in the format they
are stored in, and what the file holds besides (masks in the GPT-2 family and in Pythia, the pooler and sentence head of
BERT). `sizes` are the names and values of the published config.json from which the memory of a trace follows. A test builds
each model without weights from its published hyper-parameters and compares all these numbers. A gated model is given only to
people who accepted its terms. `languages` are those that its makers name, at most the first few.
"""

HUB_MODELS: dict[str, dict] = {
    "EleutherAI/pythia-70m": dict(
        title="Pythia 70M", kind="decoder", n_parameters=70_426_624, bytes_of_weights=166_019_072,
        licence="apache-2.0", languages=("en",), max_positions=2048,
        sizes=dict(num_hidden_layers=6, hidden_size=512, num_attention_heads=8),
        description="The smallest of a family made for research; its data and all stages of its training are public.",
    ),
    "distilbert/distilgpt2": dict(
        title="DistilGPT-2", kind="decoder", n_parameters=81_912_576, bytes_of_weights=352_816_128,
        licence="apache-2.0", languages=("en",), max_positions=1024,
        sizes=dict(n_layer=6, n_embd=768, n_head=12),
        description="GPT-2 taught to a pupil half as deep.",
    ),
    "openai-community/gpt2": dict(
        title="GPT-2", kind="decoder", n_parameters=124_439_808, bytes_of_weights=548_090_880,
        licence="mit", languages=("en",), max_positions=1024,
        sizes=dict(n_layer=12, n_embd=768, n_head=12),
        description="The classic of 2019, the smallest of four sizes.",
    ),
    "HuggingFaceTB/SmolLM2-135M": dict(
        title="SmolLM2 135M", kind="decoder", n_parameters=134_515_008, bytes_of_weights=269_030_016,
        licence="apache-2.0", languages=("en",), max_positions=8192,
        sizes=dict(num_hidden_layers=30, hidden_size=576, num_attention_heads=9, num_key_value_heads=3),
        description="A small modern model, trained on two trillion tokens.",
    ),
    "HuggingFaceTB/SmolLM2-360M": dict(
        title="SmolLM2 360M", kind="decoder", n_parameters=361_821_120, bytes_of_weights=723_642_240,
        licence="apache-2.0", languages=("en",), max_positions=8192,
        sizes=dict(num_hidden_layers=32, hidden_size=960, num_attention_heads=15, num_key_value_heads=5),
        description="The next size of the same family.",
    ),
    "google/gemma-3-1b-pt": dict(
        title="Gemma 3 1B", kind="decoder", n_parameters=999_885_952, bytes_of_weights=1_999_771_904,
        licence="gemma", languages=(), max_positions=32768, is_gated=True,
        sizes=dict(num_hidden_layers=26, hidden_size=1152, num_attention_heads=4, num_key_value_heads=1, head_dim=256),
        description="Most of its layers look back 512 tokens only.",
    ),
    "meta-llama/Llama-3.2-1B": dict(
        title="Llama 3.2 1B", kind="decoder", n_parameters=1_235_814_400, bytes_of_weights=2_471_628_800,
        licence="llama3.2", languages=("en", "de", "fr", "it", "pt", "hi", "es", "th"), max_positions=131072, is_gated=True,
        sizes=dict(num_hidden_layers=16, hidden_size=2048, num_attention_heads=32, num_key_value_heads=8, head_dim=64),
        description="The smallest Llama that reads 128 thousand tokens.",
    ),
    "Qwen/Qwen3-1.7B-Base": dict(
        title="Qwen3 1.7B", kind="decoder", n_parameters=1_720_574_976, bytes_of_weights=3_441_149_952,
        licence="apache-2.0", languages=(), max_positions=32768,
        sizes=dict(num_hidden_layers=28, hidden_size=2048, num_attention_heads=16, num_key_value_heads=8, head_dim=128),
        description="Knows more than a hundred languages.",
    ),
    "meta-llama/Llama-3.1-8B": dict(
        title="Llama 3.1 8B", kind="decoder", n_parameters=8_030_261_248, bytes_of_weights=16_060_522_496,
        licence="llama3.1", languages=("en", "de", "fr", "it", "pt", "hi", "es", "th"), max_positions=131072, is_gated=True,
        sizes=dict(num_hidden_layers=32, hidden_size=4096, num_attention_heads=32, num_key_value_heads=8),
        description="A large model; it wants a graphics card.",
    ),
    "Qwen/Qwen3-8B": dict(
        title="Qwen3 8B", kind="decoder", n_parameters=8_190_735_360, bytes_of_weights=16_381_470_720,
        licence="apache-2.0", languages=(), max_positions=40960,
        sizes=dict(num_hidden_layers=36, hidden_size=4096, num_attention_heads=32, num_key_value_heads=8, head_dim=128),
        description="A large model, trained to think aloud and to answer.",
    ),
    "distilbert/distilbert-base-uncased": dict(
        title="DistilBERT", kind="encoder", n_parameters=66_985_530, bytes_of_weights=267_942_120,
        licence="apache-2.0", languages=("en",), max_positions=512,
        sizes=dict(n_layers=6, dim=768, n_heads=12),
        description="BERT taught to a pupil half as deep; knows no capital letters.",
    ),
    "google-bert/bert-base-uncased": dict(
        title="BERT base", kind="encoder", n_parameters=109_514_298, bytes_of_weights=440_425_712,
        licence="apache-2.0", languages=("en",), max_positions=512,
        sizes=dict(num_hidden_layers=12, hidden_size=768, num_attention_heads=12),
        description="The classic of 2018; knows no capital letters.",
    ),
    "FacebookAI/roberta-base": dict(
        title="RoBERTa base", kind="encoder", n_parameters=124_697_433, bytes_of_weights=498_793_844,
        licence="mit", languages=("en",), max_positions=512,
        sizes=dict(num_hidden_layers=12, hidden_size=768, num_attention_heads=12),
        description="BERT trained longer, on ten times the text.",
    ),
    "answerdotai/ModernBERT-base": dict(
        title="ModernBERT base", kind="encoder", n_parameters=149_655_232, bytes_of_weights=598_620_928,
        licence="apache-2.0", languages=("en",), max_positions=8192,
        sizes=dict(num_hidden_layers=22, hidden_size=768, num_attention_heads=12),
        description="BERT as one builds it today: long texts, most layers look 64 tokens to either side.",
    ),
    "FacebookAI/xlm-roberta-base": dict(
        title="XLM-RoBERTa base", kind="encoder", n_parameters=278_295_186, bytes_of_weights=1_113_180_744,
        licence="mit", languages=(), max_positions=512,
        sizes=dict(num_hidden_layers=12, hidden_size=768, num_attention_heads=12),
        description="One model for a hundred languages.",
    ),
    "google/flan-t5-small": dict(
        title="Flan-T5 small", kind="encoder-decoder", n_parameters=76_961_152, bytes_of_weights=307_844_608,
        licence="apache-2.0", languages=("en", "fr", "ro", "de"), max_positions=512,
        sizes=dict(num_layers=8, d_model=512, d_kv=64, num_heads=6, is_encoder_decoder=True),
        description="Follows instructions: translate, summarize, answer.",
    ),
    "google/flan-t5-base": dict(
        title="Flan-T5 base", kind="encoder-decoder", n_parameters=247_577_856, bytes_of_weights=990_311_424,
        licence="apache-2.0", languages=("en", "fr", "ro", "de"), max_positions=512,
        sizes=dict(num_layers=12, d_model=768, d_kv=64, num_heads=12, is_encoder_decoder=True),
        description="The same with three times the numbers.",
    ),
}  # fmt: skip

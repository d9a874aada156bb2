"""The same sentence in many languages, and what it costs in tokens and in money.

A tokenizer learns its pieces from a training text. Languages that were rare in it got few pieces of their own, so their
sentences fall apart into small ones, and whoever pays by the token pays more for the same meaning. For a tokenizer that
read only English stories, such as that of the bundled storyteller, the difference is extreme: it has no pieces for Greek or Thai
letters at all and spells them byte by byte (a Thai letter is three bytes, so three tokens).

Measured for many models by A. Petrov, E. La Malfa, P. Torr, A. Bibi, "Language Model Tokenizers Introduce Unfairness Between
Languages", NeurIPS 2023. The sentences here are our own translations.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class Language:
    """A language: its code (ISO 639-1), name in English, name in itself, and the sentences, in the order of SENTENCES."""

    code: str
    name: str
    native: str
    sentences: tuple[str, ...]
    is_rtl: bool = False


LANGUAGES = (
    Language(
        "en",
        "English",
        "English",
        (
            "Good morning, where is the nearest railway station, please?",
            "My grandmother has a small dog that sleeps in the sun all day.",
        ),
    ),
    Language(
        "fr",
        "French",
        "Français",
        (
            "Bonjour, où se trouve la gare la plus proche, s'il vous plaît ?",
            "Ma grand-mère a un petit chien qui dort au soleil toute la journée.",
        ),
    ),
    Language(
        "de",
        "German",
        "Deutsch",
        (
            "Guten Morgen, wo ist bitte der nächste Bahnhof?",
            "Meine Großmutter hat einen kleinen Hund, der den ganzen Tag in der Sonne schläft.",
        ),
    ),
    Language(
        "es",
        "Spanish",
        "Español",
        (
            "Buenos días, ¿dónde está la estación de tren más cercana, por favor?",
            "Mi abuela tiene un perro pequeño que duerme al sol todo el día.",
        ),
    ),
    Language(
        "it",
        "Italian",
        "Italiano",
        (
            "Buongiorno, dov'è la stazione ferroviaria più vicina, per favore?",
            "Mia nonna ha un piccolo cane che dorme al sole tutto il giorno.",
        ),
    ),
    Language(
        "pt",
        "Portuguese",
        "Português",
        (
            "Bom dia, onde fica a estação de trem mais próxima, por favor?",
            "Minha avó tem um cachorro pequeno que dorme ao sol o dia todo.",
        ),
    ),
    Language(
        "nl",
        "Dutch",
        "Nederlands",
        (
            "Goedemorgen, waar is het dichtstbijzijnde treinstation, alstublieft?",
            "Mijn grootmoeder heeft een kleine hond die de hele dag in de zon slaapt.",
        ),
    ),
    Language(
        "pl",
        "Polish",
        "Polski",
        (
            "Dzień dobry, proszę powiedzieć, gdzie jest najbliższy dworzec kolejowy?",
            "Moja babcia ma małego psa, który cały dzień śpi na słońcu.",
        ),
    ),
    Language(
        "tr",
        "Turkish",
        "Türkçe",
        (
            "Günaydın, en yakın tren istasyonu nerede acaba?",
            "Büyükannemin bütün gün güneşte uyuyan küçük bir köpeği var.",
        ),
    ),
    Language(
        "vi",
        "Vietnamese",
        "Tiếng Việt",
        (
            "Chào buổi sáng, xin hỏi ga tàu hỏa gần nhất ở đâu ạ?",
            "Bà tôi có một con chó nhỏ nằm ngủ dưới nắng cả ngày.",
        ),
    ),
    Language(
        "sw",
        "Swahili",
        "Kiswahili",
        (
            "Habari za asubuhi, kituo cha treni kilicho karibu zaidi kiko wapi, tafadhali?",
            "Bibi yangu ana mbwa mdogo anayelala juani siku nzima.",
        ),
    ),
    Language(
        "ru",
        "Russian",
        "Русский",
        (
            "Доброе утро, подскажите, пожалуйста, где ближайший железнодорожный вокзал?",
            "У моей бабушки есть маленькая собака, которая весь день спит на солнце.",
        ),
    ),
    Language(
        "el",
        "Greek",
        "Ελληνικά",
        (
            "Καλημέρα, πού είναι ο κοντινότερος σιδηροδρομικός σταθμός, παρακαλώ;",
            "Η γιαγιά μου έχει έναν μικρό σκύλο που κοιμάται όλη μέρα στον ήλιο.",
        ),
    ),
    Language(
        "ar",
        "Arabic",
        "العربية",
        (
            "صباح الخير، أين تقع أقرب محطة قطار من فضلك؟",
            "لدى جدتي كلب صغير ينام في الشمس طوال النهار.",
        ),
        is_rtl=True,
    ),
    Language(
        "he",
        "Hebrew",
        "עברית",
        (
            "בוקר טוב, איפה תחנת הרכבת הקרובה ביותר, בבקשה?",
            "לסבתא שלי יש כלב קטן שישן בשמש כל היום.",
        ),
        is_rtl=True,
    ),
    Language(
        "hi",
        "Hindi",
        "हिन्दी",
        (
            "सुप्रभात, कृपया बताइए, सबसे नज़दीकी रेलवे स्टेशन कहाँ है?",
            "मेरी दादी के पास एक छोटा कुत्ता है जो दिन भर धूप में सोता है।",
        ),
    ),
    Language(
        "bn",
        "Bengali",
        "বাংলা",
        (
            "সুপ্রভাত, দয়া করে বলবেন, সবচেয়ে কাছের রেলস্টেশনটি কোথায়?",
            "আমার দাদির একটি ছোট কুকুর আছে, যে সারাদিন রোদে ঘুমায়।",
        ),
    ),
    Language(
        "th",
        "Thai",
        "ไทย",
        (
            "สวัสดีตอนเช้าครับ สถานีรถไฟที่ใกล้ที่สุดอยู่ที่ไหนครับ",
            "คุณยายของฉันมีสุนัขตัวเล็กที่นอนหลับกลางแดดทั้งวัน",
        ),
    ),
    Language(
        "zh",
        "Chinese",
        "中文",
        (
            "早上好，请问最近的火车站在哪里？",
            "我奶奶有一只小狗，它整天在太阳下睡觉。",
        ),
    ),
    Language(
        "ja",
        "Japanese",
        "日本語",
        (
            "おはようございます。すみませんが、一番近い鉄道の駅はどこですか。",
            "祖母は、一日中ひなたで寝ている小さな犬を飼っています。",
        ),
    ),
    Language(
        "ko",
        "Korean",
        "한국어",
        (
            "좋은 아침입니다. 실례지만 가장 가까운 기차역이 어디인가요?",
            "우리 할머니는 하루 종일 햇볕 아래에서 자는 작은 개를 키우세요.",
        ),
    ),
)
SENTENCES = LANGUAGES[0].sentences
OWN = "own"  # the code of a sentence that the person wrote


@dataclass(frozen=True, slots=True)
class LanguageCost:
    """What one sentence costs: tokens, `ratio` to the English sentence, `money` for one reading of it, in the price's own unit."""

    language: Language
    sentence: str
    n_tokens: int
    n_characters: int
    n_bytes: int
    ratio: float
    money: float


def spoken(which: int = 0, own: Mapping[str, str] | None = None) -> tuple[tuple[Language, str], ...]:
    """(language, sentence `which` in it), English first; `own` as for `language_costs`."""
    own = own or {}
    languages = LANGUAGES
    if own.get(OWN, "").strip():
        languages += (Language(OWN, "Your own", "", (own[OWN],) * len(SENTENCES)),)
    return tuple((language, own.get(language.code, "").strip() or language.sentences[which]) for language in languages)


def language_costs(
    count: Callable[[str], int], which: int = 0, price_per_million: float = 1.0, own: Mapping[str, str] | None = None
) -> tuple[LanguageCost, ...]:
    """The cost of sentence `which` in every language, cheapest first.

    `count` gives the number of tokens of a text, without special tokens. `own` replaces sentences by language code;
    the code "own" adds a row. The ratio is to English, so English itself is 1.

    >>> costs = language_costs(lambda text: len(text.encode()), price_per_million=2.0)
    >>> [(cost.ratio, cost.money) for cost in costs if cost.language.code == "en"]
    [(1.0, 0.000118)]
    """
    languages, sentences = zip(*spoken(which, own), strict=True)
    tokens = [count(sentence) for sentence in sentences]
    english = max(1, tokens[0])
    costs = (
        LanguageCost(
            language=language,
            sentence=sentence,
            n_tokens=n,
            n_characters=len(sentence),
            n_bytes=len(sentence.encode()),
            ratio=n / english,
            money=n * price_per_million / MILLION,
        )
        for language, sentence, n in zip(languages, sentences, tokens, strict=True)
    )
    return tuple(sorted(costs, key=lambda cost: (cost.n_tokens, cost.language.code != "en", cost.language.name)))

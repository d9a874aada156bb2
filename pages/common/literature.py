"""The papers and books that the glossary and the help refer to. Names and titles are not translated."""

from dataclasses import dataclass

from markupsafe import escape

from pages.common.text import Html


@dataclass(frozen=True)
class Source:
    """Who wrote what when and where; `arxiv` is its number there, "" where it is not."""

    authors: str
    year: int
    title: str
    place: str
    arxiv: str = ""

    @property
    def short(self) -> str:
        """As it is named in a sentence: "Vaswani et al. 2017"."""
        return f"{self.authors} {self.year}"


SOURCES = {
    "abnar2020": Source("Abnar & Zuidema", 2020, "Quantifying Attention Flow in Transformers", "ACL", "2005.00928"),
    "ackley1985": Source("Ackley, Hinton & Sejnowski", 1985, "A Learning Algorithm for Boltzmann Machines", "Cognitive Science 9"),
    "ainslie2023": Source("Ainslie et al.", 2023,
        "GQA: Training Generalized Multi-Query Transformer Models from Multi-Head Checkpoints", "EMNLP", "2305.13245"),
    "ba2016": Source("Ba, Kiros & Hinton", 2016, "Layer Normalization", "arXiv", "1607.06450"),
    "beltagy2020": Source("Beltagy, Peters & Cohan", 2020, "Longformer: The Long-Document Transformer", "arXiv", "2004.05150"),
    "bengio2003": Source("Bengio et al.", 2003, "A Neural Probabilistic Language Model", "Journal of Machine Learning Research 3"),
    "brown2020": Source("Brown et al.", 2020, "Language Models are Few-Shot Learners", "NeurIPS", "2005.14165"),
    "clark2019": Source("Clark et al.", 2019, "What Does BERT Look At? An Analysis of BERT's Attention", "BlackboxNLP", "1906.04341"),
    "dettmers2022": Source("Dettmers et al.", 2022,
        "LLM.int8(): 8-bit Matrix Multiplication for Transformers at Scale", "NeurIPS", "2208.07339"),
    "devlin2019": Source("Devlin et al.", 2019,
        "BERT: Pre-training of Deep Bidirectional Transformers for Language Understanding", "NAACL", "1810.04805"),
    "elhage2021": Source("Elhage et al.", 2021, "A Mathematical Framework for Transformer Circuits", "Transformer Circuits Thread"),
    "fan2018": Source("Fan, Lewis & Dauphin", 2018, "Hierarchical Neural Story Generation", "ACL", "1805.04833"),
    "geva2021": Source("Geva et al.", 2021, "Transformer Feed-Forward Layers Are Key-Value Memories", "EMNLP", "2012.14913"),
    "goodfellow2016": Source("Goodfellow, Bengio & Courville", 2016, "Deep Learning", "MIT Press"),
    "hale2001": Source("Hale", 2001, "A Probabilistic Earley Parser as a Psycholinguistic Model", "NAACL"),
    "he2016": Source("He et al.", 2016, "Deep Residual Learning for Image Recognition", "CVPR", "1512.03385"),
    "hinton2015": Source("Hinton, Vinyals & Dean", 2015, "Distilling the Knowledge in a Neural Network", "arXiv", "1503.02531"),
    "holtzman2020": Source("Holtzman et al.", 2020, "The Curious Case of Neural Text Degeneration", "ICLR", "1904.09751"),
    "jain2019": Source("Jain & Wallace", 2019, "Attention is not Explanation", "NAACL", "1902.10186"),
    "jelinek1977": Source("Jelinek et al.", 1977,
        "Perplexity: a Measure of the Difficulty of Speech Recognition Tasks", "Journal of the Acoustical Society of America 62"),
    "jiang2023": Source("Jiang et al.", 2023, "Mistral 7B", "arXiv", "2310.06825"),
    "kaplan2020": Source("Kaplan et al.", 2020, "Scaling Laws for Neural Language Models", "arXiv", "2001.08361"),
    "keskar2019": Source("Keskar et al.", 2019,
        "CTRL: A Conditional Transformer Language Model for Controllable Generation", "arXiv", "1909.05858"),
    "kudo2018": Source("Kudo", 2018,
        "Subword Regularization: Improving Neural Network Translation Models with Multiple Subword Candidates", "ACL", "1804.10959"),
    "logitlens2020": Source("nostalgebraist", 2020, "interpreting GPT: the logit lens", "LessWrong"),
    "maaten2008": Source("van der Maaten & Hinton", 2008, "Visualizing Data using t-SNE", "Journal of Machine Learning Research 9"),
    "mcinnes2018": Source("McInnes, Healy & Melville", 2018,
        "UMAP: Uniform Manifold Approximation and Projection for Dimension Reduction", "arXiv", "1802.03426"),
    "mikolov2013": Source("Mikolov, Yih & Zweig", 2013, "Linguistic Regularities in Continuous Space Word Representations", "NAACL"),
    "nguyen2024": Source("Nguyen et al.", 2024,
        "Turning Up the Heat: Min-p Sampling for Creative and Coherent LLM Outputs", "arXiv", "2407.01082"),
    "olsson2022": Source("Olsson et al.", 2022, "In-context Learning and Induction Heads", "Transformer Circuits Thread", "2209.11895"),
    "ouyang2022": Source("Ouyang et al.", 2022,
        "Training Language Models to Follow Instructions with Human Feedback", "NeurIPS", "2203.02155"),
    "pearson1901": Source("Pearson", 1901, "On Lines and Planes of Closest Fit to Systems of Points in Space", "Philosophical Magazine 2"),
    "petrov2023": Source("Petrov et al.", 2023,
        "Language Model Tokenizers Introduce Unfairness Between Languages", "NeurIPS", "2305.15425"),
    "pope2022": Source("Pope et al.", 2022, "Efficiently Scaling Transformer Inference", "arXiv", "2211.05102"),
    "press2022": Source("Press, Smith & Lewis", 2022,
        "Train Short, Test Long: Attention with Linear Biases Enables Input Length Extrapolation", "ICLR", "2108.12409"),
    "radford2019": Source("Radford et al.", 2019, "Language Models are Unsupervised Multitask Learners", "OpenAI report"),
    "raffel2020": Source("Raffel et al.", 2020,
        "Exploring the Limits of Transfer Learning with a Unified Text-to-Text Transformer",
        "Journal of Machine Learning Research 21", "1910.10683"),
    "rousseeuw1987": Source("Rousseeuw", 1987,
        "Silhouettes: a Graphical Aid to the Interpretation and Validation of Cluster Analysis",
        "Journal of Computational and Applied Mathematics 20"),
    "salazar2020": Source("Salazar et al.", 2020, "Masked Language Model Scoring", "ACL", "1910.14659"),
    "sennrich2016": Source("Sennrich, Haddow & Birch", 2016,
        "Neural Machine Translation of Rare Words with Subword Units", "ACL", "1508.07909"),
    "shannon1948": Source("Shannon", 1948, "A Mathematical Theory of Communication", "Bell System Technical Journal 27"),
    "shazeer2017": Source("Shazeer et al.", 2017,
        "Outrageously Large Neural Networks: The Sparsely-Gated Mixture-of-Experts Layer", "ICLR", "1701.06538"),
    "su2021": Source("Su et al.", 2021, "RoFormer: Enhanced Transformer with Rotary Position Embedding", "arXiv", "2104.09864"),
    "sutskever2014": Source("Sutskever, Vinyals & Le", 2014, "Sequence to Sequence Learning with Neural Networks", "NeurIPS", "1409.3215"),
    "vaswani2017": Source("Vaswani et al.", 2017, "Attention Is All You Need", "NeurIPS", "1706.03762"),
    "venna2001": Source("Venna & Kaski", 2001, "Neighborhood Preservation in Nonlinear Projection Methods: An Experimental Study", "ICANN"),
    "wang2022": Source("Wang et al.", 2022,
        "Interpretability in the Wild: a Circuit for Indirect Object Identification in GPT-2 small", "arXiv", "2211.00593"),
    "wu2016": Source("Wu et al.", 2016,
        "Google's Neural Machine Translation System: Bridging the Gap between Human and Machine Translation", "arXiv", "1609.08144"),
    "xiao2023": Source("Xiao et al.", 2023, "Efficient Streaming Language Models with Attention Sinks", "arXiv", "2309.17453"),
    "zhang2019": Source("Zhang & Sennrich", 2019, "Root Mean Square Layer Normalization", "NeurIPS", "1910.07467"),
}  # fmt: skip

Reference = tuple[str, str]
"""(key of a source, place in it such as "§ 3.2" or "")."""


def short(reference: Reference) -> str:
    """ "Vaswani et al. 2017, § 3.2.1"."""
    key, section = reference
    return f"{SOURCES[key].short}, {section}" if section else SOURCES[key].short


def cited(reference: Reference) -> Html:
    """Authors, year, title, place, with a link where the text can be read freely."""
    key, section = reference
    source = SOURCES[key]
    title = f"<cite>{escape(source.title)}</cite>"
    if source.arxiv:
        title = f'<a href="https://arxiv.org/abs/{source.arxiv}" target="_blank" rel="noreferrer">{title}</a>'
    rest = ", ".join(escape(part) for part in (source.place, section) if part)
    return Html(f'<span lang="en">{escape(source.authors)} ({source.year}). {title}. {rest}.</span>')

using System.Text;
using OrleansMemory.LocalEmbeddings;
using OrleansMemory.LocalEmbeddings.Models;
using OrleansMemory.LocalEmbeddings.Text;
using Xunit;

namespace OrleansMemory.Tests.LocalEmbeddings;

/// <summary>
/// Pieces are those of Hugging Face's tokenizers with the settings of bert-base-uncased, whose vocabulary both models have.
/// </summary>
public sealed class BertEncoderTests
{
    private static readonly byte[] Vocabulary = ModelProfile.Of(LocalEmbeddingModel.ArcticXs)!.ReadVocabulary();
    private static readonly string[] Pieces = Encoding.UTF8.GetString(Vocabulary).Split("\r\n");

    public static TheoryData<string, string> Texts =>
        new()
        {
            { "hello world", "hello world" },
            { "Ada's parrot is called Pistachio.", "ada ' s parrot is called pi ##sta ##chio ." },
            {
                "Café Crème à la CRÈME brûlée, naïve Ångström Žižek",
                "cafe cr ##eme a la cr ##eme br ##ule ##e , naive ang ##strom z ##ize ##k"
            },
            { "a\u0301e\u0300 combining n\u0303, A\u0327\u0301 \u1eadc \u1ed9", "ae combining n , a ac o" },
            { "我的猫叫咪咪。 I have a cat", "我 的 [UNK] [UNK] [UNK] [UNK] 。 i have a cat" },
            { "日本語ABC漢字ｶﾅ", "日 本 語 abc 漢 [UNK] [UNK]" },
            { "私の猫はミミといいます", "[UNK] の [UNK] は ##ミ ##ミ ##と ##い ##い ##ま ##す" },
            { "제 고양이 이름은 미미입니다", "ᄌ ##ᅦ [UNK] ᄋ ##ᅵ ##ᄅ ##ᅳ ##ᆷ ##ᄋ ##ᅳ ##ᆫ ᄆ ##ᅵ ##ᄆ ##ᅵ ##ᄋ ##ᅵ ##ᆸ ##ᄂ ##ᅵ ##ᄃ ##ᅡ" },
            { "Привет, Ёжик! İstanbul ıspanak ẞ Straße", "п ##р ##и ##в ##е ##т , е ##ж ##и ##к ! istanbul ı ##sp ##ana ##k ß st ##raße" },
            { "नमस्ते दुनिया", "न ##म ##स ##त द ##न ##ि ##य ##ा" },
            { "مرحبا بالعالم", "م ##ر ##ح ##ب ##ا ب ##ا ##ل ##ع ##ا ##ل ##م" },
            { "\ufb01ne \ufb02ow \u2116 \u2460 \u00bd \u210c", "ﬁ ##ne ﬂ ##ow № [UNK] ½ [UNK]" },
            { "", "" },
            { "   \t\n\u00a0\u3000 ", "" },
            {
                "emoji \U0001F600\U0001F468\u200D\U0001F469\u200D\U0001F467 end, \U00020000\U0002A6D6 ext",
                "em ##oj ##i [UNK] end , [UNK] [UNK] ex ##t"
            },
            {
                "zero\u0000width\u200bjoin\u200d soft\u00adhyphen\ufeffbom\ufffdx",
                "zero ##wi ##dt ##h ##jo ##in soft ##hy ##ph ##en ##bo ##mx"
            },
            { "tab\tnew\nline\rcr \u2028line\u2029sep\u0085nel \u0007bell\u001besc", "tab new line cr line sep ##nel belle ##sc" },
            {
                "$12.99/month — “quoted” … don't; e-mail: a.b@c.org",
                "$ 12 . 99 / month — “ quoted ” … don ' t ; e - mail : a . b @ c . org"
            },
            { "100,000.50 1/2 3^4 <tag> `code` ~ | = + $", "100 , 000 . 50 1 / 2 3 ^ 4 < tag > ` code ` ~ | = + $" },
            { "[CLS] and [SEP] and [MASK] ##ing", "[ cl ##s ] and [ sep ] and [ mask ] # # ing" },
            { "unaffable antidisestablishmentarianism", "una ##ffa ##ble anti ##dis ##est ##ab ##lish ##ment ##arian ##ism" },
            { new string('x', 101) + " ok", "[UNK] ok" },
        };

    [Theory]
    [MemberData(nameof(Texts), DisableDiscoveryEnumeration = true)]
    public void A_text_has_the_pieces_that_the_model_was_trained_with(string text, string pieces) =>
        Assert.Equal($"[CLS] {pieces} [SEP]".Replace("  ", " "), Encode(text));

    [Theory]
    [InlineData("a\ud800b")]
    [InlineData("\udc00ab\ud83d")]
    public void Half_a_surrogate_pair_is_left_out(string text) => Assert.Equal(Encode("ab"), Encode(text));

    [Fact]
    public void A_text_that_is_too_long_keeps_its_start_and_its_end_token()
    {
        Assert.Equal("[CLS] one two three [SEP]", Encode("one two three four five six", maxTokens: 5));
        Assert.Equal("[CLS] una ##ffa [SEP]", Encode("unaffable", maxTokens: 4));
        Assert.Equal(
            512,
            new BertEncoder(Vocabulary, lowerCase: true, 512).Encode(string.Concat(Enumerable.Repeat("unaffable, ", 100_000))).Length
        );
    }

    [Fact]
    public void A_vocabulary_with_capital_letters_keeps_case_and_accents()
    {
        byte[] cased = Encoding.UTF8.GetBytes("[UNK]\n[CLS]\n[SEP]\nCafé\nca\nfe\n##fe");
        var encoder = new BertEncoder(cased, lowerCase: false, 16);
        Assert.Equal([1, 3, 4, 2], encoder.Encode("Café ca"));
        Assert.Equal([1, 4, 6, 2], encoder.Encode("cafe"));
    }

    [Fact]
    public void What_is_no_vocabulary_is_refused() =>
        Assert.Equal(
            "The vocabulary has no [CLS]: it is not one of BERT.",
            Assert.Throws<InvalidOperationException>(() => new BertEncoder("a\nb"u8.ToArray(), true, 16)).Message
        );

    private static string Encode(string text, int maxTokens = 512) =>
        string.Join(' ', new BertEncoder(Vocabulary, lowerCase: true, maxTokens).Encode(text).Select(number => Pieces[number]));
}

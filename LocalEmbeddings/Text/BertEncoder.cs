using System.Text;
using Microsoft.ML.Tokenizers;

namespace OrleansMemory.LocalEmbeddings.Text;

/// <summary>The numbers of a text for a model of the BERT kind: a start, the pieces of its words, an end.</summary>
internal sealed class BertEncoder
{
    private readonly WordPieceTokenizer _pieces;
    private readonly bool _lowerCase;
    private readonly int _maxTokens;
    private readonly int _start;
    private readonly int _end;

    /// <summary>Makes an encoder.</summary>
    /// <param name="vocabulary">The pieces, one a line; the number of a line is the number of its piece.</param>
    /// <param name="lowerCase">Whether the pieces are without accents and capital letters.</param>
    /// <param name="maxTokens">How many numbers a text has at most, its start and end included.</param>
    /// <exception cref="InvalidOperationException">It is no vocabulary of BERT.</exception>
    public BertEncoder(byte[] vocabulary, bool lowerCase, int maxTokens)
    {
        string[] pieces = Encoding.UTF8.GetString(vocabulary).ReplaceLineEndings("\n").Split('\n');
        _start = NumberOf("[CLS]", pieces);
        _end = NumberOf("[SEP]", pieces);
        NumberOf("[UNK]", pieces);
        _lowerCase = lowerCase;
        _maxTokens = maxTokens;
        using var stream = new MemoryStream(vocabulary);
        _pieces = WordPieceTokenizer.Create(stream, new WordPieceOptions { PreTokenizer = PreTokenizer.CreateWhiteSpace() });
    }

    /// <summary>The numbers of a text.</summary>
    /// <param name="text">Any text. What looks like a special token in it is text like any other.</param>
    public int[] Encode(string text)
    {
        // Each word gives one number at least, and a word may be cut in two, which the tokenizer's own limit would not do.
        int most = _maxTokens - 2;
        return [_start, .. _pieces.EncodeToIds(BertWords.Cut(text, _lowerCase, most)).Take(most), _end];
    }

    private static int NumberOf(string piece, string[] pieces) =>
        Array.IndexOf(pieces, piece) is >= 0 and int number
            ? number
            : throw new InvalidOperationException($"The vocabulary has no {piece}: it is not one of BERT.");
}

namespace OrleansMemory.Grains.Text;

/// <summary>What a part of a query says.</summary>
internal enum QueryPartKind
{
    /// <summary>A word that must be there.</summary>
    Word,

    /// <summary>A phrase that must be there.</summary>
    Phrase,

    /// <summary>A word that must not be there.</summary>
    ExcludedWord,

    /// <summary>A phrase that must not be there.</summary>
    ExcludedPhrase,

    /// <summary>Another alternative follows.</summary>
    Or,
}

/// <summary>A part of a query.</summary>
/// <param name="Text">Its text, without quotes and minus.</param>
internal readonly record struct QueryPart(QueryPartKind Kind, string Text);

/// <summary>Cuts a query at spaces and quotes.</summary>
internal static class QueryScanner
{
    /// <summary>Cuts a query. A quote that is not closed reaches to the end.</summary>
    public static IEnumerable<QueryPart> Scan(string query)
    {
        int at = 0;
        while (at < query.Length)
        {
            if (char.IsWhiteSpace(query[at]))
            {
                at++;
                continue;
            }

            int start = at;
            while (at < query.Length && query[at] == '-')
            {
                at++;
            }

            bool excluded = at > start;
            if (at < query.Length && IsQuote(query[at]))
            {
                int close = IndexOf(query, at + 1, IsQuote);
                yield return new QueryPart(excluded ? QueryPartKind.ExcludedPhrase : QueryPartKind.Phrase, query[(at + 1)..close]);
                at = close + 1;
                continue;
            }

            int end = IndexOf(query, at, static character => char.IsWhiteSpace(character) || IsQuote(character));
            string text = query[at..end];
            at = end;
            if (text.Length > 0)
            {
                yield return new QueryPart(
                    excluded ? QueryPartKind.ExcludedWord
                        : text == "OR" ? QueryPartKind.Or
                        : QueryPartKind.Word,
                    text
                );
            }
        }
    }

    private static bool IsQuote(char character) => character is '"' or '\u201C' or '\u201D' or '\u201E' or '\uFF02';

    private static int IndexOf(string query, int from, Func<char, bool> wanted)
    {
        while (from < query.Length && !wanted(query[from]))
        {
            from++;
        }

        return from;
    }
}

using System.Globalization;
using System.Text;
using OrleansMemory.Grains.Text;

namespace OrleansMemory.Grains.Storage.Postgres.Conversations;

/// <summary>
/// Writes terms as PostgreSQL reads <c>tsvector</c> and <c>tsquery</c>. Every lexeme is quoted, so none can be read as anything else, and
/// no text search configuration of the database has a say.
/// </summary>
internal static class TextSearchLiterals
{
    /// <summary>What starts the term that names a life. No lexeme of a text has it: they are letters, digits and marks.</summary>
    private const char HolderMark = '@';

    /// <summary>The query for all that a life holds.</summary>
    /// <returns>A <c>tsquery</c> of one term.</returns>
    public static string Holder(long storeId) => string.Create(CultureInfo.InvariantCulture, $"'{HolderMark}{storeId}'");

    /// <summary>The terms of a message, with the one that names the life that holds it.</summary>
    /// <returns>A <c>tsvector</c>.</returns>
    public static string Vector(long storeId, TermVector vector)
    {
        var text = new StringBuilder(Holder(storeId));
        foreach ((string lexeme, List<int> positions) in vector.Positions)
        {
            Quote(text.Append(' '), lexeme);
            for (int i = 0; i < positions.Count; i++)
            {
                text.Append(i == 0 ? ':' : ',').Append(CultureInfo.InvariantCulture, $"{positions[i]}");
            }
        }

        return text.ToString();
    }

    /// <summary>What a search looks for.</summary>
    /// <returns>A <c>tsquery</c>.</returns>
    public static string Query(SearchExpression expression)
    {
        var text = new StringBuilder();
        foreach (SearchAlternative alternative in expression.Alternatives)
        {
            text.Append(text.Length == 0 ? "(" : " | (");
            string between = "";
            foreach (SearchPhrase phrase in alternative.Wanted)
            {
                Append(text.Append(between), phrase);
                between = " & ";
            }

            foreach (SearchPhrase phrase in alternative.Excluded)
            {
                Append(text.Append(" & !"), phrase);
            }

            text.Append(')');
        }

        return text.ToString();
    }

    private static void Append(StringBuilder text, SearchPhrase phrase)
    {
        text.Append('(');
        for (int i = 0; i < phrase.Terms.Length; i++)
        {
            QueryTerm term = phrase.Terms[i];
            if (i > 0)
            {
                text.Append(CultureInfo.InvariantCulture, $" <{term.Offset - phrase.Terms[i - 1].Offset}> ");
            }

            Quote(text, term.Lexeme).Append(term.Match == TermMatch.Prefix ? ":*" : "");
        }

        text.Append(')');
    }

    private static StringBuilder Quote(StringBuilder text, string lexeme)
    {
        text.Append('\'');
        foreach (char character in lexeme)
        {
            text.Append(character is '\'' or '\\' ? new string(character, 2) : character.ToString());
        }

        return text.Append('\'');
    }
}

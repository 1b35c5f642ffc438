namespace OrleansMemory.Mcp.Results;

/// <summary>
/// Puts stored texts into one result until it is full. A text that is too long for any result is given in pieces, from one result to the
/// next.
/// </summary>
/// <param name="maxLength">The most characters of all of them, in UTF-16 units; at least 2.</param>
internal sealed class TextPage(int maxLength)
{
    private int _left = maxLength;
    private bool _hasAny;

    /// <summary>Adds a text, or the beginning of what is left of it when it is the first one.</summary>
    /// <param name="offset">Where to go on in it, in UTF-16 units from 0; beyond its end it is empty.</param>
    /// <param name="piece">What stands in this result.</param>
    /// <returns>Whether there was room: it begins the next result otherwise.</returns>
    public bool TryAdd(string text, int offset, out TextPiece piece)
    {
        offset = Math.Min(offset, text.Length);
        int length = text.Length - offset;
        if (length > _left)
        {
            if (_hasAny)
            {
                piece = default;
                return false;
            }

            // Half a pair of surrogates is no text.
            length = char.IsHighSurrogate(text[offset + _left - 1]) ? _left - 1 : _left;
        }

        _hasAny = true;
        _left -= length;
        piece = new TextPiece(text.Substring(offset, length), offset, offset + length < text.Length ? offset + length : null);
        return true;
    }
}

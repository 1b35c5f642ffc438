using System.Text.Json;
using OrleansMemory.Client.Errors;
using OrleansMemory.Errors;

namespace OrleansMemory.Silo.Api.Bodies;

/// <summary>
/// Looks through JSON while it arrives, before anything is made of it: a body whose nesting or number of tokens is beyond the limits is
/// refused without being read to its end. What a document takes in memory depends on its tokens more than on its bytes.
/// </summary>
/// <param name="maxTokens">How many tokens are allowed.</param>
internal sealed class JsonScan(int maxTokens)
{
    /// <summary>How deep a body may be nested. Each part of it is allowed 64 levels; around a part there are a few more.</summary>
    public const int MaxDepth = 128;

    private JsonReaderState _state = new(new JsonReaderOptions { MaxDepth = MaxDepth });
    private int _seen;

    /// <summary>How many tokens have been seen: values, names, and beginnings and ends of objects and arrays.</summary>
    public int Tokens { get; private set; }

    /// <summary>Goes on where it was.</summary>
    /// <param name="bytes">All that has arrived, from the body's beginning.</param>
    /// <exception cref="MalformedJsonException">It is not valid JSON.</exception>
    /// <exception cref="JsonTooDeepException">It is nested too deep.</exception>
    /// <exception cref="PayloadTooLargeException">It has too many tokens.</exception>
    public void Advance(ReadOnlySpan<byte> bytes)
    {
        var reader = new Utf8JsonReader(bytes[_seen..], isFinalBlock: false, _state);
        try
        {
            while (reader.Read())
            {
                if (++Tokens > maxTokens)
                {
                    throw new PayloadTooLargeException("body", Tokens, maxTokens, "JSON tokens");
                }
            }
        }
        catch (JsonException failure)
        {
            throw Explain(bytes, failure);
        }

        _state = reader.CurrentState;
        _seen += (int)reader.BytesConsumed;
    }

    /// <summary>What is wrong with JSON that a reader has refused.</summary>
    /// <param name="bytes">The JSON, or its beginning.</param>
    /// <param name="failure">What the reader said.</param>
    /// <returns>The error.</returns>
    public static Exception Explain(ReadOnlySpan<byte> bytes, JsonException failure) =>
        JsonTooDeepException.Find(bytes, "body", MaxDepth) ?? (Exception)MalformedJsonException.Of(failure);
}

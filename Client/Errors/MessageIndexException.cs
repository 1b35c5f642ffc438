using System.Collections.Immutable;
using OrleansMemory.Errors;

namespace OrleansMemory.Client.Errors;

/// <summary>Messages were to be deleted that are not there. Nothing was deleted.</summary>
public sealed class MessageIndexException : MemoryException
{
    private const int MostShown = 20;

    /// <summary>Makes the error.</summary>
    /// <param name="indices">The indices that do not exist.</param>
    /// <param name="count">How many messages there are.</param>
    public MessageIndexException(ImmutableArray<int> indices, long count)
        : base(Describe(indices, count))
    {
        Indices = indices;
        Count = count;
    }

    /// <summary>The indices that do not exist, in the order in which they were given.</summary>
    public ImmutableArray<int> Indices { get; }

    /// <summary>How many messages there are.</summary>
    public long Count { get; }

    private static string Describe(ImmutableArray<int> indices, long count)
    {
        string shown = string.Join(", ", indices.Take(MostShown).Select(index => FormattableString.Invariant($"{index}")));
        string more = indices.Length > MostShown ? ", …" : string.Empty;
        string valid = count == 0 ? "There are no messages" : FormattableString.Invariant($"Valid range is 0-{count - 1}");
        return $"The following indices do not exist: [{shown}{more}]. {valid}";
    }
}

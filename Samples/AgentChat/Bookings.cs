using Microsoft.Extensions.AI;

namespace OrleansMemory.Samples.AgentChat;

/// <summary>Stands in for a hotel's booking service.</summary>
public sealed class Bookings
{
    private int _count;

    /// <summary>How many were made in this process.</summary>
    public int Count => _count;

    /// <summary>The tool that books.</summary>
    /// <returns>The tool.</returns>
    public AIFunction AsTool() => AIFunctionFactory.Create(Book, "book_hotel", "Books a hotel");

    private string Book(string city)
    {
        Interlocked.Increment(ref _count);
        return $"a room in {city}";
    }
}

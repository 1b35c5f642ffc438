using OrleansMemory.Grains.Text;

namespace OrleansMemory.Grains.Storage.InMemory;

internal sealed partial class InMemoryConversationStore
{
    /// <summary>What every life uses, counted now.</summary>
    /// <returns>One row per life, those that are not read included.</returns>
    public IReadOnlyList<LifeUsage> CountLives()
    {
        lock (_lock)
        {
            return
            [
                .. _lives.Values.Select(static life => new LifeUsage(
                    life.ToHead(),
                    life.State == LifeState.Live,
                    life.Messages.Sum(static row => (long)row.Bytes) + life.Entries.Values.Sum(static entry => (long)Utf8Size.Of(entry))
                )),
            ];
        }
    }
}

/// <summary>What a life uses.</summary>
/// <param name="IsLive">Whether it is a conversation that can be read.</param>
/// <param name="Bytes">Bytes of its messages and entries.</param>
internal sealed record LifeUsage(OrleansMemory.Conversations.Head Head, bool IsLive, long Bytes);

using OrleansMemory.Grains.Clocks;

namespace OrleansMemory.Grains.Hosting;

/// <summary>The clock of conversations: of instants, expiries and windows.</summary>
public static class MemoryClock
{
    /// <summary>
    /// The key under which conversations look for their <see cref="TimeProvider"/>. By default it is the host's own; register another one
    /// under this key to move the time of conversations without moving that of the host.
    /// </summary>
    public const string ServiceKey = ConversationClock.ServiceKey;
}

namespace OrleansMemory.Grains.Clocks;

/// <summary>The clock of conversations among the services. Applications know the key as <c>MemoryClock.ServiceKey</c>.</summary>
internal static class ConversationClock
{
    /// <summary>The key of its <see cref="TimeProvider"/>.</summary>
    public const string ServiceKey = "OrleansMemory";
}

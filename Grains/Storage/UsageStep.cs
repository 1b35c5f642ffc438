namespace OrleansMemory.Grains.Storage;

/// <summary>The bounds of one step of reconciliation.</summary>
/// <param name="Lives">The most conversations.</param>
/// <param name="Messages">The most messages, which one conversation may exceed.</param>
internal readonly record struct UsageStepLimits(int Lives, int Messages);

/// <summary>What a step of reconciliation did.</summary>
/// <param name="Lives">Conversations that were counted.</param>
/// <param name="Corrected">Those whose count was another one.</param>
/// <param name="Tenants">Tenants that were counted.</param>
/// <param name="Finished">Whether there is nothing to do now, or another silo does it.</param>
internal readonly record struct UsageStep(int Lives, int Corrected, int Tenants, bool Finished)
{
    /// <summary>Nothing to do.</summary>
    public static UsageStep None { get; } = new(0, 0, 0, Finished: true);
}

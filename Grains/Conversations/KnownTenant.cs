namespace OrleansMemory.Grains.Conversations;

/// <summary>What a silo knows of a tenant.</summary>
/// <param name="ReadAt">When it was read, as a timestamp of the host's clock.</param>
internal sealed record KnownTenant(TenantPolicy Policy, long ReadAt);

/// <summary>One tenant in the directory: what is known, and the read that is under way, which all who need it wait for.</summary>
internal sealed class TenantEntry
{
    private KnownTenant? _known;

    /// <summary>What is known; <see langword="null"/> before the first read.</summary>
    public KnownTenant? Known
    {
        get => Volatile.Read(ref _known);
        set => Volatile.Write(ref _known, value);
    }

    /// <summary>Held while a read is begun.</summary>
    public Lock Gate { get; } = new();

    /// <summary>The read that is under way; <see langword="null"/> for none. Only under <see cref="Gate"/>.</summary>
    public Task<TenantPolicy>? Reading { get; set; }
}

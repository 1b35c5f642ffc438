namespace OrleansMemory.Auditing;

/// <summary>Says who calls. A caller of grains states it; the HTTP side of a silo states it by the key of the request.</summary>
/// <remarks>
/// It goes with every grain call of the current flow, as Orleans' <see cref="RequestContext"/> does. It is written to the audit trail as it
/// is given: use no key and no name of a person.
/// </remarks>
public static class AuditActor
{
    /// <summary>What stands for a caller who has not said who it is.</summary>
    public const string Unknown = "grain";

    /// <summary>The most characters; what is longer is cut.</summary>
    public const int MaxLength = 100;

    private const string ContextKey = "OrleansMemory.Actor";

    /// <summary>Who calls in the current flow.</summary>
    public static string Current => RequestContext.Get(ContextKey) is string { Length: > 0 } actor ? actor : Unknown;

    /// <summary>States who calls, for the rest of the current flow.</summary>
    /// <param name="actor">The name of a service or role.</param>
    /// <exception cref="ArgumentException">It is empty.</exception>
    public static void Set(string actor)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(actor);
        RequestContext.Set(ContextKey, actor.Length > MaxLength ? actor[..MaxLength] : actor);
    }
}

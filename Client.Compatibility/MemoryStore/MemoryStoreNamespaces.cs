namespace OrleansMemory.Client.Compatibility.MemoryStore;

/// <summary>Namespaces that mean something to others.</summary>
public static class MemoryStoreNamespaces
{
    /// <summary>
    /// The user globals of the session's conversation, one value per name: what AutoGRAMS programs set
    /// (<see cref="AutoGrams.UserGlobals"/>) and <c>/v1/conversations/{id}/globals</c> shows. On <see cref="GrainMemoryStore"/> only; in
    /// memory it is a namespace like others.
    /// </summary>
    public const string UserGlobals = "user_globals";
}

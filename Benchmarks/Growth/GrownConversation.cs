namespace OrleansMemory.Benchmarks.Growth;

/// <summary>One conversation that a script has made.</summary>
/// <param name="Tenant">Its tenant.</param>
/// <param name="Id">Its id.</param>
/// <param name="User">Whose it is.</param>
internal sealed record GrownConversation(string Tenant, string Id, string User);

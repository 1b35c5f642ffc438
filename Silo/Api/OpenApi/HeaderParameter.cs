namespace OrleansMemory.Silo.Api.OpenApi;

/// <summary>A header that a route knows.</summary>
internal sealed record HeaderParameter(string Name, string Description);

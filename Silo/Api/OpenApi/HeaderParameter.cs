namespace OrleansMemory.Silo.Api.OpenApi;

/// <summary>A header that a route knows.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Description">What it does.</param>
internal sealed record HeaderParameter(string Name, string Description);

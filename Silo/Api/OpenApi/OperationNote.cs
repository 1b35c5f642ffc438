using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace OrleansMemory.Silo.Api.OpenApi;

/// <summary>What the OpenAPI document says of an operation beyond what its route does.</summary>
/// <param name="Description">What it does, in some sentences.</param>
/// <param name="Requests">Examples of its body by name, none for one without a body.</param>
/// <param name="Answer">An example of its main answer; <see langword="null"/> for one without content.</param>
internal sealed record OperationNote(string Description, ImmutableArray<(string Name, JsonNode Value)> Requests, JsonNode? Answer);

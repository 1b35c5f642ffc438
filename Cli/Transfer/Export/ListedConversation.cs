using OrleansMemory.Http;

namespace OrleansMemory.Cli.Transfer.Export;

/// <summary>A conversation that is to be exported, with what its export does not say.</summary>
internal sealed record ListedConversation(string Id, DateTimeOffset? ExpiresAt, OriginDocument? Origin);

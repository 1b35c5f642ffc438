namespace OrleansMemory.Silo.Api.Documents;

/// <summary>The data of a <c>truncated</c> event: every message before this one is gone.</summary>
/// <param name="FirstSequence">The first sequence that is left; one more than the last when none is.</param>
internal sealed record TruncatedDocument(long FirstSequence);

/// <summary>
/// The data of a <c>restarted</c> event: everything that was known is gone, and another conversation is there under the same id.
/// </summary>
/// <param name="CreatedAt">When that one was created.</param>
internal sealed record RestartedDocument(DateTimeOffset CreatedAt);

/// <summary>The data of an <c>ended</c> event: the conversation was deleted or has expired.</summary>
internal sealed record EndedDocument;

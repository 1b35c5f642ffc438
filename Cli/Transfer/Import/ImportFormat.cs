namespace OrleansMemory.Cli.Transfer.Import;

/// <summary>What a file is that is to be imported.</summary>
internal enum ImportFormat
{
    /// <summary>One conversation, as <c>export --conversation</c> writes it.</summary>
    Conversation,

    /// <summary>A user, as <c>export --user</c> and the silo write it.</summary>
    User,

    /// <summary>A tenant, as <c>export --all</c> writes it.</summary>
    Tenant,

    /// <summary>An Agent File of Letta (<c>.af</c>).</summary>
    Letta,

    /// <summary>Conversations of ChatGPT's data export.</summary>
    ChatGpt,
}

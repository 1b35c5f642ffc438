namespace OrleansMemory.Conversations;

/// <summary>What is known about a conversation besides its messages and entries.</summary>
[GenerateSerializer, Immutable, Alias("OrleansMemory.ConversationSettings")]
public sealed record ConversationSettings
{
    /// <summary>Nothing set.</summary>
    public static ConversationSettings Empty { get; } = new();

    /// <summary>
    /// The user it belongs to, 1 to 256 bytes of UTF-8 without U+0000, and neither <c>.</c> nor <c>..</c>; <see langword="null"/> when no
    /// name was given: such a conversation is not removed with any user.
    /// </summary>
    [Id(0)]
    public string? UserId { get; init; }

    /// <summary>The agent it belongs to; the rules are those of <see cref="UserId"/>. <see langword="null"/> when none was named.</summary>
    [Id(1)]
    public string? AgentId { get; init; }

    /// <summary>A title for people, up to 1,024 bytes of UTF-8; <see langword="null"/> for none.</summary>
    [Id(2)]
    public string? Title { get; init; }

    /// <summary>A JSON object of the caller's own properties, without U+0000; <see langword="null"/> for none.</summary>
    [Id(3)]
    public string? Metadata { get; init; }

    /// <summary>How long the conversation lives; <see langword="null"/> without end.</summary>
    [Id(4)]
    public TimeToLive? TimeToLive { get; init; }
}

/// <summary>How long a conversation lives.</summary>
[GenerateSerializer, Immutable, Alias("OrleansMemory.TimeToLive")]
public sealed record TimeToLive
{
    /// <summary>The time it lives: one microsecond to 36,500 days.</summary>
    [Id(0)]
    public required TimeSpan Duration { get; init; }

    /// <summary>Whether every committed turn starts the time anew. Otherwise it runs from the turn that set it.</summary>
    [Id(1)]
    public bool Sliding { get; init; }
}

/// <summary>Changes some settings and leaves the others alone.</summary>
[GenerateSerializer, Immutable, Alias("OrleansMemory.SettingsChange")]
public sealed record SettingsChange
{
    /// <summary>The new values of the settings named in <see cref="Fields"/>; the others are ignored.</summary>
    [Id(0)]
    public required ConversationSettings Values { get; init; }

    /// <summary>
    /// Which settings change. A named setting whose new value is <see langword="null"/> is cleared, so that a change which names a title
    /// alone leaves owner and time to live as they are.
    /// </summary>
    [Id(1)]
    public required SettingsFields Fields { get; init; }

    /// <summary>A change that replaces all settings: what is <see langword="null"/> in the new ones is cleared.</summary>
    /// <param name="settings">All settings as they are to be; their ranges are those of <see cref="ConversationSettings"/>.</param>
    /// <returns>A change that names <see cref="SettingsFields.All"/>.</returns>
    public static SettingsChange Replace(ConversationSettings settings) => new() { Values = settings, Fields = SettingsFields.All };

    /// <summary>The settings after this change.</summary>
    /// <param name="current">The settings before it.</param>
    /// <returns>The changed settings.</returns>
    public ConversationSettings ApplyTo(ConversationSettings current)
    {
        ArgumentNullException.ThrowIfNull(current);
        return new ConversationSettings
        {
            UserId = Fields.HasFlag(SettingsFields.UserId) ? Values.UserId : current.UserId,
            AgentId = Fields.HasFlag(SettingsFields.AgentId) ? Values.AgentId : current.AgentId,
            Title = Fields.HasFlag(SettingsFields.Title) ? Values.Title : current.Title,
            Metadata = Fields.HasFlag(SettingsFields.Metadata) ? Values.Metadata : current.Metadata,
            TimeToLive = Fields.HasFlag(SettingsFields.TimeToLive) ? Values.TimeToLive : current.TimeToLive,
        };
    }
}

/// <summary>The settings of a conversation, to name some of them.</summary>
[Flags]
public enum SettingsFields
{
    /// <summary>None of them.</summary>
    None = 0,

    /// <summary><see cref="ConversationSettings.UserId"/>.</summary>
    UserId = 1,

    /// <summary><see cref="ConversationSettings.AgentId"/>.</summary>
    AgentId = 2,

    /// <summary><see cref="ConversationSettings.Title"/>.</summary>
    Title = 4,

    /// <summary><see cref="ConversationSettings.Metadata"/>.</summary>
    Metadata = 8,

    /// <summary><see cref="ConversationSettings.TimeToLive"/>.</summary>
    TimeToLive = 16,

    /// <summary>All of them.</summary>
    All = UserId | AgentId | Title | Metadata | TimeToLive,
}

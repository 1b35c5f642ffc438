using OrleansMemory.Conversations;

namespace OrleansMemory.Grains.Conversations;

/// <summary>What is different for one tenant.</summary>
public sealed class TenantOptions
{
    /// <summary>Takes the place of <see cref="ConversationOptions.DefaultTimeToLive"/>: one microsecond to 36,500 days.</summary>
    /// <value>Default: <see langword="null"/>, the default of all tenants.</value>
    public TimeToLive? TimeToLive { get; set; }

    /// <summary>
    /// Whether conversations of this tenant live without end unless stated otherwise, whatever the default of all tenants is. Not together
    /// with <see cref="TimeToLive"/>.
    /// </summary>
    /// <value>Default: false.</value>
    public bool LivesForever { get; set; }

    /// <summary>
    /// Whether every conversation of this tenant must name its user (<see cref="ConversationSettings.UserId"/>), so that none is left when
    /// a user is erased: a turn or import that would begin one without is refused, and so is clearing the user.
    /// </summary>
    /// <value>Default: false.</value>
    public bool RequiresUser { get; set; }
}

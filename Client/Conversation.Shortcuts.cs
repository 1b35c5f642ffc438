using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.Extensions.AI;
using OrleansMemory.Client.Errors;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;

namespace OrleansMemory.Client;

public sealed partial class Conversation
{
    private static readonly ConditionalWeakTable<JsonSerializerOptions, ValueFormat> Formats = [];

    /// <summary>Appends what the user said, as one turn.</summary>
    /// <param name="text">What was said; it may be empty, and is bounded as a message is (by default 4 MiB).</param>
    /// <param name="turnId">The turn's id; <see langword="null"/> makes a new one.</param>
    /// <param name="cancellationToken">Ends the wait, not a turn that is already on its way.</param>
    /// <returns>The receipt.</returns>
    public Task<TurnReceipt> AppendUserAsync(string text, string? turnId = null, CancellationToken cancellationToken = default) =>
        AppendTextAsync(ChatRole.User, text, turnId, cancellationToken);

    /// <summary>Appends what the assistant said, as one turn.</summary>
    /// <param name="text">What was said; it may be empty, and is bounded as a message is (by default 4 MiB).</param>
    /// <param name="turnId">The turn's id; <see langword="null"/> makes a new one.</param>
    /// <param name="cancellationToken">Ends the wait, not a turn that is already on its way.</param>
    /// <returns>The receipt.</returns>
    public Task<TurnReceipt> AppendAssistantAsync(string text, string? turnId = null, CancellationToken cancellationToken = default) =>
        AppendTextAsync(ChatRole.Assistant, text, turnId, cancellationToken);

    /// <summary>
    /// Has the conversation expire so long after this turn, whatever comes in between; see the other overload for a time that every turn
    /// starts anew.
    /// </summary>
    /// <param name="duration">
    /// The time it lives: one microsecond to 36,500 days, or <see cref="Timeout.InfiniteTimeSpan"/> without end.
    /// </param>
    /// <param name="turnId">The turn's id; <see langword="null"/> makes a new one.</param>
    /// <param name="cancellationToken">Ends the wait, not a turn that is already on its way.</param>
    /// <returns>The receipt.</returns>
    public Task<TurnReceipt> SetTimeToLiveAsync(TimeSpan duration, string? turnId = null, CancellationToken cancellationToken = default) =>
        SetTimeToLiveAsync(duration == Timeout.InfiniteTimeSpan ? null : new TimeToLive { Duration = duration }, turnId, cancellationToken);

    /// <summary>Sets how long the conversation lives, and leaves its other settings alone.</summary>
    /// <param name="timeToLive">How long; <see langword="null"/> without end.</param>
    /// <param name="turnId">The turn's id; <see langword="null"/> makes a new one.</param>
    /// <param name="cancellationToken">Ends the wait, not a turn that is already on its way.</param>
    /// <returns>The receipt.</returns>
    public Task<TurnReceipt> SetTimeToLiveAsync(
        TimeToLive? timeToLive,
        string? turnId = null,
        CancellationToken cancellationToken = default
    )
    {
        var change = new SettingsChange
        {
            Values = new ConversationSettings { TimeToLive = timeToLive },
            Fields = SettingsFields.TimeToLive,
        };
        return SetSettingsAsync(change, turnId, cancellationToken);
    }

    /// <summary>Sets a user global, as one turn.</summary>
    /// <typeparam name="T">Its type.</typeparam>
    /// <param name="name">Its name, 1 to 1,024 bytes of UTF-8.</param>
    /// <param name="value">Its value, which becomes JSON.</param>
    /// <param name="options">How to write it; <see langword="null"/> takes the defaults of System.Text.Json.</param>
    /// <param name="turnId">The turn's id; <see langword="null"/> makes a new one.</param>
    /// <param name="cancellationToken">Ends the wait, not a turn that is already on its way.</param>
    /// <returns>The receipt.</returns>
    /// <exception cref="JsonTooDeepException">The value is nested deeper than 64 levels.</exception>
    public Task<TurnReceipt> SetGlobalAsync<T>(
        string name,
        T value,
        JsonSerializerOptions? options = null,
        string? turnId = null,
        CancellationToken cancellationToken = default
    ) =>
        SetEntryAsync(
            EntrySpaces.Globals,
            name,
            FormatOf(options).Write(value, "value"),
            turnId: turnId,
            cancellationToken: cancellationToken
        );

    /// <summary>Reads a user global.</summary>
    /// <typeparam name="T">Its type.</typeparam>
    /// <param name="name">Its name.</param>
    /// <param name="options">How to read it; <see langword="null"/> takes the defaults of System.Text.Json.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Its value; the type's default when there is none, also because there is no such conversation.</returns>
    /// <exception cref="UnreadableValueException">The stored value is not of this type.</exception>
    public async Task<T?> GetGlobalAsync<T>(
        string name,
        JsonSerializerOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        Entry? entry = await GetEntryAsync(EntrySpaces.Globals, name, cancellationToken);
        return entry is null ? default : FormatOf(options).Read<T>(entry.Value);
    }

    /// <summary>Reads all user globals.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The values by name; none when there is no such conversation.</returns>
    public async Task<IReadOnlyDictionary<string, JsonElement>> GetGlobalsAsync(CancellationToken cancellationToken = default)
    {
        ImmutableArray<Entry> entries = await GetEntriesAsync(EntrySpaces.Globals, cancellationToken);
        return entries.ToImmutableSortedDictionary(entry => entry.Key, entry => JsonElement.Parse(entry.Value), StringComparer.Ordinal);
    }

    /// <summary>Removes a user global, as one turn. Removing what is not there is no error.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="turnId">The turn's id; <see langword="null"/> makes a new one.</param>
    /// <param name="cancellationToken">Ends the wait, not a turn that is already on its way.</param>
    /// <returns>The receipt.</returns>
    public Task<TurnReceipt> RemoveGlobalAsync(string name, string? turnId = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(name);
        return DeleteEntryAsync(EntrySpaces.Globals, name, turnId, cancellationToken);
    }

    private static ValueFormat FormatOf(JsonSerializerOptions? options) =>
        options is null ? ValueFormat.Default : Formats.GetValue(options, static given => new ValueFormat(given));

    private Task<TurnReceipt> AppendTextAsync(ChatRole role, string text, string? turnId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(text);
        return AppendAsync(new ChatMessage(role, text), turnId, cancellationToken);
    }
}

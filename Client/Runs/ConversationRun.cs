using System.Text.Json;
using OrleansMemory.Conversations;

namespace OrleansMemory.Client.Runs;

/// <summary>
/// One run of a <see cref="ConversationChatClient"/>. Inner clients and tools that run inside it stage changes here;
/// they are committed in the run's own
/// turn, together with input and response, and vanish when the run fails. May be used by several threads at once.
/// </summary>
public sealed partial class ConversationRun
{
    private static readonly AsyncLocal<ConversationRun?> CurrentRun = new();

    private readonly Conversation _conversation;
    private readonly Lock _lock = new();
    private Task<ConversationSnapshot?>? _snapshot;

    internal ConversationRun(Conversation conversation, string turnId, ToolJournal? journal)
    {
        _conversation = conversation;
        TurnId = turnId;
        Journal = journal;
    }

    /// <summary>
    /// The run that this code runs in; <see langword="null"/> outside of one. A run within a run hides it until it has ended. Tools that
    /// are called by a function-invoking
    /// client around ours run between two runs, in none.
    /// </summary>
    public static ConversationRun? Current => CurrentRun.Value;

    /// <summary>Which conversation.</summary>
    public ConversationKey Conversation => _conversation.Key;

    /// <summary>The id of the turn that the run will commit.</summary>
    public string TurnId { get; internal set; }

    /// <summary>
    /// Where the results of tools are kept until the run's turn is committed; <see langword="null"/> when the caller did not name the run.
    /// </summary>
    internal ToolJournal? Journal { get; }

    /// <summary>The loop outside that calls the run's tools; <see langword="null"/> when there is none with a journal.</summary>
    internal ToolLoop? Loop { get; init; }

    /// <summary>The claim on the approvals that the run's input answers; <see langword="null"/> when there is none.</summary>
    internal ApprovalClaim? Claim { get; set; }

    /// <summary>The head as it was when the run began; <see langword="null"/> when the conversation did not exist.</summary>
    public Head? Head { get; internal set; }

    /// <summary>Reads the head and the entries when first asked for, and gives the same ones from then on. Staged changes are not in
    /// them.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Both of them; <see langword="null"/> when the conversation does not exist.</returns>
    public Task<ConversationSnapshot?> GetSnapshotAsync(CancellationToken cancellationToken = default)
    {
        lock (_lock)
        {
            if (_snapshot is null or { IsFaulted: true } or { IsCanceled: true })
            {
                _snapshot = _conversation.GetSnapshotAsync(CancellationToken.None);
            }

            return _snapshot.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Reads an entry as the run sees it: staged changes first, then what is stored.</summary>
    /// <param name="space">Its space; see <see cref="EntrySpaces"/>.</param>
    /// <param name="key">Its key.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Its value, as JSON; <see langword="null"/> when there is none.</returns>
    public async Task<string?> GetEntryAsync(string space, string key, CancellationToken cancellationToken = default)
    {
        if (TryGetStaged(space, key, out string? staged))
        {
            return staged;
        }

        ConversationSnapshot? snapshot = await GetSnapshotAsync(cancellationToken);
        return snapshot
            ?.Entries.FirstOrDefault(entry =>
                string.Equals(entry.Space, space, StringComparison.Ordinal) && string.Equals(entry.Key, key, StringComparison.Ordinal)
            )
            ?.Value;
    }

    /// <summary>Reads a user global as the run sees it.</summary>
    /// <typeparam name="T">Its type.</typeparam>
    /// <param name="name">Its name.</param>
    /// <param name="options">How to read it; <see langword="null"/> takes the defaults.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Its value; the type's default when there is none.</returns>
    /// <exception cref="JsonException">The stored value is not of this type.</exception>
    public async Task<T?> GetGlobalAsync<T>(
        string name,
        JsonSerializerOptions? options = null,
        CancellationToken cancellationToken = default
    ) =>
        await GetEntryAsync(EntrySpaces.Globals, name, cancellationToken) is { } json
            ? JsonSerializer.Deserialize<T>(json, options)
            : default;

    /// <summary>Makes a run the current one of the calling async method, and of all that it calls.</summary>
    internal void Enter() => CurrentRun.Value = this;
}

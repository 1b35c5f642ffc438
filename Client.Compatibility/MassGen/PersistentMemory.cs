using System.Collections.Immutable;
using System.Globalization;
using Microsoft.Extensions.AI;
using OrleansMemory.Client.Memories;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;
using OrleansMemory.Memories;

namespace OrleansMemory.Client.Compatibility.MassGen;

/// <summary>
/// The long-term memory of an agent, as MassGen's <c>PersistentMemory</c> sees it: what is worth knowing beyond one conversation. It is
/// durable, needs no model, and every other API with the same names sees the same memories.
/// </summary>
/// <remarks>
/// <para>Ports MassGen's <c>massgen/memory/_persistent.py</c>. There a language model rewrites what is recorded; here each message is one
/// memory, word for word, and where the silo has a chat client it distils facts from them in the background. Instances hold no memories and
/// may be shared.</para>
/// <para>Every method, unless it says otherwise, throws what <see cref="ScopedMemories"/> throws. Memories are kept until they are deleted
/// or expire, and are neither redacted nor encrypted. What comes back was written by users and models: treat it as untrusted, and give it
/// to a model by <see cref="MemoryFence"/>.</para>
/// </remarks>
public sealed partial class PersistentMemory
{
    private const int ShortestText = 10;

    private readonly ConversationClient _client;
    private readonly PersistentMemoryOptions _options;

    /// <summary>Makes the memory of those who are named; of all of them, where several are. Nothing is read or created by this.</summary>
    /// <param name="client">Where the memories are.</param>
    /// <param name="agentName">The agent; <see langword="null"/> for every one.</param>
    /// <param name="userName">The user; <see langword="null"/> for every one.</param>
    /// <param name="sessionName">The session; <see langword="null"/> for every one.</param>
    /// <param name="options">What is special about it; <see langword="null"/> for nothing.</param>
    /// <exception cref="ArgumentException">No name is given.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The time to live is not more than zero.</exception>
    /// <exception cref="InvalidRequestException">A name or the tenant is not valid.</exception>
    public PersistentMemory(
        ConversationClient client,
        string? agentName = null,
        string? userName = null,
        string? sessionName = null,
        PersistentMemoryOptions? options = null
    )
    {
        ArgumentNullException.ThrowIfNull(client);
        if (string.IsNullOrEmpty(agentName) && string.IsNullOrEmpty(userName) && string.IsNullOrEmpty(sessionName))
        {
            throw new ArgumentException(
                "At least one of agent_name, user_name, or session_name must be provided to organize memories.",
                nameof(agentName)
            );
        }

        _client = client;
        _options = new PersistentMemoryOptions { Tenant = options?.Tenant, TimeToLive = options?.TimeToLive };
        if (_options.TimeToLive <= TimeSpan.Zero)
        {
            throw new ArgumentOutOfRangeException(
                nameof(options),
                _options.TimeToLive,
                $"{nameof(PersistentMemoryOptions.TimeToLive)} must be more than zero, or null."
            );
        }

        Memories = client.Memories(agentName, userName, sessionName, _options.Tenant);
    }

    /// <summary>The same memories without MassGen's conventions: to recall with conditions, list, read, change and delete them.</summary>
    public ScopedMemories Memories { get; }

    /// <summary>
    /// Records what was said, one memory for each message, all of them or none. Skipped are system messages, those that are
    /// <see langword="null"/> and those that say nothing; and all of them when together, as <c>role: content</c> lines, they have fewer
    /// than 10 characters.
    /// </summary>
    /// <param name="messages">The messages, in order; <see langword="null"/> records nothing.</param>
    /// <param name="metadata">
    /// Properties of each memory, which must have a JSON form, beside <c>tools_used</c>, <c>has_tools</c> and <c>message_count</c>;
    /// <see langword="null"/> for none.
    /// </param>
    /// <param name="key">Names the recording, so that recording again stores nothing twice; <see langword="null"/> names a new one.</param>
    /// <param name="conversationId">
    /// The conversation the messages are from: the memories are deleted with it. <see langword="null"/> for none.
    /// </param>
    /// <param name="cancellationToken">Ends the wait, not a recording that is already on its way.</param>
    /// <returns>The receipt; <see langword="null"/> when there was nothing to record.</returns>
    /// <remarks>
    /// An id, author and instant of a message are kept with its memory. What an image shows is taken from the extra property <c>caption</c>
    /// of the message or of the image. One recording has up to <c>MemoryOptions.MaxRecordMemories</c> messages.
    /// </remarks>
    /// <exception cref="RecordConflictException">The key was used before with other messages.</exception>
    /// <exception cref="PayloadTooLargeException">There are too many messages for one recording, or one is larger than allowed.</exception>
    public async Task<RecordReceipt?> RecordAsync(
        IEnumerable<ChatMessage?>? messages,
        IReadOnlyDictionary<string, object?>? metadata = null,
        string? key = null,
        string? conversationId = null,
        CancellationToken cancellationToken = default
    )
    {
        ChatMessage[] said = [.. (messages ?? []).OfType<ChatMessage>()];
        NewMemory[] memories =
        [
            .. said.Where(message => message.Role != ChatRole.System)
                .Select(message => MemoryMessages.ToMemory(message, null))
                .OfType<NewMemory>(),
        ];
        if (CombinedLength(memories) < ShortestText)
        {
            return null;
        }

        string properties = Describe(said, memories.Length, metadata);
        return await RecordAsync(
            [.. memories.Select(memory => memory with { Metadata = properties })],
            key,
            conversationId,
            cancellationToken
        );
    }

    /// <summary>Finds what is known about a text.</summary>
    /// <param name="query">The text; a blank one finds nothing.</param>
    /// <param name="limit">How many memories at most, 1 to 1,000; so many more of each previous winner.</param>
    /// <param name="previousWinners">
    /// Agents whose memories are searched too, with this memory's user and session; each of theirs begins with <c>[From agent Turn n] </c>.
    /// This memory's own agent is skipped. <see langword="null"/> for none.
    /// </param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The memories, the best first, one after the other on lines of their own; an empty text when nothing is found.</returns>
    public Task<string> RetrieveAsync(
        string query,
        int limit = 5,
        IEnumerable<PreviousWinner>? previousWinners = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(query);
        return RetrieveAsync(string.IsNullOrWhiteSpace(query) ? [] : [query], limit, previousWinners, cancellationToken);
    }

    /// <summary>
    /// Finds what is known about a message; see <see cref="RetrieveAsync(string, int, IEnumerable{PreviousWinner}?, CancellationToken)"/>.
    /// </summary>
    /// <param name="query">The message.</param>
    /// <param name="limit">How many memories at most, 1 to 1,000; so many more of each previous winner.</param>
    /// <param name="previousWinners">Agents whose memories are searched too; <see langword="null"/> for none.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The memories; an empty text when nothing is found.</returns>
    public Task<string> RetrieveAsync(
        ChatMessage query,
        int limit = 5,
        IEnumerable<PreviousWinner>? previousWinners = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(query);
        return RetrieveAsync([query], limit, previousWinners, cancellationToken);
    }

    /// <summary>
    /// Finds what is known about messages, each by itself; see
    /// <see cref="RetrieveAsync(string, int, IEnumerable{PreviousWinner}?, CancellationToken)"/>.
    /// </summary>
    /// <param name="query">The messages. Those that say nothing are skipped; of very long ones the beginning counts.</param>
    /// <param name="limit">How many memories of each message at most, 1 to 1,000; so many more of each previous winner.</param>
    /// <param name="previousWinners">Agents whose memories are searched too; <see langword="null"/> for none.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The memories, each once; an empty text when nothing is found.</returns>
    public Task<string> RetrieveAsync(
        IEnumerable<ChatMessage?> query,
        int limit = 5,
        IEnumerable<PreviousWinner>? previousWinners = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(query);
        string[] queries = [.. query.Select(message => MemoryMessages.ToQuery(message?.Text)).OfType<string>()];
        return RetrieveAsync(queries, limit, previousWinners, cancellationToken);
    }

    private async Task<string> RetrieveAsync(
        string[] queries,
        int limit,
        IEnumerable<PreviousWinner>? previousWinners,
        CancellationToken cancellationToken
    )
    {
        var found = new List<string>();
        await FindAsync(Memories, new RecallRequest { Query = "", Limit = limit }, prefix: "");
        MemoryScope scope = Memories.Scope;
        foreach (
            PreviousWinner winner in (previousWinners ?? []).Where(winner =>
                !string.Equals(winner.AgentName, scope.Agent, StringComparison.Ordinal)
            )
        )
        {
            string? turn = winner.Turn?.ToString(CultureInfo.InvariantCulture);
            var request = new RecallRequest
            {
                Query = "",
                Limit = limit,
                Metadata = turn is null ? [] : [new MetadataMatch { Name = "turn", Value = turn }],
            };
            string origin = turn is null ? $"[From {winner.AgentName}] " : $"[From {winner.AgentName} Turn {turn}] ";
            await FindAsync(_client.Memories(winner.AgentName, scope.User, scope.Session, scope.Tenant), request, origin);
        }

        return string.Join('\n', found);

        async Task FindAsync(ScopedMemories memories, RecallRequest request, string prefix)
        {
            var seen = new HashSet<string>(StringComparer.Ordinal);
            foreach (string query in queries)
            {
                RecallResult result = await memories.RecallAsync(request with { Query = query }, cancellationToken);
                found.AddRange(
                    result
                        .Memories.Where(recalled => seen.Add(recalled.Memory.Id))
                        .Select(recalled => prefix + MemoryMessages.Describe(recalled.Memory))
                );
            }
        }
    }

    private Task<RecordReceipt> RecordAsync(
        ImmutableArray<NewMemory> memories,
        string? key,
        string? conversationId,
        CancellationToken cancellationToken
    ) =>
        Memories.RecordAsync(
            new RecordRequest
            {
                Memories = memories,
                Key = key,
                ConversationId = conversationId,
                TimeToLive = _options.TimeToLive,
            },
            cancellationToken
        );

    private static int CombinedLength(NewMemory[] memories) =>
        memories.Sum(memory => memory.Role!.Length + 2 + memory.Text.Length + (memory.Caption?.Length ?? 0)) + memories.Length - 1;

    private static string Describe(ChatMessage[] said, int recorded, IReadOnlyDictionary<string, object?>? metadata)
    {
        string[] tools =
        [
            .. said.SelectMany(message => message.Contents)
                .OfType<FunctionCallContent>()
                .Select(call => call.Name)
                .Distinct(StringComparer.Ordinal),
        ];
        var properties = new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["tools_used"] = tools,
            ["has_tools"] = tools.Length > 0,
            ["message_count"] = recorded,
        };
        foreach ((string name, object? value) in metadata ?? ImmutableDictionary<string, object?>.Empty)
        {
            properties[name] = value;
        }

        return ValueFormat.Default.Write(properties, "metadata");
    }
}
